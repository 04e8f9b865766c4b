#include "rules/rule_change.h"

#include "rules/rule_read.h"

#include <string.h>

const char *const change_status_words[] = {"added",  "modified",     "deleted", "renamed",
                                           "copied", "type-changed", NULL};
const char *const change_path_words[] = {"git", "dot-dot", "control", "trailing", "device", "reserved", NULL};
const char *const change_format_words[] = {"elf", "pe", "mach-o", "java-class", "wasm", "python-bytecode",
                                           NULL};
static const char *const mode_words[] = {"executable", "gained", "lost", NULL};
static const char *const link_words[] = {"outside", NULL};
static const char *const line_end_words[] = {"mixed", NULL};
static const char *const encoding_words[] = {"invalid", NULL};
static const char *const partner_words[] = {"missing", "unchanged", NULL};
static const char *const where_words[] = {"here", "below", "above", NULL};

static void partner_free(ChangePartner *partner) {
    g_free(partner->name);
    g_strfreev(partner->partners);
    g_free(partner);
}

static void condition_free(ChangeCondition *condition) {
    match_free(condition->files);
    pcre2_code_free(condition->pattern);
    if (condition->partners != NULL)
        g_ptr_array_unref(condition->partners);
    g_free(condition);
}

void rule_change_free(ChangeRule *change) {
    if (change == NULL)
        return;
    g_ptr_array_unref(change->conditions);
    g_free(change);
}

/* Readers of values. */

static void read_size(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    yaml_size(node, 1, G_MAXUINT32, &condition->number, errors);
}

static void read_count(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    yaml_uint(node, 1, G_MAXUINT32, &condition->number, errors);
}

static void read_bool(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    bool is = false;

    yaml_bool(node, &is, errors);
    condition->number = is;
}

static void read_files(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    g_auto(GStrv) patterns = NULL;
    g_autoptr(GError) error = NULL;

    if (!yaml_strings(node, &patterns, errors))
        return;
    condition->files = match_new((const char *const *)patterns, &error);
    if (condition->files == NULL)
        yaml_error(errors, node, "%s", error->message);
}

static void read_pattern(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    condition->pattern = rule_compile(node, errors);
}

static void read_word(const YamlNode *node, const char *const *words, ChangeCondition *condition,
                      YamlErrors *errors) {
    guint index;

    if (yaml_choice(node, words, &index, errors))
        condition->number = index;
}

static void read_words(const YamlNode *node, const char *const *words, ChangeCondition *condition,
                       YamlErrors *errors) {
    guint index;

    if (yaml_item_count(node) == 0)
        yaml_error(errors, node, "an empty list: the rule would find nothing");
    for (guint i = 0; i < yaml_item_count(node); i++)
        if (yaml_choice(yaml_item(node, i), words, &index, errors))
            condition->number |= G_GUINT64_CONSTANT(1) << index;
}

static void read_status(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_words(node, change_status_words, condition, errors);
}

static void read_path(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_words(node, change_path_words, condition, errors);
}

static void read_format(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_words(node, change_format_words, condition, errors);
}

static void read_mode(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_word(node, mode_words, condition, errors);
}

static void read_link(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_word(node, link_words, condition, errors);
}

static void read_line_ends(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_word(node, line_end_words, condition, errors);
}

static void read_encoding(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    read_word(node, encoding_words, condition, errors);
}

static void read_partner(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors) {
    static const char *const keys[] = {"is", "where", "of", NULL};
    const YamlNode *is, *where, *of;
    guint index;

    condition->partners = g_ptr_array_new_with_free_func((GDestroyNotify)partner_free);
    if (!yaml_keys(node, keys, errors))
        return;
    is = rule_required(node, "is", errors);
    if (is != NULL)
        read_word(is, partner_words, condition, errors);
    where = yaml_get(node, "where");
    if (where != NULL && yaml_choice(where, where_words, &index, errors))
        condition->where = index;
    of = rule_required(node, "of", errors);
    if (of != NULL && of->kind != YAML_MAPPING)
        yaml_error(errors, of, "expected a mapping: the file's name, and the names of its partners");
    for (guint i = 0; of != NULL && of->kind == YAML_MAPPING && i < of->keys->len; i++) {
        ChangePartner *partner = g_new0(ChangePartner, 1);

        g_ptr_array_add(condition->partners, partner);
        yaml_string(of->keys->pdata[i], &partner->name, errors);
        yaml_strings(of->items->pdata[i], &partner->partners, errors);
    }
}

