/* scan_pool.h: scans files in several threads, with the findings in the order of the files.
 *
 * Order: scan_pool_new(), scan_pool_add() for each file, scan_pool_finish(). What is on its way is bounded:
 * scan_pool_add() waits while there is much of it. With one thread all is done in the caller's. */
#pragma once

#include "rules/check.h"
#include "rules/prefilter.h"
#include "rules/rule.h"

#include <glib.h>

typedef struct ScanPool ScanPool;

/* Of the rules; `prefilter` may be NULL, else it is loaded. Both must outlive the pool. */
ScanPool *scan_pool_new(const RuleSet *rules, const Prefilter *prefilter, guint threads);
/* Where it was not finished, what is not scanned yet is not. */
void scan_pool_free(ScanPool *pool);

/* `binary`: as scan_binary(), not as scan_file(). */
void scan_pool_add(ScanPool *pool, const char *path, GBytes *bytes, bool binary);
/* Waits for all; adds their findings, rules and failures to `result`. The caller has put the paths there. */
void scan_pool_finish(ScanPool *pool, CheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScanPool, scan_pool_free)
