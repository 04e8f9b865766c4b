/* What a policy says of triage: overrides, suppressions, limits of single rules and of complexity. */
#include "review/policy/fixture.h"

static void assert_shown(const Policy *policy, const char *part) {
    g_autofree char *shown = policy_show(policy);
    g_autoptr(Policy) again = parse(shown);
    g_autofree char *shown_again = policy_show(again);

    g_assert_cmpstr(shown, ==, shown_again);
    if (strstr(shown, part) == NULL)
        g_error("no \"%s\" in \"%s\"", part, shown);
}

static void test_overrides(void) {
    g_autoptr(Policy) policy = parse("version: 1\n"
                                     "overrides:\n"
                                     "  - files: [\"tests/**\", \"!tests/keep.py\"]\n"
                                     "    severity: {python.eval: off, flake8.E501: note}\n"
                                     "  - {files: \"*.pyi\", severity: warning}\n");
    const OverridePolicy *first = policy->overrides->pdata[0], *second = policy->overrides->pdata[1];

    assert_strings(first->files, "tests/**|!tests/keep.py");
    g_assert_true(match_path(first->match, "tests/a/b.py"));
    g_assert_false(match_path(first->match, "tests/keep.py"));
    assert_entry(first->severity, 0, "python.eval", SEVERITY_OFF);
    assert_entry(first->severity, 1, "flake8.E501", SEVERITY_NOTE);
    assert_entry(second->severity, 0, "*", SEVERITY_WARNING);
    assert_shown(policy, "overrides:\n"
                         "  - files: [\"tests/**\", \"!tests/keep.py\"]\n"
                         "    severity: {python.eval: off, flake8.E501: note}\n"
                         "  - files: [\"*.pyi\"]\n"
                         "    severity: {\"*\": warning}\n");
}

static void test_override_errors(void) {
    assert_errors(
        "version: 1\n"
        "overrides:\n"
        "  - files: []\n"
        "    severity: {F: eror}\n"
        "  - {files: 'a\\', severity: , rules: []}\n"
        "  - {severity: note}\n"
        "  - tests\n",
        ".sallyport.yaml:3:12: overrides[0].files: expected at least one pattern, found an empty list\n"
        ".sallyport.yaml:4:19: overrides[0].severity.F: expected error, warning, note or off, found "
        "'eror' (did you mean 'error'?)\n"
        ".sallyport.yaml:5:13: overrides[1].files: this is no valid pattern: a backslash at the end "
        "(write \\\\ for the character)\n"
        ".sallyport.yaml:5:29: overrides[1].severity: expected a severity, or a mapping such as {F: "
        "error, \"*\": warning}, found nothing\n"
        ".sallyport.yaml:5:31: overrides[1]: unknown key 'rules'; expected files or severity\n"
        ".sallyport.yaml:6:5: overrides[2]: 'files' is missing\n"
        ".sallyport.yaml:7:5: overrides[3]: expected a mapping ('key: value'), found 'tests'");
    assert_errors(
        "version: 1\noverrides: {files: a}\n",
        ".sallyport.yaml:2:12: overrides: expected a list such as [{files: [\"tests/**\"], severity: "
        "{python.eval: off}}], found a mapping");
}

static void test_suppress(void) {
    g_autoptr(Policy) policy =
        parse("version: 1\nsuppress: {inline: false, require: [owner, reason, until], unused: error}\n");
    g_autoptr(Policy) nothing = parse("version: 1\nsuppress: {require: [], unused: off}\n");

    g_assert_false(policy->suppress.comments);
    g_assert_cmpuint(policy->suppress.require, ==, SUPPRESS_REASON | SUPPRESS_UNTIL | SUPPRESS_OWNER);
    g_assert_cmpint(policy->suppress.unused, ==, SEVERITY_ERROR);
    assert_shown(policy, "suppress:\n  inline: false\n  require: [reason, until, owner]\n  unused: error\n");
    g_assert_cmpuint(nothing->suppress.require, ==, 0);
    g_assert_cmpint(nothing->suppress.unused, ==, SEVERITY_OFF);
    assert_shown(nothing, "suppress:\n  inline: true\n  require: []\n  unused: off\n");
    assert_errors(
        "version: 1\nsuppress: {inline: maybe, require: [reasn], unused: [], expired: error}\n",
        ".sallyport.yaml:2:20: suppress.inline: expected true or false, found 'maybe'\n"
        ".sallyport.yaml:2:37: suppress.require[0]: no such part of a suppression 'reasn' (did you mean "
        "'reason'?)\n"
        ".sallyport.yaml:2:53: suppress.unused: expected error, warning, note or off, found a list\n"
        ".sallyport.yaml:2:57: suppress: unknown key 'expired'; expected inline, require or unused");
}

