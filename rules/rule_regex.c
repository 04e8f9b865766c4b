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
        pcre2_compile((PCRE2_SPTR)pattern, len,
                      PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT, &code,
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

/* A count of bytes, or "file". */
static void read_window(const YamlNode *node, RegexRule *regex, YamlErrors *errors) {
    guint64 window;

    if (node == NULL)
        return;
    regex->whole = node->kind == YAML_SCALAR && strcmp(node->scalar, "file") == 0;
    if (!regex->whole && yaml_uint(node, 1, CAP_FILE_BYTES, &window, errors))
        regex->window = (guint)window;
}

void rule_read_regex(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"pattern", "group", "in", "entropy", "window", "binary", NULL};
    const YamlNode *pattern, *entropy, *binary;

    if (!yaml_keys(node, keys, errors))
        return;
    rule->regex = g_new0(RegexRule, 1);
    pattern = rule_required(node, "pattern", errors);
    if (pattern != NULL)
        rule->regex->pattern = rule_compile(pattern, errors);
    if (rule->regex->pattern != NULL)
        rule->regex->source = g_strdup(pattern->scalar);
    read_group(yaml_get(node, "group"), rule->regex, errors);
    rule->regex->places = rule_read_places(yaml_get(node, "in"), rule, errors);
    entropy = yaml_get(node, "entropy");
    if (entropy != NULL)
        yaml_double(entropy, 0, 8, &rule->regex->entropy, errors);
    read_window(yaml_get(node, "window"), rule->regex, errors);
    binary = yaml_get(node, "binary");
    if (binary != NULL)
        yaml_bool(binary, &rule->regex->binary, errors);
}

void rule_regex_free(RegexRule *regex) {
    if (regex == NULL)
        return;
    pcre2_code_free(regex->pattern);
    g_free(regex->source);
    g_free(regex);
}
