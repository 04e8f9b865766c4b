/* What is made of a finding by where it stands: the keys `overrides` and `suppress`. */
#include "review/policy/read.h"

#include <string.h>

void policy_override_free(OverridePolicy *override) {
    g_strfreev(override->files);
    match_free(override->match);
    g_array_unref(override->severity);
    g_free(override);
}

static void read_override_files(PolicyReader *reader, const YamlNode *node) {
    OverridePolicy *override = reader->override;

    if (node->kind == YAML_SEQUENCE && node->items->len == 0) {
        yaml_error(reader->errors, node, "expected at least one pattern, found an empty list");
        return;
    }
    policy_read_patterns(reader, node, &override->files);
    match_free(override->match);
    /* A wrong pattern has been told: such a policy is never handed out. */
    override->match = match_new((const char *const *) override->files, NULL);
}

static void read_override_severity(PolicyReader *reader, const YamlNode *node) {
    if (yaml_is_null(node))
        policy_expected(reader, node, "a severity, or a mapping such as {F: error, \"*\": warning}");
    else
        policy_read_severity(reader, node, reader->override->severity);
}

static void read_override(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {
        {"files", read_override_files}, {"severity", read_override_severity}, {NULL, NULL}};

    reader->override = g_new0(OverridePolicy, 1);
    reader->override->severity = severity_map_new();
    g_ptr_array_add(reader->policy->overrides, reader->override);
    if (!policy_read_mapping(reader, node, keys))
        return;
    for (const PolicyKey *key = keys; key->key != NULL; key++)
        if (yaml_get(node, key->key) == NULL)
            yaml_error(reader->errors, node, "'%s' is missing", key->key);
}

void policy_read_overrides(PolicyReader *reader, const YamlNode *node) {
    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_SEQUENCE) {
        policy_expected(reader, node,
                        "a list such as [{files: [\"tests/**\"], severity: {python.eval: off}}]");
        return;
    }
    for (guint i = 0; i < node->items->len; i++)
        read_override(reader, node->items->pdata[i]);
}

static const char *const requirements[] = {"reason", "until", "owner", NULL};

const char *const *policy_requirements(void) {
    return requirements;
}

static void read_inline(PolicyReader *reader, const YamlNode *node) {
    yaml_bool(node, &reader->policy->suppress.comments, reader->errors);
}

static void read_require(PolicyReader *reader, const YamlNode *node) {
    g_auto(GStrv) words = NULL;

    if (!yaml_strings(node, &words, reader->errors))
        return;
    reader->policy->suppress.require = 0;
    for (guint i = 0; words[i] != NULL; i++) {
        const YamlNode *item = node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node;

        if (!policy_check_word(reader, item, words[i], "part of a suppression", requirements))
            continue;
        for (guint bit = 0; requirements[bit] != NULL; bit++)
            if (strcmp(words[i], requirements[bit]) == 0)
                reader->policy->suppress.require |= 1u << bit;
    }
}

static void read_unused(PolicyReader *reader, const YamlNode *node) {
    yaml_severity(node, &reader->policy->suppress.unused, reader->errors);
}

void policy_read_suppress(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {
        {"inline", read_inline}, {"require", read_require}, {"unused", read_unused}, {NULL, NULL}};

    policy_read_mapping(reader, node, keys);
}
