/* What holds for every report: nothing that counts is lost, no report is kinder than the verdict, and no text
 * from outside breaks it. */
#include "ci/report/fixture.h"

#include <jansson.h>

static void test_timings(void) {
    g_autoptr(Review) review = review_with_jobs();
    g_autofree char *whole = report(review, &report_junit, (ReportOptions){0});
    g_autofree char *exact = report(review, &report_junit, (ReportOptions){.timings = true});

    /* 1,001 ms and 240 ms; then the sum with 30 s. */
    g_assert_nonnull(strstr(whole, "name=\"unit: test_a.py\" file=\"test_a.py\" time=\"2\">"));
    g_assert_nonnull(strstr(whole, "name=\"unit: test_b.py\" file=\"test_b.py\" time=\"1\">"));
    g_assert_nonnull(strstr(whole, "skipped=\"1\" time=\"33\">"));
    g_assert_nonnull(strstr(exact, "name=\"unit: test_a.py\" file=\"test_a.py\" time=\"1.001\">"));
    g_assert_nonnull(strstr(exact, "name=\"unit: test_b.py\" file=\"test_b.py\" time=\"0.240\">"));
    g_assert_nonnull(strstr(exact, "skipped=\"1\" time=\"31.241\">"));
}

static void test_table(void) {
    static const char *const names[] = {"text", "sarif", "junit", NULL};

    g_assert_true(g_strv_equal(report_names(), names));
    for (gsize i = 0; names[i] != NULL; i++)
        g_assert_cmpstr(report_find(names[i])->name, ==, names[i]);
    g_assert_null(report_find("yaml"));
    g_assert_null(report_find(""));
}

/* Elements of a JUnit file, as a reader counts them. */
typedef struct {
    guint cases, failures, errors, skipped;
    int claimed_tests, claimed_failures, claimed_errors, claimed_skipped;
} Counts;

static void count_element(GMarkupParseContext *context, const char *element, const char **names,
                          const char **values, gpointer data, GError **error) {
    Counts *counts = data;

    (void)context;
    (void)error;
    counts->cases += strcmp(element, "testcase") == 0;
    counts->failures += strcmp(element, "failure") == 0;
    counts->errors += strcmp(element, "error") == 0;
    counts->skipped += strcmp(element, "skipped") == 0;
    if (strcmp(element, "testsuites") != 0)
        return;
    for (; *names != NULL; names++, values++) {
        int number = (int)g_ascii_strtoll(*values, NULL, 10);

        if (strcmp(*names, "tests") == 0)
            counts->claimed_tests = number;
        else if (strcmp(*names, "failures") == 0)
            counts->claimed_failures = number;
        else if (strcmp(*names, "errors") == 0)
            counts->claimed_errors = number;
        else if (strcmp(*names, "skipped") == 0)
            counts->claimed_skipped = number;
    }
}

static Counts count_junit(const Review *review) {
    static const GMarkupParser parser = {.start_element = count_element};
    g_autofree char *xml = report(review, &report_junit, (ReportOptions){0});
    Counts counts = {0};
    g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, &counts, NULL);
    g_autoptr(GError) error = NULL;

    g_markup_parse_context_parse(context, xml, -1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(counts.claimed_tests, ==, counts.cases);
    g_assert_cmpint(counts.claimed_failures, ==, counts.failures);
    g_assert_cmpint(counts.claimed_errors, ==, counts.errors);
    g_assert_cmpint(counts.claimed_skipped, ==, counts.skipped);
    return counts;
}

/* What does not count is no failure, and no line of a case. */
static void test_junit_leaves_out(void) {
    g_autoptr(Review) review = review_triaged();
    g_autofree char *xml = report(review, &report_junit, (ReportOptions){0});

    g_assert_null(strstr(xml, "F401"));
    g_assert_null(strstr(xml, "F811"));
    g_assert_nonnull(strstr(xml, "ruff.E501"));
    g_assert_cmpuint(count_junit(review).failures, ==, 2); /* of the rule's limit, and the gate */
}

static void assert_junit_agrees(const Review *review) {
    Counts counts = count_junit(review);

    g_assert_true((review->verdict == VERDICT_PASSED) == (counts.failures + counts.errors == 0));
    g_assert_true(review->verdict != VERDICT_UNDECIDED || counts.errors > 0);
}

static void test_junit_agrees_with_verdict(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(Review) review = samples[i].make();

        assert_junit_agrees(review);
    }
}

