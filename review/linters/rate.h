/* rate.h: the severities of what a linter has found. */
#pragma once

#include "review/linters/linter.h"

/* Sets the severity of each finding, and of its rule: by the linter's own map, of one of the policy's own as
 * the tool told it; then the findings' by the policy's map. */
void rate_findings(const Linter *linter, const LinterPolicy *policy, CheckResult *result);
