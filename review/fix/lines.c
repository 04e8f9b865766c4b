#include "review/fix/lines.h"

#include <string.h>

Lines *lines_new(GBytes *bytes) {
    Lines *lines = g_new0(Lines, 1);
    gsize len, start = 0;

    lines->bytes = g_bytes_ref(bytes);
    lines->data = g_bytes_get_data(bytes, &len);
    lines->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_array_append_val(lines->starts, start);
    while (start < len) {
        const char *end = memchr(lines->data + start, '\n', len - start);

        start = end != NULL ? (gsize)(end - lines->data) + 1 : len;
        g_array_append_val(lines->starts, start);
        lines->count++;
    }
    return lines;
}

void lines_free(Lines *lines) {
    if (lines == NULL)
        return;
    g_bytes_unref(lines->bytes);
    g_array_unref(lines->starts);
    g_free(lines);
}

const char *lines_get(const Lines *lines, guint line, gsize *ret_len) {
    gsize start = g_array_index(lines->starts, gsize, line - 1);

    *ret_len = g_array_index(lines->starts, gsize, line) - start;
    return lines->data + start;
}
