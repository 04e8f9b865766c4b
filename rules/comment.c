#include "rules/comment.h"

#include "rules/lexer.h"
#include "rules/syntax.h"

#include <string.h>

/* How far a comment is read, and how many lines of comment are passed over: more is not meant for a person.
 */
enum { MOST_BYTES = 64 * 1024, MOST_LINES = 100 };

/* Goes through a text from the start to the end, once: time is linear in it. */
typedef struct {
    const char *text;
    gsize len;
    guint signs;
    const guint8 *places; /* from the lexer or the scanner; NULL where there is none */
    /* The line that was come to: */
    guint line;
    gsize line_start, line_text; /* its first byte, and its first one that is no blank */
    gsize line_end;              /* the first byte of the next one */
    gsize column_at;
    guint column; /* of `column_at` */
    /* The block comment that is open where the line begins: */
    const CommentSign *block;
    gsize block_at; /* how far blocks were looked for */
} Finder;

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c) {
    return c == '\n' || c == '\r';
}

/* Whether the text has that word right before `at`. */
static bool is_before(const Finder *finder, gsize at, const char *word) {
    gsize len = strlen(word);

    return at >= len && memcmp(finder->text + at - len, word, len) == 0;
}

static bool stands_at(const Finder *finder, gsize at, const char *word) {
    gsize len = strlen(word);

    return finder->len - at >= len && memcmp(finder->text + at, word, len) == 0;
}

/* Whether the sign that begins at `at` begins a comment, where that can be told: any place would do where the
 * lexer gave up, so only a comment for certain counts. */
static bool is_comment(const Finder *finder, gsize at) {
    return finder->places == NULL || finder->places[at] == PLACE_COMMENT;
}

/* Reads on to `to`, to know whether a block comment is open there. */
static void follow_blocks(Finder *finder, gsize to) {
    while (finder->block_at < to) {
        const char *from = finder->text + finder->block_at;
        const char *close = finder->block != NULL ? memmem(from, to - finder->block_at, finder->block->close,
                                                           strlen(finder->block->close))
                                                  : NULL;

        if (close != NULL) {
            finder->block_at = (gsize)(close - finder->text) + strlen(finder->block->close);
            finder->block = NULL;
        } else if (finder->block != NULL) {
            finder->block_at = to;
        } else {
            for (guint i = 0;
                 i < (finder->places != NULL ? SYNTAX_SIGNS : SYNTAX_RARE) && finder->block == NULL; i++)
                if (syntax_signs[i].close != NULL && (finder->signs & 1u << i) != 0 &&
                    is_comment(finder, finder->block_at) &&
                    stands_at(finder, finder->block_at, syntax_signs[i].open))
                    finder->block = &syntax_signs[i];
            finder->block_at += finder->block != NULL ? strlen(finder->block->open) : 1;
        }
    }
}

/* The longest sign that stands right before `p` on this line and begins a comment ("<#" over "#"), or NULL.
 */
static const CommentSign *sign_right_before(const Finder *finder, gsize p) {
    const CommentSign *longest = NULL;

    for (guint i = 0; i < SYNTAX_SIGNS; i++) {
        const CommentSign *sign = &syntax_signs[i];
        gsize len = strlen(sign->open);

        if ((finder->signs & 1u << i) != 0 && is_before(finder, p, sign->open) &&
            p - len >= finder->line_text && is_comment(finder, p - len) &&
            (longest == NULL || len > strlen(longest->open)))
            longest = sign;
    }
    return longest;
}

/* The sign of the comment in which the word at `at` stands where it may; NULL where it does not. Where that
 * begins on this line, or the line's own beginning, in `ret_start`. */
