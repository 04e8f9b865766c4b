/* job.h: the jobs of the policy: which there are, whether they may run, how they ended. The second door.
 *
 * A job is started only when the gate has passed, and only where every changed file in what it needs has
 * passed; otherwise its result says why it was skipped. */
#pragma once

#include "exec/command.h"
#include "exec/supervisor.h"
#include "review/change/change.h"
#include "review/policy/policy.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const JobPolicy *policy;
    char *name;    /* "unit", or "unit: tests/test_a.py" for one of several files (path made printable) */
    char *path;    /* that file, or NULL */
    char *skipped; /* why it was not run, or NULL */
    char *summary; /* one clean sentence about how it ended; NULL where skipped */
    CommandResult *result; /* NULL where skipped */
    GPtrArray *lost;       /* of char *: which of its outputs did not come back, and why, one clean line each;
                              NULL: none */
} JobResult;

/* Runs the policy's jobs over the head side of the change, `parallel` at a time (0: as many as there are
 * processors); every job and file has a result, in the policy's order, then by path. `skip` (may be NULL):
 * run nothing, and give this as the reason. false where it was cut short by `cancel_fd`. */
bool jobs_run(const Policy *policy, Change *change, const char *skip, const char *search_path, guint parallel,
              int cancel_fd, GPtrArray *ret_results);

void job_result_free(JobResult *result);
/* Whether it ran and ended well, and what it was to make came back. */
bool job_result_passed(const JobResult *result);
/* Whether it could not be run: the sandbox or the program's start failed, not the program. */
bool job_result_undecided(const JobResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JobResult, job_result_free)
