/* condition.h: what a rule says of a node beyond its kind and its callee, as wire.h has it. */
#pragma once

#include "rules/clang/worker/ast.h"
#include "rules/clang/worker/flow.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct {
    const Ast *ast;
    Flow *flow;
    GHashTable *patterns; /* text -> GRegex, of those that were asked for */
} Conditions;

/* Whether all of a rule's `where` hold for a node. */
bool condition_all(const Conditions *c, guint node, const json_t *where);
/* Whether the node stands in one of these. */
bool condition_under(const Ast *ast, guint node, const json_t *names);
/* Whether what a call gives is dropped. */
bool condition_unused(const Ast *ast, guint node);
bool condition_matches(const Conditions *c, const char *pattern, const char *text);
