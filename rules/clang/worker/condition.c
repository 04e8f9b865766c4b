#include "rules/clang/worker/condition.h"

#include "rules/clang/worker/names.h"

#include <string.h>

#define MOST_ABOVE 4096u /* ancestors that are looked at */

bool condition_matches(const Conditions *c, const char *pattern, const char *text) {
    GRegex *regex = g_hash_table_lookup(c->patterns, pattern);

    if (regex == NULL) {
        regex = g_regex_new(pattern, G_REGEX_OPTIMIZE, 0, NULL); /* was tried when the rule was read */
        if (regex == NULL)
            return false;
        g_hash_table_insert(c->patterns, g_strdup(pattern), regex);
    }
    return text != NULL && g_utf8_validate(text, -1, NULL) && g_regex_match(regex, text, 0, NULL);
}

/* Ancestors. `below` is the child of `above` on the way. */

static bool is_loop(enum CXCursorKind kind) {
    return kind == CXCursor_WhileStmt || kind == CXCursor_DoStmt || kind == CXCursor_ForStmt ||
           kind == CXCursor_CXXForRangeStmt;
}

static bool is_first(const Ast *ast G_GNUC_UNUSED, guint above, guint below) {
    return below == above + 1;
}

static bool in_condition(const Ast *ast, guint above, guint below) {
    switch (ast_node(ast, above)->kind) {
    case CXCursor_IfStmt:
    case CXCursor_WhileStmt:
    case CXCursor_SwitchStmt:
    case CXCursor_ConditionalOperator:
        return is_first(ast, above, below);
    case CXCursor_DoStmt:
        return !is_first(ast, above, below);
    case CXCursor_ForStmt:
        return below != ast_last_child(ast, above);
    default:
        return false;
    }
}

static bool in_if_condition(const Ast *ast, guint above, guint below) {
    return ast_node(ast, above)->kind == CXCursor_IfStmt && is_first(ast, above, below);
}

static bool in_loop(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return is_loop(ast_node(ast, above)->kind);
}

static bool in_loop_condition(const Ast *ast, guint above, guint below) {
    return is_loop(ast_node(ast, above)->kind) && in_condition(ast, above, below);
}

static bool in_switch(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_node(ast, above)->kind == CXCursor_SwitchStmt;
}

static bool in_sizeof(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_node(ast, above)->kind == CXCursor_UnaryExpr;
}

static bool in_void_cast(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_node(ast, above)->kind == CXCursor_CStyleCastExpr && ast_type(ast, above).kind == CXType_Void;
}

static bool in_return(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_node(ast, above)->kind == CXCursor_ReturnStmt;
}

static bool in_call(const Ast *ast, guint above, guint below) {
    return ast_node(ast, above)->kind == CXCursor_CallExpr && !is_first(ast, above, below);
}

static bool in_assignment(const Ast *ast, guint above, guint below) {
    return ast_node(ast, above)->kind == CXCursor_VarDecl ||
           (ast_operator(ast, above) == AST_ASSIGN && !is_first(ast, above, below));
}

static bool in_comparison(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    AstOperator operator= ast_operator(ast, above);

    return operator== AST_COMPARE ||(operator>= AST_LESS && operator<= AST_MORE_EQUAL);
}

static bool in_negation(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_operator(ast, above) == AST_NOT;
}

static bool in_try(const Ast *ast, guint above, guint below) {
    return ast_node(ast, above)->kind == CXCursor_CXXTryStmt && is_first(ast, above, below);
}

static bool in_catch(const Ast *ast, guint above, guint below G_GNUC_UNUSED) {
    return ast_node(ast, above)->kind == CXCursor_CXXCatchStmt;
}

/* Beside RULE_ANCESTORS in rules/rule_c_ast.c. */
static const struct {
    const char *name;
    bool (*holds)(const Ast *ast, guint above, guint below);
} ancestors[] = {
    {"assignment", in_assignment},
    {"call", in_call},
    {"catch", in_catch},
    {"comparison", in_comparison},
    {"condition", in_condition},
    {"if-condition", in_if_condition},
    {"loop", in_loop},
    {"loop-condition", in_loop_condition},
    {"negation", in_negation},
    {"return", in_return},
    {"sizeof", in_sizeof},
    {"switch", in_switch},
    {"try", in_try},
    {"void-cast", in_void_cast},
};

