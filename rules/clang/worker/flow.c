#include "rules/clang/worker/flow.h"

#include "rules/clang/worker/calls.h"
#include "rules/clang/worker/names.h"

#include <string.h>

#define DEEPEST 1000u /* of expressions, and of variables that are given others */
#define MOST_LITERALS 64u
#define MOST_STEPS 20000u /* of one question */

/* What a variable is ever given within a function. */
typedef struct {
    CXCursor cursor;
    GArray *values;            /* of guint: expressions that it is set to */
    GArray *contents;          /* of guint: what is written into that which it points to, or which it is */
    GPtrArray *same;           /* of Variable: what they hold is one */
    Origin base;               /* beside all these */
    bool is_array, is_changed; /* its value is not only what it is set to */
    bool is_written;           /* something has written into it, or may have */
    bool is_busy;              /* its value is being asked for already */
    guint asked;               /* the last question of an origin that it has answered */
} Variable;

struct Flow {
    const Ast *ast;
    guint function;        /* whose variables are known; AST_NONE: none */
    GHashTable *variables; /* Variable.cursor -> Variable */
    guint depth;
    guint question; /* counts those of origins */
    guint steps;    /* of the question so far */
};

/* Names. */

/* Whether it is C's library or the like, and no function of the file's own. */
static bool is_own(CXCursor callee) {
    CXSourceLocation location = clang.getRangeStart(clang.getCursorExtent(callee));

    return clang.getCursorLinkage(callee) == CXLinkage_Internal &&
           clang.Location_isInSystemHeader(location) == 0;
}

char *flow_callee(const Ast *ast, guint node) {
    CXCursor callee = ast_referenced(ast, node);
    enum CXCursorKind kind;
    const char *name;
    g_autofree char *full = NULL;

    if (ast_is_null(callee))
        return NULL;
    kind = clang.getCursorKind(callee);
    if ((kind != CXCursor_FunctionDecl && kind != CXCursor_CXXMethod && kind != CXCursor_FunctionTemplate) ||
        is_own(callee))
        return NULL;
    full = names_full(callee);
    name = full;
    if (g_str_has_prefix(name, "std::"))
        name += strlen("std::");
    if (g_str_has_prefix(name, "__builtin_"))
        name += strlen("__builtin_");
    return g_strdup(name);
}

guint flow_argument_count(const Ast *ast, guint call) {
    guint count = ast_child_count(ast, call);

    return count > 0 ? count - 1 : 0; /* the first is what is called */
}

guint flow_argument(const Ast *ast, guint call, guint number) {
    return ast_child(ast, call, number + 1);
}

/* The node whose name the variable's is; AST_NONE. */
static guint variable_node(const Ast *ast, guint node) {
    for (guint depth = 0; depth < DEEPEST; depth++) {
        enum CXCursorKind kind;

        node = ast_value(ast, node);
        kind = ast_node(ast, node)->kind;
        if (kind == CXCursor_DeclRefExpr)
            return node;
        if (kind != CXCursor_UnaryOperator && kind != CXCursor_ArraySubscriptExpr &&
            kind != CXCursor_MemberRefExpr && kind != CXCursor_BinaryOperator)
            return AST_NONE;
        if (kind == CXCursor_BinaryOperator && ast_operator(ast, node) != AST_ADD &&
            ast_operator(ast, node) != AST_SUB)
            return AST_NONE;
        node = ast_child(ast, node, 0);
        if (node == AST_NONE)
            return AST_NONE;
    }
    return AST_NONE;
}

CXCursor flow_variable(const Ast *ast, guint expression) {
    guint node = variable_node(ast, expression);
    CXCursor cursor = node != AST_NONE ? ast_referenced(ast, node) : clang.getNullCursor();
    enum CXCursorKind kind = ast_is_null(cursor) ? CXCursor_InvalidFile : clang.getCursorKind(cursor);

    return kind == CXCursor_VarDecl || kind == CXCursor_ParmDecl ? cursor : clang.getNullCursor();
}

/* Variables. */

