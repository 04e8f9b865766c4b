/* syntax_places(): one walk over the text. At each place that is code, the first thing of the language's that
 * begins there is taken as a whole: a comment, a string, or one of the special forms. */
#include "rules/syntax_walk.h"

#include <string.h>

/* Of template literals in each other's fields; deeper is taken for a string to the end. */
#define MOST_FIELDS 100u
#define MOST_WORD 80u

/* Comments. */

static gsize block_end(const Walk *walk, const CommentSign *sign) {
    gsize pos = walk->pos + strlen(sign->open);
    guint depth = 1;
    bool found;

    if ((walk->syntax->flags & SYNTAX_NESTED) == 0)
        return walk_find_behind(walk, pos, sign->close, &found);
    for (; pos < walk->end && depth > 0; pos++) {
        if (walk_has(walk, pos, sign->close)) {
            depth--;
            pos += strlen(sign->close) - 1;
        } else if (walk_has(walk, pos, sign->open)) {
            depth++;
            pos += strlen(sign->open) - 1;
        }
    }
    return pos;
}

static bool may_begin(const Walk *walk, const CommentSign *sign) {
    bool is_hash = strcmp(sign->open, "#") == 0;
    char before = walk->pos > 0 ? walk->text[walk->pos - 1] : '\n';

    if ((walk->syntax->flags & SYNTAX_LINE_START) != 0 && walk_last_code(walk) != '\0' &&
        walk_last_code(walk) != '@')
        return false;
    if (is_hash && (walk->syntax->flags & SYNTAX_HASH_WORD) != 0)
        return walk_at_word_start(walk);
    return !g_ascii_isalpha(sign->open[0]) || /* REM */
           (!walk_is_word(before) && !walk_is_word(walk_at(walk, walk->pos + strlen(sign->open))));
}

/* The longest sign wins: "--[[" over "--". */
static bool read_comment(Walk *walk) {
    const CommentSign *sign = NULL;

    for (guint i = 0; i < SYNTAX_SIGNS; i++)
        if ((walk->syntax->signs & 1u << i) != 0 && walk_has(walk, walk->pos, syntax_signs[i].open) &&
            may_begin(walk, &syntax_signs[i]) &&
            (sign == NULL || strlen(syntax_signs[i].open) > strlen(sign->open)))
            sign = &syntax_signs[i];
    if (sign == NULL)
        return false;
    walk_take_to(walk, sign->close != NULL ? block_end(walk, sign) : walk_line_end(walk, walk->pos),
                 PLACE_COMMENT);
    return true;
}

/* Strings. */

/* What begins a field in a string, and what opens and closes there. */
static const char *field_signs(const Walk *walk) {
    return strcmp(walk->syntax->language, "shell") == 0 ? "$()" : "${}";
}

/* Behind the closing sign, from `pos` on; 0 where there is none on the line, and it has to be. `ret_field`:
 * it ends with the sign of a field. */
static gsize string_end(const Walk *walk, const Quote *quote, gsize pos, bool *ret_field) {
    gsize close = strlen(quote->close);

    *ret_field = false;
    for (; pos < walk->end; pos++) {
        char c = walk->text[pos];

        if ((c == '\\' && (quote->flags & QUOTE_ESCAPES) != 0) ||
            (c == '`' && (quote->flags & QUOTE_BACKTICK) != 0)) {
            pos++; /* also the end of a line, which so goes on */
        } else if (c == *quote->close && walk_has(walk, pos, quote->close)) {
            if ((quote->flags & QUOTE_DOUBLED) == 0 || !walk_has(walk, pos + close, quote->close))
                return pos + close;
            pos += 2 * close - 1;
        } else if (c == '$' && (quote->flags & QUOTE_FIELDS) != 0 &&
                   walk_at(walk, pos + 1) == field_signs(walk)[1]) {
            *ret_field = true;
            return pos + 2;
        } else if (c == '\n' && (quote->flags & QUOTE_LINES) == 0) {
            return 0;
        }
    }
    return (quote->flags & QUOTE_LINES) != 0 ? walk->end : 0;
}

