/* syntax.h: how comments and strings are written in the common languages, and which bytes of a text are one
 * or the other.
 *
 * A table says of each language which signs begin a comment and which quotes a string; a scanner goes through
 * a text by it. That is less than a lexer (lexer.h, which Python has): it is right for what people write, and
 * where it loses its way, as behind a quote that is never closed, it takes for a string what is a comment,
 * and not the other way round. So it is good enough to ask whether a suppression stands in a comment, and not
 * to ask where a rule is to look. */
#pragma once

#include "rules/lexer.h"

#include <glib.h>

typedef struct {
    const char *open;
    const char *close; /* NULL: it ends with its line */
} CommentSign;

/* All signs, and the bits of those that begin a comment in a language, as rule_language_of() names it. Where
 * it is not known, these are the common ones; from SYNTAX_RARE on they are so rare, and so likely to be
 * something else, that they open no block there. */
enum { SYNTAX_SIGNS = 27, SYNTAX_STAR = 5 /* the one with a star */, SYNTAX_RARE = 17 };
extern const CommentSign syntax_signs[SYNTAX_SIGNS];
guint syntax_signs_of(const char *language);

/* For each byte of the text PLACE_CODE, PLACE_STRING or PLACE_COMMENT; newly allocated, `len` bytes. NULL
 * where nothing is known of the language's strings. Time is linear in the text. */
guint8 *syntax_places(const char *language, const char *text, gsize len);
