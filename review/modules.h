/* modules.h: the repository's own Python modules that changed files import, for the linters' snapshot.
 *
 * Whether an import is first-party decides how Ruff wants imports sorted (I001), and a linter tells by
 * looking whether there is such a module next to the project's root. All of a repository cannot be laid out
 * before each commit; so only what the changed files import is: the folders on the way, and the files, where
 * the head side has them. The real files: Ruff asks only whether they are there, but a type checker that a
 * policy names reads them, and would miss everything in an empty one.
 *
 * A project's root is the repository's, and each folder with a configuration file in the snapshot; below it,
 * "src" and what Ruff's setting `src` names count as well; of a pattern in it, those folders that hold one of
 * the imported modules.
 *
 * Order: modules_new(); modules_add_file() for each file that is reviewed; modules_lay_out() once, after
 * snapshot_add_config(); modules_free(). */
#pragma once

#include "review/snapshot.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Modules Modules;

Modules *modules_new(void);
void modules_free(Modules *modules);

/* Notes what a file imports, if it is Python or a notebook. What only looks like an import is noted as well:
 * it does no harm. */
void modules_add_file(Modules *modules, const char *path, const char *text, gsize len);

/* The noted names, "a.b.c", sorted; of char *, which belong to the modules. Free with g_list_free(). */
GList *modules_names(const Modules *modules);

/* Lays out what of it the head side has. false with `error` set, also where there is more than CAP_IMPORTS.
 */
bool modules_lay_out(const Modules *modules, Snapshot *snapshot, Change *change, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Modules, modules_free)
