/* lexer.h: which bytes of a source file are code, which are in a string, which in a comment.
 *
 * For rules that say `in: [code]`. A lexer here never fails: text that is not valid in its language is read
 * on as far as it makes sense, and where it does not, the rest is PLACE_ANY, so that no rule is kept from it.
 * Time is linear in the text.
 *
 * Python, the shell, JavaScript and TypeScript, C and C++ have a lexer each (lexer_python.c, ...); for
 * languages that need no more than their quotes and comment signs it is the table of syntax.h. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum {
    PLACE_CODE = 1 << 0,
    PLACE_STRING = 1 << 1, /* with its quotes and prefix; what is computed within one is code */
    PLACE_COMMENT = 1 << 2,
    PLACE_ANY = PLACE_CODE | PLACE_STRING | PLACE_COMMENT,
};

/* Whether there is a lexer for a language, as rule_language_of() names it. */
bool lexer_knows(const char *language);
/* For each byte of `text` its place; newly allocated, `len` bytes. The language must be known. */
guint8 *lexer_places(const char *language, const char *text, gsize len);
