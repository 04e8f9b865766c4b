#include "ci/report/excerpt.h"

#include <stdbool.h>

/* A tab is as wide as this wherever it stands, so that a line looks the same when its start is cut off. */
enum { TAB = 4 };

static guint cells_of(gunichar c) {
    if (c == '\t')
        return TAB;
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

/* Characters of the line that are marked: from first up to, not including, end; and where in cells that is.
 */
typedef struct {
    glong first, end, length;
    guint first_cell, cells; /* of the first marked character, and of the whole line */
} Span;

static Span find_span(const char *line, const Region *region) {
    Span span = {.length = g_utf8_strlen(line, -1)};
    const char *p = line;

    if (region->start_column > 0) {
        span.first = (glong)region->start_column - 1;
    } else {
        for (; *p == ' ' || *p == '\t'; p++)
            span.first++;
    }
    span.end = span.length;
    if (region->start_column > 0 && region->end_line <= region->start_line)
        span.end = MAX((glong)region->end_column - 1, span.first + 1);

    p = line;
    for (glong i = 0; i < span.length; i++, p = g_utf8_next_char(p)) {
        if (i < span.first)
            span.first_cell += cells_of(g_utf8_get_char(p));
        span.cells += cells_of(g_utf8_get_char(p));
    }
    return span;
}

/* The part of the line that is shown, in cells. */
typedef struct {
    guint first, end;
} Window;

static Window find_window(const Span *span, guint width) {
    guint lead = width / 3; /* of what stands before the mark, this much is kept */
    Window window = {0, width - 1};

    if (span->cells <= width)
        return (Window){0, span->cells};
    if (span->first_cell <= lead)
        return window;
    window.first = MIN(span->first_cell - lead, span->cells - width + 1);
    window.end = MIN(window.first + width - 2, span->cells);
    /* The end of the line is in sight: there is no "…" behind it, and room for one more. */
    if (window.end + 1 >= span->cells)
        window.end = span->cells;
    return window;
}

static void append_cells(GString *out, char c, guint cells) {
    for (guint i = 0; i < cells; i++)
        g_string_append_c(out, c);
}

static void append_char(GString *out, gunichar c) {
    if (c == '\t')
        append_cells(out, ' ', TAB);
    else
        g_string_append_unichar(out, g_unichar_iscntrl(c) ? 0xfffd : c);
}

static void trim_end(GString *text) {
    while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate(text, text->len - 1);
}

void excerpt_make(const char *line, const Region *region, guint width, char **ret_text, char **ret_marks) {
    Span span = find_span(line, region);
    Window window = find_window(&span, width);
    GString *text = g_string_new(window.first > 0 ? "…" : ""), *marks = g_string_new(NULL);
    const char *p = line;
    guint cell = 0;

    append_cells(marks, ' ', window.first > 0);
    for (glong i = 0; i < span.length; i++, p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        guint cells = cells_of(c);
        bool marked = i >= span.first && i < span.end;

        /* A wide character that is only half inside leaves its other half blank. */
        if (cell >= window.first && cell + cells <= window.end) {
            append_char(text, c);
            append_cells(marks, marked ? '^' : ' ', cells);
            if (marked && cells == 0 && marks->len > 0) /* it stands in the cell of the one before */
                marks->str[marks->len - 1] = '^';
        } else if (cell < window.end && cell + cells > window.first) {
            guint inside = MIN(cell + cells, window.end) - MAX(cell, window.first);

            append_cells(text, ' ', inside);
            append_cells(marks, ' ', inside);
        }
        cell += cells;
    }
    if (window.end < span.cells)
        g_string_append(text, "…");
    /* The place behind the last character: where a newline is missing, or something is to be put in. */
    if (span.first == span.length && region->start_column > 0)
        g_string_append_c(marks, '^');
    trim_end(text);
    trim_end(marks);
    *ret_text = g_string_free(text, FALSE);
    *ret_marks = g_string_free(marks, FALSE);
}
