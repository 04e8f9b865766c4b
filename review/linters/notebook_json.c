/* jansson tells the values of a document and not where they stand, so this reads JSON (RFC 8259) itself, and
 * keeps the places of the few strings that matter. What is not JSON, Ruff has refused already. */
#include "review/linters/notebook_json.h"

#include <string.h>

/* serde_json, by which Ruff reads it, goes no deeper either. */
#define MOST_DEPTH 128u

/* Reading JSON. Every function returns false where it is none. */

typedef struct {
    Notebook *notebook;
    const char *p, *end;
    guint depth;
} Json;

static void skip_space(Json *json) {
    while (json->p < json->end && *json->p != '\0' && strchr(" \t\r\n", *json->p) != NULL)
        json->p++;
}

static bool skip(Json *json, char c) {
    skip_space(json);
    if (json->p == json->end || *json->p != c)
        return false;
    json->p++;
    return true;
}

static bool read_string(Json *json, Piece *ret_piece) {
    const char *text = json->notebook->text;

    if (!skip(json, '"'))
        return false;
    ret_piece->start = (gsize)(json->p - text);
    for (; json->p < json->end && *json->p != '"'; json->p++) {
        if ((guchar)*json->p < 0x20)
            return false;
        if (*json->p == '\\' && ++json->p == json->end)
            return false;
    }
    ret_piece->end = (gsize)(json->p - text);
    return skip(json, '"');
}

const char *notebook_next_char(const char *p, const char *end, gunichar *ret_char) {
    static const char escapes[] = "nrtbf", values[] = "\n\r\t\b\f";
    gunichar low;
    const char *next;

    *ret_char = g_utf8_get_char_validated(p, end - p);
    if (*p != '\\')
        return *ret_char == (gunichar)-1 || *ret_char == (gunichar)-2 ? p + 1 : g_utf8_next_char(p);
    if (end - p >= 6 && p[1] == 'u') {
        *ret_char = (gunichar)g_ascii_strtoull(((char[]){p[2], p[3], p[4], p[5], '\0'}), NULL, 16);
        if ((*ret_char & 0xfc00) != 0xd800 || end - p < 12 || p[6] != '\\')
            return p + 6;
        next = notebook_next_char(p + 6, end, &low);
        if ((low & 0xfc00) != 0xdc00)
            return p + 6;
        *ret_char = 0x10000 + ((*ret_char & 0x3ff) << 10) + (low & 0x3ff);
        return next;
    }
    *ret_char = (guchar)p[1];
    for (gsize i = 0; i < strlen(escapes); i++)
        if (p[1] == escapes[i])
            *ret_char = (guchar)values[i];
    return MIN(p + 2, end);
}

static char *decode(const Notebook *notebook, const Piece *piece) {
    const char *p = notebook->text + piece->start, *end = notebook->text + piece->end;
    GString *text = g_string_new(NULL);

    while (p < end) {
        gunichar c;

        p = notebook_next_char(p, end, &c);
        g_string_append_unichar(text, g_unichar_validate(c) && c != 0 ? c : 0xfffd);
    }
    return g_string_free(text, FALSE);
}

static bool skip_value(Json *json);

/* Calls `each` at the value of each member; it has to read that. */
typedef bool (*ReadMember)(Json *json, const char *key, gpointer data);

static bool read_object(Json *json, ReadMember each, gpointer data) {
    bool good = skip(json, '{') && ++json->depth <= MOST_DEPTH, first = true;

    while (good && !skip(json, '}')) {
        g_autofree char *key = NULL;
        Piece name;

        good = (first || skip(json, ',')) && read_string(json, &name) && skip(json, ':');
        if (!good)
            return false;
        key = decode(json->notebook, &name);
        good = each(json, key, data);
        first = false;
    }
    json->depth--;
    return good;
}

