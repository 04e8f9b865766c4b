/* Contents of the head side, which is reviewed. */
#include "exec/text.h"
#include "review/change/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

void change_path_error(GError **error, int code, const char *path, const char *what) {
    g_autofree char *shown = text_path(path);

    g_set_error(error, CHANGE_ERROR, code, "%s: %s", shown, what);
}

/* Of objects. */

/* NULL, with what libgit2 says. */
static GBytes *set_unreadable(GError **error, const char *path) {
    g_autofree char *shown = text_path(path);

    change_git_error(error, "cannot read an object");
    g_prefix_error(error, "%s: ", shown);
    return NULL;
}

GBytes *change_read_blob(Change *change, const char *path, const git_oid *id, GError **error) {
    g_autoptr(git_odb) odb = NULL;
    g_autoptr(git_blob) blob = NULL;
    git_object_t type;
    gsize size;

    if (git_repository_odb(&odb, change->repo) < 0 || git_odb_read_header(&size, &type, odb, id) < 0)
        return set_unreadable(error, path);
    if (size > CAP_FILE_BYTES) {
        g_autofree char *what = g_strdup_printf("it is larger than %u bytes", CAP_FILE_BYTES);

        change_path_error(error, CHANGE_ERROR_LIMIT, path, what);
        return NULL;
    }
    if (git_blob_lookup(&blob, change->repo, id) < 0)
        return set_unreadable(error, path);
    return g_bytes_new(git_blob_rawcontent(blob), git_blob_rawsize(blob));
}

bool change_find_in_tree(git_tree *tree, const char *path, guint32 *ret_mode, git_oid *ret_id,
                         GError **error) {
    g_autoptr(git_tree_entry) entry = NULL;
    int code = tree != NULL && *path != '\0' ? git_tree_entry_bypath(&entry, tree, path) : GIT_ENOTFOUND;

    *ret_mode = 0;
    if (code == GIT_ENOTFOUND)
        return true;
    if (code < 0)
        return change_git_error(error, "cannot read a tree");
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        return true;
    *ret_mode = git_tree_entry_filemode(entry);
    git_oid_cpy(ret_id, git_tree_entry_id(entry));
    return true;
}

/* What stands at a path of the head side, where that is objects. A changed file is the one that was compared.
 */
bool change_find_stored(Change *change, const char *path, guint32 *ret_mode, git_oid *ret_id,
                        GError **error) {
    const ChangedFile *file = change_find_any(change, path);
    const git_index_entry *entry;

    *ret_mode = 0;
    if (file != NULL) {
        *ret_mode = file->mode;
        return file->mode == 0 || git_oid_fromstr(ret_id, file->blob) == 0 ||
               change_git_error(error, "cannot read an object");
    }
    if (change->index == NULL)
        return change_find_in_tree(change->tree, path, ret_mode, ret_id, error);
    entry = change_index_entry(change, path);
    if (entry != NULL) {
        *ret_mode = entry->mode;
        git_oid_cpy(ret_id, &entry->id);
    }
    return true;
}

/* Whether `mode` is that of what the caller can have; sets the error where not. */
bool change_is_kind(guint32 mode, bool link, const char *path, GError **error) {
    if (mode == 0)
        change_path_error(error, CHANGE_ERROR_NO_FILE, path, "there is no such file");
    else if (mode == GIT_FILEMODE_COMMIT)
        change_path_error(error, CHANGE_ERROR_STATE, path, "it is a submodule, which has no contents here");
    else if (link != (bool)S_ISLNK(mode))
        change_path_error(error, CHANGE_ERROR_STATE, path,
                          link ? "it is not a symbolic link"
                               : "it is a symbolic link, which is not followed");
    else
        return true;
    return false;
}

static GBytes *read_stored(Change *change, const char *path, bool link, GError **error) {
    guint32 mode;
    git_oid id;

    if (!change_find_stored(change, path, &mode, &id, error) || !change_is_kind(mode, link, path, error))
        return NULL;
    return change_read_blob(change, path, &id, error);
}

/* Of the work tree. */

static GBytes *read_work_bytes(Change *change, const char *path, bool link, struct stat *ret_stat,
                               GError **error) {
    g_autoptr(GError) local = NULL;
    GBytes *bytes = NULL;

    if (link) {
        char *target = work_read_link(change->root_fd, path, &local);

        memset(ret_stat, 0, sizeof(*ret_stat));
        bytes = target != NULL ? g_bytes_new_take(target, strlen(target)) : NULL;
    } else {
        bytes = work_read(change->root_fd, path, ret_stat, &local);
    }
    if (bytes == NULL)
        change_path_error(error, local->code, path, local->message);
    return bytes;
}

/* Whether these bytes are the ones that the review began with. `work` is NULL, or not read itself, where the
 * file was found to be as the index has it. */
