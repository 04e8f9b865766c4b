/* spawn.h: one job: its descriptors, its control group, its folder, and the message that starts it. */
#pragma once

#include "exec/sandbox/bases.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/sandbox.h"

#include <glib.h>

typedef struct {
    const Command *command;
    bool namespaces;
    SandboxBase *base;
    CgroupRoot *groups; /* NULL: none */
    const char *folder; /* of the host, for the jobs' own, where there are no namespaces; else NULL */
    GBytes *filter, *build_filter;
    const FilterCalls *deadly;
} Spawn;

/* Has a place made for commands like this one: its control group, and the message. */
bool spawn_prepare(const Spawn *spawn, GError **error);
/* Starts it. `base`, which is ready, is the child's from then on. On failure nothing is left. */
bool spawn_job(const Spawn *spawn, SandboxChild *ret_child, GError **error);
