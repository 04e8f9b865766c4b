/* imports.h: what a text of Python imports, by its words: Python is not parsed. What only looks like an
 * import, in a string or a comment, is told as well. */
#pragma once

#include <glib.h>

/* `module` as it is written: "a.b", or ".a", "..", "..a.b" (relative). `member` is NULL for the import of the
 * module itself, which is told first, then a name behind "from ... import": it may be a module as well. */
typedef void (*ImportFound)(const char *module, const char *member, gpointer data);

void imports_find(const char *text, gsize len, ImportFound found, gpointer data);
