/* JUnit XML as Jenkins, GitLab and their kind read it: a suite a check, with a case for each file it was
 * given; a suite each for the paths that no check looked at and for the jobs; last the gate, which fails
 * where the verdict is not `passed`, so that no reader can see less than that. */
#include "ci/report/report.h"
#include "ci/report/view.h"
#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

enum { OUTPUT_LINES = 1000, OUTPUT_BYTES = 64 * 1024 };

typedef struct {
    const char *name;
    GString *cases; /* finished XML */
    guint tests, failures, errors, skipped;
    guint64 time_ms;
} Suite;

typedef enum { CASE_PASSED, CASE_FAILURE, CASE_ERROR, CASE_SKIPPED } CaseResult;

typedef struct {
    const Review *review;
    const ReportOptions *options;
    GString *suites; /* finished XML */
    Suite total;
} Writer;

/* Text for XML. text_line() and text_block() have taken out what XML 1.0 has no place for (section 2.2). */
static void add_escaped(GString *out, const char *text) {
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
}

static void add_attribute(GString *out, const char *name, const char *value) {
    g_autofree char *line = text_line(value, -1, CAP_MESSAGE_BYTES);

    g_string_append_printf(out, " %s=\"", name);
    add_escaped(out, line);
    g_string_append_c(out, '"');
}

/* <name>text</name>, text being clean; nothing where it is empty. */
static void add_text_element(GString *out, const char *name, const char *text) {
    if (*text == '\0')
        return;
    g_string_append_printf(out, "      <%s>", name);
    add_escaped(out, text);
    g_string_append_printf(out, "</%s>\n", name);
}

/* Without `timings`, whole seconds rounded up: then two runs of the same job mostly say the same. */
static guint64 shown_ms(const ReportOptions *options, guint64 ms) {
    return options->timings ? ms : (ms + 999) / 1000 * 1000;
}

/* `ms` is one or a sum of shown_ms(). */
static void add_time(GString *out, const ReportOptions *options, guint64 ms) {
    g_string_append_printf(out, " time=\"%" G_GUINT64_FORMAT, ms / 1000);
    if (options->timings)
        g_string_append_printf(out, ".%03u", (guint)(ms % 1000));
    g_string_append_c(out, '"');
}

static void add_counts(GString *out, const Suite *suite) {
    add_attribute(out, "name", suite->name);
    g_string_append_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"", suite->tests,
                           suite->failures, suite->errors, suite->skipped);
}

static Suite suite_new(const char *name) {
    return (Suite){.name = name, .cases = g_string_new(NULL)};
}

/* Writes the suite and takes it; one without cases is left out. `properties` is finished XML or "". */
static void suite_close(Writer *w, Suite *suite, const char *properties) {
    if (suite->tests > 0) {
        g_string_append(w->suites, "  <testsuite");
        add_counts(w->suites, suite);
        add_time(w->suites, w->options, suite->time_ms);
        g_string_append_printf(w->suites, ">\n%s%s  </testsuite>\n", properties, suite->cases->str);
    }
    w->total.tests += suite->tests;
    w->total.failures += suite->failures;
    w->total.errors += suite->errors;
    w->total.skipped += suite->skipped;
    w->total.time_ms += suite->time_ms;
    g_string_free(suite->cases, TRUE);
}

/* The start of a case. `path` may be NULL; case_result() and case_end() follow. */
static void case_begin(Suite *suite, const char *name, const char *path) {
    suite->tests++;
    g_string_append(suite->cases, "    <testcase");
    add_attribute(suite->cases, "classname", suite->name);
    add_attribute(suite->cases, "name", name);
    if (path != NULL) {
        g_autofree char *shown = text_path(path);

        add_attribute(suite->cases, "file", shown);
    }
}

