/* diagnostics.h: clang's own warnings as findings of the rules that ask for them, with their fix-its. */
#pragma once

#include "rules/clang/worker/ast.h"
#include "rules/clang/worker/condition.h"

#include <jansson.h>

/* What one rule finds: objects of wire.h, without the rule's number. */
json_t *diagnostics_find(const Conditions *c, const json_t *rule);
