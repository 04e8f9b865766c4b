/* call_token.h: the code of a file as tokens, with the brackets that belong together. For the files call*.c
 * alone.
 *
 * A string is one token as long as nothing is computed in it: f"a{b}c" is a string, a bracket with a name in
 * it, and a string. Comments are none. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Other tokens are the character that they are. */
enum {
    TOKEN_NAME = 'n',
    TOKEN_NUMBER = '0',
    TOKEN_STRING = '"',  /* also several that stand next to each other */
    TOKEN_COMPARE = 'E', /* ==, !=, <=, >=, ===, !== */
    TOKEN_ARROW = 'A',   /* =>, -> */
    TOKEN_WALRUS = 'W',  /* := */
    TOKEN_CHANGE = 'U',  /* +=, ++, ... */
    TOKEN_STARS = 'P',   /* ** */
    TOKEN_SPREAD = 'D',  /* ... */
    TOKEN_CHAIN = 'Q',   /* ?. */
    TOKEN_OTHER = 'O',
};

/* Token 0 is none, so that 0 can stand for it. */
typedef struct {
    guint32 start, end; /* bytes */
    guint32 pair;       /* of a bracket: the one that belongs to it; 0: none does */
    guint32 scope;      /* where it stands, for call_scope.h */
    guint32 indent;     /* of the line that it begins */
    guint8 kind;
    bool begins_line;
    bool in_import; /* of an import, by call_scope.h */
    bool binds;     /* a name that gets its meaning there, likewise */
    bool is_field;  /* { that opens what a string computes, and its } */
} Token;

typedef struct {
    const char *text;
    const Token *tokens;
    guint count; /* with token 0 */
    bool python;
} Tokens;

/* Newly allocated, of Token; NULL where there are more than CAP_CALL_TOKENS. `places` are the lexer's. */
GArray *tokens_read(const char *text, gsize len, const guint8 *places, bool python);

/* Token 0 beyond the end. */
static inline const Token *token_at(const Tokens *tokens, guint i) {
    return &tokens->tokens[i < tokens->count ? i : 0];
}

static inline guint8 token_kind(const Tokens *tokens, guint i) {
    return token_at(tokens, i)->kind;
}

/* Whether it is that name, keywords included. */
bool token_is(const Tokens *tokens, guint i, const char *word);
/* One of these; ends with NULL. */
bool token_is_any(const Tokens *tokens, guint i, const char *const *words);

/* Whether it is of one of these kinds; the end is none. */
static inline bool token_is_of(const Tokens *tokens, guint i, const char *kinds) {
    guint8 kind = token_kind(tokens, i);

    return kind != 0 && strchr(kinds, kind) != NULL;
}

/* Behind the token; behind the closing bracket of one that opens. */
static inline guint token_skip(const Tokens *tokens, guint i) {
    const Token *token = token_at(tokens, i);

    return token->pair > i ? token->pair + 1 : i + 1;
}
