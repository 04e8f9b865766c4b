#include "rules/lexer_testing.h"
#include "rules/rule.h"

static void test_c_family(void) {
    assert_places("kotlin", "\"\"\"a\\\"\"\" // c", "ssssssss.cccc");
    assert_places("java", "\"\"\"\n // a \" b\n\"\"\" // c", "sss\nsssssssss\nsss.cccc");
    assert_places("go", "`a\n// b` // c", "ss\nsssss.cccc");
    assert_places("rust", "<'a, 'b> '\"' // c", ".........sss.cccc");
    assert_places("rust", "r#\"a\" // b\"# /* a /* b */ c */ x", "ssssssssssss.ccccccccccccccccc..");
    assert_places("csharp", "@\"a\\\" // c", "sssss.cccc");
    assert_places("csharp", "@\"a\"\"b\n// c\" // d", "ssssss\nsssss.cccc");
    assert_places("json", "{\"a\": \"/* b */\"} // c", ".sss..sssssssss..cccc");
}

static void test_shell(void) {
    assert_places("ruby", "x = <<~EOS\n  # a\n  EOS\n# c 'it'", "..........\nsssss\nsssss\ncccccccc");
    assert_places("perl", "$#a # it's\n\"#\" # c", "....cccccc\nsss.ccc");
    assert_places("powershell", "@\"\n# a\n\"@ <# b\n#> 'c''# d' # e", "ss\nsss\nss.cccc\ncc.ssssssss.ccc");
    assert_places("dockerfile", "RUN echo # a\n # c", "............\n.ccc");
}

static void test_data(void) {
    assert_places("yaml", "a: don't # c\nb: 'it''s # d' # e", ".........ccc\n...sssssssssss.ccc");
    assert_places("yaml", "a: |  # c\n  # s\n\n  x\n# d", "......ccc\nsssss\n\nsss\nccc");
    assert_places("yaml", "- a: >-\n    # s\n  b: 1 # c", ".......\nsssssss\n.......ccc");
    assert_places("yaml", "- |\n # s\n- x # c", "...\nssss\n....ccc");
    assert_places("yaml", "a: b#c | # d\nx: \"\\\"# s\" # e", ".........ccc\n...sssssss.ccc");
    assert_places("toml", "a = '''\n# s\n''' # c", "....sss\nsss\nsss.ccc");
    assert_places("toml", "a = '\\' # c", "....sss.ccc");
    assert_places("sql", "SELECT 'it''s -- s', $t$ -- s\n$t$ -- c",
                  ".......ssssssssssss.."
                  "ssssssss\nsss.cccc");
    assert_places("ini", "a = 'b ; c", ".......ccc");
}

static void test_others(void) {
    assert_places("julia", "\"\"\"\n# s \"\n\"\"\" 'a' x' '\"' #= a #= b =# c =# d",
                  "sss\nsssss\nsss.sss....sss.ccccccccccccccccc..");
    assert_places("cmake", "set(a \"b\n# s\") # c", "......ss\nssss..ccc");
    assert_places("perl", "$x = 1;\n\n=pod\n\n# a \"\n\n=cut\n\n\"# s\" # c",
                  ".......\n\ncccc\n\nccccc\n\ncccc\n\nsssss.ccc");
    assert_places("ruby", "=begin\n'\n=end\n'#' # c", "cccccc\nc\ncccc\nsss.ccc");
    assert_places("lua", "x = [[ -- s ]] --[[ c\n]] y -- d",
                  "....sssssssss"
                  "s.cccccc\ncc...cccc");
    assert_places("lua", "[==[ ]] -- s ]==] -- c", "sssssssssssssssss.cccc");
    assert_places("haskell", "foldl' '\"' {- a {- b -} -} -- c", ".......sss.ccccccccccccccc.cccc");
    assert_places("lisp", "\"; s\" #\\\" #\\; ; c", "sssss.........ccc");
    assert_places("tex", "10\\% of % c", "........ccc");
    assert_places("vb", "x = \"' s\" ' c", "....sssss.ccc");
    assert_places("batch", "REM c\necho REM s REMOVE\n:: d\n@rem e",
                  "ccccc\n.................\ncccc\n.ccccc");
    assert_places("make", "a:\n\t@echo \"# s\" \\# # c", "..\n.......sssss....ccc");
    assert_places("markdown", "`<!-- s -->` <!-- c -->", "ssssssssssss.cccccccccc");
}

static void test_markup(void) {
    assert_places("xml", "<a b='<!-- s -->'/><!-- c -->", ".....ssssssssssss..cccccccccc");
    assert_places("xml", "<![CDATA[<!-- s -->]]>it's <!-- c -->", "ssssssssssssssssssssss.....cccccccccc");
    assert_places("html", "<script>\"// s\" // c\n</script>'<!-- c -->",
                  "........ssssss.cccc\n..........cccccccccc");
    assert_places("html", "a < b <style>/* c */</style>", ".............ccccccc........");
}

/* What is not closed, and had to be, may be anything; and nothing is read past it. */
static void test_not_closed(void) {
    assert_places("lua", "[==", "...");
    assert_places("rust", "'\\", "..");
    assert_places("html", "<a b=\"", ".....?");
    assert_places("go", "a /* b", "..????");
    assert_places("go", "a `b", "..??");
    assert_places("lua", "--[[ a\nb", "??????\n?");
    assert_places("css", "url(", "....");
    assert_places("php", "<<<", "...");
}

/* Every language of the table, over what could make a scanner slow. */
static void test_time(void) {
    static const char *const parts[] = {"\"\\", "'",  "`${",    "<<A\n", "R\"x(", "r##",      "[==", "$a$b",
                                        "/[",   "/*", "a: |\n", "- ",    "<a \"", "<script>", "{-",  "url(x",
                                        "x'1'", "\\", "\"\"\"", "@\"",   "a / ",  "<<'x",     "-- ", "|#"};

    for (const char *const *language = rule_languages(); *language != NULL; language++) {
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
            g_autoptr(GString) text = g_string_new(NULL);
            g_autofree guint8 *places = NULL;

            while (text->len < (1u << 15))
                g_string_append(text, parts[i]);
            places = syntax_places(*language, text->str, text->len);
            for (gsize at = 0; places != NULL && at < text->len; at++)
                g_assert_true(places[at] == PLACE_CODE || places[at] == PLACE_STRING ||
                              places[at] == PLACE_COMMENT || places[at] == PLACE_ANY);
        }
    }
}

static void test_unknown(void) {
    g_assert_null(syntax_places("text", "a", 1));
    g_assert_null(syntax_places("python", "a", 1));
    g_assert_null(syntax_places("shell", "a", 1));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/syntax/c-family", test_c_family);
    g_test_add_func("/syntax/shell", test_shell);
    g_test_add_func("/syntax/data", test_data);
    g_test_add_func("/syntax/others", test_others);
    g_test_add_func("/syntax/markup", test_markup);
    g_test_add_func("/syntax/not-closed", test_not_closed);
    g_test_add_func("/syntax/time", test_time);
    g_test_add_func("/syntax/unknown", test_unknown);
    return g_test_run();
}
