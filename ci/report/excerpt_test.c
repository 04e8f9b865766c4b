#include "ci/report/excerpt.h"

/* `expected` is the line and, below it, the marks: as on a terminal. */
static void assert_excerpt(const char *line, Region region, guint width, const char *expected) {
    g_autofree char *text = NULL, *marks = NULL, *got = NULL;

    excerpt_make(line, &region, width, &text, &marks);
    got = g_strdup_printf("%s\n%s", text, marks);
    g_assert_cmpstr(got, ==, expected);
}

static void test_plain(void) {
    assert_excerpt("import os", (Region){3, 8, 3, 10}, 40,
                   "import os\n"
                   "       ^^");
    assert_excerpt("import os", (Region){3, 1, 3, 10}, 40,
                   "import os\n"
                   "^^^^^^^^^");
}

static void test_empty_region(void) {
    assert_excerpt("x=1", (Region){1, 2, 1, 2}, 40,
                   "x=1\n"
                   " ^");
    /* A column without an end. */
    assert_excerpt("x=1", (Region){1, 2, 0, 0}, 40,
                   "x=1\n"
                   " ^");
}

static void test_behind_the_line(void) {
    assert_excerpt("x = 1", (Region){1, 6, 1, 6}, 40,
                   "x = 1\n"
                   "     ^");
    assert_excerpt("", (Region){1, 1, 1, 1}, 40,
                   "\n"
                   "^");
    /* Not in this line at all: no mark is better than a wrong one. */
    assert_excerpt("x = 1", (Region){1, 60, 1, 61}, 40, "x = 1\n");
}

static void test_whole_and_several_lines(void) {
    assert_excerpt("    return  ", (Region){7, 0, 7, 0}, 40,
                   "    return\n"
                   "    ^^^^^^^^");
    assert_excerpt("def f(a,", (Region){7, 5, 9, 2}, 40,
                   "def f(a,\n"
                   "    ^^^^");
    assert_excerpt("", (Region){7, 0, 7, 0}, 40, "\n");
}

static void test_tabs(void) {
    assert_excerpt("\tif x:\ty", (Region){1, 8, 1, 9}, 40,
                   "    if x:    y\n"
                   "             ^");
    assert_excerpt("\tx", (Region){1, 1, 1, 2}, 40,
                   "    x\n"
                   "^^^^");
}

static void test_wide_and_zero_width(void) {
    /* Each of the two characters in the quotes fills two cells. */
    assert_excerpt("s = '漢字' + x", (Region){1, 12, 1, 13}, 40,
                   "s = '漢字' + x\n"
                   "             ^");
    assert_excerpt("s = '漢字'", (Region){1, 6, 1, 8}, 40,
                   "s = '漢字'\n"
                   "     ^^^^");
    /* e and a combining acute accent share one cell, and either of them is marked there. */
    assert_excerpt("cafe\xcc\x81 = x", (Region){1, 9, 1, 10}, 40,
                   "cafe\xcc\x81 = x\n"
                   "       ^");
    assert_excerpt("cafe\xcc\x81", (Region){1, 5, 1, 6}, 40,
                   "cafe\xcc\x81\n"
                   "   ^");
}

static void test_long_lines(void) {
    const char *line = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"; /* 62 */

    assert_excerpt(line, (Region){1, 3, 1, 5}, 20,
                   "0123456789abcdefghi…\n"
                   "  ^^");
    assert_excerpt(line, (Region){1, 31, 1, 33}, 20,
                   "…opqrstuvwxyzABCDEF…\n"
                   "       ^^");
    assert_excerpt(line, (Region){1, 61, 1, 63}, 20,
                   "…HIJKLMNOPQRSTUVWXYZ\n"
                   "                  ^^");
    assert_excerpt(line, (Region){1, 63, 1, 63}, 20,
                   "…HIJKLMNOPQRSTUVWXYZ\n"
                   "                    ^");
    /* The marks end where the line is cut. */
    assert_excerpt(line, (Region){1, 31, 1, 63}, 20,
                   "…opqrstuvwxyzABCDEF…\n"
                   "       ^^^^^^^^^^^^");
    assert_excerpt("0123456789abcdefghij", (Region){1, 20, 1, 21}, 20,
                   "0123456789abcdefghij\n"
                   "                   ^");
}

/* A wide character that the window cuts in two is left out; its other half is blank, so the mark stands
 * right. */
static void test_cut_through_a_wide_character(void) {
    assert_excerpt("漢漢漢漢漢漢漢漢漢漢x漢漢漢漢", (Region){1, 11, 1, 12}, 12,
                   "…漢漢x漢漢 …\n"
                   "     ^");
    assert_excerpt("漢漢漢漢漢漢漢漢漢漢x漢漢漢漢", (Region){1, 11, 1, 12}, 15,
                   "… 漢漢x漢漢漢漢\n"
                   "      ^");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/excerpt/plain", test_plain);
    g_test_add_func("/excerpt/empty-region", test_empty_region);
    g_test_add_func("/excerpt/behind-the-line", test_behind_the_line);
    g_test_add_func("/excerpt/whole-and-several-lines", test_whole_and_several_lines);
    g_test_add_func("/excerpt/tabs", test_tabs);
    g_test_add_func("/excerpt/wide-and-zero-width", test_wide_and_zero_width);
    g_test_add_func("/excerpt/long-lines", test_long_lines);
    g_test_add_func("/excerpt/cut-through-a-wide-character", test_cut_through_a_wide_character);
    return g_test_run();
}
