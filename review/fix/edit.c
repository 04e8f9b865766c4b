#include "review/fix/edit.h"

#include <string.h>

struct EditText {
    GBytes *bytes;
    const char *data;
    gsize len;
    GArray *lines;   /* of gsize: where each line begins; behind a last \n begins one more */
    const char *eol; /* "\n" or "\r\n" where all lines that are ended end so; else NULL */
};

static void find_lines(EditText *text) {
    gsize crlf = 0, start = 0;

    if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
        start = 3;
    g_array_append_val(text->lines, start);
    for (gsize at = 0; at < text->len; at++) {
        gsize next = at + 1;

        if (text->data[at] != '\n')
            continue;
        crlf += at > 0 && text->data[at - 1] == '\r';
        g_array_append_val(text->lines, next);
    }
    if (text->lines->len > 1)
        text->eol = crlf == text->lines->len - 1 ? "\r\n" : crlf == 0 ? "\n" : NULL;
}

EditText *edit_text_new(GBytes *bytes) {
    EditText *text = g_new0(EditText, 1);

    text->bytes = g_bytes_ref(bytes);
    text->data = g_bytes_get_data(bytes, &text->len);
    if (text->data == NULL)
        text->data = "";
    text->lines = g_array_new(FALSE, FALSE, sizeof(gsize));
    find_lines(text);
    return text;
}

void edit_text_free(EditText *text) {
    if (text == NULL)
        return;
    g_bytes_unref(text->bytes);
    g_array_unref(text->lines);
    g_free(text);
}

static gsize next_character(const EditText *text, gsize at) {
    gunichar c = g_utf8_get_char_validated(text->data + at, (gssize)(text->len - at));

    if (c == (gunichar)-1 || c == (gunichar)-2 || c == 0)
        return at + 1;
    return at + (gsize)g_utf8_skip[(guchar)text->data[at]];
}

static bool locate(const EditText *text, guint line, guint column, gsize *ret_offset) {
    gsize at;

    if (line == 0 || column == 0 || line > text->lines->len)
        return false;
    at = g_array_index(text->lines, gsize, line - 1);
    for (guint here = 1; here < column; here++) {
        if (at >= text->len || text->data[at] == '\n')
            return false;
        at = next_character(text, at);
    }
    *ret_offset = at;
    return true;
}

bool edit_locate(const EditText *text, const Edit *edit, Replacement *ret_replacement) {
    const Region *place = &edit->region;
    Replacement found = {.text = edit->text};

    if (!locate(text, place->start_line, place->start_column, &found.start) ||
        !locate(text, place->end_line, place->end_column, &found.end) || found.end < found.start)
        return false;
    *ret_replacement = found;
    return true;
}

guint edit_line_at(const EditText *text, gsize offset) {
    guint low = 0, high = text->lines->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(text->lines, gsize, middle) <= offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

static void append(GByteArray *bytes, const char *data, gsize len) {
    g_byte_array_append(bytes, (const guint8 *)data, (guint)len);
}

/* With the text's own line ends. A carriage return on its own is none. */
static void append_lines(GByteArray *bytes, const char *data, const char *eol) {
    for (;;) {
        const char *end = strchr(data, '\n');
        gsize len;

        if (end == NULL || eol == NULL)
            break;
        len = (gsize)(end - data);
        if (len > 0 && data[len - 1] == '\r')
            len--;
        append(bytes, data, len);
        append(bytes, eol, strlen(eol));
        data = end + 1;
    }
    append(bytes, data, strlen(data));
}

GBytes *edit_apply(const EditText *text, const GArray *replacements) {
    GByteArray *bytes = g_byte_array_sized_new((guint)text->len);
    gsize at = 0;

    for (guint i = 0; i < replacements->len; i++) {
        const Replacement *replacement = &g_array_index(replacements, Replacement, i);

        append(bytes, text->data + at, replacement->start - at);
        append_lines(bytes, replacement->text, text->eol);
        at = replacement->end;
    }
    append(bytes, text->data + at, text->len - at);
    return g_byte_array_free_to_bytes(bytes);
}
