#include "rules/rule.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/lexer.h"

#include <string.h>

static void rule_free(gpointer data) {
    Rule *rule = data;
    rule_info_free(rule->info);
    g_free(rule->pack);
    g_free(rule->message);
    g_strfreev(rule->references);
    g_strfreev(rule->languages);
    match_free(rule->exclude);
    g_strfreev(rule->require_any);
    pcre2_code_free(rule->pattern);
    g_free(rule->replace);
    g_strfreev(rule->stopwords);
    if (rule->allow)
        g_ptr_array_unref(rule->allow);
    g_strfreev(rule->bad);
    g_strfreev(rule->good);
    g_free(rule);
}

static void code_free(gpointer code) {
    pcre2_code_free(code);
}

RuleSet *rule_set_new(void) {
    RuleSet *set = g_new0(RuleSet, 1);
    set->rules = g_ptr_array_new_with_free_func(rule_free);
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

/* The value of a key that must be there. */
static const YamlNode *required(const YamlNode *node, const char *key, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (!value && node->kind == YAML_MAPPING)
        yaml_error(errors, node, "the key '%s' is missing", key);
    return value;
}

static void read_required_string(const YamlNode *node, const char *key, char **ret, YamlErrors *errors) {
    const YamlNode *value = required(node, key, errors);
    if (value)
        yaml_string(value, ret, errors);
}

static void read_string(const YamlNode *node, const char *key, char **ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (value)
        yaml_string(value, ret, errors);
}

static void read_strings(const YamlNode *node, const char *key, GStrv *ret, YamlErrors *errors) {
    const YamlNode *value = yaml_get(node, key);
    if (value)
        yaml_strings(value, ret, errors);
}

/* The items of a list; a single value is a list of one. */
static guint item_count(const YamlNode *node) {
    return node->kind == YAML_SEQUENCE ? node->items->len : 1;
}

static const YamlNode *item_of(const YamlNode *node, guint i) {
    return node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node;
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
    const YamlNode *value = required(node, "id", errors);
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

static pcre2_code *compile(const YamlNode *node, YamlErrors *errors) {
    g_autofree char *pattern = NULL;
    if (!yaml_string(node, &pattern, errors))
        return NULL;
    gsize len = strlen(pattern);
    if (len > CAP_PATTERN_BYTES) {
        yaml_error(errors, node, "the pattern is longer than %u bytes", CAP_PATTERN_BYTES);
        return NULL;
    }
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)pattern, len, PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &code,
                      &offset, context);
    pcre2_compile_context_free(context);
    if (!compiled) {
        char message[256];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
        yaml_error(errors, node, "the pattern does not compile: %s at offset %zu", message, offset);
    }
    return compiled;
}

static void read_group(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    guint64 group;
    if (!node || !yaml_uint(node, 0, G_MAXUINT16, &group, errors) || !rule->pattern)
        return;
    guint32 groups = 0;
    pcre2_pattern_info(rule->pattern, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (group > groups) {
        g_autofree char *count = text_count(groups, "group");
        yaml_error(errors, node, "the pattern has %s", count);
        return;
    }
    rule->group = (guint)group;
}

/* Only where there is a lexer can code be told from comments. */
static void check_lexers(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    for (char **language = rule->languages; *language; language++) {
        if (lexer_knows(*language))
            continue;
        yaml_error(errors, node,
                   "code, strings and comments cannot be told apart in language '%s', only in 'python'",
                   *language);
    }
}

static void read_in(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const words[] = {"code", "string", "comment", NULL};
    static const guint8 places[] = {PLACE_CODE, PLACE_STRING, PLACE_COMMENT};
    rule->places = PLACE_ANY;
    if (!node)
        return;
    guint8 found = 0;
    for (guint i = 0; i < item_count(node); i++) {
        guint index;
        if (!yaml_choice(item_of(node, i), words, &index, errors))
            return;
        found |= places[index];
    }
    if (!found)
        yaml_error(errors, node, "expected one or more of code, string and comment");
    if (found && found != PLACE_ANY)
        check_lexers(node, rule, errors);
    rule->places = found;
}

static void read_regex(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"pattern", "group", "in", "entropy", NULL};
    if (!node || !yaml_keys(node, keys, errors))
        return;
    const YamlNode *pattern = required(node, "pattern", errors);
    if (pattern)
        rule->pattern = compile(pattern, errors);
    read_group(yaml_get(node, "group"), rule, errors);
    read_in(yaml_get(node, "in"), rule, errors);
    const YamlNode *entropy = yaml_get(node, "entropy");
    if (entropy)
        yaml_double(entropy, 0, 8, &rule->entropy, errors);
}

