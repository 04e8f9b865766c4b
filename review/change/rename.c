/* Which of the new files are renamed or copied ones. libgit2 compares contents; but it gives one file that
 * went away to many new ones, all of them renamed, looks at a thousand candidates only, and takes a file that
 * is still there for a source as soon as one that went. What is old would be new then, or the reverse. So its
 * answers are settled here in git's order (diffcore_rename() in its diffcore-rename.c): a new file with the
 * content of one that went is that, renamed; each that went became one file at most; all else are copies. */
#include "review/change/private.h"

#include <string.h>

/* To find a rename libgit2 loads both files whole. Where one is larger than what is reviewed (it may be a few
 * bytes in the repository) only exact renames are looked for, which are told by their ids. */
bool change_find_renames(Change *change, git_diff *diff, GError **error) {
    git_diff_find_options options;

    git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION);
    options.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_COPIES;
    for (gsize i = 0; i < git_diff_num_deltas(diff); i++) {
        const git_diff_delta *delta = git_diff_get_delta(diff, i);
        const git_diff_file *sides[] = {&delta->old_file, &delta->new_file};

        for (gsize j = 0; j < G_N_ELEMENTS(sides); j++) {
            gsize size = 0;

            if (!S_ISREG(sides[j]->mode) || git_oid_is_zero(&sides[j]->id))
                continue;
            if (!change_blob_size(change, &sides[j]->id, &size, error))
                return false;
            if (size > CAP_FILE_BYTES)
                options.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY;
        }
    }
    if (git_diff_find_similar(diff, &options) < 0)
        return change_git_error(error, "cannot look for renamed files");
    return true;
}

/* Settling. */

typedef struct {
    GPtrArray *files;    /* of ChangedFile */
    GHashTable *by_path; /* path -> deleted regular file, or one that libgit2 says was renamed */
    GHashTable *by_blob; /* the same: id -> GPtrArray of them */
    GHashTable *taken;   /* set of those that became another file */
    GHashTable *settled; /* set of the files that came from one of these */
} Settling;

static const char *last_name(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static bool is_moved(const ChangedFile *file, FileStatus status) {
    return file->status == status && S_ISREG(file->mode) && S_ISREG(file->old_mode);
}

static void add_gone(Settling *settling, ChangedFile *file) {
    GPtrArray *same = g_hash_table_lookup(settling->by_blob, file->old_blob);

    if (same == NULL) {
        same = g_ptr_array_new();
        g_hash_table_insert(settling->by_blob, file->old_blob, same);
    }
    g_ptr_array_add(same, file);
    g_hash_table_insert(settling->by_path, file->path, file);
}

/* What a renamed file was, as a file that went. */
static ChangedFile *deletion_of(const ChangedFile *renamed) {
    ChangedFile *file = changed_file_new(renamed->old_path, FILE_DELETED);

    file->old_mode = renamed->old_mode;
    memcpy(file->old_blob, renamed->old_blob, sizeof(file->old_blob));
    return file;
}

static void list_gone(Settling *settling) {
    guint count = settling->files->len;

    for (guint i = 0; i < count; i++) {
        ChangedFile *file = settling->files->pdata[i];

        if (file->status == FILE_DELETED && S_ISREG(file->old_mode))
            add_gone(settling, file);
    }
    for (guint i = 0; i < count; i++) {
        const ChangedFile *file = settling->files->pdata[i];

        if (!is_moved(file, FILE_RENAMED) || g_hash_table_contains(settling->by_path, file->old_path))
            continue;
        g_ptr_array_add(settling->files, deletion_of(file));
        add_gone(settling, settling->files->pdata[settling->files->len - 1]);
    }
}

static void settle(Settling *settling, ChangedFile *file, ChangedFile *origin) {
    file->status = FILE_RENAMED;
    file->old_mode = origin->old_mode;
    memcpy(file->old_blob, origin->old_blob, sizeof(file->old_blob));
    g_free(file->old_path);
    file->old_path = g_strdup(origin->path);
    g_hash_table_add(settling->taken, origin);
    g_hash_table_add(settling->settled, file);
}

/* New files with the content of one that went; first those that also have its name. */
static void settle_exact(Settling *settling, bool by_name) {
    for (guint i = 0; i < settling->files->len; i++) {
        ChangedFile *file = settling->files->pdata[i];
        const GPtrArray *same = g_hash_table_lookup(settling->by_blob, file->blob);
        bool is_new = (file->status == FILE_ADDED && S_ISREG(file->mode)) || is_moved(file, FILE_COPIED) ||
                      is_moved(file, FILE_RENAMED);

        if (same == NULL || !is_new || g_hash_table_contains(settling->settled, file))
            continue;
        for (guint j = 0; j < same->len; j++) {
            ChangedFile *origin = same->pdata[j];

            if (g_hash_table_contains(settling->taken, origin) ||
                (by_name && strcmp(last_name(origin->path), last_name(file->path)) != 0))
                continue;
            settle(settling, file, origin);
            break;
        }
    }
}

/* Files that are much like one that went, which is free, or is not any more. */
static void settle_similar(Settling *settling) {
    for (guint i = 0; i < settling->files->len; i++) {
        ChangedFile *file = settling->files->pdata[i], *origin;

        if (!is_moved(file, FILE_RENAMED) || g_hash_table_contains(settling->settled, file))
            continue;
        origin = g_hash_table_lookup(settling->by_path, file->old_path);
        if (g_hash_table_contains(settling->taken, origin))
            file->status = FILE_COPIED;
        else
            settle(settling, file, origin);
    }
}

/* Takes out what became another file. Where something else came in the place of a file that did not, its type
 * has changed. */
static void drop_taken(Settling *settling) {
    for (guint i = 0; i < settling->files->len; i++) {
        ChangedFile *file = settling->files->pdata[i];
        ChangedFile *went = g_hash_table_lookup(settling->by_path, file->path);

        if (file->status != FILE_ADDED || went == NULL || g_hash_table_contains(settling->taken, went))
            continue;
        file->status = FILE_TYPE_CHANGED;
        file->old_mode = went->old_mode;
        memcpy(file->old_blob, went->old_blob, sizeof(file->old_blob));
        g_hash_table_add(settling->taken, went);
    }
    for (guint i = settling->files->len; i > 0; i--)
        if (g_hash_table_contains(settling->taken, settling->files->pdata[i - 1]))
            g_ptr_array_remove_index(settling->files, i - 1);
}

void change_settle_renames(GPtrArray *files) {
    g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) by_blob =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL), settled = g_hash_table_new(NULL, NULL);
    Settling settling = {files, by_path, by_blob, taken, settled};

    list_gone(&settling);
    if (g_hash_table_size(by_path) == 0)
        return;
    settle_exact(&settling, true);
    settle_exact(&settling, false);
    settle_similar(&settling);
    drop_taken(&settling);
}
