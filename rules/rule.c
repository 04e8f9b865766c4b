#include "rules/rule.h"

#include "rules/rule_read.h"

#include <string.h>

void rule_free(Rule *rule) {
    rule_info_free(rule->info);
    g_free(rule->pack);
    g_free(rule->file);
    g_free(rule->message);
    g_strfreev(rule->references);
    g_strfreev(rule->languages);
    match_free(rule->exclude);
    g_strfreev(rule->require_any);
    rule_regex_free(rule->regex);
    call_rule_free(rule->call);
    rule_change_free(rule->change);
    g_free(rule->clang);
    g_free(rule->replace);
    g_strfreev(rule->stopwords);
    if (rule->allow)
        g_ptr_array_unref(rule->allow);
    if (rule->examples)
        g_ptr_array_unref(rule->examples);
    g_free(rule);
}

void rule_describe(const Rule *rule, CheckResult *result) {
    RuleInfo *info = check_rule(result, rule->info->id);
    if (info->summary)
        return;
    info->summary = g_strdup(rule->info->summary);
    info->help = g_strdup(rule->info->help);
    info->help_uri = g_strdup(rule->info->help_uri);
    info->precision = g_strdup(rule->info->precision);
    info->security_severity = rule->info->security_severity;
    info->severity = rule->info->severity;
    info->cwe = rule->info->cwe ? g_array_copy(rule->info->cwe) : NULL;
}

static bool holds_any(const char *text, gsize len, GStrv words) {
    for (char **word = words; *word; word++)
        if (memmem(text, len, *word, strlen(*word)))
            return true;
    return false;
}

bool rule_is_for(const Rule *rule, const char *path, const char *language, const char *text, gsize len) {
    const char *const *languages = (const char *const *)rule->languages;
    if (!g_strv_contains(languages, "any") && !g_strv_contains(languages, language))
        return false;
    if (rule->require_any && !holds_any(text, len, rule->require_any))
        return false;
    return !rule->exclude || !match_path(rule->exclude, path);
}

RuleSet *rule_set_new(void) {
    RuleSet *set = g_new0(RuleSet, 1);
    set->rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    set->packs = g_ptr_array_new_with_free_func(g_free);
    return set;
}

void rule_set_free(RuleSet *set) {
    if (!set)
        return;
    g_ptr_array_unref(set->rules);
    g_ptr_array_unref(set->packs);
    g_free(set);
}

/* The errors so far. What is read counts as whole where none were added. */
static guint error_count(const YamlErrors *errors) {
    return errors->list->len + errors->dropped;
}

static int compare_rules(gconstpointer a, gconstpointer b) {
    const Rule *x = *(Rule *const *)a, *y = *(Rule *const *)b;
    return strcmp(x->info->id, y->info->id);
}

const Rule *rule_set_find(const RuleSet *set, const char *id) {
    RuleInfo info = {.id = (char *)id};
    Rule wanted = {.info = &info};
    const Rule *key = &wanted;
    guint from = 0, to = set->rules->len;
    while (from < to) {
        guint middle = from + (to - from) / 2;
        int order = compare_rules(&set->rules->pdata[middle], &key);
        if (order == 0)
            return set->rules->pdata[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

bool rule_set_add_text(RuleSet *set, const char *text, gsize len, YamlErrors *errors) {
    guint before = error_count(errors);
    g_autoptr(YamlNode) top = yaml_parse_all(text, len, errors);
    g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    if (top)
        rule_read_all(set, top, rules, errors);
    if (!top || error_count(errors) != before)
        return false;
    g_ptr_array_extend_and_steal(set->rules, g_steal_pointer(&rules));
    g_ptr_array_sort(set->rules, compare_rules);
    return true;
}

bool rule_set_has_pack(const RuleSet *set, const char *name) {
    return g_ptr_array_find_with_equal_func(set->packs, name, g_str_equal, NULL);
}

static bool add_one_pack(RuleSet *set, const char *name, YamlErrors *errors) {
    const char *text = NULL;
    gsize len = 0;
    if (rule_set_has_pack(set, name))
        return true;
    if (!rule_pack_text(name, &text, &len)) {
        yaml_error(errors, NULL, "there is no pack '%s'", name);
        return false;
    }
    g_autofree char *file = g_strdup_printf("rules/packs/%s.yaml", name);
    g_autoptr(YamlErrors) own = yaml_errors_new(file);
    if (!rule_set_add_text(set, text, len, own)) {
        g_autofree char *all = yaml_errors_text(own);
        yaml_error(errors, NULL, "%s", all);
        return false;
    }
    g_ptr_array_add(set->packs, g_strdup(name));
    return true;
}

bool rule_set_add_pack(RuleSet *set, const char *name, YamlErrors *errors) {
    if (strcmp(name, "default") != 0)
        return add_one_pack(set, name, errors);
    bool ok = true;
    for (const char *const *each = rule_pack_names(); *each; each++)
        if (strcmp(*each, "default") != 0)
            ok = add_one_pack(set, *each, errors) && ok;
    return ok;
}
