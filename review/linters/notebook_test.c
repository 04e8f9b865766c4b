#include "review/linters/notebook.h"

#include <jansson.h>
#include <string.h>

static Notebook *open_notebook(const char *text) {
    Notebook *notebook = notebook_new(text, strlen(text));

    g_assert_nonnull(notebook);
    return notebook;
}

static void assert_region(const char *text, guint cell, Region region, const char *expected) {
    g_autoptr(Notebook) notebook = open_notebook(text);
    g_autofree char *found = NULL;
    Region placed;

    if (notebook_region(notebook, cell, region, &placed))
        found = g_strdup_printf("%u:%u-%u:%u", placed.start_line, placed.start_column, placed.end_line,
                                placed.end_column);
    g_assert_cmpstr(found, ==, expected);
}

#define NOTEBOOK(cells) "{\"cells\": [\n" cells "\n]}"
#define LINES "{\"source\": [\n  \"a = 1\\n\",\n  \"b\"\n]}"

static void test_region(void) {
    assert_region(NOTEBOOK(LINES), 1, (Region){1, 1, 1, 2}, "3:4-3:5");
    assert_region(NOTEBOOK(LINES), 1, (Region){1, 5, 1, 6}, "3:8-3:9");
    assert_region(NOTEBOOK(LINES), 1, (Region){2, 1, 2, 2}, "4:4-4:5");
    /* An end at the beginning of a line is that of the line before; an empty region stays where it is. */
    assert_region(NOTEBOOK(LINES), 1, (Region){1, 1, 2, 1}, "3:4-3:11");
    assert_region(NOTEBOOK(LINES), 1, (Region){2, 1, 2, 1}, "4:4-4:4");
    assert_region(NOTEBOOK(LINES), 1, (Region){1, 6, 2, 1}, "3:9-3:11");
    /* Behind the end of the cell. */
    assert_region(NOTEBOOK(LINES), 1, (Region){3, 1, 3, 1}, "4:5-4:5");
    assert_region(NOTEBOOK(LINES), 1, (Region){9, 9, 10, 1}, "4:5-4:5");
    assert_region(NOTEBOOK(LINES), 2, (Region){1, 1, 1, 1}, NULL);
    assert_region(NOTEBOOK(LINES), 0, (Region){1, 1, 1, 1}, NULL);
    assert_region(NOTEBOOK("{\"source\": []}, {\"source\": \"\"}, {}"), 1, (Region){1, 1, 1, 1}, NULL);
    assert_region(NOTEBOOK("{\"source\": []}, {\"source\": \"\"}, {}"), 2, (Region){1, 1, 1, 1}, NULL);
    assert_region(NOTEBOOK("{\"source\": []}, {\"source\": \"\"}, {}"), 3, (Region){1, 1, 1, 1}, NULL);
    assert_region(NOTEBOOK("{\"source\": []},\n{\"source\": [\"\", \"x\"]}"), 2, (Region){1, 1, 1, 2},
                  "3:18-3:19");
}

/* Columns are of code points, whatever a character is written as; lines of the file end as for source.h. */
static void test_columns(void) {
    assert_region(NOTEBOOK("{\"source\": \"\xc3\xa9\\u00e9\\ud83d\\ude00\xf0\x9f\x98\x80x\"}"), 1,
                  (Region){1, 5, 1, 6}, "2:33-2:34");
    assert_region(NOTEBOOK("{\"source\": \"\\\"\\\\\\t\\u0041\\nx\"}"), 1, (Region){2, 1, 2, 2}, "2:27-2:28");
    assert_region(NOTEBOOK("{\"source\": \"\\ud83dx\\ude00y\"}"), 1, (Region){1, 4, 1, 5}, "2:26-2:27");
    assert_region("{\"cells\": [\r\n{\"source\": \"x\"}]}", 1, (Region){1, 1, 1, 2}, "2:13-2:14");
    assert_region("{\"cells\": [\r{\"source\": \"x\"}]}", 1, (Region){1, 1, 1, 2}, "2:13-2:14");
    assert_region("\xef\xbb\xbf{\"cells\": [{\"source\": \"x\"}]}", 1, (Region){1, 1, 1, 2}, "1:24-1:25");
    /* A carriage return ends a line, and one with a newline is one end, though a string ends between them. */
    assert_region(NOTEBOOK("{\"source\": \"a\\r\\nb\\rc\"}"), 1, (Region){3, 1, 3, 2}, "2:21-2:22");
    assert_region(NOTEBOOK("{\"source\": [\"a\\r\", \"\\nb\"]}"), 1, (Region){2, 1, 2, 2}, "2:23-2:24");
}

