/* JavaScript's and TypeScript's lexical analysis, as far as it takes to tell code, strings and comments apart
 * (ECMA-262, 12 lexical grammar: 12.4 comments, 12.9.4 strings, 12.9.5 regular expressions, 12.9.6 templates;
 * the JSX specification).
 *
 * A regular expression is a string here, and so is the text between the tags of JSX. What ${...} in a
 * template and {...} in JSX compute is code.
 *
 * Whether a slash divides, and whether < compares, depends on what stands before: behind a value they do. So
 * it is followed whether a token ends a value, with a stack of all brackets that are open: the ) of `if
 * (...)` ends none, nor does the } of a block, but that of an object does. */
#include "exec/caps.h"
#include "rules/lex.h"

typedef enum {
    OPEN_PAREN,
    OPEN_BRACKET,
    OPEN_BLOCK,
    OPEN_OBJECT,
    OPEN_TEMPLATE, /* `...` */
    OPEN_FIELD,    /* ${...}, or {...} in JSX */
    OPEN_TAG,      /* <a ...>, </a> */
    OPEN_CHILDREN, /* what stands between <a> and </a> */
} Kind;

typedef struct {
    Kind kind;
    gsize start;    /* its first byte */
    bool control;   /* a parenthesis: of if, for, while, with */
    bool closing;   /* a tag: </a> */
    guint question; /* a bracket: ? without their : */
} Open;

typedef struct {
    Lex *lex;
    GArray *open;         /* of Open */
    GHashTable *end_tags; /* of each name where its last </name stands; made when it is first asked for */
    gsize no_close[3];    /* of ", ' and /: up to there it is not closed on its line */
    bool value;           /* the last token ends a value */
    bool control;         /* the last token is if, for, while, with */
    bool statement;       /* a { now begins a block */
    bool dot;             /* the last token is a dot: a name follows */
} Lexer;

static Open *top(const Lexer *lexer) {
    return lexer->open->len > 0 ? &g_array_index(lexer->open, Open, lexer->open->len - 1) : NULL;
}

static bool is_in(const Lexer *lexer, Kind kind) {
    return lexer->open->len > 0 && top(lexer)->kind == kind;
}

static char at(const Lexer *lexer, gsize ahead) {
    return lex_at(lexer->lex, lexer->lex->pos + ahead);
}

static bool is_name(char c) {
    return lex_is_word(c) || c == '$';
}

static void after_token(Lexer *lexer, bool value, bool statement) {
    lexer->value = value;
    lexer->statement = statement;
    lexer->control = lexer->dot = false;
}

static void push(Lexer *lexer, Open open, gsize sign, guint8 place) {
    open.start = lexer->lex->pos;
    lex_take(lexer->lex, sign, place);
    g_array_append_val(lexer->open, open);
    after_token(lexer, false, open.kind == OPEN_BLOCK);
}

static void pop(Lexer *lexer) {
    if (lexer->open->len > 0)
        g_array_set_size(lexer->open, lexer->open->len - 1);
}

/* Strings. */

/* Behind the string that begins at `pos`; 0 where it is not closed on its line. */
static gsize quoted_end(const Lex *lex, gsize pos) {
    char quote = lex->text[pos];

    for (pos++; pos < lex->len && lex->text[pos] != '\n'; pos++) {
        if (lex->text[pos] == quote)
            return pos + 1;
        if (lex->text[pos] == '\\')
            pos += lex_at(lex, pos + 1) == '\r' && lex_at(lex, pos + 2) == '\n' ? 2 : 1;
    }
    return 0;
}

/* Behind the regular expression that begins at `pos`, with its flags; 0 where none ends on the line. */
static gsize regex_end(const Lex *lex, gsize pos) {
    bool in_class = false;

    for (pos++; pos < lex->len && lex->text[pos] != '\n'; pos++) {
        char c = lex->text[pos];

        if (c == '\\') {
            pos += lex_at(lex, pos + 1) != '\n';
        } else if (c == '[' || c == ']') {
            in_class = c == '[';
        } else if (c == '/' && !in_class) {
            for (pos++; is_name(lex_at(lex, pos));)
                pos++;
            return pos;
        }
    }
    return 0;
}

