/* lex.h: what the lexers share (lexer.h): a text, how far it was read, and the places of what was read. For
 * the files lexer_*.c and syntax*.c alone.
 *
 * A lexer is a function that reads all of a text. Each step takes some bytes and says what they are, so that
 * `pos` only grows, and time is linear as long as no step looks far ahead again and again. */
#pragma once

#include "rules/lexer.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
    const char *text;
    gsize len, pos;
    guint8 *places;
} Lex;

/* The byte there, NUL from the end on. */
static inline char lex_at(const Lex *lex, gsize pos) {
    return pos < lex->len ? lex->text[pos] : '\0';
}

/* A byte of a name; of what is beyond ASCII all are. */
static inline bool lex_is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static inline bool lex_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Whether it is one of these; NUL never is. */
static inline bool lex_is_of(char c, const char *set) {
    return c != '\0' && strchr(set, c) != NULL;
}

/* Whether the text goes on with that word. */
static inline bool lex_has(const Lex *lex, gsize pos, const char *word) {
    gsize len = strlen(word);

    return pos <= lex->len && lex->len - pos >= len && memcmp(lex->text + pos, word, len) == 0;
}

/* Goes on to `to`, and says what was passed. */
static inline void lex_take_to(Lex *lex, gsize to, guint8 place) {
    to = MIN(to, lex->len);
    memset(lex->places + lex->pos, place, to - lex->pos);
    lex->pos = to;
}

static inline void lex_take(Lex *lex, gsize count, guint8 place) {
    lex_take_to(lex, lex->pos + MIN(count, lex->len - lex->pos), place);
}

/* The lexer has lost its way: what stands from there on may be anything. */
static inline void lex_lose(Lex *lex, gsize from) {
    memset(lex->places + from, PLACE_ANY, lex->len - from);
    lex->pos = lex->len;
}

/* Where the line ends: its newline, or the end. */
static inline gsize lex_line_end(const Lex *lex, gsize pos) {
    const char *newline = pos < lex->len ? memchr(lex->text + pos, '\n', lex->len - pos) : NULL;

    return newline != NULL ? (gsize)(newline - lex->text) : lex->len;
}

/* Behind the next such word, or the end. */
static inline gsize lex_find_behind(const Lex *lex, gsize pos, const char *word, bool *ret_found) {
    const char *found = pos < lex->len ? memmem(lex->text + pos, lex->len - pos, word, strlen(word)) : NULL;

    *ret_found = found != NULL;
    return found != NULL ? (gsize)(found - lex->text) + strlen(word) : lex->len;
}

/* Each in its own file. */
void lexer_c(Lex *lex);
void lexer_javascript(Lex *lex);
void lexer_python(Lex *lex);
void lexer_shell(Lex *lex);
