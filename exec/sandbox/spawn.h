/* spawn.h: one job: its place (descriptors, control group), its folder, and the message that starts it. */
#pragma once

#include "exec/sandbox/bases.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/sandbox.h"

#include <glib.h>

typedef struct {
    SandboxBase *base;
    bool namespaces;
    CgroupRoot *groups; /* NULL: none */
    const FilterCalls *deadly;
    const Limits *limits;
    GBytes *filter;
    /* For spawn_job(): */
    const Command *command;
    const char *folder; /* of the host, for the jobs' own, where there are no namespaces; else NULL */
    GBytes *build_filter;
} Spawn;

/* Has the base's next place made, for a command with these limits and this filter. */
bool spawn_prepare(const Spawn *spawn, GError **error);
/* Starts it. `base`, which is ready, is the child's from then on. On failure nothing is left. */
bool spawn_job(const Spawn *spawn, SandboxChild *ret_child, GError **error);
