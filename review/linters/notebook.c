#include "review/linters/notebook_json.h"

#include <string.h>

#define MARK_EVERY 1024u

/* Places. A walk over characters counts lines and columns, and leaves a mark at each line and each
 * MARK_EVERY bytes: a place is found from the last mark before it, also in a file that is one long line. */

static void step(Mark *mark, gunichar c) {
    bool joined = mark->after_return && c == '\n';

    mark->after_return = c == '\r';
    if (joined)
        return;
    if (c == '\n' || c == '\r') {
        mark->row++;
        mark->column = 1;
    } else {
        mark->column++;
    }
}

static void leave_mark(GArray *marks, const Mark *mark) {
    const Mark *last = marks->len > 0 ? &g_array_index(marks, Mark, marks->len - 1) : NULL;

    if (last == NULL || mark->row != last->row || mark->at >= last->at + MARK_EVERY)
        g_array_append_vals(marks, mark, 1);
}

/* A cell's characters, in which \r\n is one end of a line, wherever it may be cut into strings. */
static void mark_cell(const Notebook *notebook, Cell *cell) {
    Mark mark = {.row = 1, .column = 1};

    for (mark.piece = 0; mark.piece < cell->pieces->len; mark.piece++) {
        const Piece *piece = &g_array_index(cell->pieces, Piece, mark.piece);
        const char *p = notebook->text + piece->start, *end = notebook->text + piece->end;

        while (p < end) {
            gunichar c;

            mark.at = (gsize)(p - notebook->text);
            leave_mark(cell->marks, &mark);
            p = notebook_next_char(p, end, &c);
            step(&mark, c);
        }
    }
}

static const char *next_raw(const char *p, const char *end) {
    gunichar c = g_utf8_get_char_validated(p, end - p);

    return c == (gunichar)-1 || c == (gunichar)-2 || c == 0 ? p + 1 : g_utf8_next_char(p);
}

/* The file's own, by the lines of source.h. */
static void mark_file(Notebook *notebook) {
    const char *end = notebook->text + notebook->len, *p = notebook->text;
    Mark mark = {.row = 1, .column = 1};

    p += g_str_has_prefix(p, NOTEBOOK_BYTE_ORDER_MARK) ? strlen(NOTEBOOK_BYTE_ORDER_MARK) : 0;
    for (; p < end; p = next_raw(p, end)) {
        mark.at = (gsize)(p - notebook->text);
        leave_mark(notebook->marks, &mark);
        step(&mark, (guchar)*p);
    }
}

static bool is_before(const Mark *mark, guint row, guint column) {
    return mark->row < row || (mark->row == row && mark->column < column);
}

/* The last mark that is not behind the place, nor, with `ends`, on it; the first one where all are. */
static Mark mark_before(const GArray *marks, guint row, guint column, bool ends) {
    guint low = 0, high = marks->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        const Mark *mark = &g_array_index(marks, Mark, middle);

        if (is_before(mark, row, column) || (!ends && mark->row == row && mark->column == column))
            low = middle;
        else
            high = middle;
    }
    return g_array_index(marks, Mark, low);
}

/* Where the character of that place begins; of two strings that meet there, the second one. With `ends`,
 * where the one before it ends instead. */
static Mark locate(const Notebook *notebook, const Cell *cell, guint row, guint column, bool ends) {
    Mark mark = mark_before(cell->marks, row, column, ends);

    for (guint i = mark.piece; i < cell->pieces->len; i++) {
        const Piece *piece = &g_array_index(cell->pieces, Piece, i);
        const char *end = notebook->text + piece->end, *p = notebook->text + MAX(mark.at, piece->start);

        if (ends && i > mark.piece && !is_before(&mark, row, column))
            return mark;
        mark.piece = i;
        while (p < end) {
            gunichar c;
            const char *next = notebook_next_char(p, end, &c);

            if (!is_before(&mark, row, column) && !(mark.after_return && c == '\n'))
                break;
            p = next;
            step(&mark, c);
        }
        mark.at = (gsize)(p - notebook->text);
        if (p < end)
            return mark;
    }
    return mark;
}

static void to_lines(const Notebook *notebook, gsize at, guint *ret_line, guint *ret_column) {
    guint low = 0, high = notebook->marks->len;
    const char *p, *end = notebook->text + at;
    Mark mark;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(notebook->marks, Mark, middle).at <= at)
            low = middle;
        else
            high = middle;
    }
    mark = g_array_index(notebook->marks, Mark, low);
    for (p = notebook->text + mark.at; p < end; p = next_raw(p, end))
        step(&mark, (guchar)*p);
    *ret_line = mark.row;
    *ret_column = mark.column;
}

