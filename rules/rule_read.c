#include "rules/rule_read.h"

#include "exec/caps.h"
#include "rules/example.h"
#include "rules/lexer.h"

#include <string.h>

/* The value of a key that must be there. */
const YamlNode *rule_required(const YamlNode *node, const char *key, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (!value && node->kind == YAML_MAPPING)
        yaml_error(errors, node, "the key '%s' is missing", key);
    return value;
}

static void read_required_string(const YamlNode *node, const char *key, char **ret, YamlErrors *errors) {
    const YamlNode *value = rule_required(node, key, errors);
    if (value)
        yaml_string(value, ret, errors);
}

void rule_read_string(const YamlNode *node, const char *key, char **ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (value)
        yaml_string(value, ret, errors);
}

void rule_read_strings(const YamlNode *node, const char *key, GStrv *ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (value)
        yaml_strings(value, ret, errors);
}

/* [a-z0-9]+(\.[a-z0-9-]+)+ */
static bool is_rule_id(const char *id) {
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char further[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    gsize len = strspn(id, first);
    if (len == 0 || id[len] != '.')
        return false;
    while (id[len] == '.') {
        gsize part = strspn(id + len + 1, further);
        if (part == 0)
            return false;
        len += 1 + part;
    }
    return id[len] == '\0';
}

static char *read_id(const YamlNode *node, YamlErrors *errors) {
    g_autofree char *id = NULL;
    const YamlNode *value = rule_required(node, "id", errors);
    if (!value || !yaml_string(value, &id, errors))
        return NULL;
    if (!is_rule_id(id)) {
        yaml_error(
            errors, value,
            "'%s' is no rule id: expected lower-case words with dots between them, such as 'python.eval'",
            id);
        return NULL;
    }
    return g_steal_pointer(&id);
}

/* Each $ stands before another one, or before the number of a group that there is. */
static void check_replace(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    guint32 groups = 0;

    if (rule->regex != NULL && rule->regex->pattern != NULL)
        pcre2_pattern_info(rule->regex->pattern, PCRE2_INFO_CAPTURECOUNT, &groups);
    for (const char *at = strchr(rule->replace, '$'); at; at = strchr(at + 2, '$')) {
        if (at[1] == '$' || (g_ascii_isdigit(at[1]) && (guint32)(at[1] - '0') <= groups))
            continue;
        yaml_error(errors, node, "'$' is followed by the number of a group (0 to %u), or by '$' for itself",
                   MIN(groups, 9));
        return;
    }
}

static void read_fix(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"replace", "safe", NULL};
    bool safe = false;
    if (!node || !yaml_keys(node, keys, errors))
        return;
    const YamlNode *replace = rule_required(node, "replace", errors);
    if (replace && replace->kind == YAML_SCALAR && !replace->plain && *replace->scalar == '\0')
        rule->replace = g_strdup(""); /* to take the region out is a fix, too */
    else if (replace && yaml_string(replace, &rule->replace, errors))
        check_replace(replace, rule, errors);
    if (yaml_get(node, "safe"))
        yaml_bool(yaml_get(node, "safe"), &safe, errors);
    rule->fix_kind = safe ? FIX_SAFE : FIX_UNSAFE;
}

static void read_allow(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"stopwords", "regexes", NULL};
    if (!node || !yaml_keys(node, keys, errors))
        return;
    rule_read_strings(node, "stopwords", &rule->stopwords, errors);
    const YamlNode *regexes = yaml_get(node, "regexes");
    if (!regexes)
        return;
    rule->allow = g_ptr_array_new_with_free_func((GDestroyNotify)pcre2_code_free);
    for (guint i = 0; i < yaml_item_count(regexes); i++) {
        pcre2_code *code = rule_compile(yaml_item(regexes, i), errors);
        if (code)
            g_ptr_array_add(rule->allow, code);
    }
}

static void read_languages(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    g_autoptr(GStrvBuilder) languages = g_strv_builder_new();
    for (guint i = 0; node && i < yaml_item_count(node); i++) {
        guint index;
        if (yaml_choice(yaml_item(node, i), rule_languages(), &index, errors))
            g_strv_builder_add(languages, rule_languages()[index]);
    }
    if (!node)
        g_strv_builder_add(languages, "any");
    else if (yaml_item_count(node) == 0)
        yaml_error(errors, node, "an empty list: the rule would look at nothing");
    rule->languages = g_strv_builder_end(languages);
}

