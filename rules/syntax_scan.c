/* syntax_places(): one walk over the text. At each place that is code, the first thing of the language's that
 * begins there is taken as a whole: a comment, a string, or one of the special forms. */
#include "rules/syntax_walk.h"

#include <string.h>

/* Comments. */

/* Behind the comment; beyond the end of the text where it is not closed. */
static gsize block_end(const Walk *walk, const CommentSign *sign) {
    gsize pos = walk->lex.pos + strlen(sign->open);
    guint depth = 1;

    if ((walk->syntax->flags & SYNTAX_NESTED) == 0) {
        bool found;
        gsize end = lex_find_behind(&walk->lex, pos, sign->close, &found);

        return found ? end : G_MAXSIZE;
    }
    for (; pos < walk->lex.len && depth > 0; pos++) {
        if (lex_has(&walk->lex, pos, sign->close)) {
            depth--;
            pos += strlen(sign->close) - 1;
        } else if (lex_has(&walk->lex, pos, sign->open)) {
            depth++;
            pos += strlen(sign->open) - 1;
        }
    }
    return depth == 0 ? pos : G_MAXSIZE;
}

static bool may_begin(const Walk *walk, const CommentSign *sign) {
    bool is_hash = strcmp(sign->open, "#") == 0;
    char before = walk->lex.pos > 0 ? walk->lex.text[walk->lex.pos - 1] : '\n';

    if ((walk->syntax->flags & SYNTAX_LINE_START) != 0 && walk_last_code(walk) != '\0' &&
        walk_last_code(walk) != '@')
        return false;
    if (is_hash && (walk->syntax->flags & SYNTAX_HASH_WORD) != 0)
        return walk_at_word_start(walk);
    return !g_ascii_isalpha(sign->open[0]) || /* REM */
           (!lex_is_word(before) && !lex_is_word(lex_at(&walk->lex, walk->lex.pos + strlen(sign->open))));
}

/* The longest sign wins: "--[[" over "--". */
static bool read_comment(Walk *walk) {
    const CommentSign *sign = NULL;

    for (guint i = 0; i < SYNTAX_SIGNS; i++)
        if ((walk->syntax->signs & 1u << i) != 0 &&
            lex_has(&walk->lex, walk->lex.pos, syntax_signs[i].open) && may_begin(walk, &syntax_signs[i]) &&
            (sign == NULL || strlen(syntax_signs[i].open) > strlen(sign->open)))
            sign = &syntax_signs[i];
    if (sign == NULL)
        return false;
    walk_take_to(walk, sign->close != NULL ? block_end(walk, sign) : lex_line_end(&walk->lex, walk->lex.pos),
                 PLACE_COMMENT);
    return true;
}

/* Strings. */

/* Behind the closing sign, from `pos` on. Where there is none on the line, and it has to be: 0; none at all:
 * beyond the end of the text. */
static gsize string_end(const Walk *walk, const Quote *quote, gsize pos) {
    gsize close = strlen(quote->close);

    for (; pos < walk->lex.len; pos++) {
        char c = walk->lex.text[pos];

        if ((c == '\\' && (quote->flags & QUOTE_ESCAPES) != 0) ||
            (c == '`' && (quote->flags & QUOTE_BACKTICK) != 0)) {
            pos++; /* also the end of a line, which so goes on */
        } else if (c == *quote->close && lex_has(&walk->lex, pos, quote->close)) {
            if ((quote->flags & QUOTE_DOUBLED) == 0 || !lex_has(&walk->lex, pos + close, quote->close))
                return pos + close;
            pos += 2 * close - 1;
        } else if (c == '\n' && (quote->flags & QUOTE_LINES) == 0) {
            return 0;
        }
    }
    return (quote->flags & QUOTE_LINES) != 0 ? G_MAXSIZE : 0;
}

/* 'a', '\n', '\u{1F600}', 'é'. */
static gsize char_end(const Walk *walk) {
    gsize pos = walk->lex.pos + 1, most = walk->lex.pos + 14;

    if (lex_at(&walk->lex, pos) != '\\') {
        gsize width = pos < walk->lex.len ? (gsize)g_utf8_skip[(guchar)walk->lex.text[pos]] : 1;

        return lex_at(&walk->lex, pos) != '\'' && lex_at(&walk->lex, pos) != '\n' &&
                       lex_at(&walk->lex, pos + width) == '\''
                   ? pos + width + 1
                   : 0;
    }
    for (pos += 2; pos < most && pos < walk->lex.len && walk->lex.text[pos] != '\n'; pos++)
        if (walk->lex.text[pos] == '\'')
            return pos + 1;
    return 0;
}

/* Whether a quoted scalar, or a character, may begin here: behind what ends a word. */
static bool may_quote(const Walk *walk) {
    char last = walk_last_code(walk), before = walk->lex.pos > 0 ? walk->lex.text[walk->lex.pos - 1] : '\n';

    if ((walk->syntax->flags & SYNTAX_BLOCKS) != 0)
        return last == '\0' || strchr(":-[{,?", last) != NULL || (before == ' ' && last == '"');
    return !lex_is_word(before) && before != '\'';
}

