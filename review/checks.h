/* checks.h: everything that looks at the changed files: the linters, each in the sandbox, and meanwhile the
 * built-in rules in this process.
 *
 * One call. A check never fails to answer: what goes wrong is in its CheckResult, or, where a file cannot
 * even be read, in the file's ledger entry. */
#pragma once

#include "review/cache.h"
#include "review/ledger.h"
#include "review/policy/policy.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const Policy *policy;
    Change *change;
    const RuleSet *rules;
    GPtrArray *ledger;       /* of LedgerEntry: those that are not skipped are looked at */
    const char *search_path; /* the PATH that linters are looked up on */
    Cache *cache;            /* what linters found in earlier runs; NULL: none */
    guint parallel;          /* linters at a time; 0: all */
    GHashTable *only; /* set of checks_pair(): which check looks at which file; NULL: all that want to */
    int cancel_fd;    /* see supervisor.h */
} Checks;

/* A check's name and a path, as one string; newly allocated. */
char *checks_pair(const char *check, const char *path);

/* Whether a check is to look at a file: see `only`. */
bool checks_asked(const Checks *checks, const char *check, const char *path);
/* The reviewed bytes of an entry; the caller's. NULL, and then the entry is undecided. */
GBytes *checks_read(const Checks *checks, LedgerEntry *entry);

/* The accounts (of CheckResult) of all checks that had files, sorted by name, into `ret_results`; the ledger
 * is filled in and closed. false where it was cut short by `cancel_fd`: the checks say so too. */
bool checks_run(const Checks *checks, GPtrArray *ret_results);
