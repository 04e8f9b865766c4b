/* extends.h: configuration files that others extend: Ruff's `extend = "../shared/ruff.toml"`, in a ruff.toml,
 * a .ruff.toml or a pyproject.toml.
 *
 * Such a file may have any name, so it is found only by reading what names it. It steers the linter as its
 * own configuration does: it is the trusted side's, and a change that edits it is told. */
#pragma once

#include "review/change/change.h"

#include <glib.h>
#include <stdbool.h>

/* The paths (a set; the caller's) that are extended by the trusted side's configuration files of these names
 * (NULL-terminated), in the folders on the way to the files of the change, or by one another; also where
 * nothing is there. What lies outside of the repository is not in it. NULL with `error` set. */
GHashTable *extends_find(Change *change, const char *const *names, GError **error);
