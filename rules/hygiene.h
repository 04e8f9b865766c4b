/* hygiene.h: built-in rules on the change itself: what a file is and where it leads, not what it says. They
 * are of the pack "change".
 *
 * Order: hygiene_check() for each changed file, whether another check looks at it or not. What a rule finds
 * is in `result`, as with scan.h; what it could not look at has failed there.
 *
 * change.hidden-source: a source file that nobody looks at, but that an interpreter may run all the same:
 * it holds a NUL byte, which makes it binary to git, or git-lfs keeps what it holds. change.link-outside: a
 * symbolic link whose target is not within the repository, be it absolute, above the root, below .git, or by
 * way of another link. */
#pragma once

#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

/* The reviewed tree, changed or not. */
typedef struct {
    /* Where the symbolic link at `path` points, newly allocated; NULL in `ret_target` where there is none.
     * false with `error` set where that cannot be told. */
    bool (*read_link)(const char *path, char **ret_target, gpointer data, GError **error);
    gpointer data;
} HygieneTree;

typedef struct {
    const char *path;
    GBytes *binary; /* what it holds, where a NUL byte alone makes it binary; else NULL */
    bool pointer;   /* it is git-lfs's pointer to a content that is not here */
} HygieneFile;

void hygiene_check(const HygieneTree *tree, const HygieneFile *file, CheckResult *result);
