/* C's and C++'s lexical analysis, as far as it takes to tell code, strings and comments apart (C23, 5.1.1.2
 * translation phases, 6.4.4.5 character constants, 6.4.5 string literals, 6.4.9 comments; C++23, [lex.string]
 * raw strings). Trigraphs and digraphs need nothing here.
 *
 * A backslash before a line end joins the lines before anything else is looked at, but for raw strings.
 * What `#if 0` leaves out is a comment, up to its #else, #elif or #endif. */
#include "rules/lex.h"

/* [lex.string] allows no more characters between the quote and the parenthesis. */
#define MOST_DELIMITER 16u

typedef struct {
    Lex *lex;
    bool line_start;   /* nothing but blanks and comments was on this line */
    bool if_zero;      /* the line is #if 0 */
    gsize no_close[2]; /* of " and ': up to there it is not closed on its line */
} Lexer;

/* How long the line end is that a backslash at `pos` joins, with the backslash; 0 where there is none. Blanks
 * between the two do not count (gcc, clang, and C++23 by P2223). */
static gsize splice(const Lex *lex, gsize pos) {
    gsize end = pos + 1;

    if (lex_at(lex, pos) != '\\')
        return 0;
    while (lex_is_of(lex_at(lex, end), " \t\r\v\f"))
        end++;
    return lex_at(lex, end) == '\n' ? end + 1 - pos : 0;
}

static gsize behind_splices(const Lex *lex, gsize pos) {
    for (gsize len; (len = splice(lex, pos)) > 0;)
        pos += len;
    return pos;
}

static bool is_joined(const Lex *lex, gsize start, gsize newline) {
    while (newline > start && lex_is_of(lex->text[newline - 1], " \t\r\v\f"))
        newline--;
    return newline > start && lex->text[newline - 1] == '\\';
}

/* The newline that ends the line, with the lines that are joined to it. */
static gsize logical_line_end(const Lex *lex, gsize pos) {
    gsize end = lex_line_end(lex, pos);

    while (end < lex->len && is_joined(lex, pos, end)) {
        pos = end + 1;
        end = lex_line_end(lex, pos);
    }
    return end;
}

/* Behind the comment that begins at `pos`; `pos` itself where none does, beyond the end where it is not
 * closed. */
static gsize comment_end(const Lex *lex, gsize pos) {
    gsize second, star;

    if (lex_at(lex, pos) != '/')
        return pos;
    second = behind_splices(lex, pos + 1);
    if (lex_at(lex, second) == '/')
        return logical_line_end(lex, second);
    if (lex_at(lex, second) != '*')
        return pos;
    for (star = second + 1; star < lex->len; star++) { /* its end may be joined over lines, too */
        const char *next = memchr(lex->text + star, '*', lex->len - star);

        if (next == NULL)
            break;
        star = (gsize)(next - lex->text);
        if (lex_at(lex, behind_splices(lex, star + 1)) == '/')
            return behind_splices(lex, star + 1) + 1;
    }
    return lex->len + 1;
}

/* Takes what ends there; beyond the end of the text it is not closed. */
static void take_whole(Lex *lex, gsize end, guint8 place) {
    if (end > lex->len)
        lex_lose(lex, lex->pos);
    else
        lex_take_to(lex, end, place);
}

/* Strings. */

/* The length of the prefix that ends at `pos` (L, u8, u, U, each with R behind it); raw strings have an R. */
static gsize prefix_before(const Lex *lex, gsize pos, bool *ret_raw) {
    static const char *const prefixes[] = {"", "L", "u8", "u", "U", NULL};
    gsize len = 0;
    char word[4] = "";

    *ret_raw = false;
    while (len < sizeof word && pos > len && lex_is_word(lex->text[pos - len - 1]))
        len++;
    if (len == 0 || len == sizeof word)
        return 0;
    memcpy(word, lex->text + pos - len, len);
    if (word[len - 1] == 'R') {
        *ret_raw = true;
        word[len - 1] = '\0';
    }
    if (g_strv_contains(prefixes, word))
        return len;
    *ret_raw = false;
    return 0;
}

