/* The shell's lexical analysis, as far as it takes to tell code, strings and comments apart (POSIX.1-2024,
 * 2.2 quoting, 2.3 token recognition, 2.6 word expansions, 2.7.4 here-documents; Bash's manual, 3.1.2.4
 * ANSI-C quoting, 3.5.4 arithmetic).
 *
 * A stack has what is open: quotes, here-documents, and the expansions in them and in the code. $(...),
 * `...` and $((...)) are code wherever they stand, and have strings of their own; a string's $x and ${x} are
 * a part of it. A parenthesis that ends a pattern of `case` does not end a $(...), so the cases that are open
 * are counted, too, and for that it is followed where a command may begin. */
#include "exec/caps.h"
#include "rules/lex.h"

#define MOST_WORD 200u /* of the word that ends a here-document: each line is compared with it */

typedef enum {
    OPEN_COMMAND,    /* $(...), and the whole text */
    OPEN_BACKTICK,   /* `...` */
    OPEN_ARITHMETIC, /* $((...)), ((...)) */
    OPEN_QUOTE,      /* "..." */
    OPEN_PARAMETER,  /* ${...} */
    OPEN_HEREDOC,    /* the text below <<EOF */
} Kind;

typedef struct {
    Kind kind;
    gsize start;  /* its first byte */
    guint parens; /* open within it */
    guint cases;  /* how many were open when it began */
    bool quoted;  /* a parameter: within a string */
    bool plain;   /* a parameter: ' is a character like others */
    char *end;    /* a here-document: the line that ends it */
    bool tabs;    /* and may be indented with tabs */
} Open;

typedef enum {
    CASE_WORD,    /* before `in` */
    CASE_PATTERN, /* before the parenthesis */
    CASE_BODY,
} CasePart;

typedef struct {
    CasePart part;
    guint parens; /* that were open when it began */
} Case;

typedef struct {
    char *end;
    bool tabs, quoted;
} Heredoc;

typedef struct {
    Lex *lex;
    GArray *open;     /* of Open; the first is the text */
    GArray *cases;    /* of Case */
    GQueue *heredocs; /* of Heredoc: those whose text begins behind this line */
    bool in_word;     /* so that # is no comment */
    bool at_command;  /* a command may begin here */
    enum { NO_REGEX, BEFORE_REGEX, IN_REGEX } regex; /* the word behind =~ */
} Lexer;

static void heredoc_free(gpointer heredoc) {
    g_free(((Heredoc *)heredoc)->end);
    g_free(heredoc);
}

static void open_clear(gpointer open) {
    g_free(((Open *)open)->end);
}

static Open *top(const Lexer *lexer) {
    return &g_array_index(lexer->open, Open, lexer->open->len - 1);
}

/* The innermost case of what is open innermost; NULL where there is none. */
static Case *top_case(const Lexer *lexer) {
    return lexer->cases->len > top(lexer)->cases ? &g_array_index(lexer->cases, Case, lexer->cases->len - 1)
                                                 : NULL;
}

static char at(const Lexer *lexer, gsize ahead) {
    return lex_at(lexer->lex, lexer->lex->pos + ahead);
}

static void take(Lexer *lexer, gsize count, guint8 place) {
    lex_take(lexer->lex, count, place);
}

/* A word, or a part of one. */
static void take_word(Lexer *lexer, gsize count, guint8 place) {
    take(lexer, count, place);
    lexer->in_word = true;
    lexer->at_command = false;
}

/* What stands between words. */
static void take_operator(Lexer *lexer, gsize count, bool at_command) {
    take(lexer, count, PLACE_CODE);
    lexer->in_word = false;
    lexer->at_command = at_command;
}

static void push(Lexer *lexer, Open open, gsize sign, guint8 place) {
    open.start = lexer->lex->pos;
    open.cases = lexer->cases->len;
    if (sign > 0)
        take(lexer, sign, place);
    g_array_append_val(lexer->open, open);
    lexer->in_word = false;
    lexer->at_command = open.kind == OPEN_COMMAND || open.kind == OPEN_BACKTICK;
}

static void pop(Lexer *lexer) {
    g_array_set_size(lexer->cases, top(lexer)->cases);
    g_array_set_size(lexer->open, lexer->open->len - 1);
    lexer->in_word = true;
    lexer->at_command = false;
}

/* Strings and expansions. */

