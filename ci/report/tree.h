/* tree.h: JSON values for a report, made with jansson, none of which can get lost on the way.
 *
 * jansson answers NULL where memory is out or a text is not UTF-8, and ignores a NULL that is put into
 * something: a finding could vanish from a report. Here text is made valid first, and the program ends, as it
 * does in GLib, where there is no memory. Functions that take a json_t take the reference. */
#pragma once

#include <glib.h>
#include <jansson.h>

json_t *tree_object(void);
json_t *tree_array(void);
json_t *tree_integer(gint64 n);
json_t *tree_string(const char *text);

/* Sets a member; a NULL `text` leaves it out. Members are printed in the order in which they were set. */
void tree_set(json_t *object, const char *key, json_t *value);
void tree_set_text(json_t *object, const char *key, const char *text);

void tree_append(json_t *array, json_t *value);
/* Unless an equal value is in the array: for schemas that ask for unique items. */
void tree_append_new(json_t *array, json_t *value);

/* Appends the value as text, indented by two, with a newline at the end. Does not take the reference. */
void tree_print(const json_t *value, GString *out);
