/* rules.h: what the subcommands of `sallyport rules` share.
 *
 *   rules.c          the subcommands, and the catalogue
 *   rules_list.c     list
 *   rules_explain.c  explain
 *   rules_try.c      test
 */
#pragma once

#include "cmd/cmd.h"
#include "rules/check.h"
#include "rules/rule.h"

/* One rule, and what the policy makes of it. */
typedef struct {
    const RuleInfo *info;
    const Rule *rule;  /* NULL: it is code, and in no rule file */
    const char *pack;  /* "python"; of a rule file the name that it gives itself, or NULL */
    bool in_force;     /* by the policy it is looked for, and its severity is not off */
    Severity severity; /* by the policy, overrides left out; where it is not looked for, its own */
} Described;

/* All rules: those of the packs, of the policy's rule files, and those that are code. */
typedef struct {
    Policy *policy;
    RuleSet *in_force, *packs;
    CheckResult *own;
    GArray *rules; /* of Described, sorted by id */
} Catalogue;

/* By the policy of `file`, or where it is NULL the one of the work tree, or the default. NULL (and said on
 * stderr) where that is not valid. */
Catalogue *catalogue_new(const char *file);
void catalogue_free(Catalogue *catalogue);
const Described *catalogue_find(const Catalogue *catalogue, const char *id);

int rules_list(int argc, char **argv);
int rules_explain(int argc, char **argv);
int rules_try(int argc, char **argv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Catalogue, catalogue_free)
