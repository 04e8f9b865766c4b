/* ruleset.h: the built-in rules that a policy asks for: its packs and the rule files of the repository.
 *
 * Rule files steer the review, so they come from the trusted side of the change (change_trusted): neither an
 * edited nor a deleted rule file loosens the gate of its own change. */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"
#include "rules/rule.h"

#include <glib.h>

/* NULL with `error` set: each error of a rule file is a line of its message, with file:line:column. */
RuleSet *ruleset_load(const Policy *policy, Change *change, GError **error);
