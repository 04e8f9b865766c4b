/* Rules of the kind c_ast: what is looked for in the tree that clang makes of C and C++. They become the JSON
 * of rules/clang/wire.h, by which the worker goes: so whatever it may see there is checked here.
 *
 *   c_ast:
 *     kind: CallExpr           # of libclang's kinds of nodes; a call, where there is a callee
 *     callee: [strcpy, "a::b"] # the function that is meant, not one of the file's own that has its name;
 *                              # of C's library without std:: and __builtin_
 *     name: PATTERN            # of what a declaration declares
 *     result: unused           # what the call gives is dropped
 *     under: [loop]            # it stands in one of these (`ancestors` below), within its function
 *     not_under: [void-cast]   # and in none of these
 *     where:                   # and all of this holds:
 *       - {arg: 0, ...}        # of an argument: its number, or -1 for the last, or `any`
 *       - {arguments: 2}       # so many there are
 *       - {callee: [memcpy]}   # it is this one of them
 *       - {function: PATTERN}  # the name of the function that it stands in
 *       - {target: PATTERN}    # the variable that the result goes to, or the function that returns it
 *       - {any: [...]}  {all: [...]}  {not: {...}}
 *
 * Of an argument:
 *   literal: true              # a literal, or a variable that is only ever given such
 *   origin: [external]         # constant; external: the environment, files, the network, main()'s argv;
 *                              # parameter: of the function; unknown: another function, a global variable
 *   equals: 0, less: 0, more: 9   # a whole number, as far as it is known: it is, can be less, can be more
 *   string: PATTERN            # a string that is known, with its escapes as they are written
 *   written: PATTERN           # as it is written
 *   type: PATTERN, signed: true   # its type before it is converted
 *   sizeof: pointer            # or array: it is sizeof of such an expression
 *   array: true                # how much room there is at it is known
 *   into: 0, fits: ["no"]      # whether it (a string, or a count) fits into that argument: yes, no, larger
 *                              # (it may not), unknown; unsized: how much room there is is not known
 *   same_as: result            # or a number: the same variable as that which the result is assigned to
 *   earlier: [access]          # one of these was called before with the same as its first argument
 *   checked_below: false       # the function nowhere compares it with a lower bound
 *   measured: false            # the function nowhere asks for its strlen()
 *
 * In messages, %{callee}, %{function}, %{arg0} to %{arg9}. PATTERNs are looked for anywhere in the text. */
#include "rules/rule_read.h"

#include "exec/text.h"

#include <jansson.h>
#include <string.h>

#define DEEPEST 8u       /* of conditions within conditions */
#define MOST_ARGUMENT 15 /* a number of one */

/* Of libclang's CXCursorKind, which are the same in all its versions. */
static const struct {
    const char *name;
    guint number;
} kinds[] = {
    {"ArraySubscriptExpr", 113},
    {"BinaryOperator", 114},
    {"CStyleCastExpr", 117},
    {"CXXCatchStmt", 223},
    {"CXXConstCastExpr", 127},
    {"CXXDeleteExpr", 135},
    {"CXXNewExpr", 134},
    {"CXXReinterpretCastExpr", 126},
    {"CXXThrowExpr", 133},
    {"CallExpr", 103},
    {"CompoundAssignOperator", 115},
    {"ConditionalOperator", 116},
    {"DeclRefExpr", 101},
    {"DoStmt", 208},
    {"EnumDecl", 5},
    {"FieldDecl", 6},
    {"ForStmt", 209},
    {"FunctionDecl", 8},
    {"GotoStmt", 210},
    {"IfStmt", 205},
    {"LabelStmt", 201},
    {"MemberRefExpr", 102},
    {"ReturnStmt", 214},
    {"StmtExpr", 121},
    {"StringLiteral", 109},
    {"StructDecl", 2},
    {"SwitchStmt", 206},
    {"TypedefDecl", 20},
    {"UnaryOperator", 112},
    {"UnionDecl", 3},
    {"VarDecl", 9},
    {"WhileStmt", 207},
};

