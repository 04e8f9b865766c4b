/* scan.h: run a set of rules over the bytes of one file.
 *
 * Order: scanner_new() once, scan_file() for each file, scanner_free(). Patterns run with PCRE2's JIT under a
 * match, a depth and a heap limit; a limit that is hit makes the file undecided for that rule
 * (check_fail_file), never "no match". A file with a NUL byte in its first 8,000 bytes is binary (as git has
 * it): the caller does not give it.
 *
 * Patterns see UTF-8. A byte that is not part of a valid character is U+FFFD to them and to the lexer, so
 * that no byte can hide what stands around it; it counts as one column. A byte order mark at the start of the
 * file is no column. A line of a region ends at \n. */
#pragma once

#include "rules/check.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Scanner Scanner;

/* `rules` must outlive the scanner. A scanner is for one thread; several may share `rules`. */
Scanner *scanner_new(const RuleSet *rules);
void scanner_free(Scanner *scanner);

/* Adds the findings of one file to `result` (name "sallyport"), and their rules. The caller has put `path`
 * among the result's paths. */
void scan_file(Scanner *scanner, const char *path, const char *text, gsize len, CheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scanner, scanner_free)