static void read_paths(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"exclude", NULL};
    if (!node || !yaml_keys(node, keys, errors))
        return;
    const YamlNode *exclude = yaml_get(node, "exclude");
    g_auto(GStrv) patterns = NULL;
    g_autoptr(GError) error = NULL;
    if (!exclude || !yaml_strings(exclude, &patterns, errors))
        return;
    rule->exclude = match_new((const char *const *)patterns, &error);
    if (!rule->exclude)
        yaml_error(errors, exclude, "%s", error->message);
}

static void read_tests(const YamlNode *node, const YamlNode *rule_node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"bad", "good", NULL};
    rule->examples = g_ptr_array_new_with_free_func((GDestroyNotify)rule_example_free);
    if (node && !yaml_keys(node, keys, errors))
        return;
    const YamlNode *bad = node ? yaml_get(node, "bad") : NULL;
    const YamlNode *good = node ? yaml_get(node, "good") : NULL;
    for (guint i = 0; bad && i < yaml_item_count(bad); i++)
        rule_example_read(yaml_item(bad, i), rule, true, errors);
    for (guint i = 0; good && i < yaml_item_count(good); i++)
        rule_example_read(yaml_item(good, i), rule, false, errors);
    if (!bad || (bad->kind == YAML_SEQUENCE && bad->items->len == 0))
        yaml_error(errors,
                   bad    ? bad
                   : node ? node
                          : rule_node,
                   "tests.bad is missing: a rule without a bad example cannot be trusted");
}

static void read_cwe(const YamlNode *node, RuleInfo *info, YamlErrors *errors) {
    if (!node)
        return;
    info->cwe = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < yaml_item_count(node); i++) {
        guint64 number;
        if (!yaml_uint(yaml_item(node, i), 1, 9999, &number, errors))
            continue;
        guint cwe = (guint)number;
        g_array_append_val(info->cwe, cwe);
    }
}

/* What reports show of the rule. */
static void read_info(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const severities[] = {"error", "warning", "note", NULL};
    static const char *const confidences[] = {"high", "medium", "low", NULL};
    RuleInfo *info = rule->info;
    guint index;

    const YamlNode *severity = rule_required(node, "severity", errors);
    if (severity && yaml_choice(severity, severities, &index, errors))
        severity_parse(severities[index], &info->severity);
    rule_read_string(node, "summary", &info->summary, errors);
    if (!info->summary)
        info->summary = g_strdup(rule->message);
    rule_read_string(node, "help", &info->help, errors);
    const YamlNode *confidence = yaml_get(node, "confidence");
    if (confidence && yaml_choice(confidence, confidences, &index, errors))
        info->precision = g_strdup(confidences[index]);
    const YamlNode *security = yaml_get(node, "security_severity");
    if (security)
        yaml_double(security, 0, 10, &info->security_severity, errors);
    read_cwe(yaml_get(node, "cwe"), info, errors);
    rule_read_strings(node, "references", &rule->references, errors);
    if (rule->references)
        info->help_uri = g_strdup(rule->references[0]);
}

/* Only where there is a lexer can code be told from comments. */
static void check_lexers(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    for (char **language = rule->languages; *language; language++) {
        if (lexer_knows(*language))
            continue;
        yaml_error(errors, node, "code, strings and comments cannot be told apart in language '%s'",
                   *language);
    }
}

guint8 rule_read_places(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    static const char *const words[] = {"code", "string", "comment", NULL};
    static const guint8 places[] = {PLACE_CODE, PLACE_STRING, PLACE_COMMENT};
    guint8 found = 0;

    for (guint i = 0; node != NULL && i < yaml_item_count(node); i++) {
        guint index;

        if (!yaml_choice(yaml_item(node, i), words, &index, errors))
            return PLACE_ANY;
        found |= places[index];
    }
    if (node == NULL)
        return PLACE_ANY;
    if (found == 0)
        yaml_error(errors, node, "expected one or more of code, string and comment");
    else if (found != PLACE_ANY)
        check_lexers(node, rule, errors);
    return found;
}

/* What a rule looks for, by the key that says so. */
static const struct {
    const char *key;
    void (*read)(const YamlNode *node, Rule *rule, YamlErrors *errors);
} kinds[] = {
    {"regex", rule_read_regex}, {"call", rule_read_call},   {"change", rule_read_change},
    {"c_ast", rule_read_c_ast}, {"clang", rule_read_clang},
};