/* What a node can stand in; worker/condition.c knows how each is told. */
static const char *const ancestors[] = {
    "assignment", "call",   "catch",  "comparison", "condition", "if-condition", "loop", "loop-condition",
    "negation",   "return", "sizeof", "switch",     "try",       "void-cast",    NULL};
static const char *const origins[] = {"constant", "external", "parameter", "unknown", NULL};
static const char *const fits[] = {"larger", "no", "unknown", "unsized", "yes", NULL};
static const char *const sizeofs[] = {"array", "pointer", NULL};

static json_t *read_string(const YamlNode *node, YamlErrors *errors) {
    g_autofree char *text = NULL;

    return yaml_string(node, &text, errors) ? json_string(text) : json_null();
}

static json_t *read_strings(const YamlNode *node, YamlErrors *errors) {
    g_auto(GStrv) texts = NULL;
    json_t *list = json_array();

    if (!yaml_strings(node, &texts, errors))
        return list;
    for (char **text = texts; *text != NULL; text++)
        json_array_append_new(list, json_string(*text));
    if (json_array_size(list) == 0)
        yaml_error(errors, node, "an empty list: nothing would be found");
    return list;
}

json_t *rule_read_words(const YamlNode *node, const char *const *words, YamlErrors *errors) {
    json_t *list = json_array();

    for (guint i = 0; i < yaml_item_count(node); i++) {
        guint index;

        if (yaml_choice(yaml_item(node, i), words, &index, errors))
            json_array_append_new(list, json_string(words[index]));
    }
    if (yaml_item_count(node) == 0)
        yaml_error(errors, node, "an empty list: nothing would be found");
    return list;
}

static json_t *read_ancestors(const YamlNode *node, YamlErrors *errors) {
    return rule_read_words(node, ancestors, errors);
}

static json_t *read_origins(const YamlNode *node, YamlErrors *errors) {
    return rule_read_words(node, origins, errors);
}

static json_t *read_fits(const YamlNode *node, YamlErrors *errors) {
    return rule_read_words(node, fits, errors);
}

static json_t *read_sizeof(const YamlNode *node, YamlErrors *errors) {
    guint index = 0;

    (void)yaml_choice(node, sizeofs, &index, errors);
    return json_string(sizeofs[index]);
}

json_t *rule_read_pattern(const YamlNode *node, YamlErrors *errors) {
    g_autoptr(GError) error = NULL;
    json_t *text = read_string(node, errors);
    g_autoptr(GRegex) regex =
        json_is_string(text) ? g_regex_new(json_string_value(text), G_REGEX_DEFAULT, 0, &error) : NULL;

    if (error != NULL)
        yaml_error(errors, node, "the pattern does not compile: %s", error->message);
    return text;
}

static json_t *read_bool(const YamlNode *node, YamlErrors *errors) {
    bool value = false;

    (void)yaml_bool(node, &value, errors);
    return json_boolean(value);
}

/* A whole number, which may be below zero. */
static json_t *read_number(const YamlNode *node, YamlErrors *errors) {
    bool is_negative = node->kind == YAML_SCALAR && node->plain && *node->scalar == '-';
    guint64 value;

    if (is_negative && yaml_digits(node->scalar + 1, 1, G_MAXINT32, &value))
        return json_integer(-(json_int_t)value);
    if (node->kind == YAML_SCALAR && yaml_uint(node, 0, G_MAXINT32, &value, errors))
        return json_integer((json_int_t)value);
    if (node->kind != YAML_SCALAR)
        yaml_error(errors, node, "expected a whole number");
    return json_null();
}

