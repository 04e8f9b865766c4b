/* linter.h: a linter as a table of functions, and how all of them are run.
 *
 * Order: linter_start() for each linter that has files, do other work, supervisor_wait(), linter_finish() for
 * each. A linter sees the snapshot's "review" folder at LINTER_ROOT, read-only, in the sandbox, with no
 * network and an environment of its own. It is started once for all its files; only where the arguments would
 * pass CAP_ARGV_BYTES several times, and once more for each file whose name it cannot print. One of the
 * policy's own (linter_custom) may want to be started once a file.
 *
 * Everything that goes wrong ends in check_fail() or check_fail_file(): a tool that is missing or too old, a
 * crash, a deadline, output that cannot be parsed, fewer files than given. A file counts as looked at only
 * where the tool's own output proves it (LinterAccount); an output without findings proves nothing. Only a
 * file that the tool's configuration provably excludes is neither looked at nor undecided:
 * CheckResult.left_out. */
#pragma once

#include "exec/supervisor.h"
#include "review/policy/policy.h"
#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

#define LINTER_ROOT "/snapshot"

/* Output that cannot be read, a tool that did not do its work, a constraint that is none. There are no codes
 * to tell apart: 0. These messages, and the failures in a result, read on from "ruff: ". */
#define LINTER_ERROR (linter_error_quark())
GQuark linter_error_quark(void);

/* One ended process of a linter, to be read. */
typedef struct {
    const GPtrArray *paths; /* of char *: what it was given, relative, sorted */
    const char *out;        /* NUL-terminated behind `out_len` bytes */
    gsize out_len;
    const char *err; /* likewise */
    gsize err_len;
    int exit_code;
    const char *root;           /* snapshot folder on the host, to read the files' own lines */
    const char *cwd;            /* the same folder as the tool saw it: LINTER_ROOT, or `root` */
    bool single;                /* it was started for a file whose name it cannot print */
    const CustomLinter *custom; /* of linter_custom, how it is read; else NULL */
    const GPtrArray *beside; /* of char *, sorted: files of the change that it could see too; may be NULL */
} LinterOutput;

/* Which of its files a process has looked at. */
typedef struct {
    GHashTable *seen;     /* set of path: those that the output names */
    guint unnamed;        /* and this many more of its files, that it does not name */
    GHashTable *left_out; /* path -> const char *, static: those that it is not to look at, and why; of one
                             that is seen too it means nothing */
} LinterAccount;

typedef struct Linter Linter;
struct Linter {
    const char *name;
    const char *information_uri;
    const char *const *suffixes;     /* ends of the names of the files that it looks at */
    const char *const *names;        /* files of just these names; may be NULL */
    const char *const *languages;    /* and files whose #! line says one of these (rule_language_of) */
    const char *const *config_files; /* names of its configuration files */
    const SeverityEntry *severity;   /* its default map; ends with a NULL prefix. NULL: what it says itself */
    const char *const *env;          /* "K=V": its part of the environment */
    const char *path_prefix;         /* put before each path in the arguments; "" or "./" */
    bool needs_utf8;                 /* it cannot print the name of a file that is not UTF-8 */
    bool needs_line;                 /* nor one with control characters in it, such as a newline */
    bool needs_no_escape;            /* nor one with an escape character, as colours begin with */
    bool single_by_stdin;            /* and then wants the content on stdin */
    bool one_config;       /* its configuration is looked for above all files that it is given: so they are
                              given together only where it is the same one for each alone */
    bool stretches;        /* its findings are stretches of lines that a change elsewhere splits and joins */
    bool imports;          /* what it finds depends on which of the modules that a file imports are there */
    const char *runs_code; /* a word by which its configuration names code of the repository's; may be NULL */
    /* Adds all arguments but "--" and the files; of linter_custom NULL: see custom_arguments(). `args` are
     * the policy's; ours stand where they win over them. `single` is NULL, or the one file whose name must
     * not be printed. */
    void (*arguments)(GPtrArray *argv, const char *const *args, const char *single);
    /* Adds the arguments with which functions that are more complex than `most` are findings of the code
     * `complexity_code`. Both NULL where it does not measure that. */
    const char *complexity_code;
    void (*limit_complexity)(GPtrArray *argv, guint most);
    /* Reads the output: adds findings (with the lines and columns of the tool; linter_read() makes them those
     * of finding.h), rules and per-file failures to `result`, and says in `account` what was looked at.
     * false, with `error` set, where it cannot be parsed or the exit code means that the tool did not do its
     * work. */
    bool (*parse)(const LinterOutput *output, LinterAccount *account, CheckResult *result, GError **error);
    /* Where it has not looked at all of its files it is started again with the argument `ask`, and
     * read_left_out() finds the names of those that its configuration excludes (adds elements of
     * `output->paths`; that it looked at some of them is no matter). Both may be NULL. */
    const char *ask;
    void (*read_left_out)(const LinterOutput *output, GHashTable *left_out);
};

