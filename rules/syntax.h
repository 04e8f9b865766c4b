/* syntax.h: how comments and strings are written in the common languages, and which bytes of a text are one
 * or the other.
 *
 * A table says of each language which signs begin a comment and which quotes a string; a scanner goes through
 * a text by it. For languages whose lexical grammar is no more than that, it is their lexer (lexer.h): they
 * are marked as exact. Of others, which have expressions in their strings, regular expressions, or a grammar
 * that depends on the words before, it is right for what people mostly write. That is good enough to ask
 * whether a suppression stands in a comment, and not to ask where a rule is to look. Languages with a lexer
 * of their own have only their comment signs here.
 *
 * What is not closed, and had to be, may be anything up to the end (PLACE_ANY): neither is a suppression
 * found there, nor is a rule kept from it. */
#pragma once

#include "rules/lexer.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *open;
    const char *close; /* NULL: it ends with its line */
} CommentSign;

/* All signs, and the bits of those that begin a comment in a language, as rule_language_of() names it. Where
 * it is not known, these are the common ones; from SYNTAX_RARE on they are so rare, and so likely to be
 * something else, that they open no block there. */
enum { SYNTAX_SIGNS = 30, SYNTAX_STAR = 5 /* the one with a star */, SYNTAX_RARE = 20 };
extern const CommentSign syntax_signs[SYNTAX_SIGNS];
guint syntax_signs_of(const char *language);

/* Whether the table is a language's lexer. */
bool syntax_is_exact(const char *language);
/* For each byte of the text PLACE_CODE, PLACE_STRING, PLACE_COMMENT or PLACE_ANY; newly allocated, `len`
 * bytes. NULL where the language is not known, or has a lexer of its own. Time is linear in the text. */
guint8 *syntax_places(const char *language, const char *text, gsize len);
