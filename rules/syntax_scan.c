/* syntax_places(): one walk over the text. At each place that is code, the first thing of the language's that
 * begins there is taken as a whole: a comment, a string, or one of the special forms. */
#include "rules/syntax_table.h"

#include <string.h>

/* Of template literals in each other's fields; deeper is taken for a string to the end. */
#define MOST_FIELDS 100u
/* Words behind << that end nowhere: each costs a look at the whole rest of the text. */
#define MOST_LOST_HEREDOCS 50u
#define MOST_WORD 80u
#define MOST_HASHES 200u

typedef struct {
    const Syntax *syntax;
    const char *text;
    gsize len, pos;
    gsize end; /* of what is looked at: of a script, where it ends */
    guint8 *places;
    gsize line;        /* where the line began */
    gsize no_close[8]; /* of each quote: up to there it is not closed on its line */
    gsize no_regex;
    guint lost_heredocs;
    GArray *fields;      /* of guint: the open ${, each with the braces that are open in it */
    GPtrArray *heredocs; /* of char *: the words that end those that begin behind this line */
    GArray *tabs;        /* of bool, for each: its end may be indented */
} Scan;

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static char at(const Scan *scan, gsize pos) {
    return pos < scan->end ? scan->text[pos] : '\0';
}

static bool has(const Scan *scan, gsize pos, const char *word) {
    gsize len = strlen(word);

    return pos <= scan->end && scan->end - pos >= len && memcmp(scan->text + pos, word, len) == 0;
}

static void take_to(Scan *scan, gsize to, guint8 place) {
    to = MIN(to, scan->end);
    memset(scan->places + scan->pos, place, to - scan->pos);
    for (gsize i = scan->pos; i < to; i++)
        if (scan->text[i] == '\n')
            scan->line = i + 1;
    scan->pos = to;
}

static gsize line_end(const Scan *scan, gsize pos) {
    const char *newline = pos < scan->end ? memchr(scan->text + pos, '\n', scan->end - pos) : NULL;

    return newline != NULL ? (gsize)(newline - scan->text) : scan->end;
}

/* Behind the word, or the end. */
static gsize find_behind(const Scan *scan, gsize pos, const char *word, bool *ret_found) {
    const char *found =
        pos < scan->end ? memmem(scan->text + pos, scan->end - pos, word, strlen(word)) : NULL;

    *ret_found = found != NULL;
    return found != NULL ? (gsize)(found - scan->text) + strlen(word) : scan->end;
}

/* The last byte of code on this line before the place that is no blank; NUL where there is none. */
static char last_code(const Scan *scan) {
    for (gsize i = scan->pos; i > scan->line; i--)
        if (!is_blank(scan->text[i - 1]))
            return scan->text[i - 1];
    return '\0';
}

static bool at_word_start(const Scan *scan) {
    char before = scan->pos > scan->line ? scan->text[scan->pos - 1] : '\n';

    return before == '\0' || strchr(" \t\r\n;&|()`", before) != NULL;
}

/* Comments. */

static gsize block_end(const Scan *scan, const CommentSign *sign) {
    gsize pos = scan->pos + strlen(sign->open);
    guint depth = 1;
    bool found;

    if ((scan->syntax->flags & SYNTAX_NESTED) == 0)
        return find_behind(scan, pos, sign->close, &found);
    for (; pos < scan->end && depth > 0; pos++) {
        if (has(scan, pos, sign->close)) {
            depth--;
            pos += strlen(sign->close) - 1;
        } else if (has(scan, pos, sign->open)) {
            depth++;
            pos += strlen(sign->open) - 1;
        }
    }
    return pos;
}

static bool may_begin(const Scan *scan, const CommentSign *sign) {
    bool is_hash = strcmp(sign->open, "#") == 0;
    char before = scan->pos > 0 ? scan->text[scan->pos - 1] : '\n';

    if ((scan->syntax->flags & SYNTAX_LINE_START) != 0 && last_code(scan) != '\0' && last_code(scan) != '@')
        return false;
    if (is_hash && (scan->syntax->flags & SYNTAX_HASH_WORD) != 0)
        return at_word_start(scan);
    return !g_ascii_isalpha(sign->open[0]) || /* REM */
           (!is_word(before) && !is_word(at(scan, scan->pos + strlen(sign->open))));
}

