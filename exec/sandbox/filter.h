/* filter.h: the seccomp filter of the sandbox as bytes.
 *
 * An allowlist. What is not on it answers ENOSYS, so that programs fall back as on an older kernel; what an
 * ordinary program may try and is refused (mount, unshare, keyrings) answers EPERM; what no honest program
 * calls here (bpf, kexec, ptrace, modules) ends it. The list began as moby's default profile, less what needs
 * a capability. socket(2) takes the families AF_UNIX, AF_INET and AF_INET6 only, clone(2) no namespaces,
 * ioctl(2) a list of harmless requests; clone3 answers ENOSYS, since its flags lie in memory that a filter
 * cannot read. */
#pragma once

#include <glib.h>

/* The program for seccomp(2): an array of struct sock_filter. NULL with `error` set. */
GBytes *filter_build(GError **error);
