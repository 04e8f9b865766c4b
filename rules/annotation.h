/* annotation.h: comments in a source that say what the rules are to find there, so that a source is a test.
 *
 *   # ruleid: python.eval              the next line has a finding of it
 *   eval(x)
 *   # ok: python.eval                  the next line has none
 *   model.eval()
 *   y = eval(x)  # ruleid: python.eval, python.exec   behind code: that line; several rules
 *
 * The next line is the one below, a comment or not, unless that has only further ones of these.
 *
 * As semgrep has it, with todoruleid and todook for what is known to be found wrongly: these are counted, and
 * no failure. comment.h says what a comment is. Order: annotation_read(), annotation_compare(). */
#pragma once

#include "rules/check.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *rule;
    guint at;   /* the line of the comment, */
    guint line; /* and the one that it speaks of */
    bool finds; /* ruleid */
    bool todo;  /* it is known that the rules do not do so */
} Annotation;

/* All of the text, in order, as an array of Annotation, which owns what is in them. One that cannot hold (no
 * rule of that id in `rules`, no line that it speaks of, more than CAP_ANNOTATIONS) is said in `ret_error`,
 * as "12: what is wrong", and then NULL comes back. `language` is rule_language_of()'s. */
GPtrArray *annotation_read(const RuleSet *rules, const char *language, const char *text, gsize len,
                           char **ret_error);

/* Adds to `failures` (of TestFailure, example.h) what the findings of the file, of `result`, do not hold of
 * what is expected. With `strict`, each finding that no annotation speaks of is one too. `file` is as it is
 * to be shown. */
void annotation_compare(const GPtrArray *annotations, const CheckResult *result, const char *file,
                        bool strict, GPtrArray *failures);
