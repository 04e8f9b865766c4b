/* fix.h: the passes of `check --fix` and `check --diff`, and what is said of them. */
#pragma once

#include "review/fix/fix.h"
#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

/* One pass: loads the change, amends it by `fixes` (NULL: as it is), and reviews it; the jobs are held. NULL
 * with `error` set. */
typedef Review *(*FixPass)(Fixes *fixes, gpointer data, GError **error);

/* Reviews, fixes, reviews again, until there is no more to fix; then writes the fixes, or with `diff` prints
 * them as a patch. Gives back the review of what is there afterwards: of the fixed content, where that is
 * what was reviewed (the index, the work tree); otherwise (a commit, `diff`) of what was reviewed in the
 * first place. NULL with `error` set where the request cannot be done. */
Review *fix_run(bool diff, int cancel_fd, FixPass pass, gpointer data, GError **error);
