/* view.h: questions that more than one report asks of a review. For the writers of this folder. */
#pragma once

#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

/* What one tool has to say. */
typedef struct {
    const char *name;         /* "ruff" */
    const CheckResult *check; /* NULL: no check of that name is in the review */
    GPtrArray *findings;      /* of const Finding *: those that are wanted, in the review's order */
} ToolView;

/* A ToolView for each check and for each tool that has wanted findings (finding_counts: those that count),
 * sorted by name; "sallyport" is always among them. Free with g_ptr_array_unref(). What is in it belongs to
 * the review. */
GPtrArray *view_tools(const Review *review, bool (*wanted)(const Finding *finding));

/* What a review comes to in numbers, as the last line of the text says it. */
typedef enum {
    TOTAL_ERROR, /* that count */
    TOTAL_WARNING,
    TOTAL_NOTE,
    TOTAL_OLD, /* that do not: each stands with the first that holds */
    TOTAL_BASELINE,
    TOTAL_SUPPRESSED,
    TOTAL_FILES, /* in all, and of these */
    TOTAL_REVIEWED,
    TOTAL_SKIPPED,
    TOTAL_UNDECIDED,
    TOTAL_STALE, /* entries of the baseline that no longer occur */
    TOTALS,
} Total;

void view_totals(const Review *review, guint ret_totals[TOTALS]);
/* "error", "inBaseline", ... */
const char *view_total_name(Total total);

/* The path that comes first; NULL is behind all. For walking two lists that are sorted by path side by side.
 */
const char *view_first(const char *a, const char *b);

/* Whether a counted finding is one of those for which the review did not pass: more of its severity were
 * found than the gate allows in all, more of its rule, or more in its file than it allows in one. `entry` is
 * its file's, and may be NULL. */
bool view_speaks_against(const Review *review, const LedgerEntry *entry, const Finding *finding);

/* "passed", "failed" (it ran), "error" (it could not be run) or "skipped". */
typedef enum { JOB_PASSED, JOB_FAILED, JOB_ERROR, JOB_SKIPPED } JobOutcome;
JobOutcome view_job_outcome(const JobResult *job);
const char *view_job_outcome_name(JobOutcome outcome);

/* What its sandbox lacked: "this machine gives `namespaces`: cgroup: ...", newly allocated; NULL where it was
 * as good as this program's get, or there was none. */
char *view_job_isolation(const JobResult *job);

/* How the job ended, in one sentence, and how that can be mended: newly allocated. */
char *view_job_text(const JobResult *job);

/* "cut after 100 of 2000 bytes", newly allocated; NULL where all that it wrote is there. */
char *view_cut(GBytes *output, guint64 total);

/* The end of what a child wrote, made safe by text_block(): at most `lines` whole lines and about `most`
 * bytes. Newly allocated, without the newlines at the end; `ret_cut` says whether something stood before it.
 */
char *view_tail(GBytes *output, guint lines, gsize most, bool *ret_cut);
