#include "rules/lexer_testing.h"

static const struct {
    const char *text, *places;
} cases[] = {
    {"", ""},
    {"#!/usr/bin/env node\na // b", "ccccccccccccccccccc\n..cccc"},
    {"a = 'b' + \"c\" // d\n/* e\n f */ g", "....sss...sss.cccc\ncccc\nccccc.."},
    {"'a\\'b' \"c\\\"d\" e", "ssssss.ssssss.."},
    {"'a\\\nb' c", "sss\nss.."},
    {"'a\nb' c", "..\n...."},
    {"x = '//' + \"/*\" // c", "....ssss...ssss.cccc"},
    {"a /* b", "..????"},
    /* templates */
    {"`a ${b(\"`\") /* c */} // d` // e", "sss....sss..ccccccc.ssssss.cccc"},
    {"`${{a: `}`}}` // e", "s......sss..s.cccc"},
    {"`\\`\\${a}` b", "sssssssss.."},
    {"`a${`b${c}`}d` e", "ss..ss....s.ss.."},
    {"`a\n'b` c", "ss\nsss.."},
    {"`$a {b} $${c}` d", "sssssssss....s.."},
    {"f`a` / b // c", ".sss.....cccc"},
    {"`a // b\n// c", "???????\n????"},
    {"x = {a: `${f({b: 1})}`} // c", "........s............s..cccc"},
    /* regular expressions, and division */
    {"x = /[/\"`]/g; // c", "....ssssssss..cccc"},
    {"x = a / b; // c /", "...........cccccc"},
    {"return /'/ // c", ".......sss.cccc"},
    {"a(/'/, /\"/)", "..sss..sss."},
    {"a[0] / b / 'c'", "...........sss"},
    {"(a + b) / c / 'd'", "..............sss"},
    {"if (a) /'/.test(b)", ".......sss........"},
    {"while (a(b)) /'/.test(c)", ".............sss........"},
    {"x++ / y / 'z'", "..........sss"},
    {"x = ++/'/.y", "......sss.."},
    {"a.return / b / 'c'", "...............sss"},
    {"a?.if / b / 'c'", "............sss"},
    {"x = {a: 1} / 2 / 'c'", ".................sss"},
    {"if (a) { b }\n/'/.test(c)", "............\nsss........"},
    {"() => { b }\n/'/.test(c)", "...........\nsss........"},
    {"a = b\n/c/g // d", ".....\n.....cccc"},
    {"x = /a\\/'/ // c", "....ssssss.cccc"},
    {"x = y ? /'/ : /\"/", "........sss...sss"},
    {"x = !/'/.test(y)", ".....sss........"},
    {"a && /'/ || /\"/", ".....sss....sss"},
    {"case /'/: {}\n/\"/", ".....sss....\nsss"},
    {"typeof /'/", ".......sss"},
    {"x = /(?<a>[^/\\]'])/v", "....ssssssssssssssss"},
    {"x = a /", "......."},
    {"1 / 2 / '3'", "........sss"},
    {"}/'/", ".sss"},
    {"for await (const a of /'/[b](c)) /\"/", "......................sss........sss"},
    {"label: {}\n/'/", ".........\nsss"},
    {"x = function () {}\n'a'", "..................\nsss"},
    {"export default /'/", "...............sss"},
    {"class A { #b = /'/; static c = 1 / 2 / 'd' }", "...............sss.....................sss.."},
    {"@a('b') class C {}", "...sss............"},
    /* JSX */
    {"x = <p>don't {/* c */ 'd'} \"e</p> // f", ".......ssssss.ccccccc.sss.sss.....cccc"},
    {"x = <a b='c\"' d={e('f')}/> // g", ".........ssss......sss.....cccc"},
    {"x = <a b='\\' c='d'/>", ".........sss...sss.."},
    {"return (\n  <A.B {...c}>it's</A.B>\n) // d", "........\n..............ssss......\n..cccc"},
    {"x = <>it's {a ? <b/> : <c>\"</c>}</> // d", "......sssss...............s.........cccc"},
    {"x = a < b; y = 'c' // > </b>", "...............sss.ccccccccc"},
    {"x = a<b>('c') // d", ".........sss..cccc"},
    {"<p><p>'</p>'</p> // c", "......s....s.....cccc"},
    {"x = <p>// 'a</p>", ".......sssss...."},
    {"x = <a href=\"//b\" /> // c", "............sssss....cccc"},
    {"x = <a>{'b'}</a>", "........sss....."},
    /* TypeScript */
    {"let f = <T>(x: T) => 'a' // b", ".....................sss.cccc"},
    {"let f = <T extends A>(x) => 'a' // b", "............................sss.cccc"},
    {"let f = <T,>(x: T) => 'a'", "......................sss"},
    {"let x = <string>'a' // b", "................sss.cccc"},
    {"let x: Map<string, 'a'> = y! / 2 / 'b'", "...................sss.............sss"},
    {"f(a?: 'b', c: `d${string}`): Promise<void> { /'/ }",
     "......sss.....ss.........s...................sss.."},
    {"x = y as 'a' | 'b'; z = w satisfies 'c'", ".........sss...sss..................sss"},
    {"type A = { [k in 'b']?: `c` }", ".................sss....sss.."},
    {"enum A { B = 'c' } // d", ".............sss...cccc"},
    {"x = (<any>y).z / 2 / 'a'", ".....................sss"},
};

static void test_places(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_places("javascript", cases[i].text, cases[i].places);
        assert_places("typescript", cases[i].text, cases[i].places);
    }
}

static void test_depth(void) {
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < CAP_LEXER_DEPTH; i++)
        g_string_append(text, "`${");
    g_string_append(text, " // b");
    g_autofree char *places = letters_of("javascript", text->str, text->len);
    g_assert_null(strchr(places, 'c'));
    g_assert_true(g_str_has_suffix(places, "?????"));
}

static void test_time(void) {
    static const char *const parts[] = {"\"",
                                        "'",
                                        "`",
                                        "`${",
                                        "/",
                                        "/[",
                                        "/*",
                                        "//",
                                        "(/",
                                        "=/",
                                        "<a ",
                                        "<a>",
                                        "</a>",
                                        "<a{",
                                        "<a b='",
                                        "<>",
                                        "{",
                                        "}",
                                        "${",
                                        "x ? ",
                                        "=> {",
                                        "'\\\n",
                                        "/\\",
                                        "</",
                                        "(<a",
                                        "=<\n",
                                        "<a/>",
                                        "=<a >{`${",
                                        "return <aaaaaaaaaaaaaaaaaaaaaaaa "};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        assert_linear("javascript", parts[i]);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/javascript/places", test_places);
    g_test_add_func("/lexer/javascript/depth", test_depth);
    g_test_add_func("/lexer/javascript/time", test_time);
    return g_test_run();
}
