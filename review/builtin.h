/* builtin.h: the built-in rules over the files of a change, in this process, while the linters run. */
#pragma once

#include "review/checks.h"

/* Fills in the account of "sallyport". Where much is to be scanned this is done with a prefilter (see
 * rules/prefilter.h), whose database is kept in the cache; where it is little nothing is loaded for that.
 * false where it was cut short by `cancel_fd`. */
bool builtin_run(const Checks *checks, CheckResult *result);
