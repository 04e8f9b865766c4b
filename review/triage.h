/* triage.h: what turns findings into those that count: one ordered list of small steps.
 *
 * Each step is a function over all findings; the list in triage.c is the order. Steps of more than a few
 * lines have a file of their own: overrides.h, suppress.h, place.h, baseline.h. A step says what it did to a
 * finding by triage_note() and takes one out by triage_drop(), so that a review can be explained. */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"
#include "rules/finding.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Baseline Baseline;

typedef struct {
    GPtrArray *findings; /* of Finding; owned by the array */
    Change *change;
    const Policy *policy;
    const GPtrArray *ledger; /* of LedgerEntry, sorted */
    const GPtrArray *checks; /* of CheckResult */
    const RuleSet *rules;    /* the built-in rules that were looked for */
    Baseline *baseline;      /* NULL: there is none */
    guint today;             /* 20261231 is the last day of 2026 */
    GPtrArray *dropped;      /* of Finding: where dropped ones go; NULL: the review is not explained */
    const char *step;        /* the name of the one that is at work */
} Triage;

typedef struct {
    const char *name;
    bool (*run)(Triage *triage, GError **error);
} TriageStep;

/* Runs every step: sets severity, new_code, suppression, unchanged, line_text and fingerprint, drops what is
 * `off` or said twice, adds findings of its own (suppress.h), and sorts. false with `error` set where the
 * text of a file with findings cannot be had any more. */
bool triage_run(Triage *triage, GError **error);

/* For steps. */

/* Says what the step that is at work did to a finding; nothing where the review is not explained. */
void triage_note(const Triage *triage, Finding *finding, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Takes out the finding at that place; what stood last stands there afterwards. */
void triage_drop(Triage *triage, guint index);
/* Gives a finding the severity that the policy has for it (its `rules.severity`, its gate, its overrides). */
void triage_grade(const Triage *triage, Finding *finding);