/* Likewise of each element of a list. */
static bool read_list(Json *json, bool (*each)(Json *json, gpointer data), gpointer data) {
    bool good = skip(json, '[') && ++json->depth <= MOST_DEPTH, first = true;

    while (good && !skip(json, ']')) {
        good = (first || skip(json, ',')) && each(json, data);
        first = false;
    }
    json->depth--;
    return good;
}

static bool skip_member(Json *json, const char *key G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED) {
    return skip_value(json);
}

static bool skip_element(Json *json, gpointer data G_GNUC_UNUSED) {
    return skip_value(json);
}

/* Numbers and the three words are taken for what is between the signs that can follow them. */
static bool skip_value(Json *json) {
    const char *start;
    Piece string;

    skip_space(json);
    if (json->p == json->end)
        return false;
    switch (*json->p) {
    case '{':
        return read_object(json, skip_member, NULL);
    case '[':
        return read_list(json, skip_element, NULL);
    case '"':
        return read_string(json, &string);
    default:
        start = json->p;
        while (json->p < json->end && (g_ascii_isalnum(*json->p) || strchr("+-.", *json->p) != NULL))
            json->p++;
        return json->p > start;
    }
}

static char peek(Json *json) {
    skip_space(json);
    return json->p < json->end ? *json->p : '\0';
}

/* Reading a notebook. */

static bool read_piece(Json *json, gpointer data) {
    Cell *cell = data;
    Piece piece;

    if (!read_string(json, &piece))
        return false;
    g_array_append_val(cell->pieces, piece);
    return true;
}

static bool read_cell_member(Json *json, const char *key, gpointer data) {
    Cell *cell = data;

    if (strcmp(key, "source") != 0)
        return skip_value(json);
    g_array_set_size(cell->pieces, 0);
    cell->is_list = peek(json) == '[';
    return cell->is_list ? read_list(json, read_piece, cell) : read_piece(json, cell);
}

static bool read_cell(Json *json, gpointer data) {
    Notebook *notebook = data;
    Cell *cell = g_new0(Cell, 1);

    cell->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    cell->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    g_ptr_array_add(notebook->cells, cell);
    return read_object(json, read_cell_member, cell);
}

/* The member "name" or "language" of an object, which `key` stands for, as a text of its own. */
typedef struct {
    const char *key;
    char **text;
} Wanted;

static bool read_wanted(Json *json, const char *key, gpointer data) {
    const Wanted *wanted = data;
    Piece piece;

    if (strcmp(key, wanted->key) != 0 || peek(json) != '"')
        return skip_value(json);
    if (!read_string(json, &piece))
        return false;
    g_free(*wanted->text);
    *wanted->text = decode(json->notebook, &piece);
    return true;
}

static bool read_metadata(Json *json, const char *key, gpointer data) {
    Notebook *notebook = data;
    Wanted language = {"name", &notebook->language}, kernel = {"language", &notebook->kernel};

    if (strcmp(key, "language_info") == 0 && peek(json) == '{')
        return read_object(json, read_wanted, &language);
    if (strcmp(key, "kernelspec") == 0 && peek(json) == '{')
        return read_object(json, read_wanted, &kernel);
    return skip_value(json);
}

static bool read_top(Json *json, const char *key, gpointer data) {
    Notebook *notebook = data;

    if (strcmp(key, "cells") == 0 && notebook->cells->len == 0)
        return read_list(json, read_cell, notebook);
    if (strcmp(key, "metadata") == 0 && peek(json) == '{')
        return read_object(json, read_metadata, notebook);
    return skip_value(json);
}

bool notebook_read(Notebook *notebook) {
    const char *start = notebook->text;
    Json json = {.notebook = notebook, .p = start, .end = start + notebook->len};

    json.p += g_str_has_prefix(start, NOTEBOOK_BYTE_ORDER_MARK) ? strlen(NOTEBOOK_BYTE_ORDER_MARK) : 0;
    if (!read_object(&json, read_top, notebook))
        return false;
    skip_space(&json);
    return json.p == json.end;
}
