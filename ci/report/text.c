/* For a person at a terminal: what is wrong, where, and how to mend it; last, in one line, the verdict. */
#include "exec/text.h"
#include "ci/report/excerpt.h"
#include "ci/report/explain.h"
#include "ci/report/report.h"
#include "ci/report/view.h"
#include "exec/caps.h"

#include <string.h>

enum { LINE_WIDTH = 100, OUTPUT_LINES = 20, OUTPUT_BYTES = 16 * 1024 };

typedef enum { PLAIN, BOLD, DIM, RED, YELLOW, GREEN, CYAN } Style;

typedef struct {
    const Review *review;
    const ReportOptions *options;
    GString *out;
    GHashTable *told; /* remedies that were shown already: not owned */
} Writer;

static void put(Writer *w, const char *text) {
    g_string_append(w->out, text);
}

static void paint(Writer *w, Style style, const char *text) {
    static const char *const escapes[] = {"",         "\x1b[1m",  "\x1b[2m", "\x1b[1;31m",
                                          "\x1b[33m", "\x1b[32m", "\x1b[36m"};

    if (!w->options->color || style == PLAIN || *text == '\0') {
        put(w, text);
        return;
    }
    g_string_append_printf(w->out, "%s%s\x1b[0m", escapes[style], text);
}

/* Text of which it is not certain that it was cleaned already. */
static void paint_line(Writer *w, Style style, const char *text) {
    g_autofree char *line = text_line(text, -1, CAP_MESSAGE_BYTES);

    paint(w, style, line);
}

static void pad(Writer *w, const char *text, glong width) {
    for (glong n = g_utf8_strlen(text, -1); n < width; n++)
        g_string_append_c(w->out, ' ');
}

static void heading(Writer *w, const char *text) {
    paint(w, BOLD, text);
    put(w, "\n");
}

static Style severity_style(Severity severity) {
    return severity == SEVERITY_ERROR ? RED : severity == SEVERITY_WARNING ? YELLOW : CYAN;
}

static Style verdict_style(Verdict verdict) {
    return verdict == VERDICT_PASSED ? GREEN : verdict == VERDICT_REJECTED ? RED : YELLOW;
}

/* "12:5"; "12" or "12-15" for whole lines; "-" for the file as a whole. Newly allocated. */
static char *location(const Region *region) {
    if (region->start_line == 0)
        return g_strdup("-");
    if (region->start_column > 0)
        return g_strdup_printf("%u:%u", region->start_line, region->start_column);
    if (region->end_line > region->start_line)
        return g_strdup_printf("%u-%u", region->start_line, region->end_line);
    return g_strdup_printf("%u", region->start_line);
}

/* The widths of the columns of one file. */
typedef struct {
    glong location, rule, number;
} Columns;

static Columns measure(const GPtrArray *findings) {
    Columns columns = {0};

    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = g_ptr_array_index(findings, i);
        g_autofree char *place = location(&finding->region);
        g_autofree char *number = g_strdup_printf("%u", finding->region.start_line);
        g_autofree char *rules = finding_rules(finding);

        columns.location = MAX(columns.location, (glong)strlen(place));
        columns.rule = MAX(columns.rule, g_utf8_strlen(rules, -1));
        columns.number = MAX(columns.number, (glong)strlen(number));
    }
    columns.rule = MIN(columns.rule, 32);
    return columns;
}

static const char *fix_mark(const Finding *finding) {
    const char *mark = "";

    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = g_ptr_array_index(finding->fixes, i);

        if (fix->kind == FIX_SAFE)
            return "  [fix]";
        if (fix->kind == FIX_UNSAFE)
            mark = "  [unsafe fix]";
    }
    return mark;
}

static void put_suppression(Writer *w, const Suppression *suppression) {
    g_autofree char *who =
        suppression->line > 0 ? g_strdup_printf("on line %u", suppression->line) : g_strdup("by its tool");
    g_autofree char *text =
        g_strdup_printf("[suppressed %s%s%s]", who, suppression->justification != NULL ? ": " : "",
                        suppression->justification != NULL ? suppression->justification : "");

    put(w, "  ");
    paint_line(w, DIM, text);
}

