/* clang.h: the check "clang": what the rules of the kinds c_ast and clang find in C and C++, and how complex
 * the functions are that have changed.
 *
 * Rules look only at files of their languages and paths; where none does, and the policy sets no limit of
 * complexity, nothing is started. Of complexity there are two rules: c.complexity (cyclomatic) and
 * c.cognitive-complexity, each where the policy's gate.max_complexity sets a limit; what is counted stands in
 * rules/clang/worker/complexity.h. A finding lies on the function's name.
 *
 * Order: clang_check_new(), clang_check_add() for each file, clang_check_start(), supervisor_wait(),
 * clang_check_finish(). Where no file was added, nothing is loaded or started. A file counts as looked at
 * only where all of it was understood, as far as that matters: with an include missing, functions that clang
 * cannot make sense of are counted by their words, and a call that a rule looks for in such a part makes the
 * file undecided. */
#pragma once

#include "exec/supervisor.h"
#include "review/change/change.h"
#include "review/policy/policy.h"
#include "rules/check.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

#define CLANG_CHECK "clang"

typedef struct ClangCheck ClangCheck;

/* NULL where the policy does not want it. All three must live until clang_check_finish(). */
ClangCheck *clang_check_new(const Policy *policy, const RuleSet *rules, Change *change);
/* What is known of its two rules, into `result`'s. */
void clang_check_describe(CheckResult *result);
/* Whether the check looks at a file of that name. */
bool clang_check_wants(const char *path);
/* Whether the file configures the check, where it is wanted at all. */
bool clang_check_goes_by(const Policy *policy, const RuleSet *rules, const char *path);
/* Adds one of the change, if there is a rule or a limit for it. */
void clang_check_add(ClangCheck *check, const char *path, GBytes *bytes);
/* With so many processes at a time (0: as many as there are processors). Never fails: what goes wrong is told
 * in the end. */
void clang_check_start(ClangCheck *check, guint parallel, Supervisor *supervisor);
/* The account, or NULL where no file was added. Frees the check. */
CheckResult *clang_check_finish(ClangCheck *check, Supervisor *supervisor);