static json_t *read_which(const YamlNode *node, YamlErrors *errors) {
    json_t *number;

    if (node->kind == YAML_SCALAR && strcmp(node->scalar, "any") == 0)
        return json_string("any");
    number = read_number(node, errors);
    if (json_is_integer(number) && ABS(json_integer_value(number)) > MOST_ARGUMENT)
        yaml_error(errors, node,
                   "expected the number of an argument (from 0, or from -1 for the last), or 'any'");
    return number;
}

static json_t *read_argument(const YamlNode *node, YamlErrors *errors) {
    guint64 number = 0;

    (void)yaml_uint(node, 0, MOST_ARGUMENT, &number, errors);
    return json_integer((json_int_t)number);
}

static json_t *read_same_as(const YamlNode *node, YamlErrors *errors) {
    if (node->kind == YAML_SCALAR && strcmp(node->scalar, "result") == 0)
        return json_string("result");
    return read_argument(node, errors);
}

typedef struct {
    const char *key;
    json_t *(*read)(const YamlNode *node, YamlErrors *errors);
    bool of_argument;
} Key;

/* worker/condition.c knows what each means. */
static const Key conditions[] = {
    {"arg", read_which, false},
    {"array", read_bool, true},
    {"checked_below", read_bool, true},
    {"earlier", read_strings, true},
    {"equals", read_number, true},
    {"fits", read_fits, true},
    {"into", read_argument, true},
    {"less", read_number, true},
    {"literal", read_bool, true},
    {"measured", read_bool, true},
    {"more", read_number, true},
    {"origin", read_origins, true},
    {"same_as", read_same_as, true},
    {"signed", read_bool, true},
    {"sizeof", read_sizeof, true},
    {"string", rule_read_pattern, true},
    {"type", rule_read_pattern, true},
    {"written", rule_read_pattern, true},
    {"arguments", read_argument, false},
    {"callee", read_strings, false},
    {"function", rule_read_pattern, false},
    {"target", rule_read_pattern, false},
};

static json_t *read_condition(const YamlNode *node, guint depth, YamlErrors *errors);

static json_t *read_conditions(const YamlNode *node, guint depth, YamlErrors *errors) {
    json_t *list = json_array();

    for (guint i = 0; i < yaml_item_count(node); i++)
        json_array_append_new(list, read_condition(yaml_item(node, i), depth, errors));
    if (yaml_item_count(node) == 0)
        yaml_error(errors, node, "an empty list of conditions");
    return list;
}

static void check_condition(const YamlNode *node, YamlErrors *errors) {
    bool asks = false;

    for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++) {
        const YamlNode *value = conditions[i].of_argument ? yaml_get(node, conditions[i].key) : NULL;

        asks = asks || value != NULL;
        if (value != NULL && yaml_get(node, "arg") == NULL)
            yaml_error(errors, value, "'%s' is of an argument: the key 'arg' is missing", conditions[i].key);
    }
    if (yaml_get(node, "arg") != NULL && !asks)
        yaml_error(errors, yaml_get(node, "arg"), "nothing is asked of the argument");
    if ((yaml_get(node, "fits") != NULL) != (yaml_get(node, "into") != NULL))
        yaml_error(errors, node, "'fits' and 'into' go together: {arg: 1, into: 0, fits: [no]}");
}

static void read_nested(const YamlNode *node, guint depth, json_t *condition, YamlErrors *errors) {
    const YamlNode *any = yaml_get(node, "any"), *all = yaml_get(node, "all"), *not = yaml_get(node, "not");

    if (any != NULL)
        json_object_set_new(condition, "any", read_conditions(any, depth + 1, errors));
    if (all != NULL)
        json_object_set_new(condition, "all", read_conditions(all, depth + 1, errors));
    if (not!= NULL)
        json_object_set_new(condition, "not", read_condition(not, depth + 1, errors));
}

