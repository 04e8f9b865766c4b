#include "review/fingerprint.h"

#include <string.h>

static char *fingerprints(const char *bytes, gsize len) {
    g_autoptr(GPtrArray) lines = fingerprint_lines(bytes, len);

    g_ptr_array_add(lines, NULL);
    return g_strjoinv(" ", (char **)lines->pdata);
}

static void assert_fingerprints(const char *text, const char *expected) {
    g_autofree char *got = fingerprints(text, strlen(text));

    g_assert_cmpstr(got, ==, expected);
}

/* The expected values here and in test_repeated_lines() are those of codeql-action's
 * src/fingerprints.test.ts. */
static void test_known_values(void) {
    assert_fingerprints("", "c129715d7a2bc9a3:1");
    assert_fingerprints(" a\nb\n  \t\tc\n d",
                        "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1");
    assert_fingerprints(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
                        "8b7cf3e952e7aeb2:1 b1ae1287ec4718d9:1 bff680108adb0fcc:1 c6805c5e1288b612:1 "
                        "b86d3392aea1be30:1 e6ceba753e1a442:1");
    assert_fingerprints("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
                        "e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 5c482a0f8b35ea28:1 "
                        "54517377da7028d2:1 2c644846cb18d53e:1 f1b89f20de0d133:1 c129715d7a2bc9a3:1");
}

static void test_line_endings_are_alike(void) {
    static const char *const texts[] = {
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
        " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
        " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
        " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_fingerprints(texts[i],
                            "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 "
                            "b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1");
}

static void test_repeated_lines(void) {
    g_autoptr(GString) text = g_string_new(NULL);

    for (int i = 0; i < 10; i++)
        g_string_append(text, "Lorem ipsum dolor sit amet.\n");
    assert_fingerprints(text->str,
                        "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 "
                        "a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 "
                        "55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1");
}

/* A line far enough from the end of the file keeps its fingerprint where lines are put in above it, and where
 * it is indented anew. */
static void test_moved_line(void) {
    g_autofree char *tail = g_strnfill(200, 'x');
    g_autofree char *before = g_strconcat("first = 1\nimport os\n", tail, "\n", NULL);
    g_autofree char *after = g_strconcat("zeroth = 0\nfirst = 1\n\timport  os\n", tail, "\n", NULL);
    g_autoptr(GPtrArray) old_lines = fingerprint_lines(before, strlen(before));
    g_autoptr(GPtrArray) new_lines = fingerprint_lines(after, strlen(after));

    g_assert_cmpstr(g_ptr_array_index(old_lines, 1), ==, g_ptr_array_index(new_lines, 2));
    g_assert_cmpstr(g_ptr_array_index(old_lines, 0), !=, g_ptr_array_index(new_lines, 0));
}

/* Expected values: the same algorithm in JavaScript, over the text as Node 20 decodes it. */
static void test_decoding(void) {
    static const char nul[] = "a\0b";
    g_autofree char *got = fingerprints(nul, 3);

    assert_fingerprints("caf\xc3\xa9 = \"\xf0\x9f\x98\x80\"\n\xff\xfe\xe2\x82\n",
                        "bdedeb064f32b563:1 66bb4c1842ee204c:1 c129715d7a2bc9a3:1");
    assert_fingerprints("\xef\xbb\xbfimport os\n", "5aa1a8e55c93c499:1 c129715d7a2bc9a3:1");
    assert_fingerprints("\xed\xa0\x80|\xc0\x80|\xf4\x90\x80\x80|\xf0\x9f\x98|\xe0\x80\x80|\xc3",
                        "986ce6dfe05e4865:1");
    g_assert_cmpstr(got, ==, "a8f9861ba96ab5e6:1");
}

/* Expected values, here and below: the same algorithm in JavaScript, over the file as Node 20 streams it. */
static void test_line_ends_and_blanks(void) {
    assert_fingerprints("\tif a:\r\n\t\tb\r\n", "97308b5a4786f74f:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
    assert_fingerprints("if a:\nb\n", "97308b5a4786f74f:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
    assert_fingerprints("a\n\n", "173cc415891f93a8:1 3c5bef55b72b93c9:1 c129715d7a2bc9a3:1");
    /* CR, CR LF, LF, CR: four line ends; a blank between CR and LF makes two of them. */
    assert_fingerprints("a\r\r\nb\n\r",
                        "58bb403fac6df472:1 79c1ecac854f2c03:1 a0e70ee94550ca05:1 3c5bef55b72b93c9:1 "
                        "c129715d7a2bc9a3:1");
    assert_fingerprints("a \t\r \nb", "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1");
}

static void test_lone_surrogates(void) {
    assert_fingerprints("\xed\xb0\x80\xed\xa0\x80\n", "3cd5b8ae82ac862b:1 c129715d7a2bc9a3:1");
    assert_fingerprints("\xef\xbf\xbf", "9cde746dd76b3dca:1"); /* the unit of the end of the file, as text */
}

/* A line whose hundred units end within the next one, and lines that come again. */
static void test_window(void) {
    g_autofree char *x = g_strnfill(99, 'x'), *y = g_strnfill(200, 'y'), *z = g_strnfill(120, 'z');
    g_autofree char *two = g_strconcat(x, "\n", y, "\n", NULL);
    g_autofree char *one = g_strconcat("import os\n", z, "\n", NULL);
    g_autofree char *thrice = g_strconcat(one, one, one, NULL);

    assert_fingerprints(two, "52b56201ffb585b2:1 cadd4b5b9d92c51c:1 c129715d7a2bc9a3:1");
    assert_fingerprints(thrice, "899ec2577f21fcdd:1 430534b53b700418:1 899ec2577f21fcdd:2 430534b53b700418:2 "
                                "899ec2577f21fcdd:3 430534b53b700418:3 c129715d7a2bc9a3:1");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fingerprint/known-values", test_known_values);
    g_test_add_func("/fingerprint/line-endings", test_line_endings_are_alike);
    g_test_add_func("/fingerprint/repeated-lines", test_repeated_lines);
    g_test_add_func("/fingerprint/moved-line", test_moved_line);
    g_test_add_func("/fingerprint/decoding", test_decoding);
    g_test_add_func("/fingerprint/line-ends-and-blanks", test_line_ends_and_blanks);
    g_test_add_func("/fingerprint/lone-surrogates", test_lone_surrogates);
    g_test_add_func("/fingerprint/window", test_window);
    return g_test_run();
}
