#include "review/ruleset.h"

#include "exec/text.h"
#include "rules/match.h"

#include <string.h>

static bool collect_path(const char *path, guint32 mode, gpointer data) {
    GPtrArray *paths = data;

    (void)mode;
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

static bool add_rule_file(RuleSet *rules, Change *change, const char *path, bool *ret_there,
                          YamlErrors **errors, GError **error) {
    g_autoptr(GBytes) bytes = change_trusted(change, path, error);
    g_autofree char *shown = text_path(path);
    g_autoptr(YamlErrors) own = yaml_errors_new(shown);
    gsize len;
    const char *text;

    *ret_there = bytes != NULL;
    if (bytes == NULL)
        return error == NULL || *error == NULL;
    text = g_bytes_get_data(bytes, &len);
    if (rule_set_add_text(rules, text != NULL ? text : "", len, own))
        return true;
    *errors = g_steal_pointer(&own);
    return false;
}

/* "gate/own.yaml" names one file; where it is not there, its rules would be missed in silence. Patterns may
 * match nothing. */
static bool is_name(const char *pattern) {
    return strpbrk(pattern, "*?[\\") == NULL && *pattern != '!' && strchr(pattern, '/') != NULL &&
           !g_str_has_suffix(pattern, "/");
}

static void add_names(const Policy *policy, GPtrArray *paths, GHashTable *missing) {
    for (char **pattern = policy->rule_files; *pattern != NULL; pattern++) {
        const char *path = *pattern + (**pattern == '/');

        if (!is_name(*pattern))
            continue;
        g_ptr_array_add(paths, g_strdup(path));
        g_hash_table_add(missing, g_strdup(path));
    }
}

static bool set_missing(const Policy *policy, const Change *change, GHashTable *missing, GError **error) {
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(missing), (GCompareFunc)strcmp);
    const char *from = change_trusted_from(change);
    g_autofree char *shown = text_path(paths->data);
    g_autofree char *where = from != NULL ? text_line(from, -1, 200) : g_strdup("the repository");

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: rules.files: there is no file %s in %s",
                policy->source, shown, where);
    return false;
}

/* In order of path, each once. */
static bool load_paths(RuleSet *rules, Change *change, const Match *match, GPtrArray *paths,
                       GHashTable *missing, GError **error) {
    g_ptr_array_sort(paths, text_compare);
    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i];
        g_autoptr(YamlErrors) errors = NULL;
        bool again = i > 0 && strcmp(path, paths->pdata[i - 1]) == 0, there = false;

        if (again || !match_path(match, path))
            continue;
        if (add_rule_file(rules, change, path, &there, &errors, error)) {
            if (there)
                g_hash_table_remove(missing, path);
            continue;
        }
        if (errors != NULL) {
            g_autofree char *text = yaml_errors_text(errors);

            g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, text);
        }
        return false;
    }
    return true;
}

static bool load_rule_files(RuleSet *rules, const Policy *policy, Change *change, GError **error) {
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) missing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Match) match = NULL;

    if (policy->rule_files == NULL || policy->rule_files[0] == NULL)
        return true;
    match = match_new((const char *const *)policy->rule_files, error);
    if (match == NULL || !change_each_trusted(change, collect_path, paths, error))
        return false;
    add_names(policy, paths, missing);
    if (!load_paths(rules, change, match, paths, missing, error))
        return false;
    return g_hash_table_size(missing) == 0 || set_missing(policy, change, missing, error);
}

RuleSet *ruleset_load(const Policy *policy, Change *change, GError **error) {
    g_autoptr(RuleSet) rules = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("rules");

    for (char **pack = policy->packs; *pack != NULL; pack++) {
        if (!rule_set_add_pack(rules, *pack, errors)) {
            g_autofree char *text = yaml_errors_text(errors);

            g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, text);
            return NULL;
        }
    }
    return load_rule_files(rules, policy, change, error) ? g_steal_pointer(&rules) : NULL;
}