/* A file that is one long line: places are found from marks on the way. */
static void test_long_line(void) {
    g_autofree char *many = g_strnfill(5000, 'x'),
                    *text = g_strdup_printf("{\"cells\": [{\"source\": \"%s\\ny%s\"}]}", many, many);

    assert_region(text, 1, (Region){1, 4001, 1, 4002}, "1:4024-1:4025");
    assert_region(text, 1, (Region){1, 5001, 2, 1}, "1:5024-1:5026");
    assert_region(text, 1, (Region){2, 1, 2, 2}, "1:5026-1:5027");
    assert_region(text, 1, (Region){2, 5001, 2, 5002}, "1:10026-1:10027");
}

static void test_refused(void) {
    static const char *const texts[] = {"",
                                        "[]",
                                        "{",
                                        "{\"cells\": 1}",
                                        "{\"cells\": [1]}",
                                        "{\"cells\": []} x",
                                        "{\"cells\": [{\"source\": 1}]}",
                                        "{\"cells\": [{\"source\": [1]}]}",
                                        "{\"cells\": [{\"source\": \"a\n\"}]}",
                                        "{\"cells\": [{\"source\": \"a}]}",
                                        "{\"cells\": [{\"source\": \"\\",
                                        "{\"a\": 1,}",
                                        "{\"a\" 1}",
                                        "{\"a\": ?}"};
    g_autofree char *deep = g_strnfill(1000000, '[');
    g_autofree char *nested = g_strconcat("{\"a\": ", deep, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_null(notebook_new(texts[i], strlen(texts[i])));
    g_assert_null(notebook_new(nested, strlen(nested)));
}

static void test_language(void) {
    static const struct {
        const char *metadata;
        bool is_python;
    } cases[] = {
        {"{}", true},
        {"{\"language_info\": {\"name\": \"python\"}}", true},
        {"{\"language_info\": {\"name\": \"julia\"}}", false},
        {"{\"language_info\": {\"name\": \"Python\"}}", false},
        {"{\"language_info\": null, \"kernelspec\": {\"language\": \"python\"}}", true},
        {"{\"kernelspec\": {\"language\": \"R\", \"name\": \"python\"}}", false},
        {"{\"kernelspec\": {\"language\": \"R\"}, \"language_info\": {\"name\": \"p\\u0079thon\"}}", true},
        {"[1, true, null, -1.5e3, \"a\"]", true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("{\"metadata\": %s, \"cells\": []}", cases[i].metadata);
        g_autoptr(Notebook) notebook = open_notebook(text);

        g_assert_cmpint(notebook_is_python(notebook), ==, cases[i].is_python);
    }
}

/* The bytes of a place of finding.h; the file has no byte order mark. */
static gsize offset_of(const char *text, guint line, guint column) {
    const char *p = text;

    for (; line > 1; line--)
        p = strchr(p, '\n') + 1;
    for (; column > 1; column--)
        p = g_utf8_next_char(p);
    return (gsize)(p - text);
}

static char *applied(const char *text, const Fix *fix) {
    GString *done = g_string_new(text);

    for (guint i = fix->edits->len; i-- > 0;) {
        const Edit *edit = fix->edits->pdata[i];
        gsize start = offset_of(text, edit->region.start_line, edit->region.start_column);
        gsize end = offset_of(text, edit->region.end_line, edit->region.end_column);

        g_string_erase(done, (gssize)start, (gssize)(end - start));
        g_string_insert(done, (gssize)start, edit->text);
    }
    return g_string_free(done, FALSE);
}

static void assert_edit(const char *source, Region region, const char *text, const char *expected) {
    g_autofree char *whole = g_strdup_printf("{\"cells\": [{\"source\": %s}]}", source), *done = NULL,
                    *wanted = g_strdup_printf("{\"cells\": [{\"source\": %s}]}", expected);
    g_autoptr(Notebook) notebook = open_notebook(whole);
    g_autoptr(Fix) fix = fix_new("", FIX_SAFE);

    g_assert_true(notebook_add_edit(notebook, 1, region, text, fix));
    done = applied(whole, fix);
    g_assert_cmpstr(done, ==, wanted);
}

static void test_edit(void) {
    assert_edit("[\n \"a\\n\",\n \"b\"\n]", (Region){1, 1, 2, 1}, "", "[\n \"b\"\n]");
    assert_edit("[\n \"a\\n\",\n \"b\"\n]", (Region){2, 1, 3, 1}, "", "[\n \"a\\n\",\n \"\"\n]");
    assert_edit("[\n \"a\\n\",\n \"b\"\n]", (Region){1, 2, 1, 2}, "\nc\n",
                "[\n \"a\\n\",\n \"c\\n\",\n \"\\n\",\n \"b\"\n]");
    assert_edit("[\n \"a\"\n]", (Region){1, 2, 1, 2}, "\nc\n", "[\n \"a\\n\",\n \"c\\n\"\n]");
    assert_edit("\"a\\nb\"", (Region){1, 2, 2, 1}, "\t\"\\\x01\n", "\"a\\t\\\"\\\\\\u0001\\nb\"");
}

/* One of the small texts that the property test is made of. */
static const char *random_part(void) {
    static const char *const parts[] = {
        "a", "b", "\n", "\n", "\t", "\"", "\\", "\xc3\xa9", "\xf0\x9f\x98\x80"};

    return parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))];
}

