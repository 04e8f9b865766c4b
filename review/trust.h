/* trust.h: what a change does to its own review. Where a change is not trusted (change_trusted_from() is not
 * NULL), its policy, rule files, baseline and linters' configuration are not in force before it is merged:
 * that it edits them is told, so that whoever merges it knows.
 *
 * change.policy-edited: the policy, or a file that it names. change.linter-config-edited: a file that a
 * linter of the policy takes its configuration from, unless only what others take from it is edited
 * (sections.h). Both are warnings of the pack "change". */
#pragma once

#include "review/change/change.h"
#include "review/policy/policy.h"
#include "rules/check.h"
#include "rules/rule.h"

/* Adds the findings for all files of the change to `result`, marked as of the change (finding.h). What goes
 * wrong is a failure in there. */
void trust_check(const Policy *policy, const RuleSet *rules, Change *change, CheckResult *result);
/* What is known of these rules, into `result`'s. */
void trust_describe(CheckResult *result);