/* The longest sign wins: "--[[" over "--". */
static bool read_comment(Scan *scan) {
    const CommentSign *sign = NULL;

    for (guint i = 0; i < SYNTAX_SIGNS; i++)
        if ((scan->syntax->signs & 1u << i) != 0 && has(scan, scan->pos, syntax_signs[i].open) &&
            may_begin(scan, &syntax_signs[i]) &&
            (sign == NULL || strlen(syntax_signs[i].open) > strlen(sign->open)))
            sign = &syntax_signs[i];
    if (sign == NULL)
        return false;
    take_to(scan, sign->close != NULL ? block_end(scan, sign) : line_end(scan, scan->pos), PLACE_COMMENT);
    return true;
}

/* Strings. */

/* Behind the closing sign, from `pos` on; 0 where there is none on the line, and it has to be. `ret_field`:
 * it ends with "${". */
static gsize string_end(const Scan *scan, const Quote *quote, gsize pos, bool *ret_field) {
    gsize close = strlen(quote->close);

    *ret_field = false;
    for (; pos < scan->end; pos++) {
        char c = scan->text[pos];

        if ((c == '\\' && (quote->flags & QUOTE_ESCAPES) != 0) ||
            (c == '`' && (quote->flags & QUOTE_BACKTICK) != 0)) {
            pos++; /* also the end of a line, which so goes on */
        } else if (c == *quote->close && has(scan, pos, quote->close)) {
            if ((quote->flags & QUOTE_DOUBLED) == 0 || !has(scan, pos + close, quote->close))
                return pos + close;
            pos += 2 * close - 1;
        } else if ((quote->flags & QUOTE_FIELDS) != 0 && has(scan, pos, "${")) {
            *ret_field = true;
            return pos + 2;
        } else if (c == '\n' && (quote->flags & QUOTE_LINES) == 0) {
            return 0;
        }
    }
    return (quote->flags & QUOTE_LINES) != 0 ? scan->end : 0;
}

/* From `pos` on, behind the opening sign or the end of a field. */
static void read_string_text(Scan *scan, const Quote *quote, gsize pos) {
    bool field;
    gsize end = string_end(scan, quote, pos, &field);
    guint open = 0;

    if (field && scan->fields->len < MOST_FIELDS)
        g_array_append_val(scan->fields, open);
    else if (field)
        end = scan->end;
    take_to(scan, end, PLACE_STRING);
}

/* 'a', '\n', '\u{1F600}', 'é'. */
static gsize char_end(const Scan *scan) {
    gsize pos = scan->pos + 1, most = scan->pos + 14;

    if (at(scan, pos) != '\\') {
        gsize width = pos < scan->end ? (gsize)g_utf8_skip[(guchar)scan->text[pos]] : 1;

        return at(scan, pos) != '\'' && at(scan, pos) != '\n' && at(scan, pos + width) == '\''
                   ? pos + width + 1
                   : 0;
    }
    for (pos += 2; pos < most && pos < scan->end && scan->text[pos] != '\n'; pos++)
        if (scan->text[pos] == '\'')
            return pos + 1;
    return 0;
}

/* Whether a quoted scalar, or a character, may begin here: behind what ends a word. */
static bool may_quote(const Scan *scan) {
    char last = last_code(scan), before = scan->pos > 0 ? scan->text[scan->pos - 1] : '\n';

    if ((scan->syntax->flags & SYNTAX_BLOCKS) != 0)
        return last == '\0' || strchr(":-[{,?", last) != NULL || (before == ' ' && last == '"');
    return !is_word(before) && before != '\'';
}

static bool is_number_before(const Scan *scan) {
    gsize pos = scan->pos;

    while (pos > scan->line && scan->pos - pos < MOST_WORD &&
           (is_word(scan->text[pos - 1]) || scan->text[pos - 1] == '\''))
        pos--;
    return pos < scan->pos && g_ascii_isdigit(scan->text[pos]);
}