static void read_single(Lexer *lexer) {
    Lex *lex = lexer->lex;
    bool found;
    gsize end = lex_find_behind(lex, lex->pos + 1, "'", &found);

    if (!found)
        lex_lose(lex, lex->pos);
    else
        take_word(lexer, end - lex->pos, PLACE_STRING);
}

/* $'...' */
static void read_ansi_c(Lexer *lexer) {
    Lex *lex = lexer->lex;
    gsize end = lex->pos + 2;

    while (end < lex->len && lex->text[end] != '\'')
        end += lex->text[end] == '\\' ? 2 : 1;
    if (end >= lex->len)
        lex_lose(lex, lex->pos);
    else
        take_word(lexer, end + 1 - lex->pos, PLACE_STRING);
}

/* ${...}. In a string, quotes are characters in the word of ${x:-...}, and quotes in the pattern of ${x#...}
 * (POSIX.1-2024, 2.2.3). */
static void begin_parameter(Lexer *lexer, bool quoted) {
    gsize ahead = 2;

    ahead += (at(lexer, 2) == '#' || at(lexer, 2) == '!') && at(lexer, 3) != '}';
    if (lex_is_of(at(lexer, ahead), "@*#?$!-"))
        ahead++;
    else
        while (lex_is_word(at(lexer, ahead)))
            ahead++;
    if (at(lexer, ahead) == '[')
        while (at(lexer, ahead) != '\0' && !lex_is_of(at(lexer, ahead), "]}\n\"'"))
            ahead++;
    ahead += at(lexer, ahead) == ']';
    push(lexer,
         (Open){.kind = OPEN_PARAMETER,
                .quoted = quoted,
                .plain = quoted && !lex_is_of(at(lexer, ahead), "#%/^,@")},
         2, quoted ? PLACE_STRING : PLACE_CODE);
    take(lexer, ahead - 2, quoted ? PLACE_STRING : PLACE_CODE);
}

/* What a dollar begins in code and in strings alike; false where it is a character, or names a variable. */
static bool read_dollar(Lexer *lexer, bool quoted) {
    if (at(lexer, 1) == '(' && at(lexer, 2) == '(')
        push(lexer, (Open){.kind = OPEN_ARITHMETIC}, 3, PLACE_CODE);
    else if (at(lexer, 1) == '(')
        push(lexer, (Open){.kind = OPEN_COMMAND}, 2, PLACE_CODE);
    else if (at(lexer, 1) == '{')
        begin_parameter(lexer, quoted);
    else
        return false;
    return true;
}

static void read_backtick(Lexer *lexer) {
    if (top(lexer)->kind == OPEN_BACKTICK) {
        take(lexer, 1, PLACE_CODE);
        pop(lexer);
    } else {
        push(lexer, (Open){.kind = OPEN_BACKTICK}, 1, PLACE_CODE);
    }
}

static void begin_line_of_heredoc(Lexer *lexer);

/* In "..." and in a here-document. */
static void read_text(Lexer *lexer) {
    char c = at(lexer, 0);

    if (c == '\\') {
        take(lexer, at(lexer, 1) == '\n' ? 1 : 2, PLACE_STRING); /* the line end is looked at by itself */
    } else if (c == '"' && top(lexer)->kind == OPEN_QUOTE) {
        take(lexer, 1, PLACE_STRING);
        pop(lexer);
    } else if (c == '`') {
        read_backtick(lexer);
    } else if (c == '$' && read_dollar(lexer, true)) {
        return;
    } else {
        take(lexer, 1, PLACE_STRING);
        if (c == '\n' && top(lexer)->kind == OPEN_HEREDOC)
            begin_line_of_heredoc(lexer);
    }
}

static void read_parameter(Lexer *lexer) {
    bool quoted = top(lexer)->quoted;
    guint8 place = quoted ? PLACE_STRING : PLACE_CODE;
    char c = at(lexer, 0);

    if (c == '}') {
        take(lexer, 1, place);
        pop(lexer);
    } else if (c == '"') {
        push(lexer, (Open){.kind = OPEN_QUOTE}, 1, PLACE_STRING);
    } else if (c == '\'' && !top(lexer)->plain) {
        read_single(lexer);
    } else if (c == '$' && at(lexer, 1) == '\'' && !top(lexer)->plain) {
        read_ansi_c(lexer);
    } else if (c == '`') {
        read_backtick(lexer);
    } else if (c != '$' || !read_dollar(lexer, quoted)) {
        take(lexer, c == '\\' ? 2 : 1, place);
    }
}

/* Here-documents. */

