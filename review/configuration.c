#include "review/configuration.h"

#include "review/linters/linter.h"

#include <string.h>

/* Those that can. */
static const char *const extending[] = {"ruff.toml", ".ruff.toml", "pyproject.toml", NULL};

typedef struct {
    Change *change;
    GRegex *setting;
    GHashTable *found; /* set of path */
    GPtrArray *todo;   /* of char *, which belong to `found` */
} Search;

/* `target` as it stands in a file of `folder`; NULL where it leads out of the repository. */
static char *resolve(const char *folder, const char *target) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autofree char *path = g_build_filename(folder, target, NULL);
    g_auto(GStrv) names = g_strsplit(path, "/", -1);

    if (*target == '\0' || strchr("/~", *target) != NULL)
        return NULL;
    for (char **name = names; *name != NULL; name++) {
        if (strcmp(*name, "..") == 0 && parts->len == 0)
            return NULL;
        if (strcmp(*name, "..") == 0)
            g_ptr_array_set_size(parts, (gint)parts->len - 1);
        else if (**name != '\0' && strcmp(*name, ".") != 0)
            g_ptr_array_add(parts, *name);
    }
    g_ptr_array_add(parts, NULL);
    return parts->len > 1 ? g_strjoinv("/", (char **)parts->pdata) : NULL;
}

/* All that looks like the setting: this is not read as TOML, since a file too many that is trusted does no
 * harm. */
static void add_targets(Search *search, const char *path, GBytes *content) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GMatchInfo) match = NULL;
    gsize len;
    const char *text = g_bytes_get_data(content, &len);

    if (text == NULL)
        return;
    for (g_regex_match_full(search->setting, text, (gssize)len, 0, 0, &match, NULL);
         g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *target = g_match_info_fetch_named(match, "target");
        char *found = resolve(strcmp(folder, ".") != 0 ? folder : "", target != NULL ? target : "");

        if (found != NULL && g_hash_table_add(search->found, found))
            g_ptr_array_add(search->todo, found);
    }
}

static bool look_into(Search *search, const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(GBytes) content = change_trusted(search->change, path, &local);

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return false;
    }
    if (content != NULL)
        add_targets(search, path, content);
    return true;
}

static bool look_into_folder(Search *search, const char *folder, const char *const *names, GError **error) {
    for (const char *const *name = extending; *name != NULL; name++) {
        g_autofree char *path = g_strconcat(folder, *folder != '\0' ? "/" : "", *name, NULL);

        if (g_strv_contains(names, *name) && !look_into(search, path, error))
            return false;
    }
    return true;
}

/* From a file's folder up to the root, or to a folder that was looked into. */
static bool look_up(Search *search, const char *path, const char *const *names, GHashTable *seen,
                    GError **error) {
    g_autofree char *folder = g_strdup(path);

    while (*folder != '\0') {
        char *slash = strrchr(folder, '/');

        *(slash != NULL ? slash : folder) = '\0';
        if (!g_hash_table_add(seen, g_strdup(folder)))
            return true;
        if (!look_into_folder(search, folder, names, error))
            return false;
    }
    return true;
}

static bool can_extend(const char *const *names) {
    for (const char *const *name = extending; *name != NULL; name++)
        if (g_strv_contains(names, *name))
            return true;
    return false;
}

/* Adds a file that an argument, or what follows its "=", names. */
static bool add_argument(Search *search, const char *argument, GError **error) {
    const char *value = strchr(argument, '=');
    const char *const names[] = {argument, value != NULL ? value + 1 : NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(names) && names[i] != NULL; i++) {
        g_autofree char *path = resolve("", names[i]);
        g_autoptr(GError) local = NULL;
        g_autoptr(GBytes) content = path != NULL ? change_trusted(search->change, path, &local) : NULL;

        if (local != NULL) {
            g_propagate_error(error, g_steal_pointer(&local));
            return false;
        }
        if (content == NULL || g_hash_table_contains(search->found, path))
            continue;
        g_ptr_array_add(search->todo, path);
        g_hash_table_add(search->found, g_steal_pointer(&path));
    }
    return true;
}

/* The program itself is looked up on the PATH. */
static bool add_arguments(Search *search, const LinterPolicy *linter, GError **error) {
    char **arguments = linter->custom != NULL ? linter->custom->command + 1 : linter->args;

    for (; *arguments != NULL; arguments++)
        if (strchr(*arguments, '{') == NULL && !add_argument(search, *arguments, error))
            return false;
    return true;
}

GHashTable *configuration_find(Change *change, const LinterPolicy *linter, GError **error) {
    const char *const *names = linter_policy_config(linter);
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) todo = g_ptr_array_new();
    g_autoptr(GRegex) setting =
        g_regex_new("(?J)\\bextend[ \\t]*=[ \\t]*(?:\"(?<target>[^\"\\\\\\n]*)\"|'(?<target>[^'\\n]*)')",
                    G_REGEX_RAW, 0, NULL);
    Search search = {change, setting, found, todo};
    const GPtrArray *files = change_files(change);

    if (!add_arguments(&search, linter, error))
        return NULL;
    for (guint i = 0; can_extend(names) && i < files->len; i++)
        if (!look_up(&search, ((const ChangedFile *)files->pdata[i])->path, names, seen, error))
            return NULL;
    for (guint i = 0; can_extend(names) && i < todo->len; i++) /* which grows */
        if (!look_into(&search, todo->pdata[i], error))
            return NULL;
    return g_steal_pointer(&found);
}