static bool is_under(const Ast *ast, guint above, guint below, const json_t *names) {
    const json_t *name;
    gsize i;

    json_array_foreach(names, i, name) {
        for (gsize j = 0; j < G_N_ELEMENTS(ancestors); j++)
            if (strcmp(ancestors[j].name, json_string_value(name)) == 0 &&
                ancestors[j].holds(ast, above, below))
                return true;
    }
    return false;
}

bool condition_under(const Ast *ast, guint node, const json_t *names) {
    guint below = node, above = ast_node(ast, node)->parent;

    for (guint i = 0; names != NULL && above != AST_NONE && i < MOST_ABOVE; i++) {
        if (is_under(ast, above, below, names))
            return true;
        if (above == ast_node(ast, node)->function)
            return false;
        below = above;
        above = ast_node(ast, above)->parent;
    }
    return false;
}

/* The last of `({ ... })` is its value. */
static bool is_value_of_block(const Ast *ast, guint block, guint statement) {
    guint above = ast_node(ast, block)->parent;

    return above != AST_NONE && ast_node(ast, above)->kind == CXCursor_StmtExpr &&
           ast_last_child(ast, block) == statement;
}

bool condition_unused(const Ast *ast, guint node) {
    guint below, above = ast_user(ast, node, &below);

    if (above == AST_NONE)
        return false;
    switch (ast_node(ast, above)->kind) {
    case CXCursor_CompoundStmt:
        return !is_value_of_block(ast, above, below);
    case CXCursor_IfStmt:
    case CXCursor_WhileStmt:
    case CXCursor_CaseStmt:
    case CXCursor_SwitchStmt:
        return !is_first(ast, above, below);
    case CXCursor_DoStmt:
        return is_first(ast, above, below);
    case CXCursor_ForStmt:
    case CXCursor_CXXForRangeStmt:
        return below == ast_last_child(ast, above);
    case CXCursor_DefaultStmt:
    case CXCursor_LabelStmt:
        return true;
    default:
        return false;
    }
}

/* Conditions of an argument. `want` is what the rule says, `all` the whole condition. */
typedef struct {
    const Conditions *c;
    guint call, argument;
    const json_t *want, *all;
} Asked;

static bool has_word(const json_t *words, const char *word) {
    const json_t *value;
    gsize i;

    json_array_foreach(words, i, value) {
        if (strcmp(json_string_value(value), word) == 0)
            return true;
    }
    return false;
}

static bool is_literal(const Asked *asked) {
    return (flow_origin(asked->c->flow, asked->argument) == ORIGIN_CONSTANT) == json_is_true(asked->want);
}

static bool has_origin(const Asked *asked) {
    static const char *const names[] = {"constant", "unknown", "parameter", "external"};

    return has_word(asked->want, names[flow_origin(asked->c->flow, asked->argument)]);
}

static bool equals(const Asked *asked) {
    gint64 least, most;

    return flow_value(asked->c->flow, asked->argument, &least, &most) && least == most &&
           least == json_integer_value(asked->want);
}

static bool can_be_less(const Asked *asked) {
    gint64 least, most;

    return flow_value(asked->c->flow, asked->argument, &least, &most) &&
           least < json_integer_value(asked->want);
}

static bool can_be_more(const Asked *asked) {
    gint64 least, most;

    return flow_value(asked->c->flow, asked->argument, &least, &most) &&
           most > json_integer_value(asked->want);
}

static bool is_string(const Asked *asked) {
    g_autofree char *string = flow_string(asked->c->flow, asked->argument);

    return string != NULL && condition_matches(asked->c, json_string_value(asked->want), string);
}

static bool is_written(const Asked *asked) {
    g_autofree char *text = ast_text(asked->c->ast, asked->argument);

    return condition_matches(asked->c, json_string_value(asked->want), text);
}

static bool has_type(const Asked *asked) {
    CXString said = clang.getTypeSpelling(ast_type(asked->c->ast, ast_bare(asked->c->ast, asked->argument)));
    bool matches = condition_matches(asked->c, json_string_value(asked->want), clang.getCString(said));

    clang.disposeString(said);
    return matches;
}

