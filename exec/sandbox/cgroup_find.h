/* cgroup_find.h: where this process's control groups stand in the file system: cgroups(7). */
#pragma once

#include <glib.h>

/* From the text of /proc/self/cgroup and of /proc/self/mountinfo: a folder of the hierarchy that has
 * `controller`, which is this process's own group: of version 1 ("memory", "pids", "cpuacct"), or of version
 * 2 with NULL. Absolute, newly allocated; NULL where there is none. `ret_mount` (may be NULL): where that
 * hierarchy is mounted, up from which no group is looked for; newly allocated. */
char *cgroup_find(const char *groups, const char *mounts, const char *controller, char **ret_mount);