static guint hash_cursor(gconstpointer cursor) {
    return clang.hashCursor(*(const CXCursor *)cursor);
}

static gboolean equal_cursors(gconstpointer a, gconstpointer b) {
    return clang.equalCursors(*(const CXCursor *)a, *(const CXCursor *)b) != 0;
}

static void variable_free(gpointer data) {
    Variable *variable = data;

    g_array_unref(variable->values);
    g_array_unref(variable->contents);
    g_ptr_array_unref(variable->same);
    g_free(variable);
}

Flow *flow_new(const Ast *ast) {
    Flow *flow = g_new0(Flow, 1);

    flow->ast = ast;
    flow->function = AST_NONE;
    flow->variables = g_hash_table_new_full(hash_cursor, equal_cursors, NULL, variable_free);
    return flow;
}

void flow_free(Flow *flow) {
    g_hash_table_unref(flow->variables);
    g_free(flow);
}

static bool is_array(CXType type) {
    return type.kind == CXType_ConstantArray || type.kind == CXType_VariableArray ||
           type.kind == CXType_IncompleteArray;
}

static bool is_const(CXType type) {
    while (clang.isConstQualifiedType(type) == 0 &&
           is_array(type)) /* of the canonical one it may be either */
        type = clang.getCanonicalType(clang.getArrayElementType(type));
    return clang.isConstQualifiedType(type) != 0;
}

/* Of one that is no local variable, what other functions do is not known, unless it is constant. */
static Origin base_of(CXCursor cursor) {
    CXType type = clang.getCanonicalType(clang.getCursorType(cursor));

    if (clang.getCursorKind(cursor) == CXCursor_ParmDecl)
        return ORIGIN_PARAMETER;
    if (clang.getCursorLinkage(cursor) == CXLinkage_NoLinkage || is_const(type))
        return ORIGIN_CONSTANT;
    return ORIGIN_UNKNOWN;
}

static Variable *variable_of(Flow *flow, CXCursor cursor) {
    Variable *variable = g_hash_table_lookup(flow->variables, &cursor);

    if (variable != NULL || ast_is_null(cursor))
        return variable;
    variable = g_new0(Variable, 1);
    variable->cursor = cursor;
    variable->values = g_array_new(FALSE, FALSE, sizeof(guint));
    variable->contents = g_array_new(FALSE, FALSE, sizeof(guint));
    variable->same = g_ptr_array_new();
    variable->base = base_of(cursor);
    variable->is_array = is_array(clang.getCanonicalType(clang.getCursorType(cursor)));
    variable->is_changed = variable->base != ORIGIN_CONSTANT;
    g_hash_table_insert(flow->variables, &variable->cursor, variable);
    return variable;
}

/* Whether the expression is the variable itself, and not what it points to or holds. */
static bool is_itself(const Ast *ast, guint expression) {
    return ast_node(ast, ast_bare(ast, expression))->kind == CXCursor_DeclRefExpr;
}

/* A pointer to an array shares what the array holds. */
static void share(Flow *flow, Variable *variable, guint value) {
    Variable *other = variable_of(flow, flow_variable(flow->ast, value));
    CXType type = clang.getCanonicalType(clang.getCursorType(variable->cursor));

    if (other == NULL || other == variable || type.kind != CXType_Pointer)
        return;
    g_ptr_array_add(variable->same, other);
    g_ptr_array_add(other->same, variable);
}

static void set_value(Flow *flow, Variable *variable, guint value) {
    g_array_append_val(variable->values, value);
    share(flow, variable, value);
}

/* No macro, which would ask twice. */
static Origin higher(Origin a, Origin b) {
    return a > b ? a : b;
}

static void raise_origin(Variable *variable, Origin origin) {
    variable->base = higher(variable->base, origin);
    variable->is_written = true;
}

/* What is given to an expression that is no plain variable goes into what that holds. */
static void assign(Flow *flow, guint left, guint right, bool is_compound) {
    Variable *variable = variable_of(flow, flow_variable(flow->ast, left));

    if (variable == NULL)
        return;
    if (is_itself(flow->ast, left)) {
        set_value(flow, variable, right);
        variable->is_changed = variable->is_changed || is_compound;
        return;
    }
    g_array_append_val(variable->contents, right);
    variable->is_written = true;
}

