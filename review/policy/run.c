/* The jobs of a policy: the key `run`. */
#include "review/policy/read.h"

#include "exec/caps.h"
#include "exec/outputs.h"
#include "exec/text.h"

#include <string.h>

void policy_job_free(JobPolicy *job) {
    g_free(job->name);
    g_strfreev(job->files);
    g_free(job->lang);
    g_strfreev(job->command);
    g_strfreev(job->needs_paths);
    g_strfreev(job->env);
    g_free(job->venv);
    g_free(job->root);
    g_strfreev(job->outputs);
    g_free(job);
}

JobPolicy *policy_job_new(const char *name) {
    JobPolicy *job = g_new0(JobPolicy, 1);

    job->name = g_strdup(name);
    job->needs = NEEDS_TREE;
    job->limits = limits_default();
    job->network = NETWORK_NONE;
    job->env = g_new0(char *, 1);
    return job;
}

static void read_name(PolicyReader *reader, const YamlNode *node) {
    if (node->kind == YAML_SCALAR && !yaml_is_null(node) && *node->scalar != '\0' &&
        node->scalar[strspn(node->scalar, "-._0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0' &&
        strlen(node->scalar) <= 200)
        reader->job->name = g_strdup(node->scalar);
    else
        policy_expected(reader, node, "a name of at most 200 letters, digits, '.', '_' and '-'");
}

static void read_files(PolicyReader *reader, const YamlNode *node) {
    policy_read_some_patterns(reader, node, &reader->job->files);
}

static void read_lang(PolicyReader *reader, const YamlNode *node) {
    g_auto(GStrv) names = policy_language_names(reader->policy, reader->words->languages);
    g_autofree char *lang = NULL;

    if (yaml_string(node, &lang, reader->errors) &&
        policy_check_word(reader, node, lang, "language", (const char *const *)names))
        reader->job->lang = g_steal_pointer(&lang);
}

static void read_command(PolicyReader *reader, const YamlNode *node) {
    const YamlNode *program =
        node->kind == YAML_SEQUENCE && node->items->len > 0 ? node->items->pdata[0] : NULL;

    policy_read_arguments(reader, node, &reader->job->command);
    if (node->kind == YAML_SEQUENCE && program == NULL)
        yaml_error(reader->errors, node, "expected a program and its arguments, found an empty list");
    else if (program != NULL && program->kind == YAML_SCALAR && *program->scalar == '\0' &&
             !yaml_is_null(program))
        yaml_error(reader->errors, program, "expected the name of a program, found \"\"");
}

static void read_needs(PolicyReader *reader, const YamlNode *node) {
    policy_read_needs(reader, node, &reader->job->needs, &reader->job->needs_paths);
}

static bool read_limit(const YamlNode *node, const LimitInfo *info, Limits *limits, YamlErrors *errors) {
    guint64 *field = (guint64 *)(gpointer)((char *)limits + info->offset);

    switch (info->kind) {
    case LIMIT_DURATION:
        return yaml_duration_between(node, info->least, info->most, field, errors);
    case LIMIT_SIZE:
        return yaml_size(node, info->least, info->most, field, errors);
    default:
        return yaml_uint(node, info->least, info->most, field, errors);
    }
}

bool policy_read_limit(const YamlNode *node, const char *name, Limits *limits, YamlErrors *errors) {
    for (const LimitInfo *info = limit_infos; info->name != NULL; info++)
        if (strcmp(info->name, name) == 0)
            return read_limit(node, info, limits, errors);
    yaml_error(errors, node, "no such limit '%s'", name);
    return false;
}

static void read_limits(PolicyReader *reader, const YamlNode *node) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (yaml_is_null(node))
        return;
    for (const LimitInfo *info = limit_infos; info->name != NULL; info++)
        g_ptr_array_add(names, (gpointer)info->name);
    g_ptr_array_add(names, NULL);
    if (!yaml_keys(node, (const char *const *)names->pdata, reader->errors))
        return;
    for (const LimitInfo *info = limit_infos; info->name != NULL; info++) {
        const YamlNode *value = yaml_get(node, info->name);

        if (value != NULL)
            read_limit(value, info, &reader->job->limits, reader->errors);
    }
}

static void read_network(PolicyReader *reader, const YamlNode *node) {
    static const char *const words[] = {"none", "loopback", NULL};
    guint index;

    if (yaml_choice(node, words, &index, reader->errors))
        reader->job->network = index == 0 ? NETWORK_NONE : NETWORK_LOOPBACK;
}

static bool is_variable(const char *name) {
    return (g_ascii_isalpha(*name) || *name == '_') && strlen(name) <= 200 &&
           name[strspn(name, "_0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0';
}

static void read_variable(PolicyReader *reader, const YamlNode *key, const YamlNode *value, GPtrArray *env) {
    if (!is_variable(key->scalar)) {
        g_autofree char *shown = text_line(key->scalar, -1, 60);

        yaml_error(reader->errors, key,
                   "expected the name of an environment variable (letters, digits and '_'), found '%s'",
                   shown);
    } else if (value->kind != YAML_SCALAR || yaml_is_null(value)) {
        policy_expected(reader, value, "text (\"\" where it is to be empty)");
    } else {
        g_ptr_array_add(env, g_strdup_printf("%s=%s", key->scalar, value->scalar));
    }
}

static void read_env(PolicyReader *reader, const YamlNode *node) {
    GPtrArray *env;

    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_MAPPING) {
        policy_expected(reader, node, "a mapping such as {PYTHONHASHSEED: \"0\"}");
        return;
    }
    env = g_ptr_array_new();
    for (guint i = 0; i < node->keys->len; i++)
        read_variable(reader, node->keys->pdata[i], node->items->pdata[i], env);
    g_ptr_array_sort(env, text_compare);
    g_ptr_array_add(env, NULL);
    g_strfreev(reader->job->env);
    reader->job->env = (GStrv)g_ptr_array_free(env, FALSE);
}

static void read_venv(PolicyReader *reader, const YamlNode *node) {
    (void)yaml_string(node, &reader->job->venv, reader->errors);
}

static void read_root(PolicyReader *reader, const YamlNode *node) {
    (void)yaml_string(node, &reader->job->root, reader->errors);
}

static void read_sanitize(PolicyReader *reader, const YamlNode *node) {
    (void)yaml_bool(node, &reader->job->sanitize, reader->errors);
}

static void read_outputs(PolicyReader *reader, const YamlNode *node) {
    policy_read_arguments(reader, node, &reader->job->outputs);
    for (guint i = 0; node->kind == YAML_SEQUENCE && i < node->items->len; i++) {
        const YamlNode *item = node->items->pdata[i];
        const char *wrong = item->kind == YAML_SCALAR ? outputs_wrong_path(item->scalar) : NULL;

        if (wrong != NULL)
            yaml_error(reader->errors, item, "%s", wrong);
    }
    if (node->kind == YAML_SEQUENCE && node->items->len > CAP_OUTPUTS)
        yaml_error(reader->errors, node, "expected at most %u paths, found %u", CAP_OUTPUTS,
                   node->items->len);
}

/* `{file}` is the file of the run, which there is only with `files`. */
static void check_placeholders(PolicyReader *reader, const YamlNode *command) {
    for (guint i = 0; command->kind == YAML_SEQUENCE && i < command->items->len; i++) {
        const YamlNode *item = command->items->pdata[i];

        if (item->kind == YAML_SCALAR && strstr(item->scalar, "{file}") != NULL)
            yaml_error(reader->errors, item, "'{file}' needs the key 'files', which says what files to run");
    }
}

/* A key that only some languages know. */
static void check_trait(PolicyReader *reader, const YamlNode *node, const char *key,
                        const char *const *languages) {
    const YamlNode *value = yaml_get(node, key);
    const char *lang = reader->job->lang;

    if (value != NULL && (lang == NULL || languages == NULL || !g_strv_contains(languages, lang))) {
        g_autofree char *words = languages != NULL ? yaml_word_list(languages) : g_strdup("none");

        yaml_error(reader->errors, value, "'%s' goes with 'lang' %s", key, words);
    }
}

/* What holds between the keys of a job. */
static void check_job(PolicyReader *reader, const YamlNode *node) {
    const YamlNode *lang = yaml_get(node, "lang"), *command = yaml_get(node, "command");
    bool has_files = yaml_get(node, "files") != NULL;

    if (yaml_get(node, "name") == NULL)
        yaml_error(reader->errors, node, "'name' is missing: every job has a name of its own");
    if (lang == NULL && command == NULL)
        yaml_error(reader->errors, node, "'command' is missing (or 'lang', with 'files')");
    if (lang != NULL && command != NULL)
        yaml_error(reader->errors, lang, "'lang' and 'command' exclude each other");
    if (lang != NULL && !has_files)
        yaml_error(reader->errors, lang, "'lang' needs the key 'files', which says what files to run");
    if (command != NULL && !has_files)
        check_placeholders(reader, command);
    check_trait(reader, node, "venv", reader->words->languages_with_venv);
    check_trait(reader, node, "sanitize", reader->words->languages_with_sanitizers);
    if (yaml_get(node, "venv") != NULL && yaml_get(node, "root") != NULL)
        yaml_error(reader->errors, yaml_get(node, "root"), "'root' and 'venv' exclude each other");
}

static void read_job(PolicyReader *reader, const YamlNode *node, GHashTable *names) {
    static const PolicyKey keys[] = {{"name", read_name},
                                     {"files", read_files},
                                     {"lang", read_lang},
                                     {"command", read_command},
                                     {"needs", read_needs},
                                     {"limits", read_limits},
                                     {"env", read_env},
                                     {"network", read_network},
                                     {"venv", read_venv},
                                     {"root", read_root},
                                     {"sanitize", read_sanitize},
                                     {"outputs", read_outputs},
                                     {NULL, NULL}};

    reader->job = policy_job_new(NULL);
    g_ptr_array_add(reader->policy->jobs, reader->job);
    if (!policy_read_mapping(reader, node, keys))
        return;
    check_job(reader, node);
    if (reader->job->name != NULL && !g_hash_table_add(names, reader->job->name))
        yaml_error(reader->errors, yaml_get(node, "name"), "another job has the name '%s' already",
                   reader->job->name);
}

void policy_read_run(PolicyReader *reader, const YamlNode *node) {
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    if (yaml_is_null(node))
        return;
    if (node->kind != YAML_SEQUENCE) {
        policy_expected(reader, node, "a list of jobs ('- name: ...')");
        return;
    }
    for (guint i = 0; i < node->items->len; i++)
        read_job(reader, node->items->pdata[i], names);
}
