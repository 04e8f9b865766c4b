/* base.h: the version before a change is reviewed, too, as far as that is needed to tell which findings are
 * new.
 *
 * The same checks look at it, with the same policy, in a snapshot of its own. Only those look that have
 * findings in the change, and only at files in which one of these may have been before: those with findings
 * outside of the new lines, and those that said what a new line with a finding says. match.h then makes
 * pairs.
 *
 * Where a check cannot tell what it would have found, all that it finds in the file counts, and a note says
 * so: nothing that goes wrong here makes a finding old. */
#pragma once

#include "review/checks.h"
#include "rules/match.h"

#include <glib.h>
#include <stdbool.h>

/* Whether the policy wants it for such a change. */
bool base_is_wanted(const GatePolicy *gate, const Change *change);

/* Sets the age of the `findings` (of Finding) that `head` found. `today` is what the suppressions in the old
 * version are judged by (see Triage). What has to be said is added to `notes` (of char *, clean lines). false
 * where it was cut short by `head->cancel_fd`. */
bool base_compare(const Checks *head, const Match *exclude, guint today, const GPtrArray *findings,
                  GPtrArray *notes);
