/* includes.h: the repository's own headers that changed files of C and C++ include, for the snapshot, and the
 * flags by which clang finds them.
 *
 * As with Python's modules (modules.h), only what is included is laid out, and what that includes in turn. A
 * name is looked for beside the file that includes it, then among all files of the repository whose path ends
 * with it: so no -I has to be known. Of several the nearest is taken: the one that shares most of its folders
 * with the file that includes it. What is not found is the system's, or missing, and clang says so.
 *
 * Order: includes_new(), includes_lay_out() for each reviewed file, after it was laid out itself;
 * includes_free(). */
#pragma once

#include "review/snapshot.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Includes Includes;

/* Looks through the names of all files of the head side. NULL with `error` set. */
Includes *includes_new(Change *change, Snapshot *snapshot, GError **error);
void includes_free(Includes *includes);

/* "c", "cpp", or "header" for one of either language (rules/clang/client.h); NULL: another language. A name
 * that ends with .h is C++ where the repository has C++ but no C. */
const char *includes_language(const Includes *includes, const char *path);

/* Lays out what the file includes, and adds to `flags` (of char *) what is needed to find it. Without
 * `has_flags` a folder of what is included in quotes comes before those of the system, else all come last.
 * What cannot be laid out is missing, as if the repository did not have it. false, with `error` set, where
 * there is more than CAP_CLANG_HEADERS or CAP_CLANG_HEADER_BYTES. */
bool includes_lay_out(Includes *includes, const char *path, bool has_flags, GPtrArray *flags, GError **error);

/* The names that a text includes: "<a.h>" and "\"b.h\"", of char *, in order. For tests. */
GPtrArray *includes_of(const char *text, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Includes, includes_free)
