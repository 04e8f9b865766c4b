#include "rules/rule.h"

#include "exec/caps.h"
#include "rules/example.h"
#include "rules/scan.h"

#include <string.h>

static RuleSet *default_rules(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("policy.yaml");
    RuleSet *set = rule_set_new();
    bool added = rule_set_add_pack(set, "default", errors);
    g_autofree char *text = yaml_errors_text(errors);

    g_assert_cmpstr(text, ==, "");
    g_assert_true(added);
    return set;
}

static void test_examples(void) {
    g_autoptr(RuleSet) set = default_rules();
    g_autoptr(GPtrArray) failures = test_failures_new();

    for (guint i = 0; i < set->rules->len; i++)
        if (((const Rule *)set->rules->pdata[i])->clang == NULL) /* rules/clang/pack_test.c */
            g_assert_cmpuint(rule_try_examples(set->rules->pdata[i], failures), >, 0);
    for (guint i = 0; i < failures->len; i++) {
        const TestFailure *failure = failures->pdata[i];

        g_test_message("%s:%u: %s", failure->file, failure->line, failure->text);
        g_test_fail();
    }
}

static guint count_examples(const Rule *rule, bool bad) {
    guint count = 0;

    for (guint i = 0; i < rule->examples->len; i++)
        count += ((const RuleExample *)rule->examples->pdata[i])->bad == bad;
    return count;
}

/* What each rule of ours has. */
static void test_packs_are_complete(void) {
    g_autoptr(RuleSet) set = default_rules();

    g_assert_cmpuint(set->rules->len, >, 0);
    for (guint i = 0; i < set->rules->len; i++) {
        const Rule *rule = set->rules->pdata[i];

        g_test_message("%s", rule->info->id);
        g_assert_nonnull(rule->pack);
        g_assert_nonnull(rule->info->help);
        g_assert_nonnull(rule->info->help_uri);
        g_assert_nonnull(rule->info->precision);
        g_assert_nonnull(rule->info->cwe);
        g_assert_cmpuint(rule->info->cwe->len, >, 0);
        g_assert_cmpint(rule->info->severity, >, SEVERITY_OFF);
        g_assert_true(rule->regex == NULL || rule->require_any != NULL || strcmp(rule->pack, "text") == 0);
        g_assert_cmpuint(count_examples(rule, true), >=, 2);
        g_assert_cmpuint(count_examples(rule, false), >=, 2);
    }
}

/* The examples of secrets are written so that the packs do not find themselves. */
static void test_packs_are_clean(void) {
    g_autoptr(RuleSet) set = default_rules();
    g_autoptr(Scanner) scanner = scanner_new(set);
    g_autoptr(CheckResult) result = check_result_new("sallyport");

    for (const char *const *name = rule_pack_names(); *name; name++) {
        const char *text;
        gsize len;

        if (!rule_pack_text(*name, &text, &len))
            continue;
        g_assert_cmpuint(strlen(text), ==, len);
        scan_file(scanner, *name, text, len, result);
    }
    g_assert_cmpuint(result->findings->len, ==, 0);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
}

static void test_packs(void) {
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("policy.yaml");
    const char *text;
    gsize len;

    g_assert_true(rule_set_add_pack(set, "python", errors));
    guint python = set->rules->len;
    g_assert_nonnull(rule_set_find(set, "python.exec"));
    g_assert_null(rule_set_find(set, "change.conflict-marker"));
    g_assert_true(rule_set_add_pack(set, "python", errors));
    g_assert_cmpuint(set->rules->len, ==, python);
    g_assert_true(rule_set_add_pack(set, "default", errors));
    g_assert_cmpuint(set->rules->len, >, python);
    g_assert_cmpstr(((const Rule *)set->rules->pdata[0])->info->id, ==, "c.access-then-open");
    g_assert_cmpstr(rule_set_find(set, "python.exec")->info->id, ==, "python.exec");
    g_assert_cmpstr(rule_set_find(set, "secret.url-credentials")->pack, ==, "secrets");
    g_assert_null(rule_set_find(set, "python.exe"));
    g_assert_false(rule_pack_text("default", &text, &len));
    g_assert_false(rule_set_add_pack(set, "pyhton", errors));
    g_assert_cmpstr(errors->list->pdata[0], ==, "policy.yaml: there is no pack 'pyhton'");
}

#define HEAD "version: 1\nrules:\n"

