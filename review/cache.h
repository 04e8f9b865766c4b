/* cache.h: what the linters found in files, kept from one run to the next in a folder of the user's.
 *
 * A store of bytes by a key, which has to hold all that the bytes depend on (see linters/recall.h). It is one
 * SQLite database, which any number of runs use at the same time; what has not been used for the longest time
 * goes first. Order: cache_new(), cache_get() and cache_put(), cache_store() once at the end, cache_free().
 *
 * Nothing here fails: a cache that cannot be opened, read or written is one in which nothing is found, and
 * cache_problem() says why. A damaged file is put aside, and a new one begun: cache_damage() says so. Each
 * entry has a hash over key and bytes: one that was changed by whatever means is damage too.
 *
 * What is kept here decides verdicts, so nobody else may write to it: the folder has mode 0700 and belongs to
 * this user, or it is not used. What runs in the sandbox does not see it. */
#pragma once

#include <glib.h>

typedef struct Cache Cache;

/* `folder` is made when it is needed, in a folder of this user's only: root, with another one's $HOME, leaves
 * nothing behind there. The file stays below `most` bytes, but for a while. */
Cache *cache_new(const char *folder, guint64 most);
/* May be NULL. What was not stored is lost. */
void cache_free(Cache *cache);

/* The bytes of a key, or NULL. */
GBytes *cache_get(Cache *cache, const char *key);
/* Notes the bytes of a key for cache_store(). */
void cache_put(Cache *cache, const char *key, GBytes *bytes);
/* Writes what was noted, and what was used; makes room. */
void cache_store(Cache *cache);

/* How often something was asked for and there: "the cache knew 118 of 120 results". Newly allocated; NULL
 * where nothing was asked for. */
char *cache_account(const Cache *cache);
/* A clean line, or NULL; they belong to the cache. */
const char *cache_problem(const Cache *cache);
const char *cache_damage(const Cache *cache);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cache, cache_free)