static void put_finding(Writer *w, const Finding *finding, const Columns *columns) {
    g_autofree char *place = location(&finding->region), *rules = finding_rules(finding);
    const char *severity = severity_name(finding->severity);

    put(w, "  ");
    put(w, place);
    pad(w, place, columns->location + 2);
    paint(w, severity_style(finding->severity), severity);
    pad(w, severity, strlen("warning") + 2);
    paint(w, BOLD, rules);
    pad(w, rules, columns->rule + 2);
    put(w, finding->message);
    paint(w, GREEN, fix_mark(finding));
    if (!finding->new_code)
        paint(w, DIM, "  [out of scope]");
    else if (finding->unchanged)
        paint(w, DIM, "  [in the baseline]");
    if (finding->suppression != NULL)
        put_suppression(w, finding->suppression);
    put(w, "\n");
}

static void put_excerpt(Writer *w, const Finding *finding, const Columns *columns) {
    g_autofree char *text = NULL, *marks = NULL;
    g_autofree char *number = g_strdup_printf("%*u | ", (int)columns->number + 4, finding->region.start_line);

    if (finding->line_text == NULL || finding->region.start_line == 0)
        return;
    excerpt_make(finding->line_text, &finding->region, LINE_WIDTH, &text, &marks);
    paint(w, DIM, number);
    put(w, text);
    put(w, "\n");
    if (*marks == '\0')
        return;
    g_string_append_printf(w->out, "%*s", (int)columns->number + 4, "");
    paint(w, DIM, " | ");
    paint(w, severity_style(finding->severity), marks);
    put(w, "\n");
}

static bool same_region(const Finding *a, const Finding *b) {
    return memcmp(&a->region, &b->region, sizeof a->region) == 0;
}

static void put_findings(Writer *w, const GPtrArray *findings) {
    Columns columns = measure(findings);

    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = g_ptr_array_index(findings, i);

        put_finding(w, finding, &columns);
        /* Two tools that say the same of one place share its line. */
        if (i + 1 == findings->len || !same_region(finding, g_ptr_array_index(findings, i + 1)))
            put_excerpt(w, finding, &columns);
    }
}

static void put_remedy(Writer *w, const char *indent, const char *remedy) {
    if (remedy == NULL || !g_hash_table_add(w->told, (gpointer)remedy))
        return;
    put(w, indent);
    put(w, "remedy: ");
    paint_line(w, PLAIN, remedy);
    put(w, "\n");
}

/* The remedy of the check of which a line of the ledger ("ruff: not found") speaks, or NULL. */
static const char *remedy_of(const Review *review, const LedgerEntry *entry, const char *failure) {
    for (guint i = 0; i < review->checks->len; i++) {
        const CheckResult *check = g_ptr_array_index(review->checks, i);
        gsize len = strlen(check->name);

        if (strncmp(failure, check->name, len) == 0 && failure[len] == ':' &&
            check_failure_of(check, entry->file->path) != NULL)
            return check->remedy;
    }
    return NULL;
}

static void put_failures(Writer *w, const LedgerEntry *entry) {
    static const char *const unknown = "there is no account of what went wrong";

    for (guint i = 0; i < MAX(entry->failures->len, 1); i++) {
        const char *failure = entry->failures->len > 0 ? g_ptr_array_index(entry->failures, i) : unknown;

        put(w, "  ");
        paint(w, YELLOW, "undecided");
        put(w, "  ");
        paint_line(w, PLAIN, failure);
        put(w, "\n");
        put_remedy(w, "             ", remedy_of(w->review, entry, failure));
    }
}

static bool is_shown(const Writer *w, const LedgerEntry *entry, const Finding *finding) {
    if (!finding_counts(finding))
        return w->options->verbose && !w->options->quiet;
    return !w->options->quiet || view_speaks_against(w->review, entry, finding);
}

