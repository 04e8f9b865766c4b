#include "rules/lexer_testing.h"

static const struct {
    const char *text, *places;
} cases[] = {
    {"", ""},
    {"a = \"// b\"; // c", "....ssssss..cccc"},
    {"'\"' /* ' */ 'x'", "sss.ccccccc.sss"},
    {"a /* b\n // c */ d // e", "..cccc\ncccccccc...cccc"},
    {"a//b\nc", ".ccc\n."},
    {"a / b / *c", ".........."},
    {"/**/ /***/ a", "cccc.ccccc.."},
    {"/*/ a */ b", "cccccccc.."},
    {"\"a\" L\"b\" u8\"c\" 'd' u'e' U'f'", "sss.ssss.sssss.sss.ssss.ssss"},
    {"xL\"b\" u9\"c\"", "..sss...sss"},
    /* backslashes */
    {"\"a\\\"b\" c", "ssssss.."},
    {"\"\\\\\" // c", "ssss.cccc"},
    {"'\\'' '\\\\' c", "ssss.ssss.."},
    {"\"a\\\nb\" /**/", "sss\nss.cccc"},
    {"\"a\\\r\nb\" /**/", "ssss\nss.cccc"},
    {"\"a\\ \nb\" c", "ssss\nss.."},
    {"// a \\\nb\nc", "cccccc\nc\n."},
    {"// a \\ \nb\nc", "ccccccc\nc\n."},
    {"// a \\\\\nb", "ccccccc\nc"},
    {"/\\\n/ a\nb", "cc\nccc\n."},
    {"/\\\n* a *\\\n/ b", "cc\ncccccc\nc.."},
    {"a \\\n// b", "...\ncccc"},
    /* what is not closed on its line is no literal */
    {"#error don't\nx; // c", "............\n...cccc"},
    {"\"a\nb\" // c", "..\n.."
                      ".cccc"},
    {"it's /* a */\n'b'", ".....ccccccc\nsss"},
    /* numbers */
    {"1'000'0 // c", "........cccc"},
    {"0xFF'AA'bb + 'c'", "............."
                         "sss"},
    {"0b1'0; '0'", ".......sss"},
    /* raw strings */
    {"R\"x(//)\" )x\"//", "sssssssssssscc"},
    {"R\"(a\n\\\")\" b", "ssss\nssss.."},
    {"u8R\"(\")\" LR\"(')\" b", "ssssssss.sssssss.."},
    {"FOUR\"(\"; \")\"", "....sss..sss"},
    {"R\"a b(c)a b\"", ".sssssssssss"},
    {"x = R\"(a // b\n// c", "....?????????\n????"},
    {"a /* b\nc", "..????\n?"},
    /* header names */
    {"#include <a//b> // c", "................cccc"},
    {"# include \"a//b\" /* c */", "..........ssssss.ccccccc"},
    {"#include <it's>\n'a'", "...............\nsss"},
    {"x #include <a//b>", "............."
                          "cccc"},
    /* what is left out */
    {"#if 0\nit's\n#endif\na", ".....\ncccc\n......\n."},
    {"#if 0 // c\nb\n#else\n'd'\n#endif", "......cccc\nc\n.....\nsss\n......"},
    {"  #  if ( 0 ) /* c */\nb\n # elif X\nd\n#endif", "..............ccccccc\nc\n.........\n.\n......"},
    {"#if 0\n#if X\na\n#else\nb\n#endif\nc\n#endif\nd", ".....\nccccc\nc\nccccc\nc\ncccccc\nc\n......\n."},
    {"#if 0\n/*\n#endif\n*/ a\n#endif\nb", ".....\ncc\ncccccc\ncccc\n......\n."},
    {"#if 0\n\"/*\" '/*'\n#endif\nb", ".....\nccccccccc\n......\n."},
    {"#if 0\n// \\\n#endif\n#endif\nb", ".....\ncccc\ncccccc\n......\n."},
    {"#if 0\nx\n#ifdef Y\n#elif Z\n#endif\n#endif\n", ".....\nc\ncccccccc\nccccccc\ncccccc\n......\n"},
    {"#if 0\n#endif\na", ".....\n......\n."},
    {"#if 00\n'a'\n#endif", "......\nsss\n......"},
    {"#if 0x1\n'a'\n#endif", ".......\nsss\n......"},
    {"#if 0 || X\n'a'\n#endif", "..........\nsss\n......"},
    {"#ifdef 0\n'a'\n#endif", "........\nsss\n......"},
    {"x #if 0\n'a'\n", ".......\nsss\n"},
    {"/* b */ #if 0\na\n#endif", "ccccccc......\nc\n......"},
    {"#if 0\na", ".....\n?"},
};

static void test_places(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_places("c", cases[i].text, cases[i].places);
        assert_places("cpp", cases[i].text, cases[i].places);
    }
}

static void test_time(void) {
    static const char *const parts[] = {
        "\"",         "'",     "/",       "/\\\n",      "*",       "/* * ",       "R\"(",
        "R\"a(",      "\\\n",  "#if 0\n", "1'",         "\\ ",     "#include <a", "#if 0\n#endif\n",
        "#if 0 /*\n", "'\\\n", "\"\\",    "#if 0\n'/*", "# if ( ", "*\\\n",       "//\\\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        assert_linear("c", parts[i]);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/c/places", test_places);
    g_test_add_func("/lexer/c/time", test_time);
    return g_test_run();
}
