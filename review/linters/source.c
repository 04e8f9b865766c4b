#include "review/linters/source.h"

#include "review/linters/linter.h"

#include <string.h>

/* Where a line of the tools begins, and where it lies in git's lines. */
typedef struct {
    gsize start;
    guint git_line;
    guint git_column; /* of its first character: 1, but behind a lone carriage return */
    guint columns;    /* source_columns(), once that was asked; else NOT_COUNTED */
} Line;

#define NOT_COUNTED G_MAXUINT

struct Source {
    char *text;
    gsize len;
    bool plain;    /* source_lines_are_plain() */
    GArray *lines; /* of Line; one more than there are, for what is behind the last */
};

static const char *next_point(const char *p, const char *end) {
    gunichar c = g_utf8_get_char_validated(p, end - p);

    if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0)
        return p + 1;
    return g_utf8_next_char(p);
}

static guint count_points(const char *p, const char *end) {
    guint n = 0;

    for (; p < end; p = next_point(p, end))
        n++;
    return n;
}

/* The place behind the end of the line that begins at `p`. */
static const char *line_end(const char *p, const char *end) {
    for (; p < end; p++) {
        if (*p == '\n')
            return p + 1;
        if (*p == '\r')
            return p + 1 < end && p[1] == '\n' ? p + 2 : p + 1;
    }
    return end;
}

static void find_lines(Source *source) {
    const char *end = source->text + source->len, *p = source->text;
    Line line = {.git_line = 1, .git_column = 1, .columns = NOT_COUNTED};

    if (g_str_has_prefix(p, "\xef\xbb\xbf"))
        p += 3;
    for (line.start = (gsize)(p - source->text); p < end; line.start = (gsize)(p - source->text)) {
        const char *next = line_end(p, end);

        g_array_append_val(source->lines, line);
        if (next[-1] == '\n') {
            line.git_line++;
            line.git_column = 1;
        } else {
            line.git_column += count_points(p, next);
        }
        p = next;
    }
    g_array_append_val(source->lines, line);
}

static bool lines_are_plain(const Source *source) {
    static const char *const others[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};

    for (gsize i = 0; i < source->len; i++) {
        char c = source->text[i];

        if (c == '\v' || c == '\f' || (c >= 0x1c && c <= 0x1e) || (c == '\r' && source->text[i + 1] != '\n'))
            return false;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        if (memmem(source->text, source->len, others[i], strlen(others[i])) != NULL)
            return false;
    return true;
}

static Source *source_take(char *text, gsize len) {
    Source *source = g_new0(Source, 1);

    source->text = text;
    source->len = len;
    source->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    find_lines(source);
    source->plain = lines_are_plain(source);
    return source;
}

Source *source_read(const char *root, const char *path, GError **error) {
    g_autofree char *name = g_build_filename(root, path, NULL);
    g_autoptr(GError) why = NULL;
    char *text;
    gsize len;

    if (g_file_get_contents(name, &text, &len, &why))
        return source_take(text, len);
    /* GLib's message names the folder on this host, which has no place in a report. */
    g_set_error_literal(error, LINTER_ERROR, 0, "the file cannot be read again");
    return NULL;
}

Source *source_new(const char *text, gsize len) {
    char *copy = g_malloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return source_take(copy, len);
}

void source_free(Source *source) {
    if (source == NULL)
        return;
    g_free(source->text);
    g_array_unref(source->lines);
    g_free(source);
}

guint source_lines(const Source *source) {
    return source->lines->len - 1;
}

static Line *line_at(const Source *source, guint line) {
    return &g_array_index(source->lines, Line, line - 1);
}

const char *source_line(const Source *source, guint line, gsize *ret_len, gsize *ret_end_len) {
    const char *start = source->text + line_at(source, line)->start;
    gsize whole = line_at(source, line + 1)->start - line_at(source, line)->start, len = whole;

    if (len > 0 && start[len - 1] == '\n')
        len--;
    if (len > 0 && start[len - 1] == '\r' && (len == whole || len + 1 == whole))
        len--;
    *ret_len = len;
    *ret_end_len = whole - len;
    return start;
}

guint source_column_of_byte(const Source *source, guint line, guint byte_column) {
    gsize len, end_len;
    const char *p = source_line(source, line, &len, &end_len), *end = p + len;
    guint column = 1;

    for (gsize bytes = 1; p < end && bytes < byte_column; column++) {
        const char *next = next_point(p, end);

        /* A file that is not UTF-8 is read as Latin-1, or by its declaration: then such a character has two
         * bytes in UTF-8. */
        bytes += next == p + 1 && (guchar)*p >= 0x80 ? 2 : (gsize)(next - p);
        p = next;
    }
    return column;
}

guint source_column_of_utf16(const Source *source, guint line, guint unit_column) {
    gsize len, end_len;
    const char *p = source_line(source, line, &len, &end_len), *end = p + len;
    guint column = 1;

    for (guint units = 1; p < end && units < unit_column; column++) {
        const char *next = next_point(p, end);

        units += next - p == 4 ? 2 : 1; /* four bytes are a code point above U+FFFF: a pair of surrogates */
        p = next;
    }
    return column;
}

bool source_lines_are_plain(const Source *source) {
    return source->plain;
}

guint source_columns(const Source *source, guint number) {
    Line *line = line_at(source, number);
    gsize len, end_len;

    if (line->columns == NOT_COUNTED) { /* a file that is one long line may have many findings */
        const char *p = source_line(source, number, &len, &end_len);

        line->columns = count_points(p, p + len);
    }
    return line->columns;
}

/* The end of the file as a place: behind the last character, which is on a line of its own where the last
 * line is ended. */
static void end_place(const Source *source, guint *ret_line, guint *ret_column) {
    const Line *behind = line_at(source, source_lines(source) + 1);

    *ret_line = behind->git_line;
    *ret_column = behind->git_column;
}

/* Column 0 (of whole lines) stays. */
static void translate(const Source *source, guint line, guint column, guint *ret_line, guint *ret_column) {
    const Line *found;

    if (line > source_lines(source)) {
        end_place(source, ret_line, ret_column);
        return;
    }
    found = line_at(source, line);
    *ret_line = found->git_line;
    *ret_column = MIN(column, source_columns(source, line) + 1) + found->git_column - 1;
}

Region source_region(const Source *source, Region region) {
    Region result = region;

    if (region.start_line == 0)
        return (Region){0};
    translate(source, region.start_line, region.start_column, &result.start_line, &result.start_column);
    translate(source, region.end_line, region.end_column, &result.end_line, &result.end_column);
    if (region.start_column == 0)
        result.start_column = result.end_column = 0;
    return result;
}

/* The end of the last line. */
static Region last_place(const Source *source, bool whole_line) {
    guint line = source_lines(source), column = whole_line ? 0 : source_columns(source, line) + 1;

    return source_region(source, (Region){line, column, line, column});
}

Region source_finding_region(const Source *source, Region region) {
    guint lines = source_lines(source);

    if (region.start_line == 0 || lines == 0)
        return (Region){0};
    if (region.start_line > lines)
        return last_place(source, region.start_column == 0);
    if (region.start_column == 0)
        region.end_line = MIN(region.end_line, lines);
    return source_region(source, region);
}
