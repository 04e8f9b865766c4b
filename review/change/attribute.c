/* Which files .gitattributes calls binary (-diff, or the macro `binary`).
 *
 * To be called binary keeps a file from being scanned, so a change that is judged against a base must not say
 * it of its own files: with CHANGE_BASE the attributes are those of the base, with CHANGE_ALL those of HEAD.
 * libgit2 reads attributes from the work tree or from the repository's index; so the repository is given an
 * index of its own, in memory, that holds nothing but the trusted .gitattributes files. */
#include "review/change/private.h"

#include <string.h>

#define ATTRIBUTES ".gitattributes"

static bool add_attributes(git_index *index, git_tree *tree, const char *folder, GError **error) {
    g_autofree char *path =
        *folder != '\0' ? g_strconcat(folder, "/" ATTRIBUTES, NULL) : g_strdup(ATTRIBUTES);
    g_autoptr(git_tree_entry) entry = NULL;
    git_index_entry new_entry = {.path = path, .mode = GIT_FILEMODE_BLOB};
    int code = git_tree_entry_bypath(&entry, tree, path);

    if (code == GIT_ENOTFOUND)
        return true;
    if (code < 0)
        return change_git_error(error, "cannot read the attributes");
    /* As git since 2.32, no symbolic link here. A path that an index refuses ("../x") has no attributes. */
    if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB || git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
        return true;
    git_oid_cpy(&new_entry.id, git_tree_entry_id(entry));
    git_index_add(index, &new_entry);
    return true;
}

bool change_prepare_attributes(Change *change, const GPtrArray *files, GError **error) {
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(git_index) index = NULL;

    if (change->trusted_tree == NULL)
        return true;
    if (git_index_new(&index) < 0)
        return change_git_error(error, "cannot make an index");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *folder = g_strdup(((ChangedFile *)g_ptr_array_index(files, i))->path);

        while (*folder != '\0') {
            char *slash = strrchr(folder, '/');

            *(slash != NULL ? slash : folder) = '\0';
            if (!g_hash_table_add(folders, g_strdup(folder)))
                break;
            if (!add_attributes(index, change->trusted_tree, folder, error))
                return false;
        }
    }
    if (git_repository_set_index(change->repo, index) < 0)
        return change_git_error(error, "cannot use an index");
    return true;
}

/* libgit2 reads a .gitattributes of the work tree through a symbolic link; git, since 2.32, does not. */
static bool has_linked_attributes(const Change *change, const char *path) {
    g_autofree char *folder = g_strdup(path);

    while (*folder != '\0') {
        char *slash = strrchr(folder, '/');
        g_autofree char *attributes = NULL, *target = NULL;

        *(slash != NULL ? slash : folder) = '\0';
        attributes = g_strconcat(folder, *folder != '\0' ? "/" : "", ATTRIBUTES, NULL);
        target = work_read_link(change->root_fd, attributes, NULL);
        if (target != NULL)
            return true;
    }
    return false;
}

bool change_is_binary(Change *change, const char *path) {
    uint32_t from = change->trusted_tree != NULL ? GIT_ATTR_CHECK_INDEX_ONLY : GIT_ATTR_CHECK_FILE_THEN_INDEX;
    const char *value = NULL;

    /* Where the attributes cannot be read the file is taken for text, which is looked at. */
    return git_attr_get(&value, change->repo, from, path, "diff") == 0 && GIT_ATTR_IS_FALSE(value) &&
           (change->trusted_tree != NULL || change->root == NULL || !has_linked_attributes(change, path));
}

/* Where an attribute cannot be read it is taken to be set. */
static bool has_attribute(Change *change, const char *path, const char *name) {
    const char *value = NULL;

    return git_attr_get(&value, change->repo, GIT_ATTR_CHECK_FILE_THEN_INDEX, path, name) < 0 ||
           GIT_ATTR_IS_TRUE(value) || GIT_ATTR_HAS_VALUE(value);
}

bool change_is_encoded(Change *change, const char *path) {
    return has_attribute(change, path, "working-tree-encoding");
}

bool change_is_filtered(Change *change, const char *path) {
    return has_attribute(change, path, "filter") || change_is_encoded(change, path);
}