/* Exactly one of them. */
static void read_kind(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    const char *found = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const YamlNode *value = yaml_get(node, kinds[i].key);

        if (value == NULL)
            continue;
        if (found != NULL)
            yaml_error(errors, value, "a rule looks for one thing: '%s' or '%s', not both", found,
                       kinds[i].key);
        else
            kinds[i].read(value, rule, errors);
        found = kinds[i].key;
    }
    if (found == NULL) {
        const char *words[G_N_ELEMENTS(kinds) + 1] = {NULL};
        g_autofree char *list = NULL;

        for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
            words[i] = kinds[i].key;
        list = yaml_word_list(words);
        yaml_error(errors, node, "the rule looks for nothing: the key %s is missing", list);
    }
}

/* Of a rule that does not look at what a text says. */
static void refuse_text_keys(const YamlNode *node, YamlErrors *errors) {
    static const char *const keys[] = {"require_any", "fix", "allow", NULL};

    for (const char *const *key = keys; *key != NULL; key++)
        if (yaml_get(node, *key) != NULL)
            yaml_error(errors, yaml_get(node, *key), "a rule on the change has no '%s'", *key);
}

/* NULL where it is no mapping or has no id; errors decide whether it is of use. */
static Rule *read_rule(const YamlNode *node, YamlErrors *errors) {
    static const char *const keys[] = {"id",         "message",    "summary", "help",
                                       "severity",   "confidence", "cwe",     "security_severity",
                                       "references", "languages",  "paths",   "require_any",
                                       "regex",      "call",       "change",  "c_ast",
                                       "clang",      "fix",        "allow",   "tests",
                                       NULL};
    if (!yaml_keys(node, keys, errors))
        return NULL;
    g_autofree char *id = read_id(node, errors);
    Rule *rule = g_new0(Rule, 1);
    rule->info = rule_info_new(id ? id : "");
    rule->file = g_strdup(errors->file);
    rule->line = node->line;
    read_required_string(node, "message", &rule->message, errors);
    read_info(node, rule, errors);
    read_languages(yaml_get(node, "languages"), rule, errors);
    read_paths(yaml_get(node, "paths"), rule, errors);
    rule_read_strings(node, "require_any", &rule->require_any, errors);
    read_kind(node, rule, errors);
    read_fix(yaml_get(node, "fix"), rule, errors);
    if (rule->clang != NULL && yaml_get(node, "allow") != NULL)
        yaml_error(errors, yaml_get(node, "allow"), "only a match of a pattern can be let go by its text");
    read_allow(yaml_get(node, "allow"), rule, errors);
    if (rule->change != NULL)
        refuse_text_keys(node, errors);
    read_tests(yaml_get(node, "tests"), node, rule, errors);
    return rule;
}

static void read_rules(const RuleSet *set, const YamlNode *list, const char *pack, GPtrArray *rules,
                       YamlErrors *errors) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    if (list->kind != YAML_SEQUENCE || list->items->len == 0) {
        yaml_error(errors, list, "expected a list of rules");
        return;
    }
    if (list->items->len > CAP_RULES - set->rules->len) {
        yaml_error(errors, list, "more than %u rules in all", CAP_RULES);
        return;
    }
    for (guint i = 0; i < list->items->len; i++) {
        const YamlNode *node = list->items->pdata[i];
        Rule *rule = read_rule(node, errors);
        if (rule == NULL)
            continue;
        rule->pack = g_strdup(pack);
        g_ptr_array_add(rules, rule);
        const char *id = rule->info->id;
        if (*id && (!g_hash_table_add(seen, (char *)id) || rule_set_find(set, id)))
            yaml_error(errors, yaml_get(node, "id"), "there is a rule '%s' already", id);
    }
}

void rule_read_all(const RuleSet *set, const YamlNode *top, GPtrArray *rules, YamlErrors *errors) {
    static const char *const keys[] = {"version", "pack", "rules", NULL};
    if (!yaml_keys(top, keys, errors))
        return;
    g_autofree char *pack = NULL;
    guint64 number;
    const YamlNode *version = yaml_get(top, "version");
    if (version)
        yaml_uint(version, 1, 1, &number, errors);
    rule_read_string(top, "pack", &pack, errors);
    const YamlNode *list = rule_required(top, "rules", errors);
    if (list)
        read_rules(set, list, pack, rules, errors);
}
