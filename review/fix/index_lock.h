/* index_lock.h: the lock of an index file as git knows it, FILE.lock, so that no two programs change it at
 * once.
 *
 * Where its holder was killed it is known to be of no use any more, other than git's: it says whose it is,
 * and its holder keeps it locked (flock(2)) as long as it lives. */
#pragma once

#include <glib.h>

typedef struct IndexLock IndexLock;

/* NULL with `error` set (CHANGE_ERROR_STATE) where another program holds it. */
IndexLock *index_lock_take(const char *file, GError **error);
/* Gives it back. */
void index_lock_free(IndexLock *lock);

/* A name for a temporary file beside the index file; what has such a name and is left by a run that was
 * killed is removed by the next index_lock_take(). Newly allocated. */
char *index_lock_temporary(const IndexLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(IndexLock, index_lock_free)
