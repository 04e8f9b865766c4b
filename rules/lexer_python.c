/* Python's lexical analysis, as far as it takes to tell code, strings and comments apart (The Python Language
 * Reference, 2.1.3 comments, 2.5 string literals, 2.5.4 f-strings as of 3.12, which also reads what older
 * versions take).
 *
 * A stack has the strings that are open. An f-string's replacement field stands on top of its string: what is
 * in it is code, with strings of its own; behind its colon stands a format, which is text again, and may hold
 * further fields. */
#include "exec/caps.h"
#include "rules/lex.h"

#include <string.h>

typedef struct {
    bool field;   /* a replacement field, not a string */
    gsize start;  /* its first byte */
    guint string; /* the string that its text belongs to, among those that are open: itself, or a field's */
    /* a string */
    char quote;
    bool triple, raw, fields;
    /* a field */
    bool format;    /* behind its colon */
    guint brackets; /* open within it */
} Open;

typedef struct {
    Lex *lex;
    GArray *open; /* of Open */
} Lexer;

static char at(const Lexer *lexer, gsize ahead) {
    return lex_at(lexer->lex, lexer->lex->pos + ahead);
}

static bool is_line_end(char c) {
    return c == '\n' || c == '\r'; /* Python ends a line at a lone carriage return too */
}

static void take(Lexer *lexer, gsize count, guint8 place) {
    lex_take(lexer->lex, count, place);
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
    while (len < 3 && pos > len && lex_is_word(lexer->lex->text[pos - len - 1]))
        len++;
    if (len == 0 || len == 3)
        return 0;
    g_autofree char *word = g_ascii_strdown(lexer->lex->text + pos - len, (gssize)len);
    return g_strv_contains(prefixes, word) ? len : 0;
}

static void begin_string(Lexer *lexer) {
    char quote = at(lexer, 0);
    gsize prefix = prefix_before(lexer, lexer->lex->pos);
    const char *word = lexer->lex->text + lexer->lex->pos - prefix;
    Open string = {
        .start = lexer->lex->pos - prefix,
        .string = lexer->open->len,
        .quote = quote,
        .triple = at(lexer, 1) == quote && at(lexer, 2) == quote,
        .raw = prefix > 0 && (strchr("rR", word[0]) || strchr("rR", word[prefix - 1])),
        .fields = prefix > 0 && (strchr("fFtT", word[0]) || strchr("fFtT", word[prefix - 1])),
    };
    memset(lexer->lex->places + lexer->lex->pos - prefix, PLACE_STRING, prefix);
    take(lexer, string.triple ? 3 : 1, PLACE_STRING);
    push(lexer, string);
}

static void read_comment(Lexer *lexer) {
    gsize count = 0;
    while (lexer->lex->pos + count < lexer->lex->len &&
           !is_line_end(lexer->lex->text[lexer->lex->pos + count]))
        count++;
    take(lexer, count, PLACE_COMMENT);
}

static void read_code(Lexer *lexer) {
    char c = at(lexer, 0);
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

/* Ends the string, and the fields that are open in it. */
static void end_string(Lexer *lexer, gsize quotes) {
    take(lexer, quotes, PLACE_STRING);
    g_array_set_size(lexer->open, top(lexer)->string);
}

/* What a backslash takes: itself and what follows. A brace stays a brace (f"\{x}" has a field), but for that
 * of a character's name, f"\N{DEGREE SIGN}". */
static gsize escape_length(const Lexer *lexer, const Open *string) {
    char next = at(lexer, 1);
    if (string->fields && (next == '{' || next == '}'))
        return 1;
    if (string->fields && !string->raw && next == 'N' && at(lexer, 2) == '{')
        return 3;
    return next == '\r' && at(lexer, 2) == '\n' ? 3 : 2;
}

/* In the text of a string, or in a field's format. */
static void read_text(Lexer *lexer) {
    Open string = g_array_index(lexer->open, Open, top(lexer)->string);
    bool format = top(lexer)->field;
    char c = at(lexer, 0), next = at(lexer, 1);

    if (c == '\\') {
        take(lexer, escape_length(lexer, &string), PLACE_STRING);
    } else if (c == string.quote && (!string.triple || (next == c && at(lexer, 2) == c))) {
        end_string(lexer, string.triple ? 3 : 1);
    } else if (is_line_end(c) && !string.triple) {
        end_string(lexer, 0); /* a string that is not closed: not valid, go on behind it */
    } else if (string.fields && c == '{' && next == '{' && !format) {
        take(lexer, 2, PLACE_STRING);
    } else if (string.fields && c == '{') {
        take(lexer, 1, PLACE_CODE);
        push(lexer, (Open){.field = true, .start = lexer->lex->pos, .string = top(lexer)->string});
    } else if (format && c == '}') {
        take(lexer, 1, PLACE_CODE);
        pop(lexer);
    } else {
        take(lexer, 1, PLACE_STRING);
    }
}

void lexer_python(Lex *lex) {
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(Open));
    Lexer lexer = {.lex = lex, .open = open};

    while (lex->pos < lex->len) {
        const Open *innermost = top(&lexer);
        if (open->len > CAP_LEXER_DEPTH)
            lex_lose(lex, lex->pos);
        else if (!innermost || (innermost->field && !innermost->format))
            read_code(&lexer);
        else
            read_text(&lexer);
    }
    /* What goes over lines, and is not closed: who knows where it should have been. */
    if (open->len > 1 || (open->len == 1 && top(&lexer)->triple))
        lex_lose(lex, g_array_index(open, Open, 0).start);
}
