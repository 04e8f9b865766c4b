#include "rules/clang/worker/ast.h"

#include <string.h>

/* The way down: the nodes that the walk stands in. */
typedef struct {
    Ast *ast;
    GArray *path; /* of guint */
} Walk;

const AstNode *ast_node(const Ast *ast, guint node) {
    return &g_array_index(ast->nodes, AstNode, node);
}

unsigned ast_offset(const Ast *ast, CXSourceLocation location) {
    unsigned offset = 0;
    CXFile file = NULL;

    clang.getFileLocation(location, &file, NULL, NULL, &offset);
    return file != NULL && clang.File_isEqual(file, ast->file) != 0 ? offset : G_MAXUINT;
}

static bool is_function(enum CXCursorKind kind) {
    return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod || kind == CXCursor_Constructor ||
           kind == CXCursor_Destructor || kind == CXCursor_ConversionFunction ||
           kind == CXCursor_FunctionTemplate || kind == CXCursor_LambdaExpr;
}

static guint last_of(const GArray *path) {
    return path->len > 0 ? g_array_index(path, guint, path->len - 1) : AST_NONE;
}

/* Leaves what the walk has come to the end of. */
static void leave(const Walk *walk, CXCursor parent) {
    while (walk->path->len > 0) {
        guint last = last_of(walk->path);
        AstNode *node = &g_array_index(walk->ast->nodes, AstNode, last);

        if (clang.equalCursors(node->cursor, parent) != 0)
            return;
        node->end = walk->ast->nodes->len;
        g_array_set_size(walk->path, walk->path->len - 1);
    }
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data) {
    const Walk *walk = data;
    AstNode node = {.cursor = cursor, .kind = clang.getCursorKind(cursor), .function = AST_NONE};
    guint number = walk->ast->nodes->len;

    leave(walk, parent);
    node.parent = last_of(walk->path);
    if (node.parent == AST_NONE &&
        (clang.isPreprocessing(node.kind) != 0 ||
         ast_offset(walk->ast, clang.getRangeStart(clang.getCursorExtent(cursor))) == G_MAXUINT))
        return CXChildVisit_Continue;
    if (is_function(node.kind))
        node.function = number;
    else if (node.parent != AST_NONE)
        node.function = ast_node(walk->ast, node.parent)->function;
    node.end = number + 1;
    g_array_append_val(walk->ast->nodes, node);
    g_array_append_val(walk->path, number);
    return CXChildVisit_Recurse;
}

Ast *ast_read(CXTranslationUnit unit, CXFile file) {
    Ast *ast = g_new0(Ast, 1);
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(guint));
    Walk walk = {.ast = ast, .path = path};
    CXCursor top = clang.getTranslationUnitCursor(unit);

    ast->unit = unit;
    ast->file = file;
    ast->text = clang.getFileContents(unit, file, &ast->len);
    ast->nodes = g_array_new(FALSE, FALSE, sizeof(AstNode));
    clang.visitChildren(top, visit, &walk);
    leave(&walk, top);
    return ast;
}

void ast_free(Ast *ast) {
    g_array_unref(ast->nodes);
    g_free(ast);
}

guint ast_function(const Ast *ast, guint node) {
    guint function = ast_node(ast, node)->function;

    while (function != AST_NONE && ast_node(ast, function)->kind == CXCursor_LambdaExpr &&
           ast_node(ast, function)->parent != AST_NONE)
        function = ast_node(ast, ast_node(ast, function)->parent)->function;
    return function;
}

guint ast_child_count(const Ast *ast, guint node) {
    guint count = 0, end = ast_node(ast, node)->end;

    for (guint child = node + 1; child < end; child = ast_node(ast, child)->end)
        count++;
    return count;
}

guint ast_child(const Ast *ast, guint node, guint number) {
    guint end = ast_node(ast, node)->end;

    for (guint child = node + 1; child < end; child = ast_node(ast, child)->end, number--)
        if (number == 0)
            return child;
    return AST_NONE;
}

guint ast_last_child(const Ast *ast, guint node) {
    guint last = AST_NONE, end = ast_node(ast, node)->end;

    for (guint child = node + 1; child < end; child = ast_node(ast, child)->end)
        last = child;
    return last;
}

static bool is_wrapper(const Ast *ast, guint node) {
    enum CXCursorKind kind = ast_node(ast, node)->kind;

    return (kind == CXCursor_ParenExpr || kind == CXCursor_UnexposedExpr) && ast_child_count(ast, node) == 1;
}

static bool is_cast(enum CXCursorKind kind) {
    return kind == CXCursor_CStyleCastExpr || kind == CXCursor_CXXStaticCastExpr ||
           kind == CXCursor_CXXReinterpretCastExpr || kind == CXCursor_CXXConstCastExpr ||
           kind == CXCursor_CXXFunctionalCastExpr;
}

guint ast_bare(const Ast *ast, guint node) {
    while (is_wrapper(ast, node))
        node++;
    return node;
}

guint ast_value(const Ast *ast, guint node) {
    for (;;) {
        guint last;

        node = ast_bare(ast, node);
        if (!is_cast(ast_node(ast, node)->kind))
            return node;
        last = ast_last_child(ast, node); /* before it stands the type */
        if (last == AST_NONE)
            return node;
        node = last;
    }
}

guint ast_user(const Ast *ast, guint node, guint *ret_below) {
    guint parent = ast_node(ast, node)->parent;

    while (parent != AST_NONE && is_wrapper(ast, parent)) {
        node = parent;
        parent = ast_node(ast, node)->parent;
    }
    *ret_below = node;
    return parent;
}

