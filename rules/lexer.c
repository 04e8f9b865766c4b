/* Python's lexical analysis, as far as it takes to tell code, strings and comments apart (The Python Language
 * Reference, 2.1.3 comments, 2.5 string literals, 2.5.4 f-strings as of 3.12, which also reads what older
 * versions take).
 *
 * A stack has the strings that are open. An f-string's replacement field stands on top of its string: what is
 * in it is code, with strings of its own; behind its colon stands a format, which is text again, and may hold
 * further fields. */
#include "rules/lexer.h"

#include <string.h>

/* CPython gives up at 150 nested f-strings. */
#define MOST_OPEN 400u

typedef struct {
    bool field; /* a replacement field, not a string */
    /* a string */
    char quote;
    bool triple, fields;
    /* a field */
    bool format;    /* behind its colon */
    guint brackets; /* open within it */
} Open;

typedef struct {
    const char *text;
    gsize len, pos;
    guint8 *places;
    GArray *open; /* of Open */
} Lexer;

static char at(const Lexer *lexer, gsize pos) {
    return pos < lexer->len ? lexer->text[pos] : '\0';
}

static bool is_line_end(char c) {
    return c == '\n' || c == '\r'; /* Python ends a line at a lone carriage return too */
}

static bool is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static void take(Lexer *lexer, gsize count, guint8 place) {
    count = MIN(count, lexer->len - lexer->pos);
    memset(lexer->places + lexer->pos, place, count);
    lexer->pos += count;
}

static Open *top(const Lexer *lexer) {
    return lexer->open->len > 0 ? &g_array_index(lexer->open, Open, lexer->open->len - 1) : NULL;
}

static void push(Lexer *lexer, Open open) {
    g_array_append_val(lexer->open, open);
}

static void pop(Lexer *lexer) {
    g_array_set_size(lexer->open, lexer->open->len - 1);
}

/* The length of the prefix that ends at `pos` ("rb" of rb'...'), 0 where none does. */
static gsize prefix_before(const Lexer *lexer, gsize pos) {
    static const char *const prefixes[] = {"r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt", NULL};
    gsize len = 0;
    while (len < 3 && pos > len && is_word(lexer->text[pos - len - 1]))
        len++;
    if (len == 0 || len == 3)
        return 0;
    g_autofree char *word = g_ascii_strdown(lexer->text + pos - len, (gssize)len);
    return g_strv_contains(prefixes, word) ? len : 0;
}

static void begin_string(Lexer *lexer) {
    char quote = at(lexer, lexer->pos);
    gsize prefix = prefix_before(lexer, lexer->pos);
    const char *word = lexer->text + lexer->pos - prefix;
    Open string = {
        .quote = quote,
        .triple = at(lexer, lexer->pos + 1) == quote && at(lexer, lexer->pos + 2) == quote,
        .fields = prefix > 0 && (strchr("fFtT", word[0]) || strchr("fFtT", word[prefix - 1])),
    };
    memset(lexer->places + lexer->pos - prefix, PLACE_STRING, prefix);
    take(lexer, string.triple ? 3 : 1, PLACE_STRING);
    push(lexer, string);
}

static void read_comment(Lexer *lexer) {
    gsize count = 0;
    while (lexer->pos + count < lexer->len && !is_line_end(lexer->text[lexer->pos + count]))
        count++;
    take(lexer, count, PLACE_COMMENT);
}

static void read_code(Lexer *lexer) {
    char c = at(lexer, lexer->pos);
    if (c == '#') {
        read_comment(lexer);
        return;
    }
    if (c == '\'' || c == '"') {
        begin_string(lexer);
        return;
    }
    take(lexer, 1, PLACE_CODE);
    Open *field = top(lexer);
    if (!field)
        return;
    if (strchr("([{", c) && c)
        field->brackets++;
    else if (c == '}' && field->brackets == 0)
        pop(lexer);
    else if (strchr(")]}", c) && c && field->brackets > 0)
        field->brackets--;
    else if (c == ':' && field->brackets == 0)
        field->format = true;
}

/* The string that the text at this place belongs to; a format is within its string. */
static guint string_index(const Lexer *lexer) {
    guint i = lexer->open->len - 1;
    while (g_array_index(lexer->open, Open, i).field)
        i--;
    return i;
}

/* Ends the string, and the fields that are open in it. */
static void end_string(Lexer *lexer, gsize quotes) {
    take(lexer, quotes, PLACE_STRING);
    g_array_set_size(lexer->open, string_index(lexer));
}

/* What a backslash takes: itself and what follows. A brace stays a brace (f"\{x}" has a field). */
static gsize escape_length(const Lexer *lexer, const Open *string) {
    char next = at(lexer, lexer->pos + 1);
    if (string->fields && (next == '{' || next == '}'))
        return 1;
    return next == '\r' && at(lexer, lexer->pos + 2) == '\n' ? 3 : 2;
}

/* In the text of a string, or in a field's format. */
static void read_text(Lexer *lexer) {
    Open string = g_array_index(lexer->open, Open, string_index(lexer));
    bool format = top(lexer)->field;
    char c = at(lexer, lexer->pos), next = at(lexer, lexer->pos + 1);

    if (c == '\\') {
        take(lexer, escape_length(lexer, &string), PLACE_STRING);
    } else if (c == string.quote && (!string.triple || (next == c && at(lexer, lexer->pos + 2) == c))) {
        end_string(lexer, string.triple ? 3 : 1);
    } else if (is_line_end(c) && !string.triple) {
        end_string(lexer, 0); /* a string that is not closed: not valid, go on behind it */
    } else if (string.fields && c == '{' && next == '{' && !format) {
        take(lexer, 2, PLACE_STRING);
    } else if (string.fields && c == '{') {
        take(lexer, 1, PLACE_CODE);
        push(lexer, (Open){.field = true});
    } else if (format && c == '}') {
        take(lexer, 1, PLACE_CODE);
        pop(lexer);
    } else {
        take(lexer, 1, PLACE_STRING);
    }
}

static guint8 *python_places(const char *text, gsize len) {
    g_autofree guint8 *places = g_malloc(MAX(len, 1));
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
    Lexer lexer = {.text = text, .len = len, .places = places, .open = open};

    while (lexer.pos < len) {
        const Open *innermost = top(&lexer);
        if (open->len > MOST_OPEN)
            take(&lexer, len - lexer.pos, PLACE_ANY);
        else if (!innermost || (innermost->field && !innermost->format))
            read_code(&lexer);
        else
            read_text(&lexer);
    }
    return g_steal_pointer(&places);
}

static const struct {
    const char *language;
    guint8 *(*places)(const char *text, gsize len);
} lexers[] = {
    {"python", python_places},
};

bool lexer_knows(const char *language) {
    for (gsize i = 0; i < G_N_ELEMENTS(lexers); i++)
        if (strcmp(lexers[i].language, language) == 0)
            return true;
    return false;
}

guint8 *lexer_places(const char *language, const char *text, gsize len) {
    for (gsize i = 0; i < G_N_ELEMENTS(lexers); i++)
        if (strcmp(lexers[i].language, language) == 0)
            return lexers[i].places(text, len);
    g_return_val_if_reached(NULL);
}