static bool read_quote(Scan *scan, guint number) {
    const Quote *quote = &scan->syntax->quotes[number];
    bool field;
    gsize end;

    if (!has(scan, scan->pos, quote->open) || ((quote->flags & QUOTE_WORD) != 0 && !may_quote(scan)) ||
        (*quote->open == '\'' && (scan->syntax->flags & SYNTAX_DIGITS) != 0 && is_number_before(scan)))
        return false;
    if ((quote->flags & QUOTE_CHAR) != 0) {
        end = char_end(scan);
    } else if ((quote->flags & QUOTE_LINES) != 0) {
        read_string_text(scan, quote, scan->pos + strlen(quote->open));
        return true;
    } else {
        if (scan->pos < scan->no_close[number])
            return false;
        end = string_end(scan, quote, scan->pos + strlen(quote->open), &field);
        if (end == 0)
            scan->no_close[number] = line_end(scan, scan->pos);
    }
    if (end > 0)
        take_to(scan, end, PLACE_STRING);
    return end > 0;
}

/* Special forms. */

/* R"x(...)x". */
static bool read_raw_cpp(Scan *scan) {
    const char *start = scan->text + scan->pos + 2;
    g_autofree char *close = NULL;
    gsize word = 0, end;
    bool found;

    if (!has(scan, scan->pos, "R\""))
        return false;
    while (word <= 16 && scan->pos + 2 + word < scan->end && strchr("( )\\\n\t\"", start[word]) == NULL)
        word++;
    if (at(scan, scan->pos + 2 + word) != '(')
        return false;
    close = g_strdup_printf(")%.*s\"", (int)word, start);
    end = find_behind(scan, scan->pos + 2 + word, close, &found);
    take_to(scan, end, PLACE_STRING);
    return true;
}

/* r#"..."#, #"..."#, ##"..."##. */
static bool read_raw_hash(Scan *scan) {
    gsize pos = scan->pos + (at(scan, scan->pos) == 'r'), hashes = 0;
    char close[MOST_HASHES + 2] = "\"";
    bool found;

    while (hashes < MOST_HASHES && at(scan, pos + hashes) == '#')
        hashes++;
    if (at(scan, pos + hashes) != '"' || (hashes == 0 && pos == scan->pos) ||
        (scan->pos > 0 && is_word(scan->text[scan->pos - 1]) && scan->text[scan->pos - 1] != 'b'))
        return false;
    memset(close + 1, '#', hashes);
    take_to(scan, find_behind(scan, pos + hashes + 1, close, &found), PLACE_STRING);
    return true;
}

/* [==[...]==]; behind "--" (Lua) or "#" (CMake) a comment. */
static bool read_long(Scan *scan) {
    gsize sign = has(scan, scan->pos, "--") ? 2 : at(scan, scan->pos) == '#' ? 1 : 0, level = 0;
    gsize pos = scan->pos + sign;
    char close[MOST_HASHES + 3] = "]";
    bool found;

    if (at(scan, pos) != '[')
        return false;
    while (level < MOST_HASHES && at(scan, pos + 1 + level) == '=')
        level++;
    if (at(scan, pos + 1 + level) != '[')
        return false;
    memset(close + 1, '=', level);
    close[level + 1] = ']';
    take_to(scan, find_behind(scan, pos + 2 + level, close, &found), sign > 0 ? PLACE_COMMENT : PLACE_STRING);
    return true;
}

/* $tag$...$tag$. */
static bool read_dollar(Scan *scan) {
    g_autofree char *tag = NULL;
    gsize word = 0;
    bool found;

    if (at(scan, scan->pos) != '$' || (scan->pos > 0 && is_word(scan->text[scan->pos - 1])))
        return false;
    while (word < MOST_WORD && is_word(at(scan, scan->pos + 1 + word)))
        word++;
    if (at(scan, scan->pos + 1 + word) != '$' || g_ascii_isdigit(at(scan, scan->pos + 1)))
        return false;
    tag = g_strndup(scan->text + scan->pos, word + 2);
    take_to(scan, find_behind(scan, scan->pos + word + 2, tag, &found), PLACE_STRING);
    return true;
}

