/* needs.h: what a linter of the policy's own has to see beside the files that it looks at: `needs`.
 *
 * A compiler wants headers, a type checker all modules, ESLint what is imported. Such a linter has a snapshot
 * of its own, in which the head side's files lie that its patterns name. Its configuration does not come from
 * there: that is snapshot_add_config()'s, which goes before. */
#pragma once

#include "review/policy/policy.h"
#include "review/snapshot.h"

#include <glib.h>
#include <stdbool.h>

/* Whether the linter wants more than the files of the change that linters look at. */
bool needs_more(const LinterPolicy *policy);
/* Whether a file is to lie there because the linter needs it. */
bool needs_wants(const LinterPolicy *policy, const char *path);

/* Lays them out, after the reviewed files and the configuration. A symbolic link is laid out as a copy of the
 * file that it leads to in the repository; one that leads to a folder, to nothing, or out of it is left out.
 */
bool needs_lay_out(const LinterPolicy *policy, Snapshot *snapshot, Change *change, GError **error);
