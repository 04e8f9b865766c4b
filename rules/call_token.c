#include "rules/call_token.h"

#include "exec/caps.h"
#include "rules/lex.h"

#include <string.h>

typedef struct {
    const char *text;
    gsize len, pos;
    const guint8 *places;
    bool python;
    GArray *tokens;
    GArray *open;     /* of guint32: the brackets that are open */
    bool begins_line; /* nothing was on this line */
    gsize line;       /* where it began */
} Reader;

static bool is_string(const Reader *reader, gsize pos) {
    return reader->places[pos] == PLACE_STRING;
}

/* What may be anything is code, too. */
static bool is_code(const Reader *reader, gsize pos) {
    return (reader->places[pos] & PLACE_CODE) != 0;
}

static bool is_name(const Reader *reader, char c) {
    return lex_is_word(c) || (c == '$' && !reader->python) || (c == '#' && !reader->python);
}

static char at(const Reader *reader, gsize pos) {
    return pos < reader->len && is_code(reader, pos) ? reader->text[pos] : '\0';
}

/* The signs that are more than one character, the longer ones first. */
static guint8 operator_at(const Reader *reader, gsize *ret_len) {
    static const struct {
        const char *sign;
        guint8 kind;
    } signs[] = {
        {"...", TOKEN_SPREAD}, {"===", TOKEN_COMPARE}, {"!==", TOKEN_COMPARE}, {"**=", TOKEN_CHANGE},
        {"//=", TOKEN_CHANGE}, {"<<=", TOKEN_CHANGE},  {">>=", TOKEN_CHANGE},  {"?\?=", TOKEN_CHANGE},
        {"&&=", TOKEN_CHANGE}, {"||=", TOKEN_CHANGE},  {"==", TOKEN_COMPARE},  {"!=", TOKEN_COMPARE},
        {"<=", TOKEN_COMPARE}, {">=", TOKEN_COMPARE},  {"=>", TOKEN_ARROW},    {"->", TOKEN_ARROW},
        {":=", TOKEN_WALRUS},  {"**", TOKEN_STARS},    {"?.", TOKEN_CHAIN},    {"++", TOKEN_CHANGE},
        {"--", TOKEN_CHANGE},  {"+=", TOKEN_CHANGE},   {"-=", TOKEN_CHANGE},   {"*=", TOKEN_CHANGE},
        {"/=", TOKEN_CHANGE},  {"%=", TOKEN_CHANGE},   {"&=", TOKEN_CHANGE},   {"|=", TOKEN_CHANGE},
        {"^=", TOKEN_CHANGE},  {"@=", TOKEN_CHANGE},   {"//", TOKEN_OTHER},    {"&&", TOKEN_OTHER},
        {"||", TOKEN_OTHER},   {"??", TOKEN_OTHER},
    };
    char c = at(reader, reader->pos);

    for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
        const char *sign = signs[i].sign;

        if (sign[0] == c && sign[1] == at(reader, reader->pos + 1) &&
            (sign[2] == '\0' || sign[2] == at(reader, reader->pos + 2)) &&
            !(reader->python && (strcmp(sign, "++") == 0 || strcmp(sign, "--") == 0))) {
            *ret_len = strlen(sign);
            return signs[i].kind;
        }
    }
    *ret_len = 1;
    return lex_is_of(c, "n0\"EAWUPDQO") ? TOKEN_OTHER : (guint8)c;
}

/* Closes the innermost bracket of that kind. Those within it that are not closed have no partner. */
static void close_bracket(Reader *reader, guint32 index, guint8 opening) {
    Token *tokens = (Token *)(void *)reader->tokens->data;

    for (guint i = reader->open->len; i > 0 && reader->open->len - i < 8; i--) {
        guint32 other = g_array_index(reader->open, guint32, i - 1);

        if (tokens[other].kind != opening)
            continue;
        tokens[other].pair = index;
        tokens[index].pair = other;
        tokens[index].is_field = tokens[other].is_field;
        g_array_set_size(reader->open, i - 1);
        return;
    }
}

