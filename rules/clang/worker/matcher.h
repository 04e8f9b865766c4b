/* matcher.h: the rules of the kinds c_ast and clang over one file.
 *
 * What they find is told as JSON (wire.h), with places in the reviewed file alone. A call that a rule looks
 * for, in a part of the file that the parser did not understand, is told too: nothing may be lost silently.
 */
#pragma once

#include "rules/clang/worker/libclang.h"

#include <glib.h>
#include <jansson.h>

typedef struct Matcher Matcher;

/* The rules of a request; NULL where that is no list. */
Matcher *matcher_new(const char *json);
void matcher_free(Matcher *matcher);

/* The warnings that the rules with these numbers (of guint) need, as options, added to `argv`. */
void matcher_flags(const Matcher *matcher, const GArray *rules, GPtrArray *argv);

/* Adds what they find to `answer`. */
void matcher_run(Matcher *matcher, const GArray *rules, CXTranslationUnit unit, CXFile file, json_t *answer);