/* One that is not closed on its line is no string, no regular expression: its sign is code. */
static bool read_on_line(Lexer *lexer, guint which, gsize (*find_end)(const Lex *lex, gsize pos)) {
    Lex *lex = lexer->lex;
    gsize end;

    if (lex->pos < lexer->no_close[which])
        return false;
    end = find_end(lex, lex->pos);
    if (end == 0) {
        lexer->no_close[which] = lex_line_end(lex, lex->pos);
        return false;
    }
    lex_take_to(lex, end, PLACE_STRING);
    after_token(lexer, true, false);
    return true;
}

static void read_template(Lexer *lexer) {
    char c = at(lexer, 0);

    if (c == '$' && at(lexer, 1) == '{') {
        push(lexer, (Open){.kind = OPEN_FIELD}, 2, PLACE_CODE);
    } else if (c == '`') {
        lex_take(lexer->lex, 1, PLACE_STRING);
        pop(lexer);
        after_token(lexer, true, false);
    } else {
        lex_take(lexer->lex, c == '\\' ? 2 : 1, PLACE_STRING);
    }
}

/* Comments. */

static bool read_comment(Lexer *lexer) {
    Lex *lex = lexer->lex;
    bool found;
    gsize end;

    if (lex_has(lex, lex->pos, "//") || (lex->pos == 0 && lex_has(lex, 0, "#!"))) {
        lex_take_to(lex, lex_line_end(lex, lex->pos), PLACE_COMMENT);
        return true;
    }
    if (!lex_has(lex, lex->pos, "/*"))
        return false;
    end = lex_find_behind(lex, lex->pos + 2, "*/", &found);
    if (found)
        lex_take_to(lex, end, PLACE_COMMENT);
    else
        lex_lose(lex, lex->pos);
    return true;
}

/* JSX. */

static bool is_tag_name(char c) {
    return is_name(c) || c == '.' || c == '-' || c == ':';
}

static gsize tag_name_length(const Lex *lex, gsize pos) {
    gsize len = 0;

    while (is_tag_name(lex_at(lex, pos + len)))
        len++;
    return len;
}

/* Once over the text: where the last </name of each name stands. */
static void find_end_tags(Lexer *lexer) {
    const Lex *lex = lexer->lex;
    bool found = true;

    lexer->end_tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize pos = lex_find_behind(lex, 0, "</", &found); found;
         pos = lex_find_behind(lex, pos, "</", &found))
        g_hash_table_replace(lexer->end_tags, g_strndup(lex->text + pos, tag_name_length(lex, pos)),
                             GSIZE_TO_POINTER(pos));
}

static bool has_end_tag(Lexer *lexer, gsize pos, gsize len) {
    g_autofree char *name = g_strndup(lexer->lex->text + pos, len);

    if (lexer->end_tags == NULL)
        find_end_tags(lexer);
    return GPOINTER_TO_SIZE(g_hash_table_lookup(lexer->end_tags, name)) > pos;
}

/* Whether an element begins with the < here, where a value may stand; in TypeScript it may also be a type:
 * <T>(x: T) => x, <string>x, <T extends object>(x: T). An element without attributes has an end tag. */
static bool is_element(Lexer *lexer) {
    static const char *const types[] = {"extends", "keyof", "typeof", "readonly", "unique",
                                        "const",   "in",    "out",    "infer",    NULL};
    const Lex *lex = lexer->lex;
    gsize name = lex->pos + 1, len = tag_name_length(lex, name), pos = name + len;

    if (len == 0)
        return lex_at(lex, name) == '>' && has_end_tag(lexer, name, 0);
    if (g_ascii_isdigit(lex->text[name]) || lex->text[name] == '.' || lex->text[name] == '-')
        return false;
    if (has_end_tag(lexer, name, len))
        return true;
    while (lex_is_of(lex_at(lex, pos), " \t\r\n"))
        pos++;
    if (lex_at(lex, pos) == '/')
        return lex_at(lex, pos + 1) == '>';
    if (pos == name + len || !(is_name(lex_at(lex, pos)) || lex_at(lex, pos) == '{'))
        return false;
    g_autofree char *word = g_strndup(lex->text + pos, MIN(tag_name_length(lex, pos), 20));
    g_autofree char *first = g_strndup(lex->text + name, MIN(len, 20));
    return !g_strv_contains(types, word) && !g_strv_contains(types, first);
}

