/* sandbox.h: start commands in a sandbox.
 *
 * Order: sandbox_new() once, sandbox_spawn() for each command, sandbox_child_clear() when it has ended,
 * sandbox_free(). The supervisor is the one caller; it owns a child's descriptors and waits for its end.
 *
 * Three tiers, tried from the top; what the machine has given stands in sandbox_isolation():
 *   full        user, mount, pid, network, ipc, uts and cgroup namespaces, a root of its own, Landlock,
 * seccomp, rlimits, no capabilities, limits by control groups namespaces  the same without control groups:
 * memory, CPU time and processes by rlimits and by watching landlock    no namespaces are to be had (in many
 * containers): Landlock, a stricter filter, rlimits, watching
 *
 * What is built, and where:
 *   root.c     the table of what a command sees of the host: directories, links, read-only mounts, devices
 *   filter.c   the seccomp filter, built once for each profile, kept as bytes
 *   cgroup.c   control groups
 *   zygote.c   a running sallyport-init: what commands that see the same of the host share; starts them
 *   bases.c    those that run
 *   message.c  what is said to one (wire.h)
 *   image.c    sallyport-init itself; its sources stand in init/
 *   spawn.c    one command: pipes, control group, message
 *   probe.c    which tier, and why not a higher one
 *
 * What commands of one base share is an empty network namespace, a user namespace and a root that none can
 * write to; all else (pid, mount, ipc, uts and cgroup namespace, proc, disk) is each command's own.
 * sallyport(1) has the table of limits and who enforces them in which tier. */
#pragma once

#include "exec/command.h"
#include "exec/isolation.h"
#include "exec/sandbox/cgroup.h"
#include "exec/sandbox/wire.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct Sandbox Sandbox;

/* A started child: the job's init, which ends when the program has ended, and everything in there with it. */
typedef struct {
    int pidfd;
    int out_fd, err_fd;       /* non-blocking read ends */
    int report_fd;            /* non-blocking SOCK_SEQPACKET socket of WireReport; see sandbox_receive() */
    struct SandboxBase *base; /* where it runs */
    Cgroup *group;            /* NULL: none */
    char *folder;             /* of the host, where it works without namespaces; NULL */
    bool has_namespaces;
} SandboxChild;

/* Nothing is tried yet. */
Sandbox *sandbox_new(void);
/* Ends what still runs. */
void sandbox_free(Sandbox *sandbox);

/* What this machine gives; found out by doing, once. Owned by the sandbox. */
const Isolation *sandbox_isolation(Sandbox *sandbox);

/* Starts `command`. On failure nothing is left running; `error`'s message names the step and errno. A step
 * that fails inside of the child is told by report_fd instead. */
bool sandbox_spawn(Sandbox *sandbox, const Command *command, SandboxChild *ret_child, GError **error);

/* There is time: makes ready what the next command will need if it is like the last, and removes what is left
 * of those that have ended. */
void sandbox_rest(Sandbox *sandbox);

/* The next report; false where there is none yet (errno EAGAIN) or never will be (`*ret_end`). `*ret_work`: a
 * descriptor that came with REPORT_WORK, the caller's, else -1. */
bool sandbox_receive(const SandboxChild *child, WireReport *ret_report, int *ret_work, bool *ret_end);
/* Ends it, and everything in there. */
void sandbox_kill(const SandboxChild *child);
/* After its end: closes, removes. */
void sandbox_child_clear(SandboxChild *child);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sandbox, sandbox_free)
