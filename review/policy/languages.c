/* Languages of the policy's own: the key `languages`. */
#include "review/policy/read.h"

#include "rules/match.h"

#include <string.h>

void policy_language_free(LanguagePolicy *language) {
    g_free(language->name);
    g_strfreev(language->files);
    g_strfreev(language->run);
    g_free(language);
}

const LanguagePolicy *policy_language_find(const Policy *policy, const char *name) {
    for (guint i = 0; i < policy->languages->len; i++) {
        const LanguagePolicy *language = policy->languages->pdata[i];

        if (strcmp(language->name, name) == 0)
            return language;
    }
    return NULL;
}

const LanguagePolicy *policy_language_of_file(const Policy *policy, const char *path) {
    for (guint i = 0; i < policy->languages->len; i++) {
        const LanguagePolicy *language = policy->languages->pdata[i];
        g_autoptr(Match) match = match_new((const char *const *)language->files, NULL);

        if (match != NULL && match_path(match, path))
            return language;
    }
    return NULL;
}

GStrv policy_language_names(const Policy *policy, const char *const *builtin) {
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (builtin != NULL)
        g_strv_builder_addv(names, (const char **)builtin);
    for (guint i = 0; i < policy->languages->len; i++)
        g_strv_builder_add(names, ((const LanguagePolicy *)policy->languages->pdata[i])->name);
    return g_strv_builder_end(names);
}

static void read_files(PolicyReader *reader, const YamlNode *node) {
    if (node->kind == YAML_SEQUENCE && node->items->len == 0)
        yaml_error(reader->errors, node, "expected at least one pattern, found an empty list");
    else
        policy_read_patterns(reader, node, &reader->language->files);
}

static bool names_file(char *const *arguments) {
    for (; arguments != NULL && *arguments != NULL; arguments++)
        if (strstr(*arguments, "{file}") != NULL)
            return true;
    return false;
}

static void read_run(PolicyReader *reader, const YamlNode *node) {
    policy_read_arguments(reader, node, &reader->language->run);
    if (node->kind != YAML_SEQUENCE)
        return;
    if (node->items->len == 0)
        yaml_error(reader->errors, node, "expected a program and its arguments, found an empty list");
    else if (!names_file(reader->language->run))
        yaml_error(reader->errors, node, "'{file}' is missing: it stands for the file that is run");
}

static bool is_name(const char *name) {
    return *name != '\0' && strlen(name) <= 40 &&
           name[strspn(name, "-._+0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0';
}

static void read_language(PolicyReader *reader, const YamlNode *key, const YamlNode *node) {
    static const PolicyKey keys[] = {{"files", read_files}, {"run", read_run}, {NULL, NULL}};

    if (!is_name(key->scalar)) {
        policy_expected(reader, key, "a name of at most 40 letters, digits, '.', '_', '+' and '-'");
        return;
    }
    if (reader->words->languages != NULL && g_strv_contains(reader->words->languages, key->scalar)) {
        yaml_error(reader->errors, key, "'%s' is a language already; choose another name", key->scalar);
        return;
    }
    reader->language = g_new0(LanguagePolicy, 1);
    reader->language->name = g_strdup(key->scalar);
    g_ptr_array_add(reader->policy->languages, reader->language);
    if (!policy_read_mapping(reader, node, keys))
        return;
    if (yaml_get(node, "files") == NULL)
        yaml_error(reader->errors, node, "'files' is missing: patterns of its files' names");
    if (yaml_get(node, "run") == NULL)
        yaml_error(reader->errors, node, "'run' is missing: how a file is run, such as [lua, \"{file}\"]");
}

void policy_read_languages(PolicyReader *reader, const YamlNode *node) {
    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_MAPPING) {
        policy_expected(reader, node,
                        "a mapping such as {lua: {files: [\"*.lua\"], run: [lua, \"{file}\"]}}");
        return;
    }
    for (guint i = 0; i < node->keys->len; i++)
        read_language(reader, node->keys->pdata[i], node->items->pdata[i]);
}
