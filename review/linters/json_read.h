/* json_read.h: values of the JSON that tools print, of which nothing is certain but that it is JSON. `object`
 * may be NULL or of any type: then there is no value. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* A string's text; a NUL, which C cannot hold, as U+FFFD. NULL where it is none. Newly allocated. */
char *json_read_text(const json_t *object, const char *key);
/* A whole number from 1 to G_MAXINT32, else 0. */
guint json_read_count(const json_t *object, const char *key);
