/* index.h: the index gets other content for some of its files, as git itself changes it: under its lock, in
 * one step, and only where it still has what was reviewed.
 *
 * Order: index_lock(); index_check(), index_store() and index_put() for each file; index_write(). Until then
 * nothing but the lock is to be seen; index_free() gives it back.
 *
 * Which index: that of GIT_INDEX_FILE, where it is set. While `git commit PATH` runs its hooks there are two:
 * the one that is committed, and the one that will be the index afterwards; then both are changed, or the fix
 * would look as if it was taken back. What a run that was killed has left beside the index, its lock
 * included, is removed by the next one. */
#pragma once

#include "review/change/change.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

typedef struct Index Index;

/* NULL with `error` set: another program holds the lock (which is named), or it cannot be read. */
Index *index_lock(const Change *change, GError **error);
void index_free(Index *index);

/* Whether the entry of `path` may be changed: it is the reviewed blob (hex), and git does not believe it to
 * be unchanged whatever the work tree holds. `ret_absent`: a sparse checkout has left it out of the work
 * tree. false with `error` set, whose message goes on a sentence that names the file. */
bool index_check(const Index *index, const char *path, const char *blob, bool *ret_absent, GError **error);

/* Makes these bytes an object of git's, which is of no file yet: what could go wrong with a file does so
 * here, before it is written to the work tree. false with `error` set. */
bool index_store(const Index *index, const char *path, GBytes *bytes, GError **error);

/* Puts these bytes there, which are stored. `st` is of the work tree's file, where that is the same content;
 * else NULL, and git will look into it. false with `error` set. */
bool index_put(Index *index, const char *path, GBytes *bytes, const struct stat *st, GError **error);

bool index_write(Index *index, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Index, index_free)
