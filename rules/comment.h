/* comment.h: comments that begin with a word, in a text of any language: for what people tell a tool there.
 *
 * Of Python only what its lexer (lexer.h) takes for a comment is one, of the other known languages what the
 * table of syntax.h says. Where the language is not known, all common signs are taken: #, //, --, ;, %, <!--
 * and the slash with a star; what stands in a string cannot be told apart there. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A place in a comment where the word stands: at its beginning, behind a further comment sign in it, or, in a
 * block, at the beginning of a line. */
typedef struct {
    gsize text, end; /* offsets: from the word on to the end of the line or of the comment, blanks left out */
    guint line;      /* where the word stands, from 1 */
    guint column, end_column; /* of `text` and `end`: from 1, in code points, without a byte order mark */
    guint next_line; /* where nothing but comment stands on its line: the next line that holds more; else 0 */
} Comment;

/* The first `most` of them, in order, as an array of Comment. `language` is rule_language_of()'s. */
GArray *comment_find(const char *language, const char *text, gsize len, const char *word, guint most);
