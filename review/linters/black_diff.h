/* black_diff.h: reads what `black --diff` prints: unified diffs of many files, one behind the other.
 *
 * A hunk says how many lines it has, so its lines are counted, not guessed: a line of the file that looks
 * like a header changes nothing. Each file's diff is written in that file's own encoding and with its own
 * ends of line. */
#pragma once

#include "review/linters/linter.h"

#include <glib.h>
#include <stdbool.h>

#define BLACK_FORMAT "format" /* the code of what Black would reformat */

/* Adds a finding for each hunk, with its changes as the fix (lines as the tools count them: see source.h),
 * and one for ends of lines that Black would change elsewhere in the file; so all fixes of a file together
 * are what Black would write. The given paths that have a diff are added to `with_diff`. A diff that does not
 * fit its file makes that file undecided; false, with `error` set, where the text is no diff. */
bool black_diff_read(const LinterOutput *output, CheckResult *result, GHashTable *with_diff, GError **error);
