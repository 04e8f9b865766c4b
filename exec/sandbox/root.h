/* root.h: what a child sees of the file system, as a list of steps that child.c carries out in order.
 *
 * Everything is worked out before the clone: a step holds its own strings, so that nothing is allocated after
 * it. The root is a small tmpfs, read-only in the end: the host's /usr and its interpreters' trees read-only,
 * a few files in /etc, five device nodes, a fresh /proc, a private /tmp and /dev/shm; beside them the
 * command's own mounts. */
#pragma once

#include "exec/command.h"

#include <glib.h>

typedef enum {
    ROOT_DIRECTORY, /* make `target` and its parents */
    ROOT_LINK,      /* a symbolic link `target` -> `text` */
    ROOT_FILE,      /* a file that holds `text` */
    ROOT_BIND,      /* the host's `source`, with what is mounted below it, read-only */
    ROOT_DEVICE,    /* the same for a device node: not read-only, not nodev */
    ROOT_TMPFS,     /* with the options in `text` */
    ROOT_PROC,
} RootKind;

typedef struct {
    RootKind kind;
    char *target; /* absolute in the new root */
    char *source;
    char *text;
    int fd; /* of the opened source; used by child.c only */
} RootStep;

/* The steps for one command, in order. Free with g_ptr_array_unref(). */
GPtrArray *root_steps(const Command *command);
