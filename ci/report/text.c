/* For a person at a terminal: what is wrong, where, and how to mend it; last, in one line, the verdict. */
#include "exec/text.h"
#include "ci/report/explain.h"
#include "ci/report/view.h"
#include "ci/report/writer.h"

#include <string.h>

enum { OUTPUT_LINES = 20, OUTPUT_BYTES = 16 * 1024 };

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
        writer_paint(w, DIM, "    |");
        writer_put(w, **line != '\0' ? " " : "");
        writer_put(w, *line);
        writer_put(w, "\n");
    }
}

static void put_job(Writer *w, const JobResult *job) {
    static const Style styles[] = {GREEN, RED, YELLOW, DIM};
    JobOutcome outcome = view_job_outcome(job);
    g_autofree char *text = view_job_text(job);

    writer_put(w, "  ");
    writer_paint(w, styles[outcome], view_job_outcome_name(outcome));
    writer_pad(w, view_job_outcome_name(outcome), strlen("skipped") + 2);
    writer_paint_line(w, BOLD, job->name);
    if (outcome != JOB_PASSED) {
        writer_put(w, ": ");
        writer_paint_line(w, PLAIN, text);
    }
    writer_put(w, "\n");
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
    writer_put(w, "  ");
    writer_paint(w, YELLOW, "isolation");
    writer_put(w, ": ");
    writer_paint_line(w, PLAIN, text);
    writer_put(w, "\n");
}

static void put_jobs(Writer *w) {
    bool any = false;

    for (guint i = 0; i < w->review->jobs->len; i++) {
        const JobResult *job = g_ptr_array_index(w->review->jobs, i);
        JobOutcome outcome = view_job_outcome(job);

        if (w->options->quiet && (outcome == JOB_PASSED || outcome == JOB_SKIPPED))
            continue;
        if (!any)
            writer_heading(w, "jobs");
        any = true;
        put_job(w, job);
    }
    put_isolation(w, any);
    if (any)
        writer_put(w, "\n");
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

    writer_put(w, "  ");
    writer_paint(w, skipped ? DIM : writer_verdict_style(entry->verdict), word);
    writer_pad(w, word, strlen("undecided") + 2);
    writer_put(w, path);
    writer_pad(w, path, width);
    writer_paint_line(w, PLAIN, account);
    if (entry->file->old_path != NULL) {
        g_autofree char *old_path = text_path(entry->file->old_path);
        g_autofree char *from =
            g_strdup_printf("(%s from %s)", file_status_name(entry->file->status), old_path);

        writer_put(w, "  ");
        writer_paint_line(w, DIM, from);
    }
    writer_put(w, "\n");
}

static void put_ledger(Writer *w) {
    const GPtrArray *ledger = w->review->ledger;
    glong width = 0;

    for (guint i = 0; i < ledger->len; i++) {
        g_autofree char *path = text_path(((LedgerEntry *)g_ptr_array_index(ledger, i))->file->path);

        width = MAX(width, g_utf8_strlen(path, -1));
    }
    writer_heading(w, "ledger");
    writer_put(w, "  change: ");
    writer_paint_line(w, PLAIN, change_description(w->review->change));
    writer_put(w, "\n  policy: ");
    writer_paint_line(w, PLAIN, w->review->policy->source);
    writer_put(w, "\n");
    for (guint i = 0; i < ledger->len; i++)
        put_ledger_entry(w, g_ptr_array_index(ledger, i), MIN(width, 60) + 2);
    writer_put(w, "\n");
}

static void put_stale(Writer *w) {
    enum { SHOWN = 5 };
    const GPtrArray *stale = w->review->stale;
    guint shown = w->options->verbose ? stale->len : MIN(stale->len, SHOWN);

    if (stale->len == 0 || w->options->quiet)
        return;
    writer_heading(w, "no longer in the code, but in the baseline");
    for (guint i = 0; i < shown; i++) {
        writer_put(w, "  ");
        writer_paint_line(w, PLAIN, g_ptr_array_index(stale, i));
        writer_put(w, "\n");
    }
    if (shown < stale->len)
        g_string_append_printf(w->out, "  and %u more (-v shows them)\n", stale->len - shown);
    writer_put(w, "\n");
}

static void put_list(Writer *w, const char *title, const GPtrArray *lines) {
    if (lines->len == 0)
        return;
    writer_heading(w, title);
    for (guint i = 0; i < lines->len; i++) {
        writer_put(w, "  ");
        writer_paint_line(w, PLAIN, g_ptr_array_index(lines, i));
        writer_put(w, "\n");
    }
    writer_put(w, "\n");
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
        writer_put(w, "no findings");
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
    writer_paint(w, writer_verdict_style(w->review->verdict), verdict_name(w->review->verdict));
    writer_put(w, ": ");
    if (w->review->ledger->len == 0 && w->review->findings->len == 0) {
        writer_put(w, "nothing to review");
    } else {
        put_finding_counts(w);
        put_uncounted(w, totals);
        put_file_counts(w, totals);
    }
    if (w->review->stale->len > 0)
        g_string_append_printf(w->out, "; %u of the baseline no longer there", w->review->stale->len);
    put_job_counts(w);
    writer_put(w, "\n");
}

static void write_text(const Review *review, const ReportOptions *options, GString *out) {
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    Writer w = {review, options, out, told};

    writer_put_files(&w);
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