/* Whether a function may change what the argument points to. */
static bool may_change(const Ast *ast, guint call, guint number, guint argument) {
    CXType type = clang.getCanonicalType(clang.getCursorType(ast_referenced(ast, call)));
    CXType parameter = clang.getCanonicalType(clang.getArgType(type, number));
    CXType own = ast_type(ast, ast_bare(ast, argument));

    if (parameter.kind == CXType_Pointer || parameter.kind == CXType_LValueReference)
        return clang.isConstQualifiedType(clang.getPointeeType(parameter)) == 0;
    return parameter.kind == CXType_Invalid && (own.kind == CXType_Pointer || is_array(own)) &&
           clang.isFunctionTypeVariadic(type) == 0;
}

/* What an argument is afterwards; `at` is a variable or its address. */
static void write_argument(Flow *flow, const Call *known, guint call, guint number, guint argument) {
    Variable *variable = variable_of(flow, flow_variable(flow->ast, argument));
    bool is_address = ast_operator(flow->ast, ast_value(flow->ast, argument)) == AST_ADDRESS;
    guint bit = number < 16 ? 1u << number : 0;

    if (variable == NULL)
        return;
    if (known == NULL) {
        if (!may_change(flow->ast, call, number, argument))
            return;
        raise_origin(variable, ORIGIN_UNKNOWN);
        variable->is_changed = variable->is_changed || is_address;
        return;
    }
    if ((known->outside & bit) != 0)
        raise_origin(variable, ORIGIN_EXTERNAL);
    for (guint i = 0; (known->to & bit) != 0 && i < 16; i++) {
        guint from = (known->from >> i & 1) != 0 ? flow_argument(flow->ast, call, i) : AST_NONE;

        if (from == AST_NONE)
            continue;
        g_array_append_val(variable->contents, from);
        variable->is_written = true;
    }
    if (((known->outside | known->to) & bit) != 0)
        variable->is_changed = variable->is_changed || is_address;
}

static void read_call(Flow *flow, guint call) {
    g_autofree char *name = flow_callee(flow->ast, call);
    const Call *known = call_find(name);
    guint number = 0;

    if (name != NULL && call_only_reads(name))
        return;
    for (guint argument = flow_argument(flow->ast, call, 0); argument < ast_node(flow->ast, call)->end;
         argument = ast_node(flow->ast, argument)->end)
        write_argument(flow, known, call, number++, argument);
}

static void read_variable(Flow *flow, guint node) {
    CXCursor cursor = clang.getCanonicalCursor(ast_node(flow->ast, node)->cursor);
    Variable *variable = variable_of(flow, cursor);
    guint last = ast_last_child(flow->ast, node);

    if (last != AST_NONE &&
        !ast_is_null(clang.Cursor_getVarDeclInitializer(ast_node(flow->ast, node)->cursor)))
        set_value(flow, variable, last);
}

/* The arguments of the program are from outside; how many there are is a harmless number. */
static void read_parameter(Flow *flow, guint node) {
    guint function = ast_node(flow->ast, node)->parent;
    g_autofree char *name =
        function != AST_NONE ? names_spelling(ast_node(flow->ast, function)->cursor) : NULL;
    Variable *variable = variable_of(flow, clang.getCanonicalCursor(ast_node(flow->ast, node)->cursor));

    if ((g_strcmp0(name, "main") == 0 || g_strcmp0(name, "wmain") == 0) &&
        ast_type(flow->ast, node).kind == CXType_Pointer)
        variable->base = ORIGIN_EXTERNAL;
}

static void read_change(Flow *flow, guint node) {
    guint child = ast_child(flow->ast, node, 0);
    Variable *variable = child != AST_NONE && is_itself(flow->ast, child)
                             ? variable_of(flow, flow_variable(flow->ast, child))
                             : NULL;

    if (variable != NULL)
        variable->is_changed = true;
}

