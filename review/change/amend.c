/* The head side with other bytes at a path: they are lent to libgit2 as a blob, as those of a patch are. */
#include "exec/text.h"
#include "review/change/private.h"

/* The work tree's file. The one that it takes the place of stays: what it lends may be another file's, too.
 */
static bool amend_work(Change *change, const char *path, GBytes *bytes, git_oid *ret_id, GError **error) {
    WorkFile *old = g_hash_table_lookup(change->work, path), *file;
    g_autoptr(GBytes) stored = change_stored(change, path, bytes, error);

    if (stored == NULL)
        return false;
    file = g_new0(WorkFile, 1);
    file->path = g_strdup(path);
    file->mode = old->mode;
    file->was_read = true;
    file->amended = g_bytes_ref(bytes);
    file->stored = g_steal_pointer(&stored);
    file->size = g_bytes_get_size(file->stored);
    if (!work_hash_bytes(bytes, &file->raw, error) || !work_hash_bytes(file->stored, &file->blob, error)) {
        work_file_free(file);
        return false;
    }
    git_oid_cpy(ret_id, &file->blob);
    if (change->replaced == NULL)
        change->replaced = g_ptr_array_new_with_free_func(work_file_free);
    g_hash_table_steal(change->work, path);
    g_ptr_array_add(change->replaced, old);
    g_hash_table_insert(change->work, file->path, file);
    if (!g_hash_table_contains(change->blobs, &file->blob))
        g_hash_table_insert(change->blobs, &file->blob, file);
    return true;
}

static bool amend_stored(Change *change, GBytes *bytes, git_oid *ret_id, GError **error) {
    if (change->blobs == NULL) {
        change->blobs = g_hash_table_new_full(change_oid_hash, change_oid_equal, NULL, work_file_free);
        if (!work_lend_blobs(change, error))
            return false;
    }
    return change_lend(change, bytes, ret_id, error);
}

bool change_amend(Change *change, const char *path, GBytes *bytes, GError **error) {
    ChangedFile *file = change_find_any(change, path);
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    git_oid id;

    if (file == NULL || !S_ISREG(file->mode) || change->source == CHANGE_CODE) {
        g_autofree char *shown = text_path(path);

        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_FILE, "%s: it is no file of the change", shown);
        return false;
    }
    if (change->work != NULL ? !amend_work(change, path, bytes, &id, error)
                             : !amend_stored(change, bytes, &id, error))
        return false;
    git_oid_tostr(file->blob, sizeof(file->blob), &id);
    file->all_new = file->has_nul = false;
    g_array_set_size(file->new_lines, 0);
    g_array_set_size(file->hunks, 0);
    g_ptr_array_add(files, file);
    return change_measure(change, files, error);
}