/* One path with all that is to be said of it. `entry` may be NULL, `findings` may be empty. */
static void put_file(Writer *w, const char *path, const LedgerEntry *entry, const GPtrArray *findings) {
    g_autofree char *shown_path = text_path(path);
    bool undecided = entry != NULL && entry->verdict == VERDICT_UNDECIDED;

    if (findings->len == 0 && !undecided)
        return;
    heading(w, shown_path);
    if (undecided)
        put_failures(w, entry);
    put_findings(w, findings);
    put(w, "\n");
}

/* Walks the ledger and the findings side by side; both are sorted by path. */
static void put_files(Writer *w) {
    const GPtrArray *ledger = w->review->ledger, *all = w->review->findings;
    guint e = 0, f = 0;

    for (;;) {
        const LedgerEntry *entry = e < ledger->len ? g_ptr_array_index(ledger, e) : NULL;
        const Finding *finding = f < all->len ? g_ptr_array_index(all, f) : NULL;
        const char *entry_path = entry != NULL ? entry->file->path : NULL;
        const char *path = view_first(entry_path, finding != NULL ? finding->path : NULL);
        g_autoptr(GPtrArray) shown = g_ptr_array_new();

        if (path == NULL)
            return;
        if (path == entry_path)
            e++;
        else
            entry = NULL;
        for (; f < all->len; f++) {
            finding = g_ptr_array_index(all, f);
            if (strcmp(finding->path, path) != 0)
                break;
            if (is_shown(w, entry, finding))
                g_ptr_array_add(shown, (gpointer)finding);
        }
        put_file(w, path, entry, shown);
    }
}

static void put_stream(Writer *w, const char *name, GBytes *output, guint64 total) {
    bool cut;
    g_autofree char *cut_off = view_cut(output, total);
    g_autofree char *tail = view_tail(output, OUTPUT_LINES, OUTPUT_BYTES, &cut);
    g_auto(GStrv) lines = g_strsplit(tail, "\n", -1);

    if (*tail == '\0')
        return;
    g_string_append_printf(w->out, "    %s%s%s%s:\n", name, cut_off != NULL ? ", " : "",
                           cut_off != NULL ? cut_off : "", cut ? ", its end" : "");
    for (char **line = lines; *line != NULL; line++) {
        paint(w, DIM, "    |");
        put(w, **line != '\0' ? " " : "");
        put(w, *line);
        put(w, "\n");
    }
}

static void put_job(Writer *w, const JobResult *job) {
    static const Style styles[] = {GREEN, RED, YELLOW, DIM};
    JobOutcome outcome = view_job_outcome(job);
    g_autofree char *text = view_job_text(job);

    put(w, "  ");
    paint(w, styles[outcome], view_job_outcome_name(outcome));
    pad(w, view_job_outcome_name(outcome), strlen("skipped") + 2);
    paint_line(w, BOLD, job->name);
    if (outcome != JOB_PASSED) {
        put(w, ": ");
        paint_line(w, PLAIN, text);
    }
    put(w, "\n");
    if ((outcome != JOB_FAILED && outcome != JOB_ERROR) || job->result == NULL)
        return;
    put_stream(w, "stdout", job->result->out, job->result->out_total);
    put_stream(w, "stderr", job->result->err, job->result->err_total);
}

/* Of the first that had less than could be: they all ran on this machine. */
static void put_isolation(Writer *w, bool any) {
    g_autofree char *text = NULL;

    for (guint i = 0; any && text == NULL && i < w->review->jobs->len; i++)
        text = view_job_isolation(g_ptr_array_index(w->review->jobs, i));
    if (text == NULL)
        return;
    put(w, "  ");
    paint(w, YELLOW, "isolation");
    put(w, ": ");
    paint_line(w, PLAIN, text);
    put(w, "\n");
}