static void read_node(Flow *flow, guint node) {
    const AstNode *it = ast_node(flow->ast, node);
    bool is_compound = it->kind == CXCursor_CompoundAssignOperator;

    switch (it->kind) {
    case CXCursor_VarDecl:
        read_variable(flow, node);
        return;
    case CXCursor_ParmDecl:
        read_parameter(flow, node);
        return;
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
        if (is_compound || ast_operator(flow->ast, node) == AST_ASSIGN)
            assign(flow, ast_child(flow->ast, node, 0), ast_last_child(flow->ast, node), is_compound);
        return;
    case CXCursor_UnaryOperator:
        if (ast_operator(flow->ast, node) == AST_STEP)
            read_change(flow, node);
        return;
    case CXCursor_CallExpr:
        read_call(flow, node);
        return;
    default:
        return;
    }
}

/* Reads the function that an expression stands in, if it is another one than before. A lambda's variables are
 * those of the function around it. */
static void enter(Flow *flow, guint expression) {
    guint function = ast_function(flow->ast, expression);

    flow->question++;
    flow->steps = 0;
    if (function == flow->function)
        return;
    g_hash_table_remove_all(flow->variables);
    flow->function = function;
    if (function == AST_NONE)
        return;
    for (guint i = function; i < ast_node(flow->ast, function)->end; i++)
        read_node(flow, i);
}

/* Whether a question has gone as far as it may, so that none takes long. */
static bool is_too_far(Flow *flow, guint node) {
    return node == AST_NONE || flow->depth >= DEEPEST || flow->steps++ > MOST_STEPS;
}

/* Origins. */

static Origin origin_of(Flow *flow, guint node);

static Origin origin_of_all(Flow *flow, const GArray *expressions) {
    Origin origin = ORIGIN_CONSTANT;

    for (guint i = 0; i < expressions->len && origin < ORIGIN_EXTERNAL; i++)
        origin = higher(origin, origin_of(flow, g_array_index(expressions, guint, i)));
    return origin;
}

/* Of all that a question comes to, the highest counts: so a variable has to be looked at once for each, which
 * also ends the search where variables are given each other. */
static Origin origin_of_variable(Flow *flow, Variable *variable) {
    Origin origin = variable->base;

    if (variable->asked == flow->question)
        return ORIGIN_CONSTANT;
    if (flow->depth >= DEEPEST)
        return ORIGIN_UNKNOWN;
    variable->asked = flow->question;
    flow->depth++;
    origin = higher(origin, origin_of_all(flow, variable->values));
    origin = higher(origin, origin_of_all(flow, variable->contents));
    for (guint i = 0; i < variable->same->len; i++)
        origin = higher(origin, origin_of_variable(flow, variable->same->pdata[i]));
    flow->depth--;
    return origin;
}

static Origin origin_of_children(Flow *flow, guint node, guint from) {
    Origin origin = ORIGIN_CONSTANT;

    for (guint child = ast_child(flow->ast, node, from); child < ast_node(flow->ast, node)->end;
         child = ast_node(flow->ast, child)->end)
        origin = higher(origin, origin_of(flow, child));
    return origin;
}

/* A program may have a function of its own for texts to be translated, as git has; they all do the same. */
static const Call *call_of(const Ast *ast, guint node) {
    static const char *const translations[] = {"_", "Q_", "gettext", "ngettext", NULL};
    g_autofree char *name = flow_callee(ast, node), *own = NULL;

    if (name != NULL)
        return call_find(name);
    own = names_spelling(ast_node(ast, node)->cursor);
    return g_strv_contains(translations, own) ? call_find(own) : NULL;
}

static Origin origin_of_call(Flow *flow, guint node) {
    const Call *known = call_of(flow->ast, node);
    Origin origin = ORIGIN_CONSTANT;

    if (known != NULL && known->gives_outside)
        return ORIGIN_EXTERNAL;
    if (known == NULL || (known->gives == 0 && !known->is_fixed))
        return ORIGIN_UNKNOWN;
    for (guint i = 0; i < 16; i++) {
        guint argument = (known->gives >> i & 1) != 0 ? flow_argument(flow->ast, node, i) : AST_NONE;

        if (argument != AST_NONE)
            origin = higher(origin, origin_of(flow, argument));
    }
    return origin;
}

