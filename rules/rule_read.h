/* rule_read.h: the reading of a rule's YAML, by parts: rule_read.c has what all rules share, and a file
 * rule_KIND.c what a kind of rule looks for. For these files and rule.c alone.
 *
 * A new kind is a key of a rule ("regex"), an element of `kinds` in rule_read.c, a member of Rule, and a
 * function here that reads and one that frees it. */
#pragma once

#include "rules/rule.h"

#include <jansson.h>

/* Reads a whole document; adds its rules (of Rule) to `rules`. `set` has those that were there before. What
 * is wrong is in `errors`. */
void rule_read_all(const RuleSet *set, const YamlNode *top, GPtrArray *rules, YamlErrors *errors);
void rule_free(Rule *rule);

/* The value of a key that must be there: NULL, with an error, where it is not. */
const YamlNode *rule_required(const YamlNode *node, const char *key, YamlErrors *errors);
/* Where the key is there. */
void rule_read_string(const YamlNode *node, const char *key, char **ret, YamlErrors *errors);
void rule_read_strings(const YamlNode *node, const char *key, GStrv *ret, YamlErrors *errors);
/* Which places a rule looks at: `in`. PLACE_ANY without it. The rule's languages are read before. */
guint8 rule_read_places(const YamlNode *node, const Rule *rule, YamlErrors *errors);

/* rule_regex.c: a pattern as all rules have them; NULL, with an error. */
pcre2_code *rule_compile(const YamlNode *node, YamlErrors *errors);
void rule_read_regex(const YamlNode *node, Rule *rule, YamlErrors *errors);
void rule_regex_free(RegexRule *regex);

/* rule_call.c; freed by call_rule_free() */
void rule_read_call(const YamlNode *node, Rule *rule, YamlErrors *errors);
/* rule_change.c */
void rule_read_change(const YamlNode *node, Rule *rule, YamlErrors *errors);
void rule_change_free(ChangeRule *change);

/* rule_c_ast.c, rule_clang.c: what is asked of clang. */
void rule_read_c_ast(const YamlNode *node, Rule *rule, YamlErrors *errors);
void rule_read_clang(const YamlNode *node, Rule *rule, YamlErrors *errors);
/* A pattern that the worker tries; as JSON. */
json_t *rule_read_pattern(const YamlNode *node, YamlErrors *errors);
/* One or more of the words, as a JSON list. */
json_t *rule_read_words(const YamlNode *node, const char *const *words, YamlErrors *errors);
void rule_check_c_languages(const YamlNode *node, const Rule *rule, YamlErrors *errors);