static void put_jobs(Writer *w) {
    bool any = false;

    for (guint i = 0; i < w->review->jobs->len; i++) {
        const JobResult *job = g_ptr_array_index(w->review->jobs, i);
        JobOutcome outcome = view_job_outcome(job);

        if (w->options->quiet && (outcome == JOB_PASSED || outcome == JOB_SKIPPED))
            continue;
        if (!any)
            heading(w, "jobs");
        any = true;
        put_job(w, job);
    }
    put_isolation(w, any);
    if (any)
        put(w, "\n");
}

/* "black, ruff (flake8: excluded by its own configuration)", or why no check looked at it. Newly allocated.
 */
static char *account_of(const LedgerEntry *entry) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *checks = NULL, *left_out = NULL;

    if (entry->skipped != NULL)
        return g_strdup(entry->skipped);
    if (entry->checks->len == 0)
        return g_strdup("no check looked at it");
    for (guint i = 0; i < entry->checks->len; i++)
        g_ptr_array_add(names, g_ptr_array_index(entry->checks, i));
    g_ptr_array_add(names, NULL);
    checks = g_strjoinv(", ", (char **)names->pdata);
    left_out = ledger_left_out(entry);
    return *left_out != '\0' ? g_strdup_printf("%s (%s)", checks, left_out) : g_steal_pointer(&checks);
}

static void put_ledger_entry(Writer *w, const LedgerEntry *entry, glong width) {
    bool skipped = entry->verdict == VERDICT_PASSED && entry->skipped != NULL;
    const char *word = skipped ? "skipped" : verdict_name(entry->verdict);
    g_autofree char *path = text_path(entry->file->path);
    g_autofree char *account = account_of(entry);

    put(w, "  ");
    paint(w, skipped ? DIM : verdict_style(entry->verdict), word);
    pad(w, word, strlen("undecided") + 2);
    put(w, path);
    pad(w, path, width);
    paint_line(w, PLAIN, account);
    if (entry->file->old_path != NULL) {
        g_autofree char *old_path = text_path(entry->file->old_path);
        g_autofree char *from =
            g_strdup_printf("(%s from %s)", file_status_name(entry->file->status), old_path);

        put(w, "  ");
        paint_line(w, DIM, from);
    }
    put(w, "\n");
}

static void put_ledger(Writer *w) {
    const GPtrArray *ledger = w->review->ledger;
    glong width = 0;

    for (guint i = 0; i < ledger->len; i++) {
        g_autofree char *path = text_path(((LedgerEntry *)g_ptr_array_index(ledger, i))->file->path);

        width = MAX(width, g_utf8_strlen(path, -1));
    }
    heading(w, "ledger");
    put(w, "  change: ");
    paint_line(w, PLAIN, change_description(w->review->change));
    put(w, "\n  policy: ");
    paint_line(w, PLAIN, w->review->policy->source);
    put(w, "\n");
    for (guint i = 0; i < ledger->len; i++)
        put_ledger_entry(w, g_ptr_array_index(ledger, i), MIN(width, 60) + 2);
    put(w, "\n");
}

static void put_stale(Writer *w) {
    enum { SHOWN = 5 };
    const GPtrArray *stale = w->review->stale;
    guint shown = w->options->verbose ? stale->len : MIN(stale->len, SHOWN);

    if (stale->len == 0 || w->options->quiet)
        return;
    heading(w, "no longer in the code, but in the baseline");
    for (guint i = 0; i < shown; i++) {
        put(w, "  ");
        paint_line(w, PLAIN, g_ptr_array_index(stale, i));
        put(w, "\n");
    }
    if (shown < stale->len)
        g_string_append_printf(w->out, "  and %u more (-v shows them)\n", stale->len - shown);
    put(w, "\n");
}

static void put_list(Writer *w, const char *title, const GPtrArray *lines) {
    if (lines->len == 0)
        return;
    heading(w, title);
    for (guint i = 0; i < lines->len; i++) {
        put(w, "  ");
        paint_line(w, PLAIN, g_ptr_array_index(lines, i));
        put(w, "\n");
    }
    put(w, "\n");
}

