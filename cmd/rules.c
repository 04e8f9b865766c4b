#include "cmd/rules.h"
#include "cmd/subcommand.h"

#include "exec/text.h"
#include "review/clang.h"
#include "review/ruleset.h"
#include "review/suppress.h"
#include "review/trust.h"

#include <string.h>
#include <unistd.h>

/* The catalogue. */

static bool has_pack(const Policy *policy, const char *pack) {
    return g_strv_contains((const char *const *)policy->packs, "default") ||
           g_strv_contains((const char *const *)policy->packs, pack);
}

/* Whether a rule that is code is looked for. */
static bool own_is_wanted(const Policy *policy, const char *id) {
    if (g_str_has_prefix(id, "change."))
        return has_pack(policy, "change");
    if (g_str_has_prefix(id, "suppress."))
        return policy->suppress.comments;
    return strcmp(id, "c.complexity") == 0 ? policy->gate.max_complexity > 0 : policy->gate.max_cognitive > 0;
}

static void describe(const Catalogue *catalogue, const RuleInfo *info, const Rule *rule, const char *pack,
                     bool wanted) {
    Described described = {info, rule, pack, wanted, info->severity};

    if (strcmp(info->id, "suppress.unused") == 0)
        described.severity = catalogue->policy->suppress.unused;
    severity_map_get(catalogue->policy->rule_severity, "sallyport", info->id, &described.severity);
    described.in_force = wanted && described.severity != SEVERITY_OFF;
    g_array_append_val(catalogue->rules, described);
}

static void describe_all(const Catalogue *catalogue) {
    GHashTableIter iter;
    gpointer info;

    for (guint i = 0; i < catalogue->in_force->rules->len; i++) {
        const Rule *rule = catalogue->in_force->rules->pdata[i];

        describe(catalogue, rule->info, rule, rule->pack, true);
    }
    for (guint i = 0; i < catalogue->packs->rules->len; i++) {
        const Rule *rule = catalogue->packs->rules->pdata[i];

        if (rule_set_find(catalogue->in_force, rule->info->id) == NULL)
            describe(catalogue, rule->info, rule, rule->pack, false);
    }
    g_hash_table_iter_init(&iter, catalogue->own->rules);
    while (g_hash_table_iter_next(&iter, NULL, &info)) {
        const char *id = ((const RuleInfo *)info)->id;

        describe(catalogue, info, NULL, g_str_has_prefix(id, "change.") ? "change" : NULL,
                 own_is_wanted(catalogue->policy, id));
    }
}

static int compare_described(gconstpointer a, gconstpointer b) {
    return strcmp(((const Described *)a)->info->id, ((const Described *)b)->info->id);
}

/* The work tree, or outside of any, nothing. */
static Change *open_here(GError **error) {
    g_autoptr(GError) own = NULL;
    Change *change = cmd_open_worktree(&own);

    if (g_error_matches(own, CHANGE_ERROR, CHANGE_ERROR_NO_REPOSITORY))
        return change_from_code(POLICY_FILE, "", 0);
    if (change == NULL)
        g_propagate_error(error, g_steal_pointer(&own));
    return change;
}

/* The rules that the policy asks for, and all others. */
static bool load(Catalogue *catalogue, const char *file, GError **error) {
    g_autoptr(Change) change = open_here(error);
    g_autoptr(YamlErrors) errors = yaml_errors_new("rules");

    if (change == NULL)
        return false;
    catalogue->policy = cmd_load_policy(file, change, error);
    if (catalogue->policy == NULL)
        return false;
    catalogue->in_force = ruleset_load(catalogue->policy, change, error);
    catalogue->packs = rule_set_new();
    (void)rule_set_add_pack(catalogue->packs, "default", errors);
    return catalogue->in_force != NULL;
}

Catalogue *catalogue_new(const char *file) {
    g_autoptr(Catalogue) catalogue = g_new0(Catalogue, 1);
    g_autoptr(GError) error = NULL;

    catalogue->own = check_result_new("sallyport");
    trust_describe(catalogue->own);
    suppress_describe(catalogue->own);
    clang_check_describe(catalogue->own);
    catalogue->rules = g_array_new(FALSE, FALSE, sizeof(Described));
    if (!load(catalogue, file, &error)) {
        cmd_error_lines(error->message);
        return NULL;
    }
    describe_all(catalogue);
    g_array_sort(catalogue->rules, compare_described);
    return g_steal_pointer(&catalogue);
}

void catalogue_free(Catalogue *catalogue) {
    if (catalogue == NULL)
        return;
    policy_free(catalogue->policy);
    rule_set_free(catalogue->in_force);
    rule_set_free(catalogue->packs);
    check_result_free(catalogue->own);
    g_array_unref(catalogue->rules);
    g_free(catalogue);
}

const Described *catalogue_find(const Catalogue *catalogue, const char *id) {
    for (guint i = 0; i < catalogue->rules->len; i++) {
        const Described *described = &g_array_index(catalogue->rules, Described, i);

        if (strcmp(described->info->id, id) == 0)
            return described;
    }
    return NULL;
}

/* The subcommands. */

static const Subcommand subcommands[] = {
    {"list", rules_list, "Show all rules, and which are in force here"},
    {"explain", rules_explain, "Show what a rule is about, with examples, and how to live with it"},
    {"test", rules_try, "Try rules on their examples, and on sources that say what is to be found"},
    {NULL, NULL, NULL},
};

int cmd_rules(int argc, char **argv) {
    return subcommand_run("rules",
                          "The rules that are part of sallyport, and those of a team's own rule files. See\n"
                          "sallyport-rules(1).",
                          subcommands, argc, argv);
}
