/* The reports of four reviews that are built by hand, against golden files: testdata/reports/REVIEW.KIND.
 * With SALLYPORT_GOLDEN=1 in the environment the golden files are written instead; read them before they are
 * committed. And what holds for every one of them: nothing that counts is lost, and no report is kinder than
 * the verdict. */
#include "ci/report/report.h"
#include "review/gate.h"

#include <jansson.h>
#include <string.h>

#define GOLDEN_FOLDER "testdata/reports"

static const char *const no_words[] = {NULL};

static void entry_free(LedgerEntry *entry) {
    g_ptr_array_unref(entry->checks);
    g_ptr_array_unref(entry->failures);
    g_ptr_array_unref(entry->left_out);
    g_free(entry->skipped);
    g_free(entry);
}

static Review *review_new(void) {
    static const PolicyWords words = {
        .linters = no_words, .packs = no_words, .languages = no_words, .formats = no_words};
    Review *review = g_new0(Review, 1);

    review->policy = policy_default(&words);
    review->change = change_from_code("app.py", "pass\n", 5);
    review->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_result_free);
    review->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    review->ledger = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    review->stale = g_ptr_array_new_with_free_func(g_free);
    review->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_result_free);
    review->notes = g_ptr_array_new_with_free_func(g_free);
    review->reasons = g_ptr_array_new_with_free_func(g_free);
    return review;
}

/* Paths are added in order. `skipped` may be NULL. */
static void add_path(Review *review, const ChangedFile *file, const char *skipped) {
    LedgerEntry *entry = g_new0(LedgerEntry, 1);

    entry->file = file;
    entry->checks = g_ptr_array_new_with_free_func(g_free);
    entry->failures = g_ptr_array_new_with_free_func(g_free);
    entry->left_out = g_ptr_array_new_with_free_func(g_free);
    entry->skipped = g_strdup(skipped);
    g_ptr_array_add(review->ledger, entry);
}

/* Checks are added in order of their names; `paths` ends with NULL. */
static CheckResult *add_check(Review *review, const char *name, const char *version, const char *uri,
                              const char *const *paths) {
    CheckResult *check = check_result_new(name);

    check->version = g_strdup(version);
    check->information_uri = g_strdup(uri);
    check->ran = strcmp(name, "sallyport") != 0;
    for (; *paths != NULL; paths++)
        g_ptr_array_add(check->paths, g_strdup(*paths));
    g_ptr_array_add(review->checks, check);
    return check;
}

static Finding *add_finding(Review *review, const char *tool, const char *code, Severity severity,
                            const char *path, Region region, const char *message, const char *line) {
    Finding *finding = finding_new(tool, code, severity, path, region, message);

    finding->new_code = true;
    finding->line_text = g_strdup(line);
    finding->fingerprint = g_strdup_printf("%s%u:1", "c129715d7a2bc9a", finding->region.start_line % 10);
    finding->line_hash = g_strdup_printf("%016u", finding->region.start_line);
    g_ptr_array_add(review->findings, finding);
    return finding;
}

static void add_fix(Finding *finding, const char *description, FixKind kind, Region region,
                    const char *text) {
    Fix *fix = fix_new(description, kind);

    fix_add(fix, region, text);
    g_ptr_array_add(finding->fixes, fix);
}

static JobResult *add_job(Review *review, const char *name, const char *path) {
    JobResult *job = g_new0(JobResult, 1);

    job->name = g_strdup(name);
    job->path = g_strdup(path);
    g_ptr_array_add(review->jobs, job);
    return job;
}

/* `code` is the exit code, or the signal. */
static void end_job(JobResult *job, CommandStatus status, int code, guint64 wall_ms, const char *out,
                    const char *err) {
    Command command = {.limits = limits_default()};

    job->result = g_new0(CommandResult, 1);
    job->result->status = status;
    job->result->exit_code = status == STATUS_SIGNALED ? 0 : code;
    job->result->signal = status == STATUS_SIGNALED ? code : 0;
    job->result->metrics.wall_us = wall_ms * 1000;
    job->result->out = g_bytes_new(out, strlen(out));
    job->result->err = g_bytes_new(err, strlen(err));
    if (status == STATUS_SETUP_ERROR) {
        job->result->error = g_strdup("mount /proc: Operation not permitted");
        job->result->remedy = g_strdup("allow unprivileged user namespaces");
    }
    job->summary = command_result_text(&command, job->result);
}

