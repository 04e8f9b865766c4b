/* Linters of the policy's own: how they are started, and how what they print is read. */
#include "review/policy/config_names.h"
#include "review/policy/output_pattern.h"
#include "review/policy/read.h"

#include <string.h>

CustomLinter *policy_custom_new(void) {
    static const guint success[] = {0, 1};
    CustomLinter *custom = g_new0(CustomLinter, 1);

    custom->success = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_vals(custom->success, success, G_N_ELEMENTS(success));
    custom->config = g_new0(char *, 1);
    custom->needs = NEEDS_CHANGED;
    return custom;
}

void policy_custom_free(CustomLinter *custom) {
    if (custom == NULL)
        return;
    g_strfreev(custom->files);
    match_free(custom->match);
    g_strfreev(custom->command);
    g_free(custom->pattern);
    g_array_unref(custom->success);
    g_strfreev(custom->config);
    g_strfreev(custom->needs_paths);
    match_free(custom->needs_match);
    g_free(custom);
}

/* No dot: a rule is named TOOL.CODE. */
bool policy_custom_name(PolicyReader *reader, const YamlNode *key) {
    const char *name = key->scalar;
    gsize len = strlen(name);

    if (finding_tool_is_own(name)) {
        yaml_error(reader->errors, key, "'%s' is the name of the built-in rules%s; choose another one", name,
                   strcmp(name, "clang") == 0 ? " for C and C++" : "");
        return false;
    }
    if (g_ascii_isalnum(name[0]) && len <= 40 &&
        strspn(name, "-_0123456789" G_CSET_a_2_z G_CSET_A_2_Z) == len)
        return true;
    policy_expected(reader, key, "a name of at most 40 letters, digits, '_' and '-'");
    return false;
}

static void read_files(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;

    policy_read_some_patterns(reader, node, &custom->files);
    if (custom->files != NULL)
        custom->match = match_new((const char *const *)custom->files, NULL);
}

/* Beside "{files}", "{file}" is none of ours: cppcheck's --template has one of its own. */
static void check_placeholders(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;
    guint all = 0, one = 0;

    for (char **argument = custom->command; *argument != NULL; argument++) {
        one += strstr(*argument, "{file}") != NULL;
        all += strstr(*argument, "{files}") != NULL;
        if (strstr(*argument, "{files}") != NULL && strcmp(*argument, "{files}") != 0)
            yaml_error(reader->errors, node,
                       "'{files}' stands for several arguments, and cannot be a part of one");
    }
    if (all + one == 0)
        yaml_error(reader->errors, node,
                   "'{files}' is missing: it stands for all files, '{file}' for one of them at a time");
    if (all > 1)
        yaml_error(reader->errors, node, "'{files}' stands there %u times; expected it once", all);
    custom->one_by_one = all == 0;
}

/* A program that comes with the repository would be one that the change can write. */
static void check_program(PolicyReader *reader, const YamlNode *node, const char *program) {
    if (strchr(program, '{') != NULL || *program == '\0' ||
        (strchr(program, '/') != NULL && !g_path_is_absolute(program)))
        policy_expected(reader, node,
                        "the name of a program, which is looked up on the PATH, or an absolute path");
}

static void read_command(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;
    guint errors = reader->errors->list->len + reader->errors->dropped;

    if (node->kind != YAML_SEQUENCE || node->items->len == 0) {
        policy_expected(reader, node,
                        "a program and its arguments, such as [shellcheck, -f, gcc, \"{files}\"]");
        return;
    }
    policy_read_arguments(reader, node, &custom->command);
    if (reader->errors->list->len + reader->errors->dropped > errors)
        return;
    check_program(reader, node->items->pdata[0], custom->command[0]);
    check_placeholders(reader, node);
}

static const char *const formats[] = {"gcc", "sarif", "checkstyle", "rdjsonl", NULL};

static void read_pattern(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;
    g_autoptr(OutputPattern) pattern = NULL;
    g_autoptr(GError) error = NULL;

    if (!yaml_string(node, &custom->pattern, reader->errors))
        return;
    custom->output = OUTPUT_PATTERN;
    pattern = output_pattern_new(custom->pattern, &error);
    if (pattern == NULL)
        yaml_error(reader->errors, node, "%s", error->message);
}

