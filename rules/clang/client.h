/* client.h: what libclang knows of C and C++ files, by way of a worker in the sandbox.
 *
 * libclang takes 70 ms to load and can be made to crash, hang or worse by what it parses: so it lives in a
 * program of its own (worker/), which this one carries with it (image.h), and which is only started where
 * there are such files. There it sees the files at CLANG_SOURCE and the system's headers, read-only, has no
 * network, and CAP_CLANG_* of time and memory for each file. wire.h has what is said.
 *
 * Order: clang_start(), supervisor_wait(), clang_finish(). Each file has an answer of its own: one that
 * crashes the parser does no harm to the others. What comes from the worker is checked field by field; what
 * it says of a file is as little to be trusted as the file itself, and of no other file. */
#pragma once

#include "exec/isolation.h"
#include "exec/supervisor.h"

#include <glib.h>
#include <stdbool.h>

/* A file to be parsed. */
typedef struct {
    char *path;           /* below the root */
    const char *language; /* "c", "cpp", or "header" for one of either language */
    GPtrArray *flags; /* of char *: for clang, in order; nothing else looks at them, so only what is safe */
} ClangSource;

ClangSource *clang_source_new(const char *path, const char *language);
void clang_source_free(ClangSource *source);

/* A function that is defined in the file. See worker/complexity.h for what is counted. */
typedef struct {
    char *name;
    guint start, end; /* of its name: offsets of bytes, start < end */
    guint cyclomatic, cognitive;
    bool lost; /* something in it was not understood: `cognitive` is not known */
} ClangFunction;

/* What is known of a file. */
typedef struct {
    char *failure;        /* why nothing is, or NULL */
    GPtrArray *functions; /* of ClangFunction */
    bool is_unparsed;     /* there is code outside of functions that was not understood, */
    guint unparsed;       /* at this offset */
    char *error;          /* the first error where something was lost, or NULL, and */
    guint error_at;       /* its offset */
} ClangFile;

typedef struct {
    char *version;          /* what libclang says of itself; NULL where it was not heard */
    char *failure, *remedy; /* why nothing was parsed at all, and how to mend it; NULL */
    bool ran;
    GPtrArray *files; /* of ClangFile, in the order of the sources */
} ClangResult;

void clang_result_free(ClangResult *result);

typedef struct ClangRun ClangRun;

/* Starts the worker over `sources` (of ClangSource, kept), which lie below the folder `root`. Never fails. */
ClangRun *clang_start(GPtrArray *sources, const char *root, Tier require, Supervisor *supervisor);
/* Frees the run. May start the worker again for what is left, and wait for it. */
ClangResult *clang_finish(ClangRun *run, Supervisor *supervisor);

/* Reads what a worker has said; for clang_finish(), tests and the fuzz target. `asked` are the numbers of the
 * files, of guint, in the order of its request. Returns how many of the files were answered for the first
 * time. */
guint clang_read(const char *bytes, gsize len, const GArray *asked, ClangResult *result);
/* A result in which nothing is known yet. */
ClangResult *clang_result_new(guint files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClangResult, clang_result_free)
