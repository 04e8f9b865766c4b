/* gate.h: thresholds; turns the counted findings and the ledger into a verdict. */
#pragma once

#include "review/ledger.h"
#include "review/policy/policy.h"
#include "rules/check.h"

#include <glib.h>

/* Counts the findings that count (finding_counts) into `counts` (by Severity) and the ledger's entries, gives
 * each entry its verdict, and returns the verdict in all: the greatest of the entries'. Why it is not
 * `passed` is added to `reasons` (of char *), a clean line each: the limits that were passed and by how much,
 * the checks that failed, the files that are undecided. */
Verdict gate_decide(const GatePolicy *gate, const GPtrArray *findings, GPtrArray *ledger,
                    const GPtrArray *checks, guint counts[SEVERITY_ERROR + 1], GPtrArray *reasons);
