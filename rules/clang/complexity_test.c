/* What worker/complexity.h counts: each construct by itself, and the examples of the paper. */
#include "rules/clang/testing.h"

/* Code, its language, and "f 2/1": cyclomatic, then cognitive. */
typedef struct {
    const char *language, *code, *expected;
} Example;

static void assert_examples(const Example *examples, guint count) {
    g_autoptr(Testing) c = testing_new();

    for (guint i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("%u.c", i);

        testing_add(c, name, examples[i].language, examples[i].code);
    }
    testing_run(c);
    for (guint i = 0; i < count; i++) {
        g_autofree char *said = testing_functions(testing_file(c, i));

        if (g_strcmp0(said, examples[i].expected) != 0 || testing_file(c, i)->failure != NULL)
            g_test_message("%s", examples[i].code);
        g_assert_cmpstr(testing_file(c, i)->failure, ==, NULL);
        g_assert_cmpstr(said, ==, examples[i].expected);
        g_assert_false(testing_file(c, i)->is_unparsed);
    }
}

static void test_statements(void) {
    static const Example examples[] = {
        {"c", "void f(void) {}", "f 1/0"},
        {"c", "int f(int a) { if (a) a++; else a--; return a; }", "f 2/2"},
        {"c", "int f(int a) { if (a) a++; else if (a > 1) a--; else a = 0; return a; }", "f 3/3"},
        {"c", "int f(int a) { if (a) { if (a > 1) a--; } else { if (a < 2) a = 0; } return a; }", "f 4/6"},
        {"c", "void f(int a) { for (int i = 0; i < a; i++) while (a) do a--; while (a); }", "f 4/6"},
        {"c",
         "int f(int a) { switch (a) { case 1: case 2: return 1; case 3 ... 5: return 2; default: return 3; } "
         "}",
         "f 4/1"},
        {"c", "int f(int a) { switch (a) { case 1: if (a) return 1; } return 0; }", "f 3/3"},
        {"c", "int f(int a) { goto end; end: return a; }", "f 1/1"},
        {"c", "int f(int a) { void *p = &&end; goto *p; end: return a; }", "f 1/1"},
        {"c", "void f(int a) { for (;;) { if (a) continue; break; } }", "f 3/3"},
        {"cpp", "void f(int (&a)[3]) { for (int &i : a) if (i) i = 0; }", "f 3/3"},
        {"cpp", "void g(); void f() { try { g(); } catch (int) { g(); } catch (...) { if (1) g(); } }",
         "f 4/4"},
        {"cpp", "void g(); void f() try { g(); } catch (int) {}", "f 2/1"},
        {"cpp", "int f(int a) { if (int b = a; b > 1) return b; else return a; }", "f 2/2"},
        {"cpp", "template <int N> int f() { if constexpr (N > 1) return 1; else return 2; }", "f 2/2"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

static void test_expressions(void) {
    static const Example examples[] = {
        {"c", "int f(int a, int b) { return a ? b : 1; }", "f 2/1"},
        {"c", "int f(int a, int b) { return a ?: b; }", "f 2/0"},
        {"c", "int f(int a, int b) { return a ? b ? 1 : 2 : 3; }", "f 3/3"},
        {"c", "int f(int a, int b, int c) { return a && b && c; }", "f 3/1"},
        {"c", "int f(int a, int b, int c) { return a && (b && c); }", "f 3/1"},
        {"c", "int f(int a, int b, int c) { return a && !(b && c); }", "f 3/2"},
        {"c", "int f(int a, int b, int c, int d) { return a || (b && c) || d; }", "f 4/3"},
        {"c", "int f(int a, int b) { return (a && b) == (b && a); }", "f 3/2"},
        {"c", "int f(int a, int b) { return a & b | a && b; }", "f 2/1"},
        {"cpp", "bool f(bool a, bool b) { return a and b or not a; }", "f 3/2"},
        {"cpp", "struct S {}; bool operator&&(S, S); bool f(S a, S b) { return a && b; }", "f 1/0"},
        {"cpp", "template <class T> bool f(T &&a, T b) { auto &&c = a; return c && b; }", "f 2/1"},
        {"cpp", "bool f(bool a) { return true && a && nullptr == nullptr && sizeof(int) && 'a' && a; }",
         "f 6/1"},
        {"cpp",
         "struct S { bool m; bool f() { return this && m; } void g(S &&s) { void (*p)(int &&) = 0; S &&t = "
         "(S &&)s; } "
         "};",
         "S::f 2/1, S::g 1/0"},
        {"cpp", "template <class... T> bool f(T... a) { return (a && ...); }", "f 1/0"},
        {"cpp", "struct S { int a, b; S(int c) : a(c ? 1 : 2), b(c && a) {} };", "S::S 3/2"},
        {"c", "int f(int a) { return ({ if (a) a = 1; a; }); }", "f 2/1"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

static void test_functions(void) {
    static const Example examples[] = {
        {"c", "int f(int a);\nint g = 1 ? 2 : 3;", ""},
        {"cpp", "void f(int a) { auto g = [=](int b) { if (a && b) return 1; return 2; }; g(a); }", "f 3/3"},
        {"cpp", "auto f = [](int a) { return a ? 1 : 2; };", "lambda 2/1"},
        {"cpp",
         "int f(int a) { struct S { int g(int b) { if (b) return 1; return 2; } } s; return a ? s.g(a) : 0; "
         "}",
         "f 2/1, S::g 2/1"},
        {"cpp",
         "namespace { namespace n { template <class T> struct S { S() = default; ~S() {} T g() { return T(); "
         "} "
         "operator int() { return 1; } }; } }",
         "n::S::~S<T> 1/0, n::S::g 1/0, n::S::operator int 1/0"},
        {"cpp", "extern \"C\" { int f() { return 1; } }", "f 1/0"},
        {"cpp", "struct S { friend int f(S) { return 1 ? 2 : 3; } };", "f 2/1"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

static void test_recursion(void) {
    static const Example examples[] = {
        {"c", "int f(int a) { return a ? f(a - 1) + f(a - 2) : 1; }", "f 2/2"},
        {"c",
         "int g(int); int h(int a) { return g(a); } int f(int a) { return h(a); } int g(int a) { return "
         "f(a); } "
         "int i(int a) { return g(a); }",
         "h 1/1, f 1/1, g 1/1, i 1/0"},
        {"cpp", "struct S { int f(int a) { return g(a); } int g(int a) { return f(a); } };",
         "S::f 1/1, S::g 1/1"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

/* What a macro expands to is not written in the function; what stands in its arguments is, once. */
static void test_macros(void) {
    static const Example examples[] = {
        {"c",
         "#define CHECK(a) do { if (!(a)) return 0; } while (0)\nint f(int a) { CHECK(a); CHECK(a && 1); "
         "return 1; }",
         "f 2/1"},
        {"c", "#define MAX(a, b) ((a) > (b) ? (a) : (b))\nint f(int a, int b) { return MAX(a ? 1 : 2, b); }",
         "f 2/1"},
        {"c",
         "#define EACH(i) for (int i = 0; i < 3; i++)\nint f(int a) { EACH(i) { if (a) return i; } return 0; "
         "}",
         "f 2/1"},
        {"c", "#define IF if\nint f(int a) { IF (a) return 1; else return 2; }", "f 1/0"},
        {"c", "#define NAME f\n#define BODY { if (a) return 1; return 2; }\nint NAME(int a) BODY", "f 1/0"},
        {"c",
         "int f(int a) {\n#if 0\nif (a) return 1;\n#elif 1\nif (a) return 2;\n#else\nif (a) return "
         "3;\n#endif\n"
         "return 0; }",
         "f 2/1"},
        {"c", "#define BOTH(a, b) ((a) && (b))\nint f(int a) { return BOTH(a, 1) && a; }", "f 2/1"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

/* The examples of "Cognitive Complexity" 1.7 in C and C++. What is a labelled `continue` there is a goto
 * here. */
static void test_paper(void) {
    static const Example examples[] = {
        {"c",
         "int sum_of_primes(int most) {\n"
         "    int total = 0;\n"
         "    for (int i = 1; i <= most; ++i) {\n" /* 1 */
         "        for (int j = 2; j < i; ++j) {\n" /* 2 */
         "            if (i % j == 0) {\n"         /* 3 */
         "                goto out;\n"             /* 1 */
         "            }\n"
         "        }\n"
         "        total += i;\n"
         "    out:;\n"
         "    }\n"
         "    return total;\n"
         "}\n",
         "sum_of_primes 4/7"},
        {"c",
         "const char *words_of(int number) {\n"
         "    switch (number) {\n" /* 1 */
         "    case 1: return \"one\";\n"
         "    case 2: return \"a couple\";\n"
         "    case 3: return \"a few\";\n"
         "    default: return \"lots\";\n"
         "    }\n"
         "}\n",
         "words_of 4/1"},
        {"c", "void f(int a, int b, int c, int d, int e, int g) { if (a && b && c || d || e && g) {} }",
         "f 7/4"},
        {"c", "void f(int a, int b, int c) { if (a && !(b && c)) {} }", "f 4/3"},
        {"cpp",
         "void my_method(bool one, bool two) {\n"
         "    try {\n"
         "        if (one) {\n"                         /* 1 */
         "            for (int i = 0; i < 10; i++) {\n" /* 2 */
         "                while (two) {}\n"             /* 3 */
         "            }\n"
         "        }\n"
         "    } catch (int) {\n" /* 1 */
         "        if (two) {}\n" /* 2 */
         "    }\n"
         "}\n",
         "my_method 6/9"},
        {"cpp", "void my_method(bool one) { auto r = [&] { if (one) {} }; r(); }", "my_method 2/2"},
        {"cpp",
         "struct Symbol { bool is_method(), is_static(); };\n"
         "bool unknown(int); bool can_override(Symbol *); int *check(Symbol *);\n"
         "Symbol *overridden(int type, Symbol *(&symbols)[9], Symbol *none) {\n"
         "    if (unknown(type)) {\n" /* 1 */
         "        return none;\n"
         "    }\n"
         "    bool found = false;\n"
         "    for (Symbol *symbol : symbols) {\n"                       /* 1 */
         "        if (symbol->is_method() && !symbol->is_static()) {\n" /* 2 + 1 */
         "            if (can_override(symbol)) {\n"                    /* 3 */
         "                int *overriding = check(symbol);\n"
         "                if (overriding == nullptr) {\n" /* 4 */
         "                    if (!found) {\n"            /* 5 */
         "                        found = true;\n"
         "                    }\n"
         "                } else if (*overriding) {\n" /* 1 */
         "                    return symbol;\n"
         "                }\n"
         "            }\n"
         "        }\n"
         "    }\n"
         "    if (found) {\n" /* 1 */
         "        return none;\n"
         "    }\n"
         "    return nullptr;\n"
         "}\n",
         "overridden 10/19"},
        {"cpp",
         "struct Retry {}; struct Interrupted {}; struct Rollback {};\n"
         "struct Entry { long version(); Entry *previous; };\n"
         "long depends_on(long); extern bool active; extern Entry *first;\n"
         "void add_version(Entry *entry) {\n"
         "    while (true) {\n" /* 1 */
         "        try {\n"
         "            if (first != nullptr) {\n"                        /* 2 */
         "                if (first->version() > entry->version()) {\n" /* 3 */
         "                    throw Rollback();\n"
         "                }\n"
         "                if (active) {\n"                                    /* 3 */
         "                    for (Entry *e = first; e; e = e->previous) {\n" /* 4 */
         "                        long depends = depends_on(e->version());\n"
         "                        if (depends == 1) {\n" /* 5 */
         "                            throw Retry();\n"
         "                        }\n"
         "                        if (depends != 0 && depends != 2) {\n" /* 5 + 1 */
         "                            throw Rollback();\n"
         "                        }\n"
         "                    }\n"
         "                }\n"
         "            }\n"
         "            break;\n"
         "        } catch (const Retry &) {\n" /* 2 */
         "            try {\n"
         "                long depends = depends_on(7);\n"
         "                if (depends != 0 && depends != 2) {\n" /* 3 + 1 */
         "                    throw Rollback();\n"
         "                }\n"
         "            } catch (const Interrupted &) {\n" /* 3 */
         "                throw;\n"
         "            }\n"
         "        } catch (const Interrupted &) {\n" /* 2 */
         "            throw;\n"
         "        }\n"
         "    }\n"
         "}\n",
         "add_version 14/35"},
        {"c",
         "int special(char), slash(char); void put(const char *);\n"
         "void to_regex(const char *pattern, int len) {\n"
         "    int i = pattern[0] == '/' || pattern[0] == 92 ? 1 : 0;\n" /* 1 + 1 */
         "    while (i < len) {\n"                                      /* 1 */
         "        char c = pattern[i];\n"
         "        if (special(c)) {\n" /* 2 */
         "            put(\"x\");\n"
         "        } else if (c == '*') {\n"                              /* 1 */
         "            if (i + 1 < len && pattern[i + 1] == '*') {\n"     /* 3 + 1 */
         "                if (i + 2 < len && slash(pattern[i + 2])) {\n" /* 4 + 1 */
         "                    i += 2;\n"
         "                } else {\n" /* 1 */
         "                    i += 1;\n"
         "                }\n"
         "            } else {\n" /* 1 */
         "                put(\"y\");\n"
         "            }\n"
         "        } else if (c == '?') {\n" /* 1 */
         "            put(\"z\");\n"
         "        } else if (slash(c)) {\n" /* 1 */
         "            put(\"/\");\n"
         "        } else {\n" /* 1 */
         "            put(\".\");\n"
         "        }\n"
         "        i++;\n"
         "    }\n"
         "}\n",
         "to_regex 12/20"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

/* What the parser leaves out is found again; what it still tells is no worse for it. */
static void test_lost(void) {
    static const Example examples[] = {
        {"c", "#include \"none.h\"\nint f(int a) { if (a) return NONE; return 2; }", "f 2/1"},
        {"c",
         "#include \"none.h\"\nint f(int a) { for (none_t i = 0; i < a; i++) if (a && i) a++; return a; }",
         "f 4/4"},
        {"c",
         "int f(int a) { while (none && a) { if (a) return 1; } do a--; while (none(a)); return none[a] ? 1 "
         ": 2; }",
         "f 6/6"},
        {"cpp",
         "int f(none_t a) { for (auto b : a.c()) { if (b) return 1; } return 0; }\nint g() { return 1; }",
         "f 3/3, g 1/0"},
        {"cpp",
         "#include <none>\nint f() { std::vector<int> a; if (a.size() || a.none()) return 1; return 0; }",
         "f 3/2"},
    };

    assert_examples(examples, G_N_ELEMENTS(examples));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/complexity/statements", test_statements);
    g_test_add_func("/complexity/expressions", test_expressions);
    g_test_add_func("/complexity/functions", test_functions);
    g_test_add_func("/complexity/recursion", test_recursion);
    g_test_add_func("/complexity/macros", test_macros);
    g_test_add_func("/complexity/paper", test_paper);
    g_test_add_func("/complexity/lost", test_lost);
    return g_test_run();
}
