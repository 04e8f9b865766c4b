/* rule.h: the built-in rules, read from YAML: the packs that are part of the program, and a team's own files.
 *
 * Order: rule_set_new(), rule_set_add_pack() and rule_set_add_file() for each, then scan_*() (scan.h) reads
 * it. A rule that cannot be compiled (a pattern, an unknown key, a test that does not hold is left to
 * rule_test) is an error with file:line:column, and the set is refused: a rule that was written and does not
 * run would be a silent pass. */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/finding.h"
#include "rules/match.h"
#include "rules/yaml.h"

#include <glib.h>
#include <pcre2.h>
#include <stdbool.h>

typedef struct {
    RuleInfo *info;    /* id, severity, help, ... */
    char *message;     /* what a finding says */
    GStrv languages;   /* {"any"} or names of rule_language_of(); never NULL */
    Match *exclude;    /* paths that it does not look at; may be NULL */
    GStrv require_any; /* it is only tried in a file that holds one of these; may be NULL */
    pcre2_code *pattern;
    guint group;      /* which group is the region; 0: the whole match */
    GStrv stopwords;  /* a match that holds one of these is let go; may be NULL */
    GPtrArray *allow; /* of pcre2_code: a match that one of these matches is let go; may be NULL */
    GStrv bad, good;  /* its tests */
} Rule;

typedef struct {
    GPtrArray *rules; /* of Rule, sorted by id */
} RuleSet;

/* The names of the packs within the program, NULL-terminated: "change", "default", "python", "secrets". */
const char *const *rule_pack_names(void);

RuleSet *rule_set_new(void);
void rule_set_free(RuleSet *set);

/* Adds a pack's rules. A pack that is there already is not added again. The name must be one of
 * rule_pack_names(). */
bool rule_set_add_pack(RuleSet *set, const char *name, YamlErrors *errors);
/* Adds the rules of a file's text; `errors` names the file. An id that is there already is an error. */
bool rule_set_add_text(RuleSet *set, const char *text, gsize len, YamlErrors *errors);
/* The rule of that id, or NULL. */
const Rule *rule_set_find(const RuleSet *set, const char *id);

/* The language of a file by its name, else by the #! line within `head` (its first bytes): "python", "shell",
 * "javascript", "typescript", "c", "cpp", "yaml", ... or "text". Static text. */
const char *rule_language_of(const char *path, const char *head, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleSet, rule_set_free)
