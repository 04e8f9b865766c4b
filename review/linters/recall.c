#include "review/linters/recall.h"

#include "exec/shebang.h"
#include "exec/text.h"
#include "review/linters/linter.h"
#include "review/linters/tool_stamp.h"
#include "review/modules.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Recall {
    const LinterPolicy *policy;
    char *root;
    GChecksum *common;   /* what is the same for all files */
    GHashTable *entries; /* what lies in the snapshot: a name without its suffix -> GPtrArray of paths,
                            sorted; NULL where that does not matter */
};

void recall_free(Recall *recall) {
    if (recall == NULL)
        return;
    g_free(recall->root);
    g_checksum_free(recall->common);
    g_clear_pointer(&recall->entries, g_hash_table_unref);
    g_free(recall);
}

/* Each part of a key with its length before it, so that no two keys are made of the same bytes. */

static void add_bytes(GChecksum *checksum, const void *bytes, gsize len) {
    guint64 size = len;

    g_checksum_update(checksum, (const guchar *)&size, sizeof size);
    if (len > 0)
        g_checksum_update(checksum, bytes, (gssize)len);
}

static void add_text(GChecksum *checksum, const char *text) {
    add_bytes(checksum, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 0);
}

static void add_number(GChecksum *checksum, guint64 number) {
    add_bytes(checksum, &number, sizeof number);
}

static void add_strings(GChecksum *checksum, char *const *strings) {
    add_number(checksum, g_strv_length((char **)strings));
    for (; *strings != NULL; strings++)
        add_text(checksum, *strings);
}

/* What is common to all files. */

/* While it is developed this program keeps its version, but not its file. */
static bool add_this_program(GChecksum *checksum) {
    g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);
    const Tool self = {.path = path};

    add_text(checksum, SALLYPORT_VERSION);
    return path != NULL && tool_stamp(&self, NULL, checksum);
}

/* Files of the host that arguments name, "--rcfile=/usr/share/team/rc", by their stat data. */
static void add_named_files(GChecksum *checksum, char *const *arguments) {
    for (; *arguments != NULL; arguments++) {
        const char *path = strchr(*arguments, '/');
        struct stat st;

        if (path == NULL || (path != *arguments && path[-1] != '=') || stat(path, &st) != 0)
            continue;
        add_text(checksum, path);
        add_number(checksum, st.st_ino);
        add_number(checksum, (guint64)st.st_size);
        add_number(checksum, (guint64)st.st_mtim.tv_sec);
        add_number(checksum, (guint64)st.st_ctim.tv_sec);
        add_number(checksum, (guint64)st.st_ctim.tv_nsec);
    }
}

static void add_custom(GChecksum *checksum, const CustomLinter *custom) {
    add_strings(checksum, custom->command);
    add_named_files(checksum, custom->command + 1);
    add_number(checksum, custom->output);
    add_text(checksum, custom->pattern);
    for (guint i = 0; i < custom->success->len; i++)
        add_number(checksum, g_array_index(custom->success, guint, i));
}

/* All of the entry, also what does not change findings but whether there are any: a run that had less time
 * may have failed. */
static void add_policy(GChecksum *checksum, const LinterPolicy *policy) {
    add_text(checksum, policy->name);
    add_text(checksum, policy->version);
    add_strings(checksum, policy->args);
    add_named_files(checksum, policy->args);
    add_number(checksum, policy->timeout_ms);
    add_number(checksum, policy->require);
    add_number(checksum, policy->max_complexity);
    add_number(checksum, policy->severity->len);
    for (guint i = 0; i < policy->severity->len; i++) {
        const SeverityEntry *entry = &g_array_index(policy->severity, SeverityEntry, i);

        add_text(checksum, entry->prefix);
        add_number(checksum, entry->severity);
    }
    if (policy->custom != NULL)
        add_custom(checksum, policy->custom);
}

static int compare_strings(gconstpointer a, gconstpointer b) {
    return strcmp(a, b);
}

/* All configuration in the snapshot, whoever's: one file may name another one. false where it makes the
 * linter run code that lies in the repository. */
static bool add_config(GChecksum *checksum, GHashTable *config, const char *runs_code) {
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(config), compare_strings);

    for (const GList *path = paths; path != NULL; path = path->next) {
        GBytes *content = g_hash_table_lookup(config, path->data);
        gsize len;
        const char *text = content != NULL ? g_bytes_get_data(content, &len) : NULL;

        if (content == NULL)
            continue;
        if (text != NULL && runs_code != NULL && memmem(text, len, runs_code, strlen(runs_code)) != NULL)
            return false;
        add_text(checksum, path->data);
        add_bytes(checksum, text, text != NULL ? len : 0);
    }
    return true;
}

/* What lies in the snapshot. */

static void add_entry(GHashTable *entries, const char *path) {
    g_autofree char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    GPtrArray *paths;

    if (dot != NULL && dot > name)
        *dot = '\0';
    paths = g_hash_table_lookup(entries, name);
    if (paths == NULL) {
        paths = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(entries, g_strdup(name), paths);
    }
    g_ptr_array_add(paths, g_strdup(path));
}

