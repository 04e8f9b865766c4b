/* The files of the text report: what was found in them, and what could not be decided of them. */
#include "ci/report/excerpt.h"
#include "ci/report/view.h"
#include "ci/report/writer.h"
#include "exec/text.h"

#include <string.h>

enum { LINE_WIDTH = 100 };

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

    writer_put(w, "  ");
    writer_paint_line(w, DIM, text);
}

static void put_finding(Writer *w, const Finding *finding, const Columns *columns) {
    g_autofree char *place = location(&finding->region), *rules = finding_rules(finding);
    const char *severity = severity_name(finding->severity);

    writer_put(w, "  ");
    writer_put(w, place);
    writer_pad(w, place, columns->location + 2);
    writer_paint(w, writer_severity_style(finding->severity), severity);
    writer_pad(w, severity, strlen("warning") + 2);
    writer_paint(w, BOLD, rules);
    writer_pad(w, rules, MAX(columns->rule, g_utf8_strlen(rules, -1)) + 2);
    writer_put(w, finding->message);
    writer_paint(w, GREEN, fix_mark(finding));
    if (!finding->new_code)
        writer_paint(w, DIM, "  [out of scope]");
    else if (finding->unchanged)
        writer_paint(w, DIM, "  [in the baseline]");
    if (finding->suppression != NULL)
        put_suppression(w, finding->suppression);
    writer_put(w, "\n");
}

static void put_excerpt(Writer *w, const Finding *finding, const Columns *columns) {
    g_autofree char *text = NULL, *marks = NULL;
    g_autofree char *number = g_strdup_printf("%*u | ", (int)columns->number + 4, finding->region.start_line);

    if (finding->line_text == NULL || finding->region.start_line == 0)
        return;
    excerpt_make(finding->line_text, &finding->region, LINE_WIDTH, &text, &marks);
    writer_paint(w, DIM, number);
    writer_put(w, text);
    writer_put(w, "\n");
    if (*marks == '\0')
        return;
    g_string_append_printf(w->out, "%*s", (int)columns->number + 4, "");
    writer_paint(w, DIM, " | ");
    writer_paint(w, writer_severity_style(finding->severity), marks);
    writer_put(w, "\n");
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
    writer_put(w, indent);
    writer_put(w, "remedy: ");
    writer_paint_line(w, PLAIN, remedy);
    writer_put(w, "\n");
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

        writer_put(w, "  ");
        writer_paint(w, YELLOW, "undecided");
        writer_put(w, "  ");
        writer_paint_line(w, PLAIN, failure);
        writer_put(w, "\n");
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
    writer_heading(w, shown_path);
    if (undecided)
        put_failures(w, entry);
    put_findings(w, findings);
    writer_put(w, "\n");
}

/* Walks the ledger and the findings side by side; both are sorted by path. */
void writer_put_files(Writer *w) {
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
