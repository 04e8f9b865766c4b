/* filter.h: the seccomp filter of the sandbox as bytes.
 *
 * An allowlist, one for each profile of programs. What is not on it answers ENOSYS, so that programs fall
 * back as on an older kernel. What an ordinary program may try and is refused (mount, unshare, keyrings)
 * answers EPERM. What no honest program calls here (bpf, kexec, ptrace, modules) ends it. Both of the latter
 * reach the sandbox's init as a notification (seccomp_unotify(2)), which names the call in the result and
 * gives the answer; it never lets one through. filter_table.h has the list. */
#pragma once

#include "exec/command.h"

#include <glib.h>

typedef struct {
    FilterProfile profile;
    Network network;
    gboolean
        shared_host;    /* no namespaces: also refuse what would reach the host's processes, sockets, files */
    gboolean uncounted; /* no control group: also refuse memory that no process has mapped */
    guint64 file_size;  /* of limits: truncate(2) and ftruncate(2) beyond it are told, too */
} FilterOptions;

/* System calls by number, one bit each: those whose notification ends the program. */
#define FILTER_CALLS 512
typedef struct {
    guint8 bits[FILTER_CALLS / 8];
} FilterCalls;

/* The program for seccomp(2): an array of struct sock_filter. */
GBytes *filter_build(const FilterOptions *options);

/* Those that end the program. */
FilterCalls filter_deadly(void);
/* "ptrace", or "system call 4711" where the number has no name. Newly allocated. */
char *filter_call_name(int number);
