/* review.h: the pipeline of one review, and its outcome, which every report reads.
 *
 * policy -> change -> snapshot -> checks (linters || rules) -> findings -> triage -> verdict -> jobs.
 * review_run() is that line, in this order. The outcome is plain data; it holds no wall-clock time but the
 * jobs' own, and no host path. */
#pragma once

#include "review/cache.h"
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
    GPtrArray *findings; /* of Finding, sorted; of some, finding_counts() says that they do not count */
    GPtrArray *dropped;  /* of Finding: what triage took out; NULL unless the review is explained */
    GPtrArray *stale;    /* of char *: entries of the baseline that no longer occur, a clean line each */
    GPtrArray *ledger;   /* of LedgerEntry, one a changed path, sorted */
    GPtrArray *jobs;     /* of JobResult, in the policy's order, then by file */
    bool compared;       /* with what came before the change: findings have an age */
    GPtrArray *notes;    /* of char *: what else is to be known of it, clean lines */
    GPtrArray *reasons;  /* of char *: why the verdict is not `passed`, one clean line each */
    guint counts[SEVERITY_ERROR + 1]; /* counted findings by severity */
    Verdict gate;                     /* the verdict before the jobs */
    Verdict verdict;                  /* in all */
} Review;

typedef struct {
    const char *search_path; /* the PATH that linters and interpreters are looked up on */
    Cache *cache;            /* of what linters found; NULL: none */
    guint parallel; /* children at a time; 0: all linters at once, and as many jobs as there are processors */
    bool no_run;    /* no jobs */
    bool hold_jobs; /* no jobs yet: review_run_jobs() */
    bool review_all;      /* a path that no check looks at is undecided, instead of skipped */
    int cancel_fd;        /* see supervisor.h */
    guint today;          /* the day on which suppressions are judged: 20261231 is the last one of 2026 */
    bool explain;         /* keep what each step of triage did to each finding */
    bool strict_baseline; /* an entry of the baseline that no longer occurs rejects */
    bool write_baseline; /* every finding that would count is taken for one of the baseline; see baseline.h */
} ReviewOptions;

/* Runs the pipeline over a loaded change. Takes `policy` and `change`. NULL with `error` set only where the
 * request is wrong (a rule file that cannot be read, say): whatever fails later is in the verdict. */
Review *review_run(Policy *policy, Change *change, const ReviewOptions *options, GError **error);
/* The jobs of a review with `hold_jobs`, once, where it was not stopped. */
void review_run_jobs(Review *review, const ReviewOptions *options);
void review_free(Review *review);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Review, review_free)
