/* Severities by the beginning of a code: how a map is read, and what it says of a code. */
#include "review/policy/read.h"

#include "exec/text.h"

#include <string.h>

static void entry_clear(gpointer entry) {
    g_free(((SeverityEntry *)entry)->prefix);
}

GArray *severity_map_new(void) {
    GArray *map = g_array_new(FALSE, FALSE, sizeof(SeverityEntry));

    g_array_set_clear_func(map, entry_clear);
    return map;
}

static void map_add(GArray *map, const char *prefix, Severity severity) {
    SeverityEntry entry = {g_strdup(prefix), severity};

    g_array_append_val(map, entry);
}

/* "F", "E9", "python.eval", "ruff.F401", "@scope/no-x", "*". A prefix of another form would never fit, which
 * nobody would see. */
bool policy_is_rule_prefix(const char *text) {
    gsize len = strlen(text);

    if (strcmp(text, "*") == 0)
        return true;
    return len > 0 && len <= 200 && text[0] != '.' && text[len - 1] != '.' &&
           text[strspn(text, "-._/@0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0';
}

static void read_entry(PolicyReader *reader, const YamlNode *key, const YamlNode *value, GArray *map) {
    Severity severity;

    if (!policy_is_rule_prefix(key->scalar)) {
        g_autofree char *shown = text_line(key->scalar, -1, 60);

        yaml_error(reader->errors, key,
                   "expected a code or its beginning, such as F401, E9 or python.eval, or \"*\" for all, "
                   "found '%s'",
                   shown);
        return;
    }
    if (yaml_severity(value, &severity, reader->errors))
        map_add(map, key->scalar, severity);
}

void policy_read_severity(PolicyReader *reader, const YamlNode *node, GArray *map) {
    Severity severity;

    if (yaml_is_null(node))
        return;
    if (node->kind == YAML_SEQUENCE) {
        policy_expected(reader, node, "a severity, or a mapping such as {F: error, \"*\": warning}");
        return;
    }
    if (node->kind == YAML_SCALAR) {
        if (yaml_severity(node, &severity, reader->errors))
            map_add(map, "*", severity);
        return;
    }
    for (guint i = 0; i < node->keys->len; i++)
        read_entry(reader, node->keys->pdata[i], node->items->pdata[i], map);
}

static bool is_rule_id(const char *tool, const char *code) {
    return finding_tool_is_own(tool) || strchr(code, '.') != NULL;
}

/* Whether `key` stands for `code`, apart from the tool's name. */
static bool fits(const char *key, const char *tool, const char *code) {
    gsize len = strlen(key);

    if (strcmp(key, "*") == 0)
        return true;
    if (strncmp(code, key, len) != 0)
        return false;
    if (code[len] == '\0')
        return true;
    if (is_rule_id(tool, code))
        return code[len] == '.';
    /* F is Pyflakes, FBT another plugin: one letter means the codes of just that letter. */
    return len != 1 || !g_ascii_isalpha(code[1]);
}

/* How closely an entry fits; 0: not at all. A longer key is closer, and one that names the tool is closer
 * than the same without. */
static gsize closeness(const char *key, const char *tool, const char *code) {
    gsize len = tool != NULL ? strlen(tool) : 0;

    if (fits(key, tool, code))
        return strcmp(key, "*") == 0 ? 1 : 2 * strlen(key) + 1;
    if (len == 0 || strncmp(key, tool, len) != 0)
        return 0;
    if (key[len] == '\0')
        return 2; /* the tool's name alone: all its codes */
    return key[len] == '.' && fits(key + len + 1, tool, code) ? 2 * strlen(key + len + 1) + 2 : 0;
}

/* The closest entry that is closer than `least`. */
static bool look_up(const GArray *map, const char *tool, const char *code, gsize least,
                    Severity *ret_severity) {
    gsize closest = least;

    for (guint i = 0; i < map->len; i++) {
        const SeverityEntry *entry = &g_array_index(map, SeverityEntry, i);
        gsize close = closeness(entry->prefix, tool, code);

        if (close > closest) {
            closest = close;
            *ret_severity = entry->severity;
        }
    }
    return closest > least;
}

bool severity_map_get(const GArray *map, const char *tool, const char *code, Severity *ret_severity) {
    return look_up(map, tool, code, 0, ret_severity);
}

bool severity_key_fits(const char *key, const char *tool, const char *code) {
    return closeness(key, tool, code) > 0;
}

bool severity_map_get_named(const GArray *map, const char *tool, const char *code, Severity *ret_severity) {
    return look_up(map, tool, code, 4, ret_severity); /* "E" and "ruff.E" are 3 and 4 */
}

/* Whether the map says something of what a default is about. Of syntax errors "*" says nothing: see
 * linters/rate.c. */
static bool is_said(const GArray *map, const char *tool, const char *prefix) {
    Severity severity;

    if (strcmp(prefix, "E9") == 0 || strcmp(prefix, "invalid-syntax") == 0)
        return severity_map_get_named(map, tool, prefix, &severity) ||
               severity_map_get_named(map, tool, "E999", &severity);
    return severity_map_get(map, tool, prefix, &severity);
}

void severity_map_add_defaults(GArray *map, const char *tool, const SeverityEntry *defaults) {
    g_autoptr(GArray) missing = g_array_new(FALSE, FALSE, sizeof(SeverityEntry));

    for (; defaults->prefix != NULL; defaults++)
        if (!is_said(map, tool, defaults->prefix))
            g_array_append_vals(missing, defaults, 1);
    for (guint i = 0; i < missing->len; i++) {
        const SeverityEntry *entry = &g_array_index(missing, SeverityEntry, i);

        map_add(map, entry->prefix, entry->severity);
    }
}
