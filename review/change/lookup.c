/* What stands at a path of the head side, whether it has changed or not. */
#include "review/change/private.h"

#include <string.h>

bool change_mode(Change *change, const char *path, guint32 *ret_mode, GError **error) {
    const ChangedFile *file = change_find_any(change, path);
    const WorkFile *work = change->work != NULL ? g_hash_table_lookup(change->work, path) : NULL;
    git_oid id;

    if (file == NULL && work == NULL && change->source != CHANGE_CODE)
        return change_find_stored(change, path, ret_mode, &id, error);
    *ret_mode = file != NULL ? file->mode : work != NULL ? work->mode : 0;
    return true;
}

/* A file of the change below `folder` ("a/"). */
static bool has_changed_file(const Change *change, const char *folder) {
    guint low = 0, high = change->all->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (strcmp(((const ChangedFile *)g_ptr_array_index(change->all, middle))->path, folder) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < change->all->len; low++) {
        const ChangedFile *file = g_ptr_array_index(change->all, low);

        if (!g_str_has_prefix(file->path, folder))
            return false;
        if (file->mode != 0)
            return true;
    }
    return false;
}

/* A file of the index below `folder` that the work tree, if that is what is reviewed, has as well. */
static bool has_indexed_file(const Change *change, const char *folder) {
    size_t at;

    if (git_index_find_prefix(&at, change->index, folder) < 0)
        return false;
    for (; at < git_index_entrycount(change->index); at++) {
        const git_index_entry *entry = git_index_get_byindex(change->index, at);
        const WorkFile *work = change->work != NULL ? g_hash_table_lookup(change->work, entry->path) : NULL;

        if (!g_str_has_prefix(entry->path, folder))
            return false;
        if (work == NULL || work->mode != 0)
            return true;
    }
    return false;
}

bool change_has_folder(Change *change, const char *path, bool *ret_has, GError **error) {
    g_autofree char *folder = g_strconcat(path, "/", NULL);
    g_autoptr(git_tree_entry) entry = NULL;
    int code;

    *ret_has =
        has_changed_file(change, folder) || (change->index != NULL && has_indexed_file(change, folder));
    if (*ret_has || change->index != NULL || change->tree == NULL)
        return true;
    code = git_tree_entry_bypath(&entry, change->tree, path);
    *ret_has = code == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    return code == 0 || code == GIT_ENOTFOUND || change_git_error(error, "cannot read a tree");
}
