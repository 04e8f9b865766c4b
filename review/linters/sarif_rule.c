/* What a SARIF log says of a rule: reportingDescriptor (3.49). */
#include "review/linters/sarif_rule.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/linters/json_read.h"
#include "review/linters/output.h"
#include "review/linters/problems.h"

#include <string.h>

bool sarif_level_of(const char *word, Severity *ret_severity) {
    return word != NULL && problems_severity(word, strlen(word), ret_severity);
}

char *sarif_line_of(const json_t *object, const char *key, const char *sub) {
    g_autofree char *text =
        json_read_text(sub != NULL ? json_object_get(object, key) : object, sub != NULL ? sub : key);

    return text != NULL && *text != '\0' ? text_line(text, -1, CAP_MESSAGE_BYTES) : NULL;
}

/* "external/cwe/cwe-078", as CodeQL and GitHub have it, or "CWE-78". */
static void read_tags(const json_t *tags, RuleInfo *rule) {
    const json_t *tag;
    gsize i;

    json_array_foreach(tags, i, tag) {
        g_autofree char *word = json_is_string(tag) ? g_ascii_strdown(json_string_value(tag), -1) : NULL;
        const char *at = word != NULL ? strstr(word, "cwe-") : NULL, *behind;
        guint number;

        if (at == NULL || !output_number(at + 4, at + strlen(at), &number, &behind) || *behind != '\0')
            continue;
        if (rule->cwe == NULL)
            rule->cwe = g_array_new(FALSE, FALSE, sizeof(guint));
        if (rule->cwe->len < 100)
            g_array_append_val(rule->cwe, number);
    }
}

static void read_properties(const json_t *properties, RuleInfo *rule) {
    static const char *const known[] = {"high", "medium", "low", NULL}; /* "very-high" is GitHub's alone */
    g_autofree char *score = json_read_text(properties, "security-severity"),
                    *precision = json_read_text(properties, "precision");
    double value = score != NULL ? g_ascii_strtod(score, NULL) : 0;

    if (value > 0 && value <= 10)
        rule->security_severity = value;
    if (precision != NULL && g_strv_contains(known, precision))
        rule->precision = g_steal_pointer(&precision);
    read_tags(json_object_get(properties, "tags"), rule);
}

/* 3.11: a text of many lines. */
static char *block_of(const json_t *object, const char *key) {
    g_autofree char *text = json_read_text(object, key);

    return text != NULL && *text != '\0' ? text_block(text, -1, CAP_HELP_BYTES) : NULL;
}

/* 3.49.11, 3.49.12. */
static void fill_help(const json_t *json, RuleInfo *rule) {
    const json_t *help = json_object_get(json, "help");

    rule->help_markdown = block_of(help, "markdown");
    rule->help = block_of(help, "text");
    if (rule->help == NULL)
        rule->help = block_of(json_object_get(json, "fullDescription"), "text");
    if (rule->help == NULL)
        rule->help = g_strdup(rule->help_markdown);
}

/* 3.49. The first result of a rule brings it; then it has a summary, be it its name. */
void sarif_fill_rule(const json_t *json, RuleInfo *rule) {
    g_autofree char *uri = json_read_text(json, "helpUri"),
                    *level = json_read_text(json_object_get(json, "defaultConfiguration"), "level");

    if (json == NULL || rule->summary != NULL)
        return;
    rule->name = sarif_line_of(json, "name", NULL);
    rule->summary = sarif_line_of(json, "shortDescription", "text");
    if (rule->summary == NULL)
        rule->summary = sarif_line_of(json, "fullDescription", "text");
    if (rule->summary == NULL)
        rule->summary = g_strdup(rule->name != NULL ? rule->name : rule->id);
    fill_help(json, rule);
    if (uri != NULL && rule->help_uri == NULL && g_str_has_prefix(uri, "https://"))
        rule->help_uri = text_line(uri, -1, 500);
    (void)sarif_level_of(level, &rule->severity);
    read_properties(json_object_get(json, "properties"), rule);
}