/* What the pipeline does with the checks that have ended. */
static Review *decide(Review *review) {
    for (guint i = 0; i < review->checks->len; i++)
        ledger_add(review->ledger, g_ptr_array_index(review->checks, i));
    ledger_close(review->ledger);
    g_ptr_array_sort(review->findings, finding_compare);
    review->gate = gate_decide(&review->policy->gate, review->findings, review->ledger, review->checks,
                               review->counts, review->reasons);
    review->verdict = review->gate;
    return review;
}

/* Everything that a finding can have, a path that is hard to write, and files that no check looks at. */
static Review *review_with_findings(void) {
    static const ChangedFile app = {.path = (char *)"src/app.py", .status = FILE_MODIFIED},
                             cafe = {.path = (char *)"src/caf\xe9 \"1\".py", .status = FILE_ADDED},
                             logo = {.path = (char *)"src/logo.png", .status = FILE_ADDED},
                             ok = {.path = (char *)"src/ok.py",
                                   .old_path = (char *)"src/good.py",
                                   .status = FILE_RENAMED},
                             old = {.path = (char *)"src/old.py", .status = FILE_DELETED};
    static const char *const paths[] = {"src/app.py", "src/caf\xe9 \"1\".py", "src/ok.py", NULL};
    Review *review = review_new();
    CheckResult *check;
    RuleInfo *rule;
    Finding *finding;
    guint cwe = 95;

    add_path(review, &app, NULL);
    add_path(review, &cafe, NULL);
    add_path(review, &logo, "binary");
    add_path(review, &ok, NULL);
    add_path(review, &old, "deleted");

    check = add_check(review, "black", "26.10.1", "https://black.readthedocs.io/", paths);
    check->exit_code = 1;
    finding = add_finding(review, "black", "format", SEVERITY_NOTE, "src/app.py", (Region){4, 0, 5, 0},
                          "would be formatted differently", "def load( name ):");
    add_fix(finding, "Format as Black does", FIX_SAFE, (Region){4, 1, 6, 1},
            "def load(name):\n    return eval(name)\n");

    check = add_check(review, "flake8", "7.5.0", "https://flake8.pycqa.org/", paths);
    check->exit_code = 1;
    add_finding(review, "flake8", "F401", SEVERITY_ERROR, "src/app.py", (Region){1, 8, 1, 10},
                "'os' imported but unused", "import os");

    check = add_check(review, "ruff", "0.17.6", "https://docs.astral.sh/ruff/", paths);
    check->exit_code = 1;
    rule = check_rule(check, "ruff.F401");
    rule->name = g_strdup("unused-import");
    rule->summary = g_strdup("An import that nothing uses.");
    rule->help_uri = g_strdup("https://docs.astral.sh/ruff/rules/unused-import");
    rule->severity = SEVERITY_ERROR;
    finding = add_finding(review, "ruff", "F401", SEVERITY_ERROR, "src/app.py", (Region){1, 8, 1, 10},
                          "`os` imported but unused", "import os");
    add_fix(finding, "Remove unused import: `os`", FIX_SAFE, (Region){1, 1, 2, 1}, "");
    finding =
        add_finding(review, "ruff", "T201", SEVERITY_WARNING, "src/caf\xe9 \"1\".py", (Region){2, 2, 2, 7},
                    "`print` found in <module> & \"more\"", "\tprint('漢字', end='')");
    add_fix(finding, "Remove `print`", FIX_UNSAFE, (Region){2, 2, 2, 24}, "");
    finding = add_finding(review, "ruff", "B006", SEVERITY_ERROR, "src/ok.py", (Region){9, 11, 9, 13},
                          "Do not use mutable data structures for argument defaults", "def f(a, b=[]):");
    finding->new_code = false;

    check = add_check(review, "sallyport", "0.1.0", NULL, paths);
    rule = check_rule(check, "python.eval");
    rule->name = g_strdup("eval of a value");
    rule->summary = g_strdup("eval() runs whatever text it is given.");
    rule->help = g_strdup("Read data with json.loads() or ast.literal_eval().");
    rule->precision = g_strdup("medium");
    rule->security_severity = 8.8;
    rule->severity = SEVERITY_ERROR;
    rule->cwe = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(rule->cwe, cwe);
    add_finding(review, "sallyport", "python.eval", SEVERITY_ERROR, "src/app.py", (Region){5, 12, 5, 22},
                "eval() runs whatever text it is given", "    return eval(name)");
    add_finding(review, "sallyport", "change.no-test", SEVERITY_NOTE, "src/app.py", (Region){0, 0, 0, 0},
                "no test is changed along with this file", NULL);

    add_job(review, "unit", NULL)->skipped = g_strdup("the review rejected the change");
    return decide(review);
}