/* Each $ stands before another one, or before the number of a group that there is. */
static void check_replace(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    guint32 groups = 0;

    if (rule->pattern)
        pcre2_pattern_info(rule->pattern, PCRE2_INFO_CAPTURECOUNT, &groups);
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
    const YamlNode *replace = required(node, "replace", errors);
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
    read_strings(node, "stopwords", &rule->stopwords, errors);
    const YamlNode *regexes = yaml_get(node, "regexes");
    if (!regexes)
        return;
    rule->allow = g_ptr_array_new_with_free_func(code_free);
    for (guint i = 0; i < item_count(regexes); i++) {
        pcre2_code *code = compile(item_of(regexes, i), errors);
        if (code)
            g_ptr_array_add(rule->allow, code);
    }
}

static void read_languages(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    g_autoptr(GStrvBuilder) languages = g_strv_builder_new();
    for (guint i = 0; node && i < item_count(node); i++) {
        guint index;
        if (yaml_choice(item_of(node, i), rule_languages(), &index, errors))
            g_strv_builder_add(languages, rule_languages()[index]);
    }
    if (!node)
        g_strv_builder_add(languages, "any");
    else if (item_count(node) == 0)
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
    if (node && !yaml_keys(node, keys, errors))
        return;
    if (node) {
        read_strings(node, "bad", &rule->bad, errors);
        read_strings(node, "good", &rule->good, errors);
    }
    const YamlNode *bad = node ? yaml_get(node, "bad") : NULL;
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
    for (guint i = 0; i < item_count(node); i++) {
        guint64 number;
        if (!yaml_uint(item_of(node, i), 1, 9999, &number, errors))
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

    const YamlNode *severity = required(node, "severity", errors);
    if (severity && yaml_choice(severity, severities, &index, errors))
        severity_parse(severities[index], &info->severity);
    read_string(node, "summary", &info->summary, errors);
    if (!info->summary)
        info->summary = g_strdup(rule->message);
    read_string(node, "help", &info->help, errors);
    const YamlNode *confidence = yaml_get(node, "confidence");
    if (confidence && yaml_choice(confidence, confidences, &index, errors))
        info->precision = g_strdup(confidences[index]);
    const YamlNode *security = yaml_get(node, "security_severity");
    if (security)
        yaml_double(security, 0, 10, &info->security_severity, errors);
    read_cwe(yaml_get(node, "cwe"), info, errors);
    read_strings(node, "references", &rule->references, errors);
    if (rule->references)
        info->help_uri = g_strdup(rule->references[0]);
}

/* NULL where it is no mapping or has no id; errors decide whether it is of use. */
static Rule *read_rule(const YamlNode *node, YamlErrors *errors) {
    static const char *const keys[] = {"id",         "message",    "summary", "help",
                                       "severity",   "confidence", "cwe",     "security_severity",
                                       "references", "languages",  "paths",   "require_any",
                                       "regex",      "fix",        "allow",   "tests",
                                       NULL};
    if (!yaml_keys(node, keys, errors))
        return NULL;
    g_autofree char *id = read_id(node, errors);
    Rule *rule = g_new0(Rule, 1);
    rule->info = rule_info_new(id ? id : "");
    read_required_string(node, "message", &rule->message, errors);
    read_info(node, rule, errors);
    read_languages(yaml_get(node, "languages"), rule, errors);
    read_paths(yaml_get(node, "paths"), rule, errors);
    read_strings(node, "require_any", &rule->require_any, errors);
    read_regex(required(node, "regex", errors), rule, errors);
    read_fix(yaml_get(node, "fix"), rule, errors);
    read_allow(yaml_get(node, "allow"), rule, errors);
    read_tests(yaml_get(node, "tests"), node, rule, errors);
    return rule;
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
        if (!rule)
            continue;
        rule->pack = g_strdup(pack);
        g_ptr_array_add(rules, rule);
        const char *id = rule->info->id;
        if (*id && (!g_hash_table_add(seen, (char *)id) || rule_set_find(set, id)))
            yaml_error(errors, yaml_get(node, "id"), "there is a rule '%s' already", id);
    }
}

static void read_file(const RuleSet *set, const YamlNode *top, GPtrArray *rules, YamlErrors *errors) {
    static const char *const keys[] = {"version", "pack", "rules", NULL};
    if (!yaml_keys(top, keys, errors))
        return;
    g_autofree char *pack = NULL;
    guint64 number;
    const YamlNode *version = yaml_get(top, "version");
    if (version)
        yaml_uint(version, 1, 1, &number, errors);
    read_string(top, "pack", &pack, errors);
    const YamlNode *list = required(top, "rules", errors);
    if (list)
        read_rules(set, list, pack, rules, errors);
}

bool rule_set_add_text(RuleSet *set, const char *text, gsize len, YamlErrors *errors) {
    guint before = error_count(errors);
    g_autoptr(YamlNode) top = yaml_parse_all(text, len, errors);
    g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(rule_free);
    if (top)
        read_file(set, top, rules, errors);
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
