#include "review/policy/policy.h"

#include "exec/text.h"
#include "review/policy/read.h"
#include "rules/match.h"

#include <string.h>

static void report_free(ReportPolicy *report) {
    g_free(report->format);
    g_free(report->file);
    g_free(report);
}

/* The policy of a file that only says `version: 1`. */
static Policy *policy_new(const char *source, const PolicyWords *words) {
    static const char *const none[] = {NULL}, *const default_packs[] = {"default", NULL};
    Policy *policy = g_new0(Policy, 1);

    policy->source = g_strdup(source);
    policy->exclude = g_strdupv((GStrv)none);
    policy->linters = g_ptr_array_new_with_free_func((GDestroyNotify)policy_linter_free);
    for (guint i = 0; words->linters[i] != NULL; i++)
        g_ptr_array_add(policy->linters, policy_linter_new(words->linters[i]));
    policy->packs = g_strdupv((GStrv)default_packs);
    policy->rule_files = g_strdupv((GStrv)none);
    policy->rule_severity = severity_map_new();
    policy->overrides = g_ptr_array_new_with_free_func((GDestroyNotify)policy_override_free);
    policy->gate = policy_gate_default();
    policy->suppress = (SuppressPolicy){true, SUPPRESS_REASON, SEVERITY_WARNING};
    policy->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)policy_job_free);
    policy->languages = g_ptr_array_new_with_free_func((GDestroyNotify)policy_language_free);
    policy->require = TIER_NAMESPACES;
    policy->reports = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    return policy;
}

void policy_free(Policy *policy) {
    if (policy == NULL)
        return;
    g_free(policy->source);
    g_strfreev(policy->exclude);
    g_ptr_array_unref(policy->linters);
    g_strfreev(policy->packs);
    g_strfreev(policy->rule_files);
    g_array_unref(policy->rule_severity);
    g_ptr_array_unref(policy->overrides);
    policy_gate_clear(&policy->gate);
    g_ptr_array_unref(policy->jobs);
    g_ptr_array_unref(policy->languages);
    g_ptr_array_unref(policy->reports);
    g_free(policy);
}

/* What a linter's own map leaves open. */
static void add_default_severities(Policy *policy, const PolicyWords *words) {
    for (guint i = 0; words->severity != NULL && i < policy->linters->len; i++) {
        LinterPolicy *linter = policy->linters->pdata[i];

        if (linter->custom == NULL)
            severity_map_add_defaults(linter->severity, linter->name, words->severity(linter->name));
    }
}

Policy *policy_default(const PolicyWords *words) {
    Policy *policy = policy_new("the built-in default", words);

    policy->is_default = true;
    add_default_severities(policy, words);
    return policy;
}

static void read_version(PolicyReader *reader, const YamlNode *node) {
    guint64 version;

    yaml_uint(node, 1, 1, &version, reader->errors);
}

static void read_exclude(PolicyReader *reader, const YamlNode *node) {
    if (!yaml_is_null(node))
        policy_read_patterns(reader, node, &reader->policy->exclude);
}

static void read_packs(PolicyReader *reader, const YamlNode *node) {
    GStrv packs;

    if (!yaml_strings(node, &packs, reader->errors))
        return;
    for (guint i = 0; packs[i] != NULL; i++)
        policy_check_word(reader, node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node, packs[i],
                          "pack", reader->words->packs);
    g_strfreev(reader->policy->packs);
    reader->policy->packs = packs;
}

static void read_rule_files(PolicyReader *reader, const YamlNode *node) {
    policy_read_patterns(reader, node, &reader->policy->rule_files);
}

static void read_rule_severity(PolicyReader *reader, const YamlNode *node) {
    policy_read_severity(reader, node, reader->policy->rule_severity);
}

static void read_rules(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {
        {"packs", read_packs}, {"files", read_rule_files}, {"severity", read_rule_severity}, {NULL, NULL}};

    if (!yaml_is_off(node)) {
        policy_read_mapping(reader, node, keys);
        return;
    }
    g_strfreev(reader->policy->packs);
    reader->policy->packs = g_new0(char *, 1);
}

static void read_require(PolicyReader *reader, const YamlNode *node) {
    static const char *const words[] = {"full", "namespaces", "landlock", "partial", NULL};
    static const Tier tiers[] = {TIER_FULL, TIER_NAMESPACES, TIER_LANDLOCK, TIER_NAMESPACES};
    guint index;

    if (yaml_choice(node, words, &index, reader->errors))
        reader->policy->require = tiers[index];
}

