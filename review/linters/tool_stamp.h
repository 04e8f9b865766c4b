/* tool_stamp.h: what a tool consists of, by its files' stat data: another version of it has another stamp. */
#pragma once

#include "exec/tool.h"

#include <glib.h>
#include <stdbool.h>

/* Adds it to the checksum; `search_path` is the PATH. Of an executable file that is its inode; of a Python
 * program also its interpreter, and the packages of all environments that it can see. false where this does
 * not tell all: another kind of script may start anything, and a package that is installed in a way to be
 * edited has its code elsewhere. */
bool tool_stamp(const Tool *tool, const char *search_path, GChecksum *checksum);