/* The word behind <<, without its quotes; NULL where there is none. */
static char *heredoc_word(const Lexer *lexer, gsize *ahead, bool *ret_quoted) {
    g_autoptr(GString) word = g_string_new(NULL);
    char quote = '\0';
    gsize from = *ahead;

    *ret_quoted = false;
    for (char c; (c = at(lexer, *ahead)) != '\0' && c != '\n' && c != '\r'; (*ahead)++) {
        if (quote == '\0' && lex_is_of(c, " \t;&|()<>"))
            break;
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
            *ret_quoted = true;
        } else if (c == '\\' && quote != '\'') {
            *ret_quoted = true;
            g_string_append_c(word, at(lexer, ++*ahead));
        } else {
            g_string_append_c(word, c);
        }
    }
    if (*ahead == from || quote != '\0' || word->len > MOST_WORD ||
        memchr(word->str, '\0', word->len) != NULL)
        return NULL;
    return g_string_free(g_steal_pointer(&word), FALSE);
}

/* <<EOF, <<-EOF, <<'EOF'; <<< has no text below. */
static void note_heredoc(Lexer *lexer) {
    bool tabs = at(lexer, 2) == '-', quoted;
    gsize ahead = tabs ? 3 : 2;
    char *word;

    if (at(lexer, 2) == '<') {
        take_operator(lexer, 3, false);
        return;
    }
    while (lex_is_blank(at(lexer, ahead)))
        ahead++;
    word = heredoc_word(lexer, &ahead, &quoted);
    if (word == NULL) {
        take_operator(lexer, 2, false);
        return;
    }
    Heredoc *heredoc = g_new(Heredoc, 1);
    *heredoc = (Heredoc){.end = word, .tabs = tabs, .quoted = quoted};
    g_queue_push_tail(lexer->heredocs, heredoc);
    take_word(lexer, ahead, PLACE_CODE);
}

/* Whether the line at `pos` is the one that ends it. */
static bool is_heredoc_end(const Lex *lex, gsize pos, const char *word, bool tabs, gsize *ret_end) {
    while (tabs && lex_at(lex, pos) == '\t')
        pos++;
    if (!lex_has(lex, pos, word))
        return false;
    pos += strlen(word);
    if (lex_at(lex, pos) == '\r' && lex_at(lex, pos + 1) == '\n')
        pos++;
    *ret_end = pos;
    return pos >= lex->len || lex->text[pos] == '\n';
}

/* One whose word is quoted: nothing in it has a meaning. */
static void read_quoted_heredoc(Lexer *lexer, const Heredoc *heredoc) {
    Lex *lex = lexer->lex;
    gsize end;

    for (gsize line = lex->pos; line <= lex->len; line = lex_line_end(lex, line) + 1) {
        if (is_heredoc_end(lex, line, heredoc->end, heredoc->tabs, &end)) {
            lex_take_to(lex, end, PLACE_STRING);
            return;
        }
    }
    lex_lose(lex, lex->pos);
}

/* At the beginning of a line of code. */
static void begin_heredocs(Lexer *lexer) {
    while (!g_queue_is_empty(lexer->heredocs) && lexer->lex->pos < lexer->lex->len) {
        Heredoc *heredoc = g_queue_pop_head(lexer->heredocs);

        if (heredoc->quoted) {
            read_quoted_heredoc(lexer, heredoc);
            heredoc_free(heredoc);
            if (at(lexer, 0) == '\n' && !g_queue_is_empty(lexer->heredocs))
                take(lexer, 1, PLACE_STRING);
            continue;
        }
        push(lexer,
             (Open){.kind = OPEN_HEREDOC, .end = g_steal_pointer(&heredoc->end), .tabs = heredoc->tabs}, 0,
             PLACE_STRING);
        heredoc_free(heredoc);
        begin_line_of_heredoc(lexer);
        return;
    }
}

/* At the beginning of a line of its text, which may end it. */
static void begin_line_of_heredoc(Lexer *lexer) {
    gsize end;

    if (!is_heredoc_end(lexer->lex, lexer->lex->pos, top(lexer)->end, top(lexer)->tabs, &end))
        return;
    lex_take_to(lexer->lex, end, PLACE_STRING);
    pop(lexer);
    lexer->in_word = false;
    if (g_queue_is_empty(lexer->heredocs))
        return;
    take(lexer, 1, PLACE_STRING);
    begin_heredocs(lexer);
}

/* Code. */

