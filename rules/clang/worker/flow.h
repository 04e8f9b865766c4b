/* flow.h: within one function, where values come from and how large things are.
 *
 * Without regard to order: what a variable is ever given within the function counts, wherever that stands. So
 * one that is only ever given literals is a literal, and one into which something from outside is read once
 * is from outside. A pointer to an array and the array are one in what they hold. Calls whose effect is known
 * (strcpy, fgets, recv, ...) are followed; all other ones that are given a pointer to what may be changed
 * leave something unknown in it. */
#pragma once

#include "rules/clang/worker/ast.h"

/* From the most harmless up; of several the highest counts. */
typedef enum {
    ORIGIN_CONSTANT,  /* literals alone */
    ORIGIN_UNKNOWN,   /* another function, a global variable */
    ORIGIN_PARAMETER, /* of the function */
    ORIGIN_EXTERNAL,  /* the environment, a file, the network, the command line */
} Origin;

typedef struct Flow Flow;

Flow *flow_new(const Ast *ast);
void flow_free(Flow *flow);

Origin flow_origin(Flow *flow, guint expression);

/* The least and the largest that a whole number can be. false where that is not known. */
bool flow_value(Flow *flow, guint expression, gint64 *ret_least, gint64 *ret_most);

/* How many bytes there are at a pointer: the least, and the most that it can be. false where that is not
 * known. */
bool flow_size(Flow *flow, guint expression, guint64 *ret_least, guint64 *ret_most);

/* How many bytes the longest of the string literals takes that it can be, with the NUL. false where it can be
 * something else. */
bool flow_string_size(Flow *flow, guint expression, guint64 *ret_size);

/* The string, newly allocated, with its escapes as they are written; NULL where it is not one literal. */
char *flow_string(Flow *flow, guint expression);

/* The variable of an expression: `p` of p, &p, p[i], *p, p + 1, p->a. A null cursor where there is none. */
CXCursor flow_variable(const Ast *ast, guint expression);

/* The name of the function that a node calls or names; NULL where it is none, or a function of the file's own
 * that only is called the same. Newly allocated: "strcpy", "space::name"; of C's library without `std::` and
 * `__builtin_`. */
char *flow_callee(const Ast *ast, guint node);
/* The expression that is the argument; AST_NONE: there are not so many. */
guint flow_argument(const Ast *ast, guint call, guint number);
guint flow_argument_count(const Ast *ast, guint call);
