/* outputs.h: what a program has left behind, taken safely: its files may be links, FIFOs or devices, and lead
 * anywhere. */
#pragma once

#include "exec/command.h"

#include <glib.h>
#include <stdbool.h>

/* The declared outputs of `command` from its work directory; Output for each. Only after everything that
 * could change them has ended. Regular files, of at most the limit `file_size`, reached without any link. */
GPtrArray *outputs_collect(int work_fd, const Command *command);
/* Writes those that came back below `folder`, each in one step, their own folders made. A link on the way is
 * an error: the content of a repository must not lead elsewhere. */
bool outputs_write(const GPtrArray *outputs, const char *folder, GError **error);
/* Why no output can have that path, or NULL. */
const char *outputs_wrong_path(const char *path);
/* Copies all of it into work.keep_fd, if it is within the limits `disk` and `inodes`. NULL, or why nothing is
 * kept. */
char *outputs_keep(int work_fd, const Command *command);
