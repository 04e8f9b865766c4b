#include "review/policy/read.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/match.h"

#include <string.h>

void policy_expected(PolicyReader *reader, const YamlNode *node, const char *what) {
    g_autofree char *found = yaml_found(node);

    yaml_error(reader->errors, node, "expected %s, found %s", what, found);
}

bool policy_check_word(PolicyReader *reader, const YamlNode *node, const char *word, const char *noun,
                       const char *const *words) {
    const char *meant;
    g_autofree char *shown = NULL;

    if (g_strv_contains(words, word))
        return true;
    shown = text_line(word, -1, 60);
    meant = text_suggest(word, words);
    if (meant != NULL) {
        yaml_error(reader->errors, node, "no such %s '%s' (did you mean '%s'?)", noun, shown, meant);
    } else {
        g_autofree char *all = yaml_word_list(words);

        yaml_error(reader->errors, node, "no such %s '%s'; expected %s", noun, shown, all);
    }
    return false;
}

bool policy_read_mapping(PolicyReader *reader, const YamlNode *node, const PolicyKey *keys) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (yaml_is_null(node))
        return true;
    for (const PolicyKey *key = keys; key->key != NULL; key++)
        g_ptr_array_add(names, (gpointer)key->key);
    g_ptr_array_add(names, NULL);
    if (!yaml_keys(node, (const char *const *)names->pdata, reader->errors))
        return false;
    for (const PolicyKey *key = keys; key->key != NULL; key++) {
        const YamlNode *value = yaml_get(node, key->key);

        if (value != NULL)
            key->read(reader, value);
    }
    return true;
}

static void check_pattern(PolicyReader *reader, const YamlNode *node, const char *pattern) {
    const char *const patterns[] = {pattern, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Match) match = match_new(patterns, &error);

    if (match == NULL)
        yaml_error(reader->errors, node, "this is no valid pattern: %s", error->message);
}

void policy_read_patterns(PolicyReader *reader, const YamlNode *node, GStrv *ret_patterns) {
    GStrv patterns;

    if (!yaml_strings(node, &patterns, reader->errors))
        return;
    for (guint i = 0; patterns[i] != NULL; i++)
        check_pattern(reader, node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node, patterns[i]);
    g_strfreev(*ret_patterns);
    *ret_patterns = patterns;
}

void policy_read_some_patterns(PolicyReader *reader, const YamlNode *node, GStrv *ret_patterns) {
    if (node->kind == YAML_SEQUENCE && node->items->len == 0)
        yaml_error(reader->errors, node, "expected at least one pattern, found an empty list");
    else
        policy_read_patterns(reader, node, ret_patterns);
}

void policy_read_needs(PolicyReader *reader, const YamlNode *node, Needs *ret_needs, GStrv *ret_patterns) {
    static const char *const words[] = {"tree", "changed", NULL};
    guint index;

    if (node->kind == YAML_SEQUENCE) {
        *ret_needs = NEEDS_PATHS;
        policy_read_some_patterns(reader, node, ret_patterns);
    } else if (node->kind == YAML_MAPPING) {
        policy_expected(reader, node, "tree, changed or a list of patterns");
    } else if (yaml_choice(node, words, &index, reader->errors)) {
        *ret_needs = index == 0 ? NEEDS_TREE : NEEDS_CHANGED;
    }
}

void policy_read_arguments(PolicyReader *reader, const YamlNode *node, GStrv *ret_arguments) {
    GPtrArray *arguments;

    if (node->kind != YAML_SEQUENCE) {
        policy_expected(reader, node, "a list of arguments, such as [python3, -m, unittest]");
        return;
    }
    arguments = g_ptr_array_new();
    for (guint i = 0; i < node->items->len; i++) {
        const YamlNode *item = node->items->pdata[i];

        if (item->kind != YAML_SCALAR || yaml_is_null(item))
            policy_expected(reader, item, "text");
        else
            g_ptr_array_add(arguments, g_strdup(item->scalar));
    }
    g_ptr_array_add(arguments, NULL);
    g_strfreev(*ret_arguments);
    *ret_arguments = (GStrv)g_ptr_array_free(arguments, FALSE);
}

LinterPolicy *policy_linter_new(const char *name) {
    LinterPolicy *linter = g_new0(LinterPolicy, 1);

    linter->name = g_strdup(name);
    linter->args = g_new0(char *, 1);
    linter->severity = severity_map_new();
    linter->timeout_ms = CAP_LINTER_TIMEOUT_MS;
    return linter;
}

