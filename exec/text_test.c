/* Text from outside, made safe. */
#include "exec/text.h"

#include <string.h>

static void test_line(void) {
    static const struct {
        const char *bytes, *expected;
    } cases[] = {
        {"plain", "plain"},
        {"  edges \n", "edges"},
        {"two\nlines\tand a tab", "two lines and a tab"},
        {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"bad\xff\xfe", "bad\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe2\x80\xaeright to left", "\\u202eright to left"},
        {"\xc2\x9b"
         "31m",
         "\\x9b31m"},
        {"\xf3\xa0\x81\x81tag", "\\U000e0041tag"},
        {"dos\r\nline", "dos line"},
        {"bare\rreturn", "bare\\x0dreturn"},
        {"cut\xc3", "cut\xef\xbf\xbd"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = text_line(cases[i].bytes, -1, 1000);

        g_assert_cmpstr(line, ==, cases[i].expected);
    }
}

static void test_line_with_nul(void) {
    g_autofree char *line = text_line("a\0b", 3, 1000);

    g_assert_cmpstr(line, ==, "a\\x00b");
}

static void test_most(void) {
    g_autofree char *cut = text_line("abcdef", -1, 4), *whole = text_line("abcd", -1, 4);
    g_autofree char *in_character = text_line("abc\xc3\xa9", -1, 4);

    g_assert_cmpstr(cut, ==, "abcd…");
    g_assert_cmpstr(whole, ==, "abcd");
    g_assert_cmpstr(in_character, ==, "abc…");
}

static void test_block(void) {
    g_autofree char *block = text_block("one\r\n\ttwo\n\x07", -1, 1000);

    g_assert_cmpstr(block, ==, "one\n\ttwo\n\\x07");
}

static void test_path(void) {
    static const struct {
        const char *path, *shown, *uri;
    } cases[] = {
        {"src/a.py", "src/a.py", "src/a.py"},
        {"with space.py", "with space.py", "with%20space.py"},
        {"caf\xc3\xa9.py", "caf\xc3\xa9.py", "caf%C3%A9.py"},
        {"new\nline", "\"new\\nline\"", "new%0Aline"},
        {"quo\"te", "\"quo\\\"te\"", "quo%22te"},
        {"back\\slash", "\"back\\\\slash\"", "back%5Cslash"},
        {"\377.py", "\"\\377.py\"", "%FF.py"},
        {"\xef\xbf\xbd", "\xef\xbf\xbd", "%EF%BF%BD"},
        {"c:colon", "c:colon", "c%3Acolon"},
        {"-dash", "-dash", "-dash"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = text_path(cases[i].path), *uri = text_path_uri(cases[i].path);

        g_assert_cmpstr(shown, ==, cases[i].shown);
        g_assert_cmpstr(uri, ==, cases[i].uri);
    }
}

static void test_suggest(void) {
    static const char *const known[] = {"linters", "exclude", "run", "gate", NULL};

    g_assert_cmpstr(text_suggest("linterz", known), ==, "linters");
    g_assert_cmpstr(text_suggest("Linters", known), ==, "linters");
    g_assert_cmpstr(text_suggest("gaet", known), ==, "gate");
    g_assert_cmpstr(text_suggest("rnu", known), ==, "run");
    g_assert_null(text_suggest("unrelated", known));
    g_assert_null(text_suggest("x", known));
    g_assert_null(text_suggest("", known));
}

static void test_count(void) {
    g_autofree char *none = text_count(0, "file"), *one = text_count(1, "file"), *two = text_count(2, "file");

    g_assert_cmpstr(none, ==, "0 files");
    g_assert_cmpstr(one, ==, "1 file");
    g_assert_cmpstr(two, ==, "2 files");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/line", test_line);
    g_test_add_func("/text/line-with-nul", test_line_with_nul);
    g_test_add_func("/text/most", test_most);
    g_test_add_func("/text/block", test_block);
    g_test_add_func("/text/path", test_path);
    g_test_add_func("/text/suggest", test_suggest);
    g_test_add_func("/text/count", test_count);
    return g_test_run();
}
