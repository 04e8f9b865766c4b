/* Contents: of the head side, which is reviewed, and of the trusted side, which steers the review. */
#include "exec/text.h"
#include "review/change/private.h"

#include <limits.h>
#include <string.h>

static void set_error(GError **error, int code, const char *path, const char *what) {
    g_autofree char *shown = text_path(path);

    g_set_error(error, CHANGE_ERROR, code, "%s: %s", shown, what);
}

/* Of objects. */

GBytes *change_read_blob(Change *change, const char *path, const git_oid *id, GError **error) {
    g_autoptr(git_odb) odb = NULL;
    g_autoptr(git_blob) blob = NULL;
    git_object_t type;
    gsize size;

    if (git_repository_odb(&odb, change->repo) < 0 || git_odb_read_header(&size, &type, odb, id) < 0) {
        change_git_error(error, "cannot read an object");
        return NULL;
    }
    if (size > CAP_FILE_BYTES) {
        g_autofree char *what = g_strdup_printf("it is larger than %u bytes", CAP_FILE_BYTES);

        set_error(error, CHANGE_ERROR_LIMIT, path, what);
        return NULL;
    }
    if (git_blob_lookup(&blob, change->repo, id) < 0) {
        change_git_error(error, "cannot read an object");
        return NULL;
    }
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
static bool is_kind(guint32 mode, bool link, const char *path, GError **error) {
    if (mode == 0)
        set_error(error, CHANGE_ERROR_NO_FILE, path, "there is no such file");
    else if (mode == GIT_FILEMODE_COMMIT)
        set_error(error, CHANGE_ERROR_STATE, path, "it is a submodule, which has no contents here");
    else if (link != (bool)S_ISLNK(mode))
        set_error(error, CHANGE_ERROR_STATE, path,
                  link ? "it is not a symbolic link" : "it is a symbolic link, which is not followed");
    else
        return true;
    return false;
}

static GBytes *read_stored(Change *change, const char *path, bool link, GError **error) {
    guint32 mode;
    git_oid id;

    if (!change_find_stored(change, path, &mode, &id, error) || !is_kind(mode, link, path, error))
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
        set_error(error, local->code, path, local->message);
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
    g_autoptr(GBytes) bytes = NULL;
    struct stat st;

    if (g_hash_table_contains(change->absent, path))
        return read_stored(change, path, link, error);
    if (work != NULL && work->problem != NULL) {
        set_error(error, CHANGE_ERROR_STATE, path, work->problem);
        return NULL;
    }
    if (!is_kind(work != NULL ? work->mode : entry != NULL ? entry->mode : 0, link, path, error))
        return NULL;
    bytes = read_work_bytes(change, path, link, &st, error);
    if (bytes == NULL)
        return NULL;
    if (!is_unchanged(change, work, entry, path, link, bytes, &st, NULL)) {
        set_error(error, CHANGE_ERROR_STATE, path, "it was changed during the review; run it again");
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

static GBytes *read_head_side(Change *change, const char *path, bool link, GError **error) {
    if (change->source == CHANGE_CODE) {
        const ChangedFile *file = change_find_any(change, path);

        return is_kind(file != NULL ? file->mode : 0, link, path, error) ? g_bytes_ref(change->code) : NULL;
    }
    if (change->source == CHANGE_WORKTREE)
        return read_work(change, path, link, error);
    return read_stored(change, path, link, error);
}

GBytes *change_read(Change *change, const char *path, GError **error) {
    return read_head_side(change, path, false, error);
}

char *change_read_link(Change *change, const char *path, GError **error) {
    g_autoptr(GBytes) target = read_head_side(change, path, true, error);
    gsize len;
    const char *data;

    if (target == NULL)
        return NULL;
    data = g_bytes_get_data(target, &len);
    if (len == 0 || memchr(data, '\0', len) != NULL) {
        set_error(error, CHANGE_ERROR_STATE, path, "the link's target is empty or holds a NUL byte");
        return NULL;
    }
    return g_strndup(data, len);
}

/* Trusted files. */

static GBytes *trusted_from_tree(Change *change, git_tree *tree, const char *path, GError **error) {
    guint32 mode;
    git_oid id;

    if (!change_find_in_tree(tree, path, &mode, &id, error) || mode == 0 || mode == GIT_FILEMODE_COMMIT ||
        !is_kind(mode, false, path, error))
        return NULL;
    return change_read_blob(change, path, &id, error);
}

static GBytes *trusted_from_index(Change *change, const char *path, GError **error) {
    const git_index_entry *entry = change_index_entry(change, path);

    if (entry == NULL || entry->mode == GIT_FILEMODE_COMMIT || !is_kind(entry->mode, false, path, error))
        return NULL;
    return change_read_blob(change, path, &entry->id, error);
}

/* NULL without an error where it is not there. */
static GBytes *trusted_from_work(const Change *change, const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    GBytes *bytes;

    if (change->root == NULL)
        return NULL;
    bytes = work_read(change->root_fd, path, NULL, &local);
    if (bytes == NULL && !g_error_matches(local, CHANGE_ERROR, CHANGE_ERROR_NO_FILE))
        set_error(error, local->code, path, local->message);
    return bytes;
}

/* Whether git would find anything to look at, from here upwards: a .git, or a bare repository. */
static bool may_be_in_repository(void) {
    g_autofree char *here = g_get_current_dir();
    bool found = g_getenv("GIT_DIR") != NULL;

    while (!found) {
        g_autofree char *git = g_build_filename(here, ".git", NULL),
                        *head = g_build_filename(here, "HEAD", NULL);
        char *above = g_path_get_dirname(here);
        bool is_top = strcmp(above, here) == 0;

        found = g_file_test(git, G_FILE_TEST_EXISTS) || g_file_test(head, G_FILE_TEST_EXISTS);
        g_free(here);
        here = above;
        if (is_top)
            break;
    }
    return found;
}

/* A piece of code is reviewed by the policy of the repository that one stands in, if any. */
static GBytes *trusted_for_code(const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(Change) here = NULL;

    if (!may_be_in_repository()) /* then libgit2 need not be loaded to say so */
        return NULL;
    here = change_open(".", &local);
    if (here == NULL && g_error_matches(local, CHANGE_ERROR, CHANGE_ERROR_NO_REPOSITORY))
        return NULL;
    if (here == NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    return trusted_from_work(here, path, error);
}

GBytes *change_trusted(Change *change, const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    GBytes *bytes;

    if (change->after != NULL)
        return change_trusted(change->after, path, error);
    if (change->source == CHANGE_CODE)
        return trusted_for_code(path, error);
    if (change->source == CHANGE_BASE || change->source == CHANGE_PATCH)
        return trusted_from_tree(change, change->trusted_tree, path, error);
    bytes = trusted_from_work(change, path, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return NULL;
    }
    if (bytes == NULL && change->source == CHANGE_STAGED)
        return trusted_from_index(change, path, error);
    if (bytes == NULL && change->source == CHANGE_ALL)
        return trusted_from_tree(change, change->tree, path, error);
    return bytes;
}

/* All files. */

typedef struct {
    char *path;
    guint32 mode;
} Listed;

static void listed_clear(gpointer listed) {
    g_free(((Listed *)listed)->path);
}

static int listed_compare(gconstpointer a, gconstpointer b) {
    return strcmp(((const Listed *)a)->path, ((const Listed *)b)->path);
}

static void list(GArray *files, const char *path, guint32 mode) {
    Listed listed = {NULL, mode};

    if (!S_ISREG(mode) && !S_ISLNK(mode))
        return;
    if (S_ISREG(mode))
        listed.mode = (mode & 0100) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
    listed.path = g_strdup(path);
    g_array_append_val(files, listed);
}

static int list_tree_entry(const char *folder, const git_tree_entry *entry, void *data) {
    GArray *files = data;
    g_autofree char *path = g_strconcat(folder, git_tree_entry_name(entry), NULL);

    if (files->len >= CAP_CHANGED_FILES || strlen(path) > PATH_MAX)
        return GIT_EUSER;
    list(files, path, git_tree_entry_filemode(entry));
    return 0;
}

/* The index's files; of the work tree, those that are as in the index, and then the others. */
static void list_index(const Change *change, GArray *files) {
    GHashTableIter iter;
    gpointer work;

    for (size_t at = 0; at < git_index_entrycount(change->index); at++) {
        const git_index_entry *entry = git_index_get_byindex(change->index, at);

        if (GIT_INDEX_ENTRY_STAGE(entry) == 0 &&
            (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) == 0 &&
            (change->work == NULL || !g_hash_table_contains(change->work, entry->path)))
            list(files, entry->path, entry->mode);
    }
    if (change->work == NULL)
        return;
    g_hash_table_iter_init(&iter, change->work);
    while (g_hash_table_iter_next(&iter, NULL, &work))
        list(files, ((WorkFile *)work)->path, ((WorkFile *)work)->mode);
}

bool change_each_file(Change *change, ChangeEach each, gpointer data, GError **error) {
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(Listed));

    g_array_set_clear_func(files, listed_clear);
    if (change->source == CHANGE_CODE) {
        const ChangedFile *file = g_ptr_array_index(change->all, 0);

        list(files, file->path, file->mode);
    } else if (change->index != NULL) {
        list_index(change, files);
    } else if (change->tree != NULL) {
        int code = git_tree_walk(change->tree, GIT_TREEWALK_PRE, list_tree_entry, files);

        if (code == GIT_EUSER)
            g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                        "the repository has more than %u files, or a path of more than %d bytes",
                        CAP_CHANGED_FILES, PATH_MAX);
        else if (code < 0)
            change_git_error(error, "cannot read a tree");
        if (code < 0)
            return false;
    }
    g_array_sort(files, listed_compare);
    for (guint i = 0; i < files->len; i++)
        if (!each(g_array_index(files, Listed, i).path, g_array_index(files, Listed, i).mode, data))
            return false;
    return true;
}
