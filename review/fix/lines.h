/* lines.h: a text as git's lines: each with the \n that ends it, the last one perhaps without. */
#pragma once

#include <glib.h>

typedef struct {
    GBytes *bytes;
    const char *data;
    GArray *starts; /* of gsize, one more than there are lines: where each begins, and the end of the text */
    guint count;
} Lines;

Lines *lines_new(GBytes *bytes);
void lines_free(Lines *lines);

/* A line (1..count) with what ends it; not NUL-terminated; belongs to the lines. */
const char *lines_get(const Lines *lines, guint line, gsize *ret_len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lines, lines_free)
