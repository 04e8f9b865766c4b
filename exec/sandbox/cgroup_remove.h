/* cgroup_remove.h: the end of a control group, of either version.
 *
 * Without GLib, since sallyport-init has it, too: what sallyport leaves behind, its janitor removes. */
#pragma once

#include <stdbool.h>

/* The group, in a process's folder of version 2, where that process itself has gone, so that its former group
 * can be divided: "no internal processes", cgroups(7). */
#define CGROUP_SUPERVISOR "supervisor"

/* Removes the group `name` below the directory `parent` (AT_FDCWD: by its path), and those in it, from the
 * inside out. Processes in there are killed, but those of CGROUP_SUPERVISOR go back to `parent`, which then
 * is no longer divided. Whether it is gone: a process on its way out holds it for some milliseconds. */
bool cgroup_remove(int parent, const char *name);