static Origin origin_of_name(Flow *flow, guint node) {
    CXCursor cursor = ast_referenced(flow->ast, node);
    enum CXCursorKind kind = ast_is_null(cursor) ? CXCursor_InvalidFile : clang.getCursorKind(cursor);
    g_autofree char *name = NULL;

    if (kind == CXCursor_EnumConstantDecl || kind == CXCursor_FunctionDecl)
        return ORIGIN_CONSTANT;
    if (kind != CXCursor_VarDecl && kind != CXCursor_ParmDecl)
        return ORIGIN_UNKNOWN;
    name = names_spelling(cursor);
    if (strcmp(name, "environ") == 0 || strcmp(name, "optarg") == 0)
        return ORIGIN_EXTERNAL;
    return origin_of_variable(flow, variable_of(flow, cursor));
}

/* What is reached by way of a variable: constant where all of that is; from outside where it is; else it is
 * not known what stands there. */
static Origin origin_of_part(Flow *flow, guint node) {
    CXCursor cursor = flow_variable(flow->ast, node);
    Origin origin = ast_is_null(cursor) ? origin_of(flow, ast_child(flow->ast, node, 0))
                                        : origin_of_variable(flow, variable_of(flow, cursor));

    return origin == ORIGIN_PARAMETER && ast_node(flow->ast, node)->kind == CXCursor_MemberRefExpr
               ? ORIGIN_UNKNOWN
               : origin;
}

static Origin origin_of_operator(Flow *flow, guint node) {
    switch (ast_operator(flow->ast, node)) {
    case AST_LESS:
    case AST_MORE:
    case AST_LESS_EQUAL:
    case AST_MORE_EQUAL:
    case AST_COMPARE:
    case AST_LOGICAL:
    case AST_NOT:
        return ORIGIN_CONSTANT; /* one or zero */
    case AST_ASSIGN:
    case AST_COMMA:
        return origin_of(flow, ast_last_child(flow->ast, node));
    case AST_DEREFERENCE:
    case AST_ADDRESS:
        return origin_of_part(flow, node);
    default:
        return origin_of_children(flow, node, 0);
    }
}

static Origin origin_of_kind(Flow *flow, guint node) {
    switch (ast_node(flow->ast, node)->kind) {
    case CXCursor_StringLiteral:
    case CXCursor_IntegerLiteral:
    case CXCursor_CharacterLiteral:
    case CXCursor_FloatingLiteral:
    case CXCursor_UnaryExpr: /* sizeof */
    case CXCursor_GNUNullExpr:
    case CXCursor_CXXNullPtrLiteralExpr:
    case CXCursor_CXXBoolLiteralExpr:
        return ORIGIN_CONSTANT;
    case CXCursor_DeclRefExpr:
        return origin_of_name(flow, node);
    case CXCursor_CallExpr:
        return origin_of_call(flow, node);
    case CXCursor_ConditionalOperator:
        return origin_of_children(flow, node, 1);
    case CXCursor_InitListExpr:
        return origin_of_children(flow, node, 0);
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
    case CXCursor_UnaryOperator:
        return origin_of_operator(flow, node);
    case CXCursor_ArraySubscriptExpr:
    case CXCursor_MemberRefExpr:
        return origin_of_part(flow, node);
    default:
        return ORIGIN_UNKNOWN;
    }
}

static Origin origin_of(Flow *flow, guint node) {
    Origin origin;

    if (is_too_far(flow, node))
        return ORIGIN_UNKNOWN;
    flow->depth++;
    origin = origin_of_kind(flow, ast_value(flow->ast, node));
    flow->depth--;
    return origin;
}

Origin flow_origin(Flow *flow, guint expression) {
    enter(flow, expression);
    return origin_of(flow, expression);
}

