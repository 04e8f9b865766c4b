/* ast.h: all that stands in the reviewed file, as one array of nodes.
 *
 * libclang tells of a cursor neither its parent nor its place among its brothers, and rules ask for both. So
 * the tree is walked once, and each node notes its parent, where its subtree ends, and in which function it
 * stands: the children of node i are i + 1, then the node where that one's subtree ends, and so on. What
 * other files hold is left out, but for what a macro of theirs is expanded to here. */
#pragma once

#include "rules/clang/worker/libclang.h"

#include <glib.h>
#include <stdbool.h>

#define AST_NONE G_MAXUINT

typedef struct {
    CXCursor cursor;
    enum CXCursorKind kind;
    guint parent;   /* AST_NONE: it stands at the top */
    guint end;      /* the node behind the last of its subtree */
    guint function; /* the innermost function (or lambda) that it stands in; AST_NONE: none */
} AstNode;

typedef struct {
    CXTranslationUnit unit;
    CXFile file;
    const char *text; /* the file's */
    gsize len;
    GArray *nodes; /* of AstNode */
} Ast;

Ast *ast_read(CXTranslationUnit unit, CXFile file);
void ast_free(Ast *ast);

const AstNode *ast_node(const Ast *ast, guint node);
guint ast_child_count(const Ast *ast, guint node);
/* The function around it that has a name: a lambda stands in another one. AST_NONE: none. */
guint ast_function(const Ast *ast, guint node);
/* AST_NONE where it has not so many. */
guint ast_child(const Ast *ast, guint node, guint number);
guint ast_last_child(const Ast *ast, guint node);

/* Down through parentheses and what the language converts by itself. */
guint ast_bare(const Ast *ast, guint node);
/* Through casts, too. */
guint ast_value(const Ast *ast, guint node);
/* Up to the first that is neither. `*ret_below`: its child on the way. */
guint ast_user(const Ast *ast, guint node, guint *ret_below);

/* Where it stands: of a macro, where that is used. false where that is in another file. */
bool ast_range(const Ast *ast, guint node, unsigned *ret_start, unsigned *ret_end);
/* As it is written, newly allocated; NULL where that is not known. */
char *ast_text(const Ast *ast, guint node);
/* The offset in the file; G_MAXUINT: it is another file. */
unsigned ast_offset(const Ast *ast, CXSourceLocation location);

/* What a name stands for, its first declaration; a null cursor where it is none. */
CXCursor ast_referenced(const Ast *ast, guint node);
bool ast_is_null(CXCursor cursor);
CXType ast_type(const Ast *ast, guint node); /* canonical */

typedef enum {
    AST_OTHER,
    AST_MUL,
    AST_ADD,
    AST_SUB,
    AST_LESS,
    AST_MORE,
    AST_LESS_EQUAL,
    AST_MORE_EQUAL,
    AST_COMPARE, /* == and != */
    AST_LOGICAL,
    AST_ASSIGN,
    AST_COMMA,
    AST_STEP, /* ++ and -- */
    AST_ADDRESS,
    AST_DEREFERENCE,
    AST_MINUS,
    AST_NOT,
} AstOperator;

/* Of a binary, compound or unary one. */
AstOperator ast_operator(const Ast *ast, guint node);
