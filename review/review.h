/* review.h: the pipeline of one review, and its outcome, which every report reads.
 *
 * policy -> change -> snapshot -> checks (linters || rules) -> findings -> triage -> verdict -> jobs.
 * review_run() is that line, in this order. The outcome is plain data; it holds no wall-clock time but the
 * jobs' own, and no host path. */
#pragma once

#include "review/change/change.h"
#include "review/job.h"
#include "review/ledger.h"
#include "review/policy/policy.h"
#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    Policy *policy;
    Change *change;
    GPtrArray *checks;   /* of CheckResult, sorted by name; their findings have moved to `findings` */
    GPtrArray *findings; /* of Finding, sorted; those with new_code count, the others are kept for
                            `everything` readers */
    GPtrArray *ledger;   /* of LedgerEntry, one a changed path, sorted */
    GPtrArray *jobs;     /* of JobResult, in the policy's order, then by file */
    GPtrArray *reasons;  /* of char *: why the verdict is not `passed`, one clean line each */
    guint counts[SEVERITY_ERROR + 1]; /* counted findings by severity */
    Verdict gate;                     /* the verdict before the jobs */
    Verdict verdict;                  /* in all */
} Review;

typedef struct {
    const char *search_path; /* the PATH that linters and interpreters are looked up on */
    guint parallel; /* children at a time; 0: all linters at once, and as many jobs as there are processors */
    bool no_run;    /* no jobs */
    bool review_all; /* a path that no check looks at is undecided, instead of skipped */
    int cancel_fd;   /* see supervisor.h */
} ReviewOptions;

/* Runs the pipeline over a loaded change. Takes `policy` and `change`. NULL with `error` set only where the
 * request is wrong (a rule file that cannot be read, say): whatever fails later is in the verdict. */
Review *review_run(Policy *policy, Change *change, const ReviewOptions *options, GError **error);
void review_free(Review *review);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Review, review_free)