void policy_linter_free(LinterPolicy *linter) {
    g_free(linter->name);
    g_free(linter->version);
    g_strfreev(linter->args);
    g_array_unref(linter->severity);
    policy_custom_free(linter->custom);
    g_free(linter);
}

/* The form that linter_version_fits() reads, roughly: what it cannot read all the same ends as undecided. */
static void read_linter_version(PolicyReader *reader, const YamlNode *node) {
    static const char one[] = "\\s*(==|!=|>=|<=|>|<|~=)\\s*"        /* an operator */
                              "[0-9]+(\\.[0-9]+)*"                  /* 0.14 */
                              "([-_.+]?[A-Za-z+][-_.+A-Za-z0-9]*)?" /* 20.8b1, 1.0.post1, 1.0+local */
                              "(\\.\\*)?\\s*";
    g_autofree char *pattern = g_strdup_printf("\\A%s(,%s)*\\z", one, one);

    if (node->kind != YAML_SCALAR || !g_regex_match_simple(pattern, node->scalar, 0, 0)) {
        policy_expected(reader, node, "versions such as \">=0.14\", \"==0.17.*\" or \">=0.14,<1\"");
        return;
    }
    g_free(reader->linter->version);
    reader->linter->version = g_strdup(node->scalar);
}

static void read_linter_args(PolicyReader *reader, const YamlNode *node) {
    if (!yaml_is_null(node))
        policy_read_arguments(reader, node, &reader->linter->args);
}

static void read_linter_severity(PolicyReader *reader, const YamlNode *node) {
    policy_read_severity(reader, node, reader->linter->severity);
}

static void read_linter_timeout(PolicyReader *reader, const YamlNode *node) {
    yaml_duration(node, CAP_TIMEOUT_MS, &reader->linter->timeout_ms, reader->errors);
}

/* A name that is not known is one of the policy's own where it says how that is started; the known ones are
 * told to all who write `pylint: {}`. */
static bool is_custom(PolicyReader *reader, const YamlNode *key, const YamlNode *node) {
    const char *const *linters = reader->words->linters;
    g_autofree char *shown = NULL, *meant = NULL, *all = NULL;

    for (const PolicyKey *own = policy_custom_keys; own->key != NULL; own++)
        if (yaml_get(node, own->key) != NULL)
            return true;
    shown = text_line(key->scalar, -1, 60);
    meant = text_did_you_mean(key->scalar, linters);
    all = yaml_word_list(linters);
    yaml_error(reader->errors, key,
               "no such linter '%s'%s; expected %s, or one of your own with 'files', 'command' and 'output'",
               shown, meant, all);
    return false;
}

static void read_custom(PolicyReader *reader, const YamlNode *node, const PolicyKey *common) {
    g_autoptr(GArray) keys = g_array_new(TRUE, FALSE, sizeof(PolicyKey));

    for (; common->key != NULL; common++)
        if (strcmp(common->key, "args") != 0) /* they stand in its command */
            g_array_append_vals(keys, common, 1);
    for (const PolicyKey *own = policy_custom_keys; own->key != NULL; own++)
        g_array_append_vals(keys, own, 1);
    if (policy_read_mapping(reader, node, (const PolicyKey *)(gpointer)keys->data))
        policy_custom_check(reader, node);
}

static void read_linter(PolicyReader *reader, const YamlNode *key, const YamlNode *node) {
    static const PolicyKey keys[] = {{"version", read_linter_version},
                                     {"args", read_linter_args},
                                     {"severity", read_linter_severity},
                                     {"timeout", read_linter_timeout},
                                     {NULL, NULL}};
    bool known = g_strv_contains(reader->words->linters, key->scalar);

    if (!known && (!is_custom(reader, key, node) || !policy_custom_name(reader, key)))
        return;
    if (yaml_is_off(node))
        return;
    reader->linter = policy_linter_new(key->scalar);
    g_ptr_array_add(reader->policy->linters, reader->linter);
    if (known) {
        policy_read_mapping(reader, node, keys);
        return;
    }
    reader->linter->custom = policy_custom_new();
    read_custom(reader, node, keys);
}

void policy_read_linters(PolicyReader *reader, const YamlNode *node) {
    if (!yaml_is_off(node) && node->kind != YAML_MAPPING) {
        policy_expected(reader, node,
                        "a mapping such as {ruff: {}}; '{}' runs no linter, and without the key all are run");
        return;
    }
    g_ptr_array_set_size(reader->policy->linters, 0);
    for (guint i = 0; node->kind == YAML_MAPPING && i < node->keys->len; i++)
        read_linter(reader, node->keys->pdata[i], node->items->pdata[i]);
}
