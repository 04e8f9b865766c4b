#include "rules/lexer_testing.h"

static const struct {
    const char *text, *places;
} cases[] = {
    {"", ""},
    {"a = 1 # b\nc", "......ccc\n."},
    {"# a\rb", "ccc.."},
    {"# a\r\nb", "ccc.\n."},
    {"a 'b' c", "..sss.."},
    {"'# b' c", "sssss.."},
    {"# 'b\nc", "cccc\n."},
    {"'\"' c", "sss.."},
    {"'' c", "ss.."},
    {"'a''b'c", "ssssss."},
    /* backslashes */
    {"'a\\'b' c", "ssssss.."},
    {"'\\\\' c", "ssss.."},
    {"r'\\' c' d", "sssssss.."},
    {"'a\\\nb' c", "sss\nss.."},
    {"'a\\\r\nb' c", "ssss\nss.."},
    {"'a\\", "sss"},
    /* three quotes */
    {"'''a\n'b''' c", "ssss\nsssss.."},
    {"\"\"\"a\"b\"\"\" c", "sssssssss.."},
    {"'''''' c", "ssssss.."},
    {"'''\\''''c'''", "ssssssss.???"},
    /* strings that are not closed: the next line is code again */
    {"'a\nb", "ss\n."},
    {"'a\rb", "ss.."},
    {"'''a\nb", "????\n?"},
    /* prefixes */
    {"Rb'a' c", "sssss.."},
    {"u'a'", "ssss"},
    {"xr'a'", "..sss"},
    {"1if'a'", "...sss"},
    {"bu'a'", "..sss"},
    {"or'a'", "..sss"},
    /* what an f-string computes is code */
    {"f'a{b}c'", "sss...ss"},
    {"F'{b}'", "ss...s"},
    {"rf'{b}'", "sss...s"},
    {"Rt'{b}'", "sss...s"},
    {"b'{b}'", "ssssss"},
    {"f'{{b}}'", "ssssssss"},
    {"f'{{{b}}}'", "ssss...sss"},
    {"f'}{b}'", "sss...s"},
    {"f'\\N{a b}{b}'", "sssssssss...s"},
    {"rf'\\N{b}'", "sssss...s"},
    {"f'\\{b}'", "sss...s"},
    {"f'\\'{b}'", "ssss...s"},
    {"f'{a[\"b\"]}' c", "ss...sss..s.."},
    {"f'{f\"{a}\"}'", "ss.ss...s.s"},
    {"f'{{'x'}}'", "sssss.ssss"},
    {"f'{ {1:2}[1] }'", "ss............s"},
    {"f'{(x:=5)}'", "ss........s"},
    {"f'{a!r}'", "ss.....s"},
    {"f'''{a # b\n}''' c", "ssss...ccc\n.sss.."},
    /* its format is text, with fields of its own */
    {"f'{a:b}c'", "ss...s.ss"},
    {"f'{a:>{w}}'", "ss...s....s"},
    {"f'{a:\"}' c", "ss...s.s.."},
    {"f'''{a:'}''' c", "ssss...s.sss.."},
    {"f'{a:b' c", "ss...ss.."},
};

static void test_python(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_places("python", cases[i].text, cases[i].places);
}

/* Deeper than Python itself goes, the lexer gives up, and keeps no rule from what follows. */
static void test_depth(void) {
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < CAP_LEXER_DEPTH; i++)
        g_string_append(text, "f'{");
    g_string_append(text, "# b");
    g_autofree char *places = letters_of("python", text->str, text->len);
    g_assert_true(g_str_has_prefix(places, "???"));
    g_assert_true(g_str_has_suffix(places, "???"));
    g_assert_null(strchr(places, 'c'));
}

static void test_time(void) {
    static const char *const parts[] = {"'",  "\"\"\"", "f'{", "f'{a:{b:", "f\"{x!r:>{",
                                        "\\", "'\\\n",  "#\r", "f'''{"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        assert_linear("python", parts[i]);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/python/places", test_python);
    g_test_add_func("/lexer/python/depth", test_depth);
    g_test_add_func("/lexer/python/time", test_time);
    return g_test_run();
}
