/* Rules that look for calls, from the YAML to the findings. */
#include "exec/caps.h"
#include "rules/scan.h"

#include <string.h>

/* `keys` are further keys of the rule, in YAML, on line 2. */
static RuleSet *rule(const char *keys, char **ret_errors) {
    g_autofree char *text = g_strdup_printf(
        "rules:\n  - {%s, id: test.rule, message: M, severity: error, tests: {bad: [x]}}\n", keys);
    g_autoptr(YamlErrors) errors = yaml_errors_new("test.yaml");
    RuleSet *set = rule_set_new();

    rule_set_add_text(set, text, strlen(text), errors);
    *ret_errors = yaml_errors_text(errors);
    return set;
}

static const struct {
    const char *keys, *errors;
} wrong[] = {
    {"call: {callee: f}",
     "2:12: rules[0].call: calls are looked for in python, javascript and typescript, not in "
     "language 'any'"},
    {"languages: [python], call: {}", "2:33: rules[0].call: the key 'callee' is missing"},
    {"languages: [python], call: {callee: []}",
     "2:42: rules[0].call.callee: an empty list: the rule would look at nothing"},
    {"languages: [python], call: {callee: [a.b, 'a b']}",
     "2:48: rules[0].call.callee[1]: 'a b' is no callee: expected names with dots between them, such as "
     "'subprocess.run', '.execute' for a method of anything, or 'new Function'"},
    {"languages: [python], call: {callee: f, when: x}",
     "2:45: rules[0].call: unknown key 'when'; expected callee, where, region or references"},
    {"languages: [python], call: {callee: f, where: {literal: true}}",
     "2:52: rules[0].call.where: the key 'arg' is missing\n"
     "2:52: rules[0].call.where: nothing is asked: expected arg, count or any"},
    {"languages: [python], call: {callee: f, where: {arg: 0}}",
     "2:52: rules[0].call.where: nothing is asked of the argument: expected literal, equals, matches or "
     "present"},
    {"languages: [python], call: {callee: f, where: [{arg: 100, literal: true}]}",
     "2:59: rules[0].call.where[0].arg: '100' is no argument: expected its position, 0 to 99, or its name"},
    {"languages: [python], call: {callee: f, where: {arg: 0, matches: '('}}",
     "2:70: rules[0].call.where.matches: the pattern does not compile: missing closing parenthesis at offset "
     "1"},
    {"languages: [python], call: {callee: f, where: {arg: 0, present: false, equals: a}}",
     "2:70: rules[0].call.where.present: an argument that is not there can be asked nothing else"},
    {"languages: [python], call: {callee: f, where: {count: many}}",
     "2:60: rules[0].call.where.count: expected a whole number from 0 to 99, found 'many'"},
    {"languages: [python], call: {callee: f, where: {arg: 0, literal: true, unknown: yes}}",
     "2:85: rules[0].call.where.unknown: expected match or ignore, found 'yes'"},
    {"languages: [python], call: {callee: f, where: {any: [{count: 1}], count: 2}}",
     "2:52: rules[0].call.where: 'any' stands alone: it has conditions of its own"},
    {"languages: [python], call: {callee: f, where: {any: [{count: 1, any: []}]}}",
     "2:70: rules[0].call.where.any[0]: unknown key 'any'; expected arg, literal, equals, matches, present, "
     "count "
     "or unknown"},
    {"languages: [python], call: {callee: f, where: {any: []}}",
     "2:58: rules[0].call.where.any: an empty list: it would never hold"},
    {"languages: [python], call: {callee: f, region: arg}",
     "2:53: rules[0].call.region: the first condition of 'where' names no argument to be the region"},
    {"languages: [python], call: {callee: f, references: true, where: {count: 1}}",
     "2:70: rules[0].call.where: what is only named has no arguments: with 'references' nothing is asked of "
     "them"},
    {"languages: [python], call: {callee: f, region: all}",
     "2:53: rules[0].call.region: expected call, callee or arg, found 'all' (did you mean 'call'?)"},
    {"languages: [python], call: {callee: f}, regex: {pattern: x}",
     "2:33: rules[0].call: a rule looks for one thing: 'regex' or 'call', not both"},
    {"languages: [python], call: {callee: f}, fix: {replace: $1}",
     "2:61: rules[0].fix.replace: '$' is followed by the number of a group (0 to 0), or by '$' for itself"},
};

static void test_errors(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *errors = NULL;
        g_autoptr(RuleSet) set = rule(wrong[i].keys, &errors);
        g_auto(GStrv) lines = g_strsplit(wrong[i].errors, "\n", -1);
        g_autofree char *joined = g_strjoinv("\ntest.yaml:", lines);
        g_autofree char *wanted = g_strconcat("test.yaml:", joined, NULL);

        g_test_message("%s", wrong[i].keys);
        g_assert_cmpstr(errors, ==, wanted);
        g_assert_cmpuint(set->rules->len, ==, 0);
    }
}

