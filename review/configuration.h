/* configuration.h: configuration of a linter that is found by what names it, not by a name of its own:
 *
 * - what an argument of the policy names: "--config=conf/flake8.cfg", or a script: [python3, tools/check.py];
 * - what the linter's configuration reads or runs besides: what it extends, plugins that lie in the
 * repository, and what these import (references.h).
 *
 * It steers the linter as its other configuration does: it is laid out for it as the trusted side has it,
 * and a change that edits it, or brings what is looked for and was not there, is told. What a plugin makes
 * the name of as it runs is not known here; a policy can name it. */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"

#include <glib.h>
#include <stdbool.h>

/* Their paths (a set; the caller's), by the trusted side's configuration in the folders on the way to the
 * files of the change. It holds as well what is named and not there, and all places in which a module may
 * be; what lies outside of the repository is not in it. NULL with `error` set, also where there is more than
 * CAP_CONFIGURATION. */
GHashTable *configuration_find(Change *change, const LinterPolicy *linter, GError **error);
