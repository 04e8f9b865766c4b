#include "review/configuration.h"

#include "exec/caps.h"
#include "review/linters/linter.h"
#include "review/references.h"
#include "review/tree_path.h"

#include <string.h>

typedef struct {
    Change *change;
    const char *const *settings; /* of the configuration that name more */
    GHashTable *found;           /* set of path */
    GPtrArray *todo;             /* of char *: files to be read, which belong to `found` */
    GHashTable *modules;         /* set of "a.b", which are looked for in each root */
    GHashTable *roots;           /* set of folders */
    const char *folder;          /* of the file that is being read */
    GError *error;
} Search;

static const char *const no_settings[] = {NULL};

/* Of the known linters by what they have; Black's configuration names nothing. */
static const char *const *settings_of(const LinterPolicy *linter) {
    static const char *const ruff[] = {"extend", NULL};
    static const char *const flake8[] = {"extension", "report", "paths", NULL};

    if (linter->custom != NULL)
        return reference_settings;
    if (strcmp(linter->name, "ruff") == 0)
        return ruff;
    return strcmp(linter->name, "flake8") == 0 ? flake8 : no_settings;
}

/* Takes the path. */
static void add_file(Search *search, char *path) {
    if (g_hash_table_size(search->found) >= CAP_CONFIGURATION && search->error == NULL)
        g_set_error(&search->error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                    "the configuration of linters names more than %u files", CAP_CONFIGURATION);
    if (search->error != NULL || *path == '\0' || g_hash_table_contains(search->found, path)) {
        g_free(path);
        return;
    }
    g_hash_table_add(search->found, path);
    g_ptr_array_add(search->todo, path);
}

/* Modules. */

/* "a.b" below a root: a and a/b, each as a package and as a file. */
static void add_module_at(Search *search, const char *root, const char *module) {
    g_auto(GStrv) names = g_strsplit(module, ".", -1);
    g_autofree char *folder = g_strdup(root);

    for (char **name = names; *name != NULL && **name != '\0'; name++) {
        char *path = tree_path_join(folder, *name);

        add_file(search, g_strconcat(path, "/__init__.py", NULL));
        add_file(search, g_strconcat(path, ".py", NULL));
        g_free(folder);
        folder = path;
    }
}

static void add_root(Search *search, const char *root) {
    GHashTableIter modules;
    gpointer module;

    if (!g_hash_table_add(search->roots, g_strdup(root)))
        return;
    g_hash_table_iter_init(&modules, search->modules);
    while (g_hash_table_iter_next(&modules, &module, NULL))
        add_module_at(search, root, module);
}

/* "..a" is of the folder above. */
static void add_relative_module(Search *search, const char *module) {
    gsize dots = strspn(module, ".");
    g_autofree char *root = g_strdup(search->folder);

    for (gsize i = 1; i < dots && root != NULL; i++) {
        char *above = *root != '\0' ? tree_path_folder(root) : NULL;

        g_free(root);
        root = above;
    }
    if (root != NULL)
        add_module_at(search, root, module + dots);
}

static void add_module(Search *search, const char *module) {
    GHashTableIter roots;
    gpointer root;

    if (*module == '.') {
        add_relative_module(search, module);
        return;
    }
    if (!g_hash_table_add(search->modules, g_strdup(module)))
        return;
    g_hash_table_iter_init(&roots, search->roots);
    while (g_hash_table_iter_next(&roots, &root, NULL))
        add_module_at(search, root, module);
}

/* Whether the word can be a module's name. */
static bool is_module(const char *word) {
    for (const char *at = word; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && *at != '_' &&
            (*at != '.' || at == word || at[1] == '.' || at[1] == '\0'))
            return false;
    return *word != '\0' && !g_ascii_isdigit(*word);
}

/* Paths. */

/* Takes the path. What is started from there looks for its modules beside it. */
static void add_path(Search *search, char *path) {
    if (g_str_has_suffix(path, ".py")) {
        g_autofree char *folder = tree_path_folder(path);

        add_root(search, folder);
    }
    add_file(search, path);
}

/* Node finds "./rules" as a file with an ending, and as a folder. */
static void add_script(Search *search, const char *name) {
    static const char *const endings[] = {"",          ".js",        ".mjs",      ".cjs",
                                          ".ts",       ".mts",       ".cts",      ".json",
                                          "/index.js", "/index.cjs", "/index.ts", "/package.json"};
    g_autofree char *path = tree_path_join(search->folder, name);

    for (gsize i = 0; path != NULL && *path != '\0' && i < G_N_ELEMENTS(endings); i++)
        add_file(search, g_strconcat(path, endings[i], NULL));
}

