/* What a change started from: its files' old lines, and all of it as a change of its own, which is reviewed
 * as any other. */
#include "review/change/private.h"

#include <string.h>

guint changed_file_old_line(const ChangedFile *file, guint line) {
    gint64 moved = 0;

    for (guint i = 0; i < file->hunks->len; i++) {
        const Hunk *hunk = &g_array_index(file->hunks, Hunk, i);

        if (line < hunk->new_first)
            break;
        if (line < hunk->new_first + hunk->new_count)
            return hunk->old_first;
        moved = (gint64)hunk->old_first + hunk->old_count - hunk->new_first - hunk->new_count;
    }
    return (guint)MAX((gint64)line + moved, 1);
}

bool changed_file_lost(const ChangedFile *file, guint old_line) {
    for (guint i = 0; i < file->hunks->len; i++) {
        const Hunk *hunk = &g_array_index(file->hunks, Hunk, i);

        if (hunk->old_first <= old_line && old_line < hunk->old_first + hunk->old_count)
            return true;
    }
    return file->all_new || !S_ISREG(file->mode);
}

const char *changed_file_old_path(const ChangedFile *file) {
    if (file->status == FILE_COPIED || !S_ISREG(file->old_mode))
        return NULL;
    return file->old_path != NULL ? file->old_path : file->path;
}

/* The old side of a file, as one that was added; NULL where there was none that could be reviewed. */
static ChangedFile *old_side(const ChangedFile *file) {
    const char *path = changed_file_old_path(file);
    ChangedFile *old = path != NULL ? changed_file_new(path, FILE_ADDED) : NULL;

    if (old == NULL)
        return NULL;
    old->mode = file->old_mode;
    memcpy(old->blob, file->old_blob, sizeof(old->blob));
    return old;
}

static bool find_tree(const Change *change, git_tree **ret_tree, GError **error) {
    g_autoptr(git_commit) commit = NULL;
    git_oid id;

    if (*change->base_id == '\0') /* before the first commit */
        return true;
    if (git_oid_fromstr(&id, change->base_id) < 0 || git_commit_lookup(&commit, change->repo, &id) < 0 ||
        git_commit_tree(ret_tree, commit) < 0)
        return change_git_error(error, "cannot read what the change started from");
    return true;
}

static int compare_paths(gconstpointer a, gconstpointer b) {
    return strcmp((*(ChangedFile *const *)a)->path, (*(ChangedFile *const *)b)->path);
}

Change *change_before(Change *change, GError **error) {
    g_autoptr(Change) before = g_new0(Change, 1);

    before->after = change;
    before->repo = change->repo;
    before->root_fd = -1;
    before->source = CHANGE_ALL;
    before->description = g_strdup_printf("what came before %s", change->description);
    before->all = g_ptr_array_new_with_free_func(changed_file_free);
    before->files = g_ptr_array_new();
    if (!find_tree(change, &before->tree, error))
        return NULL;
    if (change->trusted_tree != NULL && git_tree_dup(&before->trusted_tree, change->trusted_tree) < 0) {
        change_git_error(error, "cannot read a tree");
        return NULL;
    }
    for (guint i = 0; i < change->files->len; i++) {
        ChangedFile *old = old_side(change->files->pdata[i]);

        if (old != NULL)
            g_ptr_array_add(before->all, old);
    }
    g_ptr_array_sort(before->all, compare_paths);
    if (!change_measure(before, before->all, error))
        return NULL;
    for (guint i = 0; i < before->all->len; i++)
        g_ptr_array_add(before->files, before->all->pdata[i]);
    return g_steal_pointer(&before);
}
