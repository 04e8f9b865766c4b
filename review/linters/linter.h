/* linter.h: a linter as a table of functions, and how all of them are run.
 *
 * Order: linter_start() for each linter that has files, do other work, supervisor_wait(), linter_finish() for
 * each. A linter sees the snapshot's "review" folder at LINTER_ROOT, read-only, in the sandbox, with no
 * network and an environment of its own. It is started once for all its files; only where the arguments would
 * pass CAP_ARGV_BYTES several times.
 *
 * Everything that goes wrong ends in check_fail() or check_fail_file(): a tool that is missing or too old, a
 * crash, a deadline, output that cannot be parsed, fewer files than given. */
#pragma once

#include "exec/supervisor.h"
#include "review/policy.h"
#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

#define LINTER_ROOT "/snapshot"

/* One ended process of a linter, to be read. */
typedef struct {
    const GPtrArray *paths; /* of char *: what it was given, relative */
    const char *out;        /* NUL-terminated behind `out_len` bytes */
    gsize out_len;
    const char *err;
    gsize err_len;
    int exit_code;
    const char *root; /* snapshot folder on the host, to read the files' own lines */
} LinterOutput;

typedef struct Linter Linter;
struct Linter {
    const char *name;
    const char *information_uri;
    const char *install;                 /* "pip install ruff" */
    const char *const *files;            /* patterns of the files it looks at by default */
    const char *const *languages;        /* and files whose #! line says one of these (rule_language_of) */
    const char *const *config_files;     /* names of its configuration files */
    const SeverityEntry *severity;       /* its default map; ends with a NULL prefix */
    void (*arguments)(GPtrArray *argv);  /* adds what stands before the policy's args */
    void (*environment)(GPtrArray *env); /* adds to the environment; may be NULL */
    /* Reads the output: adds findings, rules and per-file failures to `result`; false, with `error` set,
     * where it cannot be parsed or the exit code means that the tool did not do its work. */
    bool (*parse)(const LinterOutput *output, CheckResult *result, GError **error);
};

extern const Linter linter_ruff, linter_flake8, linter_black;

/* The known linters, NULL-terminated, and their names for PolicyWords. */
const Linter *const *linter_all(void);
const char *const *linter_names(void);
const Linter *linter_find(const char *name);

/* Whether the linter looks at a file of that name and first bytes. */
bool linter_wants(const Linter *linter, const char *path, const char *head, gsize len);

/* "ruff 0.17.6" against ">=0.14", "==0.17.*", ">=0.14,<1": whether it fits. A constraint that cannot be read
 * is false with `error` set. Numbers are compared by number, a missing part is 0. */
bool linter_version_fits(const char *version, const char *constraint, GError **error);

typedef struct LinterRun LinterRun;

/* Starts the linter over `paths` (of char *, relative, sorted) in the snapshot folder `root`. `search_path`
 * is the PATH. Never fails: what goes wrong is told by linter_finish(). */
LinterRun *linter_start(const Linter *linter, const LinterPolicy *policy, const GPtrArray *paths,
                        const char *root, const char *search_path, Supervisor *supervisor);
/* After supervisor_wait(): the account. Frees the run. */
CheckResult *linter_finish(LinterRun *run, Supervisor *supervisor);