/* Behind the > of a tag: the children, or what stands behind the element. */
static void end_tag(Lexer *lexer, bool is_empty) {
    Open tag = *top(lexer);

    lex_take(lexer->lex, is_empty ? 2 : 1, PLACE_CODE);
    pop(lexer);
    if (!is_empty && !tag.closing) {
        tag.kind = OPEN_CHILDREN;
        g_array_append_val(lexer->open, tag);
        return;
    }
    if (tag.closing && is_in(lexer, OPEN_CHILDREN))
        pop(lexer);
    after_token(lexer, true, false);
}

static void read_tag(Lexer *lexer) {
    Lex *lex = lexer->lex;
    char c = at(lexer, 0);

    if (read_comment(lexer))
        return;
    if (c == '/' && at(lexer, 1) == '>') {
        end_tag(lexer, true);
    } else if (c == '>') {
        end_tag(lexer, false);
    } else if (c == '{') {
        push(lexer, (Open){.kind = OPEN_FIELD}, 1, PLACE_CODE);
    } else if (c == '"' || c == '\'') { /* without escapes, over lines */
        const char *close = memchr(lex->text + lex->pos + 1, c, lex->len - lex->pos - 1);

        if (close != NULL)
            lex_take_to(lex, (gsize)(close - lex->text) + 1, PLACE_STRING);
        else
            lex_lose(lex, lex->pos);
    } else {
        lex_take(lex, 1, PLACE_CODE);
    }
}

static void read_children(Lexer *lexer) {
    char c = at(lexer, 0), next = at(lexer, 1);

    if (c == '{')
        push(lexer, (Open){.kind = OPEN_FIELD}, 1, PLACE_CODE);
    else if (c == '<' && (next == '/' || next == '>' || is_name(next)))
        push(lexer, (Open){.kind = OPEN_TAG, .closing = next == '/'}, next == '/' ? 2 : 1, PLACE_CODE);
    else
        lex_take(lexer->lex, 1, PLACE_STRING);
}

/* Code. */

static void read_word(Lexer *lexer) {
    /* Behind these a value begins. */
    static const char *const operators[] = {"return", "typeof", "case",    "in",         "of",
                                            "void",   "delete", "throw",   "instanceof", "new",
                                            "yield",  "await",  "default", "extends",    NULL};
    static const char *const blocks[] = {"do", "else", "try", "finally", NULL};
    static const char *const controls[] = {"if", "for", "while", "with", NULL};
    Lex *lex = lexer->lex;
    const char *text = lex->text + lex->pos;
    bool is_property = lexer->dot, was_control = lexer->control;
    gsize len = 0;

    while (lex->pos + len < lex->len && (is_name(text[len]) || text[len] == '#' || text[len] == '@'))
        len++;
    g_autofree char *word = g_strndup(text, MIN(len, 20));
    lex_take(lex, len, PLACE_CODE);
    if (is_property)
        after_token(lexer, true, false);
    else if (g_strv_contains(blocks, word))
        after_token(lexer, false, true);
    else if (g_strv_contains(controls, word) || (was_control && strcmp(word, "await") == 0)) {
        after_token(lexer, false, false);
        lexer->control = true;
    } else
        after_token(lexer, !g_strv_contains(operators, word), false);
}

/* { begins a block behind ) and => and a statement; an object where a value may stand. */
static void open_brace(Lexer *lexer) {
    bool is_block = lexer->value || lexer->statement;

    push(lexer, (Open){.kind = is_block ? OPEN_BLOCK : OPEN_OBJECT}, 1, PLACE_CODE);
}

static void close_bracket(Lexer *lexer) {
    Open closed = lexer->open->len > 0 ? *top(lexer) : (Open){.kind = OPEN_BLOCK};

    lex_take(lexer->lex, 1, PLACE_CODE);
    pop(lexer);
    if (closed.kind == OPEN_FIELD)
        return; /* back in the text */
    after_token(lexer,
                closed.kind == OPEN_OBJECT || closed.kind == OPEN_BRACKET ||
                    (closed.kind == OPEN_PAREN && !closed.control),
                closed.kind == OPEN_BLOCK || closed.control);
}

/* Closes the bracket that the sign belongs to; one that has none is passed over. */
static void read_close(Lexer *lexer, char c) {
    Open *open = top(lexer);
    bool fits = open != NULL && (c == ')'   ? open->kind == OPEN_PAREN
                                 : c == ']' ? open->kind == OPEN_BRACKET
                                            : open->kind == OPEN_BLOCK || open->kind == OPEN_OBJECT ||
                                                  open->kind == OPEN_FIELD);

    if (fits || open == NULL) {
        close_bracket(lexer);
    } else {
        lex_take(lexer->lex, 1, PLACE_CODE);
        after_token(lexer, true, false);
    }
}