static Region region_of(const Notebook *notebook, gsize start, gsize end) {
    Region region;

    to_lines(notebook, start, &region.start_line, &region.start_column);
    to_lines(notebook, end, &region.end_line, &region.end_column);
    return region;
}

/* From a cell to the file. */

static const Cell *cell_at(const Notebook *notebook, guint number) {
    const Cell *cell =
        number > 0 && number <= notebook->cells->len ? notebook->cells->pdata[number - 1] : NULL;

    return cell != NULL && cell->marks->len > 0 ? cell : NULL;
}

bool notebook_region(const Notebook *notebook, guint number, Region region, Region *ret_region) {
    const Cell *cell = cell_at(notebook, number);
    bool is_empty = region.start_line == region.end_line && region.start_column == region.end_column;
    Mark start, end;

    if (cell == NULL)
        return false;
    start = locate(notebook, cell, region.start_line, region.start_column, false);
    end = is_empty ? start : locate(notebook, cell, region.end_line, region.end_column, true);
    *ret_region = region_of(notebook, start.at, MAX(start.at, end.at));
    return true;
}

/* What stands before the string: in a list with a string a line, the end of the line before and the blanks.
 */
static char *space_before(const Notebook *notebook, const Piece *piece) {
    const char *quote = notebook->text + piece->start - 1, *p = quote;

    while (p > notebook->text && strchr(" \t\r\n", p[-1]) != NULL)
        p--;
    return g_strndup(p, (gsize)(quote - p));
}

static void append_escaped(GString *json, gunichar c) {
    static const char escaped[] = "\"\\\n\r\t\b\f", letters[] = "\"\\nrtbf";
    const char *found = c < 0x80 ? strchr(escaped, (int)c) : NULL;

    if (found != NULL && c != 0)
        g_string_append_printf(json, "\\%c", letters[found - escaped]);
    else if (c < 0x20)
        g_string_append_printf(json, "\\u%04x", c);
    else
        g_string_append_unichar(json, c);
}

/* `text` as part of a string; `between` stands between two of its lines where each has a string of its own,
 * else NULL. `goes_on`: something follows in the same string. */
static char *escape(const char *text, const char *between, bool goes_on) {
    GString *json = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        append_escaped(json, g_utf8_get_char(p));
        if (*p == '\n' && between != NULL && (p[1] != '\0' || goes_on))
            g_string_append_printf(json, "\",%s\"", between);
    }
    return g_string_free(json, FALSE);
}

bool notebook_add_edit(const Notebook *notebook, guint number, Region region, const char *text, Fix *fix) {
    const Cell *cell = cell_at(notebook, number);
    g_autofree char *between = NULL, *json = NULL;
    Mark start, end;

    if (cell == NULL || !g_utf8_validate(text, -1, NULL))
        return false;
    start = locate(notebook, cell, region.start_line, region.start_column, false);
    end = locate(notebook, cell, region.end_line, region.end_column, false);
    if (end.at < start.at)
        return false;
    if (cell->is_list)
        between = space_before(notebook, &g_array_index(cell->pieces, Piece, start.piece));
    json = escape(text, between, end.at < g_array_index(cell->pieces, Piece, end.piece).end);
    fix_add(fix, region_of(notebook, start.at, end.at), json);
    return true;
}

bool notebook_is_python(const Notebook *notebook) {
    const char *said = notebook->language != NULL ? notebook->language : notebook->kernel;

    return said == NULL || strcmp(said, "python") == 0;
}

static void cell_free(gpointer data) {
    Cell *cell = data;

    g_array_unref(cell->pieces);
    g_array_unref(cell->marks);
    g_free(cell);
}

Notebook *notebook_new(const char *text, gsize len) {
    g_autoptr(Notebook) notebook = g_new0(Notebook, 1);

    notebook->text = g_malloc(len + 1);
    if (len > 0)
        memcpy(notebook->text, text, len);
    notebook->text[len] = '\0';
    notebook->len = len;
    notebook->cells = g_ptr_array_new_with_free_func(cell_free);
    notebook->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    if (!notebook_read(notebook))
        return NULL;
    mark_file(notebook);
    for (guint i = 0; i < notebook->cells->len; i++)
        mark_cell(notebook, notebook->cells->pdata[i]);
    return g_steal_pointer(&notebook);
}

void notebook_free(Notebook *notebook) {
    if (notebook == NULL)
        return;
    g_free(notebook->text);
    g_ptr_array_unref(notebook->cells);
    g_array_unref(notebook->marks);
    g_free(notebook->language);
    g_free(notebook->kernel);
    g_free(notebook);
}