static bool is_signed_type(CXType type) {
    return type.kind >= CXType_Char_S && type.kind <= CXType_Int128;
}

static bool is_signed(const Asked *asked) {
    CXType type = ast_type(asked->c->ast, ast_bare(asked->c->ast, asked->argument));

    return is_signed_type(type) == json_is_true(asked->want);
}

/* sizeof of an expression that is a pointer, or an array. */
static bool is_sizeof(const Asked *asked) {
    guint node = ast_value(asked->c->ast, asked->argument), of = ast_last_child(asked->c->ast, node);
    const char *want = json_string_value(asked->want);
    CXType type;

    if (ast_node(asked->c->ast, node)->kind != CXCursor_UnaryExpr || of == AST_NONE)
        return false;
    type = ast_type(asked->c->ast, of);
    return strcmp(want, "pointer") == 0 ? type.kind == CXType_Pointer : type.kind == CXType_ConstantArray;
}

/* An array, or the address of something, of which the size is known. */
static bool is_array(const Asked *asked) {
    guint64 least, most;

    return flow_size(asked->c->flow, asked->argument, &least, &most) == json_is_true(asked->want);
}

static const char *compare_sizes(guint64 least, guint64 most, guint64 room_least, guint64 room_most) {
    return most <= room_least ? "yes" : least > room_most ? "no" : "larger";
}

/* Bytes that a count of the call's stands for. */
static guint64 unit_of(const Asked *asked) {
    g_autofree char *name = flow_callee(asked->c->ast, asked->call);

    return name != NULL && (g_str_has_prefix(name, "w") || strcmp(name, "fgetws") == 0) ? 4 : 1; /* wchar_t */
}

static const char *fits_count(const Asked *asked, guint64 room_least, guint64 room_most) {
    guint64 unit = unit_of(asked);
    gint64 least, most;

    if (!flow_value(asked->c->flow, asked->argument, &least, &most))
        return "unknown";
    if (least < 0 || most > G_MAXINT64 / 4)
        return "no";
    return compare_sizes((guint64)least * unit, (guint64)most * unit, room_least, room_most);
}

static const char *fits_string(const Asked *asked, guint64 room_least, guint64 room_most) {
    guint64 least, most;

    if (flow_string_size(asked->c->flow, asked->argument, &most))
        return compare_sizes(most, most, room_least, room_most);
    if (!flow_size(asked->c->flow, asked->argument, &least, &most))
        return "unknown";
    return most <= room_least ? "yes" : "larger"; /* it need not be filled */
}

static bool is_number(CXType type) {
    return type.kind == CXType_Enum || (type.kind >= CXType_Bool && type.kind <= CXType_Int128);
}

static bool fits(const Asked *asked) {
    guint into = flow_argument(asked->c->ast, asked->call,
                               (guint)json_integer_value(json_object_get(asked->all, "into")));
    guint64 least, most;

    if (into == AST_NONE)
        return false;
    if (!flow_size(asked->c->flow, into, &least, &most))
        return has_word(asked->want, "unsized");
    return has_word(asked->want, is_number(ast_type(asked->c->ast, ast_bare(asked->c->ast, asked->argument)))
                                     ? fits_count(asked, least, most)
                                     : fits_string(asked, least, most));
}

/* The same variable, or the same as it is written. */
static bool is_same(const Ast *ast, guint a, guint b) {
    g_autofree char *left = NULL, *right = NULL;

    a = ast_value(ast, a);
    b = ast_value(ast, b);
    if (ast_node(ast, a)->kind != ast_node(ast, b)->kind)
        return false;
    if (ast_node(ast, a)->kind == CXCursor_DeclRefExpr)
        return clang.equalCursors(ast_referenced(ast, a), ast_referenced(ast, b)) != 0;
    left = ast_text(ast, a);
    right = ast_text(ast, b);
    return left != NULL && g_strcmp0(left, right) == 0;
}

/* What the result of a call is assigned to; AST_NONE. */
static guint receiver(const Ast *ast, guint call) {
    guint below = call, above = ast_node(ast, call)->parent;

    while (above != AST_NONE && ast_value(ast, above) == call) {
        below = above;
        above = ast_node(ast, above)->parent;
    }
    if (above == AST_NONE || ast_operator(ast, above) != AST_ASSIGN || is_first(ast, above, below))
        return AST_NONE;
    return ast_child(ast, above, 0);
}

