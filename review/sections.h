/* sections.h: what of a file with settings of many tools (pyproject.toml, setup.cfg, tox.ini) may matter to a
 * linter. A new version or dependency of the project is no change of a linter's configuration. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether two versions of a file of that name are the same but for sections that are surely of others: those
 * that describe the project, and its builds and tests. Where that is in doubt, as for a file of another name,
 * all of it matters. */
bool sections_same(const char *path, GBytes *old, GBytes *new);
