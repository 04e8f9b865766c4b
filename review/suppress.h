/* suppress.h: a step of triage: suppressions in comments (suppression.h), as the policy's `suppress` allows.
 *
 * What does not hold is a finding itself, of the rules
 *   suppress.malformed   it cannot be read
 *   suppress.incomplete  it lacks what the policy requires
 *   suppress.expired     its last day is over
 *   suppress.unused      it suppresses nothing, though the checks that could have found it have looked
 * which no comment suppresses. Whose policy that is, and so who gives the permission, is told by who loads
 * it: the base's, where there is one. */
#pragma once

#include "review/triage.h"
#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

/* The findings are sorted, and are so afterwards. */
bool suppress_apply(Triage *triage, GError **error);
/* What is known of these rules, into `result`'s. */
void suppress_describe(CheckResult *result);
