/* What triage did to each finding, step by step: a section of the text report. */
#include "ci/report/explain.h"

#include "exec/text.h"

#include <string.h>

/* "a.py", "a.py:12", "a.py:12:5", a rule, or everything: whether a finding is meant. */
typedef struct {
    const char *word;     /* as it was given; "": everything */
    char *path;           /* without the numbers */
    guint64 line, column; /* 0: any */
} Meant;

/* Cuts a number off the end. */
static bool take_number(char *text, guint64 *ret_number) {
    char *colon = strrchr(text, ':');

    if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT32, ret_number, NULL))
        return false;
    *colon = '\0';
    return true;
}

static Meant read_meant(const char *place) {
    Meant meant = {.word = place, .path = g_strdup(place)};

    if (take_number(meant.path, &meant.line) && take_number(meant.path, &meant.column)) {
        guint64 line = meant.column;

        meant.column = meant.line;
        meant.line = line;
    }
    return meant;
}

static bool is_at(const Meant *meant, const Finding *finding) {
    const Region *region = &finding->region;

    return strcmp(meant->path, finding->path) == 0 &&
           (meant->line == 0 || (meant->line >= region->start_line &&
                                 meant->line <= MAX(region->end_line, region->start_line))) &&
           (meant->column == 0 || meant->column == region->start_column);
}

static bool is_meant(const Meant *meant, const Finding *finding) {
    if (*meant->word == '\0' || is_at(meant, finding) || finding_is_called(finding, meant->word))
        return true;
    for (guint i = 0; finding->also != NULL && i < finding->also->len; i++)
        if (strcmp(g_ptr_array_index(finding->also, i), meant->word) == 0)
            return true;
    return false;
}

static const char *fate(const Finding *finding, bool dropped) {
    if (dropped)
        return "dropped";
    if (!finding->new_code)
        return "old";
    if (finding->unchanged)
        return "in the baseline";
    return finding->suppression != NULL ? "suppressed" : "counts";
}

static void put_finding(const Finding *finding, bool dropped, GString *out) {
    g_autofree char *path = text_path(finding->path);
    g_autofree char *line =
        finding->region.start_line > 0 ? g_strdup_printf(":%u", finding->region.start_line) : g_strdup("");

    g_string_append_printf(out, "  %s%s  %s  %s: %s\n", path, line, finding->rule,
                           severity_name(finding->severity), fate(finding, dropped));
    for (guint i = 0; finding->notes != NULL && i < finding->notes->len; i++) {
        const FindingNote *note = g_ptr_array_index(finding->notes, i);
        g_autofree char *text = text_line(note->text, -1, CAP_MESSAGE_BYTES);

        g_string_append_printf(out, "    %-10s %s\n", note->step, text);
    }
}

void explain_put(const Review *review, const char *place, GString *out) {
    Meant meant = read_meant(place);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    guint shown = 0;

    if (review->dropped == NULL) {
        g_free(meant.path);
        return;
    }
    g_ptr_array_extend(all, review->findings, NULL, NULL);
    g_ptr_array_extend(all, review->dropped, NULL, NULL);
    g_ptr_array_sort(all, finding_compare);
    g_string_append(out, "explained\n");
    for (guint i = 0; i < all->len; i++) {
        Finding *finding = g_ptr_array_index(all, i);

        if (!is_meant(&meant, finding))
            continue;
        put_finding(finding, g_ptr_array_find(review->dropped, finding, NULL), out);
        shown++;
    }
    if (shown == 0) {
        g_autofree char *line = text_line(place, -1, 200);

        g_string_append_printf(out, "  no check has said anything%s%s\n", *line != '\0' ? " of " : "", line);
    }
    g_string_append_c(out, '\n');
    g_free(meant.path);
}
