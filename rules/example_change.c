/* Examples of rules on the change: a file, and the tree around it, that are but described. */
#include "exec/text.h"
#include "rules/example.h"
#include "rules/hygiene.h"

#include <string.h>
#include <sys/stat.h>

#define MODE_FILE 0100644u
#define MODE_LINK 0120000u
#define ARROW " -> "

void change_example_free(ChangeExample *change) {
    if (change == NULL)
        return;
    if (change->bytes != NULL)
        g_bytes_unref(change->bytes);
    g_free(change->link);
    g_strfreev(change->tree);
    g_strfreev(change->changed);
    g_free(change);
}

static void read_text(const YamlNode *node, const char *key, char **ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);

    if (value != NULL)
        yaml_string(value, ret, errors);
}

static void read_list(const YamlNode *node, const char *key, GStrv *ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);

    if (value != NULL)
        yaml_strings(value, ret, errors);
}

static void read_bool(const YamlNode *node, const char *key, bool *ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);

    if (value != NULL)
        yaml_bool(value, ret, errors);
}

static void read_count(const YamlNode *node, const char *key, guint64 *ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);

    if (value != NULL)
        yaml_uint(value, 0, G_MAXUINT32, ret, errors);
}

/* Six octal digits. */
static void read_mode(const YamlNode *node, const char *key, guint32 *ret, YamlErrors *errors) {
    static const char *const modes[] = {"000000", "100644", "100755", "120000", "160000", NULL};
    const YamlNode *value = yaml_get(node, key);
    guint index;

    if (value != NULL && yaml_choice(value, modes, &index, errors))
        *ret = (guint32)g_ascii_strtoull(modes[index], NULL, 8);
}

static void append_hex(GByteArray *bytes, const YamlNode *node, YamlErrors *errors) {
    g_autofree char *hex = NULL;

    if (node == NULL || !yaml_string(node, &hex, errors))
        return;
    for (const char *p = hex; *p != '\0'; p++) {
        guint8 byte;

        if (*p == ' ')
            continue;
        if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1])) {
            yaml_error(errors, node, "expected bytes of two hexadecimal digits each");
            return;
        }
        byte = (guint8)(g_ascii_xdigit_value(p[0]) * 16 + g_ascii_xdigit_value(p[1]));
        g_byte_array_append(bytes, &byte, 1);
        p++;
    }
}

static void read_bytes(const YamlNode *node, const RuleExample *example, ChangeExample *change,
                       YamlErrors *errors) {
    GByteArray *bytes = g_byte_array_new();
    const YamlNode *size = yaml_get(node, "size");

    if (example->text != NULL)
        g_byte_array_append(bytes, (const guint8 *)example->text, (guint)strlen(example->text));
    append_hex(bytes, yaml_get(node, "hex"), errors);
    change->size = bytes->len;
    if (size != NULL)
        yaml_size(size, 0, G_MAXUINT32, &change->size, errors);
    change->bytes = g_byte_array_free_to_bytes(bytes);
}

static void read_status(const YamlNode *node, ChangeExample *change, YamlErrors *errors) {
    const YamlNode *status = yaml_get(node, "status");
    guint index;

    change->status = yaml_get(node, "old_mode") != NULL ? "modified" : "added";
    if (status != NULL && yaml_choice(status, change_status_words, &index, errors))
        change->status = change_status_words[index];
    change->mode = change->link != NULL ? MODE_LINK : MODE_FILE;
    read_mode(node, "mode", &change->mode, errors);
    change->old_mode = strcmp(change->status, "added") == 0 ? 0 : change->mode;
    read_mode(node, "old_mode", &change->old_mode, errors);
}

ChangeExample *change_example_read(const YamlNode *node, RuleExample *example, YamlErrors *errors) {
    static const char *const keys[] = {"path",    "text",   "hex",   "size",    "mode", "old_mode",
                                       "status",  "binary", "nul",   "pointer", "link", "tree",
                                       "changed", "files",  "lines", NULL};
    ChangeExample *change = g_new0(ChangeExample, 1);

    if (!yaml_keys(node, keys, errors))
        return change;
    read_text(node, "path", &example->path, errors);
    read_text(node, "text", &example->text, errors);
    read_text(node, "link", &change->link, errors);
    read_bytes(node, example, change, errors);
    read_status(node, change, errors);
    read_bool(node, "nul", &change->nul, errors);
    read_bool(node, "pointer", &change->pointer, errors);
    change->binary = change->nul;
    read_bool(node, "binary", &change->binary, errors);
    read_list(node, "tree", &change->tree, errors);
    read_list(node, "changed", &change->changed, errors);
    read_count(node, "files", &change->files, errors);
    read_count(node, "lines", &change->lines, errors);
    return change;
}

/* The tree: a HygieneTree's functions. */

typedef struct {
    const char *path;
    const ChangeExample *change;
} Tree;

