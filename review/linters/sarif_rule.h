/* sarif_rule.h: what a SARIF log says of a rule, and what its reader (sarif.c) shares with that. */
#pragma once

#include "rules/finding.h"

#include <jansson.h>
#include <stdbool.h>

/* Fills in what `json`, a reportingDescriptor, or NULL, has; a rule that was filled in stays as it is. */
void sarif_fill_rule(const json_t *json, RuleInfo *rule);

/* The text at `key`, or at `sub` of what is there, as one line, newly allocated; NULL where it is empty. */
char *sarif_line_of(const json_t *object, const char *key, const char *sub);

/* Whether the word, which may be NULL, is a level, or what tools take for one. */
bool sarif_level_of(const char *word, Severity *ret_severity);
