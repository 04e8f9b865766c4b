/* cgroup_descend.h: out of the way of "no internal processes": cgroups(7), version 2. A group with processes
 * of its own hands no memory on to groups in it. Where these are this process and what it has started, as in
 * a unit that systemd has delegated, they can go down into a group in there. Others are not ours to move. */
#pragma once

#include <stdbool.h>

/* Moves all processes of the group `group` to CGROUP_SUPERVISOR in `folder`, which is in that group; both are
 * descriptors. Whether there is none left. cgroup_remove() of the folder takes them back. */
bool cgroup_descend(int group, int folder);
