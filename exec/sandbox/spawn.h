/* spawn.h: one job: its descriptors, its control group, its folder, and the message that starts it. */
#pragma once

#include "exec/sandbox/bases.h"
#include "exec/sandbox/sandbox.h"

#include <glib.h>

typedef struct {
    const Command *command;
    const Isolation *isolation;
    SandboxBase *base;
    Cgroup *group;      /* NULL: none */
    const char *folder; /* of the host, for the jobs' own, where there are no namespaces; else NULL */
    GBytes *filter, *build_filter;
    const guint8 *deadly;
    gsize deadly_size;
} Spawn;

/* Starts it. `base` and `group` are the child's from then on. On failure nothing is left. */
bool spawn_job(const Spawn *spawn, SandboxChild *ret_child, GError **error);
