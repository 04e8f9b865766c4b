/* snapshot.h: reviewed content as a directory tree: private, read-only for children, gone at exit.
 *
 * A snapshot is a directory of mode 0700 (0711 for root, whose children are another user) below $TMPDIR with
 * one folder per layout in it: "review" for linters (changed files, what configures them), "tree" for jobs
 * (what they need). The folders themselves and files are readable to all, and "tree" belongs to the user that
 * sandboxed programs are (exec/user.h): they change copies of what is theirs. Files are written from git's
 * objects, at their own relative paths; a symbolic link is made in "tree" only, and is never followed by this
 * program. Order: snapshot_new(), snapshot_add_*(), use snapshot_review_path()/snapshot_tree_path(),
 * snapshot_free() removes all. */
#pragma once

#include "review/change/change.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Snapshot Snapshot;

Snapshot *snapshot_new(GError **error);
void snapshot_free(Snapshot *snapshot);

/* A path that is absolute, has a part that is empty, '.', '..' or '.git', or leads through a file or a
 * symbolic link is an error of every call below, and nothing is written outside of the snapshot. So is a path
 * that is there already. Errors are of CHANGE_ERROR or G_FILE_ERROR. */

/* Lays out one file of the change for the linters, with mode 0644, or 0755 where git's `mode` says that it
 * can be executed: some look for that. All of them first, then the configuration. */
bool snapshot_add_review(Snapshot *snapshot, const char *path, guint32 mode, GBytes *content, GError **error);
/* Lays out the linters' configuration: for each folder on the way from the root to an added file, each of
 * `names` that the trusted side has (change_trusted), and its `__init__.py` from the head side. A
 * configuration file that the untrusted side added is left out (also where it was itself laid out to be
 * reviewed: the linters' `names` decide); one that it changed is the trusted one. Called once a linter, or
 * once with all names. */
bool snapshot_add_config(Snapshot *snapshot, Change *change, const char *const *names, GError **error);
/* The same of one configuration file, wherever it lies. */
bool snapshot_add_config_file(Snapshot *snapshot, Change *change, const char *path, GError **error);
/* The configuration files that were looked for: path -> GBytes; NULL: the trusted side has none there.
 * Belongs to the snapshot. */
GHashTable *snapshot_config(const Snapshot *snapshot);
/* Lays out a file that is not reviewed, but that linters look for beside those that are: as the head side has
 * it, or empty where it is a link; and a folder. What is there already stays, what is not is left out. One
 * that cannot be read is an error: with less than it all, a linter may find less. */
bool snapshot_add_context(Snapshot *snapshot, Change *change, const char *path, GError **error);
bool snapshot_add_folder(Snapshot *snapshot, const char *path, GError **error);
/* Lays out the head side for jobs: what `wanted` accepts (NULL: everything). Files have mode 0644 or 0755,
 * links point where they did. Once a snapshot. */
bool snapshot_add_tree(Snapshot *snapshot, Change *change, bool (*wanted)(const char *path, gpointer data),
                       gpointer data, GError **error);

/* Absolute paths, below a private directory; they belong to the snapshot. */
const char *snapshot_review_path(const Snapshot *snapshot);
const char *snapshot_tree_path(const Snapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_free)
