/* cached.h: a linter that is started only for those files of which it is not known what it finds in them.
 *
 * Order as of linter.h: cached_start(), supervisor_wait(), cached_finish(). The account is the same, to the
 * byte, as if the linter had looked at all of them. Only what was decided is kept. */
#pragma once

#include "review/cache.h"
#include "review/linters/linter.h"

#include <glib.h>

typedef struct {
    Cache *cache; /* NULL: none */
    const LinterPolicy *policy;
    const GPtrArray *paths, *beside; /* see linter_start() */
    const char *root;                /* the snapshot's folder */
    GHashTable *config;              /* of the snapshot: see recall_new() */
    const char *search_path;
    Supervisor *supervisor;
} CachedLinter;

typedef struct CachedRun CachedRun;

CachedRun *cached_start(const CachedLinter *linter);
CheckResult *cached_finish(CachedRun *run, Supervisor *supervisor);