/* A rule of which everything is said. */
static void test_all_keys(void) {
    static const char text[] = HEAD "  - id: team.no-print\n"
                                    "    message: No print here\n"
                                    "    summary: Printing belongs into the command\n"
                                    "    help: Return the text.\n"
                                    "    severity: warning\n"
                                    "    confidence: medium\n"
                                    "    security_severity: 2.5\n"
                                    "    cwe: [532, 117]\n"
                                    "    references: [https://example.com/a, https://example.com/b]\n"
                                    "    languages: [python]\n"
                                    "    paths: {exclude: [tests/]}\n"
                                    "    require_any: [print]\n"
                                    "    regex: {pattern: '(print)\\(', group: 1, in: [code], entropy: 1}\n"
                                    "    fix: {replace: 'log($1)$$', safe: true}\n"
                                    "    allow: {stopwords: [pprint], regexes: ['^x']}\n"
                                    "    tests: {bad: 'print(1)', good: [pprint]}\n";
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");

    g_assert_true(rule_set_add_text(set, text, strlen(text), errors));
    const Rule *rule = rule_set_find(set, "team.no-print");
    g_assert_nonnull(rule);
    g_assert_cmpstr(rule->message, ==, "No print here");
    g_assert_cmpstr(rule->info->summary, ==, "Printing belongs into the command");
    g_assert_cmpstr(rule->info->help, ==, "Return the text.");
    g_assert_cmpstr(rule->info->help_uri, ==, "https://example.com/a");
    g_assert_cmpstr(rule->references[1], ==, "https://example.com/b");
    g_assert_cmpint(rule->info->severity, ==, SEVERITY_WARNING);
    g_assert_cmpstr(rule->info->precision, ==, "medium");
    g_assert_cmpfloat(rule->info->security_severity, ==, 2.5);
    g_assert_cmpuint(g_array_index(rule->info->cwe, guint, 1), ==, 117);
    g_assert_cmpstr(rule->languages[0], ==, "python");
    g_assert_true(match_path(rule->exclude, "tests/a.py"));
    g_assert_cmpstr(rule->require_any[0], ==, "print");
    g_assert_cmpuint(rule->regex->group, ==, 1);
    g_assert_cmpfloat(rule->regex->entropy, ==, 1);
    g_assert_cmpstr(rule->replace, ==, "log($1)$$");
    g_assert_cmpint(rule->fix_kind, ==, FIX_SAFE);
    g_assert_cmpstr(rule->stopwords[0], ==, "pprint");
    g_assert_cmpuint(rule->allow->len, ==, 1);
    g_assert_cmpuint(count_examples(rule, true), ==, 1);
    g_assert_cmpstr(((const RuleExample *)rule->examples->pdata[0])->text, ==, "print(1)");
    g_assert_cmpstr(((const RuleExample *)rule->examples->pdata[1])->text, ==, "pprint");
    g_assert_cmpuint(((const RuleExample *)rule->examples->pdata[1])->line, ==, 18);
    g_assert_cmpuint(rule->line, ==, 3);
    g_assert_cmpstr(rule->file, ==, "team.yaml");
    g_assert_null(rule->pack);
}

/* The least that a rule says, and what holds then. */
static void test_least_keys(void) {
    static const char text[] =
        "rules:\n  - {id: a.b, message: M, severity: note, regex: {pattern: x}, tests: {bad: [x]}}\n";
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");

    g_assert_true(rule_set_add_text(set, text, strlen(text), errors));
    const Rule *rule = rule_set_find(set, "a.b");
    g_assert_cmpstr(rule->info->summary, ==, "M");
    g_assert_cmpstr(rule->languages[0], ==, "any");
    g_assert_null(rule->info->help_uri);
    g_assert_null(rule->exclude);
    g_assert_cmpuint(count_examples(rule, false), ==, 0);
    g_assert_null(rule->replace);
    g_assert_cmpuint(rule->regex->group, ==, 0);
}

/* A rule without fault but for what `line` brings in, and the errors of it. */
#define RULE(lines) HEAD "  - id: a.b\n    message: M\n    severity: error\n" lines
#define REGEX "    regex: {pattern: x}\n"
#define TESTS "    tests: {bad: [x]}\n"

