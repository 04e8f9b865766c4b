/* ledger.h: the account of every changed path: which checks looked at it, or why none did, and its verdict.
 *
 * Order: ledger_new() from the change; ledger_add() for each check that has ended; ledger_close(); then
 * gate.h fills in counts and verdicts. An entry is plain data. */
#pragma once

#include "review/change/change.h"
#include "rules/check.h"
#include "rules/match.h"

#include <glib.h>
#include <stdbool.h>

/* In rising order: of several, the greatest is the verdict of all. */
typedef enum { VERDICT_PASSED, VERDICT_REJECTED, VERDICT_UNDECIDED } Verdict;

const char *verdict_name(Verdict verdict); /* "passed", "rejected", "undecided" */

typedef struct {
    const ChangedFile *file;
    GPtrArray *checks;    /* of char *: the names of the checks that were given it, sorted; owned */
    bool excluded;        /* by the policy: nothing at all looks at it */
    char *skipped;        /* why no check was: "deleted", "excluded by the policy", ...; NULL where one was */
    GPtrArray *left_out;  /* of char *: "ruff: excluded by its own configuration", sorted; owned */
    GPtrArray *failures;  /* of char *: "ruff: not found", clean lines; why it is undecided; owned */
    bool no_suppressions; /* its text was read, and cannot hold any (see suppression.h) */
    Verdict verdict;
    guint counts[SEVERITY_ERROR + 1]; /* counted findings by severity */
} LedgerEntry;

/* One entry for each file of the change, in its order. Those that no check may look at (deleted, a link, a
 * submodule, binary, a pointer of git-lfs, matched by `exclude`) are skipped from the start. Free with
 * g_ptr_array_unref(); the change must outlive it. */
GPtrArray *ledger_new(const Change *change, const Match *exclude);

/* The entry of `path`, or NULL. */
LedgerEntry *ledger_find(const GPtrArray *ledger, const char *path);

/* Whether it is neither skipped nor undecided yet; whether it is skipped as a binary file. */
bool ledger_is_reviewable(const LedgerEntry *entry);
bool ledger_is_binary(const LedgerEntry *entry);

/* Makes an entry undecided: `who` is a check's name, or "content" where the file could not even be read. */
void ledger_fail(LedgerEntry *entry, const char *who, const char *why);

/* Enters which files a check was given, and which of them it could not look at. */
void ledger_add(GPtrArray *ledger, const CheckResult *check);

/* "black: excluded by its own configuration; ruff: ...". Newly allocated. */
char *ledger_left_out(const LedgerEntry *entry);

/* What no check was given, and did not fail either, is skipped: "no check looks at such files", or since the
 * checks that would are told not to. */
void ledger_close(GPtrArray *ledger);
