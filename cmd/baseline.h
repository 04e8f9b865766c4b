/* baseline.h: the options of `check` that have to do with the baseline. */
#pragma once

#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

/* The file that --write-baseline=GIVEN writes, newly allocated: `given`, or where that is "" the one that the
 * policy names, in the work tree. NULL with `error` set where there is none, or a symbolic link is in the way
 * of the policy's. */
char *baseline_target(const char *given, const Policy *policy, const Change *change, GError **error);
/* Writes the baseline of a review that was run with `write_baseline`, and says so on stderr. false (and said
 * on stderr) where that failed, or the review is undecided. */
bool baseline_write(const Review *review, const char *file);
