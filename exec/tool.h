/* tool.h: find a program on the PATH, and what of the host it needs to run in a sandbox.
 *
 * A tool is more than its file: a script's interpreter, the virtual environment that it stands in, the prefix
 * that the environment's python links to, a pyenv shim. tool_find() follows these, on the host, and gives the
 * parts to mount read-only. The node_modules folder of a tool of Node's is there as /node_modules too. /usr,
 * /bin, /lib* are always there and are not named. */
#pragma once

#include "exec/command.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *path;        /* absolute, as found on the PATH: argv[0] */
    GPtrArray *mounts; /* of Mount */
} Tool;

/* NULL where no executable file of that name is on `search_path` (as $PATH; a name with a slash is taken as
 * it is). Entries of the PATH that are not absolute are passed over. */
Tool *tool_find(const char *name, const char *search_path);

/* Where programs of another root file system are looked for. */
#define TOOL_SYSTEM_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* The same in `root`, a directory of the host that will be the root file system: its links are followed as
 * from within, never out of it. Its path is as from within, and there is nothing to mount. */
Tool *tool_find_in_root(const char *name, const char *root);
void tool_free(Tool *tool);

/* Gives the command the tool's mounts. */
void tool_mount(const Tool *tool, Command *command);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tool, tool_free)
