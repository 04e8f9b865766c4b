/* hygiene.h: runs the rules of the kind `change` (rule_change.h): what a file is and where it leads, and what
 * the change does to it, not what it says.
 *
 * Order: hygiene_new() once, hygiene_check() for each changed file, whether another check looks at it or not,
 * hygiene_finish() for what is of the change as a whole, hygiene_free(). What a rule finds is in the result,
 * as with scan.h; what it could not look at has failed there. */
#pragma once

#include "rules/check.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

/* The reviewed tree, changed or not. */
typedef struct {
    /* Where the symbolic link at `path` points, newly allocated; NULL in `ret_target` where there is none.
     * false with `error` set where that cannot be told. */
    bool (*read_link)(const char *path, char **ret_target, gpointer data, GError **error);
    /* The bytes of a regular file; NULL with `error` set. The caller's. */
    GBytes *(*read)(const char *path, gpointer data, GError **error);
    /* Calls `each` with each path. false with `error` set. */
    bool (*list)(void (*each)(const char *path, gpointer each_data), gpointer each_data, gpointer data,
                 GError **error);
    gpointer data;
    bool is_change;           /* not all that there is */
    const GPtrArray *changed; /* of char *: the paths of the change, sorted */
} HygieneTree;

typedef struct {
    const char *path;
    const char *status;     /* a word of change_status_words */
    guint32 mode, old_mode; /* as in git's trees: 0100644, 0100755, 0120000, 0160000; 0: none */
    guint64 size;           /* in bytes */
    bool binary, has_nul;   /* as of ChangedFile (review/change/change.h) */
    bool pointer;           /* it is a pointer of git-lfs to a content that is not here */
    guint64 new_lines;
    GBytes *bytes; /* NULL: they are read where they are needed */
} HygieneFile;

typedef struct Hygiene Hygiene;

/* Both must outlive it. */
Hygiene *hygiene_new(const RuleSet *rules, const HygieneTree *tree);
void hygiene_free(Hygiene *hygiene);
/* Whether there is any rule to be asked. */
bool hygiene_is_wanted(const Hygiene *hygiene);
void hygiene_check(Hygiene *hygiene, const HygieneFile *file, CheckResult *result);
void hygiene_finish(Hygiene *hygiene, CheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hygiene, hygiene_free)
