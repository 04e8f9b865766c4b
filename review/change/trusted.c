/* The files that steer a review: of the trusted side, which need not be the one that is reviewed. */
#include "review/change/private.h"

#include <string.h>

static GBytes *trusted_from_tree(Change *change, git_tree *tree, const char *path, GError **error) {
    guint32 mode;
    git_oid id;

    if (!change_find_in_tree(tree, path, &mode, &id, error) || mode == 0 || mode == GIT_FILEMODE_COMMIT ||
        !change_is_kind(mode, false, path, error))
        return NULL;
    return change_read_blob(change, path, &id, error);
}

static GBytes *trusted_from_index(Change *change, const char *path, GError **error) {
    const git_index_entry *entry = change_index_entry(change, path);

    if (entry == NULL || entry->mode == GIT_FILEMODE_COMMIT ||
        !change_is_kind(entry->mode, false, path, error))
        return NULL;
    return change_read_blob(change, path, &entry->id, error);
}

/* NULL without an error where it is not there. */
static GBytes *trusted_from_work(Change *change, const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(GBytes) own = NULL;
    GBytes *bytes;

    if (change->root == NULL)
        return NULL;
    own = work_read(change->root_fd, path, NULL, &local);
    bytes = own != NULL ? work_decode(change, path, own, &local) : NULL;
    if (bytes == NULL && !g_error_matches(local, CHANGE_ERROR, CHANGE_ERROR_NO_FILE))
        change_path_error(error, local->code, path, local->message);
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
Change *change_open_here(GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(Change) here = NULL;

    if (!may_be_in_repository()) /* then libgit2 need not be loaded to say so */
        return NULL;
    here = change_open(".", &local);
    if (here == NULL && !g_error_matches(local, CHANGE_ERROR, CHANGE_ERROR_NO_REPOSITORY))
        g_propagate_error(error, g_steal_pointer(&local));
    return g_steal_pointer(&here);
}

static GBytes *trusted_for_code(const char *path, GError **error) {
    g_autoptr(Change) here = change_open_here(error);

    return here != NULL ? trusted_from_work(here, path, error) : NULL;
}

/* A sparse checkout has left it out of the work tree: it is as in the index. */
static bool is_left_out(const Change *change, const char *path) {
    return change->absent != NULL && g_hash_table_contains(change->absent, path);
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
    if (bytes == NULL && (change->source == CHANGE_STAGED || is_left_out(change, path)))
        return trusted_from_index(change, path, error);
    if (bytes == NULL && change->source == CHANGE_ALL)
        return trusted_from_tree(change, change->tree, path, error);
    return bytes;
}
