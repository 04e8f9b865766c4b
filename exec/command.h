/* command.h: one child process as it is asked for, and how it ended. Plain data, filled in by whoever wants
 * something run, read by supervisor.h and sandbox.h.
 *
 * There is no way to start a child without a sandbox: `sandbox` describes what it sees. */
#pragma once

#include "exec/isolation.h"
#include "exec/limits.h"

#include <glib.h>
#include <stdbool.h>

/* How it ended. The names (command_status_name) are those of the run result's `status`, in which what was
 * cancelled is one of those that were ended by a signal. A limit that was reached is the status, also where
 * the program went on and ended well. */
typedef enum {
    STATUS_SUCCESS,         /* exit code 0 */
    STATUS_EXECUTION_ERROR, /* another exit code */
    STATUS_SIGNALED,        /* ended by a signal that was not ours */
    STATUS_TIMEOUT,         /* the wall-clock limit */
    STATUS_CPU_LIMIT,
    STATUS_MEMORY_LIMIT,
    STATUS_PROCESS_LIMIT,
    STATUS_DISK_LIMIT, /* of disk, inodes or file_size */
    STATUS_OUTPUT_LIMIT,
    STATUS_DENIED,      /* a system call that ends the program: see `denied` */
    STATUS_REJECTED,    /* never of a command: the review did not let it in */
    STATUS_CANCELLED,   /* the caller was asked to stop */
    STATUS_SETUP_ERROR, /* the program was never started: see `error` */
} CommandStatus;

const char *command_status_name(CommandStatus status);

/* A part of the host that the child sees, read-only. */
typedef struct {
    char *source; /* on the host, absolute */
    char *target; /* in the sandbox, absolute */
} Mount;

/* A file that is written into the work directory before the program starts. */
typedef struct {
    char *path; /* relative to the work directory; its folders are made */
    GBytes *bytes;
    bool executable;
} WorkFile;

/* The work directory, COMMAND_WORK in the sandbox: private, can be written, and gone afterwards. */
typedef struct {
    bool wanted; /* whether there is one */
    char *tree;  /* a directory of the host that it shows; what is written does not reach it. NULL: empty */
    GPtrArray *files; /* of WorkFile */
    GStrv outputs;    /* paths relative to it that come back (CommandResult.outputs); NULL: none */
    int keep_fd; /* an empty directory of the host, into which all of it is copied in the end; -1: it is gone
                  */
} WorkDirectory;

#define COMMAND_WORK "/snapshot"

typedef enum { NETWORK_NONE, NETWORK_LOOPBACK } Network;

/* Which system calls a program needs. See exec/sandbox/filter.h. */
typedef enum {
    FILTER_GENERAL, /* any tool */
    FILTER_NATIVE,  /* what a compiler has made of C, C++, Rust */
    FILTER_SHELL,
    FILTER_PYTHON,
    FILTER_NODE,
    FILTER_PROFILES /* their number */
} FilterProfile;

typedef struct {
    GStrv build; /* what is run first, in the same place, with FILTER_GENERAL (a compiler); where that fails,
                    it is how the command ended. NULL: none */
    bool build_is_check; /* what it does is to look whether the program can be run here: where it fails, what
                            it wrote on stderr is why the command could not be started */
    GStrv argv;          /* argv[0] is an absolute path within the sandbox */
    GStrv env;           /* "K=V", the whole environment */
    char *cwd;           /* within the sandbox; NULL: COMMAND_WORK where there is one, else "/" */
    GBytes *input;       /* stdin; NULL: `input_fd` */
    int input_fd;        /* stdin: a descriptor of the caller's (a pipe, a file); -1: /dev/null */
    GPtrArray *mounts;   /* of Mount, beside the system's own; parents before children */
    char *root; /* a directory of the host that is the root file system; NULL: the host's system folders */
    WorkDirectory work;
    Limits limits;
    Network network;
    FilterProfile filter;
    Tier require; /* with less isolation it is not started */
} Command;

/* A declared output, as it came back. */
typedef struct {
    char *path;
    GBytes *bytes; /* NULL where it did not come back, and then */
    char *error;   /* why: "No such file or directory", "not a regular file" */
} Output;

/* What it used. Of all processes in the sandbox together. */
typedef struct {
    guint64 wall_us, user_us, system_us;
    guint64 memory_peak; /* bytes; of the largest process where there is no memory group */
    guint64 minor_faults, major_faults;
    guint64 voluntary_switches, involuntary_switches;
    guint64 processes_peak; /* processes and threads; as seen in samples where there is no group */
    guint64 disk_bytes;     /* in the work directory, /tmp and /dev/shm at the end */
} Metrics;

typedef struct {
    CommandStatus status;
    int exit_code;                /* where it ended by itself, else -1 */
    int signal;                   /* where a signal ended it, else 0 */
    char *denied;                 /* with STATUS_DENIED: the system call, "ptrace" */
    GBytes *out, *err;            /* what it wrote, at most limits.output each */
    guint64 out_total, err_total; /* how much it wrote until it ended or was stopped */
    bool in_build;                /* it ended before the program was started: Command.build did */
    char *error;                  /* with STATUS_SETUP_ERROR: "mount /proc: Operation not permitted" */
    char *remedy;                 /* how to mend it, or NULL */
    Metrics metrics;
    GPtrArray *outputs;   /* of Output, one for each of work.outputs; NULL where there are none */
    char *keep_error;     /* why nothing was kept, where that was wanted; NULL: it was */
    Isolation *isolation; /* what it ran in; NULL where none was tried */
} CommandResult;

Command *command_new(void);
void command_free(Command *command);
void command_add_mount(Command *command, const char *source, const char *target);
/* `path` must be relative and without ".."; `bytes` is kept. */
void command_add_file(Command *command, const char *path, GBytes *bytes, bool executable);

/* One clean sentence about how it ended, such as "ended with exit code 3" or "was stopped after 30 s". Newly
 * allocated. */
char *command_result_text(const Command *command, const CommandResult *result);
/* An empty CommandResult.outputs. */
GPtrArray *command_outputs_new(void);
/* A STATUS_SETUP_ERROR for what was not even tried. `error` is made one clean line. */
CommandResult *command_result_not_started(const char *error);
void command_result_free(CommandResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Command, command_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandResult, command_result_free)
