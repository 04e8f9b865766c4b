#include "review/fix/fix.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/fix/patch.h"
#include "review/fix/plan.h"
#include "review/fix/private.h"

#include <string.h>

static void file_free(gpointer data) {
    FixedFile *file = data;

    g_free(file->path);
    g_free(file->blob);
    g_bytes_unref(file->reviewed);
    g_bytes_unref(file->now);
    g_clear_pointer(&file->before, g_bytes_unref);
    g_ptr_array_unref(file->keys);
    g_hash_table_unref(file->seen);
    g_hash_table_unref(file->banned);
    g_free(file->refused);
    g_free(file);
}

Fixes *fixes_new(void) {
    Fixes *fixes = g_new0(Fixes, 1);

    fixes->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, file_free);
    return fixes;
}

void fixes_free(Fixes *fixes) {
    if (fixes == NULL)
        return;
    g_hash_table_unref(fixes->files);
    g_free(fixes);
}

static bool remember(FixedFile *file, GBytes *text) {
    return g_hash_table_add(file->seen, g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, text));
}

static FixedFile *file_new(const ChangedFile *changed, GBytes *text) {
    FixedFile *file = g_new0(FixedFile, 1);

    file->path = g_strdup(changed->path);
    file->blob = g_strdup(changed->blob);
    file->reviewed = g_bytes_ref(text);
    file->now = g_bytes_ref(text);
    file->keys = g_ptr_array_new_with_free_func(g_free);
    file->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    file->banned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    remember(file, text);
    return file;
}

static bool is_changed(const FixedFile *file) {
    return file->refused == NULL && !g_bytes_equal(file->reviewed, file->now);
}

static int compare_files(gconstpointer a, gconstpointer b) {
    return strcmp((*(FixedFile *const *)a)->path, (*(FixedFile *const *)b)->path);
}

static GPtrArray *all_files(const Fixes *fixes) {
    GPtrArray *files = g_ptr_array_new();
    GHashTableIter iter;
    gpointer file;

    g_hash_table_iter_init(&iter, fixes->files);
    while (g_hash_table_iter_next(&iter, NULL, &file))
        g_ptr_array_add(files, file);
    g_ptr_array_sort(files, compare_files);
    return files;
}

GPtrArray *fixes_files(const Fixes *fixes) {
    GPtrArray *files = all_files(fixes);

    for (guint i = files->len; i > 0; i--)
        if (!is_changed(files->pdata[i - 1]))
            g_ptr_array_remove_index(files, i - 1);
    return files;
}

/* A file that is no more in the change was changed meanwhile. */
bool fixes_amend(Fixes *fixes, Change *change, GError **error) {
    g_autoptr(GPtrArray) files = fixes_files(fixes);

    for (guint i = 0; i < files->len; i++) {
        FixedFile *file = files->pdata[i];
        g_autoptr(GError) why = NULL;

        if (change_amend(change, file->path, file->now, &why))
            continue;
        if (!g_error_matches(why, CHANGE_ERROR, CHANGE_ERROR_NO_FILE)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        file->refused = g_strdup("it was changed since it was reviewed");
    }
    return true;
}

/* Planning. */

/* The findings of a file, which stand side by side. */
static GPtrArray *findings_of(const Review *review, guint *at) {
    GPtrArray *findings = g_ptr_array_new();
    const char *path = ((const Finding *)review->findings->pdata[*at])->path;

    for (; *at < review->findings->len; (*at)++) {
        Finding *finding = review->findings->pdata[*at];

        if (strcmp(finding->path, path) != 0)
            break;
        g_ptr_array_add(findings, finding);
    }
    return findings;
}

/* How often a tool could not read the file as what it is, or look at it at all. */
static guint count_breaks(const Review *review, const char *path) {
    const LedgerEntry *entry = ledger_find(review->ledger, path);
    guint count = entry != NULL ? entry->failures->len : 0;

    for (guint i = 0; i < review->findings->len; i++) {
        const Finding *finding = review->findings->pdata[i];

        count += strcmp(finding->path, path) == 0 && finding_is_syntax_error(finding);
    }
    return count;
}

/* Takes the last pass over a file back, if it broke the file. The next one makes one fix at a time; one that
 * breaks the file alone is made no more. */
static bool take_back(FixedFile *file, const Review *review) {
    bool broken = file->before != NULL && count_breaks(review, file->path) > file->breaks;

    if (broken) {
        bool alone = file->one || file->keys->len == 1;
        g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file->now);

        g_hash_table_remove(file->seen, hash);
        g_bytes_unref(file->now);
        file->now = g_bytes_ref(file->before);
        file->fixed -= file->keys->len;
        for (guint i = 0; alone && i < file->keys->len; i++)
            g_hash_table_add(file->banned, g_strdup(file->keys->pdata[i]));
        file->one = true;
    }
    g_clear_pointer(&file->before, g_bytes_unref);
    g_ptr_array_set_size(file->keys, 0);
    return broken;
}