static json_t *read_condition(const YamlNode *node, guint depth, YamlErrors *errors) {
    const char *keys[G_N_ELEMENTS(conditions) + 4] = {"any", "all", "not"};
    json_t *condition = json_object();

    for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++)
        keys[3 + i] = conditions[i].key;
    if (depth > DEEPEST) {
        yaml_error(errors, node, "conditions are nested more than %u deep", DEEPEST);
        return condition;
    }
    if (!yaml_keys(node, keys, errors))
        return condition;
    if (node->items->len == 0)
        yaml_error(errors, node, "an empty condition");
    check_condition(node, errors);
    read_nested(node, depth, condition, errors);
    for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++) {
        const YamlNode *value = yaml_get(node, conditions[i].key);

        if (value != NULL)
            json_object_set_new(condition, conditions[i].key, conditions[i].read(value, errors));
    }
    return condition;
}

static json_t *read_kind(const YamlNode *node, YamlErrors *errors) {
    g_autofree const char **names = g_new0(const char *, G_N_ELEMENTS(kinds) + 1);
    guint index = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        names[i] = kinds[i].name;
    (void)yaml_choice(node, names, &index, errors);
    return json_integer(kinds[index].number);
}

static json_t *read_result(const YamlNode *node, YamlErrors *errors) {
    static const char *const words[] = {"unused", NULL};
    guint index;

    (void)yaml_choice(node, words, &index, errors);
    return json_string(words[0]);
}

static json_t *read_where(const YamlNode *node, YamlErrors *errors) {
    return read_conditions(node, 0, errors);
}

static const Key keys_of_rule[] = {
    {"kind", read_kind, false},     {"callee", read_strings, false},  {"name", rule_read_pattern, false},
    {"result", read_result, false}, {"under", read_ancestors, false}, {"not_under", read_ancestors, false},
    {"where", read_where, false},
};

/* Only files of these are given to clang. */
void rule_check_c_languages(const YamlNode *node, const Rule *rule, YamlErrors *errors) {
    for (char **language = rule->languages; *language != NULL; language++)
        if (strcmp(*language, "c") != 0 && strcmp(*language, "cpp") != 0)
            yaml_error(errors, node, "such a rule is of C and C++: expected 'languages: [c, cpp]', not '%s'",
                       *language);
}

static void check_callee(const YamlNode *node, YamlErrors *errors) {
    const YamlNode *kind = yaml_get(node, "kind"), *callee = yaml_get(node, "callee");
    bool is_call = kind == NULL || (kind->kind == YAML_SCALAR && strcmp(kind->scalar, "CallExpr") == 0);
    bool is_name = kind != NULL && kind->kind == YAML_SCALAR && strcmp(kind->scalar, "DeclRefExpr") == 0;

    if (kind == NULL && callee == NULL)
        yaml_error(errors, node, "the key 'kind' or 'callee' is missing");
    if (callee != NULL && !is_call && !is_name)
        yaml_error(errors, callee, "only a CallExpr or a DeclRefExpr has a callee");
    if (yaml_get(node, "result") != NULL && !is_call)
        yaml_error(errors, yaml_get(node, "result"), "only a CallExpr has a result");
}

void rule_read_c_ast(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    const char *keys[G_N_ELEMENTS(keys_of_rule) + 1] = {NULL};
    json_t *json;

    for (gsize i = 0; i < G_N_ELEMENTS(keys_of_rule); i++)
        keys[i] = keys_of_rule[i].key;
    if (!yaml_keys(node, keys, errors))
        return;
    rule_check_c_languages(node, rule, errors);
    check_callee(node, errors);
    json = json_pack("{s:i}", "kind", 103); /* a call, unless it says otherwise */
    for (gsize i = 0; i < G_N_ELEMENTS(keys_of_rule); i++) {
        const YamlNode *value = yaml_get(node, keys_of_rule[i].key);

        if (value != NULL)
            json_object_set_new(json, keys_of_rule[i].key, keys_of_rule[i].read(value, errors));
    }
    rule->clang = json_dumps(json, JSON_COMPACT);
    json_decref(json);
}