/* Whether a slash begins a regular expression: where a value may stand. */
static bool may_be_regex(const Scan *scan) {
    static const char *const words[] = {"return", "typeof", "case",   "in",    "of",  "do",
                                        "else",   "void",   "delete", "throw", "new", NULL};
    gsize end = scan->pos, start;
    g_autofree char *word = NULL;

    while (end > scan->line && is_blank(scan->text[end - 1]))
        end--;
    if (end == scan->line)
        return true;
    if (!is_word(scan->text[end - 1]))
        return strchr(")]}\"'`", scan->text[end - 1]) == NULL;
    for (start = end; start > scan->line && end - start < 10 && is_word(scan->text[start - 1]);)
        start--;
    word = g_strndup(scan->text + start, end - start);
    return g_strv_contains(words, word);
}

static bool read_regex(Scan *scan) {
    bool in_class = false;

    if (at(scan, scan->pos) != '/' || scan->pos < scan->no_regex || !may_be_regex(scan))
        return false;
    for (gsize pos = scan->pos + 1; pos < scan->end && scan->text[pos] != '\n'; pos++) {
        if (scan->text[pos] == '\\') {
            pos++;
        } else if (scan->text[pos] == '[') {
            in_class = true;
        } else if (scan->text[pos] == ']') {
            in_class = false;
        } else if (scan->text[pos] == '/' && !in_class) {
            take_to(scan, pos + 1, PLACE_STRING);
            return true;
        }
    }
    scan->no_regex = line_end(scan, scan->pos);
    return false;
}

/* Heredocs. */

/* The word behind <<, in quotes or without; NULL where there is none. PHP has three of these signs. */
static char *heredoc_word(const Scan *scan, gsize *ret_end, bool *ret_tabs) {
    gsize pos = scan->pos + (has(scan, scan->pos, "<<<") ? 3 : 2), len = 0;
    char quote;

    *ret_tabs = at(scan, pos) == '-' || at(scan, pos) == '~' || has(scan, scan->pos, "<<<");
    pos += at(scan, pos) == '-' || at(scan, pos) == '~';
    while (is_blank(at(scan, pos)))
        pos++;
    pos += at(scan, pos) == '\\';
    quote = at(scan, pos) == '\'' || at(scan, pos) == '"' ? at(scan, pos++) : '\0';
    while (len < MOST_WORD && (is_word(at(scan, pos + len)) || (quote != '\0' && at(scan, pos + len) == '-')))
        len++;
    if (len == 0 || g_ascii_isdigit(at(scan, pos)) || (quote != '\0' && at(scan, pos + len) != quote))
        return NULL;
    *ret_end = pos + len + (quote != '\0');
    return g_strndup(scan->text + pos, len);
}

/* Where the line behind the one with the word alone on it begins; 0 where there is none. */
static gsize heredoc_end(const Scan *scan, gsize pos, const char *word, bool tabs) {
    while (pos < scan->end) {
        gsize end = line_end(scan, pos), from = pos, len = strlen(word);

        while (tabs && from < end && is_blank(scan->text[from]))
            from++;
        if (has(scan, from, word) && (from + len == end || !is_word(scan->text[from + len])) &&
            (tabs || from + len == end || scan->text[from + len] == '\r'))
            return MIN(end + 1, scan->end);
        pos = end + 1;
    }
    return 0;
}

static bool note_heredoc(Scan *scan) {
    gsize end;
    bool tabs;
    char *word;

    if (!has(scan, scan->pos, "<<") || scan->lost_heredocs >= MOST_LOST_HEREDOCS)
        return false;
    if (has(scan, scan->pos, "<<<") && strcmp(scan->syntax->language, "php") != 0) { /* a shell's string */
        take_to(scan, scan->pos + 3, PLACE_CODE);
        return true;
    }
    word = heredoc_word(scan, &end, &tabs);
    if (word == NULL)
        return false;
    g_ptr_array_add(scan->heredocs, word);
    g_array_append_val(scan->tabs, tabs);
    take_to(scan, end, PLACE_CODE);
    return true;
}

/* At the beginning of the line behind the one with the words. What has no end was none: 1<<n. */
static void read_heredocs(Scan *scan) {
    for (guint i = 0; i < scan->heredocs->len; i++) {
        gsize end =
            heredoc_end(scan, scan->pos, scan->heredocs->pdata[i], g_array_index(scan->tabs, bool, i));

        if (end > 0)
            take_to(scan, end, PLACE_STRING);
        else
            scan->lost_heredocs++;
    }
    g_ptr_array_set_size(scan->heredocs, 0);
    g_array_set_size(scan->tabs, 0);
}

