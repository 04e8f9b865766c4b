/* match.h: which findings the version before a change had already.
 *
 * Each finding of the old version can account for one of the new version that is of the same rule and says
 * the same: two where there was one before are one new finding. Pairs are looked for in this order, all
 * findings for the first kind of pair, then all for the second, ...:
 *
 *   1. on a line that the change did not touch, and that is the old finding's line;
 *   2. in the same file, or the one that it was renamed from, where its lines say the same, and so does what
 *      follows them (the context of fingerprint.h), or the line above, or the line below: it was moved;
 *   3. in the same file where its lines say the same, and not far away: it was moved alone;
 *   4. in another file of the change, with the conditions of 2: it was moved as part of a block.
 *
 * Of several the nearest is taken. "Lines say the same" means all lines of the finding, but for spaces and
 * tabs. Lines that are still where they were have not been moved, so they have no part in 2 to 4; but a new
 * finding on such a line is paired where the lines above and below say the same too, and one of them is new,
 * since a diff may take one of two blocks that are alike for the other. A finding that touches a new line and
 * cannot be paired by 2, 3 or 4 is new, even if the same was wrong with what stood there before. A message
 * may differ in a line number that it refers to, and in a measure that has not grown ("too complex (12 >
 * 10)").
 *
 * What Linter.stretches finds are stretches of lines that a change elsewhere splits and joins; there each
 * line is paired for itself, and a finding is old if all of its lines are. */
#pragma once

#include "review/change/change.h"
#include "rules/finding.h"

#include <glib.h>

/* Sets the age of every finding of `head` (of Finding, with paths of `change`): AGE_NEW, AGE_OLD or, where
 * the old one is suppressed, AGE_SILENT, by `base` (of Finding, with paths of `before`, which is
 * change_before()). A finding whose file cannot be read, or is not in the change, is new. */
void match_findings(const GPtrArray *head, const GPtrArray *base, Change *change, Change *before);

/* What a message says, whatever lines and measures it names: newly allocated. Each number in it is added to
 * `ret_numbers` (of guint64), as 0 where it is that of a line. `path` is the finding's. For the tests. */
char *match_message(const char *message, const char *path, GArray *ret_numbers);