static void read_sandbox(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {{"require", read_require}, {NULL, NULL}};

    policy_read_mapping(reader, node, keys);
}

/* The policy may be somebody else's, so what it names stays in the work tree, and out of git's own folder,
 * where a file can be a hook. */
const char *policy_wrong_file(const char *file) {
    g_auto(GStrv) parts = g_strsplit(file, "/", -1);

    if (g_path_is_absolute(file))
        return "an absolute path is not allowed here (an option takes one)";
    if (g_str_has_suffix(file, "/"))
        return "this is a folder, not a file";
    for (guint i = 0; parts[i] != NULL; i++) {
        if (strcmp(parts[i], "..") == 0)
            return "a file may not leave the repository by '..'";
        if (g_ascii_strcasecmp(parts[i], ".git") == 0)
            return "a file in '.git' is not allowed here";
    }
    return strcmp(parts[g_strv_length(parts) - 1], ".") == 0 ? "this is a folder, not a file" : NULL;
}

/* The format that is already written into that file, or NULL. */
static const char *format_of_file(const Policy *policy, const char *file) {
    g_autofree char *path = g_canonicalize_filename(file, "/");

    for (guint i = 0; i < policy->reports->len; i++) {
        const ReportPolicy *report = policy->reports->pdata[i];
        g_autofree char *other = g_canonicalize_filename(report->file, "/");

        if (strcmp(path, other) == 0)
            return report->format;
    }
    return NULL;
}

static void read_report(PolicyReader *reader, const YamlNode *key, const YamlNode *node) {
    g_autofree char *file = NULL;
    const char *wrong, *other;
    ReportPolicy *report;

    if (!policy_check_word(reader, key, key->scalar, "format", reader->words->formats) ||
        !yaml_string(node, &file, reader->errors))
        return;
    wrong = policy_wrong_file(file);
    other = format_of_file(reader->policy, file);
    if (wrong != NULL)
        yaml_error(reader->errors, node, "%s", wrong);
    else if (other != NULL)
        yaml_error(reader->errors, node, "the report '%s' is written into this file already", other);
    report = g_new0(ReportPolicy, 1);
    report->format = g_strdup(key->scalar);
    report->file = g_steal_pointer(&file);
    g_ptr_array_add(reader->policy->reports, report);
}

static void read_reports(PolicyReader *reader, const YamlNode *node) {
    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_MAPPING) {
        policy_expected(reader, node, "a mapping from format to file, such as {sarif: build/review.sarif}");
        return;
    }
    for (guint i = 0; i < node->keys->len; i++)
        read_report(reader, node->keys->pdata[i], node->items->pdata[i]);
}

static void read_top(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {{"version", read_version},
                                     {"exclude", read_exclude},
                                     {"linters", policy_read_linters},
                                     {"rules", read_rules},
                                     {"overrides", policy_read_overrides},
                                     {"gate", policy_read_gate},
                                     {"suppress", policy_read_suppress},
                                     {"languages", policy_read_languages},
                                     {"run", policy_read_run},
                                     {"sandbox", read_sandbox},
                                     {"reports", read_reports},
                                     {NULL, NULL}};

    if (policy_read_mapping(reader, node, keys) && yaml_get(node, "version") == NULL)
        yaml_error(reader->errors, node, "'version' is missing: begin the file with 'version: 1'");
}

Policy *policy_parse(const char *text, gsize len, const char *source, const PolicyWords *words,
                     YamlErrors *errors) {
    guint before = errors->list->len + errors->dropped;
    g_autoptr(YamlNode) top = yaml_parse_all(text, len, errors);
    g_autoptr(Policy) policy = NULL;
    PolicyReader reader;

    if (top == NULL)
        return NULL;
    policy = policy_new(source, words);
    reader = (PolicyReader){.policy = policy, .words = words, .errors = errors};
    read_top(&reader, top);
    policy_limit_complexity(&reader);
    add_default_severities(policy, words);
    for (guint i = 0; i < policy->linters->len; i++)
        ((LinterPolicy *)policy->linters->pdata[i])->require = policy->require;
    return errors->list->len + errors->dropped == before ? g_steal_pointer(&policy) : NULL;
}
