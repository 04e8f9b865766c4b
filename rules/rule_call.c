#include "rules/rule_read.h"

#include "rules/call.h"

#include <string.h>

/* subprocess.run, .execute, requests.*, new Function */
static bool is_callee(const char *callee) {
    bool name_expected = true;

    if (g_str_has_prefix(callee, "new "))
        callee += strlen("new ");
    else if (*callee == '.')
        callee++;
    for (; *callee != '\0'; callee++) {
        if (*callee == '.' && name_expected)
            return false;
        name_expected = *callee == '.';
        if (!name_expected && !g_ascii_isalnum(*callee) && strchr("_$*/@-", *callee) == NULL)
            return false;
    }
    return !name_expected;
}

static void read_callees(const YamlNode *node, CallRule *call, YamlErrors *errors) {
    if (node == NULL || !yaml_strings(node, &call->callees, errors))
        return;
    if (yaml_item_count(node) == 0)
        yaml_error(errors, node, "an empty list: the rule would look at nothing");
    for (guint i = 0; i < yaml_item_count(node); i++)
        if (!is_callee(call->callees[i]))
            yaml_error(errors, yaml_item(node, i),
                       "'%s' is no callee: expected names with dots between them, such as 'subprocess.run', "
                       "'.execute' for a method of anything, or 'new Function'",
                       call->callees[i]);
}

/* arg: 0, shell, or [0, args] */
static void read_arguments(const YamlNode *node, CallCondition *condition, YamlErrors *errors) {
    if (!yaml_strings(node, &condition->arguments, errors))
        return;
    for (guint i = 0; condition->arguments[i] != NULL; i++) {
        guint64 position;

        if (g_ascii_isdigit(*condition->arguments[i]) &&
            !yaml_digits(condition->arguments[i], 0, 99, &position))
            yaml_error(errors, yaml_item(node, i),
                       "'%s' is no argument: expected its position, 0 to 99, or its name",
                       condition->arguments[i]);
    }
}

/* count: 2, or {least: 1, most: 2} */
static void read_count(const YamlNode *node, CallCondition *condition, YamlErrors *errors) {
    static const char *const keys[] = {"least", "most", NULL};

    condition->has_count = true;
    condition->most = G_MAXUINT64;
    if (node->kind != YAML_MAPPING) {
        if (yaml_uint(node, 0, 99, &condition->least, errors))
            condition->most = condition->least;
        return;
    }
    if (!yaml_keys(node, keys, errors))
        return;
    if (yaml_get(node, "least") != NULL)
        yaml_uint(yaml_get(node, "least"), 0, 99, &condition->least, errors);
    if (yaml_get(node, "most") != NULL)
        yaml_uint(yaml_get(node, "most"), 0, 99, &condition->most, errors);
}

static void read_tests(const YamlNode *node, CallCondition *condition, YamlErrors *errors) {
    const YamlNode *literal = yaml_get(node, "literal"), *present = yaml_get(node, "present");
    const YamlNode *pattern = yaml_get(node, "matches");

    if (literal != NULL)
        condition->has_literal = yaml_bool(literal, &condition->literal, errors);
    if (present != NULL)
        condition->has_present = yaml_bool(present, &condition->present, errors);
    rule_read_strings(node, "equals", &condition->equals, errors);
    if (pattern != NULL)
        condition->matches = rule_compile(pattern, errors);
    if (yaml_get(node, "arg") == NULL &&
        (literal != NULL || present != NULL || pattern != NULL || yaml_get(node, "equals") != NULL))
        yaml_error(errors, node, "the key 'arg' is missing");
    if (yaml_get(node, "arg") != NULL && literal == NULL && present == NULL && pattern == NULL &&
        yaml_get(node, "equals") == NULL)
        yaml_error(errors, node,
                   "nothing is asked of the argument: expected literal, equals, matches or present");
    if (present != NULL && condition->has_present && !condition->present &&
        (literal != NULL || pattern != NULL || yaml_get(node, "equals") != NULL))
        yaml_error(errors, present, "an argument that is not there can be asked nothing else");
}

static CallCondition *read_condition(const YamlNode *node, bool within_any, YamlErrors *errors) {
    static const char *const keys[] = {"arg",   "literal", "equals", "matches", "present",
                                       "count", "unknown", "any",    NULL};
    static const char *const inner_keys[] = {"arg",     "literal", "equals",  "matches",
                                             "present", "count",   "unknown", NULL};
    static const char *const unknown[] = {"match", "ignore", NULL};
    CallCondition *condition = g_new0(CallCondition, 1);
    const YamlNode *any = yaml_get(node, "any");
    guint index;

    if (!yaml_keys(node, within_any ? inner_keys : keys, errors))
        return condition;
    if (any != NULL && !within_any) {
        condition->any = g_ptr_array_new_with_free_func((GDestroyNotify)call_condition_free);
        if (yaml_item_count(any) == 0)
            yaml_error(errors, any, "an empty list: it would never hold");
        for (guint i = 0; i < yaml_item_count(any); i++)
            g_ptr_array_add(condition->any, read_condition(yaml_item(any, i), true, errors));
        if (yaml_get(node, "arg") != NULL || yaml_get(node, "count") != NULL)
            yaml_error(errors, node, "'any' stands alone: it has conditions of its own");
        return condition;
    }
    if (yaml_get(node, "arg") != NULL)
        read_arguments(yaml_get(node, "arg"), condition, errors);
    if (yaml_get(node, "count") != NULL)
        read_count(yaml_get(node, "count"), condition, errors);
    read_tests(node, condition, errors);
    if (yaml_get(node, "unknown") != NULL && yaml_choice(yaml_get(node, "unknown"), unknown, &index, errors))
        condition->unknown_matches = index == 0;
    if (yaml_get(node, "arg") == NULL && yaml_get(node, "count") == NULL)
        yaml_error(errors, node, "nothing is asked: expected arg, count or any");
    return condition;
}

/* Only where the imports of a language can be read. */
static void check_languages(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    for (char **language = rule->languages; *language != NULL; language++)
        if (!call_knows(*language))
            yaml_error(errors, node,
                       "calls are looked for in python, javascript and typescript, not in language '%s'",
                       *language);
}

void rule_read_call(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"callee", "where", "region", "references", NULL};
    static const char *const regions[] = {"call", "callee", "arg", NULL};
    const YamlNode *where, *region;
    CallRule *call;
    guint index;

    if (!yaml_keys(node, keys, errors))
        return;
    rule->call = call = g_new0(CallRule, 1);
    call->where = g_ptr_array_new_with_free_func((GDestroyNotify)call_condition_free);
    check_languages(node, rule, errors);
    read_callees(rule_required(node, "callee", errors), call, errors);
    where = yaml_get(node, "where");
    for (guint i = 0; where != NULL && i < yaml_item_count(where); i++)
        g_ptr_array_add(call->where, read_condition(yaml_item(where, i), false, errors));
    if (yaml_get(node, "references") != NULL)
        yaml_bool(yaml_get(node, "references"), &call->references, errors);
    if (call->references && where != NULL)
        yaml_error(errors, where,
                   "what is only named has no arguments: with 'references' nothing is asked of them");
    region = yaml_get(node, "region");
    if (region == NULL || !yaml_choice(region, regions, &index, errors))
        return;
    call->region = index == 0 ? CALL_WHOLE : index == 1 ? CALL_CALLEE : CALL_ARGUMENT;
    if (call->region == CALL_ARGUMENT &&
        (call->where->len == 0 || ((CallCondition *)call->where->pdata[0])->arguments == NULL))
        yaml_error(errors, region, "the first condition of 'where' names no argument to be the region");
}
