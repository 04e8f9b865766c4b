/* plan.h: which fixes of a file go together.
 *
 * Only what a finding that counts has as a safe fix is applied: what the review does not hold against the
 * change (old, suppressed, in the baseline, turned off) is not touched either. Of fixes that overlap or touch
 * the one that begins first is taken; of different tools, none goes together with another on the same line.
 * What is left has its turn when the file was reviewed again. */
#pragma once

#include "review/fix/edit.h"
#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    GArray *replacements; /* of Replacement, sorted, not overlapping; they borrow the findings' text */
    GPtrArray *chosen;    /* of Finding: those that are fixed; borrowed */
    guint overlapping;    /* findings whose fix has to wait */
    guint refused;        /* findings whose fix is in `banned` */
    guint misplaced;      /* findings whose fix is of no place of the text */
    guint unsafe;         /* findings that have none but an unsafe one */
} Plan;

/* Of a file's findings (of Finding, in the order of reports) and its text. `banned` is a set of plan_key();
 * with `one`, only the first fix is taken. */
Plan *plan_new(const EditText *text, const GPtrArray *findings, GHashTable *banned, bool one);
void plan_free(Plan *plan);

/* The same for a finding and its like after another fix of the file. Newly allocated. */
char *plan_key(const Finding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)
