/* probe.h: what this machine gives a sandbox: found out by doing, told mechanism by mechanism. */
#pragma once

#include "exec/isolation.h"
#include "exec/sandbox/cgroup.h"

#include <glib.h>

/* What was found out; errors are NULL where it worked. */
typedef struct {
    int landlock_abi;
    const GError *namespaces; /* why a base with namespaces could not be started */
    const CgroupRoot *groups;
    const GError *no_groups;
} ProbeFindings;

/* Landlock's ABI, 0 where there is none. */
int probe_landlock_abi(void);

/* The oldest ABI that confines a program without namespaces: it brought the scopes that keep it from
 * signalling, and from connecting to, what is outside. */
#define PROBE_LANDLOCK_ALONE 6

Isolation *probe_isolation(const ProbeFindings *findings);
