/* cursor.h: the place that has been come to in a text, for those who look only for a few words in it: what a
 * module imports, what a file of C includes. */
#pragma once

#include <glib.h>

typedef struct {
    const char *at, *end;
} Cursor;

/* Skips blanks, and the ends of lines that go on behind a backslash. */
void cursor_skip_space(Cursor *text);
