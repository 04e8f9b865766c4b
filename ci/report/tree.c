#include "ci/report/tree.h"

static json_t *must(json_t *value) {
    if (value == NULL)
        g_error("out of memory");
    return value;
}

json_t *tree_object(void) {
    return must(json_object());
}

json_t *tree_array(void) {
    return must(json_array());
}

json_t *tree_integer(gint64 n) {
    return must(json_integer(n));
}

json_t *tree_string(const char *text) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return must(json_string(valid));
}

void tree_set(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, must(value)) != 0)
        g_error("out of memory");
}

void tree_set_text(json_t *object, const char *key, const char *text) {
    if (text != NULL)
        tree_set(object, key, tree_string(text));
}

void tree_append(json_t *array, json_t *value) {
    if (json_array_append_new(array, must(value)) != 0)
        g_error("out of memory");
}

void tree_append_new(json_t *array, json_t *value) {
    json_t *item;
    gsize i;

    json_array_foreach(array, i, item) {
        if (json_equal(item, value)) {
            json_decref(value);
            return;
        }
    }
    tree_append(array, value);
}

static int append_chunk(const char *text, size_t len, void *out) {
    g_string_append_len(out, text, (gssize)len);
    return 0;
}

void tree_print(const json_t *value, GString *out) {
    if (json_dump_callback(value, append_chunk, out, JSON_INDENT(2)) != 0)
        g_error("out of memory");
    g_string_append_c(out, '\n');
}
