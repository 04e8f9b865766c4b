#include "review/own_program.h"

#include "exec/tool.h"

#include <stdlib.h>
#include <string.h>

/* `file` and `root` are real paths. */
static bool is_tracked(Change *change, const char *file, const char *root) {
    gsize len = strlen(root);
    bool is = false;

    if (strncmp(file, root, len) != 0 || file[len] != '/')
        return false;
    return !change_is_tracked(change, file + len + 1, &is, NULL) || is;
}

/* Where the file itself lies, be it a link; NULL: its folder is gone. */
static char *real_place(const char *path) {
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    g_autofree char *real = realpath(folder, NULL);

    return real != NULL ? g_build_filename(real, name, NULL) : NULL;
}

char *own_program(Change *change, const char *name, const char *search_path) {
    g_autofree char *root = change_root(change) != NULL ? realpath(change_root(change), NULL) : NULL;
    g_autoptr(Tool) tool = root != NULL ? tool_find(name, search_path) : NULL;
    g_autofree char *place = NULL, *target = NULL;

    if (tool == NULL)
        return NULL;
    place = real_place(tool->path);
    target = realpath(tool->path, NULL);
    if (place != NULL && target != NULL && !is_tracked(change, place, root) &&
        !is_tracked(change, target, root))
        return NULL;
    return g_strdup(tool->path);
}
