/* baseline_entries.h: what baseline.c reads, baseline_match.c finds again, and baseline_renamed.c, too, where
 * a file was renamed and edited. */
#pragma once

#include "review/baseline.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *rule, *path, *fingerprint;
    char *line_hash;      /* NULL: another tool has written it */
    guint line;           /* 0: it does not say */
    const char *found_in; /* the path of the finding that it accounts for; NULL: of none yet */
} Entry;

struct Baseline {
    bool all;               /* it has whatever there is */
    GPtrArray *entries;     /* of Entry */
    GHashTable *by_place;   /* key -> GPtrArray of Entry: by rule, fingerprint and path */
    GHashTable *by_line;    /* the same, by rule, hash of the line, and path */
    GHashTable *by_content; /* the same, by rule and fingerprint */
    GPtrArray *stale;       /* of char * */
};

/* Lists of entries (GPtrArray of Entry) by a key, which entries_index_add() takes. */
GHashTable *entries_index_new(void);
void entries_index_add(GHashTable *index, char *key, Entry *entry);
/* Of a rule, a fingerprint or hash of a line, and a path, which may be NULL. Newly allocated. */
char *entries_key(const char *rule, const char *hash, const char *path);

/* Lets an entry account for a finding. `how` is told to who asks: "in", and the entry's path. */
void entries_match(const Triage *triage, Finding *finding, Entry *entry, const char *how);

/* Files that were renamed and edited. `there` (set of path) are those of the change's new version. */
void baseline_match_renamed(Triage *triage, const GHashTable *there);
