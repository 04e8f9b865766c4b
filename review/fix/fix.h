/* fix.h: fixes what a review has found, first in memory, and then where it belongs.
 *
 * Order: fixes_new(); then passes: load the change, fixes_amend() it, review it, fixes_plan(); while that
 * says so, once more. Fixes uncover further ones (what Ruff removes leaves lines that Black joins), and what
 * they make has to be reviewed before it counts. A fix that makes a syntax error is taken back. When nothing
 * more is to be done, fixes_patch() gives all as a patch, or fixes_write() writes it. Nothing is written
 * before. */
#pragma once

#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Fixes Fixes;

Fixes *fixes_new(void);
void fixes_free(Fixes *fixes);

/* Gives a loaded change the files as they are fixed so far. false with `error` set. */
bool fixes_amend(Fixes *fixes, Change *change, GError **error);

/* Looks at what a review of the amended change has found: true where there is more to do, and the change is
 * to be loaded, amended and reviewed anew. Ends after CAP_FIX_PASSES. */
bool fixes_plan(Fixes *fixes, Review *review);

/* All files that are fixed, as one patch that git-apply(1) takes. false with `error` set. */
bool fixes_patch(const Fixes *fixes, GString *patch, GError **error);

/* Writes what is fixed: to the work tree, and with CHANGE_STAGED to the index. A file of the work tree is
 * only written where it still is what was reviewed; with CHANGE_STAGED it may have edits that are not staged,
 * which stay so, where no fix touches them. What cannot be written is left as it is in both. `change` is that
 * of the last pass. false with `error` set where nothing could be done at all (the index is locked). */
bool fixes_write(Fixes *fixes, Change *change, GError **error);

/* How many findings and files are fixed, and how many files could not be written. */
void fixes_count(const Fixes *fixes, guint *ret_findings, guint *ret_files, guint *ret_refused);

/* Why there are fixes that were not applied: of char *, clean lines, a file each or more. */
GPtrArray *fixes_left(const Fixes *fixes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixes, fixes_free)