/* From `pos` on, behind the opening sign or the end of a field. */
static void read_string_text(Walk *walk, const Quote *quote, gsize pos) {
    bool field;
    gsize end = string_end(walk, quote, pos, &field);
    guint open = 0;

    if (field && walk->fields->len < MOST_FIELDS)
        g_array_append_val(walk->fields, open);
    else if (field)
        end = walk->end;
    walk_take_to(walk, end, PLACE_STRING);
}

/* 'a', '\n', '\u{1F600}', 'é'. */
static gsize char_end(const Walk *walk) {
    gsize pos = walk->pos + 1, most = walk->pos + 14;

    if (walk_at(walk, pos) != '\\') {
        gsize width = pos < walk->end ? (gsize)g_utf8_skip[(guchar)walk->text[pos]] : 1;

        return walk_at(walk, pos) != '\'' && walk_at(walk, pos) != '\n' && walk_at(walk, pos + width) == '\''
                   ? pos + width + 1
                   : 0;
    }
    for (pos += 2; pos < most && pos < walk->end && walk->text[pos] != '\n'; pos++)
        if (walk->text[pos] == '\'')
            return pos + 1;
    return 0;
}

/* Whether a quoted scalar, or a character, may begin here: behind what ends a word. */
static bool may_quote(const Walk *walk) {
    char last = walk_last_code(walk), before = walk->pos > 0 ? walk->text[walk->pos - 1] : '\n';

    if ((walk->syntax->flags & SYNTAX_BLOCKS) != 0)
        return last == '\0' || strchr(":-[{,?", last) != NULL || (before == ' ' && last == '"');
    return !walk_is_word(before) && before != '\'';
}

static bool is_number_before(const Walk *walk) {
    gsize pos = walk->pos;

    while (pos > walk->line && walk->pos - pos < MOST_WORD &&
           (walk_is_word(walk->text[pos - 1]) || walk->text[pos - 1] == '\''))
        pos--;
    return pos < walk->pos && g_ascii_isdigit(walk->text[pos]);
}

static bool read_quote(Walk *walk, guint number) {
    const Quote *quote = &walk->syntax->quotes[number];
    bool field;
    gsize end;

    if (!walk_has(walk, walk->pos, quote->open) || ((quote->flags & QUOTE_WORD) != 0 && !may_quote(walk)) ||
        (*quote->open == '\'' && (walk->syntax->flags & SYNTAX_DIGITS) != 0 && is_number_before(walk)))
        return false;
    if ((quote->flags & QUOTE_CHAR) != 0) {
        end = char_end(walk);
    } else if ((quote->flags & QUOTE_LINES) != 0) {
        read_string_text(walk, quote, walk->pos + strlen(quote->open));
        return true;
    } else {
        if (walk->pos < walk->no_close[number])
            return false;
        end = string_end(walk, quote, walk->pos + strlen(quote->open), &field);
        if (end == 0)
            walk->no_close[number] = walk_line_end(walk, walk->pos);
    }
    if (end > 0)
        walk_take_to(walk, end, PLACE_STRING);
    return end > 0;
}

/* From above. */

/* In the field of a string: whether this byte ends it. */
static bool ends_field(Walk *walk) {
    guint *open = walk->fields->len > 0 ? &g_array_index(walk->fields, guint, walk->fields->len - 1) : NULL;
    const char *signs = field_signs(walk);
    char c = walk_at(walk, walk->pos);

    if (open == NULL || (c != signs[1] && c != signs[2]))
        return false;
    if (c == signs[2] && *open == 0) {
        g_array_set_size(walk->fields, walk->fields->len - 1);
        return true;
    }
    *open += c == signs[1] ? 1 : -1;
    return false;
}

