/* syntax_walk.h: a walk over a text by the table of a language (syntax_table.h): where it is, and what it has
 * open. For the parts of the scanner (syntax_scan.c, syntax_forms.c). */
#pragma once

#include "rules/lex.h"
#include "rules/syntax_table.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    Lex lex;
    const Syntax *syntax;
    gsize line;        /* where the line began */
    gsize no_close[8]; /* of each quote: up to there it is not closed on its line */
    guint lost_heredocs;
    GPtrArray *heredocs; /* of char *: the words that end those that begin behind this line */
    GArray *tabs;        /* of bool, for each: its end may be indented */
} Walk;

/* The last byte on this line before the place that is no blank; NUL where there is none. */
char walk_last_code(const Walk *walk);
bool walk_at_word_start(const Walk *walk);

/* Goes on to `to`, and says what was passed. What ends beyond the text is not closed: the way is lost. */
void walk_take_to(Walk *walk, gsize to, guint8 place);
/* Goes on behind the next such word, or loses the way. */
void walk_take_behind(Walk *walk, gsize pos, const char *word, guint8 place);

/* Takes one of the forms that the flags of the language name; false where none begins here. */
bool walk_read_special(Walk *walk);
/* At the beginning of the line behind one that announced here-documents. */
void walk_read_heredocs(Walk *walk);
