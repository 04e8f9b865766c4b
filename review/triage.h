/* triage.h: what turns findings into those that count: one ordered list of small steps.
 *
 * Each step is a function over all findings; the list in triage.c is the order. Later steps (overrides,
 * matching with the base, suppressions, a baseline) are further lines in that list. */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"
#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

/* Runs every step over `findings` (of Finding, owned by the array): sets severity, new_code, line_text and
 * fingerprint, drops what is `off` or said twice, and sorts. false with `error` set where the text of a file
 * with findings cannot be had any more. */
bool triage_run(GPtrArray *findings, Change *change, const Policy *policy, GError **error);