static void add(Reader *reader, guint8 kind, gsize len) {
    guint32 index = reader->tokens->len;
    const Token *before = &g_array_index(reader->tokens, Token, index - 1);
    bool follows = before->end == reader->pos;
    Token token = {.kind = kind,
                   .start = (guint32)reader->pos,
                   .end = (guint32)(reader->pos + len),
                   .begins_line = reader->begins_line,
                   .indent = (guint32)(reader->pos - reader->line)};

    /* f"a{ in Python; `a${ is told by its dollar. */
    if (kind == '{')
        token.is_field =
            len == 2 || (reader->python && follows && (before->kind == TOKEN_STRING || before->is_field));
    g_array_append_val(reader->tokens, token);
    if (lex_is_of((char)kind, "([{"))
        g_array_append_val(reader->open, index);
    else if (lex_is_of((char)kind, ")]}"))
        close_bracket(reader, index, kind == ')' ? '(' : kind == ']' ? '[' : '{');
    reader->begins_line = false;
    reader->pos += len;
}

/* A string, and those that stand behind it with nothing but blanks between, for Python joins them. */
static void read_string(Reader *reader) {
    gsize end = reader->pos;

    while (end < reader->len && is_string(reader, end))
        end++;
    add(reader, TOKEN_STRING, end - reader->pos);
}

static void read_code(Reader *reader) {
    char c = reader->text[reader->pos];
    gsize len = 1;

    if (c == '\n' || c == '\r') {
        reader->begins_line = true;
        reader->line = ++reader->pos;
    } else if (c == '\\' && lex_is_of(at(reader, reader->pos + 1), "\r\n")) { /* the line goes on */
        reader->pos += lex_is_of(at(reader, reader->pos + 2), "\n") ? 3 : 2;
    } else if (lex_is_of(c, " \t\v\f\\") || c == '\0') {
        reader->pos++;
    } else if (c == '$' && at(reader, reader->pos + 1) == '{' && !reader->python) {
        add(reader, '{', 2);
    } else if (is_name(reader, c)) {
        bool number = g_ascii_isdigit(c);

        while (is_name(reader, at(reader, reader->pos + len)) ||
               (number && at(reader, reader->pos + len) == '.'))
            len++;
        add(reader, number ? TOKEN_NUMBER : TOKEN_NAME, len);
    } else {
        guint8 kind = operator_at(reader, &len);

        add(reader, kind, len);
    }
}

GArray *tokens_read(const char *text, gsize len, const guint8 *places, bool python) {
    g_autoptr(GArray) tokens = g_array_new(FALSE, TRUE, sizeof(Token));
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint32));
    Reader reader = {.text = text,
                     .len = len,
                     .places = places,
                     .python = python,
                     .tokens = tokens,
                     .open = open,
                     .begins_line = true};

    if (len >= G_MAXUINT32)
        return NULL;
    g_array_append_val(tokens, ((Token){.kind = 0}));
    while (reader.pos < len) {
        if (tokens->len > CAP_CALL_TOKENS)
            return NULL;
        if (is_string(&reader, reader.pos))
            read_string(&reader);
        else if (is_code(&reader, reader.pos))
            read_code(&reader);
        else
            reader.pos++;
    }
    return g_steal_pointer(&tokens);
}

bool token_is(const Tokens *tokens, guint i, const char *word) {
    const Token *token = token_at(tokens, i);
    gsize len = strlen(word);

    return token->kind == TOKEN_NAME && token->end - token->start == len &&
           memcmp(tokens->text + token->start, word, len) == 0;
}

bool token_is_any(const Tokens *tokens, guint i, const char *const *words) {
    for (; *words != NULL; words++)
        if (token_is(tokens, i, *words))
            return true;
    return false;
}