/* NULL where the file has nothing to fix, or no fix of it could be written. */
static FixedFile *fixable(Fixes *fixes, Review *review, const GPtrArray *findings) {
    const char *path = ((const Finding *)findings->pdata[0])->path;
    const ChangedFile *changed = change_find(review->change, path);
    FixedFile *file = g_hash_table_lookup(fixes->files, path);
    g_autoptr(GBytes) text = NULL;
    bool any = false;

    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = findings->pdata[i];

        any = any || (finding->fixes->len > 0 && finding_counts(finding));
    }
    if (file != NULL || !any || changed == NULL || changed->mode == 0)
        return file;
    text = change_read(review->change, path, NULL);
    if (text == NULL) /* a link, a submodule, or changed meanwhile, which the review says */
        return NULL;
    file = file_new(changed, text);
    if (change_source(review->change) == CHANGE_WORKTREE && change_is_encoded(review->change, path))
        file->refused = g_strdup(FIX_ENCODED);
    g_hash_table_insert(fixes->files, file->path, file);
    return file;
}

static bool apply(FixedFile *file, const EditText *text, const Plan *plan, const Review *review) {
    g_autoptr(GBytes) next = edit_apply(text, plan->replacements);

    if (g_bytes_equal(next, file->now))
        return false;
    if (!remember(file, next)) {
        file->circular = true;
        return false;
    }
    file->breaks = count_breaks(review, file->path);
    file->before = file->now;
    file->now = g_steal_pointer(&next);
    file->fixed += plan->chosen->len;
    for (guint i = 0; i < plan->chosen->len; i++)
        g_ptr_array_add(file->keys, plan_key(plan->chosen->pdata[i]));
    return true;
}

static bool plan_file(Fixes *fixes, FixedFile *file, const GPtrArray *findings, const Review *review) {
    g_autoptr(EditText) text = edit_text_new(file->now);
    g_autoptr(Plan) plan = plan_new(text, findings, file->banned, file->one);

    file->overlapping = plan->overlapping;
    file->broken = plan->refused;
    file->misplaced = plan->misplaced;
    file->unsafe = plan->unsafe;
    if (plan->chosen->len == 0)
        return false;
    if (fixes->passes < CAP_FIX_PASSES && !file->circular && apply(file, text, plan, review))
        return true;
    file->overlapping += plan->chosen->len;
    return false;
}

bool fixes_plan(Fixes *fixes, Review *review) {
    g_autoptr(GPtrArray) known = all_files(fixes);
    bool more = false;

    for (guint i = 0; i < known->len; i++) {
        FixedFile *file = known->pdata[i];

        more = take_back(file, review) || more;
        file->overlapping = file->broken = file->misplaced = file->unsafe = 0;
    }
    if (more) /* what was found is of a text that is no more */
        return true;
    for (guint at = 0; at < review->findings->len;) {
        g_autoptr(GPtrArray) findings = findings_of(review, &at);
        FixedFile *file = fixable(fixes, review, findings);

        if (file != NULL && file->refused == NULL)
            more = plan_file(fixes, file, findings, review) || more;
    }
    fixes->passes += more;
    return more;
}

/* What comes of it. */

bool fixes_patch(const Fixes *fixes, GString *patch, GError **error) {
    g_autoptr(GPtrArray) files = fixes_files(fixes);

    for (guint i = 0; i < files->len; i++) {
        const FixedFile *file = files->pdata[i];

        if (!fix_patch(file->path, file->reviewed, file->now, patch, error))
            return false;
    }
    return true;
}

void fixes_count(const Fixes *fixes, guint *ret_findings, guint *ret_files, guint *ret_refused) {
    g_autoptr(GPtrArray) files = all_files(fixes);

    *ret_findings = *ret_files = *ret_refused = 0;
    for (guint i = 0; i < files->len; i++) {
        const FixedFile *file = files->pdata[i];

        *ret_refused += file->refused != NULL;
        if (!is_changed(file))
            continue;
        (*ret_files)++;
        *ret_findings += file->fixed;
    }
}

static void tell(GPtrArray *lines, const FixedFile *file, guint count, const char *why) {
    g_autofree char *shown = text_path(file->path),
                    *fixes = g_strdup_printf("%u fix%s", count, count == 1 ? "" : "es");

    if (count > 0)
        g_ptr_array_add(lines, g_strdup_printf("%s: %s left: %s", shown, fixes, why));
}

GPtrArray *fixes_left(const Fixes *fixes) {
    g_autoptr(GPtrArray) files = all_files(fixes);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < files->len; i++) {
        const FixedFile *file = files->pdata[i];

        if (file->refused != NULL) {
            g_autofree char *shown = text_path(file->path);

            g_ptr_array_add(lines, g_strdup_printf("%s: not fixed: %s", shown, file->refused));
            continue;
        }
        tell(lines, file, file->overlapping,
             file->circular ? "another fix undoes it" : "overlaps another (run it again)");
        tell(lines, file, file->broken, "with it the file could not be parsed any more");
        tell(lines, file, file->misplaced, "its place is not known");
        tell(lines, file, file->unsafe, "unsafe: may change what the code does");
    }
    return lines;
}