static bool read_quote(Walk *walk, guint number) {
    const Quote *quote = &walk->syntax->quotes[number];
    gsize end;

    if (!lex_has(&walk->lex, walk->lex.pos, quote->open) ||
        ((quote->flags & QUOTE_WORD) != 0 && !may_quote(walk)))
        return false;
    if ((quote->flags & QUOTE_CHAR) != 0) {
        end = char_end(walk);
    } else {
        if (walk->lex.pos < walk->no_close[number])
            return false;
        end = string_end(walk, quote, walk->lex.pos + strlen(quote->open));
        if (end == 0)
            walk->no_close[number] = lex_line_end(&walk->lex, walk->lex.pos);
    }
    if (end > 0)
        walk_take_to(walk, end, PLACE_STRING);
    return end > 0;
}

/* From above. */

static void read_code(Walk *walk) {
    guint flags = walk->syntax->flags;

    if (walk_read_special(walk) || read_comment(walk))
        return;
    for (guint i = 0; walk->syntax->quotes[i].open != NULL; i++)
        if (read_quote(walk, i))
            return;
    walk_take_to(
        walk,
        MIN(walk->lex.pos +
                ((flags & SYNTAX_BACKSLASH) != 0 && lex_at(&walk->lex, walk->lex.pos) == '\\' ? 2 : 1),
            walk->lex.len),
        PLACE_CODE);
    if (walk->heredocs->len > 0 && walk->lex.pos == walk->line)
        walk_read_heredocs(walk);
}

static void read_all(Walk *walk) {
    while (walk->lex.pos < walk->lex.len)
        read_code(walk);
}

/* What stands in an element of another language, up to its end tag. */
static void read_element(Walk *walk, const char *language, const char *close) {
    Lex *lex = &walk->lex;
    bool found;
    gsize end = lex_find_behind(lex, lex->pos, close, &found);
    g_autofree guint8 *inner = NULL;

    end -= found ? strlen(close) : 0;
    inner = lexer_places(language, lex->text + lex->pos, end - lex->pos);
    memcpy(lex->places + lex->pos, inner, end - lex->pos);
    lex->pos = end;
}

static bool is_element(const Walk *walk, gsize pos, const char *name) {
    gsize len = strlen(name);

    return walk->lex.len - pos > len && g_ascii_strncasecmp(walk->lex.text + pos, name, len) == 0 &&
           !lex_is_word(walk->lex.text[pos + len]);
}

static void read_tag(Walk *walk) {
    gsize start = walk->lex.pos + 1;
    const Quote *quotes = walk->syntax->quotes;

    while (walk->lex.pos < walk->lex.len && lex_at(&walk->lex, walk->lex.pos) != '>') {
        const Quote *quote = lex_at(&walk->lex, walk->lex.pos) == '"'    ? &quotes[0]
                             : lex_at(&walk->lex, walk->lex.pos) == '\'' ? &quotes[1]
                                                                         : NULL;

        walk_take_to(walk, quote != NULL ? string_end(walk, quote, walk->lex.pos + 1) : walk->lex.pos + 1,
                     quote != NULL ? PLACE_STRING : PLACE_CODE);
    }
    lex_take(&walk->lex, 1, PLACE_CODE);
    if ((walk->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(walk, start, "script"))
        read_element(walk, "javascript", "</script");
    else if ((walk->syntax->flags & SYNTAX_SCRIPTS) != 0 && is_element(walk, start, "style"))
        read_element(walk, "css", "</style");
}

/* Text is code here, but without comments other than <!-- -->. */
static void read_markup(Walk *walk) {
    static const CommentSign comment = {"<!--", "-->"};

    while (walk->lex.pos < walk->lex.len) {
        if (lex_has(&walk->lex, walk->lex.pos, comment.open))
            walk_take_behind(walk, walk->lex.pos, comment.close, PLACE_COMMENT);
        else if (lex_has(&walk->lex, walk->lex.pos, "<![CDATA["))
            walk_take_behind(walk, walk->lex.pos, "]]>", PLACE_STRING);
        else if (lex_at(&walk->lex, walk->lex.pos) == '<' &&
                 (g_ascii_isalpha(lex_at(&walk->lex, walk->lex.pos + 1)) ||
                  lex_at(&walk->lex, walk->lex.pos + 1) == '/' ||
                  lex_at(&walk->lex, walk->lex.pos + 1) == '?' ||
                  lex_at(&walk->lex, walk->lex.pos + 1) == '!'))
            read_tag(walk);
        else
            walk_take_to(walk, walk->lex.pos + 1, PLACE_CODE);
    }
}

guint8 *syntax_places(const char *language, const char *text, gsize len) {
    const Syntax *syntax = syntax_find(language);
    g_autofree guint8 *places = g_malloc(MAX(len, 1));
    g_autoptr(GArray) tabs = g_array_new(FALSE, FALSE, sizeof(bool));
    g_autoptr(GPtrArray) heredocs = g_ptr_array_new_with_free_func(g_free);
    Walk walk = {.lex = {.text = text, .len = len, .places = places},
                 .syntax = syntax,
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