/* Ends the start tag, and says how the case ended. `type` and `text` may be NULL. */
static void case_result(Suite *suite, CaseResult result, const char *type, const char *summary,
                        const char *text) {
    static const char *const elements[] = {NULL, "failure", "error", "skipped"};

    g_string_append(suite->cases, ">\n");
    suite->failures += result == CASE_FAILURE;
    suite->errors += result == CASE_ERROR;
    suite->skipped += result == CASE_SKIPPED;
    if (result == CASE_PASSED)
        return;
    g_string_append_printf(suite->cases, "      <%s", elements[result]);
    if (type != NULL)
        add_attribute(suite->cases, "type", type);
    add_attribute(suite->cases, "message", summary);
    if (text != NULL && *text != '\0') {
        g_string_append_c(suite->cases, '>');
        add_escaped(suite->cases, text);
        g_string_append_printf(suite->cases, "</%s>\n", elements[result]);
    } else {
        g_string_append(suite->cases, "/>\n");
    }
}

static void case_end(Suite *suite) {
    g_string_append(suite->cases, "    </testcase>\n");
}

/* "src/app.py:12:5: error: ruff.F401: `os` imported but unused". */
static void add_finding_line(GString *out, const char *shown_path, const Finding *finding) {
    g_autofree char *rules = finding_rules(finding);

    g_string_append(out, shown_path);
    if (finding->region.start_line > 0)
        g_string_append_printf(out, ":%u", finding->region.start_line);
    if (finding->region.start_line > 0 && finding->region.start_column > 0)
        g_string_append_printf(out, ":%u", finding->region.start_column);
    g_string_append_printf(out, ": %s: %s: %s\n", severity_name(finding->severity), rules, finding->message);
}

/* What one tool says of one file. */
typedef struct {
    const char *path;
    const LedgerEntry *entry; /* may be NULL */
    const char *failure;      /* why it is undecided, or NULL */
    const Finding *worst;     /* of those that speak against passing, the first of the greatest severity */
    guint against;            /* how many there are of those */
    GString *lines;           /* all findings */
} FileCase;

/* Takes the findings of `path` from `*first` on, and moves that behind them. `lines` is filled. */
static FileCase collect_file(const Review *review, const ToolView *tool, const char *path, guint *first,
                             GString *lines) {
    FileCase file = {.path = path, .entry = ledger_find(review->ledger, path), .lines = lines};
    g_autofree char *shown = text_path(path);

    if (tool->check != NULL)
        file.failure = check_failure_of(tool->check, path);
    for (; *first < tool->findings->len; ++*first) {
        const Finding *finding = g_ptr_array_index(tool->findings, *first);

        if (strcmp(finding->path, path) != 0)
            break;
        add_finding_line(file.lines, shown, finding);
        if (!view_speaks_against(review, file.entry, finding))
            continue;
        file.against++;
        if (file.worst == NULL || finding->severity > file.worst->severity)
            file.worst = finding;
    }
    return file;
}

/* "ruff.F401: `os` imported but unused (and 2 more)". */
static char *failure_summary(const FileCase *file) {
    g_autofree char *more =
        file->against > 1 ? g_strdup_printf(" (and %u more)", file->against - 1) : g_strdup("");

    return g_strdup_printf("%s: %s%s", file->worst->rule, file->worst->message, more);
}

static void add_file_case(Suite *suite, const ToolView *tool, const FileCase *file) {
    g_autofree char *shown = text_path(file->path);
    const char *remedy = tool->check != NULL ? tool->check->remedy : NULL;

    case_begin(suite, shown, file->path);
    if (file->failure != NULL) {
        /* A remedy is of the check as a whole. */
        if (tool->check->failure != NULL && remedy != NULL)
            g_string_append_printf(file->lines, "remedy: %s\n", remedy);
        case_result(suite, CASE_ERROR, "undecided", file->failure, file->lines->str);
    } else if (file->worst != NULL) {
        g_autofree char *summary = failure_summary(file);

        case_result(suite, CASE_FAILURE, severity_name(file->worst->severity), summary, file->lines->str);
    } else {
        case_result(suite, CASE_PASSED, NULL, NULL, NULL);
        add_text_element(suite->cases, "system-out", file->lines->str);
    }
    case_end(suite);
}