/* The variable that an expression is, if all that it is ever set to is known; NULL. */
static Variable *plain_variable(Flow *flow, guint node) {
    CXCursor cursor = ast_referenced(flow->ast, node);
    enum CXCursorKind kind;

    if (ast_node(flow->ast, node)->kind != CXCursor_DeclRefExpr || ast_is_null(cursor))
        return NULL;
    kind = clang.getCursorKind(cursor);
    Variable *variable = kind == CXCursor_VarDecl ? variable_of(flow, cursor) : NULL;

    return variable != NULL && !variable->is_changed && !variable->is_busy && variable->values->len > 0
               ? variable
               : NULL;
}

/* Numbers. */

static bool value_of(Flow *flow, guint node, gint64 *ret_least, gint64 *ret_most);

static bool value_of_variable(Flow *flow, Variable *variable, gint64 *ret_least, gint64 *ret_most) {
    bool is_known = true;

    *ret_least = G_MAXINT64;
    *ret_most = G_MININT64;
    variable->is_busy = true;
    for (guint i = 0; is_known && i < variable->values->len; i++) {
        gint64 least, most;

        is_known = value_of(flow, g_array_index(variable->values, guint, i), &least, &most);
        *ret_least = is_known ? MIN(*ret_least, least) : *ret_least;
        *ret_most = is_known ? MAX(*ret_most, most) : *ret_most;
    }
    variable->is_busy = false;
    return is_known;
}

/* What clang makes of it. Not of what depends on a template's arguments. */
static bool evaluate(const Ast *ast, guint node, gint64 *ret) {
    CXType type = ast_type(ast, node);
    CXEvalResult result;
    bool is_number;

    if (type.kind < CXType_Bool || type.kind > CXType_Int128)
        if (type.kind != CXType_Enum)
            return false;
    result = clang.Cursor_Evaluate(ast_node(ast, node)->cursor);
    is_number = result != NULL && clang.EvalResult_getKind(result) == CXEval_Int;
    if (is_number)
        *ret = clang.EvalResult_getAsLongLong(result);
    if (result != NULL)
        clang.EvalResult_dispose(result);
    return is_number;
}

static bool combine(AstOperator operator, gint64 a, gint64 b, gint64 *ret) {
    switch (operator) {
    case AST_ADD:
        return !__builtin_add_overflow(a, b, ret);
    case AST_SUB:
        return !__builtin_sub_overflow(a, b, ret);
    case AST_MUL:
        return !__builtin_mul_overflow(a, b, ret);
    default:
        return false;
    }
}

static bool value_of_binary(Flow *flow, guint node, gint64 *ret_least, gint64 *ret_most) {
    AstOperator operator= ast_operator(flow->ast, node);
    gint64 a, b, c, d, corners[4];

    if ((operator!= AST_ADD && operator!= AST_SUB && operator!= AST_MUL) ||
        !value_of(flow, ast_child(flow->ast, node, 0), &a, &b) ||
        !value_of(flow, ast_last_child(flow->ast, node), &c, &d) || !combine(operator, a, c, &corners[0]) ||
        !combine(operator, a, d, &corners[1]) || !combine(operator, b, c, &corners[2]) ||
        !combine(operator, b, d, &corners[3]))
        return false;
    *ret_least = MIN(MIN(corners[0], corners[1]), MIN(corners[2], corners[3]));
    *ret_most = MAX(MAX(corners[0], corners[1]), MAX(corners[2], corners[3]));
    return true;
}

static bool value_of(Flow *flow, guint node, gint64 *ret_least, gint64 *ret_most) {
    Variable *variable;
    bool is_known = false;

    if (is_too_far(flow, node))
        return false;
    node = ast_value(flow->ast, node);
    variable = plain_variable(flow, node);
    flow->depth++;
    if (variable != NULL)
        is_known = value_of_variable(flow, variable, ret_least, ret_most);
    else if (evaluate(flow->ast, node, ret_least))
        *ret_most = *ret_least, is_known = true;
    else if (ast_node(flow->ast, node)->kind == CXCursor_BinaryOperator)
        is_known = value_of_binary(flow, node, ret_least, ret_most);
    flow->depth--;
    return is_known;
}