static bool is_same_as(const Asked *asked) {
    guint other = json_is_integer(asked->want)
                      ? flow_argument(asked->c->ast, asked->call, (guint)json_integer_value(asked->want))
                      : receiver(asked->c->ast, asked->call);

    return other != AST_NONE && is_same(asked->c->ast, asked->argument, other);
}

/* Whether before the call, in the same function, one of these is called with the same as its first argument.
 */
static bool has_earlier(const Asked *asked) {
    const Ast *ast = asked->c->ast;
    guint function = ast_function(ast, asked->call);

    for (guint i = function; function != AST_NONE && i < asked->call; i++) {
        g_autofree char *name = NULL;
        guint first;

        if (ast_node(ast, i)->kind != CXCursor_CallExpr)
            continue;
        name = flow_callee(ast, i);
        first = name != NULL && has_word(asked->want, name) ? flow_argument(ast, i, 0) : AST_NONE;
        if (first != AST_NONE && is_same(ast, first, asked->argument))
            return true;
    }
    return false;
}

/* Whether the comparison says something of the least that the variable can be. */
static bool bounds_below(const Asked *asked, guint node, CXCursor variable) {
    const Ast *ast = asked->c->ast;
    AstOperator operator= ast_operator(ast, node);
    guint left = ast_child(ast, node, 0), right = ast_last_child(ast, node);
    bool is_left = clang.equalCursors(flow_variable(ast, left), variable) != 0;
    gint64 least, most;

    if (!is_left && clang.equalCursors(flow_variable(ast, right), variable) == 0)
        return false;
    if ((operator== AST_MORE || operator== AST_MORE_EQUAL) == is_left)
        return true;
    return flow_value(asked->c->flow, is_left ? right : left, &least, &most) && most <= 1; /* `v < 0` */
}

static bool is_checked_below(const Asked *asked) {
    const Ast *ast = asked->c->ast;
    CXCursor variable = flow_variable(ast, asked->argument);
    guint function = ast_function(ast, asked->call);
    bool found = false;

    if (ast_is_null(variable) || function == AST_NONE)
        return json_is_false(asked->want);
    for (guint i = function; !found && i < ast_node(ast, function)->end; i++) {
        AstOperator operator= ast_operator(ast, i);

        found = operator>= AST_LESS && operator<= AST_MORE_EQUAL && bounds_below(asked, i, variable);
    }
    return found == json_is_true(asked->want);
}

/* Whether the function asks how long the string is. */
static bool is_measured(const Asked *asked) {
    static const char *const measures[] = {"strlen", "strnlen", "wcslen", "wcsnlen", NULL};
    const Ast *ast = asked->c->ast;
    guint function = ast_function(ast, asked->call);
    bool found = false;

    for (guint i = function; function != AST_NONE && !found && i < ast_node(ast, function)->end; i++) {
        g_autofree char *name = ast_node(ast, i)->kind == CXCursor_CallExpr ? flow_callee(ast, i) : NULL;
        guint first = name != NULL && g_strv_contains(measures, name) ? flow_argument(ast, i, 0) : AST_NONE;

        found = first != AST_NONE && is_same(ast, first, asked->argument);
    }
    return found == json_is_true(asked->want);
}

/* Beside the keys of rules/rule_c_ast.c. */
static const struct {
    const char *key;
    bool (*holds)(const Asked *asked);
} tests[] = {
    {"array", is_array},      {"checked_below", is_checked_below},
    {"earlier", has_earlier}, {"equals", equals},
    {"fits", fits},           {"less", can_be_less},
    {"literal", is_literal},  {"measured", is_measured},
    {"more", can_be_more},    {"origin", has_origin},
    {"same_as", is_same_as},  {"signed", is_signed},
    {"sizeof", is_sizeof},    {"string", is_string},
    {"type", has_type},       {"written", is_written},
};

static bool argument_holds(const Conditions *c, guint call, guint argument, const json_t *all) {
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        const Asked asked = {c, call, argument, json_object_get(all, tests[i].key), all};

        if (asked.want != NULL && !tests[i].holds(&asked))
            return false;
    }
    return true;
}

