#include "rules/lexer.h"

#include <string.h>

/* The places of a text, a letter for each byte: c code, s string, # comment, ? any. */
static char *places_of(const char *text) {
    gsize len = strlen(text);
    g_autofree guint8 *places = lexer_places("python", text, len);
    GString *letters = g_string_new(NULL);

    for (gsize i = 0; i < len; i++)
        g_string_append_c(letters, places[i] == PLACE_CODE      ? 'c'
                                   : places[i] == PLACE_STRING  ? 's'
                                   : places[i] == PLACE_COMMENT ? '#'
                                   : places[i] == PLACE_ANY     ? '?'
                                                                : '!');
    return g_string_free(letters, FALSE);
}

/* A line end is one byte of code, or of the string that it stands in. */
static const struct {
    const char *text, *places;
} cases[] = {
    {"", ""},
    {"a = 1 # b\nc", "cccccc###cc"},
    {"# a\rb", "###cc"},
    {"# a\r\nb", "###ccc"},
    {"a 'b' c", "ccssscc"},
    {"'# b' c", "ssssscc"},
    {"# 'b\nc", "####cc"},
    {"'\"' c", "ssscc"},
    {"'' c", "sscc"},
    {"'a''b'c", "ssssssc"},
    /* backslashes */
    {"'a\\'b' c", "sssssscc"},
    {"'\\\\' c", "sssscc"},
    {"r'\\' c' d", "ssssssscc"},
    {"'a\\\nb' c", "sssssscc"},
    {"'a\\\r\nb' c", "ssssssscc"},
    {"'a\\", "sss"},
    /* three quotes */
    {"'''a\n'b''' c", "sssssssssscc"},
    {"\"\"\"a\"b\"\"\" c", "ssssssssscc"},
    {"'''''' c", "sssssscc"},
    {"'''\\''''c'''", "sssssssscsss"},
    /* strings that are not closed: the next line is code again */
    {"'a\nb", "sscc"},
    {"'a\rb", "sscc"},
    {"'''a\nb", "ssssss"},
    /* prefixes */
    {"Rb'a' c", "ssssscc"},
    {"u'a'", "ssss"},
    {"xr'a'", "ccsss"},
    {"1if'a'", "cccsss"},
    {"bu'a'", "ccsss"},
    {"or'a'", "ccsss"},
    /* what an f-string computes is code */
    {"f'a{b}c'", "ssscccss"},
    {"F'{b}'", "sscccs"},
    {"rf'{b}'", "ssscccs"},
    {"Rt'{b}'", "ssscccs"},
    {"b'{b}'", "ssssss"},
    {"f'{{b}}'", "ssssssss"},
    {"f'{{{b}}}'", "sssscccsss"},
    {"f'}{b}'", "ssscccs"},
    {"f'\\{b}'", "ssscccs"},
    {"f'\\'{b}'", "sssscccs"},
    {"f'{a[\"b\"]}' c", "sscccsssccscc"},
    {"f'{f\"{a}\"}'", "sscsscccscs"},
    {"f'{{'x'}}'", "ssssscssss"},
    {"f'{ {1:2}[1] }'", "ssccccccccccccs"},
    {"f'{(x:=5)}'", "ssccccccccs"},
    {"f'{a!r}'", "sscccccs"},
    {"f'''{a # b\n}''' c", "ssssccc###ccssscc"},
    /* its format is text, with fields of its own */
    {"f'{a:b}c'", "sscccscss"},
    {"f'{a:>{w}}'", "sscccsccccs"},
    {"f'{a:\"}' c", "sscccscscc"},
    {"f'''{a:'}''' c", "sssscccscssscc"},
    {"f'{a:b' c", "sscccsscc"},
};

static void test_python(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *places = places_of(cases[i].text);
        g_autofree char *shown = g_strescape(cases[i].text, NULL);

        g_test_message("%s", shown);
        g_assert_cmpstr(places, ==, cases[i].places);
    }
}

/* Deeper than Python itself goes, the lexer gives up, and keeps no rule from what follows. */
static void test_depth(void) {
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 1000; i++)
        g_string_append(text, "f'{");
    g_string_append(text, "# b");
    g_autofree char *places = places_of(text->str);
    g_assert_true(g_str_has_prefix(places, "sscssc"));
    g_assert_true(g_str_has_suffix(places, "???"));
    g_assert_null(strchr(places, '#'));
}

static void test_languages(void) {
    g_assert_true(lexer_knows("python"));
    g_assert_false(lexer_knows("any"));
    g_assert_false(lexer_knows("c"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/python", test_python);
    g_test_add_func("/lexer/depth", test_depth);
    g_test_add_func("/lexer/languages", test_languages);
    return g_test_run();
}
