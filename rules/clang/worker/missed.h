/* missed.h: calls in code that the parser did not understand, as far as their words tell.
 *
 * Without a tree there are no types, sizes or numbers: what a rule wants to know of these, it does not know,
 * as it does not of a pointer that came from elsewhere, and does not find the call. But whether an argument
 * is a literal can be seen, and what is none can be from anywhere. */
#pragma once

#include "rules/clang/worker/condition.h"
#include "rules/clang/worker/words.h"

/* Whether the rule may mean the call of `name` at the word `at`, behind which its arguments stand. */
bool missed_may_match(const Conditions *c, const json_t *rule, const GArray *words, guint at,
                      const char *name);