/* A comment ends with its line, or with the backtick of the command that it stands in. */
static void read_comment(Lexer *lexer) {
    Lex *lex = lexer->lex;
    gsize end = lex_line_end(lex, lex->pos);
    const char *tick =
        top(lexer)->kind == OPEN_BACKTICK ? memchr(lex->text + lex->pos, '`', end - lex->pos) : NULL;

    lex_take_to(lex, tick != NULL ? (gsize)(tick - lex->text) : end, PLACE_COMMENT);
}

static void read_open_paren(Lexer *lexer) {
    const Case *innermost = top_case(lexer);
    bool is_pattern = innermost != NULL && innermost->part == CASE_PATTERN;

    if (lexer->at_command && !is_pattern && at(lexer, 1) == '(' && top(lexer)->kind != OPEN_ARITHMETIC) {
        push(lexer, (Open){.kind = OPEN_ARITHMETIC}, 2, PLACE_CODE);
        return;
    }
    top(lexer)->parens++;
    take_operator(lexer, 1, !is_pattern);
}

/* )) ends arithmetic. A single one says that it was $( (a); b) or ((a); b). */
static void close_arithmetic(Lexer *lexer) {
    bool is_expansion = lexer->lex->text[top(lexer)->start] == '$';

    if (top(lexer)->parens > 0) {
        top(lexer)->parens--;
        take_operator(lexer, 1, false);
    } else if (at(lexer, 1) == ')') {
        take(lexer, 2, PLACE_CODE);
        pop(lexer);
    } else {
        take_operator(lexer, 1, false);
        if (is_expansion) {
            top(lexer)->kind = OPEN_COMMAND;
        } else {
            pop(lexer);
            top(lexer)->parens++;
            lexer->in_word = false;
        }
    }
}

static void read_close_paren(Lexer *lexer) {
    Case *innermost = top_case(lexer);

    if (top(lexer)->kind == OPEN_ARITHMETIC) {
        close_arithmetic(lexer);
    } else if (innermost != NULL && innermost->part == CASE_PATTERN &&
               top(lexer)->parens <= innermost->parens + 1) {
        top(lexer)->parens = innermost->parens;
        innermost->part = CASE_BODY;
        take_operator(lexer, 1, true);
    } else if (top(lexer)->parens > 0) {
        top(lexer)->parens--;
        take_operator(lexer, 1, false);
    } else {
        take_operator(lexer, 1, false);
        if (top(lexer)->kind == OPEN_COMMAND && lexer->open->len > 1)
            pop(lexer);
    }
}

static void read_operator(Lexer *lexer, char c) {
    Case *innermost = top_case(lexer);

    if (c == ';' && (at(lexer, 1) == ';' || at(lexer, 1) == '&' || at(lexer, 1) == '|') &&
        innermost != NULL) {
        innermost->part = CASE_PATTERN;
        take_operator(lexer, at(lexer, 1) == ';' && at(lexer, 2) == '&' ? 3 : 2, true);
    } else if (c == '<' && at(lexer, 1) == '<' && top(lexer)->kind != OPEN_ARITHMETIC) {
        note_heredoc(lexer);
    } else if (c == '<' || c == '>') {
        take_operator(lexer, 1, false);
    } else if (lex_is_blank(c) || c == '\r') {
        take_operator(lexer, 1, lexer->at_command);
        lexer->regex = lexer->regex == BEFORE_REGEX ? BEFORE_REGEX : NO_REGEX;
    } else {
        take_operator(lexer, 1, c != '\n' || innermost == NULL || innermost->part != CASE_WORD);
        if (c != '\n')
            return;
        lexer->regex = NO_REGEX;
        begin_heredocs(lexer);
    }
}

static bool is_word_of(const char *word, gsize len, const char *const *words) {
    for (; *words != NULL; words++)
        if (strlen(*words) == len && memcmp(*words, word, len) == 0)
            return true;
    return false;
}

static void follow_case(Lexer *lexer, const char *word, gsize len) {
    static const char *const begin[] = {"case", NULL}, *const in[] = {"in", NULL},
                             *const end[] = {"esac", NULL};
    Case *innermost = top_case(lexer);
    Case opened = {.part = CASE_WORD, .parens = top(lexer)->parens};

    if (innermost != NULL && innermost->part == CASE_WORD && is_word_of(word, len, in)) {
        innermost->part = CASE_PATTERN;
        lexer->at_command = true;
    } else if (lexer->at_command && innermost != NULL && is_word_of(word, len, end)) {
        g_array_set_size(lexer->cases, lexer->cases->len - 1);
        lexer->at_command = false;
    } else if (lexer->at_command && (innermost == NULL || innermost->part == CASE_BODY) &&
               is_word_of(word, len, begin)) {
        g_array_append_val(lexer->cases, opened);
        lexer->at_command = false;
    } else {
        lexer->at_command = false;
    }
}