/* "any" of the arguments, one by its number, or, below zero, counted from the last. */
static bool arguments_hold(const Conditions *c, guint node, const json_t *all, const json_t *which) {
    bool is_call = ast_node(c->ast, node)->kind == CXCursor_CallExpr;
    guint first = is_call ? 1 : 0, count = ast_child_count(c->ast, node);
    json_int_t number = json_integer_value(which);

    if (count <= first)
        return false;
    if (json_is_integer(which)) {
        guint child = number >= 0 ? (guint)number + first : count - (guint)-number;

        return child >= first && child < count &&
               argument_holds(c, node, ast_child(c->ast, node, child), all);
    }
    for (guint i = first; i < count; i++)
        if (argument_holds(c, node, ast_child(c->ast, node, i), all))
            return true;
    return false;
}

/* Conditions of the node. */

/* The name of what the result goes to: the variable, or the function that returns it. Newly allocated; NULL.
 */
static char *target_of(const Ast *ast, guint node) {
    guint below = node;

    for (guint above = ast_node(ast, node)->parent; above != AST_NONE;
         below = above, above = ast_node(ast, above)->parent) {
        enum CXCursorKind kind = ast_node(ast, above)->kind;

        if (kind == CXCursor_VarDecl)
            return names_spelling(ast_node(ast, above)->cursor);
        if (ast_operator(ast, above) == AST_ASSIGN || kind == CXCursor_CompoundAssignOperator)
            return is_first(ast, above, below) ? NULL : ast_text(ast, ast_child(ast, above, 0));
        if (kind == CXCursor_ReturnStmt && ast_node(ast, above)->function != AST_NONE)
            return names_spelling(ast_node(ast, ast_node(ast, above)->function)->cursor);
        if (kind < CXCursor_FirstExpr || kind > CXCursor_LastExpr)
            return NULL;
    }
    return NULL;
}

static bool target_matches(const Conditions *c, guint node, const json_t *pattern) {
    g_autofree char *target = target_of(c->ast, node);

    return target != NULL && condition_matches(c, json_string_value(pattern), target);
}

static bool function_matches(const Conditions *c, guint node, const json_t *pattern) {
    guint function = ast_function(c->ast, node);
    g_autofree char *name = function != AST_NONE ? names_full(ast_node(c->ast, function)->cursor) : NULL;

    return name != NULL && condition_matches(c, json_string_value(pattern), name);
}

static bool callee_is(const Conditions *c, guint node, const json_t *names) {
    g_autofree char *name = flow_callee(c->ast, node);

    return name != NULL && has_word(names, name);
}

static bool condition_holds(const Conditions *c, guint node, const json_t *all);

static bool any_holds(const Conditions *c, guint node, const json_t *list) {
    const json_t *value;
    gsize i;

    json_array_foreach(list, i, value) {
        if (condition_holds(c, node, value))
            return true;
    }
    return false;
}

static bool condition_holds(const Conditions *c, guint node, const json_t *all) {
    const json_t *any = json_object_get(all, "any"), *every = json_object_get(all, "all");
    const json_t *no = json_object_get(all, "not"), *count = json_object_get(all, "arguments");
    const json_t *function = json_object_get(all, "function"), *target = json_object_get(all, "target");
    const json_t *which = json_object_get(all, "arg"), *callee = json_object_get(all, "callee");

    if ((callee != NULL && !callee_is(c, node, callee)) || (any != NULL && !any_holds(c, node, any)) ||
        (every != NULL && !condition_all(c, node, every)) || (no != NULL && condition_holds(c, node, no)) ||
        (count != NULL && flow_argument_count(c->ast, node) != (guint)json_integer_value(count)) ||
        (function != NULL && !function_matches(c, node, function)) ||
        (target != NULL && !target_matches(c, node, target)))
        return false;
    return which == NULL || arguments_hold(c, node, all, which);
}

bool condition_all(const Conditions *c, guint node, const json_t *where) {
    const json_t *value;
    gsize i;

    json_array_foreach(where, i, value) {
        if (!condition_holds(c, node, value))
            return false;
    }
    return true;
}
