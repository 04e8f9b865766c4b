#include "review/tree_path.h"

#include <glib.h>
#include <string.h>

char *tree_path_join(const char *folder, const char *name) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_auto(GStrv) names = g_strsplit(path, "/", -1);

    if (*name == '/' || *name == '~')
        return NULL;
    for (char **part = names; *part != NULL; part++) {
        if (strcmp(*part, "..") == 0 && parts->len == 0)
            return NULL;
        if (strcmp(*part, "..") == 0)
            g_ptr_array_set_size(parts, (gint)parts->len - 1);
        else if (**part != '\0' && strcmp(*part, ".") != 0)
            g_ptr_array_add(parts, *part);
    }
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("/", (char **)parts->pdata);
}

char *tree_path_folder(const char *path) {
    return g_strndup(path, (gsize)MAX(tree_path_name(path) - path - 1, 0));
}

const char *tree_path_name(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}
