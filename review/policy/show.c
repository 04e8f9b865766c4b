/* A policy as YAML: every key, with the value that holds. */
#include "review/policy/read.h"

#include <string.h>

static void append_string(GString *out, const char *text) {
    g_autofree char *shown = yaml_show_string(text);

    g_string_append(out, shown);
}

/* "HEAD[a, b]\n" */
static void append_strings(GString *out, const char *head, const char *const *strings) {
    g_string_append_printf(out, "%s[", head);
    for (guint i = 0; strings[i] != NULL; i++) {
        g_string_append(out, i > 0 ? ", " : "");
        append_string(out, strings[i]);
    }
    g_string_append(out, "]\n");
}

/* "HEADtext\n" */
static void append_line(GString *out, const char *head, const char *text) {
    g_string_append(out, head);
    append_string(out, text);
    g_string_append_c(out, '\n');
}

/* "HEAD{F: error}\n" */
static void append_severity(GString *out, const char *head, const GArray *map) {
    g_string_append_printf(out, "%s{", head);
    for (guint i = 0; i < map->len; i++) {
        const SeverityEntry *entry = &g_array_index(map, SeverityEntry, i);

        g_string_append(out, i > 0 ? ", " : "");
        append_string(out, entry->prefix);
        g_string_append_printf(out, ": %s", severity_name(entry->severity));
    }
    g_string_append(out, "}\n");
}

static void append_needs(GString *out, Needs needs, const char *const *paths) {
    if (needs == NEEDS_PATHS)
        append_strings(out, "    needs: ", paths);
    else
        append_line(out, "    needs: ", needs == NEEDS_TREE ? "tree" : "changed");
}

static void append_custom(GString *out, const CustomLinter *custom) {
    static const char *const formats[] = {"gcc", "sarif", "checkstyle", "rdjsonl"};

    append_strings(out, "    files: ", (const char *const *)custom->files);
    append_strings(out, "    command: ", (const char *const *)custom->command);
    if (custom->output == OUTPUT_PATTERN)
        append_line(out, "    output:\n      pattern: ", custom->pattern);
    else
        append_line(out, "    output: ", formats[custom->output]);
    g_string_append(out, "    success: [");
    for (guint i = 0; i < custom->success->len; i++)
        g_string_append_printf(out, "%s%u", i > 0 ? ", " : "", g_array_index(custom->success, guint, i));
    g_string_append(out, "]\n");
    append_strings(out, "    config: ", (const char *const *)custom->config);
    g_string_append_printf(out, "    alone: %s\n", custom->alone ? "true" : "false");
    append_needs(out, custom->needs, (const char *const *)custom->needs_paths);
}

static void append_linter(GString *out, const LinterPolicy *linter) {
    g_autofree char *timeout = yaml_show_duration(linter->timeout_ms);

    g_string_append(out, "  ");
    append_string(out, linter->name);
    g_string_append(out, ":\n");
    if (linter->version != NULL)
        append_line(out, "    version: ", linter->version);
    if (linter->custom != NULL)
        append_custom(out, linter->custom);
    else
        append_strings(out, "    args: ", (const char *const *)linter->args);
    append_severity(out, "    severity: ", linter->severity);
    g_string_append_printf(out, "    timeout: %s\n", timeout);
}

static void append_linters(GString *out, const GPtrArray *linters) {
    g_string_append(out, linters->len > 0 ? "linters:\n" : "linters: {}\n");
    for (guint i = 0; i < linters->len; i++)
        append_linter(out, linters->pdata[i]);
}

static void append_count(GString *out, const char *head, guint64 count) {
    if (count == GATE_UNLIMITED)
        g_string_append_printf(out, "%sunlimited", head);
    else
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, head, count);
}

static void append_complexity(GString *out, const GatePolicy *gate) {
    if (gate->max_cognitive == 0 && gate->max_complexity > 0)
        g_string_append_printf(out, "  max_complexity: %u\n", gate->max_complexity);
    else if (gate->max_cognitive > 0 && gate->max_complexity == 0)
        g_string_append_printf(out, "  max_complexity: {cognitive: %u}\n", gate->max_cognitive);
    else if (gate->max_cognitive > 0)
        g_string_append_printf(out, "  max_complexity: {cyclomatic: %u, cognitive: %u}\n",
                               gate->max_complexity, gate->max_cognitive);
}

static void append_gate(GString *out, const GatePolicy *gate) {
    static const char *const scopes[] = {"changed-lines", "changed-files", "everything"};
    static const char *const matches[] = {"auto", "always", "never"};

    g_string_append_printf(out, "gate:\n  scope: %s\n", scopes[gate->scope]);
    append_count(out, "  allow: {error: ", gate->allow[SEVERITY_ERROR]);
    append_count(out, ", warning: ", gate->allow[SEVERITY_WARNING]);
    append_count(out, ", note: ", gate->allow[SEVERITY_NOTE]);
    append_count(out, "}\n  allow_per_file: ", gate->allow_per_file);
    g_string_append_printf(out, "\n  merge_duplicates: %s\n", gate->merge_duplicates ? "true" : "false");
    g_string_append_printf(out, "  match_base: %s\n", matches[gate->match_base]);
    g_string_append(out, "  allow_rules: {");
    for (guint i = 0; i < gate->allow_rules->len; i++) {
        const RuleLimit *limit = &g_array_index(gate->allow_rules, RuleLimit, i);

        g_string_append(out, i > 0 ? ", " : "");
        append_string(out, limit->rule);
        append_count(out, ": ", limit->count);
    }
    g_string_append(out, "}\n");
    append_complexity(out, gate);
    if (gate->baseline != NULL)
        append_line(out, "  baseline: ", gate->baseline);
}

