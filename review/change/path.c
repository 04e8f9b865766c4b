/* The paths that limit a change: arguments of a person, relative to the current directory. */
#include "exec/text.h"
#include "review/change/private.h"

#include <stdlib.h>
#include <string.h>

static bool is_below(const char *path, const char *folder) {
    gsize len = strlen(folder);

    return len == 0 || (strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/'));
}

/* What of an absolute path follows `root`, or NULL. */
static const char *behind_root(const char *path, const char *root) {
    gsize len = g_str_equal(root, "/") ? 0 : strlen(root);

    if (strncmp(path, root, len) != 0 || (path[len] != '/' && path[len] != '\0'))
        return NULL;
    return path + len + strspn(path + len, "/");
}

/* As behind_root(), where the path names the root by another way (a symbolic link above it). As git does,
 * only the folders above are followed: a link within the work tree is a file like any other. */
static const char *behind_linked_root(const char *path, const char *root) {
    for (const char *end = path + 1; *end != '\0'; end++) {
        g_autofree char *folder = NULL, *real = NULL;

        if (end[1] != '/' && end[1] != '\0')
            continue;
        folder = g_strndup(path, end + 1 - path);
        real = realpath(folder, NULL);
        if (real != NULL && g_str_equal(real, root))
            return end + 1 + strspn(end + 1, "/");
    }
    return NULL;
}

/* "src/a.py" of "../src//a.py"; "" is the root itself; NULL where it lies outside. */
static char *relative_to_root(const Change *change, const char *path) {
    g_autofree char *here = g_get_current_dir();
    g_autofree char *real_here = realpath(here, NULL);
    g_autofree char *absolute = NULL;
    const char *found;

    if (change->root == NULL) {
        /* A bare repository has no folders to be in: only "a/../b" is left to be told from "../b". */
        g_autofree char *marked = g_build_filename("/root", path, NULL);

        absolute = g_canonicalize_filename(marked, "/");
        found = g_path_is_absolute(path) ? NULL : behind_root(absolute, "/root");
        return g_strdup(found);
    }
    absolute = g_canonicalize_filename(path, real_here != NULL ? real_here : here);
    found = behind_root(absolute, change->root);
    return g_strdup(found != NULL ? found : behind_linked_root(absolute, change->root));
}

static bool is_changed(const Change *change, const char *path) {
    for (guint i = 0; i < change->all->len; i++) {
        const ChangedFile *file = g_ptr_array_index(change->all, i);

        if (is_below(file->path, path) || (file->old_path != NULL && is_below(file->old_path, path)))
            return true;
    }
    return false;
}

static bool is_tracked(const Change *change, const char *path) {
    g_autoptr(git_tree_entry) entry = NULL;
    g_autofree char *folder = g_strconcat(path, "/", NULL);
    size_t at;

    if (*path == '\0')
        return true;
    if (change->index != NULL)
        return git_index_find(&at, change->index, path) == 0 ||
               git_index_find_prefix(&at, change->index, folder) == 0;
    return change->tree != NULL && git_tree_entry_bypath(&entry, change->tree, path) == 0;
}

/* Adds to `limits` (of char *) what an argument names. */
static bool add_limit(const Change *change, const char *argument, GPtrArray *limits, GError **error) {
    g_autofree char *path = *argument != '\0' ? relative_to_root(change, argument) : NULL;
    g_autofree char *shown = text_path(argument);

    if (*argument == '\0')
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "an empty path; '.' is the current directory");
    else if (path == NULL)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s lies outside of the %s", shown,
                    change->root != NULL ? "work tree" : "repository");
    else if (!is_tracked(change, path) && !is_changed(change, path))
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "%s: git tracks nothing there, and nothing there has changed (mistyped, or ignored?)",
                    shown);
    else {
        g_ptr_array_add(limits, g_steal_pointer(&path));
        return true;
    }
    return false;
}

bool change_limit(Change *change, const char *const *paths, GError **error) {
    g_autoptr(GPtrArray) limits = g_ptr_array_new_with_free_func(g_free);

    for (; paths != NULL && *paths != NULL; paths++)
        if (!add_limit(change, *paths, limits, error))
            return false;
    for (guint i = 0; i < change->all->len; i++) {
        ChangedFile *file = g_ptr_array_index(change->all, i);
        bool wanted = limits->len == 0;

        for (guint j = 0; !wanted && j < limits->len; j++)
            wanted = is_below(file->path, g_ptr_array_index(limits, j));
        if (wanted)
            g_ptr_array_add(change->files, file);
    }
    return true;
}
