/* command.h: one child process as it is asked for, and how it ended. Plain data, filled in by whoever wants
 * something run, read by supervisor.h and sandbox.h.
 *
 * There is no way to start a child without a sandbox: `sandbox` describes what it sees. */
#pragma once

#include "exec/limits.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/resource.h>

/* How it ended. The names (command_status_name) are those of the run result's `status`. */
typedef enum {
    STATUS_SUCCESS,         /* exit code 0 */
    STATUS_EXECUTION_ERROR, /* another exit code */
    STATUS_SIGNALED,        /* ended by a signal that was not ours */
    STATUS_TIMEOUT,         /* the wall-clock limit */
    STATUS_CPU_LIMIT,
    STATUS_OUTPUT_LIMIT,
    STATUS_DENIED,      /* a system call that the filter answers with death */
    STATUS_CANCELLED,   /* the caller was asked to stop */
    STATUS_SETUP_ERROR, /* the program was never started: see `error` */
} CommandStatus;

const char *command_status_name(CommandStatus status);

/* A part of the host that the child sees, read-only. */
typedef struct {
    char *source; /* on the host, absolute */
    char *target; /* in the sandbox, absolute */
} Mount;

typedef enum { NETWORK_NONE, NETWORK_LOOPBACK } Network;

typedef struct {
    GStrv argv;        /* argv[0] is an absolute path within the sandbox */
    GStrv env;         /* "K=V", the whole environment */
    char *cwd;         /* within the sandbox; NULL: "/" */
    GBytes *input;     /* stdin; NULL: /dev/null */
    GPtrArray *mounts; /* of Mount, beside the system's own; parents before children */
    Limits limits;
    Network network;
} Command;

typedef struct {
    CommandStatus status;
    int exit_code;                /* with STATUS_SUCCESS and STATUS_EXECUTION_ERROR */
    int signal;                   /* with STATUS_SIGNALED, _DENIED, _CPU_LIMIT */
    GBytes *out, *err;            /* what it wrote, at most limits.output each */
    guint64 out_total, err_total; /* how much it wrote until it ended or was stopped */
    char *error;                  /* with STATUS_SETUP_ERROR: "mount /proc: Operation not permitted" */
    char *remedy;                 /* how to mend it, or NULL */
    guint64 wall_ms;
    struct rusage usage; /* of the program and all its children that were waited for */
} CommandResult;

Command *command_new(void);
void command_free(Command *command);
void command_add_mount(Command *command, const char *source, const char *target);

/* One clean sentence about how it ended, such as "ended with exit code 3" or "was stopped after 30 s". Newly
 * allocated. */
char *command_result_text(const Command *command, const CommandResult *result);
void command_result_free(CommandResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Command, command_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandResult, command_result_free)
