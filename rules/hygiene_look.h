/* hygiene_look.h: what the files of hygiene.h share; nobody else includes it.
 *
 *   hygiene.c         the rules, one after the other, and their findings
 *   hygiene_look.c    the conditions, but for these:
 *   hygiene_link.c    where a symbolic link leads
 *   hygiene_path.c    names that are not what they seem, or that not every system takes
 *   hygiene_tree.c    what else there is in the tree: conflicts, and partners
 */
#pragma once

#include "rules/hygiene.h"
#include "rules/rule_change.h"

/* A file that is looked at. */
typedef struct {
    Hygiene *hygiene;
    const HygieneFile *file;
    GBytes *bytes;   /* once they are read */
    GString *detail; /* what was found out, for the message: "its target, x, leaves the repository" */
    guint line;      /* where, or 0: the file as a whole */
    GError *error;   /* why it cannot be told */
} Look;

struct Hygiene {
    GPtrArray *rules; /* of Rule: those of this kind; not owned */
    const HygieneTree *tree;
    GHashTable *paths;          /* set of all paths of the tree; NULL: not asked for yet */
    GHashTable *folded, *twice; /* folded path -> one, and another one, that is the same then */
    guint64 files, new_lines;   /* of the change */
    char *largest;              /* the file with the most new lines, */
    guint64 largest_lines;      /* and how many */
};

/* Whether it holds. false, too, where look->error is set. */
bool look_holds(Look *look, const ChangeCondition *condition);

/* The bytes, or NULL where there are none, or with look->error set. They belong to the look. */
const char *look_bytes(Look *look, gsize *ret_len);

bool look_link_outside(Look *look);
bool look_path(Look *look, guint64 words);
bool look_conflict(Look *look);
bool look_partner(Look *look, const ChangeCondition *condition);
