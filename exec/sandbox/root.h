/* root.h: what a command sees of the host's file system, as a list of steps that sallyport-init carries out.
 *
 * The root is a small tmpfs, read-only in the end: the host's /usr, a few files in /etc, five device nodes;
 * beside them the command's own mounts (its interpreter's trees). Or another root file system (Command.root),
 * with the device nodes put in. The places for what each command has for itself are empty directories. */
#pragma once

#include "exec/command.h"
#include "exec/sandbox/wire.h"

#include <glib.h>

typedef struct {
    WireStep kind;
    char *target; /* absolute in the new root */
    char *source; /* absolute on the host, or NULL */
    char *text;
} RootStep;

/* The steps for one command, in order. Free with g_ptr_array_unref(). */
GPtrArray *root_steps(const Command *command);
