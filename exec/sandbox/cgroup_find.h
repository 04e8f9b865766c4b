/* cgroup_find.h: where this process's control groups stand in the file system: cgroups(7). */
#pragma once

#include <glib.h>

/* A folder of the hierarchy that has `controller`, which is this process's own group: of version 1 ("memory",
 * "pids", "cpuacct"), or of version 2 with NULL. Absolute, newly allocated; NULL where there is none. */
char *cgroup_find_own(const char *controller);
/* The mount point of version 2, up from which no group is looked for; newly allocated, or NULL. */
char *cgroup_find_mount(void);

/* The same from the text of /proc/self/cgroup and /proc/self/mountinfo, for tests. `ret_mount` may be NULL.
 */
char *cgroup_find_in(const char *groups, const char *mounts, const char *controller, char **ret_mount);