static const struct {
    const char *text, *errors;
} wrong[] = {
    {"", "team.yaml:1:1: the key 'rules' is missing"},
    {"rules: []", "team.yaml:1:8: rules: expected a list of rules"},
    {"rules: {}", "team.yaml:1:8: rules: expected a list of rules"},
    {"version: 2\nrulez: []\n", "team.yaml:1:1: the key 'rules' is missing\n"
                                "team.yaml:1:10: version: expected the number 1, found '2'\n"
                                "team.yaml:2:1: unknown key 'rulez' (did you mean 'rules'?)"},
    {"rules: [x]", "team.yaml:1:9: rules[0]: expected a mapping ('key: value'), found 'x'"},
    {"rules: [", "team.yaml:2:1: this is not valid YAML: did not find expected node content, while parsing a "
                 "flow node that begins at line 2, column 1"},
    {"rules:\n  - {}\n",
     "team.yaml:2:5: rules[0]: the key 'id' is missing\n"
     "team.yaml:2:5: rules[0]: the key 'message' is missing\n"
     "team.yaml:2:5: rules[0]: the key 'severity' is missing\n"
     "team.yaml:2:5: rules[0]: the rule looks for nothing: the key regex, call, change, c_ast or clang is "
     "missing\n"
     "team.yaml:2:5: rules[0]: tests.bad is missing: a rule without a bad example cannot be "
     "trusted"},
    {RULE(REGEX "    tests: {good: [y]}\n"),
     "team.yaml:7:12: rules[0].tests: tests.bad is missing: a rule without a bad example cannot be trusted"},
    {RULE(REGEX "    tests: {bad: []}\n"), "team.yaml:7:18: rules[0].tests.bad: tests.bad is missing: a rule "
                                           "without a bad example cannot be trusted"},
    {RULE(REGEX TESTS "    mesage: N\n"),
     "team.yaml:8:5: rules[0]: unknown key 'mesage' (did you mean 'message'?)"},
    {RULE("    regex: {pattern: x, windo: 3}\n" TESTS),
     "team.yaml:6:25: rules[0].regex: unknown key 'windo' (did you mean 'window'?)"},
    {RULE("    regex: {pattern: x, window: 0}\n" TESTS),
     "team.yaml:6:33: rules[0].regex.window: expected a whole number from 1 to 67108864, found '0'"},
    {RULE("    regex: {pattern: x, window: line}\n" TESTS),
     "team.yaml:6:33: rules[0].regex.window: expected a whole number from 1 to 67108864, found 'line'"},
    {RULE("    regex: {pattern: x, binary: maybe}\n" TESTS),
     "team.yaml:6:33: rules[0].regex.binary: expected true or false, found 'maybe'"},
    {RULE("    regex: {group: 0}\n" TESTS), "team.yaml:6:12: rules[0].regex: the key 'pattern' is missing"},
    {RULE("    regex: {pattern: 'a(b'}\n" TESTS),
     "team.yaml:6:22: rules[0].regex.pattern: the pattern does not compile: missing closing parenthesis at "
     "offset 3"},
    {RULE("    regex: {pattern: 'a\\Cb'}\n" TESTS),
     "team.yaml:6:22: rules[0].regex.pattern: the pattern does not compile: using \\C is disabled by the "
     "application at offset 3"},
    {RULE("    regex: {pattern: '(a)b', group: 2}\n" TESTS),
     "team.yaml:6:37: rules[0].regex.group: the pattern has 1 group"},
    {RULE("    regex: {pattern: 'a', in: [code]}\n" TESTS),
     "team.yaml:6:31: rules[0].regex.in: code, strings and comments cannot be told apart in language 'any'"},
    {RULE("    languages: [python, perl]\n    regex: {pattern: 'a', in: [string, comment]}\n" TESTS),
     "team.yaml:7:31: rules[0].regex.in: code, strings and comments cannot be told apart in language 'perl'"},
    {RULE("    regex: {pattern: 'a', in: [cod]}\n" TESTS),
     "team.yaml:6:32: rules[0].regex.in[0]: expected code, string or comment, found 'cod' (did you mean "
     "'code'?)"},
    {RULE("    regex: {pattern: 'a', in: []}\n" TESTS),
     "team.yaml:6:31: rules[0].regex.in: expected one or more of code, string and comment"},
    {RULE("    regex: {pattern: 'a', entropy: 9}\n" TESTS),
     "team.yaml:6:36: rules[0].regex.entropy: expected a number from 0 to 8, found '9'"},
    {RULE(REGEX TESTS "    allow: {regexes: ['(']}\n"),
     "team.yaml:8:23: rules[0].allow.regexes[0]: the pattern does not compile: missing closing parenthesis "
     "at "
     "offset 1"},
    {RULE(REGEX TESTS "    paths: {exclude: ['[a']}\n"),
     "team.yaml:8:22: rules[0].paths.exclude: '[' has no ']' or names an unknown class (write \\[ for the "
     "character)"},
    {RULE(REGEX TESTS "    cwe: [0]\n"),
     "team.yaml:8:11: rules[0].cwe[0]: expected a whole number from 1 to 9999, found '0'"},
    {RULE(REGEX TESTS "    languages: []\n"),
     "team.yaml:8:16: rules[0].languages: an empty list: the rule would look at nothing"},
    {RULE(REGEX TESTS "    ast: {callee: [x]}\n"),
     "team.yaml:8:5: rules[0]: unknown key 'ast'; expected id, message, summary, help, severity, "
     "confidence, "
     "cwe, security_severity, references, languages, paths, require_any, regex, call, change, c_ast, clang, "
     "fix, allow or tests"},
    {RULE(REGEX TESTS "    fix: {safe: true}\n"),
     "team.yaml:8:10: rules[0].fix: the key 'replace' is missing"},
    {RULE("    regex: {pattern: '(x)'}\n" TESTS "    fix: {replace: '$0 $1 $$ $2'}\n"),
     "team.yaml:8:20: rules[0].fix.replace: '$' is followed by the number of a group (0 to 1), or by '$' for "
     "itself"},
    {RULE(REGEX TESTS "    fix: {replace: 'costs $'}\n"),
     "team.yaml:8:20: rules[0].fix.replace: '$' is followed by the number of a group (0 to 0), or by '$' for "
     "itself"},
    {RULE(REGEX TESTS "    fix: {replace: y, safe: maybe}\n"),
     "team.yaml:8:29: rules[0].fix.safe: expected true or false, found 'maybe'"},
    {RULE(REGEX TESTS) "  - {id: a.b, message: M, severity: note, regex: {pattern: x}, tests: {bad: [x]}}\n",
     "team.yaml:8:10: rules[1].id: there is a rule 'a.b' already"},
    {HEAD "  - {id: python.eval, message: M, severity: off, regex: {pattern: x}, tests: {bad: [x]}}\n",
     "team.yaml:3:10: rules[0].id: there is a rule 'python.eval' already\n"
     "team.yaml:3:45: rules[0].severity: expected error, warning or note, found 'off'"},
};

