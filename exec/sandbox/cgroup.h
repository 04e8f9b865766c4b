/* cgroup.h: limits on all processes of a sandbox together, by control groups: version 2 (as root, or in a
 * group that was delegated to the user), else version 1's memory, pids and cpuacct (as root).
 *
 * Order: cgroup_open() once, cgroup_new() for each sandbox, whose first process writes "0" to each of
 * cgroup_join_fds() before it starts anything, cgroup_usage() any time, cgroup_free() when all processes have
 * ended. Groups of this process stand in one folder of its own in each hierarchy, sallyport-PID-NUMBER, which
 * it holds a lock on; what a killed process has left there is removed by the next cgroup_rest() or
 * cgroup_root_free(). */
#pragma once

#include "exec/limits.h"

#include <glib.h>
#include <stdbool.h>

/* Where groups can be made. */
typedef struct CgroupRoot CgroupRoot;
/* One sandbox's group, in each hierarchy that there is. */
typedef struct Cgroup Cgroup;

#define CGROUP_HIERARCHIES 3

typedef struct {
    guint64 cpu_us; /* user and system time of all that ever were in it */
    guint64 user_us, system_us;
    guint64 memory_peak;    /* bytes, files on a tmpfs included */
    guint64 processes_peak; /* 0 where the kernel does not count it */
    guint64 memory_kills;   /* how often the kernel has killed for memory */
    guint64 fork_refusals;  /* how often a fork was refused for the number of processes */
} CgroupUsage;

/* NULL with `error` set, whose message says in one line what is missing and whose code is the errno. */
CgroupRoot *cgroup_open(GError **error);
/* Removes the folder, if no group is left in it. */
void cgroup_root_free(CgroupRoot *root);
/* 1 or 2. */
int cgroup_version(const CgroupRoot *root);
/* The folders that are this process's own, absolute, NULL-terminated: who removes what a killed process has
 * left behind needs them. Owned by `root`. */
const char *const *cgroup_folders(const CgroupRoot *root);

/* A new group with these limits: memory (swap included), processes. NULL with `error` set. */
Cgroup *cgroup_new(CgroupRoot *root, const Limits *limits, GError **error);
/* Descriptors to write "0" to, and their number. They are the group's. */
guint cgroup_join_fds(const Cgroup *group, int ret_fds[CGROUP_HIERARCHIES]);
void cgroup_usage(Cgroup *group, CgroupUsage *ret_usage);
/* Bytes of memory that is not of files. Takes the kernel longer than all the others. */
guint64 cgroup_memory_now(Cgroup *group);
/* For when there is time: removes groups that have ended, and what killed processes have left. */
void cgroup_rest(CgroupRoot *root);
/* It is removed by the next cgroup_rest(), or by cgroup_root_free(). A process that is on its way out may
 * hold it for some milliseconds: then it is tried again, in the end for at most a second. */
void cgroup_free(Cgroup *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CgroupRoot, cgroup_root_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cgroup, cgroup_free)
