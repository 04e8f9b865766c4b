/* scan.h: run a set of rules over the bytes of one file.
 *
 * Order: scanner_new() once, scanner_use() where there is a prefilter, scan_file() for each file,
 * scanner_free(); scan_pool.h does this in several threads. Patterns run with PCRE2's JIT under a match, a
 * depth and a heap limit; a limit that is hit makes the file undecided for that rule (check_fail_file), never
 * "no match". A file with a NUL byte in its first 8,000 bytes is binary (as git has it) unless it is UTF-16:
 * only rules that ask for such files look at it.
 *
 * With a prefilter a pattern is tried only at the starts that it tells, and finds the same: what it sees
 * around them is the whole file. The one difference is where it runs into a limit at a place at which it
 * cannot match: then a file that would be undecided is not.
 *
 * What patterns see, and how lines and columns are counted, says encoding.h. A line of a region ends at \n.
 */
#pragma once

#include "rules/check.h"
#include "rules/prefilter.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Scanner Scanner;

/* `rules` must outlive the scanner. A scanner is for one thread; several may share `rules`. */
Scanner *scanner_new(const RuleSet *rules);
/* `prefilter` is of the same rules, and loaded; it must outlive the scanner. */
void scanner_use(Scanner *scanner, const Prefilter *prefilter);
void scanner_free(Scanner *scanner);

/* Adds the findings of one file to `result` (name "sallyport"), and their rules. The caller has put `path`
 * among the result's paths. */
void scan_file(Scanner *scanner, const char *path, const char *text, gsize len, CheckResult *result);
/* The same of a file that counts as binary whatever is in it. */
void scan_binary(Scanner *scanner, const char *path, const char *text, gsize len, CheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scanner, scanner_free)