/* A colon ends a label or a case, so that a block may follow, where no ? is open. */
static void read_colon(Lexer *lexer) {
    Open *open = top(lexer);
    bool of_question = open != NULL && open->question > 0;

    if (of_question)
        open->question--;
    lex_take(lexer->lex, 1, PLACE_CODE);
    after_token(lexer, false, !of_question && (open == NULL || open->kind == OPEN_BLOCK));
}

static void read_operator(Lexer *lexer, char c) {
    bool value = lexer->value;

    if ((c == '+' || c == '-') && at(lexer, 1) == c) {
        lex_take(lexer->lex, 2, PLACE_CODE);
        after_token(lexer, value, false); /* behind a value it is a part of that */
        return;
    }
    if (c == '?' && at(lexer, 1) == '.' && !g_ascii_isdigit(at(lexer, 2))) {
        lex_take(lexer->lex, 2, PLACE_CODE);
        after_token(lexer, false, false);
        lexer->dot = true;
        return;
    }
    if (c == '?' && at(lexer, 1) == '?')
        lex_take(lexer->lex, 1, PLACE_CODE);
    else if (c == '?' && lexer->open->len > 0 && !lex_is_of(at(lexer, 1), ":,)="))
        top(lexer)->question++;
    lex_take(lexer->lex, 1, PLACE_CODE);
    /* a! is a value like a (TypeScript); a { behind => or Promise<void> begins a body */
    after_token(lexer, c == '!' && value && at(lexer, 0) != '=', lex_is_of(c, ";>"));
    lexer->dot = c == '.' && at(lexer, 0) != '.';
}

static void read_punctuation(Lexer *lexer, char c) {
    if (c == '(')
        push(lexer, (Open){.kind = OPEN_PAREN, .control = lexer->control}, 1, PLACE_CODE);
    else if (c == '[')
        push(lexer, (Open){.kind = OPEN_BRACKET}, 1, PLACE_CODE);
    else if (c == '{')
        open_brace(lexer);
    else if (lex_is_of(c, ")]}"))
        read_close(lexer, c);
    else if (c == ':')
        read_colon(lexer);
    else
        read_operator(lexer, c);
}

static void read_code(Lexer *lexer) {
    Lex *lex = lexer->lex;
    char c = at(lexer, 0);

    if (read_comment(lexer))
        return;
    if (((c == '"' || c == '\'') && read_on_line(lexer, c == '"', quoted_end)) ||
        (c == '/' && !lexer->value && read_on_line(lexer, 2, regex_end)))
        return;
    if (lex_is_of(c, " \t\r\n\v\f"))
        lex_take(lex, 1, PLACE_CODE);
    else if (is_name(c) || c == '#' || c == '@')
        read_word(lexer);
    else if (c == '`')
        push(lexer, (Open){.kind = OPEN_TEMPLATE}, 1, PLACE_STRING);
    else if (c == '<' && !lexer->value && is_element(lexer))
        push(lexer, (Open){.kind = OPEN_TAG}, 1, PLACE_CODE);
    else if (c == '\\')
        lex_take(lex, 2, PLACE_CODE);
    else
        read_punctuation(lexer, c);
}

static void read_on(Lexer *lexer) {
    if (lexer->open->len > CAP_LEXER_DEPTH)
        lex_lose(lexer->lex, lexer->lex->pos);
    else if (is_in(lexer, OPEN_TEMPLATE))
        read_template(lexer);
    else if (is_in(lexer, OPEN_TAG))
        read_tag(lexer);
    else if (is_in(lexer, OPEN_CHILDREN))
        read_children(lexer);
    else
        read_code(lexer);
}

void lexer_javascript(Lex *lex) {
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
    Lexer lexer = {.lex = lex, .open = open, .statement = true};

    while (lex->pos < lex->len)
        read_on(&lexer);
    g_clear_pointer(&lexer.end_tags, g_hash_table_unref);
    for (guint i = 0; i < open->len; i++) {
        Kind kind = g_array_index(open, Open, i).kind;

        if (kind == OPEN_TEMPLATE || kind == OPEN_TAG || kind == OPEN_CHILDREN) {
            lex_lose(lex, g_array_index(open, Open, i).start);
            return; /* not closed: who knows where it should have been */
        }
    }
}
