/* child.h: what the sandbox's first process does between clone and exec, and after.
 *
 * Runs in a copy of the parent, possibly one of several threads: system calls only, no allocation, no stdio.
 * Everything that it needs is in a ChildPlan that the parent has filled in. */
#pragma once

#include "exec/command.h"

#include <glib.h>
#include <sys/types.h>

typedef struct {
    const Command *command;
    const GPtrArray *steps; /* of RootStep */
    GBytes *filter;         /* see filter.h */
    int input_fd;           /* becomes 0, 1, 2 of the program */
    int out_fd, err_fd;
    int report_fd; /* SandboxReport goes here */
    int go_fd;     /* a byte comes when the id maps are written; end of file when the parent is gone */
    uid_t uid;     /* inside */
    gid_t gid;
    bool drop_groups; /* the parent is root: no group of its may stay */
} ChildPlan;

/* Builds the sandbox around itself, starts the program, waits for it, reports, and exits. */
G_NORETURN void child_main(const ChildPlan *plan);
