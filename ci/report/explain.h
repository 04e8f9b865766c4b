/* explain.h: what triage did to each finding, step by step, for a person who asks why it counts, or does not.
 */
#pragma once

#include "review/review.h"

#include <glib.h>

/* A section of text: each finding that `place` means, those included that were dropped, with a line for each
 * step of triage that had to do with it. `place` is PATH, PATH:LINE, or "" for all. Nothing where the review
 * was not run to be explained. */
void explain_put(const Review *review, const char *place, GString *out);