static bool tree_read_link(const char *path, char **ret_target, gpointer data, GError **error) {
    const Tree *tree = data;

    (void)error;
    *ret_target = strcmp(path, tree->path) == 0 ? g_strdup(tree->change->link) : NULL;
    for (char **entry = tree->change->tree; entry != NULL && *entry != NULL; entry++) {
        const char *arrow = strstr(*entry, ARROW);

        if (arrow != NULL && strlen(path) == (gsize)(arrow - *entry) &&
            strncmp(path, *entry, (gsize)(arrow - *entry)) == 0 && *ret_target == NULL)
            *ret_target = g_strdup(arrow + strlen(ARROW));
    }
    return true;
}

static GBytes *tree_read(const char *path, gpointer data, GError **error) {
    const Tree *tree = data;

    (void)path, (void)error;
    return g_bytes_ref(tree->change->bytes);
}

static bool tree_list(void (*each)(const char *path, gpointer each_data), gpointer each_data, gpointer data,
                      GError **error) {
    const Tree *tree = data;

    (void)error;
    each(tree->path, each_data);
    for (char **entry = tree->change->tree; entry != NULL && *entry != NULL; entry++) {
        const char *arrow = strstr(*entry, ARROW);
        g_autofree char *path = arrow != NULL ? g_strndup(*entry, (gsize)(arrow - *entry)) : g_strdup(*entry);

        each(path, each_data);
    }
    for (char **entry = tree->change->changed; entry != NULL && *entry != NULL; entry++)
        each(*entry, each_data);
    return true;
}

static void check_others(Hygiene *hygiene, guint64 files) {
    g_autoptr(CheckResult) unused = check_result_new("sallyport");
    const HygieneFile other = {.path = "other", .status = "added", .mode = MODE_FILE};

    for (guint64 i = 1; i < files; i++)
        hygiene_check(hygiene, &other, unused);
}

void change_example_try(const Rule *rule, const RuleExample *example, CheckResult *result) {
    const ChangeExample *change = example->change;
    g_autoptr(GPtrArray) rules = g_ptr_array_new(), packs = g_ptr_array_new(), changed = g_ptr_array_new();
    const RuleSet alone = {.rules = rules, .packs = packs};
    g_autofree char *path = rule_example_path(example, rule);
    Tree described = {path, change};
    const HygieneTree tree = {tree_read_link, tree_read, tree_list, &described, true, changed};
    const HygieneFile file = {.path = path,
                              .status = change->status,
                              .mode = change->mode,
                              .old_mode = change->old_mode,
                              .size = change->size,
                              .binary = change->binary,
                              .has_nul = change->nul,
                              .pointer = change->pointer,
                              .new_lines = change->lines};
    g_autoptr(Hygiene) hygiene = NULL;

    g_ptr_array_add(rules, (gpointer)rule);
    g_ptr_array_add(changed, path);
    for (char **entry = change->changed; entry != NULL && *entry != NULL; entry++)
        g_ptr_array_add(changed, *entry);
    hygiene = hygiene_new(&alone, &tree);
    hygiene_check(hygiene, &file, result);
    check_others(hygiene, change->files);
    hygiene_finish(hygiene, result);
}

static void show_list(GString *out, const char *what, GStrv list) {
    g_autofree char *all = list != NULL ? g_strjoinv(", ", list) : NULL;

    if (all != NULL)
        g_string_append_printf(out, "; %s %s", what, all);
}

/* "bin/tool: added, mode 100755; in the tree a.c", and the text below it. */
char *change_example_show(const RuleExample *example) {
    const ChangeExample *change = example->change;
    g_autofree char *path = text_path(example->path != NULL ? example->path : "example");
    g_autofree char *size = yaml_show_size(change->size);
    GString *out = g_string_new(path);

    g_string_append_printf(out, ": %s", change->status);
    if (change->mode != MODE_FILE || change->old_mode != MODE_FILE)
        g_string_append_printf(out, ", mode %06o", change->mode);
    if (change->old_mode != change->mode && change->old_mode != 0)
        g_string_append_printf(out, ", before %06o", change->old_mode);
    if (change->size != g_bytes_get_size(change->bytes))
        g_string_append_printf(out, ", %s", size);
    if (change->binary)
        g_string_append(out, ", binary");
    if (change->pointer)
        g_string_append(out, ", a pointer of git-lfs");
    if (change->link != NULL)
        g_string_append_printf(out, ", a link to %s", change->link);
    show_list(out, "in the repository", change->tree);
    show_list(out, "changed with it", change->changed);
    if (change->files > 0)
        g_string_append_printf(out, "; %" G_GUINT64_FORMAT " files in all", change->files);
    if (change->lines > 0)
        g_string_append_printf(out, "; %" G_GUINT64_FORMAT " new lines", change->lines);
    if (example->text != NULL)
        g_string_append_printf(out, "\n%s", example->text);
    return g_string_free(out, FALSE);
}
