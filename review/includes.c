#include "review/includes.h"

#include "exec/caps.h"
#include "review/cursor.h"
#include "review/tree_path.h"
#include "rules/rule.h"

#include <string.h>
#include <sys/stat.h>

#define MOST_NAME 1024u /* of what is included */

/* A file, as far as it includes others. */
typedef struct {
    GPtrArray *files; /* of char *: paths; the repository's own that it includes */
    GPtrArray
        *folders; /* of char *: beside each of them, "Q" or "A" and the folder to look in, or NULL: its own */
} Node;

struct Includes {
    Change *change;
    Snapshot *snapshot;
    GHashTable *by_name; /* last part of a path -> GPtrArray of char *, the paths */
    GHashTable *nodes;   /* path -> Node */
    bool has_c, has_cpp;
    gsize bytes; /* of what was read */
};

static void node_free(gpointer data) {
    Node *node = data;

    g_ptr_array_unref(node->files);
    g_ptr_array_unref(node->folders);
    g_free(node);
}

static bool index_file(const char *path, guint32 mode, gpointer data) {
    Includes *includes = data;
    const char *name = tree_path_name(path), *language = rule_language_of(path, "", 0);
    GPtrArray *paths = g_hash_table_lookup(includes->by_name, name);

    includes->has_c = includes->has_c || (strcmp(language, "c") == 0 && !g_str_has_suffix(path, ".h"));
    includes->has_cpp = includes->has_cpp || strcmp(language, "cpp") == 0;
    if (!S_ISREG(mode))
        return true;
    if (paths == NULL) {
        paths = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(includes->by_name, g_strdup(name), paths);
    }
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

Includes *includes_new(Change *change, Snapshot *snapshot, GError **error) {
    g_autoptr(Includes) includes = g_new0(Includes, 1);

    includes->change = change;
    includes->snapshot = snapshot;
    includes->by_name =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    includes->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
    return change_each_file(change, index_file, includes, error) ? g_steal_pointer(&includes) : NULL;
}

void includes_free(Includes *includes) {
    if (includes == NULL)
        return;
    g_hash_table_unref(includes->by_name);
    g_hash_table_unref(includes->nodes);
    g_free(includes);
}

const char *includes_language(const Includes *includes, const char *path) {
    const char *language = rule_language_of(path, "", 0);

    if (strcmp(language, "cpp") == 0)
        return "cpp";
    if (strcmp(language, "c") != 0)
        return NULL;
    if (!g_str_has_suffix(path, ".h") || (includes->has_c && !includes->has_cpp))
        return "c";
    return includes->has_c || !includes->has_cpp ? "header" : "cpp";
}

/* Directives. */

static bool skip_word(Cursor *text, const char *word) {
    gsize len = strlen(word);

    if ((gsize)(text->end - text->at) < len || memcmp(text->at, word, len) != 0)
        return false;
    text->at += len;
    return true;
}

/* `"a.h"` or `<a.h>`, with what it stands in. */
static char *read_name(Cursor *text) {
    const char *start = text->at, *close;
    gsize most = (gsize)(text->end - text->at);

    if (most < 3 || (*start != '"' && *start != '<'))
        return NULL;
    close = memchr(start + 1, *start == '"' ? '"' : '>', MIN(most - 1, MOST_NAME));
    if (close == NULL || close == start + 1 || memchr(start, '\n', (gsize)(close - start)) != NULL ||
        memchr(start, '\0', (gsize)(close - start)) != NULL)
        return NULL;
    text->at = close + 1;
    return g_strndup(start, (gsize)(close - start));
}

GPtrArray *includes_of(const char *bytes, gsize len) {
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    Cursor text = {bytes, bytes + len};

    while (text.at < text.end && (text.at = memchr(text.at, '#', (gsize)(text.end - text.at))) != NULL) {
        char *name;

        text.at++;
        cursor_skip_space(&text);
        if (!skip_word(&text, "include_next") && !skip_word(&text, "include") && !skip_word(&text, "import"))
            continue;
        cursor_skip_space(&text);
        name = read_name(&text);
        if (name != NULL)
            g_ptr_array_add(names, name);
    }
    return names;
}

/* Files. */

static bool is_there(const Includes *includes, const char *path) {
    const GPtrArray *paths = g_hash_table_lookup(includes->by_name, tree_path_name(path));

    return paths != NULL && g_ptr_array_find_with_equal_func((GPtrArray *)paths, path, g_str_equal, NULL);
}

/* How many folders two paths share. */
static guint shared_folders(const char *a, const char *b) {
    guint shared = 0;

    for (; *a != '\0' && *a == *b; a++, b++)
        shared += *a == '/';
    return shared;
}

static bool ends_with_path(const char *path, const char *name) {
    gsize len = strlen(path), name_len = strlen(name);

    return len >= name_len && strcmp(path + len - name_len, name) == 0 &&
           (len == name_len || path[len - name_len - 1] == '/');
}

/* The nearest file whose path ends with the name; of equally near ones the shortest, then the first. */
static const char *find_nearest(const Includes *includes, const char *from, const char *name) {
    const GPtrArray *paths = g_hash_table_lookup(includes->by_name, tree_path_name(name));
    const char *best = NULL;
    guint best_shared = 0;

    for (guint i = 0; paths != NULL && i < paths->len; i++) {
        const char *path = paths->pdata[i];
        guint shared = shared_folders(path, from);

        if (!ends_with_path(path, name) ||
            (best != NULL &&
             (shared < best_shared || (shared == best_shared && strlen(path) >= strlen(best)))))
            continue;
        best = path;
        best_shared = shared;
    }
    return best;
}

static void note_include(const Includes *includes, Node *node, const char *from, const char *said) {
    const char *name = said + 1, *found;
    g_autofree char *folder = tree_path_folder(from);
    g_autofree char *beside = *said == '"' ? tree_path_join(folder, name) : NULL;

    if (beside != NULL && is_there(includes, beside)) {
        g_ptr_array_add(node->files, g_steal_pointer(&beside));
        g_ptr_array_add(node->folders, NULL);
        return;
    }
    found = find_nearest(includes, from, name);
    if (found == NULL)
        return;
    g_ptr_array_add(node->files, g_strdup(found));
    g_ptr_array_add(node->folders, g_strdup_printf("%c%.*s", *said == '"' ? 'Q' : 'A',
                                                   (int)(strlen(found) - strlen(name)), found));
}

/* What a file includes; it is read once. What cannot be read includes nothing. */
static const Node *node_of(Includes *includes, const char *path, GError **error) {
    Node *node = g_hash_table_lookup(includes->nodes, path);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GPtrArray) names = NULL;
    const char *text;
    gsize len;

    if (node != NULL)
        return node;
    bytes = change_read(includes->change, path, NULL);
    text = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;
    if (text == NULL)
        len = 0;
    includes->bytes += len;
    if (g_hash_table_size(includes->nodes) >= CAP_CLANG_HEADERS || includes->bytes > CAP_CLANG_HEADER_BYTES) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                    "the changed files include more than %u files or %u MiB of the repository",
                    CAP_CLANG_HEADERS, CAP_CLANG_HEADER_BYTES >> 20);
        return NULL;
    }
    node = g_new0(Node, 1);
    node->files = g_ptr_array_new_with_free_func(g_free);
    node->folders = g_ptr_array_new_with_free_func(g_free);
    names = includes_of(text != NULL ? text : "", len);
    for (guint i = 0; i < names->len; i++)
        note_include(includes, node, path, names->pdata[i]);
    g_hash_table_insert(includes->nodes, g_strdup(path), node);
    return node;
}

