/* Files that were renamed and edited, where the change does not say so (--all): an entry's fingerprint is
 * another one where what follows its line is, and its path is gone. So, for each file with findings that are
 * left, one that is gone is looked for: of its entries at least half are in that file, by fingerprint or by
 * the text of their lines, and these are at least LEAST, unless both files have the same name. */
#include "review/baseline_entries.h"

#include <string.h>

enum { LEAST = 3, MOST_CANDIDATES = 100 };

/* A file with findings, and what is known of the gone ones. */
typedef struct {
    const GPtrArray *findings; /* of all files: this one's stand from `first` to before `end` */
    guint first, end;
    GHashTable *totals;        /* gone path -> number of its entries */
    GHashTable *places;        /* "PATH\nPATH", gone and found in -> number of entries that were matched so */
    GHashTable *lines;         /* key of rule and line -> entries of gone files that are left */
    const GHashTable *by_line; /* the baseline's */
} File;

static void count(GHashTable *counts, char *key) {
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

    g_hash_table_insert(counts, key, GUINT_TO_POINTER(number + 1));
}

static guint count_of(GHashTable *counts, const char *key) {
    return GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
}

/* false where no entry of a gone file is left. */
static bool read_entries(const GPtrArray *entries, const GHashTable *there, const File *file) {
    bool any = false;

    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = entries->pdata[i];

        if (g_hash_table_contains((GHashTable *)there, entry->path))
            continue;
        count(file->totals, g_strdup(entry->path));
        if (entry->found_in != NULL) {
            count(file->places, g_strjoin("\n", entry->path, entry->found_in, NULL));
        } else if (entry->line_hash != NULL) {
            entries_index_add(file->lines, entries_key(entry->rule, entry->line_hash, NULL), entry);
            any = true;
        }
    }
    return any;
}

static const GPtrArray *entries_of(const File *file, const Finding *finding, const char *path) {
    g_autofree char *key = entries_key(finding->rule, finding->line_hash, path);

    return g_hash_table_lookup((GHashTable *)file->by_line, key);
}

/* Lets the gone file's entries account for the findings, or only counts how many could be. */
static guint match_file(Triage *triage, const File *file, const char *gone) {
    g_autoptr(GHashTable) used = g_hash_table_new(g_direct_hash, g_direct_equal);
    guint matched = 0;

    for (guint i = file->first; i < file->end; i++) {
        Finding *finding = file->findings->pdata[i];
        const GPtrArray *list = finding->unchanged ? NULL : entries_of(file, finding, gone);
        Entry *entry = NULL;

        for (guint j = 0; list != NULL && j < list->len && entry == NULL; j++) {
            Entry *other = list->pdata[j];

            if (other->found_in == NULL && g_hash_table_add(used, other))
                entry = other;
        }
        matched += entry != NULL;
        if (entry != NULL && triage != NULL)
            entries_match(triage, finding, entry, "by its line alone, as that of a file that was renamed,");
    }
    return matched;
}

static bool same_name(const char *a, const char *b) {
    g_autofree char *name = g_path_get_basename(a), *other = g_path_get_basename(b);

    return strcmp(name, other) == 0;
}

static guint rate(const File *file, const char *gone) {
    const char *path = ((const Finding *)file->findings->pdata[file->first])->path;
    g_autofree char *place = g_strjoin("\n", gone, path, NULL);
    guint found = count_of(file->places, place) + match_file(NULL, file, gone);

    return found * 2 >= count_of(file->totals, gone) && (found >= LEAST || same_name(gone, path)) ? found : 0;
}

/* Gone files of which some line is in this one. */
static GPtrArray *candidates_of(const File *file) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *paths = g_ptr_array_new();

    for (guint i = file->first; i < file->end; i++) {
        const Finding *finding = file->findings->pdata[i];
        g_autofree char *key = entries_key(finding->rule, finding->line_hash, NULL);
        const GPtrArray *list = finding->unchanged ? NULL : g_hash_table_lookup(file->lines, key);

        for (guint j = 0; list != NULL && j < MIN(list->len, MOST_CANDIDATES); j++)
            if (paths->len < MOST_CANDIDATES && g_hash_table_add(seen, ((const Entry *)list->pdata[j])->path))
                g_ptr_array_add(paths, ((const Entry *)list->pdata[j])->path);
    }
    return paths;
}

static void match_best(Triage *triage, const File *file) {
    g_autoptr(GPtrArray) candidates = candidates_of(file);
    const char *best = NULL;
    guint most = 0;

    for (guint i = 0; i < candidates->len; i++) {
        guint found = rate(file, candidates->pdata[i]);

        if (found > most) {
            most = found;
            best = candidates->pdata[i];
        }
    }
    if (best != NULL)
        (void)match_file(triage, file, best);
}

void baseline_match_renamed(Triage *triage, const GHashTable *there) {
    g_autoptr(GHashTable) totals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) lines = entries_index_new();
    const GPtrArray *findings = triage->findings;
    File file = {findings, 0, 0, totals, places, lines, triage->baseline->by_line};

    if (!read_entries(triage->baseline->entries, there, &file))
        return;
    for (; file.first < findings->len; file.first = file.end) {
        const char *path = ((const Finding *)findings->pdata[file.first])->path;

        while (file.end < findings->len &&
               strcmp(((const Finding *)findings->pdata[file.end])->path, path) == 0)
            file.end++;
        match_best(triage, &file);
    }
}
