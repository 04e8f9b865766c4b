/* places.h: where in a text an offset of bytes is, as findings say it: lines and columns of code points.
 *
 * A byte order mark is no part of the first line. */
#pragma once

#include "rules/finding.h"

#include <glib.h>

typedef struct {
    const char *text;
    gsize len, start; /* behind a byte order mark */
    GArray *lines;    /* of gsize: where each begins */
} Places;

/* `bytes` must outlive it. */
Places *places_new(GBytes *bytes);
void places_free(Places *places);
guint places_line(const Places *places, gsize offset);
Region places_region(const Places *places, gsize start, gsize end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Places, places_free)