/* Behind R"x(...)x", whose quote is at `pos`; 0 where it is none, beyond the end where it is not closed. */
static gsize raw_end(const Lex *lex, gsize pos) {
    char close[MOST_DELIMITER + 3] = ")";
    gsize len = 0, end;
    bool found;

    while (len <= MOST_DELIMITER && pos + 1 + len < lex->len &&
           !lex_is_of(lex->text[pos + 1 + len], "() \\\t\v\f\n\r\""))
        len++;
    if (len > MOST_DELIMITER || lex_at(lex, pos + 1 + len) != '(' || memchr(lex->text + pos + 1, '\0', len))
        return 0;
    memcpy(close + 1, lex->text + pos + 1, len);
    close[len + 1] = '"';
    end = lex_find_behind(lex, pos + 2 + len, close, &found);
    return found ? end : lex->len + 1;
}

/* Behind the literal whose quote is at `pos`; 0 where it is not closed on its line. */
static gsize quoted_end(const Lex *lex, gsize pos) {
    char quote = lex->text[pos];

    for (pos++; pos < lex->len && lex->text[pos] != '\n'; pos++) {
        if (lex->text[pos] == quote)
            return pos + 1;
        if (lex->text[pos] == '\\')
            pos = behind_splices(lex, pos) > pos ? behind_splices(lex, pos) - 1 : pos + 1;
    }
    return 0;
}

/* 1'000 */
static bool is_in_number(const Lex *lex, gsize pos) {
    gsize start = pos;

    while (start > 0 && pos - start < 80 &&
           (lex_is_word(lex->text[start - 1]) || lex->text[start - 1] == '\''))
        start--;
    return start < pos && g_ascii_isdigit(lex->text[start]) && g_ascii_isxdigit(lex_at(lex, pos + 1));
}

/* A quote that is not closed on its line is none: #error don't. */
static bool read_quoted(Lexer *lexer) {
    Lex *lex = lexer->lex;
    bool is_char = lex_at(lex, lex->pos) == '\'', raw;
    gsize prefix, end;

    if (is_char && is_in_number(lex, lex->pos))
        return false;
    prefix = prefix_before(lex, lex->pos, &raw);
    end = raw && !is_char ? raw_end(lex, lex->pos) : 0;
    if (end == 0) { /* behind a macro whose name ends with R, too */
        if (lex->pos < lexer->no_close[is_char])
            return false;
        prefix = raw ? 0 : prefix;
        end = quoted_end(lex, lex->pos);
    }
    if (end == 0) {
        lexer->no_close[is_char] = lex_line_end(lex, lex->pos);
        return false;
    }
    lex->pos -= prefix;
    take_whole(lex, end, PLACE_STRING);
    return true;
}

/* Directives. */

/* Whether the line at `pos` is that directive; where it goes on behind its name. */
static bool is_directive(const Lex *lex, gsize pos, const char *name, gsize *ret_behind) {
    gsize len = strlen(name);

    while (lex_is_blank(lex_at(lex, pos)))
        pos++;
    if (lex_at(lex, pos) != '#')
        return false;
    for (pos++; lex_is_blank(lex_at(lex, pos));)
        pos++;
    *ret_behind = pos + len;
    return lex_has(lex, pos, name) && !lex_is_word(lex_at(lex, pos + len));
}

/* #if 0 */
static bool is_if_zero(const Lex *lex, gsize pos) {
    gsize at, end;

    if (!is_directive(lex, pos, "if", &at))
        return false;
    end = logical_line_end(lex, at);
    while (at < end && (lex_is_blank(lex->text[at]) || lex->text[at] == '('))
        at++;
    if (lex_at(lex, at) != '0')
        return false;
    for (at++; at < end; at++) {
        if (comment_end(lex, at) > at)
            return true;
        if (!lex_is_blank(lex->text[at]) && !lex_is_of(lex->text[at], ")\r"))
            return false;
    }
    return true;
}