/* A linter that is missing, one that did not get through a file, a file that could not be read. */
static Review *review_undecided(void) {
    static const ChangedFile app = {.path = (char *)"app.py", .status = FILE_MODIFIED},
                             big = {.path = (char *)"big.py", .status = FILE_ADDED},
                             gone = {.path = (char *)"gone.py", .status = FILE_MODIFIED};
    static const char *const paths[] = {"app.py", "big.py", NULL};
    Review *review = review_new();
    CheckResult *check;

    add_path(review, &app, NULL);
    add_path(review, &big, NULL);
    add_path(review, &gone, NULL);
    ledger_fail(g_ptr_array_index(review->ledger, 2), "content", "changed while it was reviewed");

    check = add_check(review, "flake8", "7.5.0", "https://flake8.pycqa.org/", paths);
    check_fail_file(check, "big.py", "was given, and is not in the tool's account");
    add_finding(review, "flake8", "E501", SEVERITY_WARNING, "app.py", (Region){3, 80, 3, 81},
                "line too long (93 > 79 characters)", "x = 1");

    check = add_check(review, "ruff", NULL, "https://docs.astral.sh/ruff/", paths);
    check->ran = false;
    check_fail(check, "not found on the PATH", "pip install ruff");
    add_job(review, "unit", NULL)->skipped = g_strdup("the review could not be finished");
    return decide(review);
}

/* The review passed; its jobs ended in every way. */
static Review *review_with_jobs(void) {
    static const ChangedFile app = {.path = (char *)"app.py", .status = FILE_MODIFIED};
    static const char *const paths[] = {"app.py", NULL};
    g_autoptr(GString) long_output = g_string_new(NULL);
    Review *review = review_new();

    add_path(review, &app, NULL);
    add_check(review, "sallyport", "0.1.0", NULL, paths);
    add_finding(review, "sallyport", "python.print", SEVERITY_WARNING, "app.py", (Region){1, 1, 1, 6},
                "print() in library code", "print(1)");
    for (int i = 1; i <= 30; i++)
        g_string_append_printf(long_output, "step %d\n", i);
    end_job(add_job(review, "unit: test_a.py", "test_a.py"), STATUS_SUCCESS, 0, 1001, "ok\n", "");
    end_job(add_job(review, "unit: test_b.py", "test_b.py"), STATUS_EXECUTION_ERROR, 3, 240, long_output->str,
            "\x1b[31mAssertionError\x1b[0m: 1 < 2 && ]]>\r\n\x01\xff\n");
    end_job(add_job(review, "crash", NULL), STATUS_SIGNALED, 11, 30000, "", "");
    end_job(add_job(review, "boxed", NULL), STATUS_SETUP_ERROR, 0, 0, "", "");
    add_job(review, "none", NULL)->skipped = g_strdup("no file matches its `files`");
    (void)decide(review);
    g_ptr_array_add(review->reasons, g_strdup("job unit: test_b.py ended with exit code 3"));
    g_ptr_array_add(review->reasons, g_strdup("job crash was ended by signal 11"));
    g_ptr_array_add(review->reasons, g_strdup("job boxed could not be started"));
    review->verdict = VERDICT_UNDECIDED;
    return review;
}