/* A file that cannot be laid out is no more than missing. */
static void lay_out(const Includes *includes, const char *path) {
    (void)snapshot_add_context(includes->snapshot, includes->change, path, NULL);
}

static void add_flag(GPtrArray *flags, bool has_flags, const char *folder) {
    g_autofree char *flag =
        g_strconcat(*folder == 'Q' && !has_flags ? "-iquote" : "-idirafter", "./", folder + 1, NULL);

    if (!g_ptr_array_find_with_equal_func(flags, flag, g_str_equal, NULL))
        g_ptr_array_add(flags, g_steal_pointer(&flag));
}

bool includes_lay_out(Includes *includes, const char *path, bool has_flags, GPtrArray *flags,
                      GError **error) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) queue = g_ptr_array_new(); /* of paths in nodes, or `path` itself */

    g_hash_table_add(seen, (gpointer)path);
    g_ptr_array_add(queue, (gpointer)path);
    for (guint i = 0; i < queue->len; i++) {
        const Node *node = node_of(includes, queue->pdata[i], error);

        if (node == NULL)
            return false;
        for (guint j = 0; j < node->files->len; j++) {
            if (node->folders->pdata[j] != NULL)
                add_flag(flags, has_flags, node->folders->pdata[j]);
            if (!g_hash_table_add(seen, node->files->pdata[j]))
                continue;
            lay_out(includes, node->files->pdata[j]);
            g_ptr_array_add(queue, node->files->pdata[j]);
        }
    }
    return true;
}