/* Nothing in it is a link: snapshot.h. */
static bool list_folder(GHashTable *entries, const char *root, const char *folder) {
    g_autofree char *path = g_build_filename(root, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    if (dir == NULL)
        return false;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *entry = *folder != '\0' ? g_build_filename(folder, name, NULL) : g_strdup(name);
        g_autofree char *full = g_build_filename(root, entry, NULL);

        add_entry(entries, entry);
        if (g_file_test(full, G_FILE_TEST_IS_DIR) && !list_folder(entries, root, entry))
            return false;
    }
    return true;
}

static bool list_entries(Recall *recall) {
    GHashTableIter iter;
    gpointer paths;

    recall->entries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    if (!list_folder(recall->entries, recall->root, ""))
        return false;
    g_hash_table_iter_init(&iter, recall->entries);
    while (g_hash_table_iter_next(&iter, NULL, &paths))
        g_ptr_array_sort(paths, text_compare);
    return true;
}

/* Wherever there is something of that name. */
static void add_named(const Recall *recall, GChecksum *checksum, const char *name) {
    const GPtrArray *paths = g_hash_table_lookup(recall->entries, name);

    add_text(checksum, name);
    for (guint i = 0; paths != NULL && i < paths->len; i++)
        add_text(checksum, paths->pdata[i]);
}

/* Where the snapshot has what the file's imports may mean, by each part of their names, and which folders are
 * packages. That is more than what decides whether a module is first-party, and does not depend on how. */
static void add_modules(const Recall *recall, GChecksum *checksum, const char *path, const char *text,
                        gsize len) {
    g_autoptr(Modules) modules = modules_new();
    g_autoptr(GHashTable) parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GList) names = NULL, sorted = NULL;

    modules_add_file(modules, path, text, len);
    names = modules_names(modules);
    for (const GList *name = names; name != NULL; name = name->next) {
        g_auto(GStrv) split = g_strsplit(name->data, ".", -1);

        for (char **part = split; *part != NULL; part++)
            g_hash_table_add(parts, g_strdup(*part));
    }
    g_hash_table_add(parts, g_strdup("__init__"));
    sorted = g_list_sort(g_hash_table_get_keys(parts), compare_strings);
    for (const GList *part = sorted; part != NULL; part = part->next)
        add_named(recall, checksum, part->data);
}

/* From above. */

/* Whether the program is one that starts another, which nothing here knows. */
static bool starts_others(const char *program) {
    static const char *const starters[] = {
        "ash",     "bash",       "bun",      "bundle", "bunx",  "busybox", "cargo",  "dash",   "deno",
        "docker",  "dotnet",     "env",      "find",   "git",   "go",      "gradle", "hatch",  "java",
        "ksh",     "lua",        "make",     "mksh",   "mvn",   "nice",    "node",   "nodejs", "nohup",
        "npm",     "npx",        "parallel", "pdm",    "perl",  "php",     "pipx",   "pnpm",   "podman",
        "poetry",  "pre-commit", "pypy",     "python", "ruby",  "setsid",  "sh",     "stdbuf", "time",
        "timeout", "tox",        "uv",       "uvx",    "xargs", "yarn",    "zsh",    NULL};
    g_autofree char *name = shebang_program(program);

    return g_strv_contains(starters, name);
}

Recall *recall_new(const LinterPolicy *policy, const char *root, GHashTable *config,
                   const char *search_path) {
    const Linter *linter = policy->custom != NULL ? &linter_custom : linter_find(policy->name);
    g_autoptr(Recall) recall = NULL;
    g_autoptr(Tool) tool = NULL;

    if (policy->custom != NULL && (!policy->custom->alone || starts_others(policy->custom->command[0])))
        return NULL;
    tool = tool_find(linter_policy_program(policy), search_path);
    if (tool == NULL)
        return NULL;
    recall = g_new0(Recall, 1);
    recall->policy = policy;
    recall->root = g_strdup(root);
    recall->common = g_checksum_new(G_CHECKSUM_SHA256);
    add_policy(recall->common, policy);
    if (!add_this_program(recall->common) || !tool_stamp(tool, search_path, recall->common) ||
        !add_config(recall->common, config, linter->runs_code) || (linter->imports && !list_entries(recall)))
        return NULL;
    return g_steal_pointer(&recall);
}

char *recall_key(const Recall *recall, const char *path) {
    g_autoptr(GChecksum) checksum = g_checksum_copy(recall->common);
    g_autofree char *name = g_build_filename(recall->root, path, NULL), *text = NULL;
    gsize len;

    if (!g_file_get_contents(name, &text, &len, NULL))
        return NULL;
    add_text(checksum, path);
    add_number(checksum, g_file_test(name, G_FILE_TEST_IS_EXECUTABLE)); /* Ruff's EXE001 and EXE002 */
    add_bytes(checksum, text, len);
    if (recall->entries != NULL)
        add_modules(recall, checksum, path, text, len);
    return g_strdup(g_checksum_get_string(checksum));
}
