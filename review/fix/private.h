/* private.h: what fix.c and write.c share; nobody else includes it. */
#pragma once

#include "review/fix/fix.h"

/* Why such a file is not fixed in the work tree. */
#define FIX_ENCODED "it has a working-tree-encoding (.gitattributes), which is not written here"

typedef struct {
    char *path;
    char *blob;       /* hex: what git has, or would have, of `reviewed` */
    GBytes *reviewed; /* as the first review had it */
    GBytes *now;      /* with the fixes of all passes */
    guint fixed;      /* findings that are fixed in it */

    /* the last pass */
    GBytes *before;     /* what it began with; NULL: it did not change the file */
    GPtrArray *keys;    /* of char *: plan_key() of what it fixed */
    guint breaks;       /* how often `before` could not be parsed, or be looked at */
    bool one;           /* one fix at a time: several together broke the file */
    GHashTable *seen;   /* hashes of all texts that it had */
    GHashTable *banned; /* set of plan_key(): fixes that broke it */
    bool circular;      /* fixes undo each other */

    guint overlapping, broken, misplaced, unsafe; /* findings whose fix is left, and why */
    char *refused;                                /* why it could not be written, or NULL */
} FixedFile;

struct Fixes {
    GHashTable *files; /* path -> FixedFile, owned */
    guint passes;
};

/* Those with fixes that are to be written, in order of path; the container is the caller's. */
GPtrArray *fixes_files(const Fixes *fixes);
