/* What may pass: the key `gate`. */
#include "review/policy/read.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

static void limit_clear(gpointer limit) {
    g_free(((RuleLimit *)limit)->rule);
}

GatePolicy policy_gate_default(void) {
    GatePolicy gate = {
        .scope = SCOPE_CHANGED_LINES,
        .allow = {[SEVERITY_NOTE] = GATE_UNLIMITED, [SEVERITY_WARNING] = GATE_UNLIMITED},
        .allow_per_file = GATE_UNLIMITED,
        .merge_duplicates = true,
        .allow_rules = g_array_new(FALSE, FALSE, sizeof(RuleLimit)),
    };

    g_array_set_clear_func(gate.allow_rules, limit_clear);
    return gate;
}

void policy_gate_clear(GatePolicy *gate) {
    g_array_unref(gate->allow_rules);
    g_free(gate->baseline);
}

static void read_scope(PolicyReader *reader, const YamlNode *node) {
    static const char *const words[] = {"changed-lines", "changed-files", "everything", NULL};
    guint index;

    if (yaml_choice(node, words, &index, reader->errors))
        reader->policy->gate.scope = (GateScope)index; /* the words stand in the order of the enum */
}

static bool read_allowed(PolicyReader *reader, const YamlNode *node, guint64 *ret_count) {
    if (node->kind == YAML_SCALAR && strcmp(node->scalar, "unlimited") == 0) {
        *ret_count = GATE_UNLIMITED;
        return true;
    }
    if (node->kind == YAML_SCALAR && node->plain &&
        yaml_digits(node->scalar, 0, GATE_UNLIMITED - 1, ret_count))
        return true;
    policy_expected(reader, node, "a whole number or 'unlimited'");
    return false;
}

static void read_allow(PolicyReader *reader, const YamlNode *node) {
    static const char *const keys[] = {"error", "warning", "note", NULL};

    if (yaml_is_null(node) || !yaml_keys(node, keys, reader->errors))
        return;
    for (Severity severity = SEVERITY_NOTE; severity <= SEVERITY_ERROR; severity++) {
        const YamlNode *value = yaml_get(node, severity_name(severity));

        if (value != NULL)
            (void)read_allowed(reader, value, &reader->policy->gate.allow[severity]);
    }
}

static void read_allow_per_file(PolicyReader *reader, const YamlNode *node) {
    (void)read_allowed(reader, node, &reader->policy->gate.allow_per_file);
}

static void read_merge_duplicates(PolicyReader *reader, const YamlNode *node) {
    yaml_bool(node, &reader->policy->gate.merge_duplicates, reader->errors);
}

/* "*" would be a second way to say what `allow` says. */
static void read_rule_limit(PolicyReader *reader, const YamlNode *key, const YamlNode *value) {
    RuleLimit limit;

    if (!policy_is_rule_prefix(key->scalar) || strcmp(key->scalar, "*") == 0) {
        g_autofree char *shown = text_line(key->scalar, -1, 60);

        yaml_error(reader->errors, key,
                   "expected a rule, or the beginning of its code, such as ruff.E501 or python, found '%s'",
                   shown);
        return;
    }
    if (!read_allowed(reader, value, &limit.count))
        return;
    limit.rule = g_strdup(key->scalar);
    g_array_append_val(reader->policy->gate.allow_rules, limit);
}

static void read_match_base(PolicyReader *reader, const YamlNode *node) {
    static const char *const words[] = {"auto", "always", "never", NULL};
    guint index;

    if (yaml_choice(node, words, &index, reader->errors))
        reader->policy->gate.match_base = (MatchBase)index; /* the words stand in the order of the enum */
}

static void read_allow_rules(PolicyReader *reader, const YamlNode *node) {
    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_MAPPING) {
        policy_expected(reader, node, "a mapping from rule to count, such as {ruff.E501: 10}");
        return;
    }
    for (guint i = 0; i < node->keys->len; i++)
        read_rule_limit(reader, node->keys->pdata[i], node->items->pdata[i]);
}

static void read_complexity(PolicyReader *reader, const YamlNode *node, guint *ret_most) {
    guint64 most;

    if (yaml_uint(node, 1, CAP_COMPLEXITY, &most, reader->errors))
        *ret_most = (guint)most;
}

static void read_cyclomatic(PolicyReader *reader, const YamlNode *node) {
    read_complexity(reader, node, &reader->policy->gate.max_complexity);
}

static void read_cognitive(PolicyReader *reader, const YamlNode *node) {
    read_complexity(reader, node, &reader->policy->gate.max_cognitive);
}

/* A number is the cyclomatic one. */
static void read_max_complexity(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {
        {"cyclomatic", read_cyclomatic}, {"cognitive", read_cognitive}, {NULL, NULL}};

    if (node->kind == YAML_MAPPING)
        policy_read_mapping(reader, node, keys);
    else if (node->kind == YAML_SEQUENCE)
        policy_expected(reader, node, "a whole number, or a mapping such as {cyclomatic: 15, cognitive: 25}");
    else
        read_cyclomatic(reader, node);
}

/* Which file is read is told by the base, and so is what stands in it. */
static void read_baseline(PolicyReader *reader, const YamlNode *node) {
    g_autofree char *file = NULL;
    const char *wrong;

    if (!yaml_string(node, &file, reader->errors))
        return;
    wrong = policy_wrong_file(file);
    if (wrong != NULL) {
        yaml_error(reader->errors, node, "%s", wrong);
        return;
    }
    g_free(reader->policy->gate.baseline);
    reader->policy->gate.baseline = g_steal_pointer(&file);
}

void policy_read_gate(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {{"scope", read_scope},
                                     {"allow", read_allow},
                                     {"allow_per_file", read_allow_per_file},
                                     {"merge_duplicates", read_merge_duplicates},
                                     {"match_base", read_match_base},
                                     {"allow_rules", read_allow_rules},
                                     {"max_complexity", read_max_complexity},
                                     {"baseline", read_baseline},
                                     {NULL, NULL}};

    policy_read_mapping(reader, node, keys);
}

/* Whether Ruff's arguments leave out the very code: to Ruff that goes before what is added to them. */
static bool ignores_complexity(const char *const *args) {
    bool ignores = false; /* the values that come */

    for (; *args != NULL; args++) {
        if (g_str_has_prefix(*args, "-"))
            ignores = strstr(*args, "ignore") != NULL;
        if (ignores && strstr(*args, "C901") != NULL)
            return true;
    }
    return false;
}

const char *policy_complexity_gap(const Policy *policy) {
    for (guint i = 0; i < policy->linters->len; i++) {
        const LinterPolicy *linter = policy->linters->pdata[i];

        if (linter->max_complexity > 0)
            return ignores_complexity((const char *const *)linter->args) ? "ruff's args ignore C901" : NULL;
    }
    return "ruff is not among the linters";
}

/* In C and C++ it is measured by this program itself. */
void policy_limit_complexity(PolicyReader *reader) {
    const char *const *able = reader->words->complexity;
    const GPtrArray *linters = reader->policy->linters;

    for (guint i = 0; able != NULL && i < linters->len; i++) {
        LinterPolicy *linter = linters->pdata[i];

        if (g_strv_contains(able, linter->name))
            linter->max_complexity = reader->policy->gate.max_complexity;
    }
}