static char *random_text(int most) {
    GString *text = g_string_new(NULL);

    for (int i = g_test_rand_int_range(0, most + 1); i > 0; i--)
        g_string_append(text, random_part());
    return g_string_free(text, FALSE);
}

/* `text` as the source of a cell: one string, or cut at random into several. */
static json_t *random_source(const char *text) {
    json_t *list = json_array();

    if (g_test_rand_bit()) {
        json_decref(list);
        return json_string(text);
    }
    while (*text != '\0') {
        const char *end = text;

        while (*end != '\0' && (end == text || g_test_rand_int_range(0, 3) > 0))
            end = g_utf8_next_char(end);
        json_array_append_new(list, json_stringn(text, (gsize)(end - text)));
        text = end;
    }
    return list;
}

static char *joined(const json_t *source) {
    GString *text = g_string_new(json_is_string(source) ? json_string_value(source) : "");

    for (gsize i = 0; i < json_array_size(source); i++)
        g_string_append(text, json_string_value(json_array_get(source, i)));
    return g_string_free(text, FALSE);
}

static void place_of(const char *text, gsize at, guint *ret_row, guint *ret_column) {
    *ret_row = *ret_column = 1;
    for (const char *p = text; p < text + at; p = g_utf8_next_char(p)) {
        *ret_row += *p == '\n';
        *ret_column = *p == '\n' ? 1 : *ret_column + 1;
    }
}

/* Whatever is replaced by whatever, the cell then has that text, and the file is JSON. */
static void test_random_edits(void) {
    for (guint round = 0; round < 3000; round++) {
        g_autofree char *text = random_text(12), *new = random_text(4), *file = NULL, *done = NULL,
                        *expected = NULL, *found = NULL;
        glong chars = g_utf8_strlen(text, -1);
        glong from = g_test_rand_int_range(0, (gint32)chars + 1),
              to = g_test_rand_int_range((gint32)from, (gint32)chars + 1);
        gsize start = (gsize)(g_utf8_offset_to_pointer(text, from) - text),
              end = (gsize)(g_utf8_offset_to_pointer(text, to) - text);
        json_t *value = json_pack("{s[{so}]}", "cells", "source", random_source(text)), *after;
        char *dumped = json_dumps(value, (g_test_rand_bit() ? JSON_INDENT(1) : 0) |
                                             (g_test_rand_bit() ? JSON_ENSURE_ASCII : 0));
        g_autoptr(Notebook) notebook = open_notebook(dumped);
        g_autoptr(Fix) fix = fix_new("", FIX_SAFE);
        Region region;

        place_of(text, start, &region.start_line, &region.start_column);
        place_of(text, end, &region.end_line, &region.end_column);
        g_assert_cmpint(notebook_add_edit(notebook, 1, region, new, fix), ==, *text != '\0');
        done = applied(dumped, fix);
        after = json_loads(done, JSON_REJECT_DUPLICATES, NULL);
        g_assert_nonnull(after);
        found = joined(json_object_get(json_array_get(json_object_get(after, "cells"), 0), "source"));
        expected =
            *text == '\0' ? g_strdup("") : g_strdup_printf("%.*s%s%s", (int)start, text, new, text + end);
        g_assert_cmpstr(found, ==, expected);
        json_decref(after);
        json_decref(value);
        free(dumped);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notebook/region", test_region);
    g_test_add_func("/notebook/columns", test_columns);
    g_test_add_func("/notebook/long-line", test_long_line);
    g_test_add_func("/notebook/refused", test_refused);
    g_test_add_func("/notebook/language", test_language);
    g_test_add_func("/notebook/edit", test_edit);
    g_test_add_func("/notebook/random-edits", test_random_edits);
    return g_test_run();
}
