#include "review/modules.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/imports.h"
#include "rules/match.h"
#include "rules/rule.h"

#include <string.h>
#include <sys/stat.h>

#define HEAD_BYTES 256u /* in which a #! line is looked for */

struct Modules {
    GHashTable *names; /* set of "a.b.c" */
};

Modules *modules_new(void) {
    Modules *modules = g_new0(Modules, 1);

    modules->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return modules;
}

void modules_free(Modules *modules) {
    if (modules == NULL)
        return;
    g_hash_table_unref(modules->names);
    g_free(modules);
}

GList *modules_names(const Modules *modules) {
    return g_list_sort(g_hash_table_get_keys(modules->names), (GCompareFunc)strcmp);
}

/* One more than is allowed is enough to be told of. */
static void note(const char *module, const char *member, gpointer data) {
    Modules *modules = data;

    if (member == NULL && *module != '.' && g_hash_table_size(modules->names) <= CAP_IMPORTS)
        g_hash_table_add(modules->names, g_strdup(module));
}

void modules_add_file(Modules *modules, const char *path, const char *text, gsize len) {
    if (g_str_has_suffix(path, ".ipynb") ||
        strcmp(rule_language_of(path, text, MIN(len, HEAD_BYTES)), "python") == 0)
        imports_find(text, len, note, modules);
}

/* Roots. */

static void add_root(GHashTable *roots, const char *folder, const char *below) {
    g_autofree char *path = g_build_filename("/", folder, below, NULL);
    g_autofree char *clean = g_canonicalize_filename(path, "/");

    g_hash_table_add(roots, g_strdup(clean + 1)); /* a ".." too many ends at the root */
}

/* "packages/<any>/src": Ruff's patterns know the signs of a shell, and two stars for folders in between. */
static bool is_pattern(const char *root) {
    return strpbrk(root, "*?[") != NULL;
}

/* The search for roots that patterns mean. */
typedef struct {
    Match *match;      /* the patterns */
    GHashTable *tops;  /* set of the first parts of the imported names */
    GHashTable *roots; /* those that hold such a module */
} RootSearch;

/* Notes the root that a file lies in, if the first name below it is one that is imported. A folder below a
 * root that a pattern means is matched as well (match.h), and is none. */
static bool search_file(const char *path, guint32 mode G_GNUC_UNUSED, gpointer data) {
    RootSearch *search = data;

    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        g_autofree char *folder = g_strndup(path, (gsize)(slash + 1 - path));
        g_autofree char *top = g_strndup(slash + 1, strcspn(slash + 1, "/."));

        if (!match_path(search->match, folder))
            continue;
        folder[strlen(folder) - 1] = '\0';
        if (g_hash_table_contains(search->tops, top))
            g_hash_table_add(search->roots, g_steal_pointer(&folder));
        break;
    }
    return true;
}

static GHashTable *top_names(const Modules *modules) {
    GHashTable *tops = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, modules->names);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_hash_table_add(tops, g_strndup(name, strcspn(name, ".")));
    return tops;
}

/* One that cannot be read is left to Ruff to refuse. */
static void add_pattern(GPtrArray *patterns, const char *root) {
    g_autofree char *pattern = g_strdup_printf("/%s/", root);
    const char *const alone[] = {pattern, NULL};
    g_autoptr(Match) match = match_new(alone, NULL);

    if (match != NULL)
        g_ptr_array_add(patterns, g_steal_pointer(&pattern));
}

/* Takes the patterns out of the roots, and puts in those roots that they mean and that matter. */
static bool expand_patterns(const Modules *modules, Change *change, GHashTable *roots, GError **error) {
    g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) tops = NULL;
    g_autoptr(Match) match = NULL;
    RootSearch search = {.roots = roots};
    GHashTableIter iter;
    gpointer root;

    g_hash_table_iter_init(&iter, roots);
    while (g_hash_table_iter_next(&iter, &root, NULL)) {
        if (!is_pattern(root))
            continue;
        add_pattern(patterns, root);
        g_hash_table_iter_remove(&iter);
    }
    if (patterns->len == 0)
        return true;
    g_ptr_array_sort(patterns, text_compare);
    g_ptr_array_add(patterns, NULL);
    match = match_new((const char *const *)patterns->pdata, error);
    if (match == NULL)
        return false;
    tops = top_names(modules);
    search.match = match;
    search.tops = tops;
    return change_each_file(change, search_file, &search, error);
}

