/* folder.h: removing a directory tree whose content is not to be trusted. */
#pragma once

/* Removes `name` below the directory `parent` (AT_FDCWD: by its path), and all that is in it, whatever modes
 * its folders have. No link is followed. What cannot be removed stays; there is nobody to tell.
 *
 * Without GLib, since sallyport-init has it, too. */
void folder_remove(int parent, const char *name);
