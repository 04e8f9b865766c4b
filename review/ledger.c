#include "review/ledger.h"

#include "exec/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *verdict_name(Verdict verdict) {
    static const char *const names[] = {"passed", "rejected", "undecided"};

    return names[verdict];
}

static void entry_free(LedgerEntry *entry) {
    g_ptr_array_unref(entry->checks);
    g_ptr_array_unref(entry->failures);
    g_ptr_array_unref(entry->left_out);
    g_free(entry->skipped);
    g_free(entry);
}

/* What git calls a submodule: S_IFDIR | S_IFLNK. */
#define MODE_SUBMODULE 0160000u

#define BINARY "binary"

static const char *skip_reason(const LedgerEntry *entry) {
    const ChangedFile *file = entry->file;

    if (file->status == FILE_DELETED)
        return "deleted";
    if (entry->excluded)
        return "excluded by the policy";
    if (file->mode == MODE_SUBMODULE)
        return "a submodule";
    if (S_ISLNK(file->mode))
        return "a symbolic link";
    if (file->pointer)
        return "a git-lfs pointer, whose content is not here";
    if (file->binary)
        return BINARY;
    return NULL;
}

GPtrArray *ledger_new(const Change *change, const Match *exclude) {
    const GPtrArray *files = change_files(change);
    GPtrArray *ledger = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);

    for (guint i = 0; i < files->len; i++) {
        LedgerEntry *entry = g_new0(LedgerEntry, 1);

        entry->file = files->pdata[i];
        entry->checks = g_ptr_array_new_with_free_func(g_free);
        entry->failures = g_ptr_array_new_with_free_func(g_free);
        entry->left_out = g_ptr_array_new_with_free_func(g_free);
        entry->excluded = match_path(exclude, entry->file->path);
        entry->skipped = g_strdup(skip_reason(entry));
        g_ptr_array_add(ledger, entry);
    }
    return ledger;
}

static int compare_path(gconstpointer key, gconstpointer element) {
    return strcmp(key, (*(LedgerEntry *const *)element)->file->path);
}

LedgerEntry *ledger_find(const GPtrArray *ledger, const char *path) {
    LedgerEntry **found =
        ledger->len > 0 ? bsearch(path, ledger->pdata, ledger->len, sizeof(gpointer), compare_path) : NULL;

    return found != NULL ? *found : NULL;
}

bool ledger_is_reviewable(const LedgerEntry *entry) {
    return entry->skipped == NULL && entry->failures->len == 0;
}

bool ledger_is_binary(const LedgerEntry *entry) {
    return g_strcmp0(entry->skipped, BINARY) == 0 && entry->failures->len == 0;
}

void ledger_fail(LedgerEntry *entry, const char *who, const char *why) {
    g_ptr_array_add(entry->failures, g_strdup_printf("%s: %s", who, why));
}

static void add_left_out(const GPtrArray *ledger, const CheckResult *check) {
    GHashTableIter iter;
    gpointer path, why;

    g_hash_table_iter_init(&iter, check->left_out);
    while (g_hash_table_iter_next(&iter, &path, &why)) {
        LedgerEntry *entry = ledger_find(ledger, path);

        g_ptr_array_add(entry->left_out, g_strdup_printf("%s: %s", check->name, (const char *)why));
        g_ptr_array_sort(entry->left_out, text_compare);
    }
}

void ledger_add(GPtrArray *ledger, const CheckResult *check) {
    add_left_out(ledger, check);
    for (guint i = 0; i < check->paths->len; i++) {
        const char *path = check->paths->pdata[i];
        const char *why = check_failure_of(check, path);
        LedgerEntry *entry = ledger_find(ledger, path);

        g_ptr_array_add(entry->checks, g_strdup(check->name));
        g_ptr_array_sort(entry->checks, text_compare);
        if (why != NULL)
            ledger_fail(entry, check->name, why);
        g_ptr_array_sort(entry->failures, text_compare);
    }
}

char *ledger_left_out(const LedgerEntry *entry) {
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    for (guint i = 0; i < entry->left_out->len; i++)
        g_ptr_array_add(lines, entry->left_out->pdata[i]);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("; ", (char **)lines->pdata);
}

void ledger_close(GPtrArray *ledger) {
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        if (entry->checks->len > 0 || entry->failures->len > 0 || entry->skipped != NULL)
            continue;
        entry->skipped =
            entry->left_out->len > 0 ? ledger_left_out(entry) : g_strdup("no check looks at such files");
    }
}