/* The end of a line within what is left out; a comment that begins on it may take others along (C23,
 * 5.1.1.2: comments go before directives are looked at). */
static gsize skipped_line_end(const Lex *lex, gsize pos) {
    gsize end = logical_line_end(lex, pos);

    while (pos < end) {
        gsize behind = comment_end(lex, pos);

        if (behind > pos) {
            pos = behind;
            end = logical_line_end(lex, pos);
        } else if (lex->text[pos] == '"' || lex->text[pos] == '\'') {
            gsize closed = quoted_end(lex, pos);

            pos = closed > 0 ? closed : end;
        } else {
            pos++;
        }
    }
    return end;
}

/* From the line behind the #if 0 to that of its #else, #elif or #endif. Where there is none, nothing is left
 * out: the text is cut off. */
static void read_left_out(Lex *lex) {
    gsize at, behind, start;
    guint depth = 1;

    start = lex->pos;
    for (at = start; at < lex->len; at = skipped_line_end(lex, at) + 1) {
        if (is_directive(lex, at, "endif", &behind) && --depth == 0)
            break;
        if (depth == 1 &&
            (is_directive(lex, at, "else", &behind) || is_directive(lex, at, "elif", &behind) ||
             is_directive(lex, at, "elifdef", &behind) || is_directive(lex, at, "elifndef", &behind)))
            break;
        depth += is_directive(lex, at, "if", &behind) || is_directive(lex, at, "ifdef", &behind) ||
                 is_directive(lex, at, "ifndef", &behind);
    }
    if (at >= lex->len)
        lex_lose(lex, start);
    else
        lex_take_to(lex, at, PLACE_COMMENT);
}

/* #include <a//b>, whose name is no comment and has no quotes. */
static bool read_header_name(Lex *lex) {
    gsize behind, end;

    if (!is_directive(lex, lex->pos, "include", &behind) &&
        !is_directive(lex, lex->pos, "include_next", &behind) &&
        !is_directive(lex, lex->pos, "import", &behind))
        return false;
    while (lex_is_blank(lex_at(lex, behind)))
        behind++;
    if (lex_at(lex, behind) != '<')
        return false;
    end = lex_line_end(lex, behind);
    const char *close = memchr(lex->text + behind, '>', end - behind);
    if (close == NULL)
        return false;
    lex_take_to(lex, (gsize)(close - lex->text) + 1, PLACE_CODE);
    return true;
}

static void read_code(Lexer *lexer) {
    Lex *lex = lexer->lex;
    char c = lex_at(lex, lex->pos);
    gsize end;

    if (c == '#' && lexer->line_start && is_if_zero(lex, lex->pos))
        lexer->if_zero = true;
    if (c == '#' && lexer->line_start && read_header_name(lex)) {
        lexer->line_start = false;
        return;
    }
    end = comment_end(lex, lex->pos);
    if (end > lex->pos) {
        take_whole(lex, end, PLACE_COMMENT);
        return;
    }
    if (c == '\n')
        lexer->line_start = true;
    else if (!lex_is_blank(c) && c != '\r' && c != '\v' && c != '\f' && splice(lex, lex->pos) == 0)
        lexer->line_start = false;
    if ((c == '"' || c == '\'') && read_quoted(lexer))
        return;
    lex_take(lex, MAX(splice(lex, lex->pos), 1), PLACE_CODE);
    if (c == '\n' && lexer->if_zero) {
        lexer->if_zero = false;
        read_left_out(lex);
    }
}

void lexer_c(Lex *lex) {
    Lexer lexer = {.lex = lex, .line_start = true};

    while (lex->pos < lex->len)
        read_code(&lexer);
}
