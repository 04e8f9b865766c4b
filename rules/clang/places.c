#include "rules/clang/places.h"

#include <string.h>

Places *places_new(GBytes *bytes) {
    Places *places = g_new0(Places, 1);

    places->text = g_bytes_get_data(bytes, &places->len);
    if (places->len >= 3 && memcmp(places->text, "\xef\xbb\xbf", 3) == 0)
        places->start = 3;
    places->lines = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_array_append_val(places->lines, places->start);
    for (gsize i = places->start; i < places->len; i++) {
        gsize next = i + 1;

        if (places->text[i] == '\n')
            g_array_append_val(places->lines, next);
    }
    return places;
}

void places_free(Places *places) {
    g_array_unref(places->lines);
    g_free(places);
}

/* The last line that begins at the offset or before it. */
static guint find_line(const Places *places, gsize offset) {
    guint low = 0, high = places->lines->len;

    while (low + 1 < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(places->lines, gsize, middle) <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

guint places_line(const Places *places, gsize offset) {
    return find_line(places, MIN(offset, places->len)) + 1;
}

/* Counted are bytes that are not within a character. */
static guint column_of(const Places *places, guint line, gsize offset) {
    guint column = 1;

    for (gsize i = g_array_index(places->lines, gsize, line); i < MIN(offset, places->len); i++)
        column += (places->text[i] & 0xc0) != 0x80;
    return column;
}

Region places_region(const Places *places, gsize start, gsize end) {
    guint first = places_line(places, start) - 1, last = places_line(places, end) - 1;

    return (Region){first + 1, column_of(places, first, start), last + 1, column_of(places, last, end)};
}