/* The strings of the list behind `src =`, wherever that stands: this is not read as TOML, since a root too
 * many does no harm. */
static void add_setting(GHashTable *roots, const char *folder, const char *text) {
    g_autoptr(GRegex) setting = g_regex_new("^[ \\t]*(?:ruff\\.)?src[ \\t]*=[ \\t]*"
                                            "\\[((?:[^]\"']|\"[^\"]*\"|'[^']*')*)\\]",
                                            G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(setting, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *list = g_match_info_fetch(match, 1);
        g_auto(GStrv) parts = g_strsplit_set(list, "\"'", -1);

        for (guint i = 0; parts[i] != NULL && parts[i + 1] != NULL; i += 2)
            if (!g_path_is_absolute(parts[i + 1]))
                add_root(roots, folder, parts[i + 1]);
    }
}

static void add_project(gpointer path, gpointer content, gpointer roots) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = NULL;
    gsize len;
    const char *bytes;

    if (content == NULL)
        return;
    bytes = g_bytes_get_data(content, &len);
    text = g_strndup(bytes != NULL ? bytes : "", len);
    add_root(roots, folder, NULL);
    add_root(roots, folder, "src");
    add_setting(roots, folder, text);
}

/* Of the paths that a root or a module may be at. */
static char *join(const char *folder, const char *name, const char *suffix) {
    return g_strconcat(folder, *folder != '\0' ? "/" : "", name, suffix, NULL);
}

typedef struct {
    Snapshot *snapshot;
    Change *change;
} Place;

/* Lays out `path`, if the head side has a file there. */
static bool lay_out_file(const Place *place, const char *path, GError **error) {
    guint32 mode;

    if (!change_mode(place->change, path, &mode, error))
        return false;
    return mode == 0 || snapshot_add_context(place->snapshot, place->change, path, error);
}

/* The same for a folder, or a link that may lead to one, and the file that makes it a package. */
static bool lay_out_folder(const Place *place, const char *path, bool *ret_is, GError **error) {
    static const char *const packages[] = {"__init__.py", "__init__.pyi"};
    guint32 mode;

    if (!change_has_folder(place->change, path, ret_is, error) ||
        !change_mode(place->change, path, &mode, error))
        return false;
    if (!*ret_is)
        return !S_ISLNK(mode) || snapshot_add_folder(place->snapshot, path, error);
    if (!snapshot_add_folder(place->snapshot, path, error))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(packages); i++) {
        g_autofree char *file = join(path, packages[i], "");

        if (!lay_out_file(place, file, error))
            return false;
    }
    return true;
}

/* "a.b.c" below a root: a, a/b and a/b/c, each as a folder or a file, as far as they go. */
static bool lay_out_module(const Place *place, const char *root, const char *module, GError **error) {
    static const char *const suffixes[] = {".py", ".pyi"};
    g_auto(GStrv) names = g_strsplit(module, ".", -1);
    g_autofree char *folder = g_strdup(root);
    bool is_folder = true;

    for (char **name = names; *name != NULL && is_folder; name++) {
        char *path = join(folder, *name, "");

        for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
            g_autofree char *file = join(folder, *name, suffixes[i]);

            if (!lay_out_file(place, file, error)) {
                g_free(path);
                return false;
            }
        }
        g_free(folder);
        folder = path;
        if (!lay_out_folder(place, folder, &is_folder, error))
            return false;
    }
    return true;
}

bool modules_lay_out(const Modules *modules, Snapshot *snapshot, Change *change, GError **error) {
    g_autoptr(GHashTable) roots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const Place place = {snapshot, change};
    g_autoptr(GList) names = modules_names(modules), folders = NULL;

    if (g_hash_table_size(modules->names) > CAP_IMPORTS) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT, "the changed files import more than %u modules",
                    CAP_IMPORTS);
        return false;
    }
    add_root(roots, "", NULL);
    add_root(roots, "", "src");
    g_hash_table_foreach(snapshot_config(snapshot), add_project, roots);
    if (!expand_patterns(modules, change, roots, error))
        return false;
    folders = g_list_sort(g_hash_table_get_keys(roots), (GCompareFunc)strcmp);
    for (const GList *root = folders; root != NULL; root = root->next)
        for (const GList *name = names; name != NULL; name = name->next)
            if (!lay_out_module(&place, root->data, name->data, error))
                return false;
    return true;
}
