#include "review/fix/edit.h"

#include <string.h>

static GBytes *bytes_of(const char *text) {
    return g_bytes_new(text, strlen(text));
}

/* "start-end" of an edit of these lines and columns; "none". */
static void assert_place(const char *bytes, Region region, const char *wanted) {
    g_autoptr(GBytes) content = bytes_of(bytes);
    g_autoptr(EditText) text = edit_text_new(content);
    Edit edit = {region, (char *)""};
    Replacement found;
    g_autofree char *told =
        edit_locate(text, &edit, &found)
            ? g_strdup_printf("%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT, found.start, found.end)
            : g_strdup("none");

    g_assert_cmpstr(told, ==, wanted);
}

static void test_places(void) {
    assert_place("abc\ndef\n", (Region){1, 1, 1, 1}, "0-0");
    assert_place("abc\ndef\n", (Region){1, 2, 2, 3}, "1-6");
    assert_place("abc\ndef\n", (Region){1, 4, 2, 1}, "3-4"); /* the end of the line */
    assert_place("abc\ndef\n", (Region){3, 1, 3, 1}, "8-8"); /* the end of the file */
    assert_place("abc\ndef", (Region){2, 4, 2, 4}, "7-7");
    assert_place("abc\r\ndef\r\n", (Region){1, 4, 2, 1}, "3-5");
    assert_place("a\rb\n", (Region){1, 3, 1, 4}, "2-3"); /* a lone \r is a column */
    assert_place("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80x\n", (Region){1, 2, 1, 4}, "2-9");
    assert_place("\xff\xc3x\n", (Region){1, 2, 1, 3}, "1-2"); /* bytes that are not UTF-8 */
    assert_place("\xef\xbb\xbfx\n", (Region){1, 1, 1, 2}, "3-4");
    assert_place("", (Region){1, 1, 1, 1}, "0-0");
}

static void test_no_places(void) {
    assert_place("abc\n", (Region){0, 0, 0, 0}, "none");
    assert_place("abc\n", (Region){1, 0, 1, 0}, "none");
    assert_place("abc\n", (Region){1, 5, 1, 5}, "none");
    assert_place("abc\n", (Region){3, 1, 3, 1}, "none");
    assert_place("abc\n", (Region){1, 3, 1, 2}, "none");
    assert_place("abc\ndef\n", (Region){2, 1, 1, 1}, "none");
    assert_place("", (Region){1, 2, 1, 2}, "none");
    assert_place("abc\n", (Region){1, 1, G_MAXUINT, G_MAXUINT}, "none");
}

static void test_lines(void) {
    g_autoptr(GBytes) content = bytes_of("ab\n\ncd");
    g_autoptr(EditText) text = edit_text_new(content);
    static const guint lines[] = {1, 1, 1, 2, 3, 3, 3};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        g_assert_cmpuint(edit_line_at(text, i), ==, lines[i]);
}

/* Both replacements are made, at one go. */
static void assert_applied(const char *before, Replacement one, Replacement two, const char *after) {
    g_autoptr(GBytes) content = bytes_of(before), result = NULL;
    g_autoptr(EditText) text = edit_text_new(content);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Replacement));

    g_array_append_val(all, one);
    g_array_append_val(all, two);
    result = edit_apply(text, all);
    g_assert_cmpmem(g_bytes_get_data(result, NULL), g_bytes_get_size(result), after, strlen(after));
}

static void test_apply(void) {
    assert_applied("abcdef", (Replacement){0, 1, "X"}, (Replacement){3, 5, ""}, "Xbcf");
    assert_applied("abc", (Replacement){0, 0, "<"}, (Replacement){3, 3, ">"}, "<abc>");
    assert_applied("abc", (Replacement){0, 3, ""}, (Replacement){3, 3, ""}, "");
    assert_applied("", (Replacement){0, 0, "a"}, (Replacement){0, 0, "b"}, "ab");
}

static void test_line_ends(void) {
    /* all \r\n: what comes in has it, too */
    assert_applied("a\r\nb\r\n", (Replacement){0, 1, "x\ny"}, (Replacement){3, 6, "z\r\n\n"},
                   "x\r\ny\r\nz\r\n\r\n");
    assert_applied("a\nb\n", (Replacement){0, 1, "x\r\ny"}, (Replacement){2, 3, "z\rz"}, "x\ny\nz\rz\n");
    /* mixed, or none: as it is */
    assert_applied("a\r\nb\n", (Replacement){0, 1, "x\ny"}, (Replacement){3, 4, "z\r\n"}, "x\ny\r\nz\r\n\n");
    assert_applied("ab", (Replacement){0, 1, "x\r\n"}, (Replacement){1, 2, "y\n"}, "x\r\ny\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/edit/places", test_places);
    g_test_add_func("/edit/no-places", test_no_places);
    g_test_add_func("/edit/lines", test_lines);
    g_test_add_func("/edit/apply", test_apply);
    g_test_add_func("/edit/line-ends", test_line_ends);
    return g_test_run();
}
