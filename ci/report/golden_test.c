/* The reports of five reviews that are built by hand, against golden files: testdata/reports/REVIEW.KIND.
 * With SALLYPORT_GOLDEN=1 in the environment the golden files are written instead; read them before they are
 * committed. */
#include "ci/report/fixture.h"

#include <jansson.h>

#define GOLDEN_FOLDER "testdata/reports"

static void assert_golden(const char *sample, const char *kind, const char *text) {
    g_autofree char *file = g_strdup_printf(GOLDEN_FOLDER "/%s.%s", sample, kind);
    g_autofree char *expected = NULL;
    g_autoptr(GError) error = NULL;

    if (g_getenv("SALLYPORT_GOLDEN") != NULL)
        g_file_set_contents(file, text, -1, &error);
    else
        g_file_get_contents(file, &expected, NULL, &error);
    g_assert_no_error(error);
    if (expected != NULL)
        g_assert_cmpstr(text, ==, expected);
}

static void test_golden(gconstpointer data) {
    static const struct {
        const char *kind;
        const ReportFormat *format;
        ReportOptions options;
    } kinds[] = {
        {"txt", &report_text, {0}},
        {"quiet.txt", &report_text, {.quiet = true}},
        {"verbose.txt", &report_text, {.verbose = true}},
        {"color.txt", &report_text, {.color = true}},
        {"sarif", &report_sarif, {0}},
        {"xml", &report_junit, {0}},
    };
    const Sample *sample = data;
    g_autoptr(Review) review = sample->make();

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *text = report(review, kinds[i].format, kinds[i].options);
        g_autofree char *again = report(review, kinds[i].format, kinds[i].options);

        g_assert_cmpstr(text, ==, again);
        assert_golden(sample->name, kinds[i].kind, text);
    }
}

/* What only one of the samples has something to show of. */
static void test_golden_triage(void) {
    g_autoptr(Review) review = review_triaged();
    g_autofree char *baseline = report(review, &report_sarif, (ReportOptions){.baseline = true});
    g_autofree char *all = report(review, &report_text, (ReportOptions){.quiet = true, .explain = ""});
    g_autofree char *line =
        report(review, &report_text, (ReportOptions){.quiet = true, .explain = "app.py:4"});
    g_autofree char *nothing =
        report(review, &report_text, (ReportOptions){.quiet = true, .explain = "app.py:5\x1b"});

    assert_golden("triaged", "baseline", baseline);
    assert_golden("triaged", "explain.txt", all);
    g_assert_nonnull(strstr(line, "explained\n"
                                  "  app.py:4  ruff.W291  off: dropped\n"
                                  "    off        dropped: its severity is off\n"
                                  "\n"));
    g_assert_nonnull(strstr(nothing, "explained\n  no check has said anything of app.py:5\\x1b\n\n"));
}

/* SARIF 3.27.23: in one run all results have a list of suppressions, or none has. */
static void test_sarif_suppressions(void) {
    g_autoptr(Review) review = review_triaged();
    g_autofree char *sarif = report(review, &report_sarif, (ReportOptions){0});
    json_auto_t *parsed = json_loads(sarif, 0, NULL);
    const json_t *runs = json_object_get(parsed, "runs");
    const json_t *flake8 = json_object_get(json_array_get(runs, 0), "results"),
                 *ruff = json_object_get(json_array_get(runs, 1), "results");
    const json_t *first = json_array_get(json_object_get(json_array_get(ruff, 0), "suppressions"), 0);

    g_assert_cmpuint(json_array_size(flake8), ==, 1);
    g_assert_null(json_object_get(json_array_get(flake8, 0), "suppressions"));
    g_assert_cmpstr(json_string_value(json_object_get(json_array_get(flake8, 0), "baselineState")), ==,
                    "unchanged");
    g_assert_cmpuint(json_array_size(ruff), ==, 2); /* the old one is not in it */
    g_assert_cmpstr(json_string_value(json_object_get(first, "kind")), ==, "inSource");
    g_assert_cmpstr(json_string_value(json_object_get(first, "status")), ==, "accepted");
    g_assert_cmpstr(json_string_value(json_object_get(first, "justification")), ==,
                    "known <input>; owner ada");
    g_assert_true(json_is_array(json_object_get(json_array_get(ruff, 1), "suppressions")));
    g_assert_cmpuint(json_array_size(json_object_get(json_array_get(ruff, 1), "suppressions")), ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *name = g_strconcat("/report/golden/", samples[i].name, NULL);

        g_test_add_data_func(name, &samples[i], test_golden);
    }
    g_test_add_func("/report/golden/triage", test_golden_triage);
    g_test_add_func("/report/sarif-suppressions", test_sarif_suppressions);
    return g_test_run();
}
