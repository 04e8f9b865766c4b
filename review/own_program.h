/* own_program.h: whether a program comes with the repository that is reviewed.
 *
 * Such a program would be one that the change can write, and so its own judge: a folder of the work tree may
 * stand on the PATH. What lies in the work tree, but is not git's, such as a virtual environment, is
 * somebody's who installed it. */
#pragma once

#include "review/change/change.h"

/* The path of the program of that name on `search_path` (see tool_find()), if git tracks it, or what it is a
 * link to, in this repository, or that cannot be found out; newly allocated. Else NULL, also where there is
 * no such program. */
char *own_program(Change *change, const char *name, const char *search_path);
