/* The files of the head side, and those of the side that steers the review. */
#include "review/change/private.h"

#include <limits.h>
#include <string.h>

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

/* The files of all sides of the change, also those that went. */
static void list_old(const Change *change, GArray *files) {
    for (guint i = 0; i < change->all->len; i++) {
        const ChangedFile *file = change->all->pdata[i];

        if (file->old_mode != 0)
            list(files, file->old_path != NULL ? file->old_path : file->path, file->old_mode);
    }
}

static bool list_tree(git_tree *tree, GArray *files, GError **error) {
    int code = tree != NULL ? git_tree_walk(tree, GIT_TREEWALK_PRE, list_tree_entry, files) : 0;

    if (code == GIT_EUSER)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                    "the repository has more than %u files, or a path of more than %d bytes",
                    CAP_CHANGED_FILES, PATH_MAX);
    else if (code < 0)
        change_git_error(error, "cannot read a tree");
    return code >= 0;
}

static bool call_each(GArray *files, ChangeEach each, gpointer data) {
    g_array_sort(files, listed_compare);
    for (guint i = 0; i < files->len; i++) {
        const Listed *listed = &g_array_index(files, Listed, i);

        if ((i == 0 || strcmp(listed->path, g_array_index(files, Listed, i - 1).path) != 0) &&
            !each(listed->path, listed->mode, data))
            return false;
    }
    return true;
}

static bool list_head(Change *change, GArray *files, GError **error) {
    if (change->source == CHANGE_CODE) {
        const ChangedFile *file = g_ptr_array_index(change->all, 0);

        list(files, file->path, file->mode);
        return true;
    }
    if (change->index == NULL)
        return list_tree(change->tree, files, error);
    list_index(change, files);
    return true;
}

bool change_each_file(Change *change, ChangeEach each, gpointer data, GError **error) {
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(Listed));

    g_array_set_clear_func(files, listed_clear);
    return list_head(change, files, error) && call_each(files, each, data);
}

/* A piece of code: the files of the repository that one stands in. */
static bool list_here(GArray *files, GError **error) {
    g_autoptr(Change) here = change_open_here(error);

    if (here == NULL)
        return *error == NULL;
    if (!change_open_index(here, error))
        return false;
    list_index(here, files);
    return true;
}

bool change_each_trusted(Change *change, ChangeEach each, gpointer data, GError **error) {
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(Listed));
    g_autoptr(GError) local = NULL;
    bool good;

    g_array_set_clear_func(files, listed_clear);
    if (change->source == CHANGE_BASE || change->source == CHANGE_PATCH)
        good = list_tree(change->trusted_tree, files, error);
    else if (change->source == CHANGE_CODE)
        good = list_here(files, &local);
    else
        good = list_head(change, files, error);
    if (local != NULL)
        g_propagate_error(error, g_steal_pointer(&local));
    if (!good)
        return false;
    if (change->index != NULL && change->source != CHANGE_PATCH)
        list_old(change, files); /* perhaps taken out of the index only */
    return call_each(files, each, data);
}