bool flow_value(Flow *flow, guint expression, gint64 *ret_least, gint64 *ret_most) {
    enter(flow, expression);
    return value_of(flow, expression, ret_least, ret_most);
}

/* Sizes. */

static bool size_of(Flow *flow, guint node, guint64 *ret_least, guint64 *ret_most);

static bool size_of_variable(Flow *flow, Variable *variable, guint64 *ret_least, guint64 *ret_most) {
    bool is_known = true;

    *ret_least = G_MAXUINT64;
    *ret_most = 0;
    variable->is_busy = true;
    for (guint i = 0; is_known && i < variable->values->len; i++) {
        guint64 least, most;

        is_known = size_of(flow, g_array_index(variable->values, guint, i), &least, &most);
        *ret_least = is_known ? MIN(*ret_least, least) : *ret_least;
        *ret_most = is_known ? MAX(*ret_most, most) : *ret_most;
    }
    variable->is_busy = false;
    return is_known;
}

/* An array as the last of a structure may be longer than it says, which is written as one of 0 or 1. */
static bool size_of_array(const Ast *ast, guint node, guint64 *ret) {
    CXType type = ast_type(ast, node);
    long long size = type.kind == CXType_ConstantArray ? clang.Type_getSizeOf(type) : -1;
    long long element = size > 0 ? clang.Type_getSizeOf(clang.getArrayElementType(type)) : 0;

    if (size <= 0 || (ast_node(ast, node)->kind == CXCursor_MemberRefExpr && size <= element))
        return false;
    *ret = (guint64)size;
    return true;
}

static bool size_of_call(Flow *flow, guint node, guint64 *ret_least, guint64 *ret_most) {
    g_autofree char *name = flow_callee(flow->ast, node);
    const Call *known = call_find(name);
    gint64 least, most, by_least = 1, by_most = 1;

    if (known == NULL || known->size == 0 ||
        !value_of(flow, flow_argument(flow->ast, node, (guint)known->size - 1), &least, &most) ||
        (known->size_by != 0 &&
         !value_of(flow, flow_argument(flow->ast, node, (guint)known->size_by - 1), &by_least, &by_most)) ||
        least < 0 || by_least < 0 || most > G_MAXINT32 || by_most > G_MAXINT32)
        return false;
    *ret_least = (guint64)least * (guint64)by_least;
    *ret_most = (guint64)most * (guint64)by_most;
    return true;
}

/* `array + 3`, `&array[3]`: what is left behind that. */
static bool size_of_rest(Flow *flow, guint base, guint offset, guint64 *ret_least, guint64 *ret_most) {
    CXType type = ast_type(flow->ast, ast_bare(flow->ast, base));
    CXType element = is_array(type) ? clang.getArrayElementType(type) : clang.getPointeeType(type);
    long long unit = clang.Type_getSizeOf(clang.getCanonicalType(element));
    gint64 least, most;

    if (unit <= 0 || !value_of(flow, offset, &least, &most) || least < 0 || most > G_MAXINT32 ||
        !size_of(flow, base, ret_least, ret_most))
        return false;
    *ret_least -= MIN(*ret_least, (guint64)most * (guint64)unit);
    *ret_most -= MIN(*ret_most, (guint64)least * (guint64)unit);
    return true;
}

static bool size_of_operator(Flow *flow, guint node, guint64 *ret_least, guint64 *ret_most) {
    AstOperator operator= ast_operator(flow->ast, node);
    guint first = ast_child(flow->ast, node, 0);

    if (operator== AST_ADD)
        return size_of_rest(flow, first, ast_last_child(flow->ast, node), ret_least, ret_most);
    if (operator== AST_ASSIGN)
        return size_of(flow, ast_last_child(flow->ast, node), ret_least, ret_most);
    if (operator!= AST_ADDRESS || first == AST_NONE)
        return false;
    first = ast_bare(flow->ast, first);
    if (ast_node(flow->ast, first)->kind == CXCursor_ArraySubscriptExpr)
        return size_of_rest(flow, ast_child(flow->ast, first, 0), ast_last_child(flow->ast, first), ret_least,
                            ret_most);
    if (ast_node(flow->ast, first)->kind != CXCursor_DeclRefExpr)
        return false;
    *ret_least = *ret_most = (guint64)MAX(clang.Type_getSizeOf(ast_type(flow->ast, first)), 0);
    return *ret_most > 0;
}

