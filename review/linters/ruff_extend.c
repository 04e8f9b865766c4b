#include "review/linters/ruff_extend.h"

#include <string.h>

/* "a/b/../c" becomes "a/c"; NULL where it leads out. */
static char *normalised(const char *path) {
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();

    for (char **part = parts; *part != NULL; part++) {
        if (**part == '\0' || strcmp(*part, ".") == 0)
            continue;
        if (strcmp(*part, "..") != 0)
            g_ptr_array_add(kept, *part);
        else if (kept->len == 0)
            return NULL;
        else
            g_ptr_array_set_size(kept, (gint)kept->len - 1);
    }
    if (kept->len == 0)
        return NULL;
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

/* Ruff expands "~" and variables of the environment, which is not ours. */
static char *resolve(const char *path, const char *named) {
    g_autofree char *folder = g_path_get_dirname(path), *joined = g_build_filename(folder, named, NULL);

    if (*named == '\0' || *named == '/' || *named == '~' || strpbrk(named, "$\\") != NULL)
        return NULL;
    return normalised(joined);
}

/* The string of a line "extend = '...'"; NULL where it is no such line. */
static char *named_in(const char *line) {
    static const char *const keys[] = {"extend", "ruff.extend", "tool.ruff.extend"};
    const char *p = line + strspn(line, " \t"), *rest = NULL, *end;

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (g_str_has_prefix(p, keys[i]))
            rest = p + strlen(keys[i]);
    if (rest == NULL)
        return NULL;
    rest += strspn(rest, " \t");
    if (*rest++ != '=')
        return NULL;
    rest += strspn(rest, " \t");
    if (*rest != '"' && *rest != '\'')
        return NULL;
    end = strchr(rest + 1, *rest);
    return end != NULL ? g_strndup(rest + 1, (gsize)(end - rest - 1)) : NULL;
}

char *ruff_extended(const char *path, const char *text, gsize len) {
    g_autofree char *copy = g_strndup(text, len);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *named = named_in(*line);

        if (named != NULL)
            return resolve(path, named);
    }
    return NULL;
}