extern const Linter linter_ruff, linter_flake8, linter_black;

/* Any other tool, by the policy alone (LinterPolicy.custom). It has no name. */
extern const Linter linter_custom;
/* Adds its arguments for those paths; without paths, what stands beside them. */
void custom_arguments(GPtrArray *argv, const CustomLinter *custom, const GPtrArray *paths);

/* The known linters, NULL-terminated, and their names for PolicyWords. */
const Linter *const *linter_all(void);
const char *const *linter_names(void);
const Linter *linter_find(const char *name);
/* The names of those that measure complexity, NULL-terminated, for PolicyWords. */
const char *const *linter_names_with_complexity(void);
/* The default severities of a known linter, for PolicyWords. */
const SeverityEntry *linter_severity(const char *name);

/* Whether the linter looks at a file of that name and first bytes. */
bool linter_wants(const Linter *linter, const char *path, const char *head, gsize len);

/* The same of an entry of the policy: a known linter's, or one of its own. */
bool linter_policy_wants(const LinterPolicy *policy, const char *path, const char *head, gsize len);
/* The names of its configuration files, NULL-terminated. */
const char *const *linter_policy_config(const LinterPolicy *policy);
/* The name of its program, or its absolute path. */
const char *linter_policy_program(const LinterPolicy *policy);
/* The tool's home, or NULL. */
const char *linter_information_uri(const LinterPolicy *policy);

/* "ruff 0.17.6" against ">=0.14", "==0.17.*", ">=0.14,<1", "~=0.17.3", "!=0.17.1": whether it fits, as in
 * PEP 440. A constraint that cannot be read is false with `error` set. Numbers are compared by number, a
 * missing part is 0, a pre-release is before its release. */
bool linter_version_fits(const char *version, const char *constraint, GError **error);

/* Reads the output of one ended process, which must be of the linter that `result` is named after; false,
 * with `error` set, where it cannot be read: then nothing in it counts as looked at. Findings have lines and
 * columns as finding.h has them. Used by linter_finish(), tests and the fuzz target; a caller goes on with
 * linter_account(). */
bool linter_read(const Linter *linter, const LinterOutput *output, LinterAccount *account,
                 CheckResult *result, GError **error);
/* Makes each file that was not looked at undecided, by name where that is known, else all that may be meant;
 * but those that are left out, which are no files of the result any more. The paths that are the result's own
 * are gone then. */
void linter_account(const GPtrArray *paths, const LinterAccount *account, CheckResult *result);

LinterAccount *linter_account_new(void);
void linter_account_free(LinterAccount *account);

typedef struct LinterRun LinterRun;

/* Starts the policy's linter over `paths` (of char *, relative, sorted) in the snapshot folder `root`.
 * `beside` (may be NULL) are further files of the change that are there, of which a tool may say something
 * too. `search_path` is the PATH. `policy` and `beside` must live until linter_finish(). Never fails: what
 * goes wrong is told by linter_finish(). */
LinterRun *linter_start(const LinterPolicy *policy, const GPtrArray *paths, const GPtrArray *beside,
                        const char *root, const char *search_path, Supervisor *supervisor);
/* After supervisor_wait(): the account. Frees the run. May start the linter once more (see `ask` above) and
 * wait for it. */
CheckResult *linter_finish(LinterRun *run, Supervisor *supervisor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinterAccount, linter_account_free)