static void read_code(Walk *walk) {
    guint flags = walk->syntax->flags;

    if (ends_field(walk)) {
        walk_take_to(walk, walk->pos + 1, PLACE_CODE);
        read_string_text(walk, &walk->syntax->quotes[0], walk->pos);
        return;
    }
    if (walk_read_special(walk) || read_comment(walk))
        return;
    for (guint i = 0; walk->syntax->quotes[i].open != NULL; i++)
        if (read_quote(walk, i))
            return;
    if ((flags & SYNTAX_REGEX) != 0 && walk_read_regex(walk))
        return;
    if ((flags & SYNTAX_BACKSLASH) != 0 && walk_at(walk, walk->pos) == '\\')
        walk_take_to(walk, walk->pos + 2, PLACE_CODE);
    else
        walk_take_to(walk, walk->pos + 1, PLACE_CODE);
    if (walk->heredocs->len > 0 && walk->pos == walk->line)
        walk_read_heredocs(walk);
}

static void read_all(Walk *walk) {
    while (walk->pos < walk->end)
        read_code(walk);
}

/* What stands in an element of another language, up to its end tag. */
static void read_element(Walk *walk, const char *language, const char *end_tag) {
    const Syntax *outer = walk->syntax;
    gsize outer_end = walk->end;
    bool found;

    walk->end = walk_find_behind(walk, walk->pos, end_tag, &found);
    if (found)
        walk->end -= strlen(end_tag);
    walk->syntax = syntax_find(language);
    memset(walk->no_close, 0, sizeof walk->no_close);
    g_array_set_size(walk->fields, 0);
    read_all(walk);
    walk->syntax = outer;
    walk->end = outer_end;
}

static bool is_element(const Walk *walk, gsize pos, const char *name) {
    gsize len = strlen(name);

    return walk->end - pos > len && g_ascii_strncasecmp(walk->text + pos, name, len) == 0 &&
           !walk_is_word(walk->text[pos + len]);
}

static void read_tag(Walk *walk) {
    gsize start = walk->pos + 1;
    const Quote *quotes = walk->syntax->quotes;
    bool field;

    while (walk->pos < walk->end && walk_at(walk, walk->pos) != '>') {
        const Quote *quote = walk_at(walk, walk->pos) == '"'    ? &quotes[0]
                             : walk_at(walk, walk->pos) == '\'' ? &quotes[1]
                                                                : NULL;

        walk_take_to(walk, quote != NULL ? string_end(walk, quote, walk->pos + 1, &field) : walk->pos + 1,
                     quote != NULL ? PLACE_STRING : PLACE_CODE);
    }
    walk_take_to(walk, walk->pos + 1, PLACE_CODE);
    if ((walk->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(walk, start, "script"))
        read_element(walk, "javascript", "</script");
    else if ((walk->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(walk, start, "style"))
        read_element(walk, "css", "</style");
}

/* Text is code here, but without comments other than <!-- -->. */
static void read_markup(Walk *walk) {
    static const CommentSign comment = {"<!--", "-->"};
    bool found;

    while (walk->pos < walk->end) {
        if (walk_has(walk, walk->pos, comment.open))
            walk_take_to(walk, walk_find_behind(walk, walk->pos, comment.close, &found), PLACE_COMMENT);
        else if (walk_has(walk, walk->pos, "<![CDATA["))
            walk_take_to(walk, walk_find_behind(walk, walk->pos, "]]>", &found), PLACE_STRING);
        else if (walk_at(walk, walk->pos) == '<' &&
                 (g_ascii_isalpha(walk_at(walk, walk->pos + 1)) || walk_at(walk, walk->pos + 1) == '/' ||
                  walk_at(walk, walk->pos + 1) == '?' || walk_at(walk, walk->pos + 1) == '!'))
            read_tag(walk);
        else
            walk_take_to(walk, walk->pos + 1, PLACE_CODE);
    }
}

guint8 *syntax_places(const char *language, const char *text, gsize len) {
    const Syntax *syntax = syntax_find(language);
    g_autofree guint8 *places = g_malloc(MAX(len, 1));
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(guint)),
                      tabs = g_array_new(FALSE, FALSE, sizeof(bool));
    g_autoptr(GPtrArray) heredocs = g_ptr_array_new_with_free_func(g_free);
    Walk walk = {.syntax = syntax,
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
        read_markup(&walk);
    else
        read_all(&walk);
    return g_steal_pointer(&places);
}