bool ast_range(const Ast *ast, guint node, unsigned *ret_start, unsigned *ret_end) {
    CXSourceRange range = clang.getCursorExtent(ast_node(ast, node)->cursor);
    unsigned start = ast_offset(ast, clang.getRangeStart(range));
    unsigned end = ast_offset(ast, clang.getRangeEnd(range));

    if (start == G_MAXUINT || start >= ast->len)
        return false;
    *ret_start = start;
    *ret_end = end != G_MAXUINT && end > start && end <= ast->len ? end : start + 1;
    return true;
}

char *ast_text(const Ast *ast, guint node) {
    unsigned start, end;

    if (ast->text == NULL || !ast_range(ast, node, &start, &end))
        return NULL;
    return g_strndup(ast->text + start, end - start);
}

bool ast_is_null(CXCursor cursor) {
    return clang.Cursor_isNull(cursor) != 0;
}

CXCursor ast_referenced(const Ast *ast, guint node) {
    CXCursor referenced = clang.getCursorReferenced(ast_node(ast, node)->cursor);

    return ast_is_null(referenced) ? referenced : clang.getCanonicalCursor(referenced);
}

CXType ast_type(const Ast *ast, guint node) {
    return clang.getCanonicalType(clang.getCursorType(ast_node(ast, node)->cursor));
}

/* Operators: by number since version 17 (CXBinaryOperatorKind, CXUnaryOperatorKind); before, as they are
 * written, which within macros is not known. */

static AstOperator binary_by_number(int number) {
    static const AstOperator operators[] = {
        [3] = AST_MUL,      [6] = AST_ADD,         [7] = AST_SUB,         [11] = AST_LESS,
        [12] = AST_MORE,    [13] = AST_LESS_EQUAL, [14] = AST_MORE_EQUAL, [15] = AST_COMPARE,
        [16] = AST_COMPARE, [20] = AST_LOGICAL,    [21] = AST_LOGICAL,    [22] = AST_ASSIGN,
        [33] = AST_COMMA};

    return number >= 0 && number < (int)G_N_ELEMENTS(operators) ? operators[number] : AST_OTHER;
}

static AstOperator unary_by_number(int number) {
    static const AstOperator operators[] = {
        [1] = AST_STEP,    [2] = AST_STEP,        [3] = AST_STEP,  [4] = AST_STEP,
        [5] = AST_ADDRESS, [6] = AST_DEREFERENCE, [8] = AST_MINUS, [10] = AST_NOT};

    return number >= 0 && number < (int)G_N_ELEMENTS(operators) ? operators[number] : AST_OTHER;
}

typedef struct {
    const char *text;
    AstOperator is;
} Spelling;

static AstOperator look_up(const Spelling *table, gsize count, const char *text) {
    for (gsize i = 0; i < count; i++)
        if (strcmp(table[i].text, text) == 0)
            return table[i].is;
    return AST_OTHER;
}

/* What stands between two places, without blanks and the brackets that close before it or open behind it. */
static char *written_between(const Ast *ast, unsigned from, unsigned to) {
    GString *text = g_string_new(NULL);

    for (unsigned i = from; i < to && i < ast->len && text->len < 8; i++)
        if (strchr(" \t\r\n()", ast->text[i]) == NULL)
            g_string_append_c(text, ast->text[i]);
    return g_string_free(text, FALSE);
}

static AstOperator binary_by_text(const Ast *ast, guint node) {
    static const Spelling spellings[] = {{"*", AST_MUL},         {"+", AST_ADD},      {"-", AST_SUB},
                                         {"<", AST_LESS},        {">", AST_MORE},     {"<=", AST_LESS_EQUAL},
                                         {">=", AST_MORE_EQUAL}, {"==", AST_COMPARE}, {"!=", AST_COMPARE},
                                         {"&&", AST_LOGICAL},    {"||", AST_LOGICAL}, {"=", AST_ASSIGN},
                                         {",", AST_COMMA}};
    guint left = ast_child(ast, node, 0), right = ast_last_child(ast, node);
    unsigned start, from, to, end;
    g_autofree char *text = NULL;

    if (left == right || !ast_range(ast, left, &start, &from) || !ast_range(ast, right, &to, &end))
        return AST_OTHER;
    text = written_between(ast, from, to);
    return look_up(spellings, G_N_ELEMENTS(spellings), text);
}

static AstOperator unary_by_text(const Ast *ast, guint node) {
    static const Spelling spellings[] = {{"&", AST_ADDRESS}, {"*", AST_DEREFERENCE}, {"-", AST_MINUS},
                                         {"!", AST_NOT},     {"++", AST_STEP},       {"--", AST_STEP}};
    guint child = ast_child(ast, node, 0);
    unsigned start, end, from, to;
    g_autofree char *text = NULL;

    if (child == AST_NONE || !ast_range(ast, node, &start, &end) || !ast_range(ast, child, &from, &to))
        return AST_OTHER;
    text = from > start ? written_between(ast, start, from) : written_between(ast, to, end);
    return look_up(spellings, G_N_ELEMENTS(spellings), text);
}

AstOperator ast_operator(const Ast *ast, guint node) {
    CXCursor cursor = ast_node(ast, node)->cursor;

    switch (ast_node(ast, node)->kind) {
    case CXCursor_BinaryOperator:
        return clang.getCursorBinaryOperatorKind != NULL
                   ? binary_by_number(clang.getCursorBinaryOperatorKind(cursor))
                   : binary_by_text(ast, node);
    case CXCursor_UnaryOperator:
        return clang.getCursorUnaryOperatorKind != NULL
                   ? unary_by_number(clang.getCursorUnaryOperatorKind(cursor))
                   : unary_by_text(ast, node);
    default:
        return AST_OTHER;
    }
}
