/* fixture.h: what the tests of the reports share: reviews that are built by hand, samples of them, and a
 * report as text. Order: review_new(), add_path() of each file, add_check(), add_finding(), add_job(),
 * decide().
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "ci/report/report.h"
#include "review/gate.h"

#include <string.h>

static const char *const no_words[] = {NULL};

static inline void entry_free(LedgerEntry *entry) {
    g_ptr_array_unref(entry->checks);
    g_ptr_array_unref(entry->failures);
    g_ptr_array_unref(entry->left_out);
    g_free(entry->skipped);
    g_free(entry);
}

static inline Review *review_new(void) {
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
static inline void add_path(Review *review, const ChangedFile *file, const char *skipped) {
    LedgerEntry *entry = g_new0(LedgerEntry, 1);

    entry->file = file;
    entry->checks = g_ptr_array_new_with_free_func(g_free);
    entry->failures = g_ptr_array_new_with_free_func(g_free);
    entry->left_out = g_ptr_array_new_with_free_func(g_free);
    entry->skipped = g_strdup(skipped);
    g_ptr_array_add(review->ledger, entry);
}

/* Checks are added in order of their names; `paths` ends with NULL. */
static inline CheckResult *add_check(Review *review, const char *name, const char *version, const char *uri,
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

static inline Finding *add_finding(Review *review, const char *tool, const char *code, Severity severity,
                                   const char *path, Region region, const char *message, const char *line) {
    Finding *finding = finding_new(tool, code, severity, path, region, message);

    finding->new_code = true;
    finding->line_text = g_strdup(line);
    finding->fingerprint = g_strdup_printf("%s%u:1", "c129715d7a2bc9a", finding->region.start_line % 10);
    finding->line_hash = g_strdup_printf("%016u", finding->region.start_line);
    g_ptr_array_add(review->findings, finding);
    return finding;
}

static inline void add_fix(Finding *finding, const char *description, FixKind kind, Region region,
                           const char *text) {
    Fix *fix = fix_new(description, kind);

    fix_add(fix, region, text);
    g_ptr_array_add(finding->fixes, fix);
}

static inline JobResult *add_job(Review *review, const char *name, const char *path) {
    JobResult *job = g_new0(JobResult, 1);

    job->name = g_strdup(name);
    job->path = g_strdup(path);
    g_ptr_array_add(review->jobs, job);
    return job;
}

/* `code` is the exit code, or the signal. */
static inline void end_job(JobResult *job, CommandStatus status, int code, guint64 wall_ms, const char *out,
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
static inline Review *decide(Review *review) {
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
static inline Review *review_with_findings(void) {
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
static inline Review *review_undecided(void) {
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
static inline Review *review_with_jobs(void) {
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

static inline Review *review_clean(void) {
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
static inline Review *review_triaged(void) {
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

static inline char *report(const Review *review, const ReportFormat *format, ReportOptions options) {
    GString *out = g_string_new(NULL);

    format->write(review, &options, out);
    return g_string_free(out, FALSE);
}