static bool is_unchanged(Change *change, const WorkFile *work, const git_index_entry *entry, const char *path,
                         bool link, GBytes *bytes, const struct stat *st, GError **error) {
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    git_oid id;

    if (work == NULL || !work->was_read) {
        if (!link && change_stat_is_clean(change, entry, st))
            return true;
        if (!link)
            return work_hash(change, path, bytes, &id, error) && git_oid_equal(&id, &entry->id);
    }
    return git_odb_hash(&id, data != NULL ? data : "", len, GIT_OBJECT_BLOB) == 0 &&
           git_oid_equal(&id, work != NULL && work->was_read ? &work->raw : &entry->id);
}

static GBytes *read_work(Change *change, const char *path, bool link, GError **error) {
    const WorkFile *work = g_hash_table_lookup(change->work, path);
    const git_index_entry *entry = change_index_entry(change, path);
    g_autoptr(GBytes) bytes = NULL, decoded = NULL;
    g_autoptr(GError) local = NULL;
    struct stat st;

    if (g_hash_table_contains(change->absent, path))
        return read_stored(change, path, link, error);
    if (work != NULL && work->problem != NULL) {
        change_path_error(error, CHANGE_ERROR_STATE, path, work->problem);
        return NULL;
    }
    if (!change_is_kind(work != NULL ? work->mode : entry != NULL ? entry->mode : 0, link, path, error))
        return NULL;
    if (work != NULL && work->amended != NULL)
        return g_bytes_ref(work->amended);
    bytes = read_work_bytes(change, path, link, &st, error);
    if (bytes == NULL)
        return NULL;
    if (!is_unchanged(change, work, entry, path, link, bytes, &st, NULL)) {
        change_path_error(error, CHANGE_ERROR_STATE, path, "it was changed during the review; run it again");
        return NULL;
    }
    if (link)
        return g_steal_pointer(&bytes);
    decoded = work_decode(change, path, bytes, &local);
    if (decoded == NULL)
        change_path_error(error, local->code, path, local->message);
    return g_steal_pointer(&decoded);
}

static GBytes *read_head_side(Change *change, const char *path, bool link, GError **error) {
    if (change->source == CHANGE_CODE) {
        const ChangedFile *file = change_find_any(change, path);

        return change_is_kind(file != NULL ? file->mode : 0, link, path, error) ? g_bytes_ref(change->code)
                                                                                : NULL;
    }
    if (change->source == CHANGE_WORKTREE)
        return read_work(change, path, link, error);
    return read_stored(change, path, link, error);
}

GBytes *change_read(Change *change, const char *path, GError **error) {
    return read_head_side(change, path, false, error);
}

static bool stored_size(Change *change, const char *path, guint64 *ret_size, GError **error) {
    g_autoptr(git_odb) odb = NULL;
    git_object_t type;
    guint32 mode;
    git_oid id;
    size_t size;

    if (!change_find_stored(change, path, &mode, &id, error) || !change_is_kind(mode, false, path, error))
        return false;
    if (git_repository_odb(&odb, change->repo) < 0 || git_odb_read_header(&size, &type, odb, &id) < 0)
        return change_git_error(error, "cannot read an object");
    *ret_size = size;
    return true;
}

static bool work_size(Change *change, const char *path, guint64 *ret_size, GError **error) {
    const char *name;
    int folder = change_open_folder(change, path, &name);
    struct stat st;
    bool known = folder >= 0 && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

    if (!known)
        change_path_error(error, CHANGE_ERROR_STATE, path, g_strerror(errno));
    else
        *ret_size = (guint64)st.st_size;
    if (folder >= 0)
        close(folder);
    return known;
}

bool change_size(Change *change, const char *path, guint64 *ret_size, GError **error) {
    const WorkFile *work = change->work != NULL ? g_hash_table_lookup(change->work, path) : NULL;

    if (change->source == CHANGE_CODE || (work != NULL && work->amended != NULL)) {
        g_autoptr(GBytes) bytes = change_read(change, path, error);

        *ret_size = bytes != NULL ? g_bytes_get_size(bytes) : 0;
        return bytes != NULL;
    }
    if (change->source == CHANGE_WORKTREE && !g_hash_table_contains(change->absent, path))
        return work_size(change, path, ret_size, error);
    return stored_size(change, path, ret_size, error);
}

GBytes *change_read_old(Change *change, const ChangedFile *file, GError **error) {
    const char *path = file->old_path != NULL ? file->old_path : file->path;
    git_oid id;

    if (!change_is_kind(file->old_mode, false, path, error))
        return NULL;
    if (git_oid_fromstr(&id, file->old_blob) < 0) {
        change_git_error(error, "cannot read an object");
        return NULL;
    }
    return change_read_blob(change, path, &id, error);
}

char *change_read_link(Change *change, const char *path, GError **error) {
    g_autoptr(GBytes) target = read_head_side(change, path, true, error);
    gsize len;
    const char *data;

    if (target == NULL)
        return NULL;
    data = g_bytes_get_data(target, &len);
    if (len == 0 || memchr(data, '\0', len) != NULL) {
        change_path_error(error, CHANGE_ERROR_STATE, path, "the link's target is empty or holds a NUL byte");
        return NULL;
    }
    return g_strndup(data, len);
}
