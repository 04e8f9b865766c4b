#include "review/linters/json_read.h"

char *json_read_text(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    GString *text;

    if (!json_is_string(value))
        return NULL;
    text = g_string_new(NULL);
    for (gsize i = 0; i < json_string_length(value); i++) {
        char c = json_string_value(value)[i];

        if (c == '\0')
            g_string_append(text, "\xef\xbf\xbd");
        else
            g_string_append_c(text, c);
    }
    return g_string_free(text, FALSE);
}

guint json_read_count(const json_t *object, const char *key) {
    json_int_t value = json_integer_value(json_object_get(object, key));

    return value < 1 || value > G_MAXINT32 ? 0 : (guint)value;
}
