/* excerpt.h: one source line for a terminal, and the marks that point at a part of it. */
#pragma once

#include "rules/finding.h"

#include <glib.h>

/* `line` is Finding.line_text. `ret_text` is the line in at most `width` cells of a terminal: tabs are
 * expanded, and a long line is cut around the region's start, with "…" where something is left out.
 * `ret_marks` are the spaces and carets that stand right when they are printed below it in as many cells;
 * empty where the region is not in this line. Both are newly allocated. */
void excerpt_make(const char *line, const Region *region, guint width, char **ret_text, char **ret_marks);
