/* Annotations: which line each speaks of, and what does not hold of them. */
#include "rules/annotation.h"

#include "rules/example.h"

#include <string.h>

static RuleSet *python_rules(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("test");
    RuleSet *set = rule_set_new();

    g_assert_true(rule_set_add_pack(set, "python", errors));
    return set;
}

/* "LINE RULE" of each, with ! for ok and ? for what is to do; or the error. */
static char *read_all(const char *language, const char *text) {
    g_autoptr(RuleSet) rules = python_rules();
    g_autofree char *error = NULL;
    g_autoptr(GPtrArray) all = annotation_read(rules, language, text, strlen(text), &error);
    GString *out = g_string_new(NULL);

    if (all == NULL) {
        g_string_free(out, TRUE);
        return g_steal_pointer(&error);
    }
    for (guint i = 0; i < all->len; i++) {
        const Annotation *annotation = all->pdata[i];

        g_string_append_printf(out, "%s%s%s%u %s", i > 0 ? "; " : "", annotation->finds ? "" : "!",
                               annotation->todo ? "?" : "", annotation->line, annotation->rule);
    }
    return g_string_free(out, FALSE);
}

static void assert_reads(const char *language, const char *text, const char *expected) {
    g_autofree char *is = read_all(language, text);

    g_assert_cmpstr(is, ==, expected);
}

static void test_lines(void) {
    assert_reads("python", "x = 1\n", "");
    assert_reads("python", "# ruleid: python.eval\nx\n", "2 python.eval");
    assert_reads("python", "x  # ruleid: python.eval\n", "1 python.eval");
    assert_reads("python", "# ruleid: python.eval, python.exec\nx\n", "2 python.eval; 2 python.exec");
    assert_reads("python", "# ruleid: python.eval\n# ok: python.exec\nx\n", "3 python.eval; !3 python.exec");
    /* A comment below is the next line, too. */
    assert_reads("python", "# ok: python.eval\n# eval(x)\nx\n", "!2 python.eval");
    assert_reads("python", "# todoruleid: python.eval\nx\n# todook: python.exec\ny\n",
                 "?2 python.eval; !?4 python.exec");
    assert_reads("c", "/* ok: python.eval */\nx\n", "!2 python.eval");
    assert_reads("javascript", "x(); // ok: python.eval\n", "!1 python.eval");
    assert_reads("html", "<!-- ok: python.eval -->\n<p>\n", "!2 python.eval");
    assert_reads("python", "x = '''\n# ruleid: python.eval\n'''\n", "");
    assert_reads("python", "# ruleid: python.eval\n", "2 python.eval");
}

static void test_errors(void) {
    assert_reads("python", "x\n# ruleid: python.evil\nx\n", "2: there is no rule 'python.evil'");
    assert_reads("python", "# ruleid: everything\nx\n", "1: there is no rule 'everything'");
    assert_reads("python", "# ruleid:\nx\n", "1: no id of a rule behind 'ruleid:'");
    assert_reads("python", "# ok: python.evil\nx\n", "1: there is no rule 'python.evil'");
    assert_reads("python", "# ok: that is fine. Go on\n# ok: fine\nx\n", "");
}

static void add_finding(CheckResult *result, const char *rule, guint line) {
    g_ptr_array_add(result->findings, finding_new("sallyport", rule, SEVERITY_ERROR, "a.py",
                                                  (Region){line, 1, line, 2}, "a message"));
}

static void assert_failure(const GPtrArray *failures, guint i, guint line, const char *text) {
    const TestFailure *failure = failures->pdata[i];

    g_assert_cmpstr(failure->file, ==, "a.py");
    g_assert_cmpuint(failure->line, ==, line);
    g_assert_cmpstr(failure->text, ==, text);
}

static void test_compare(void) {
    static const char text[] =
        "# ruleid: python.eval\nx\n# ok: python.eval\ny\n# todoruleid: python.exec\nz\n";
    g_autoptr(RuleSet) rules = python_rules();
    g_autofree char *error = NULL;
    g_autoptr(GPtrArray) all = annotation_read(rules, "python", text, strlen(text), &error);
    g_autoptr(GPtrArray) failures = test_failures_new();
    g_autoptr(CheckResult) right = check_result_new("sallyport"), wrong = check_result_new("sallyport");

    add_finding(right, "python.eval", 2);
    annotation_compare(all, right, "a.py", true, failures);
    g_assert_cmpuint(failures->len, ==, 0);
    add_finding(wrong, "python.eval", 4);
    add_finding(wrong, "python.os-system", 2);
    annotation_compare(all, wrong, "a.py", false, failures);
    g_assert_cmpuint(failures->len, ==, 2);
    assert_failure(failures, 0, 2,
                   "python.eval finds nothing here, which the comment in line 1 does not expect");
    assert_failure(failures, 1, 4,
                   "python.eval finds something here, which the comment in line 3 does not expect");
    annotation_compare(all, wrong, "a.py", true, failures);
    g_assert_cmpuint(failures->len, ==, 5);
    assert_failure(failures, 4, 2, "python.os-system finds something that no comment expects: a message");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/annotation/lines", test_lines);
    g_test_add_func("/annotation/errors", test_errors);
    g_test_add_func("/annotation/compare", test_compare);
    return g_test_run();
}