static void test_gate_of_rules(void) {
    g_autoptr(Policy) policy = parse("version: 1\n"
                                     "gate:\n"
                                     "  allow_rules: {ruff.E501: 10, python: unlimited}\n"
                                     "  max_complexity: 15\n"
                                     "  baseline: .sallyport/baseline.sarif\n");
    const RuleLimit *limits = (const RuleLimit *)(gconstpointer)policy->gate.allow_rules->data;

    g_assert_cmpuint(policy->gate.allow_rules->len, ==, 2);
    g_assert_cmpstr(limits[0].rule, ==, "ruff.E501");
    g_assert_cmpuint(limits[0].count, ==, 10);
    g_assert_cmpuint(limits[1].count, ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.max_complexity, ==, 15);
    g_assert_cmpuint(linter_at(policy, 0)->max_complexity, ==, 15); /* ruff */
    g_assert_cmpuint(linter_at(policy, 1)->max_complexity, ==, 0);
    g_assert_cmpstr(policy->gate.baseline, ==, ".sallyport/baseline.sarif");
    assert_shown(policy, "  allow_rules: {ruff.E501: 10, python: unlimited}\n"
                         "  max_complexity: 15\n"
                         "  baseline: \".sallyport/baseline.sarif\"\n");
}

static void test_gate_of_rules_errors(void) {
    assert_errors(
        "version: 1\n"
        "gate: {allow_rules: {\"*\": 1, E501: many}, max_complexity: 0, baseline: ../b.sarif}\n",
        ".sallyport.yaml:2:22: gate.allow_rules: expected a rule, or the beginning of its code, such "
        "as ruff.E501 or python, found '*'\n"
        ".sallyport.yaml:2:36: gate.allow_rules.E501: expected a whole number or 'unlimited', found "
        "'many'\n"
        ".sallyport.yaml:2:59: gate.max_complexity: expected a whole number from 1 to 10000, found '0'\n"
        ".sallyport.yaml:2:72: gate.baseline: a file may not leave the repository by '..'");
    assert_errors("version: 1\ngate: {allow_rules: [E501]}\n",
                  ".sallyport.yaml:2:21: gate.allow_rules: expected a mapping from rule to count, such as "
                  "{ruff.E501: 10}, found a list");
}

static void test_complexity(void) {
    g_autoptr(Policy) both = parse("version: 1\nlinters: {flake8: {}, ruff: {}}\n"
                                   "gate: {max_complexity: {cognitive: 25, cyclomatic: 15}}\n");
    g_autoptr(Policy) cognitive =
        parse("version: 1\nlinters: {ruff: {}}\ngate: {max_complexity: {cognitive: 25}}\n");
    g_autoptr(Policy) unmeasured = parse("version: 1\nlinters: {flake8: {}}\ngate: {max_complexity: 9}\n");

    g_assert_cmpuint(both->gate.max_complexity, ==, 15);
    g_assert_cmpuint(both->gate.max_cognitive, ==, 25);
    g_assert_cmpuint(linter_at(both, 0)->max_complexity, ==, 0);
    g_assert_cmpuint(linter_at(both, 1)->max_complexity, ==, 15); /* ruff */
    g_assert_null(policy_complexity_gap(both));
    assert_shown(both, "  max_complexity: {cyclomatic: 15, cognitive: 25}\n");
    g_assert_cmpuint(cognitive->gate.max_complexity, ==, 0);
    g_assert_cmpuint(cognitive->gate.max_cognitive, ==, 25);
    g_assert_nonnull(policy_complexity_gap(cognitive));
    assert_shown(cognitive, "  max_complexity: {cognitive: 25}\n");
    g_assert_cmpuint(unmeasured->gate.max_complexity, ==, 9);
    g_assert_nonnull(policy_complexity_gap(unmeasured));
    assert_errors(
        "version: 1\ngate: {max_complexity: {cyclomatic: 0, cognitive: many, cognitiv: 1}}\n",
        ".sallyport.yaml:2:37: gate.max_complexity.cyclomatic: expected a whole number from 1 to 10000, "
        "found '0'\n"
        ".sallyport.yaml:2:51: gate.max_complexity.cognitive: expected a whole number from 1 to 10000, "
        "found 'many'\n"
        ".sallyport.yaml:2:57: gate.max_complexity: unknown key 'cognitiv' (did you mean 'cognitive'?)");
    assert_errors("version: 1\ngate: {max_complexity: [15]}\n",
                  ".sallyport.yaml:2:24: gate.max_complexity: expected a whole number, or a mapping such as "
                  "{cyclomatic: 15, cognitive: 25}, found a list");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/overrides", test_overrides);
    g_test_add_func("/policy/override-errors", test_override_errors);
    g_test_add_func("/policy/suppress", test_suppress);
    g_test_add_func("/policy/gate-of-rules", test_gate_of_rules);
    g_test_add_func("/policy/gate-of-rules-errors", test_gate_of_rules_errors);
    g_test_add_func("/policy/complexity", test_complexity);
    return g_test_run();
}
