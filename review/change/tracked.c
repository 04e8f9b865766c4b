/* What git tracks, whatever the change is. */
#include "review/change/private.h"

/* Not by git_repository_index(): that may be the index in memory that attribute.c makes. */
static bool is_in_index(Change *change, const char *path, bool *ret_is, GError **error) {
    g_autofree char *file = change_index_file(change);
    g_autoptr(git_index) index = NULL;
    size_t at;

    if (git_index_open(&index, file) < 0)
        return change_git_error(error, "cannot read the index");
    *ret_is = git_index_find(&at, index, path) == 0; /* of any stage */
    return true;
}

/* Before the first commit there is no HEAD. */
static bool is_in_head(Change *change, const char *path, bool *ret_is, GError **error) {
    g_autoptr(git_object) tree = NULL;
    int code = git_revparse_single(&tree, change->repo, "HEAD^{tree}");
    guint32 mode = 0;
    git_oid id;

    *ret_is = false;
    if (code == GIT_ENOTFOUND || code == GIT_EUNBORNBRANCH)
        return true;
    if (code < 0)
        return change_git_error(error, "cannot read HEAD");
    if (!change_find_in_tree((git_tree *)tree, path, &mode, &id, error))
        return false;
    *ret_is = mode != 0;
    return true;
}

bool change_is_tracked(Change *change, const char *path, bool *ret_is, GError **error) {
    bool in_index = false, in_head = false;

    if (!is_in_index(change, path, &in_index, error) || !is_in_head(change, path, &in_head, error))
        return false;
    *ret_is = in_index || in_head;
    return true;
}