/* YAML. */

static gsize indent_of(const Scan *scan, gsize line) {
    gsize pos = line;

    while (at(scan, pos) == ' ')
        pos++;
    return pos - line;
}

/* The column of the node that a block scalar on this line belongs to: behind "- " stands a node of its own,
 * but for the scalar itself. */
static gsize parent_column(const Scan *scan) {
    gsize column = indent_of(scan, scan->line);

    while (at(scan, scan->line + column) == '-' && at(scan, scan->line + column + 1) == ' ') {
        gsize next = column + 1;

        while (at(scan, scan->line + next) == ' ')
            next++;
        if (at(scan, scan->line + next) == '|' || at(scan, scan->line + next) == '>')
            break;
        column = next;
    }
    return column;
}

/* "|", ">-", "|2 # why" behind a key, a dash, or a tag: the lines below that stand further in are text. */
static bool read_block_scalar(Scan *scan) {
    gsize pos = scan->pos, parent, first = 0;
    char last;

    if ((at(scan, pos) != '|' && at(scan, pos) != '>') || !at_word_start(scan))
        return false;
    last = last_code(scan);
    if (last != ':' && last != '-' && !is_word(last))
        return false;
    for (pos++; at(scan, pos) == '+' || at(scan, pos) == '-' || g_ascii_isdigit(at(scan, pos)); pos++)
        continue;
    while (is_blank(at(scan, pos)))
        pos++;
    if (at(scan, pos) != '\n' && at(scan, pos) != '\r' && at(scan, pos) != '#')
        return false;
    parent = parent_column(scan);
    take_to(scan, pos, PLACE_CODE);
    if (at(scan, pos) == '#')
        take_to(scan, line_end(scan, pos), PLACE_COMMENT);
    take_to(scan, line_end(scan, scan->pos) + 1, PLACE_CODE);
    for (pos = scan->pos; pos < scan->end; pos = line_end(scan, pos) + 1) {
        gsize indent = indent_of(scan, pos);
        char c = at(scan, pos + indent);

        if (c == '\n' || c == '\r')
            continue;
        if (first == 0 && indent > parent)
            first = indent;
        if (first == 0 || indent < first)
            break;
    }
    take_to(scan, MIN(pos, scan->end), PLACE_STRING);
    return true;
}

/* From above. */

static bool read_special(Scan *scan) {
    guint flags = scan->syntax->flags;
    char c = at(scan, scan->pos);

    return ((flags & SYNTAX_RAW_CPP) != 0 && c == 'R' && read_raw_cpp(scan)) ||
           ((flags & SYNTAX_RAW_HASH) != 0 && (c == 'r' || c == '#') && read_raw_hash(scan)) ||
           ((flags & SYNTAX_LONG) != 0 && (c == '[' || c == '-' || c == '#') && read_long(scan)) ||
           ((flags & SYNTAX_DOLLAR) != 0 && read_dollar(scan)) ||
           ((flags & SYNTAX_HEREDOC) != 0 && note_heredoc(scan)) ||
           ((flags & SYNTAX_BLOCKS) != 0 && read_block_scalar(scan));
}

/* In the field of a template: whether this byte ends it. */
static bool ends_field(Scan *scan) {
    guint *open = scan->fields->len > 0 ? &g_array_index(scan->fields, guint, scan->fields->len - 1) : NULL;
    char c = at(scan, scan->pos);

    if (open == NULL || (c != '{' && c != '}'))
        return false;
    if (c == '}' && *open == 0) {
        g_array_set_size(scan->fields, scan->fields->len - 1);
        return true;
    }
    *open += c == '{' ? 1 : -1;
    return false;
}