static Review *review_clean(void) {
    static const ChangedFile app = {.path = (char *)"app.py", .status = FILE_ADDED},
                             readme = {.path = (char *)"readme.md", .status = FILE_MODIFIED};
    static const char *const paths[] = {"app.py", NULL};
    Review *review = review_new();

    add_path(review, &app, NULL);
    add_path(review, &readme, NULL);
    add_check(review, "ruff", "0.17.6", "https://docs.astral.sh/ruff/", paths);
    add_check(review, "sallyport", "0.1.0", NULL, paths);
    end_job(add_job(review, "unit", NULL), STATUS_SUCCESS, 0, 7, "", "");
    return decide(review);
}

/* Findings that do not count, each for another reason, and one of which there are too many. */
static Review *review_triaged(void) {
    static const ChangedFile app = {.path = (char *)"app.py", .status = FILE_MODIFIED};
    static const char *const paths[] = {"app.py", NULL};
    RuleLimit limit = {g_strdup("ruff.E501"), 0};
    Review *review = review_new();
    Finding *finding;

    review->policy->gate.baseline = g_strdup("baseline.sarif");
    g_array_append_val(review->policy->gate.allow_rules, limit);
    review->dropped = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    add_path(review, &app, NULL);
    add_check(review, "flake8", "7.5.0", "https://flake8.pycqa.org/", paths);
    finding = add_finding(review, "flake8", "F401", SEVERITY_ERROR, "app.py", (Region){1, 1, 1, 2},
                          "'os' imported but unused", "import os");
    finding->unchanged = true;
    finding_add_note(finding, "severity", g_strdup("comes as error"));
    finding_add_note(finding, "baseline", g_strdup("in the baseline, in app.py: it does not count"));
    add_check(review, "ruff", "0.17.6", "https://docs.astral.sh/ruff/", paths);
    finding = add_finding(review, "ruff", "F401", SEVERITY_ERROR, "app.py", (Region){2, 8, 2, 11},
                          "`sys` imported but unused", "import sys");
    finding_suppress(finding, 2, g_strdup("known <input>; owner ada"));
    add_fix(finding, "Remove unused import: `sys`", FIX_SAFE, (Region){2, 1, 3, 1}, "");
    finding = add_finding(review, "ruff", "F811", SEVERITY_ERROR, "app.py", (Region){3, 1, 3, 2}, "redefined",
                          "x = 1");
    finding_suppress(finding, 3, NULL);
    finding->new_code = false;
    add_finding(review, "ruff", "E501", SEVERITY_WARNING, "app.py", (Region){9, 89, 9, 93}, "line too long",
                "x = 1");
    finding = finding_new("ruff", "W291", SEVERITY_OFF, "app.py", (Region){4, 1, 4, 2}, "trailing space");
    finding_add_note(finding, "off", g_strdup("dropped: its severity is off"));
    g_ptr_array_add(review->dropped, finding);
    for (guint i = 1; i <= 7; i++)
        g_ptr_array_add(review->stale, g_strdup_printf("ruff.F401 in gone.py, line %u", i));
    return decide(review);
}

typedef struct {
    const char *name;
    Review *(*make)(void);
} Sample;

static const Sample samples[] = {
    {"findings", review_with_findings}, {"undecided", review_undecided},
    {"jobs", review_with_jobs},         {"clean", review_clean},
    {"triaged", review_triaged},
};

static char *report(const Review *review, const ReportFormat *format, ReportOptions options) {
    GString *out = g_string_new(NULL);

    format->write(review, &options, out);
    return g_string_free(out, FALSE);
}

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
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autofree char *name = g_strconcat("/report/golden/", samples[i].name, NULL);

        g_test_add_data_func(name, &samples[i], test_golden);
    }
    g_test_add_func("/report/golden/triage", test_golden_triage);
    g_test_add_func("/report/sarif-suppressions", test_sarif_suppressions);
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