static void append_overrides(GString *out, const GPtrArray *overrides) {
    g_string_append(out, overrides->len > 0 ? "overrides:\n" : "overrides: []\n");
    for (guint i = 0; i < overrides->len; i++) {
        const OverridePolicy *override = overrides->pdata[i];

        append_strings(out, "  - files: ", (const char *const *) override->files);
        append_severity(out, "    severity: ", override->severity);
    }
}

static void append_suppress(GString *out, const SuppressPolicy *suppress) {
    const char *const *words = policy_requirements();
    const char *comma = "";

    g_string_append_printf(out, "suppress:\n  inline: %s\n  require: [",
                           suppress->comments ? "true" : "false");
    for (guint bit = 0; words[bit] != NULL; bit++) {
        if ((suppress->require & 1u << bit) == 0)
            continue;
        g_string_append_printf(out, "%s%s", comma, words[bit]);
        comma = ", ";
    }
    g_string_append_printf(out, "]\n  unused: %s\n", severity_name(suppress->unused));
}

static void append_limits(GString *out, const Limits *limits) {
    g_string_append(out, "    limits: {");
    for (const LimitInfo *info = limit_infos; info->name != NULL; info++) {
        guint64 value = *(const guint64 *)(gconstpointer)((const char *)limits + info->offset);
        g_autofree char *shown = info->kind == LIMIT_DURATION ? yaml_show_duration(value)
                                 : info->kind == LIMIT_SIZE   ? yaml_show_size(value)
                                                              : g_strdup_printf("%" G_GUINT64_FORMAT, value);

        g_string_append_printf(out, "%s%s: %s", info == limit_infos ? "" : ", ", info->name, shown);
    }
    g_string_append(out, "}\n");
}

static void append_env(GString *out, const char *const *env) {
    g_string_append(out, "    env: {");
    for (guint i = 0; env[i] != NULL; i++) {
        const char *sign = strchr(env[i], '=');
        g_autofree char *name = g_strndup(env[i], (gsize)(sign - env[i]));

        g_string_append(out, i > 0 ? ", " : "");
        append_string(out, name);
        g_string_append(out, ": ");
        append_string(out, sign + 1);
    }
    g_string_append(out, "}\n");
}

static void append_job(GString *out, const JobPolicy *job) {
    append_line(out, "  - name: ", job->name);
    if (job->files != NULL)
        append_strings(out, "    files: ", (const char *const *)job->files);
    if (job->lang != NULL)
        append_line(out, "    lang: ", job->lang);
    else
        append_strings(out, "    command: ", (const char *const *)job->command);
    append_needs(out, job->needs, (const char *const *)job->needs_paths);
    append_limits(out, &job->limits);
    append_line(out, "    network: ", job->network == NETWORK_NONE ? "none" : "loopback");
    append_env(out, (const char *const *)job->env);
    if (job->venv != NULL)
        append_line(out, "    venv: ", job->venv);
    if (job->root != NULL)
        append_line(out, "    root: ", job->root);
    if (job->sanitize)
        g_string_append(out, "    sanitize: true\n");
    if (job->outputs != NULL)
        append_strings(out, "    outputs: ", (const char *const *)job->outputs);
}

static void append_languages(GString *out, const GPtrArray *languages) {
    g_string_append(out, languages->len > 0 ? "languages:\n" : "languages: {}\n");
    for (guint i = 0; i < languages->len; i++) {
        const LanguagePolicy *language = languages->pdata[i];

        g_string_append(out, "  ");
        append_string(out, language->name);
        g_string_append(out, ":\n");
        append_strings(out, "    files: ", (const char *const *)language->files);
        append_strings(out, "    run: ", (const char *const *)language->run);
    }
}

static void append_reports(GString *out, const GPtrArray *reports) {
    g_string_append(out, reports->len > 0 ? "reports:\n" : "reports: {}\n");
    for (guint i = 0; i < reports->len; i++) {
        const ReportPolicy *report = reports->pdata[i];

        g_string_append(out, "  ");
        append_string(out, report->format);
        append_line(out, ": ", report->file);
    }
}

char *policy_show(const Policy *policy) {
    GString *out = g_string_new("version: 1\n");

    append_strings(out, "exclude: ", (const char *const *)policy->exclude);
    append_linters(out, policy->linters);
    append_strings(out, "rules:\n  packs: ", (const char *const *)policy->packs);
    append_strings(out, "  files: ", (const char *const *)policy->rule_files);
    append_severity(out, "  severity: ", policy->rule_severity);
    append_overrides(out, policy->overrides);
    append_gate(out, &policy->gate);
    append_suppress(out, &policy->suppress);
    append_languages(out, policy->languages);
    g_string_append(out, policy->jobs->len > 0 ? "run:\n" : "run: []\n");
    for (guint i = 0; i < policy->jobs->len; i++)
        append_job(out, policy->jobs->pdata[i]);
    g_string_append_printf(out, "sandbox:\n  require: %s\n", tier_name(policy->require));
    append_reports(out, policy->reports);
    return g_string_free(out, FALSE);
}