static CheckResult *scan(const char *keys, const char *path, const char *text) {
    g_autofree char *errors = NULL;
    g_autoptr(RuleSet) set = rule(keys, &errors);
    g_autoptr(Scanner) scanner = scanner_new(set);
    CheckResult *result = check_result_new("sallyport");

    g_assert_cmpstr(errors, ==, "");
    scan_file(scanner, path, text, strlen(text), result);
    return result;
}

/* "1:2-1:5 3:1-4:1": where a rule finds something. */
static void assert_regions(const char *keys, const char *path, const char *text, const char *wanted) {
    g_autoptr(CheckResult) result = scan(keys, path, text);
    g_autoptr(GString) regions = g_string_new(NULL);

    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    for (guint i = 0; i < result->findings->len; i++) {
        const Region *at = &((const Finding *)result->findings->pdata[i])->region;

        g_string_append_printf(regions, "%s%u:%u-%u:%u", i > 0 ? " " : "", at->start_line, at->start_column,
                               at->end_line, at->end_column);
    }
    g_assert_cmpstr(regions->str, ==, wanted);
}

#define EVAL "languages: [python, javascript, typescript], call: {callee: eval}"

static void test_regions(void) {
    assert_regions(EVAL, "a.py", "x = eval(\n  a,\n)\n\n  eval(b)", "1:5-3:2 5:3-5:10");
    assert_regions(EVAL, "a.py",
                   "\xef\xbb\xbf"
                   "eval('\xc3\xa4')\n'\xff'; eval(b)",
                   "1:1-1:10 2:6-2:13");
    assert_regions(EVAL, "a.js", "eval(a) // eval(b)\n", "1:1-1:8");
    assert_regions(EVAL, "a.tsx", "<p>{eval(a)}</p>", "1:5-1:12");
    assert_regions(EVAL, "a.sh", "eval(a)", "");
    assert_regions(EVAL, "a.py", "", "");
    assert_regions("languages: [python], call: {callee: f, where: {arg: b, present: true}, region: arg}",
                   "a.py", "f(b =\n 1)", "2:2-2:3");
}

static void test_other_keys(void) {
    assert_regions(EVAL ", require_any: [zz]", "a.py", "eval(a)", "");
    assert_regions(EVAL ", paths: {exclude: ['*.py']}", "a.py", "eval(a)", "");
    assert_regions(EVAL ", allow: {stopwords: [trusted], regexes: ['^eval\\(1']}", "a.py",
                   "eval(trusted)\neval(12)\neval(a)", "3:1-3:8");
}

static void test_fix(void) {
    g_autoptr(CheckResult) result =
        scan("languages: [python], call: {callee: yaml.load, where: {count: 1}, region: callee}, "
             "fix: {replace: 'yaml.safe_load', safe: true}",
             "a.py", "x = yaml.load(y)");
    const Finding *finding = result->findings->pdata[0];
    const Fix *fix = finding->fixes->pdata[0];
    const Edit *edit = fix->edits->pdata[0];

    g_assert_cmpint(fix->kind, ==, FIX_SAFE);
    g_assert_cmpstr(edit->text, ==, "yaml.safe_load");
    g_assert_cmpuint(edit->region.start_column, ==, 5);
    g_assert_cmpuint(edit->region.end_column, ==, 14);
}

static void assert_undecided(const char *keys, const char *text, const char *why) {
    g_autoptr(CheckResult) result = scan(keys, "a.py", text);

    g_assert_cmpstr(g_hash_table_lookup(result->failures, "a.py"), ==, why);
}

static void test_undecided(void) {
    g_autoptr(GString) many = g_string_new(NULL);
    g_autofree char *letters = g_strnfill(100, 'a');
    g_autofree char *slow = g_strdup_printf("f('%sb')", letters);

    for (guint i = 0; i <= CAP_MATCHES_PER_FILE; i++)
        g_string_append(many, "eval(a)\n");
    assert_undecided(EVAL, many->str, "rule test.rule matches more than 1000 times");
    g_string_truncate(many, CAP_MATCHES_PER_FILE * strlen("eval(a)\n"));
    assert_undecided(EVAL, many->str, NULL);
    assert_undecided("languages: [python], call: {callee: f, where: {arg: 0, matches: '^(a+)+$'}}", slow,
                     "rule test.rule could not be run to its end: match limit exceeded");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule-call/errors", test_errors);
    g_test_add_func("/rule-call/regions", test_regions);
    g_test_add_func("/rule-call/other-keys", test_other_keys);
    g_test_add_func("/rule-call/fix", test_fix);
    g_test_add_func("/rule-call/undecided", test_undecided);
    return g_test_run();
}