static void read_output(PolicyReader *reader, const YamlNode *node) {
    static const PolicyKey keys[] = {{"pattern", read_pattern}, {NULL, NULL}};
    guint index;

    if (node->kind == YAML_MAPPING && node->items->len > 0) {
        policy_read_mapping(reader, node, keys);
        return;
    }
    if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
        policy_expected(
            reader, node,
            "gcc, sarif, checkstyle, rdjsonl or {pattern: '^(?<path>[^:]+):(?<line>\\d+): (?<message>.*)$'}");
        return;
    }
    if (yaml_choice(node, formats, &index, reader->errors))
        reader->linter->custom->output = (OutputFormat)index; /* the words stand in the order of the enum */
}

static void read_success(PolicyReader *reader, const YamlNode *node) {
    GArray *success = reader->linter->custom->success;

    if (node->kind != YAML_SEQUENCE || node->items->len == 0) {
        policy_expected(reader, node, "a list of exit codes, such as [0, 1]");
        return;
    }
    g_array_set_size(success, 0);
    for (guint i = 0; i < node->items->len; i++) {
        guint64 code;
        guint value;

        if (!yaml_uint(node->items->pdata[i], 0, 255, &code, reader->errors))
            continue;
        value = (guint)code;
        g_array_append_val(success, value);
    }
}

static void read_config(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;
    GStrv names;

    if (!yaml_strings(node, &names, reader->errors))
        return;
    for (guint i = 0; names[i] != NULL; i++)
        if (strchr(names[i], '/') != NULL || strcmp(names[i], ".") == 0 || strcmp(names[i], "..") == 0 ||
            g_ascii_strcasecmp(names[i], ".git") == 0)
            policy_expected(reader, node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node,
                            "the name of a file, which is looked for in each folder from the root down");
    g_strfreev(custom->config);
    custom->config = names;
}

static void read_alone(PolicyReader *reader, const YamlNode *node) {
    yaml_bool(node, &reader->linter->custom->alone, reader->errors);
}

static void read_needs(PolicyReader *reader, const YamlNode *node) {
    CustomLinter *custom = reader->linter->custom;

    policy_read_needs(reader, node, &custom->needs, &custom->needs_paths);
    if (custom->needs_paths != NULL)
        custom->needs_match = match_new((const char *const *)custom->needs_paths, NULL);
}

const PolicyKey policy_custom_keys[] = {
    {"files", read_files},   {"command", read_command}, {"output", read_output}, {"success", read_success},
    {"config", read_config}, {"alone", read_alone},     {"needs", read_needs},   {NULL, NULL}};

/* To what the policy names come the names that the tool itself goes by, whichever word of the command it is:
 * [eslint, ...], [python3, -m, mypy, ...], [npx, eslint, ...]. */
static void add_known_config(CustomLinter *custom) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (char **name = custom->config; *name != NULL; name++)
        g_ptr_array_add(names, *name);
    g_free(g_steal_pointer(&custom->config));
    for (char **argument = custom->command; argument != NULL && *argument != NULL; argument++) {
        g_autofree char *tool = g_path_get_basename(*argument);

        config_names_add(tool, names);
    }
    g_ptr_array_add(names, NULL);
    custom->config = (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

void policy_custom_check(PolicyReader *reader, const YamlNode *node) {
    static const struct {
        const char *key, *is;
    } required[] = {{"files", "patterns of the files that it looks at"},
                    {"command", "how it is started, such as [shellcheck, -f, gcc, \"{files}\"]"},
                    {"output", "what it prints: gcc, sarif, checkstyle, rdjsonl or {pattern: ...}"}};

    for (gsize i = 0; i < G_N_ELEMENTS(required); i++)
        if (yaml_get(node, required[i].key) == NULL)
            yaml_error(reader->errors, node, "'%s' is missing: %s", required[i].key, required[i].is);
    add_known_config(reader->linter->custom);
    if (reader->linter->custom->alone && reader->linter->custom->needs != NEEDS_CHANGED)
        yaml_error(reader->errors, yaml_get(node, "needs"),
                   "what a tool that is 'alone' finds in a file depends on no others: it needs none");
}
