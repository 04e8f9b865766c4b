/* configuration.h: configuration of a linter that is found by what names it, not by a name of its own:
 *
 * - what Ruff's configuration extends: `extend = "../shared/ruff.toml"`, in a ruff.toml, a .ruff.toml or a
 *   pyproject.toml;
 * - what an argument of the policy names: "--config=conf/flake8.cfg", or a script: [python3, tools/check.py].
 *
 * It steers the linter as its other configuration does: it is the trusted side's, and a change that edits it
 * is told. */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"

#include <glib.h>
#include <stdbool.h>

/* Their paths (a set; the caller's), by the trusted side's configuration in the folders on the way to the
 * files of the change. What is extended and not there is in it as well; what lies outside of the repository
 * is not. NULL with `error` set. */
GHashTable *configuration_find(Change *change, const LinterPolicy *linter, GError **error);
