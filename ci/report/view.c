#include "ci/report/view.h"

#include "exec/text.h"

#include <string.h>

static void tool_view_free(ToolView *tool) {
    g_ptr_array_unref(tool->findings);
    g_free(tool);
}

static ToolView *get_tool(GHashTable *by_name, GPtrArray *tools, const char *name) {
    ToolView *tool = g_hash_table_lookup(by_name, name);

    if (tool == NULL) {
        tool = g_new0(ToolView, 1);
        tool->name = name;
        tool->findings = g_ptr_array_new();
        g_hash_table_insert(by_name, (gpointer)name, tool);
        g_ptr_array_add(tools, tool);
    }
    return tool;
}

static int compare_tools(gconstpointer a, gconstpointer b) {
    return strcmp((*(ToolView *const *)a)->name, (*(ToolView *const *)b)->name);
}

GPtrArray *view_tools(const Review *review, bool (*wanted)(const Finding *finding)) {
    GPtrArray *tools = g_ptr_array_new_with_free_func((GDestroyNotify)tool_view_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);

    get_tool(by_name, tools, "sallyport");
    for (guint i = 0; i < review->checks->len; i++) {
        const CheckResult *check = g_ptr_array_index(review->checks, i);

        get_tool(by_name, tools, check->name)->check = check;
    }
    for (guint i = 0; i < review->findings->len; i++) {
        Finding *finding = g_ptr_array_index(review->findings, i);

        if (wanted(finding))
            g_ptr_array_add(get_tool(by_name, tools, finding->tool)->findings, finding);
    }
    g_ptr_array_sort(tools, compare_tools);
    return tools;
}

static Total total_of(const LedgerEntry *entry) {
    if (entry->verdict == VERDICT_UNDECIDED)
        return TOTAL_UNDECIDED;
    return entry->checks->len == 0 ? TOTAL_SKIPPED : TOTAL_REVIEWED;
}

void view_totals(const Review *review, guint ret_totals[TOTALS]) {
    memset(ret_totals, 0, TOTALS * sizeof *ret_totals);
    ret_totals[TOTAL_ERROR] = review->counts[SEVERITY_ERROR];
    ret_totals[TOTAL_WARNING] = review->counts[SEVERITY_WARNING];
    ret_totals[TOTAL_NOTE] = review->counts[SEVERITY_NOTE];
    for (guint i = 0; i < review->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(review->findings, i);

        if (!finding_counts(finding))
            ret_totals[!finding->new_code   ? TOTAL_OLD
                       : finding->unchanged ? TOTAL_BASELINE
                                            : TOTAL_SUPPRESSED]++;
    }
    ret_totals[TOTAL_FILES] = review->ledger->len;
    for (guint i = 0; i < review->ledger->len; i++)
        ret_totals[total_of(g_ptr_array_index(review->ledger, i))]++;
    ret_totals[TOTAL_STALE] = review->stale->len;
}

const char *view_total_name(Total total) {
    static const char *const names[TOTALS] = {[TOTAL_ERROR] = "error",
                                              [TOTAL_WARNING] = "warning",
                                              [TOTAL_NOTE] = "note",
                                              [TOTAL_OLD] = "old",
                                              [TOTAL_BASELINE] = "inBaseline",
                                              [TOTAL_SUPPRESSED] = "suppressed",
                                              [TOTAL_FILES] = "files",
                                              [TOTAL_REVIEWED] = "reviewed",
                                              [TOTAL_SKIPPED] = "skipped",
                                              [TOTAL_UNDECIDED] = "undecided",
                                              [TOTAL_STALE] = "staleInBaseline"};

    return names[total];
}

const char *view_first(const char *a, const char *b) {
    return a == NULL || (b != NULL && strcmp(b, a) < 0) ? b : a;
}

bool view_speaks_against(const Review *review, const LedgerEntry *entry, const Finding *finding) {
    const GatePolicy *gate = &review->policy->gate;

    if (review->counts[finding->severity] > gate->allow[finding->severity] || finding->over_limit)
        return true;
    return entry != NULL && (guint64)entry->counts[SEVERITY_ERROR] + entry->counts[SEVERITY_WARNING] +
                                    entry->counts[SEVERITY_NOTE] >
                                gate->allow_per_file;
}

JobOutcome view_job_outcome(const JobResult *job) {
    if (job->skipped != NULL)
        return JOB_SKIPPED;
    if (job_result_passed(job))
        return JOB_PASSED;
    return job->result == NULL || job_result_undecided(job) ? JOB_ERROR : JOB_FAILED;
}

const char *view_job_outcome_name(JobOutcome outcome) {
    static const char *const names[] = {"passed", "failed", "error", "skipped"};

    return names[outcome];
}

char *view_job_isolation(const JobResult *job) {
    const char *remedy;

    return job->result != NULL && job->result->isolation != NULL
               ? isolation_shortfall(job->result->isolation, TIER_FULL, &remedy)
               : NULL;
}

char *view_cut(GBytes *output, guint64 total) {
    gsize kept = output != NULL ? g_bytes_get_size(output) : 0;

    return total > kept
               ? g_strdup_printf("cut after %" G_GSIZE_FORMAT " of %" G_GUINT64_FORMAT " bytes", kept, total)
               : NULL;
}

char *view_job_text(const JobResult *job) {
    const char *text = job->skipped != NULL ? job->skipped : job->summary;
    const char *remedy = job->result != NULL ? job->result->remedy : NULL;

    if (text == NULL)
        text = "there is no account of how it ended";
    return remedy != NULL ? g_strdup_printf("%s; remedy: %s", text, remedy) : g_strdup(text);
}

/* Where the last `lines` lines of the text begin. */
static gsize start_of_last_lines(const char *text, gsize len, guint lines) {
    while (len > 0 && lines > 0) {
        const char *newline = memrchr(text, '\n', len);

        if (newline == NULL)
            return 0;
        len = (gsize)(newline - text);
        lines--;
    }
    return lines > 0 ? 0 : len + 1;
}

/* Where the last `most` bytes begin, moved on to the start of a line or at least of a character. */
static gsize start_of_last_bytes(const char *text, gsize len, gsize most) {
    gsize start = len > most ? len - most : 0;
    const char *newline;

    if (start == 0)
        return 0;
    newline = memchr(text + start, '\n', len - start);
    if (newline != NULL && newline + 1 < text + len)
        return (gsize)(newline + 1 - text);
    while (start < len && ((guchar)text[start] & 0xc0) == 0x80)
        start++;
    return start;
}

char *view_tail(GBytes *output, guint lines, gsize most, bool *ret_cut) {
    gsize len = 0;
    const char *text = output != NULL ? g_bytes_get_data(output, &len) : NULL;
    gsize start;

    *ret_cut = false;
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    if (len == 0)
        return g_strdup("");
    start = MAX(start_of_last_lines(text, len, lines), start_of_last_bytes(text, len, most));
    *ret_cut = start > 0;
    return text_block(text + start, (gssize)(len - start), G_MAXSIZE);
}
