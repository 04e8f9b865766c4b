/* cmd.h: what the verbs share. Only here, in cmd/, is anything printed or exited.
 *
 * A verb is a function of argc and argv (argv[0] is its name) that returns the exit status. main.c has the
 * table. */
#pragma once

#include "ci/report/report.h"
#include "review/policy/policy.h"
#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

enum { EXIT_PASSED = 0, EXIT_REJECTED = 1, EXIT_REQUEST = 2, EXIT_UNDECIDED = 3 };

int cmd_check(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

/* "sallyport: ..." and a newline on stderr. */
void cmd_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same for text of several lines: each gets its own head. */
void cmd_error_lines(const char *text);

/* Parses the options in `entries` out of argv (in place); what stays are the other arguments. `usage` is what
 * stands behind the verb in "Usage:", `summary` a few lines below it, `examples` some behind the options.
 * Prints --help and exits by `ret_status`; false where the verb must return *ret_status at once. */
bool cmd_options(int *argc, char ***argv, const GOptionEntry *entries, const char *verb, const char *usage,
                 const char *summary, const char *examples, int *ret_status);

/* For options whose value may be left out, "--explain" and "--explain=PATH": before cmd_options(), makes the
 * former "--explain=", which that reads as "". `options` are the texts with the sign, static. */
void cmd_optional_values(int argc, char **argv, const char *const *options);

/* The policy in force: of `file` (-p) where it is not NULL; else POLICY_FILE as the change's trusted side has
 * it; else the default. NULL with every error of the file, a line each, in the message. */
Policy *cmd_load_policy(const char *file, Change *change, GError **error);

/* The change of the work tree around the current folder, whose policy is the file that somebody is at work
 * on. NULL with `error` set. */
Change *cmd_open_worktree(GError **error);

/* The date of today in UTC, as 20261231; of SOURCE_DATE_EPOCH where that is set (reproducible-builds.org).
 * false (and said on stderr) where that is no number of seconds. */
bool cmd_today(guint *ret_today);

/* auto, always, never, for --color. false (and said on stderr) where the word is none of these. */
bool cmd_color(const char *when, int fd, bool *ret_color);

/* Where what linters found is kept from run to run: $XDG_CACHE_HOME/sallyport, or ~/.cache/sallyport. NULL
 * where there is no home. Newly allocated. */
char *cmd_cache_folder(void);

/* All bytes of a file, a pipe or a device; NULL with `error` set where it cannot be read or has more than
 * `most`. */
GBytes *cmd_read_bytes(const char *path, gsize most, GError **error);
/* The same; NULL (and said on stderr) where it cannot be read or has more than
 * `most`. */
GBytes *cmd_read(const char *path, gsize most);

/* Writes the whole text to a descriptor; false where that failed (said on stderr). */
bool cmd_write(int fd, const char *text, gsize len);
/* Writes a report file, with its folders, in one step where it is (or will be) a regular file. */
bool cmd_write_file(const char *path, const GString *text);

/* Whether a symbolic link is on the way to a file that the policy names, or the file is one: it lies in the
 * work tree, where the change may have put it. */
bool cmd_has_link(const char *root, const char *file);

int cmd_exit_status(Verdict verdict);
