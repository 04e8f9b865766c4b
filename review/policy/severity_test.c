/* Which severity a map of the policy gives a code. */
#include "review/policy/fixture.h"

/* The severity that {KEY: note, ...} gives a code, or NULL. */
static const char *severity_of(const char *map, const char *tool, const char *code) {
    g_autofree char *text = g_strdup_printf("version: 1\nrules: {severity: %s}\n", map);
    g_autoptr(Policy) policy = parse(text);
    Severity severity;

    return severity_map_get(policy->rule_severity, tool, code, &severity) ? severity_name(severity) : NULL;
}

static void test_severity_of_codes(void) {
    const char *map = "{F: error, E: note, E9: error, PL: off, \"*\": warning, ruff.E501: off}";

    g_assert_cmpstr(severity_of(map, "ruff", "F401"), ==, "error");
    g_assert_cmpstr(severity_of(map, "ruff", "FBT001"), ==, "warning"); /* F is F and digits */
    g_assert_cmpstr(severity_of(map, "ruff", "E999"), ==, "error");
    g_assert_cmpstr(severity_of(map, "ruff", "E203"), ==, "note");
    g_assert_cmpstr(severity_of(map, "ruff", "PLR0913"), ==, "off");
    g_assert_cmpstr(severity_of(map, "ruff", "E501"), ==, "off");
    g_assert_cmpstr(severity_of(map, "flake8", "E501"), ==, "note");
    g_assert_cmpstr(severity_of("{F: error}", "ruff", "W291"), ==, NULL);
    g_assert_cmpstr(severity_of("{F401: error}", "ruff", "F40"), ==, NULL);
    g_assert_cmpstr(severity_of("{}", "ruff", "F401"), ==, NULL);
    g_assert_cmpstr(severity_of("{F: error}", "ruff", "F"), ==, "error");
    g_assert_cmpstr(severity_of("note", "black", "format"), ==, "note");
}

static void test_severity_of_tools(void) {
    g_assert_cmpstr(severity_of("{ruff: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{ruff: off}", "flake8", "F401"), ==, NULL);
    g_assert_cmpstr(severity_of("{ruff: off, F: error}", "ruff", "F401"), ==, "error");
    g_assert_cmpstr(severity_of("{\"*\": note, ruff: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{F401: note, ruff.F: off}", "ruff", "F401"), ==, "note");
    g_assert_cmpstr(severity_of("{F401: note, ruff.F401: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{ruff.F401: off, F401: note}", "ruff", "F401"), ==, "off");
}

static void test_severity_of_rules(void) {
    const char *map = "{python: note, python.eval: off, p: error}";

    g_assert_cmpstr(severity_of(map, "sallyport", "python.eval"), ==, "off");
    g_assert_cmpstr(severity_of(map, "sallyport", "python.evaluate"), ==, "note");
    g_assert_cmpstr(severity_of(map, "sallyport", "pythonic.thing"), ==, NULL);
    g_assert_cmpstr(severity_of("{secrets.aws: off}", "sallyport", "secrets.aws.key"), ==, "off");
    g_assert_cmpstr(severity_of("{sallyport.python: off}", "sallyport", "python.eval"), ==, "off");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/severity/codes", test_severity_of_codes);
    g_test_add_func("/policy/severity/tools", test_severity_of_tools);
    g_test_add_func("/policy/severity/rules", test_severity_of_rules);
    return g_test_run();
}
