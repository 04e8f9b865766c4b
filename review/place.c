#include "review/place.h"

#include "exec/text.h"
#include "review/fingerprint.h"
#include "rules/encoding.h"

#include <string.h>
#include <sys/stat.h>

/* A line longer than this is no help to a reader, and minified files would fill the report. */
#define MOST_LINE_BYTES 2000u
/* And many findings in one long line would take long to hash. */
#define MOST_HASHED_BYTES 2000u

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

/* Sixty-four bits of SHA-256: so short that they give nothing away, and enough within one file. */
static char *hash_line(const char *line, gsize len) {
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

    for (gsize i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t')
            g_checksum_update(checksum, (const guchar *)line + i, 1);
    return g_strndup(g_checksum_get_string(checksum), 16);
}

static void place(const Triage *triage, Finding *finding, const char *text, gsize len, const GArray *starts,
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
    if (finding->region.start_line > 0) {
        gsize line_len = (gsize)MAX((gssize)(text + to - start), 0);

        finding->line_text = text_block(start, (gssize)line_len, MOST_LINE_BYTES);
        finding->line_hash = hash_line(start, MIN(line_len, MOST_HASHED_BYTES));
    } else {
        finding->line_hash = g_strdup("file");
    }
    finding->fingerprint = g_strdup(fingerprints->pdata[MIN(line, fingerprints->len) - 1]);
    triage_note(triage, finding, "its fingerprint is %s", finding->fingerprint);
}

/* The text that a finding stands in: of a link, its target. */
static GBytes *read_text(Change *change, const char *path, GError **error) {
    const ChangedFile *file = change_find(change, path);
    char *target;

    if (file == NULL || S_ISREG(file->mode))
        return encoding_text(change_read(change, path, error));
    if (!S_ISLNK(file->mode))
        return g_bytes_new(NULL, 0);
    target = change_read_link(change, path, error);
    return target != NULL ? g_bytes_new_take(target, strlen(target)) : NULL;
}

bool place_findings(Triage *triage, GError **error) {
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
            place(triage, triage->findings->pdata[i], text, len, starts, fingerprints);
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

/* The findings are sorted by path, then by line: those that begin on the same one stand side by side. */
static bool is_beside(const GPtrArray *findings, guint i, const Finding *secret) {
    const Finding *finding = i < findings->len ? findings->pdata[i] : NULL;

    return finding != NULL && finding->region.start_line == secret->region.start_line &&
           strcmp(finding->path, secret->path) == 0;
}

static void mask_line(const Triage *triage, guint at) {
    const GPtrArray *findings = triage->findings;
    const Finding *secret = findings->pdata[at];
    guint i = at;

    while (i > 0 && is_beside(findings, i - 1, secret))
        i--;
    for (; is_beside(findings, i, secret); i++) {
        Finding *finding = findings->pdata[i];

        if (finding->line_text == NULL)
            continue;
        mask(finding, &secret->region);
        triage_note(triage, finding, "the secret in its line is masked");
    }
}

bool place_mask_secrets(Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++)
        if (g_str_has_prefix(((const Finding *)triage->findings->pdata[i])->rule, "secret."))
            mask_line(triage, i);
    return true;
}