static void add_word(Search *search, const char *word) {
    const char *const folders[] = {search->folder, ""};

    for (gsize i = 0; strpbrk(word, "/.") != NULL && i < G_N_ELEMENTS(folders); i++) {
        char *path = tree_path_join(folders[i], word);

        if (path != NULL)
            add_path(search, path);
    }
    if (*word == '.')
        add_script(search, word);
    if (is_module(word))
        add_module(search, word);
}

static void add_folder(Search *search, const char *name) {
    g_autofree char *beside = tree_path_join(search->folder, name), *path = tree_path_join("", name);

    if (beside != NULL)
        add_root(search, beside);
    if (path != NULL)
        add_root(search, path);
}

/* The search. */

static void add_reference(ReferenceKind kind, const char *name, gpointer data) {
    Search *search = data;

    if (kind == REFERENCE_PATH)
        add_script(search, name);
    else if (kind == REFERENCE_MODULE)
        add_module(search, name);
    else if (kind == REFERENCE_FOLDER)
        add_folder(search, name);
    else
        add_word(search, name);
}

static void look_into(Search *search, const char *path) {
    g_autoptr(GBytes) content = change_trusted(search->change, path, &search->error);
    g_autofree char *folder = tree_path_folder(path);
    gsize len;
    const char *text = content != NULL ? g_bytes_get_data(content, &len) : NULL;

    if (text == NULL)
        return;
    search->folder = folder;
    references_find(path, text, len, search->settings, add_reference, search);
    search->folder = NULL;
}

/* From a file's folder up to the root, or to a folder that was looked into: the configuration that the linter
 * finds by its name. */
static void look_up(Search *search, const char *path, const char *const *names, GHashTable *seen) {
    g_autofree char *folder = g_strdup(path);

    while (*folder != '\0' && search->error == NULL) {
        char *above = tree_path_folder(folder);

        g_free(folder);
        folder = above;
        if (!g_hash_table_add(seen, g_strdup(folder)))
            return;
        for (const char *const *name = names; *name != NULL && search->error == NULL; name++) {
            g_autofree char *config = tree_path_join(folder, *name);

            look_into(search, config);
        }
    }
}

/* A file that an argument, or what follows its "=", names. */
static void add_argument(Search *search, const char *argument) {
    const char *value = strchr(argument, '=');
    const char *const names[] = {argument, value != NULL ? value + 1 : NULL};

    for (gsize i = 0; i < G_N_ELEMENTS(names) && names[i] != NULL && search->error == NULL; i++) {
        g_autofree char *path = tree_path_join("", names[i]);
        g_autoptr(GBytes) content =
            path != NULL && *path != '\0' ? change_trusted(search->change, path, &search->error) : NULL;

        if (content != NULL)
            add_path(search, g_steal_pointer(&path));
    }
}

/* The program itself is looked up on the PATH. */
static void add_arguments(Search *search, const LinterPolicy *linter) {
    char **arguments = linter->custom != NULL ? linter->custom->command + 1 : linter->args;

    for (; *arguments != NULL && search->error == NULL; arguments++)
        if (strchr(*arguments, '{') == NULL)
            add_argument(search, *arguments);
}

static void search_all(Search *search, const LinterPolicy *linter) {
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const GPtrArray *files = change_files(search->change);

    add_root(search, "");
    add_arguments(search, linter);
    for (guint i = 0; *search->settings != NULL && i < files->len && search->error == NULL; i++)
        look_up(search, ((const ChangedFile *)files->pdata[i])->path, linter_policy_config(linter), seen);
    for (guint i = 0; i < search->todo->len && search->error == NULL; i++) /* which grows */
        look_into(search, search->todo->pdata[i]);
}

GHashTable *configuration_find(Change *change, const LinterPolicy *linter, GError **error) {
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) modules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) roots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) todo = g_ptr_array_new();
    Search search = {.change = change,
                     .settings = settings_of(linter),
                     .found = found,
                     .todo = todo,
                     .modules = modules,
                     .roots = roots};

    search_all(&search, linter);
    if (search.error == NULL)
        return g_steal_pointer(&found);
    g_propagate_error(error, search.error);
    return NULL;
}
