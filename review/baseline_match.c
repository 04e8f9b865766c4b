/* The step of triage: which findings the baseline has, and which of its entries are left. */
#include "review/baseline_entries.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/ledger.h"

static bool collect_path(const char *path, guint32 mode, gpointer data) {
    (void)mode;
    g_hash_table_add(data, g_strdup(path));
    return true;
}

/* The paths that are there. */
static GHashTable *list_tree(Change *change, GError **error) {
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    return change_each_file(change, collect_path, paths, error) ? g_steal_pointer(&paths) : NULL;
}

static Entry *first_unused(const GPtrArray *list) {
    for (guint i = 0; list != NULL && i < list->len; i++)
        if (((Entry *)list->pdata[i])->found_in == NULL)
            return list->pdata[i];
    return NULL;
}

void entries_match(const Triage *triage, Finding *finding, Entry *entry, const char *how) {
    g_autofree char *path = text_path(entry->path);

    entry->found_in = finding->path;
    finding->unchanged = true;
    triage_note(triage, finding, "in the baseline, %s %s: it does not count", how, path);
}

/* The path of a finding, or that which its file had before the change; NULL: it had no other. */
static const char *path_of(const Triage *triage, const Finding *finding, bool before) {
    const ChangedFile *file = before ? change_find(triage->change, finding->path) : NULL;

    if (!before)
        return finding->path;
    return file != NULL && file->status == FILE_RENAMED ? file->old_path : NULL;
}

/* By the fingerprint; or by the line alone: a fingerprint reaches a hundred characters into what follows, and
 * an edit there leaves the line as it was. */
static void match_in_place(Triage *triage, bool by_line, bool before) {
    GHashTable *entries = by_line ? triage->baseline->by_line : triage->baseline->by_place;

    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        const char *hash = by_line ? finding->line_hash : finding->fingerprint;
        const char *path = path_of(triage, finding, before);
        g_autofree char *key = path != NULL ? entries_key(finding->rule, hash, path) : NULL;
        Entry *entry =
            key != NULL && !finding->unchanged ? first_unused(g_hash_table_lookup(entries, key)) : NULL;

        if (entry != NULL)
            entries_match(triage, finding, entry, by_line ? "by its line alone, in" : "in");
    }
}

static Entry *first_of_gone(const GPtrArray *list, const GHashTable *there) {
    for (guint i = 0; list != NULL && i < list->len; i++) {
        Entry *entry = list->pdata[i];

        if (entry->found_in == NULL && !g_hash_table_contains((GHashTable *)there, entry->path))
            return entry;
    }
    return NULL;
}

/* Files that were renamed, or whose content has moved to another one. */
static void match_elsewhere(Triage *triage, const GHashTable *there) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        g_autofree char *key = entries_key(finding->rule, finding->fingerprint, NULL);
        Entry *entry = finding->unchanged
                           ? NULL
                           : first_of_gone(g_hash_table_lookup(triage->baseline->by_content, key), there);

        if (entry != NULL)
            entries_match(triage, finding, entry, "as that of a file that is gone,");
    }
}

/* The paths of which this review can say that what is not found in them is not there. */
static GHashTable *judged_paths(const GPtrArray *ledger) {
    GHashTable *paths = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < ledger->len; i++) {
        const LedgerEntry *entry = ledger->pdata[i];

        if (entry->failures->len > 0)
            continue;
        g_hash_table_add(paths, entry->file->path);
        if (entry->file->status == FILE_RENAMED)
            g_hash_table_add(paths, entry->file->old_path);
    }
    return paths;
}

/* Where the baseline is the base's: that which the change has made of it; NULL where there is none to be
 * read. It only says what need not be told any more. */
static Baseline *edited_baseline(const Triage *triage) {
    const char *file = triage->policy->gate.baseline;
    g_autoptr(GBytes) bytes = file != NULL && change_trusted_from(triage->change) != NULL &&
                                      change_find(triage->change, file) != NULL
                                  ? change_read(triage->change, file, NULL)
                                  : NULL;
    gsize len;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;

    return text != NULL ? baseline_parse(text, len, file, NULL) : NULL;
}

static bool has_entry(const Baseline *baseline, const Entry *entry) {
    g_autofree char *key = entries_key(entry->rule, entry->fingerprint, entry->path);

    return g_hash_table_contains(baseline->by_place, key);
}

/* `there` is NULL where no entry is left, or not all of the repository was reviewed. */
static void find_stale(const Triage *triage, const GHashTable *there) {
    Baseline *baseline = triage->baseline;
    g_autoptr(GHashTable) judged = judged_paths(triage->ledger);
    g_autoptr(Baseline) edited = edited_baseline(triage);

    for (guint i = 0; i < baseline->entries->len; i++) {
        const Entry *entry = baseline->entries->pdata[i];
        bool is_judged = g_hash_table_contains(judged, entry->path) ||
                         (change_source(triage->change) == CHANGE_ALL && there != NULL &&
                          !g_hash_table_contains((GHashTable *)there, entry->path));

        if (entry->found_in == NULL && is_judged && (edited == NULL || has_entry(edited, entry))) {
            g_autofree char *path = text_path(entry->path);
            g_autofree char *line =
                entry->line > 0 ? g_strdup_printf(", line %u", entry->line) : g_strdup("");
            g_autofree char *whole = g_strdup_printf("%s in %s%s", entry->rule, path, line);

            g_ptr_array_add(baseline->stale, text_line(whole, -1, CAP_MESSAGE_BYTES));
        }
    }
}

static void accept_all(const Triage *triage) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];

        finding->unchanged = finding_counts(finding);
        if (finding->unchanged)
            triage_note(triage, finding, "goes into the baseline");
    }
}

/* Whether it has to be known which files are there: in a large repository their list takes time. */
static bool wants_tree(const Triage *triage) {
    const GPtrArray *entries = triage->baseline->entries;
    bool finding = change_source(triage->change) == CHANGE_ALL, entry = false;

    for (guint i = 0; i < triage->findings->len && !finding; i++)
        finding = !((const Finding *)triage->findings->pdata[i])->unchanged;
    for (guint i = 0; i < entries->len && !entry; i++)
        entry = ((const Entry *)entries->pdata[i])->found_in == NULL;
    return finding && entry;
}

bool baseline_apply(Triage *triage, GError **error) {
    g_autoptr(GHashTable) there = NULL;

    if (triage->baseline == NULL)
        return true;
    if (triage->baseline->all) {
        accept_all(triage);
        return true;
    }
    match_in_place(triage, false, false);
    match_in_place(triage, true, false);
    match_in_place(triage, false, true);
    match_in_place(triage, true, true);
    if (wants_tree(triage)) {
        there = list_tree(triage->change, error);
        if (there == NULL)
            return false;
        match_elsewhere(triage, there);
        baseline_match_renamed(triage, there);
    }
    find_stale(triage, there);
    return true;
}