static bool size_of_kind(Flow *flow, guint node, guint64 *ret_least, guint64 *ret_most) {
    switch (ast_node(flow->ast, node)->kind) {
    case CXCursor_CallExpr:
        return size_of_call(flow, node, ret_least, ret_most);
    case CXCursor_BinaryOperator:
    case CXCursor_UnaryOperator:
        return size_of_operator(flow, node, ret_least, ret_most);
    default:
        return false;
    }
}

static bool size_of(Flow *flow, guint node, guint64 *ret_least, guint64 *ret_most) {
    Variable *variable;
    bool is_known;

    if (is_too_far(flow, node))
        return false;
    node = ast_value(flow->ast, node);
    if (size_of_array(flow->ast, node, ret_most)) {
        *ret_least = *ret_most;
        return true;
    }
    variable = plain_variable(flow, node);
    flow->depth++;
    is_known = variable != NULL && !variable->is_array ? size_of_variable(flow, variable, ret_least, ret_most)
                                                       : size_of_kind(flow, node, ret_least, ret_most);
    flow->depth--;
    return is_known;
}

bool flow_size(Flow *flow, guint expression, guint64 *ret_least, guint64 *ret_most) {
    enter(flow, expression);
    return size_of(flow, expression, ret_least, ret_most);
}

/* Strings. */

/* The literals that it can be, into `found` (of guint). false where it can be something else. */
static bool collect_literals(Flow *flow, guint node, GArray *found) {
    Variable *variable;
    bool is_known = true;

    if (is_too_far(flow, node) || found->len > MOST_LITERALS)
        return false;
    node = ast_value(flow->ast, node);
    if (ast_node(flow->ast, node)->kind == CXCursor_StringLiteral) {
        g_array_append_val(found, node);
        return true;
    }
    flow->depth++;
    if (ast_node(flow->ast, node)->kind == CXCursor_ConditionalOperator) {
        is_known = collect_literals(flow, ast_child(flow->ast, node, 1), found) &&
                   collect_literals(flow, ast_last_child(flow->ast, node), found);
    } else {
        variable = plain_variable(flow, node);
        is_known = variable != NULL && !variable->is_written;
        for (guint i = 0; is_known && i < variable->same->len; i++)
            is_known = !((const Variable *)variable->same->pdata[i])->is_written;
        for (guint i = 0; is_known && i < variable->values->len; i++)
            is_known = collect_literals(flow, g_array_index(variable->values, guint, i), found);
    }
    flow->depth--;
    return is_known;
}

bool flow_string_size(Flow *flow, guint expression, guint64 *ret_size) {
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    guint64 most = 0;

    enter(flow, expression);
    if (!collect_literals(flow, expression, found) || found->len == 0)
        return false;
    for (guint i = 0; i < found->len; i++) {
        long long size = clang.Type_getSizeOf(ast_type(flow->ast, g_array_index(found, guint, i)));

        most = MAX(most, (guint64)MAX(size, 0));
    }
    *ret_size = most;
    return true;
}

char *flow_string(Flow *flow, guint expression) {
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree char *text = NULL;
    const char *open, *close;

    enter(flow, expression);
    if (!collect_literals(flow, expression, found) || found->len != 1)
        return NULL;
    text = names_spelling(ast_node(flow->ast, g_array_index(found, guint, 0))->cursor); /* L"..." */
    open = strchr(text, '"');
    close = strrchr(text, '"');
    return close > open ? g_utf8_make_valid(open + 1, close - open - 1) : NULL;
}
