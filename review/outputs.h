/* outputs.h: what the policy's jobs have made, brought to its place below the repository's root. */
#pragma once

#include "review/change/change.h"

#include <glib.h>

/* Writes the outputs that came back from these jobs (of JobResult). Never over a file that git tracks (in the
 * index or HEAD), never through a link, and not where two runs have made the same path: what did not come to
 * its place, for these or any other reason, is told in JobResult.lost. */
void job_outputs_write(const GPtrArray *results, Change *change);