static const CommentSign *sign_before(const Finder *finder, gsize at, gsize *ret_start) {
    static const CommentSign of_scanner = {"", NULL}; /* =pod, --[==[ */
    const CommentSign *sign;
    gsize p = at, stars;

    while (p > finder->line_text && is_blank(finder->text[p - 1]))
        p--;
    sign = sign_right_before(finder, p);
    if (sign != NULL) {
        *ret_start = p - strlen(sign->open);
        return sign;
    }
    for (stars = p; stars > finder->line_text && finder->text[stars - 1] == '*';)
        stars--;
    *ret_start = finder->line_text;
    if (stars == finder->line_text &&
        is_comment(finder, at)) /* a line of a block, which may begin with stars */
        return finder->block != NULL || finder->places == NULL ? finder->block : &of_scanner;
    if (stars == p || (finder->signs & 1u << SYNTAX_STAR) == 0 || finder->text[stars - 1] != '/')
        return NULL;
    *ret_start = stars - 1;
    return is_comment(finder, *ret_start) ? &syntax_signs[SYNTAX_STAR] : NULL;
}

/* At most MOST_BYTES away. */
static gsize end_of_line(const Finder *finder, gsize at) {
    gsize most = finder->len - at > MOST_BYTES ? at + MOST_BYTES : finder->len;

    while (at < most && !is_line_end(finder->text[at]))
        at++;
    return at;
}

/* Behind the line end, or the end of the text. Lines of a region end at \n alone. */
static gsize start_of_next_line(const Finder *finder, gsize at) {
    const char *newline = at < finder->len ? memchr(finder->text + at, '\n', finder->len - at) : NULL;

    return newline != NULL ? (gsize)(newline - finder->text) + 1 : finder->len;
}

/* Whether nothing but comment stands on the line that begins at `at`, and ends before `end`. */
static bool is_comment_line(const Finder *finder, gsize at, gsize end) {
    bool any = false;

    for (gsize p = at; finder->places != NULL && p < end; p++) {
        if (finder->places[p] != PLACE_COMMENT && !is_blank(finder->text[p]) && !is_line_end(finder->text[p]))
            return false;
        any = any || (!is_blank(finder->text[p]) && !is_line_end(finder->text[p]));
    }
    if (finder->places != NULL)
        return any;
    while (at < finder->len && is_blank(finder->text[at]))
        at++;
    for (guint i = 0; i < SYNTAX_SIGNS; i++)
        if ((finder->signs & 1u << i) != 0 && syntax_signs[i].close == NULL &&
            stands_at(finder, at, syntax_signs[i].open))
            return at < finder->len && is_comment(finder, at);
    return false;
}

static gsize skip_blanks(const Finder *finder, gsize from, gsize to) {
    while (from < to && (is_blank(finder->text[from]) || finder->text[from] == '\r'))
        from++;
    return from;
}

/* Behind what stands before the sign at `start` and is of a comment, too: a further sign, as in ";;", or what
 * is told to others ("# noqa # ..."). */
static gsize skip_comment(const Finder *finder, gsize from, gsize start) {
    while (from < start && (is_blank(finder->text[from]) ||
                            (finder->places != NULL ? finder->places[from] == PLACE_COMMENT
                                                    : finder->text[from] == finder->text[start])))
        from++;
    return from;
}

/* Whether nothing else stands before `start`, and from `close` to `end`; but in JSX a comment stands in
 * braces. */
static bool stands_alone(const Finder *finder, gsize start, gsize close, gsize end) {
    bool brace = start > finder->line_text && finder->text[finder->line_text] == '{';
    gsize from = skip_comment(finder, finder->line_text + brace, start), to = skip_blanks(finder, close, end);

    if (brace && to < end && finder->text[to] == '}')
        to = skip_blanks(finder, to + 1, end);
    return from >= start && to == end;
}

/* The next line that holds more than a comment, or 0 where more than the comment from `start` to `close`
 * stands on its lines. */
