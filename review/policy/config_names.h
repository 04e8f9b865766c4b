/* config_names.h: which files well-known tools take their configuration from, by the tool's own
 * documentation.
 *
 * A policy need not name them, and must not forget one: ESLint takes eslint.config.js before
 * eslint.config.mjs, so that a change which brings the first would turn off what the second says. */
#pragma once

#include <glib.h>

/* Adds the names (newly allocated) for the tool of that name, "eslint", to `names`; none for an unknown one.
 */
void config_names_add(const char *tool, GPtrArray *names);
