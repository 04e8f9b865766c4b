#include "rules/rule_read.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

pcre2_code *rule_compile(const YamlNode *node, YamlErrors *errors) {
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

static void read_group(const YamlNode *node, RegexRule *regex, YamlErrors *errors) {
    guint64 group;
    guint32 groups = 0;

    if (node == NULL || !yaml_uint(node, 0, G_MAXUINT16, &group, errors) || regex->pattern == NULL)
        return;
    pcre2_pattern_info(regex->pattern, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (group > groups) {
        g_autofree char *count = text_count(groups, "group");

        yaml_error(errors, node, "the pattern has %s", count);
        return;
    }
    regex->group = (guint)group;
}

void rule_read_regex(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"pattern", "group", "in", "entropy", NULL};
    const YamlNode *pattern, *entropy;

    if (!yaml_keys(node, keys, errors))
        return;
    rule->regex = g_new0(RegexRule, 1);
    pattern = rule_required(node, "pattern", errors);
    if (pattern != NULL)
        rule->regex->pattern = rule_compile(pattern, errors);
    read_group(yaml_get(node, "group"), rule->regex, errors);
    rule->regex->places = rule_read_places(yaml_get(node, "in"), rule, errors);
    entropy = yaml_get(node, "entropy");
    if (entropy != NULL)
        yaml_double(entropy, 0, 8, &rule->regex->entropy, errors);
}

void rule_regex_free(RegexRule *regex) {
    if (regex == NULL)
        return;
    pcre2_code_free(regex->pattern);
    g_free(regex);
}
