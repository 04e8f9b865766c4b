/* outputs.h: what a program has left behind, taken safely: its files may be links, FIFOs or devices, and lead
 * anywhere. */
#pragma once

#include "exec/command.h"

#include <glib.h>

/* The declared outputs of `command` from its work directory; Output for each. Only after everything that
 * could change them has ended. Regular files, of at most the limit `file_size`, reached without any link. */
GPtrArray *outputs_collect(int work_fd, const Command *command);
