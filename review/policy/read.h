/* read.h: the parts of policy_parse(), a function a key. Private to this folder.
 *
 * Each takes the value of its key and fills in its part of the policy; an error is added to `errors`, and
 * reading goes on. A policy with an error in it is never handed out, so what is half-read does not matter. */
#pragma once

#include "review/policy/policy.h"

typedef struct {
    Policy *policy;
    const PolicyWords *words;
    YamlErrors *errors;
    LinterPolicy *linter; /* whose keys are read */
    JobPolicy *job;       /* whose keys are read */
    LanguagePolicy *language;
    OverridePolicy *override;
} PolicyReader;

/* A key of a mapping, and who reads its value. */
typedef struct {
    const char *key;
    void (*read)(PolicyReader *reader, const YamlNode *node);
} PolicyKey;

/* Calls the reader of each key that is there; other keys are errors. A value of nothing
 * (`key:`) reads as an empty mapping. `keys` ends with a NULL key. Returns whether it was a mapping. */
bool policy_read_mapping(PolicyReader *reader, const YamlNode *node, const PolicyKey *keys);

void policy_read_linters(PolicyReader *reader, const YamlNode *node);
void policy_read_run(PolicyReader *reader, const YamlNode *node);
void policy_read_languages(PolicyReader *reader, const YamlNode *node);
void policy_read_overrides(PolicyReader *reader, const YamlNode *node);
void policy_read_gate(PolicyReader *reader, const YamlNode *node);
void policy_read_suppress(PolicyReader *reader, const YamlNode *node);
/* After the linters: hands them the gate's limit. */
void policy_limit_complexity(PolicyReader *reader);

/* The rest reads one value. */

/* Patterns of gitignore(5), each checked. */
void policy_read_patterns(PolicyReader *reader, const YamlNode *node, GStrv *ret_patterns);
/* The same, but at least one: without any, nothing would ever fit, and nobody would see it. */
void policy_read_some_patterns(PolicyReader *reader, const YamlNode *node, GStrv *ret_patterns);
/* tree, changed, or patterns. */
void policy_read_needs(PolicyReader *reader, const YamlNode *node, Needs *ret_needs, GStrv *ret_patterns);
/* A severity for all, or a mapping from prefix to severity; added to `map`. */
void policy_read_severity(PolicyReader *reader, const YamlNode *node, GArray *map);
/* Strings that may be empty too: arguments of a program. `node` must be a list. */
void policy_read_arguments(PolicyReader *reader, const YamlNode *node, GStrv *ret_arguments);
/* Adds "expected WHAT, found ...". */
void policy_expected(PolicyReader *reader, const YamlNode *node, const char *what);
/* Adds "no such NOUN 'word'", with a suggestion or else the words that there are, where it is none of them.
 */
bool policy_check_word(PolicyReader *reader, const YamlNode *node, const char *word, const char *noun,
                       const char *const *words);

/* Why a file of that name may not be read or written for a policy, or NULL. */
const char *policy_wrong_file(const char *file);
/* "F", "E9", "python.eval", "ruff.F401", "*": whether it can be the key of a severity. */
bool policy_is_rule_prefix(const char *text);
/* "reason", "until", "owner": in the order of the bits of `require`; NULL-terminated. */
const char *const *policy_requirements(void);

GArray *severity_map_new(void);
/* Adds those defaults of which the map has nothing to say: a code that it names, or that it covers, stays its
 * own. */
void severity_map_add_defaults(GArray *map, const char *tool, const SeverityEntry *defaults);
LinterPolicy *policy_linter_new(const char *name);
/* The keys of a linter of the policy's own, but for those that every linter has. */
extern const PolicyKey policy_custom_keys[];
/* Whether that can be the name of one; if not, the error is added. */
bool policy_custom_name(PolicyReader *reader, const YamlNode *key);
/* What can only be said of all keys together. */
void policy_custom_check(PolicyReader *reader, const YamlNode *node);
CustomLinter *policy_custom_new(void);
void policy_custom_free(CustomLinter *custom);
void policy_linter_free(LinterPolicy *linter);
void policy_job_free(JobPolicy *job);
void policy_language_free(LanguagePolicy *language);
void policy_override_free(OverridePolicy *override);
GatePolicy policy_gate_default(void);
void policy_gate_clear(GatePolicy *gate);
