/* check.h: the account that one check gives of its work: which files it was given, what it found, what went
 * wrong.
 *
 * A check is a linter or the built-in rules. The rule of the house: a file counts as seen by a check only
 * where the check says so by not failing. check_fail() makes every file undecided, check_fail_file() one.
 * There is no other way to end without findings, but check_leave_out(): then it is not seen. */
#pragma once

#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *name;            /* "ruff", or "sallyport" for the built-in rules */
    char *version;         /* of the tool, "0.17.6"; NULL where it could not be had */
    char *information_uri; /* the tool's home; may be NULL */
    GPtrArray *paths;      /* of char *: the files that it was given, sorted; owned */
    GPtrArray *findings;   /* of Finding; owned */
    GHashTable *rules;     /* id -> RuleInfo, of the rules that have findings; owned */
    GHashTable *failures;  /* path -> char *: why that file could not be looked at; owned */
    GHashTable *left_out;  /* path -> char *: further files, which it is not to look at, and why; owned */
    char *failure;         /* why the check as a whole failed, one clean line, or NULL */
    char *remedy;          /* how to mend it, or NULL */
    bool ran;              /* a process was started and ended by itself */
    int exit_code;         /* of that process, where it ran */
} CheckResult;

CheckResult *check_result_new(const char *name);
void check_result_free(CheckResult *result);

/* The whole check failed: all its files are undecided. `remedy` may be NULL. The first failure stays. */
void check_fail(CheckResult *result, const char *failure, const char *remedy);

/* One of its files could not be looked at. */
void check_fail_file(CheckResult *result, const char *path, const char *why);

/* The tool has passed over one of its files, and rightly, as is proved: it is none of `paths` any more, and
 * that element is freed. */
void check_leave_out(CheckResult *result, const char *path, const char *why);
#define CHECK_EXCLUDED "excluded by its own configuration"

/* Moves findings, rules and failures of another account of the same check into `result`. */
void check_merge(CheckResult *result, CheckResult *other);

/* Why `path` is undecided by this check, or NULL where it was looked at. The text belongs to the result. */
const char *check_failure_of(const CheckResult *result, const char *path);

/* The RuleInfo of `id`, made where it is not there yet. Belongs to the result. */
RuleInfo *check_rule(CheckResult *result, const char *id);

/* Whether `path` is among the files that the check was given. */
bool check_was_given(const CheckResult *result, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckResult, check_result_free)
