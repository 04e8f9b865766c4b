#include "rules/lexer_testing.h"

static void test_languages(void) {
    static const char *const known[] = {"python", "shell", "javascript", "typescript", "c",
                                        "cpp",    "go",    "rust",       "yaml"};
    static const char *const unknown[] = {"any", "text", "ruby", "perl", "php", ""};

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_true(lexer_knows(known[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++)
        g_assert_false(lexer_knows(unknown[i]));
}

/* What the table is exact for is read by it. */
static void test_table(void) {
    assert_places("go", "x := `a // b` // c", ".....ssssssss.cccc");
    assert_places("css", "a { b: url(http://x) } /* c */", "...........ssssssss....ccccccc");
    assert_places("css", "URL( 'http://x' ) /**/",
                  "....."
                  "ssssssssss"
                  ".."
                  ".cccc");
    assert_places("go", "x := `a // b", ".....???????");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/languages", test_languages);
    g_test_add_func("/lexer/table", test_table);
    return g_test_run();
}