/* The unquoted part of a word. */
static void read_word(Lexer *lexer) {
    static const char *const before_command[] = {"then",  "do", "else", "elif", "if",   "while",
                                                 "until", "{",  "}",    "!",    "time", NULL};
    const char *word = lexer->lex->text + lexer->lex->pos;
    bool begins = !lexer->in_word;
    gsize len = 0;

    while (lexer->lex->pos + len < lexer->lex->len && !lex_is_of(word[len], " \t\r\n;&|()<>'\"`$\\"))
        len++;
    len = MAX(len, 1);
    take(lexer, len, PLACE_CODE);
    lexer->in_word = true;
    if (len == 2 && memcmp(word, "=~", 2) == 0)
        lexer->regex = BEFORE_REGEX;
    if (begins && lexer->at_command && is_word_of(word, len, before_command))
        return;
    if (begins)
        follow_case(lexer, word, len);
    else
        lexer->at_command = false;
}

/* # at the beginning of a word. (# with a letter behind it is more often a pattern of zsh. */
static bool begins_comment(const Lexer *lexer) {
    gsize pos = lexer->lex->pos;

    if (lexer->in_word || lexer->regex != NO_REGEX || top(lexer)->kind == OPEN_ARITHMETIC)
        return false;
    return pos == 0 || lexer->lex->text[pos - 1] != '(' || !g_ascii_isalpha(at(lexer, 1));
}

static void read_code(Lexer *lexer) {
    char c = at(lexer, 0);

    if (lexer->regex == BEFORE_REGEX && !lex_is_blank(c))
        lexer->regex = IN_REGEX;
    if (c == '#' && begins_comment(lexer))
        read_comment(lexer);
    else if (c == '\\' && at(lexer, 1) == '\n')
        take(lexer, 2, PLACE_CODE);
    else if (c == '\\')
        take_word(lexer, 2, PLACE_CODE);
    else if (c == '\'')
        read_single(lexer);
    else if (c == '"')
        push(lexer, (Open){.kind = OPEN_QUOTE}, 1, PLACE_STRING);
    else if (c == '`')
        read_backtick(lexer);
    else if (c == '$' && at(lexer, 1) == '\'')
        read_ansi_c(lexer);
    else if (c == '$' && at(lexer, 1) == '"')
        take_word(lexer, 1, PLACE_STRING);
    else if (c == '$' && read_dollar(lexer, false))
        return;
    else if (c == '$')
        take_word(lexer, at(lexer, 1) == '#' || at(lexer, 1) == '$' ? 2 : 1, PLACE_CODE);
    else if (c == '(')
        read_open_paren(lexer);
    else if (c == ')')
        read_close_paren(lexer);
    else if (lex_is_of(c, " \t\r\n;&|<>"))
        read_operator(lexer, c);
    else
        read_word(lexer);
}

static void read_on(Lexer *lexer) {
    if (lexer->open->len > CAP_LEXER_DEPTH || lexer->cases->len > CAP_LEXER_DEPTH) {
        lex_lose(lexer->lex, lexer->lex->pos);
        return;
    }
    switch (top(lexer)->kind) {
    case OPEN_QUOTE:
    case OPEN_HEREDOC:
        read_text(lexer);
        break;
    case OPEN_PARAMETER:
        read_parameter(lexer);
        break;
    default:
        read_code(lexer);
    }
}

void lexer_shell(Lex *lex) {
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
    g_autoptr(GArray) cases = g_array_new(FALSE, FALSE, sizeof(Case));
    GQueue heredocs = G_QUEUE_INIT;
    Lexer lexer = {.lex = lex, .open = open, .cases = cases, .heredocs = &heredocs};

    g_array_set_clear_func(open, open_clear);
    push(&lexer, (Open){.kind = OPEN_COMMAND}, 0, PLACE_CODE);
    while (lex->pos < lex->len)
        read_on(&lexer);
    if (open->len > 1) /* not closed: who knows where it should have been */
        lex_lose(lex, g_array_index(open, Open, 1).start);
    g_queue_clear_full(&heredocs, heredoc_free);
}
