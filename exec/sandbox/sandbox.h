/* sandbox.h: start one command in a sandbox: new user, mount, pid, network, ipc, uts and cgroup namespaces, a
 * root of its own, no capabilities, no_new_privs, a seccomp filter, rlimits.
 *
 * Order: sandbox_new() once, sandbox_spawn() for each command, sandbox_free(). The supervisor is the one
 * caller; it owns the descriptors of a child and waits for it.
 *
 * What is built, and where:
 *   root.c    the table of what the child sees: directories, links, read-only mounts, tmpfs, devices, proc
 *   filter.c  the seccomp filter, built once, kept as bytes
 *   child.c   what happens between clone and exec; only system calls, everything was allocated before
 *   spawn.c   the parent's side: pipes, clone3, id maps
 *
 * Who enforces which limit: wall and output, the supervisor; cpu, file_size, open_files, processes, RLIMIT_*;
 * memory, RLIMIT_DATA (private writable memory of one process: RLIMIT_AS would break Node, which reserves
 * gigabytes); disk, the size of the private /tmp. */
#pragma once

#include "exec/command.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

typedef struct Sandbox Sandbox;

/* The code of such an error is the errno of the step that its message names. */
#define SANDBOX_ERROR (sandbox_error_quark())
GQuark sandbox_error_quark(void);

/* A started child: the sandbox's init, which ends when the program has ended, and everything in there with
 * it. */
typedef struct {
    pid_t pid;
    int pidfd;
    int out_fd, err_fd; /* non-blocking read ends */
    int report_fd;      /* non-blocking: one or more SandboxReport, then end of file */
} SandboxChild;

/* What the child says through report_fd. */
typedef struct {
    enum { REPORT_FAILED = 1, REPORT_ENDED } kind;
    int error;           /* REPORT_FAILED: errno */
    char step[116];      /* REPORT_FAILED: what was tried */
    int wait_status;     /* REPORT_ENDED: of the program, as from waitpid(2) */
    struct rusage usage; /* REPORT_ENDED */
} SandboxReport;

Sandbox *sandbox_new(void);
void sandbox_free(Sandbox *sandbox);

/* Starts `command`. On failure nothing is left running; `error`'s message names the step and errno. A step
 * that fails inside of the child is told by report_fd instead. */
bool sandbox_spawn(Sandbox *sandbox, const Command *command, SandboxChild *ret_child, GError **error);

/* How to mend a sandbox that could not be built, for errno of a step; static text or NULL. */
const char *sandbox_remedy(const char *step, int error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sandbox, sandbox_free)