static void add_left_out_cases(Suite *suite, const CheckResult *check) {
    g_autoptr(GList) paths =
        g_list_sort(g_hash_table_get_keys(check->left_out), (GCompareFunc)(void *)strcmp);

    for (const GList *path = paths; path != NULL; path = path->next) {
        g_autofree char *shown = text_path(path->data);

        case_begin(suite, shown, path->data);
        case_result(suite, CASE_SKIPPED, NULL, g_hash_table_lookup(check->left_out, path->data), NULL);
        case_end(suite);
    }
}

/* Walks the files that the check was given and its findings side by side; both are sorted by path. A finding
 * in a file that was not given has its case too. */
static void add_check_suite(Writer *w, const ToolView *tool) {
    Suite suite = suite_new(tool->name);
    guint given = tool->check != NULL ? tool->check->paths->len : 0;
    guint p = 0, f = 0;

    if (tool->check != NULL)
        add_left_out_cases(&suite, tool->check);

    while (p < given || f < tool->findings->len) {
        const char *given_path = p < given ? g_ptr_array_index(tool->check->paths, p) : NULL;
        const Finding *finding = f < tool->findings->len ? g_ptr_array_index(tool->findings, f) : NULL;
        const char *path = view_first(given_path, finding != NULL ? finding->path : NULL);
        g_autoptr(GString) lines = g_string_new(NULL);
        FileCase file = collect_file(w->review, tool, path, &f, lines);

        add_file_case(&suite, tool, &file);
        p += path == given_path;
    }
    if (given == 0 && tool->check != NULL && tool->check->failure != NULL) {
        case_begin(&suite, "all files", NULL);
        case_result(&suite, CASE_ERROR, "undecided", tool->check->failure, tool->check->remedy);
        case_end(&suite);
    }
    suite_close(w, &suite, "");
}

static char *joined(const GPtrArray *lines) {
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < lines->len; i++) {
        g_autofree char *line = text_line(g_ptr_array_index(lines, i), -1, CAP_MESSAGE_BYTES);

        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(text, FALSE);
}

/* Whether a suite of a check has the path in it as it is in the ledger. */
static bool is_in_check_suite(const Review *review, const LedgerEntry *entry) {
    if (entry->checks->len == 0)
        return false;
    if (entry->verdict != VERDICT_UNDECIDED)
        return true;
    for (guint i = 0; i < review->checks->len; i++) {
        const CheckResult *check = g_ptr_array_index(review->checks, i);

        if (check_was_given(check, entry->file->path) && check_failure_of(check, entry->file->path) != NULL)
            return true;
    }
    return false;
}

/* Paths that no check was given: a reason to skip them, or why they are undecided. */
static void add_skipped_suite(Writer *w) {
    Suite suite = suite_new("skipped");

    for (guint i = 0; i < w->review->ledger->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(w->review->ledger, i);
        g_autofree char *shown = text_path(entry->file->path);
        g_autofree char *failures = joined(entry->failures);

        if (is_in_check_suite(w->review, entry))
            continue;
        case_begin(&suite, shown, entry->file->path);
        if (entry->verdict == VERDICT_UNDECIDED)
            case_result(&suite, CASE_ERROR, "undecided",
                        entry->failures->len > 0 ? g_ptr_array_index(entry->failures, 0) : "undecided",
                        failures);
        else
            case_result(&suite, CASE_SKIPPED, NULL,
                        entry->skipped != NULL ? entry->skipped : "no check looks at such a file", NULL);
        case_end(&suite);
    }
    suite_close(w, &suite, "");
}

static void add_stream(Suite *suite, const char *element, GBytes *output, guint64 total) {
    bool cut;
    g_autofree char *cut_off = view_cut(output, total);
    g_autofree char *tail = view_tail(output, OUTPUT_LINES, OUTPUT_BYTES, &cut);
    g_autofree char *text =
        g_strconcat(cut ? "(only the end is kept)\n" : "", tail, cut_off != NULL ? "\n(" : "",
                    cut_off != NULL ? cut_off : "", cut_off != NULL ? ")" : "", NULL);

    add_text_element(suite->cases, element, text);
}