static void read_code(Scan *scan) {
    guint flags = scan->syntax->flags;

    if (ends_field(scan)) {
        take_to(scan, scan->pos + 1, PLACE_CODE);
        read_string_text(scan, &scan->syntax->quotes[0], scan->pos);
        return;
    }
    if (read_special(scan) || read_comment(scan))
        return;
    for (guint i = 0; scan->syntax->quotes[i].open != NULL; i++)
        if (read_quote(scan, i))
            return;
    if ((flags & SYNTAX_REGEX) != 0 && read_regex(scan))
        return;
    if ((flags & SYNTAX_BACKSLASH) != 0 && at(scan, scan->pos) == '\\')
        take_to(scan, scan->pos + 2, PLACE_CODE);
    else
        take_to(scan, scan->pos + 1, PLACE_CODE);
    if (scan->heredocs->len > 0 && scan->pos == scan->line)
        read_heredocs(scan);
}

static void read_all(Scan *scan) {
    while (scan->pos < scan->end)
        read_code(scan);
}

/* What stands in an element of another language, up to its end tag. */
static void read_element(Scan *scan, const char *language, const char *end_tag) {
    const Syntax *outer = scan->syntax;
    gsize outer_end = scan->end;
    bool found;

    scan->end = find_behind(scan, scan->pos, end_tag, &found);
    if (found)
        scan->end -= strlen(end_tag);
    scan->syntax = syntax_find(language);
    memset(scan->no_close, 0, sizeof scan->no_close);
    g_array_set_size(scan->fields, 0);
    read_all(scan);
    scan->syntax = outer;
    scan->end = outer_end;
}

static bool is_element(const Scan *scan, gsize pos, const char *name) {
    gsize len = strlen(name);

    return scan->end - pos > len && g_ascii_strncasecmp(scan->text + pos, name, len) == 0 &&
           !is_word(scan->text[pos + len]);
}

static void read_tag(Scan *scan) {
    gsize start = scan->pos + 1;
    const Quote *quotes = scan->syntax->quotes;
    bool field;

    while (scan->pos < scan->end && at(scan, scan->pos) != '>') {
        const Quote *quote = at(scan, scan->pos) == '"'    ? &quotes[0]
                             : at(scan, scan->pos) == '\'' ? &quotes[1]
                                                           : NULL;

        take_to(scan, quote != NULL ? string_end(scan, quote, scan->pos + 1, &field) : scan->pos + 1,
                quote != NULL ? PLACE_STRING : PLACE_CODE);
    }
    take_to(scan, scan->pos + 1, PLACE_CODE);
    if ((scan->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(scan, start, "script"))
        read_element(scan, "javascript", "</script");
    else if ((scan->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(scan, start, "style"))
        read_element(scan, "css", "</style");
}

/* Text is code here, but without comments other than <!-- -->. */
static void read_markup(Scan *scan) {
    static const CommentSign comment = {"<!--", "-->"};
    bool found;

    while (scan->pos < scan->end) {
        if (has(scan, scan->pos, comment.open))
            take_to(scan, find_behind(scan, scan->pos, comment.close, &found), PLACE_COMMENT);
        else if (has(scan, scan->pos, "<![CDATA["))
            take_to(scan, find_behind(scan, scan->pos, "]]>", &found), PLACE_STRING);
        else if (at(scan, scan->pos) == '<' &&
                 (g_ascii_isalpha(at(scan, scan->pos + 1)) || at(scan, scan->pos + 1) == '/' ||
                  at(scan, scan->pos + 1) == '?' || at(scan, scan->pos + 1) == '!'))
            read_tag(scan);
        else
            take_to(scan, scan->pos + 1, PLACE_CODE);
    }
}

guint8 *syntax_places(const char *language, const char *text, gsize len) {
    const Syntax *syntax = syntax_find(language);
    g_autofree guint8 *places = g_malloc(MAX(len, 1));
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(guint)),
                      tabs = g_array_new(FALSE, FALSE, sizeof(bool));
    g_autoptr(GPtrArray) heredocs = g_ptr_array_new_with_free_func(g_free);
    Scan scan = {.syntax = syntax,
                 .text = text,
                 .len = len,
                 .end = len,
                 .places = places,
                 .fields = fields,
                 .tabs = tabs,
                 .heredocs = heredocs};

    if (syntax == NULL || syntax->quotes == NULL)
        return NULL;
    if ((syntax->flags & SYNTAX_TAGS) != 0)
        read_markup(&scan);
    else
        read_all(&scan);
    return g_steal_pointer(&places);
}