/* Adds "2 errors" to a list such as "2 errors, 1 warning"; nothing for none. */
static void add_count(GString *list, guint n, const char *noun) {
    g_autofree char *count = text_count(n, noun);

    if (n > 0)
        g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", count);
}

/* "2 errors, 1 warning in 1 of 4 files", or "no findings". */
static void put_finding_counts(Writer *w) {
    const Review *review = w->review;
    g_autofree char *files = text_count(review->ledger->len, "file");
    g_autoptr(GString) counts = g_string_new(NULL);
    guint with_findings = 0;

    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--)
        add_count(counts, review->counts[severity], severity_name((Severity)severity));
    for (guint i = 0; i < review->ledger->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(review->ledger, i);

        with_findings +=
            entry->counts[SEVERITY_ERROR] + entry->counts[SEVERITY_WARNING] + entry->counts[SEVERITY_NOTE] >
            0;
    }
    if (counts->len == 0)
        put(w, "no findings");
    else
        g_string_append_printf(w->out, "%s in %u of %s", counts->str, with_findings, files);
}

/* "; not counted: 14 old, 3 in the baseline, 1 suppressed". */
static void put_uncounted(Writer *w, const guint totals[TOTALS]) {
    static const char *const names[] = {"old", "in the baseline", "suppressed"};
    const char *head = "; not counted: ";

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (totals[TOTAL_OLD + i] == 0)
            continue;
        g_string_append_printf(w->out, "%s%u %s", head, totals[TOTAL_OLD + i], names[i]);
        head = ", ";
    }
}

/* "; 3 files reviewed, 1 skipped". */
static void put_file_counts(Writer *w, const guint totals[TOTALS]) {
    g_autofree char *files = text_count(totals[TOTAL_REVIEWED], "file");

    g_string_append_printf(w->out, "; %s reviewed", files);
    for (Total total = TOTAL_SKIPPED; total <= TOTAL_UNDECIDED; total++)
        if (totals[total] > 0)
            g_string_append_printf(w->out, ", %u %s", totals[total], view_total_name(total));
}

/* "; 1 job passed, 1 skipped". */
static void put_job_counts(Writer *w) {
    guint counts[JOB_SKIPPED + 1] = {0};
    bool first = true;

    for (guint i = 0; i < w->review->jobs->len; i++)
        counts[view_job_outcome(g_ptr_array_index(w->review->jobs, i))]++;
    for (JobOutcome outcome = JOB_PASSED; outcome <= JOB_SKIPPED; outcome++) {
        const char *word = outcome == JOB_ERROR ? "could not run" : view_job_outcome_name(outcome);
        g_autofree char *jobs = text_count(counts[outcome], "job");

        if (counts[outcome] == 0)
            continue;
        if (first)
            g_string_append_printf(w->out, "; %s %s", jobs, word);
        else
            g_string_append_printf(w->out, ", %u %s", counts[outcome], word);
        first = false;
    }
}

static void put_summary(Writer *w) {
    guint totals[TOTALS];

    view_totals(w->review, totals);
    paint(w, verdict_style(w->review->verdict), verdict_name(w->review->verdict));
    put(w, ": ");
    if (w->review->ledger->len == 0 && w->review->findings->len == 0) {
        put(w, "nothing to review");
    } else {
        put_finding_counts(w);
        put_uncounted(w, totals);
        put_file_counts(w, totals);
    }
    if (w->review->stale->len > 0)
        g_string_append_printf(w->out, "; %u of the baseline no longer there", w->review->stale->len);
    put_job_counts(w);
    put(w, "\n");
}

static void write_text(const Review *review, const ReportOptions *options, GString *out) {
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    Writer w = {review, options, out, told};

    put_files(&w);
    if (options->explain != NULL)
        explain_put(review, options->explain, out);
    if (options->verbose && !options->quiet)
        put_ledger(&w);
    put_stale(&w);
    put_jobs(&w);
    put_list(&w, "notes", review->notes);
    put_list(&w, "reasons", review->reasons);
    put_summary(&w);
}

const ReportFormat report_text = {"text", "for people, on a terminal", write_text};
