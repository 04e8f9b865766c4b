/* baseline.h: findings that are known and do not count, from a SARIF file of the repository; and the step of
 * triage that finds them again.
 *
 * Order: baseline_load() (or baseline_parse(), or baseline_new_for_all()), baseline_apply() as a step of
 * triage, baseline_stale(), baseline_free(). An entry is a rule, a path and a fingerprint
 * (primaryLocationLineHash), and stands for one finding. Where there is no such finding, it stands for one of
 * that rule and path whose line has the same text, since a fingerprint changes with what follows. Where the
 * change has renamed the file, both hold for its new path. Where its path is no longer there, it stands for
 * one of that rule and fingerprint in whatever file, and by its line alone in a file that has so much of the
 * old one's findings that it is that file, renamed and edited (baseline_renamed.c). */
#pragma once

#include "review/triage.h"

#include <glib.h>
#include <stdbool.h>

/* The file that `gate.baseline` names, from the trusted side of the change (change_trusted). NULL without an
 * error where the policy names none, or where what is reviewed is no repository; NULL with `error` set where
 * it is not there, cannot be read, or is not a baseline. */
Baseline *baseline_load(const Policy *policy, Change *change, GError **error);
/* `source` names the text in errors. */
Baseline *baseline_parse(const char *text, gsize len, const char *source, GError **error);
/* One that every finding is in that would count: for writing it. */
Baseline *baseline_new_for_all(void);
void baseline_free(Baseline *baseline);

/* Sets `unchanged`. The findings have fingerprints. */
bool baseline_apply(Triage *triage, GError **error);

/* Its entries that no longer occur, of those that this review could tell: their file was reviewed, or is
 * gone; and that the change has not taken out of the baseline. Of char *, clean lines ("ruff.F401 in a.py,
 * line 3"), in the order of the file; belongs to the baseline. */
const GPtrArray *baseline_stale(const Baseline *baseline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Baseline, baseline_free)