static void add_property(GString *out, const char *name, const char *value) {
    g_string_append(out, "      <property");
    add_attribute(out, "name", name);
    add_attribute(out, "value", value);
    g_string_append(out, "/>\n");
}

/* What it ran in: "full", or what was to be had. */
static void add_isolation(Suite *suite, const Isolation *isolation) {
    if (isolation == NULL)
        return;
    g_string_append(suite->cases, "      <properties>\n  ");
    add_property(suite->cases, "isolation", tier_name(isolation->tier));
    g_string_append(suite->cases, "      </properties>\n");
}

static void add_job_case(Writer *w, Suite *suite, const JobResult *job) {
    static const CaseResult results[] = {CASE_PASSED, CASE_FAILURE, CASE_ERROR, CASE_SKIPPED};
    JobOutcome outcome = view_job_outcome(job);
    g_autofree char *text = view_job_text(job);
    const char *type = NULL;

    case_begin(suite, job->name, job->path);
    if (job->result != NULL) {
        guint64 ms = shown_ms(w->options, job->result->metrics.wall_us / 1000);

        add_time(suite->cases, w->options, ms);
        suite->time_ms += ms;
        type = job->lost != NULL ? "outputs" : command_status_name(job->result->status);
    }
    case_result(suite, results[outcome], type, text, NULL);
    if (job->result != NULL) {
        add_isolation(suite, job->result->isolation);
        add_stream(suite, "system-out", job->result->out, job->result->out_total);
        add_stream(suite, "system-err", job->result->err, job->result->err_total);
    }
    case_end(suite);
}

static void add_job_suite(Writer *w) {
    Suite suite = suite_new("jobs");

    for (guint i = 0; i < w->review->jobs->len; i++)
        add_job_case(w, &suite, g_ptr_array_index(w->review->jobs, i));
    suite_close(w, &suite, "");
}

static void add_totals(GString *properties, const Review *review) {
    guint totals[TOTALS];

    view_totals(review, totals);
    for (Total total = 0; total < TOTALS; total++) {
        g_autofree char *name = g_strconcat("total.", view_total_name(total), NULL);
        g_autofree char *count = g_strdup_printf("%u", totals[total]);

        add_property(properties, name, count);
    }
}

static void add_gate_suite(Writer *w) {
    static const CaseResult results[] = {CASE_PASSED, CASE_FAILURE, CASE_ERROR};
    Suite suite = suite_new("gate");
    g_autofree char *reasons = joined(w->review->reasons);
    g_autoptr(GString) properties = g_string_new("    <properties>\n");
    const char *verdict = verdict_name(w->review->verdict);

    add_property(properties, "verdict", verdict);
    add_property(properties, "change", change_description(w->review->change));
    add_property(properties, "policy", w->review->policy->source);
    if (change_trusts_head(w->review->change))
        add_property(properties, "trust", "head");
    for (guint i = 0; i < w->review->notes->len; i++)
        add_property(properties, "note", w->review->notes->pdata[i]);
    add_totals(properties, w->review);
    g_string_append(properties, "    </properties>\n");
    case_begin(&suite, "verdict", NULL);
    case_result(&suite, results[w->review->verdict], verdict,
                w->review->reasons->len > 0 ? g_ptr_array_index(w->review->reasons, 0) : verdict, reasons);
    case_end(&suite);
    suite_close(w, &suite, properties->str);
}

static void write_junit(const Review *review, const ReportOptions *options, GString *out) {
    g_autoptr(GString) suites = g_string_new(NULL);
    g_autoptr(GPtrArray) tools = view_tools(review, finding_counts);
    Writer w = {.review = review, .options = options, .suites = suites, .total.name = "sallyport"};

    for (guint i = 0; i < tools->len; i++)
        add_check_suite(&w, g_ptr_array_index(tools, i));
    add_skipped_suite(&w);
    add_job_suite(&w);
    add_gate_suite(&w);
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    add_counts(out, &w.total);
    add_time(out, options, w.total.time_ms);
    g_string_append_printf(out, ">\n%s</testsuites>\n", suites->str);
}

const ReportFormat report_junit = {"junit", "JUnit XML, for CI systems' test pages", write_junit};
