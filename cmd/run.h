/* run.h: the parts of `sallyport run`: its flags, what is to be run, the command that it becomes. Private to
 * run*.c. */
#pragma once

#include "exec/language.h"
#include "review/policy/policy.h"

#include <glib.h>
#include <stdbool.h>

#define RUN_LIMITS 10

/* The flags as they were given. */
typedef struct {
    char *lang, *code, *input, *policy, *color, *venv, *root, *session, *end_session;
    char *limits[RUN_LIMITS]; /* in the order of limit_flags */
    gboolean no_review, command, quiet, verbose, loopback, json, exit_code, sanitize, sessions;
    char **env, **fetch;
    char **words; /* FILE or -, then what stood behind --; with --command all of it */
} RunFlags;

/* A piece of code, and what it is taken for. */
typedef struct {
    char *name; /* the file's name without its folder, or snippet.py */
    char *text;
    gsize len;
    const Language *language;
    const LanguagePolicy *own; /* a language of the policy's, or NULL */
    char **args;
} RunCode;

/* false where the verb must return *ret_status at once. */
bool run_flags_parse(int argc, char **argv, RunFlags *flags, int *ret_status);
void run_flags_clear(RunFlags *flags);
/* Those of the flags; false (and said) where one is wrong. */
bool run_flags_limits(const RunFlags *flags, Limits *limits);

/* The code that the flags name, and its language; false (and said) where that is not to be had. `code->args`
 * belongs to the flags. */
bool run_code_read(const RunFlags *flags, const Policy *policy, RunCode *code);
void run_code_clear(RunCode *code);

/* The command for the code, or with --command (`code` NULL) for the words; NULL with `error` set where the
 * interpreter or the program is not there, NULL alone (and said) where a flag is wrong. */
Command *run_command_new(const RunFlags *flags, const RunCode *code, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunFlags, run_flags_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunCode, run_code_clear)
