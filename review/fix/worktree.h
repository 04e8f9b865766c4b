/* worktree.h: one file of the work tree gets other bytes, in one step, and only while it still is what it
 * was. */
#pragma once

#include "review/change/change.h"
#include "review/fix/leftovers.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

/* The bytes of a regular file of the work tree, through no symbolic link; NULL with `error` set, whose
 * message goes on a sentence that names the file. The caller's. */
GBytes *worktree_read(const Change *change, const char *path, GError **error);

/* Puts `bytes` in the place of a file that holds `expected`: a new file beside it, written to the disk, is
 * renamed over it. Its mode (but setuid and setgid) and its owner are kept, hard links to it are not. Looked
 * at twice: before, and just before the rename. false with `error` set, likewise, and then nothing is
 * changed. `ret_stat` is of the new file. */
bool worktree_replace(const Change *change, Leftovers *leftovers, const char *path, GBytes *expected,
                      GBytes *bytes, struct stat *ret_stat, GError **error);