/* By ChangeKind. */
static const struct {
    const char *key;
    void (*read)(const YamlNode *node, ChangeCondition *condition, YamlErrors *errors);
} kinds[] = {
    [CHANGE_STATUS] = {"status", read_status},
    [CHANGE_FILES] = {"files", read_files},
    [CHANGE_SIZE_OVER] = {"size_over", read_size},
    [CHANGE_MODE] = {"mode", read_mode},
    [CHANGE_BINARY] = {"binary", read_bool},
    [CHANGE_HIDDEN] = {"hidden", read_bool},
    [CHANGE_SUBMODULE] = {"submodule", read_bool},
    [CHANGE_PATH] = {"path", read_path},
    [CHANGE_PARTNER] = {"partner", read_partner},
    [CHANGE_CONFLICT] = {"conflict", read_bool},
    [CHANGE_LINK] = {"link", read_link},
    [CHANGE_INTERPRETER] = {"interpreter", read_bool},
    [CHANGE_FORMAT] = {"format", read_format},
    [CHANGE_HEAD] = {"head", read_pattern},
    [CHANGE_ENCODING] = {"encoding", read_encoding},
    [CHANGE_LINE_ENDS] = {"line_ends", read_line_ends},
    [CHANGE_FILES_OVER] = {"files_over", read_count},
    [CHANGE_LINES_OVER] = {"lines_over", read_count},
};

static bool is_of_changes(const ChangeCondition *condition) {
    switch (condition->kind) {
    case CHANGE_STATUS:
    case CHANGE_SUBMODULE:
    case CHANGE_FILES_OVER:
    case CHANGE_LINES_OVER:
        return true;
    case CHANGE_MODE:
        return condition->number != MODE_EXECUTABLE;
    case CHANGE_PARTNER:
        return condition->number == PARTNER_UNCHANGED;
    default:
        return false;
    }
}

static void sum_up(const YamlNode *node, ChangeRule *change, YamlErrors *errors) {
    for (guint i = 0; i < change->conditions->len; i++) {
        const ChangeCondition *condition = change->conditions->pdata[i];

        change->of_changes = change->of_changes || is_of_changes(condition);
        change->of_whole =
            change->of_whole || condition->kind == CHANGE_FILES_OVER || condition->kind == CHANGE_LINES_OVER;
        change->of_deleted = change->of_deleted || condition->kind == CHANGE_SUBMODULE ||
                             (condition->kind == CHANGE_STATUS && (condition->number & 1u << 2) != 0);
    }
    if (change->conditions->len == 0)
        yaml_error(errors, node, "it says nothing that could be found");
    else if (change->of_whole && change->conditions->len > 1)
        yaml_error(errors, node, "files_over and lines_over are of the change as a whole: each stands alone");
}

void rule_read_change(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    const char *keys[G_N_ELEMENTS(kinds) + 1] = {NULL};
    ChangeRule *change = rule->change = g_new0(ChangeRule, 1);

    change->conditions = g_ptr_array_new_with_free_func((GDestroyNotify)condition_free);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        keys[i] = kinds[i].key;
    if (!yaml_keys(node, keys, errors))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const YamlNode *value = yaml_get(node, kinds[i].key);
        ChangeCondition *condition;

        if (value == NULL)
            continue;
        condition = g_new0(ChangeCondition, 1);
        condition->kind = (ChangeKind)i;
        g_ptr_array_add(change->conditions, condition);
        kinds[i].read(value, condition, errors);
    }
    sum_up(node, change, errors);
}
