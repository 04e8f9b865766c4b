/* fixture.h: what the tests of this folder share: the words that their policies may use, policies that read
 * well and such that do not.
 *
 * For *_test.c and *_fuzz.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "review/policy/policy.h"

#include <string.h>

static const char *const linters[] = {"ruff", "flake8", "black", NULL};
static const char *const packs[] = {"default", "python", "secrets", "change", NULL};
static const char *const languages[] = {"python", "shell", "javascript", "c", NULL};
static const char *const with_venv[] = {"python", NULL};
static const char *const with_sanitizers[] = {"c", NULL};
static const char *const formats[] = {"text", "sarif", "junit", NULL};
static const char *const complexity[] = {"ruff", NULL};
static const PolicyWords words = {
    .linters = linters,
    .packs = packs,
    .languages = languages,
    .languages_with_venv = with_venv,
    .languages_with_sanitizers = with_sanitizers,
    .formats = formats,
    .complexity = complexity,
};

static inline Policy *parse(const char *text) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    Policy *policy = policy_parse(text, strlen(text), POLICY_FILE, &words, errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, "");
    g_assert_nonnull(policy);
    return policy;
}

static inline void assert_errors(const char *text, const char *wanted) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    g_autoptr(Policy) policy = policy_parse(text, strlen(text), POLICY_FILE, &words, errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, wanted);
    g_assert_null(policy);
}

static inline void assert_strings(GStrv strings, const char *joined) {
    g_autofree char *all = g_strjoinv("|", strings);

    g_assert_cmpstr(all, ==, joined);
}

static inline const LinterPolicy *linter_at(const Policy *policy, guint index) {
    g_assert_cmpuint(index, <, policy->linters->len);
    return policy->linters->pdata[index];
}

static inline void assert_entry(const GArray *map, guint index, const char *prefix, Severity severity) {
    const SeverityEntry *entry = &g_array_index(map, SeverityEntry, index);

    g_assert_cmpuint(index, <, map->len);
    g_assert_cmpstr(entry->prefix, ==, prefix);
    g_assert_cmpint(entry->severity, ==, severity);
}