static void test_errors(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(RuleSet) set = default_rules();
        g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");
        guint before = set->rules->len;

        g_assert_false(rule_set_add_text(set, wrong[i].text, strlen(wrong[i].text), errors));
        g_autofree char *text = yaml_errors_text(errors);
        g_assert_cmpstr(text, ==, wrong[i].errors);
        g_assert_cmpuint(set->rules->len, ==, before);
    }
}

static void test_language_names(void) {
    static const char text[] = RULE(REGEX TESTS "    languages: [pyton]\n");
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");

    g_assert_false(rule_set_add_text(set, text, strlen(text), errors));
    g_assert_cmpuint(errors->list->len, ==, 1);
    g_assert_true(
        g_str_has_prefix(errors->list->pdata[0], "team.yaml:8:17: rules[0].languages[0]: expected any"));
    g_assert_true(g_str_has_suffix(errors->list->pdata[0], "found 'pyton' (did you mean 'python'?)"));
}

static void test_ids(void) {
    static const char *const ids[] = {"eval", "Python.eval", ".eval", "python.",
                                      "a..b", "a.b_c",       "a b.c", "a-b.c"};

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(RuleSet) set = rule_set_new();
        g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");
        g_autofree char *text = g_strdup_printf(
            "rules:\n  - {id: '%s', message: M, severity: note, regex: {pattern: x}, tests: {bad: [x]}}\n",
            ids[i]);
        g_autofree char *error = g_strdup_printf("team.yaml:2:10: rules[0].id: '%s' is no rule id: expected "
                                                 "lower-case words with dots between them, such as "
                                                 "'python.eval'",
                                                 ids[i]);

        g_assert_false(rule_set_add_text(set, text, strlen(text), errors));
        g_assert_cmpstr(errors->list->pdata[0], ==, error);
    }
}

