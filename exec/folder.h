/* folder.h: directory trees whose content is not to be trusted: no link is ever followed.
 *
 * Without GLib, since sallyport-init has it, too. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Removes `name` below the directory `parent` (AT_FDCWD: by its path), and all that is in it, whatever modes
 * its folders have. What cannot be removed stays; there is nobody to tell. */
void folder_remove(int parent, const char *name);

/* Copies what is below the directory `from` into `to`: directories, regular files, links as links; what is
 * neither is left out. false with errno set where something could not be copied. */
bool folder_copy(int from, int to);
/* Bytes on disk, and the number of files and directories, below a directory. */
void folder_usage(int folder, uint64_t *ret_bytes, uint64_t *ret_files);
/* Gives all that is below `folder` to another user, which only root can. */
bool folder_give(int folder, uid_t uid, gid_t gid);
