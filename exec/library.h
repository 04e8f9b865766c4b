/* library.h: a shared library that is loaded when it is first needed, since most runs of the program do
 * without it. */
#pragma once

#include <glib.h>

/* Loads the library of that name, for good, and finds its functions: a table of their addresses in the order
 * of `names` (NULL-terminated), with a NULL behind the last; never freed. NULL with `error` set
 * (G_FILE_ERROR) where there is no such library, or it lacks one. */
gpointer *library_load(const char *name, const char *const *names, GError **error);