/* Limits that the policy loosens or tightens: a file fails where the gate says so, and only there. */
static void test_junit_follows_limits(void) {
    g_autoptr(Review) allowed = review_with_findings();
    g_autoptr(Review) strict = review_clean();
    Counts counts;

    allowed->policy->gate.allow[SEVERITY_ERROR] = 3;
    g_ptr_array_set_size(allowed->reasons, 0);
    allowed->verdict = allowed->gate = VERDICT_PASSED;
    assert_junit_agrees(allowed);

    /* One warning too many, and no error at all: the case of its file, and the gate. */
    strict->policy->gate.allow[SEVERITY_WARNING] = 0;
    add_finding(strict, "ruff", "E501", SEVERITY_WARNING, "app.py", (Region){1, 1, 1, 2}, "line too long",
                "x");
    g_ptr_array_set_size(strict->reasons, 0);
    strict->gate = strict->verdict = gate_decide(&strict->policy->gate, strict->findings, strict->ledger,
                                                 strict->checks, strict->counts, strict->reasons);
    assert_junit_agrees(strict);
    counts = count_junit(strict);
    g_assert_cmpuint(counts.failures, ==, 2);
}

/* A finding of a tool that is no check of the review, in a file that is not in the ledger. It cannot come
 * from the pipeline as it is; it must be seen if it ever does. */
static void test_nothing_is_lost(void) {
    static const ReportFormat *const formats[] = {&report_text, &report_sarif, &report_junit};
    g_autoptr(Review) review = review_clean();

    add_finding(review, "other", "X1", SEVERITY_ERROR, "elsewhere.py", (Region){1, 1, 1, 2},
                "a stray finding", "x");
    review->counts[SEVERITY_ERROR] = 1;
    review->verdict = VERDICT_REJECTED;
    g_ptr_array_sort(review->findings, finding_compare);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *text = report(review, formats[i], (ReportOptions){.quiet = true});

        g_assert_nonnull(strstr(text, "other.X1"));
        g_assert_nonnull(strstr(text, "elsewhere.py"));
        g_assert_nonnull(strstr(text, "a stray finding"));
    }
    assert_junit_agrees(review);
}

/* What a linter or a policy might bring in must not reach a terminal as an escape, nor break JSON and XML. */
static void test_hostile_text(void) {
    static const ChangedFile file = {.path = (char *)"a\n\x1b[2J\xff<&>.py", .status = FILE_ADDED};
    static const char *const paths[] = {"a\n\x1b[2J\xff<&>.py", NULL};
    g_autoptr(Review) review = review_new();
    g_autofree char *text = NULL, *sarif = NULL;
    json_auto_t *parsed = NULL;
    CheckResult *check;

    add_path(review, &file, NULL);
    check = add_check(review, "ruff", "\x1b]0;x\x07\xff", "javascript:alert(1)", paths);
    check_rule(check, "ruff.X1")->help = g_strdup("\xff\xfe");
    check_rule(check, "ruff.X1")->help_uri = g_strdup("https://example.org/>) [x](https://example.com");
    add_finding(review, "ruff", "X1", SEVERITY_ERROR, file.path, (Region){1, 1, 1, 2}, "\x1b[31m\xff<&>\"'",
                "x");
    add_job(review, "\x1b[31mjob\xff", NULL)->skipped = g_strdup("because\x1b[0m\xff");
    (void)decide(review);

    text = report(review, &report_text, (ReportOptions){.verbose = true});
    g_assert_null(strchr(text, '\x1b'));
    g_assert_true(g_utf8_validate(text, -1, NULL));
    sarif = report(review, &report_sarif, (ReportOptions){0});
    parsed = json_loads(sarif, 0, NULL);
    g_assert_nonnull(parsed);
    g_assert_null(strstr(sarif, "javascript:"));
    g_assert_null(strstr(sarif, "[x]"));
    g_assert_nonnull(strstr(sarif, "a%0A%1B%5B2J%FF%3C%26%3E.py"));
    assert_junit_agrees(review);
}

/* The report is as long as what is in it, not quadratic, nor cut: 20,000 findings are 20,000 results. */
static void test_many_findings(void) {
    g_autoptr(Review) review = review_clean();
    g_autofree char *sarif = NULL;
    json_auto_t *parsed = NULL;

    for (guint i = 1; i <= 20000; i++)
        add_finding(review, "ruff", "E501", SEVERITY_WARNING, "app.py", (Region){i, 1, i, 2}, "line too long",
                    "x");
    sarif = report(review, &report_sarif, (ReportOptions){0});
    parsed = json_loads(sarif, 0, NULL);
    g_assert_nonnull(parsed);
    g_assert_cmpuint(
        json_array_size(json_object_get(json_array_get(json_object_get(parsed, "runs"), 0), "results")), ==,
        20000);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/junit-leaves-out", test_junit_leaves_out);
    g_test_add_func("/report/table", test_table);
    g_test_add_func("/report/timings", test_timings);
    g_test_add_func("/report/junit-agrees-with-verdict", test_junit_agrees_with_verdict);
    g_test_add_func("/report/junit-follows-limits", test_junit_follows_limits);
    g_test_add_func("/report/nothing-is-lost", test_nothing_is_lost);
    g_test_add_func("/report/hostile-text", test_hostile_text);
    g_test_add_func("/report/many-findings", test_many_findings);
    return g_test_run();
}
