/* private.h: what the files of a run share, from linter_start() to linter_finish(); nobody else includes it.
 *
 *   run.c      the run itself: its order, the tool and its version
 *   process.c  one process of it: the environment, the mounts, the limits, the arguments
 *   start.c    which files go to which process
 *   ended.c    from an ended process to what it looked at, found, and failed at
 */
#pragma once

#include "exec/tool.h"
#include "review/linters/linter.h"

typedef struct {
    Command *command;
    guint number;     /* the supervisor's */
    GPtrArray *paths; /* of char *, the run's */
    bool single;
} Process;

struct LinterRun {
    const Linter *linter;
    const LinterPolicy *policy;
    const GPtrArray *beside;
    char *root, *search_path;
    Tool *tool; /* NULL: not found, nothing was started */
    CheckResult *result;
    GPtrArray *processes; /* of Process */
    Process *version;     /* NULL where its version is known without it */
};

/* run.c: check_fail() of the run's result. */
void run_fail(LinterRun *run, const char *remedy, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* process.c: without arguments; `paths` gets one more reference. */
Process *process_new(const LinterRun *run, GPtrArray *paths, bool single);
void process_free(Process *process);
/* What stands before the files, of the policy's own linters also behind them; `extra` may be NULL. */
GPtrArray *process_arguments(const LinterRun *run, const char *single, const char *extra);
/* All arguments of the process, when all its paths are there. */
void process_set_arguments(const LinterRun *run, Process *process, const char *extra);
/* From here on the run owns the process. */
void process_start(LinterRun *run, Process *process, Supervisor *supervisor);

/* start.c: starts the tool over all files of the result. */
void run_start_all(LinterRun *run, Supervisor *supervisor);

/* ended.c: the output of a process as the readers want it: with a NUL behind it. */
typedef struct {
    char *out, *err;
    LinterOutput output;
} Taken;

void taken_clear(Taken *taken);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Taken, taken_clear)

/* `ret_taken` borrows from the run and the process. */
void run_take(const LinterRun *run, const Process *process, const CommandResult *ended, Taken *ret_taken);
/* Enters into the result what an ended process says. */
void run_finish_process(LinterRun *run, Process *process, Supervisor *supervisor);
