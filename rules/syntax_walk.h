/* syntax_walk.h: a walk over a text by the table of a language (syntax_table.h): where it is, and what it has
 * open. For the parts of the scanner (syntax_scan.c, syntax_forms.c). */
#pragma once

#include "rules/syntax_table.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const Syntax *syntax;
    const char *text;
    gsize len, pos;
    gsize end; /* of what is looked at: of a script, where it ends */
    guint8 *places;
    gsize line;        /* where the line began */
    gsize no_close[8]; /* of each quote: up to there it is not closed on its line */
    gsize no_regex;
    guint lost_heredocs;
    GArray *fields;      /* of guint: the open ${ or $(, each with the braces that are open in it */
    GPtrArray *heredocs; /* of char *: the words that end those that begin behind this line */
    GArray *tabs;        /* of bool, for each: its end may be indented */
} Walk;

bool walk_is_blank(char c);
bool walk_is_word(char c);

/* The byte there, NUL from the end on; whether the word stands there. */
char walk_at(const Walk *walk, gsize pos);
bool walk_has(const Walk *walk, gsize pos, const char *word);
/* Where the line ends: its newline, or the end; behind the next such word, or the end. */
gsize walk_line_end(const Walk *walk, gsize pos);
gsize walk_find_behind(const Walk *walk, gsize pos, const char *word, bool *ret_found);

/* The last byte on this line before the place that is no blank; NUL where there is none. */
char walk_last_code(const Walk *walk);
bool walk_at_word_start(const Walk *walk);

/* Goes on to `to`, and says what was passed. */
void walk_take_to(Walk *walk, gsize to, guint8 place);

/* Takes one of the forms that the flags of the language name; false where none begins here. */
bool walk_read_special(Walk *walk);
bool walk_read_regex(Walk *walk);
/* At the beginning of the line behind one that announced here-documents. */
void walk_read_heredocs(Walk *walk);