static guint next_line(const Finder *finder, gsize start, gsize close) {
    gsize end = end_of_line(finder, close), at = start_of_next_line(finder, end), most = at + MOST_BYTES;
    guint line = finder->line + 1;

    if (start > finder->line_text + MOST_BYTES || !stands_alone(finder, start, close, end) ||
        end - close == MOST_BYTES)
        return 0;
    for (gsize p = start; p < close; p++)
        line += finder->text[p] == '\n';
    for (guint i = 0; i < MOST_LINES && at < finder->len; i++, line++) {
        gsize next = start_of_next_line(finder, at);

        if (next > most || !is_comment_line(finder, at, next))
            break;
        at = next;
    }
    return line;
}

/* The end of the comment: in `ret_end` on its line, as the return value in all, its closing sign included; 0
 * where that is too far away. */
static gsize end_of_comment(const Finder *finder, const CommentSign *sign, gsize at, gsize *ret_end) {
    const char *close;

    *ret_end = end_of_line(finder, at);
    if (sign->close == NULL)
        return *ret_end - at < MOST_BYTES ? *ret_end : 0;
    close = memmem(finder->text + at, MIN(finder->len - at, MOST_BYTES), sign->close, strlen(sign->close));
    if (close == NULL)
        return 0;
    *ret_end = MIN(*ret_end, (gsize)(close - finder->text));
    return (gsize)(close - finder->text) + strlen(sign->close);
}

static guint count_characters(const Finder *finder, gsize from, gsize to) {
    guint count = 0;

    for (; from < to; from++)
        count += (finder->text[from] & 0xc0) != 0x80; /* not the second or a later byte of one */
    return count;
}

static bool read_comment(Finder *finder, gsize at, Comment *ret_comment) {
    gsize start, close;
    const CommentSign *sign = sign_before(finder, at, &start);

    if (sign == NULL)
        return false;
    ret_comment->text = at;
    close = end_of_comment(finder, sign, at, &ret_comment->end);
    while (ret_comment->end > at && is_blank(finder->text[ret_comment->end - 1]))
        ret_comment->end--;
    finder->column += count_characters(finder, finder->column_at, at);
    finder->column_at = at;
    ret_comment->line = finder->line;
    ret_comment->column = finder->column;
    ret_comment->end_column = finder->column + count_characters(finder, at, ret_comment->end);
    ret_comment->next_line = close > 0 ? next_line(finder, start, close) : 0;
    return true;
}

static void begin_line(Finder *finder, gsize at, guint line) {
    bool has_mark = at == 0 && stands_at(finder, 0, "\xef\xbb\xbf"); /* no character of the text */

    finder->line = line;
    finder->line_start = at;
    finder->line_end = start_of_next_line(finder, at);
    finder->column_at = has_mark ? 3 : at;
    finder->column = 1;
    finder->line_text = finder->column_at;
    while (finder->line_text < finder->len && is_blank(finder->text[finder->line_text]))
        finder->line_text++;
    follow_blocks(finder, at);
    if (finder->places != NULL && at > 0 && finder->places[at - 1] != PLACE_COMMENT)
        finder->block = NULL; /* its sign stood in a comment of one line */
}

GArray *comment_find(const char *language, const char *text, gsize len, const char *word, guint most) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Comment));
    g_autofree guint8 *places = NULL;
    Finder finder = {.text = text, .len = len, .signs = syntax_signs_of(language)};
    const char *p = memmem(text, len, word, strlen(word));

    if (p != NULL)
        places =
            lexer_knows(language) ? lexer_places(language, text, len) : syntax_places(language, text, len);
    finder.places = places;
    begin_line(&finder, 0, 1);
    for (; p != NULL && found->len < most;
         p = memmem(p + 1, len - (gsize)(p + 1 - text), word, strlen(word))) {
        gsize at = (gsize)(p - text);
        Comment comment;

        while (finder.line_end <= at)
            begin_line(&finder, finder.line_end, finder.line + 1);
        if (read_comment(&finder, at, &comment))
            g_array_append_val(found, comment);
    }
    return found;
}
