/* patch.h: what fixes do to a file, as a patch that git-apply(1) takes. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Appends the file's part of a patch: `diff --git`, the names, the hunks with three lines of context. Nothing
 * where both are the same. Some change has to be open (change_compare()). false with `error` set. */
bool fix_patch(const char *path, GBytes *before, GBytes *after, GString *patch, GError **error);
