/* ruff_extend.h: the configuration file that another one of Ruff's builds on: `extend = "../ruff.toml"`. */
#pragma once

#include <glib.h>

/* The path, relative to the repository's root, of the file that the configuration file `path` names so, newly
 * allocated; NULL where it names none, or one that is not in the repository. Read by the line, not as TOML:
 * what only looks like it is named as well, and does no harm. */
char *ruff_extended(const char *path, const char *text, gsize len);
