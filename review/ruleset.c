#include "review/ruleset.h"

#include "exec/text.h"
#include "rules/match.h"

#include <string.h>

/* The paths below which the policy's rule files are looked for: those of the head, and those that the change
 * took away (else a change could drop a rule by deleting its file). */
static bool collect_rule_file(const char *path, guint32 mode, gpointer data) {
    GPtrArray *paths = data;

    (void)mode;
    g_ptr_array_add(paths, g_strdup(path));
    return true;
}

static bool add_rule_file(RuleSet *rules, Change *change, const char *path, YamlErrors **errors,
                          GError **error) {
    g_autoptr(GBytes) bytes = change_trusted(change, path, error);
    g_autofree char *shown = text_path(path);
    g_autoptr(YamlErrors) own = yaml_errors_new(shown);
    gsize len;
    const char *text;

    if (bytes == NULL)
        return error == NULL || *error == NULL;
    text = g_bytes_get_data(bytes, &len);
    if (rule_set_add_text(rules, text != NULL ? text : "", len, own))
        return true;
    *errors = g_steal_pointer(&own);
    return false;
}

static int compare_strings(gconstpointer a, gconstpointer b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool load_rule_files(RuleSet *rules, const Policy *policy, Change *change, GError **error) {
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Match) match = NULL;
    const GPtrArray *files = change_files(change);

    if (policy->rule_files == NULL || policy->rule_files[0] == NULL)
        return true;
    match = match_new((const char *const *)policy->rule_files, error);
    if (match == NULL || !change_each_file(change, collect_rule_file, paths, error))
        return false;
    for (guint i = 0; i < files->len; i++) {
        const ChangedFile *file = files->pdata[i];

        g_ptr_array_add(paths, g_strdup(file->old_path != NULL ? file->old_path : file->path));
    }
    g_ptr_array_sort(paths, compare_strings);
    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i];
        g_autoptr(YamlErrors) errors = NULL;
        bool again = i > 0 && strcmp(path, paths->pdata[i - 1]) == 0;

        if (again || !match_path(match, path) || add_rule_file(rules, change, path, &errors, error))
            continue;
        if (errors != NULL) {
            g_autofree char *text = yaml_errors_text(errors);

            g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, text);
        }
        return false;
    }
    return true;
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