static void test_pattern_length(void) {
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");
    g_autofree char *pattern = g_strnfill(CAP_PATTERN_BYTES + 1, 'x');
    g_autofree char *text = g_strdup_printf(
        "rules:\n  - {id: a.b, message: M, severity: note, regex: {pattern: %s}, tests: {bad: [x]}}\n",
        pattern);

    g_assert_false(rule_set_add_text(set, text, strlen(text), errors));
    g_assert_cmpstr(errors->list->pdata[0], ==,
                    "team.yaml:2:60: rules[0].regex.pattern: the pattern is longer than 8192 bytes");
}

static void test_languages(void) {
    static const struct {
        const char *path, *head, *language;
    } files[] = {
        {"a.py", "", "python"},
        {"a/b.c/d.PY", "", "python"},
        {"a.pyi", "", "python"},
        {"a.h", "", "c"},
        {"a.C", "", "cpp"},
        {"a.H", "", "cpp"},
        {"a.c++", "", "cpp"},
        {"a.tsx", "", "typescript"},
        {"a.mjs", "", "javascript"},
        {"x/Makefile", "", "make"},
        {"Dockerfile", "", "dockerfile"},
        {"CMakeLists.txt", "", "cmake"},
        {".bashrc", "", "shell"},
        {"notes.txt", "", "text"},
        {"a.py.txt", "", "text"},
        {"py", "", "text"},
        {"a.", "", "text"},
        {"a.py ", "", "text"},
        {"a.p", "", "text"},
        {"a.c h", "", "text"},
        {"notes.txt", "#!/usr/bin/python3\n", "python"},
        {"tool", "#!/usr/bin/python3\n", "python"},
        {"tool", "#!/usr/bin/python3.11 -I\n", "python"},
        {"tool", "#!/usr/local/bin/python3.13t\n", "python"},
        {"tool", "#! /usr/bin/env python3", "python"},
        {"tool", "#!/usr/bin/env -S python3 -I\n", "python"},
        {"tool", "#!/usr/bin/env -Spython3 -I\n", "python"},
        {"tool", "#!/usr/bin/env -vSpython3 -I\n", "python"},
        {"tool", "#!/usr/bin/env --split-string=python3 -I\n", "python"},
        {"tool", "#!/usr/bin/env -i -u HOME A=b pypy3\n", "python"},
        {"tool", "#!/usr/bin/env -S uv run --script\n", "python"},
        {"tool", "#!/bin/sh\r\n", "shell"},
        {"tool", "#!/bin/bash -e\n", "shell"},
        {"tool", "#!/usr/bin/env bash\n", "shell"},
        {"tool", "#!/usr/bin/env node\n", "javascript"},
        {"tool", "#!/usr/bin/perl5.36\n", "perl"},
        {"tool", "\xef\xbb\xbf#!/bin/sh\n", "shell"},
        {"tool", "#!/usr/bin/env\n", "text"},
        {"tool", "#!\n/bin/sh\n", "text"},
        {"tool", "#!/opt/own\n", "text"},
        {"tool", " #!/bin/sh\n", "text"},
        {"a.js", "#!/usr/bin/python3\n", "javascript"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        const char *language = rule_language_of(files[i].path, files[i].head, strlen(files[i].head));

        if (strcmp(language, files[i].language) != 0)
            g_error("'%s' with '%s' is %s, expected %s", files[i].path, files[i].head, language,
                    files[i].language);
        g_assert_true(g_strv_contains(rule_languages(), language));
    }
    g_assert_cmpstr(rule_language_of("tool", "#!/bin/shx", 9), ==, "shell");
    g_assert_cmpstr(rule_language_of("tool", NULL, 0), ==, "text");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/examples", test_examples);
    g_test_add_func("/rule/packs-are-complete", test_packs_are_complete);
    g_test_add_func("/rule/packs-are-clean", test_packs_are_clean);
    g_test_add_func("/rule/packs", test_packs);
    g_test_add_func("/rule/all-keys", test_all_keys);
    g_test_add_func("/rule/least-keys", test_least_keys);
    g_test_add_func("/rule/errors", test_errors);
    g_test_add_func("/rule/language-names", test_language_names);
    g_test_add_func("/rule/ids", test_ids);
    g_test_add_func("/rule/pattern-length", test_pattern_length);
    g_test_add_func("/rule/languages", test_languages);
    return g_test_run();
}
