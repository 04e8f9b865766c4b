/* tree_path.h: paths within a repository's tree, "a/b.c": relative, without "." and "..". */
#pragma once

/* What `name` means in a file of `folder` ("" is the root): "a/../b" is cleaned up. NULL where it leads out
 * of the repository, even for a while, or is absolute or begins with a "~". "" is the root itself. */
char *tree_path_join(const char *folder, const char *name);

/* The folder that a path lies in; "" for the root. Newly allocated. */
char *tree_path_folder(const char *path);

/* What follows the last "/": belongs to `path`. */
const char *tree_path_name(const char *path);
