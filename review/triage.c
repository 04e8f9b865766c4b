#include "review/triage.h"

#include "exec/text.h"
#include "review/fingerprint.h"
#include "review/merge.h"

#include <string.h>
#include <sys/stat.h>

/* A line longer than this is no help to a reader, and minified files would fill the report. */
#define MOST_LINE_BYTES 2000u

typedef struct {
    GPtrArray *findings;
    Change *change;
    const Policy *policy;
} Triage;

typedef bool (*Step)(const Triage *triage, GError **error);

/* The policy's `rules.severity`. The linters' own maps were applied where their codes are known. */
static bool step_severity(const Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];

        if (strcmp(finding->tool, "sallyport") == 0)
            (void)severity_map_get(triage->policy->rule_severity, finding->tool, finding->code,
                                   &finding->severity);
    }
    return true;
}

static bool step_off(const Triage *triage, GError **error) {
    (void)error;
    for (guint i = triage->findings->len; i-- > 0;)
        if (((const Finding *)triage->findings->pdata[i])->severity == SEVERITY_OFF)
            g_ptr_array_remove_index_fast(triage->findings, i); /* they are sorted afterwards */
    return true;
}

static bool in_scope(const Triage *triage, const Finding *finding) {
    const ChangedFile *file = change_find(triage->change, finding->path);

    if (finding->suppressed != NULL)
        return false;
    /* A syntax error counts wherever it is reported, which is often far behind the line that caused it. */
    if (triage->policy->gate.scope != SCOPE_CHANGED_LINES || finding_is_syntax_error(finding))
        return true;
    return file == NULL || changed_file_touches(file, finding->region.start_line, finding->region.end_line);
}

static bool step_scope(const Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];

        finding->new_code = in_scope(triage, finding);
    }
    return true;
}

/* The places where the lines of a text begin, and its end. */
static GArray *line_starts(const char *text, gsize len) {
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    gsize at = 0;

    while (at <= len) {
        const char *newline = at < len ? memchr(text + at, '\n', len - at) : NULL;

        g_array_append_val(starts, at);
        at = newline != NULL ? (gsize)(newline - text) + 1 : len + 1;
    }
    g_array_append_val(starts, at);
    return starts;
}

static void place(Finding *finding, const char *text, gsize len, const GArray *starts,
                  const GPtrArray *fingerprints) {
    /* A finding at the end of a file may be reported on the line behind the last one. */
    guint line = CLAMP(finding->region.start_line, 1, starts->len - 1);
    gsize from = g_array_index(starts, gsize, line - 1),
          to = MIN(g_array_index(starts, gsize, line) - 1, len);
    const char *start = text + from;

    if (from == 0 && g_str_has_prefix(start, "\xef\xbb\xbf") && to >= 3)
        start += 3;
    while (to > from && text[to - 1] == '\r')
        to--;
    if (finding->region.start_line > 0)
        finding->line_text = text_block(start, MAX((gssize)(text + to - start), 0), MOST_LINE_BYTES);
    finding->fingerprint = g_strdup(fingerprints->pdata[MIN(line, fingerprints->len) - 1]);
}

/* The text that a finding stands in: of a link, its target. */
static GBytes *read_text(Change *change, const char *path, GError **error) {
    const ChangedFile *file = change_find(change, path);
    char *target;

    if (file == NULL || S_ISREG(file->mode))
        return change_read(change, path, error);
    if (!S_ISLNK(file->mode))
        return g_bytes_new(NULL, 0);
    target = change_read_link(change, path, error);
    return target != NULL ? g_bytes_new_take(target, strlen(target)) : NULL;
}

/* Findings are sorted by path by now: each file's text is read once. */
static bool step_place(const Triage *triage, GError **error) {
    for (guint i = 0; i < triage->findings->len;) {
        const char *path = ((const Finding *)triage->findings->pdata[i])->path;
        g_autoptr(GBytes) bytes = read_text(triage->change, path, error);
        g_autoptr(GPtrArray) fingerprints = NULL;
        g_autoptr(GArray) starts = NULL;
        gsize len;
        const char *text;

        if (bytes == NULL)
            return false;
        text = g_bytes_get_data(bytes, &len);
        text = text != NULL ? text : "";
        fingerprints = fingerprint_lines(text, len);
        starts = line_starts(text, len);
        for (; i < triage->findings->len &&
               strcmp(((const Finding *)triage->findings->pdata[i])->path, path) == 0;
             i++)
            place(triage->findings->pdata[i], text, len, starts, fingerprints);
    }
    return true;
}

static void mask(Finding *finding, const Region *region) {
    enum { SHOWN = 4 };
    guint first = MAX(region->start_column, 1) - 1 + SHOWN;
    guint end = region->end_line == region->start_line ? region->end_column - 1 : G_MAXUINT;
    g_autoptr(GString) masked = g_string_new(NULL);
    guint column = 0;

    for (const char *p = finding->line_text; *p != '\0'; p = g_utf8_next_char(p), column++)
        g_string_append_unichar(masked, column >= first && column < end ? '*' : g_utf8_get_char(p));
    g_free(finding->line_text);
    finding->line_text = g_strdup(masked->str);
}

/* A report is read by more people than the file: of a secret it shows the first characters only, whatever
 * tool has something to say of that line. */
static bool step_mask_secrets(const Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++) {
        const Finding *secret = triage->findings->pdata[i];

        for (guint j = 0; g_str_has_prefix(secret->rule, "secret.") && j < triage->findings->len; j++) {
            Finding *finding = triage->findings->pdata[j];

            if (finding->line_text != NULL && strcmp(finding->path, secret->path) == 0 &&
                finding->region.start_line == secret->region.start_line)
                mask(finding, &secret->region);
        }
    }
    return true;
}

static bool step_sort(const Triage *triage, GError **error) {
    (void)error;
    g_ptr_array_sort(triage->findings, finding_compare);
    for (guint i = triage->findings->len; i-- > 1;)
        if (finding_compare(&triage->findings->pdata[i - 1], &triage->findings->pdata[i]) == 0)
            g_ptr_array_remove_index(triage->findings, i);
    return true;
}

/* Last: what is off, suppressed or out of scope by the one tool's name says nothing of the other's. */
static bool step_merge(const Triage *triage, GError **error) {
    (void)error;
    if (triage->policy->gate.merge_duplicates)
        merge_findings(triage->findings);
    return true;
}

bool triage_run(GPtrArray *findings, Change *change, const Policy *policy, GError **error) {
    static const Step steps[] = {step_severity, step_off,          step_sort, step_scope,
                                 step_place,    step_mask_secrets, step_merge};
    const Triage triage = {.findings = findings, .change = change, .policy = policy};

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (!steps[i](&triage, error))
            return false;
    return true;
}
