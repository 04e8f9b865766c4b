/* What rules of the kinds c_ast and clang find: by the whole way from YAML through the worker to findings. */
#include "rules/clang/testing.h"

#include "exec/caps.h"

#include <glib.h>
#include <string.h>

/* Rules, as the team would write them. */
static RuleSet *rules_new(const char *rules) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("team.yaml");
    g_autofree char *text = g_strconcat("rules:\n", rules, NULL);
    RuleSet *set = rule_set_new();
    bool added = rule_set_add_text(set, text, strlen(text), errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, "");
    g_assert_true(added);
    return set;
}

#define RULE(id, what)                                                                                       \
    "  - {id: " id                                                                                           \
    ", message: '%{callee}(%{arg0}) in %{function}', severity: warning, languages: [c, cpp], "               \
    "tests: {bad: [x]}, " what "}\n"

/* A file that all rules look at. */
static void add(const Testing *c, const char *name, const char *language, const char *text) {
    ClangSource *source = testing_add(c, name, language, text);

    source->wants_functions = false;
    for (guint i = 0; i < c->rules->len; i++)
        g_array_append_val(source->rules, i);
}

static Testing *with_rules(const RuleSet *set) {
    Testing *c = testing_new();

    c->rules = g_ptr_array_ref(set->rules);
    return c;
}

/* "3:5 a.b message", a line each; "? why" where it is undecided. */
static char *found(const Testing *c, guint i, const char *text) {
    g_autoptr(CheckResult) result = check_result_new("clang");
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    GString *said = g_string_new(NULL);
    const char *why;

    g_assert_cmpstr(testing_file(c, i)->failure, ==, NULL);
    clang_report(testing_file(c, i), c->rules, "a.c", bytes, result);
    g_ptr_array_sort(result->findings, finding_compare);
    for (guint j = 0; j < result->findings->len; j++) {
        const Finding *finding = result->findings->pdata[j];

        g_string_append_printf(said, "%u:%u %s %s\n", finding->region.start_line,
                               finding->region.start_column, finding->rule, finding->message);
    }
    why = g_hash_table_lookup(result->failures, "a.c");
    if (why != NULL)
        g_string_append_printf(said, "? %s\n", why);
    return g_string_free(said, FALSE);
}

typedef struct {
    const char *code, *expected;
} Example;

static void assert_found(const char *rules, const char *language, const Example *examples, guint count) {
    g_autoptr(RuleSet) set = rules_new(rules);
    g_autoptr(Testing) c = with_rules(set);

    for (guint i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("%u.c", i);

        add(c, name, language, examples[i].code);
    }
    testing_run(c);
    for (guint i = 0; i < count; i++) {
        g_autofree char *said = found(c, i, examples[i].code);

        if (strcmp(said, examples[i].expected) != 0)
            g_test_message("%s", examples[i].code);
        g_assert_cmpstr(said, ==, examples[i].expected);
    }
    g_ptr_array_unref(c->rules);
}

/* The function that is meant, and not one that is spelled like it. */
static void test_callees(void) {
    static const char rules[] = RULE("a.b", "c_ast: {callee: [use, 'n::use']}");
    static const Example c[] = {
        {"void use(int);\nvoid f(void) {\n    use(1);\n}\n", "3:5 a.b use(1) in f\n"},
        {"static void use(int a) { (void)a; }\nvoid f(void) { use(1); }\n", ""},
        {"void f(void) { use(1); }\n", "1:16 a.b use(1) in f\n"}, /* not declared */
        {"void use(int);\n#define CALL(a) use(a)\nvoid f(void) { CALL(7 + 1); }\n",
         "3:16 a.b use(7 + 1) in f\n"},
        {"void use(int);\n#define use(a) other(a)\nvoid other(int);\nvoid f(void) { use(1); }\n", ""},
        {"void use(int);\nvoid f(void (*use)(int)) { use(1); }\n", ""},
        {"struct s { void (*use)(int); };\nvoid f(struct s *s) { s->use(1); }\n", ""},
        {"void use(int);\n/* use(1) */ char *f(void) { return \"use(1)\"; }\n", ""},
        {"void use(int);\n#if 0\nvoid f(void) { use(1); }\n#endif\n", ""},
        {"void use(int);\n#line 1 \"other.c\"\nvoid f(void) { use(1); }\n", "3:16 a.b use(1) in f\n"},
        {"\xef\xbb\xbfvoid use(int); char a[] = \"\xc3\xa4\"; void f(void) { use(1); }\n",
         "1:47 a.b use(1) in f\n"},
    };
    static const Example cpp[] = {
        {"void use(int);\nnamespace m { void use(int); void f() { use(1); ::use(2); } }\n",
         "2:49 a.b use(2) in m::f\n"},
        {"namespace n { void use(int); }\nvoid f() { n::use(1); using namespace n; use(2); }\n",
         "2:12 a.b n::use(1) in f\n2:42 a.b n::use(2) in f\n"},
        {"namespace std { void use(int); }\nusing std::use;\nvoid f() { use(1); }\n",
         "3:12 a.b use(1) in f\n"},
        {"void use(int);\ntemplate <class T> void f(T a) { use(1); auto g = [] { use(2); }; g(); }\n",
         "2:34 a.b use(1) in f\n2:56 a.b use(2) in f\n"},
        {"struct use { use(int); };\nvoid f() { use a(1); (void)a; }\n", ""},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
    assert_found(rules, "cpp", cpp, G_N_ELEMENTS(cpp));
}

static void test_results(void) {
    static const char rules[] = RULE("a.b", "c_ast: {callee: [use], result: unused, not_under: [void-cast]}");
    static const Example c[] = {
        {"int use(void);\nvoid f(int a) { use(); if (a) use(); else use(); }\n",
         "2:17 a.b use(...) in f\n2:31 a.b use(...) in f\n2:43 a.b use(...) in f\n"},
        {"int use(void);\nvoid f(int a) { for (;;) use(); while (a) use(); do use(); while (a); }\n",
         "2:26 a.b use(...) in f\n2:43 a.b use(...) in f\n2:53 a.b use(...) in f\n"},
        {"int use(void);\nvoid f(int a) { switch (a) { case 1: use(); default: use(); } end: use(); goto "
         "end; }\n",
         "2:38 a.b use(...) in f\n2:54 a.b use(...) in f\n2:68 a.b use(...) in f\n"},
        {"int use(void);\nint f(int a) { (void)use(); if (use()) a = use(); while (use()) ; do a++; while "
         "(use()); "
         "for (; use();) ; switch (use()) { default: ; } a = ({ use(); }); int b = use() + a; return (use()) "
         "+ b; }\n",
         ""},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

static void test_ancestors(void) {
    static const char rules[] = RULE("a.loop", "c_ast: {callee: [use], under: [loop]}")
        RULE("a.outside", "c_ast: {callee: [use], not_under: [if-condition, sizeof, call]}")
            RULE("a.where", "c_ast: {callee: [use], where: [{function: '^make_'}]}");
    static const Example c[] = {
        {"int use(void);\nvoid f(int a) { while (a) if (use()) a--; }\n", "2:31 a.loop use(...) in f\n"},
        {"int use(void), other(int);\nint f(void) { return other(use()) + (int)sizeof(use()); }\n", ""},
        {"int use(void);\nint make_it(void) { return use(); }\n",
         "2:28 a.outside use(...) in make_it\n2:28 a.where use(...) in make_it\n"},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

/* Kinds other than calls. */
static void test_kinds(void) {
    static const char rules[] = "  - {id: a.goto, message: M, severity: note, languages: [c], tests: {bad: "
                                "[x]}, c_ast: {kind: GotoStmt}}\n"
                                "  - {id: a.name, message: M, severity: note, languages: [c], tests: {bad: "
                                "[x]}, c_ast: {kind: VarDecl, name: "
                                "'^tmp'}}\n"
                                "  - {id: a.ref, message: '%{callee}', severity: note, languages: [c], "
                                "tests: {bad: [x]}, c_ast: {kind: "
                                "DeclRefExpr, callee: [use]}}\n";
    static const Example c[] = {
        {"void f(void) { end: goto end; }\n", "1:21 a.goto M\n"},
        {"int tmp1;\nvoid f(int tmp2) { int a, tmp3; (void)tmp2; }\n", "1:1 a.name M\n2:27 a.name M\n"},
        {"int use(void);\nint (*f)(void) = use;\n", "2:18 a.ref use\n"},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

#define DECLARED                                                                                             \
    "void use(const char *, ...); char *getenv(const char *); char *fgets(char *, int, void *); "            \
    "char *strcpy(char *, const char *); int sscanf(const char *, const char *, ...); char *other(void); "   \
    "void change(char *); int atoi(const char *); extern void *in;\n"

/* Where the first argument comes from, a rule for each answer. */
static void test_origins(void) {
    static const char rules[] =
        RULE("o.constant", "c_ast: {callee: [use], where: [{arg: 0, origin: constant}]}")
            RULE("o.external", "c_ast: {callee: [use], where: [{arg: 0, origin: external}]}")
                RULE("o.parameter", "c_ast: {callee: [use], where: [{arg: 0, origin: parameter}]}")
                    RULE("o.unknown", "c_ast: {callee: [use], where: [{arg: 0, origin: unknown}]}");
    static const struct {
        const char *body, *origin;
    } bodies[] = {
        {"use(\"a\");", "constant"},
        {"char *a; a = \"b\"; if (p) a = \"c\"; use(a);", "constant"},
        {"char a[9] = \"b\"; a[1] = 'c'; use(a);", "constant"},
        {"char a[9]; strcpy(a, \"b\"); char *b = a; use(b + 1);", "constant"},
        {"static const char *const all[] = {\"a\", \"b\"}; use(all[*p]);", "constant"},
        {"use(p ? \"a\" : \"b\");", "constant"},
        {"use(getenv(\"A\"));", "external"},
        {"char a[9]; fgets(a, 9, in); use(a);", "external"},
        {"char a[9], *b = a; fgets(b, 9, in); use(a);", "external"},
        {"char a[9], *b = a; fgets(a, 9, in); use(b + 2);", "external"},
        {"char a[9], b[9]; fgets(a, 9, in); strcpy(b, a); use(b);", "external"},
        {"char a[9], b[9]; fgets(a, 9, in); sscanf(a, \"%8s\", b); use(&b[1]);", "external"},
        {"char *a = \"b\"; a = getenv(\"A\"); use(a);", "external"},
        {"char *a = getenv(\"A\"), *b = a, *c; c = b; use(p ? c : \"d\");", "external"},
        {"char a[9]; a[0] = *getenv(\"A\"); use(a);", "external"},
        {"use(p);", "parameter"},
        {"const char *a = p; use(a);", "parameter"},
        {"use(other());", "unknown"},
        {"char a[9] = \"b\"; change(a); use(a);", "unknown"},
        {"extern char *global; use(global);", "unknown"},
        {"char *a, *b; a = b; b = a; use(a);", "constant"},
    };
    Example examples[G_N_ELEMENTS(bodies)];
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        char *code = g_strdup_printf(DECLARED "void f(const char *p) { %s }\n", bodies[i].body);
        gsize at =
            (gsize)(strstr(bodies[i].body, "use(") - bodies[i].body) + strlen("void f(const char *p) { ") + 1;
        g_autofree char *argument = g_strdup(strstr(bodies[i].body, "use(") + 4);
        char *expected;

        *strrchr(argument, ')') = '\0';
        expected = g_strdup_printf("2:%zu o.%s use(%s) in f\n", at, bodies[i].origin, argument);
        examples[i] = (Example){code, expected};
        g_ptr_array_add(texts, code);
        g_ptr_array_add(texts, expected);
    }
    assert_found(rules, "c", examples, G_N_ELEMENTS(examples));
}

static void test_sizes(void) {
    static const char rules[] =
        RULE("s.larger", "c_ast: {callee: [copy, fill], where: [{arg: 1, into: 0, fits: larger}]}")
            RULE("s.no", "c_ast: {callee: [copy, fill], where: [{arg: 1, into: 0, fits: 'no'}]}") RULE(
                "s.unknown", "c_ast: {callee: [copy, fill], where: [{arg: 1, into: 0, fits: unknown}]}")
                RULE("s.unsized", "c_ast: {callee: [copy, fill], where: [{arg: 1, into: 0, fits: unsized}]}")
                    RULE("s.yes", "c_ast: {callee: [copy, fill], where: [{arg: 1, into: 0, fits: 'yes'}]}");
    static const struct {
        const char *body, *fits;
    } bodies[] = {
        {"char a[4]; copy(a, \"abc\");", "yes"},
        {"char a[4]; copy(a, \"abcd\");", "no"},
        {"char a[4]; copy(a, p);", "unknown"},
        {"copy(q, p);", "unsized"},
        {"char a[4], b[9]; change(b); copy(a, b);", "larger"},
        {"char a[9], b[4]; change(b); copy(a, b);", "yes"},
        {"char a[4], b[9], *c; c = a; copy(c, \"abcd\");", "no"},
        {"char a[4], b[9], *c; c = a; if (n) c = b; copy(c, \"abcd\");", "larger"},
        {"char a[9]; copy(a + 4, \"abcd\");", "yes"},
        {"char a[9]; copy(&a[5], \"abcd\");", "no"},
        {"char *a = malloc(4); copy(a, \"abcd\");", "no"},
        {"char *a = malloc(n); copy(a, \"abcd\");", "unsized"},
        {"char *a = malloc(4); a++; copy(a, \"abcd\");", "unsized"},
        {"copy(s->text, \"abcd\");", "no"},
        {"copy(s->rest, \"abcd\");", "unsized"},
        {"char a[4]; fill(a, 4);", "yes"},
        {"char a[4]; fill(a, sizeof a + 1);", "no"},
        {"char a[4]; int m; m = 9; fill(a, m);", "no"},
        {"char a[4]; int m = 9; m--; fill(a, m);", "unknown"},
        {"char a[4]; int m = 2; if (n) m = 9; fill(a, m);", "larger"},
        {"int a[4]; fill((char *)a, 4 * sizeof(int));", "yes"},
        {"char a[4]; fill(a, n);", "unknown"},
    };
    Example examples[G_N_ELEMENTS(bodies)];
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        static const char head[] = "void f(const char *p, char *q, struct s *s, int n) { ";
        bool is_copy = strstr(bodies[i].body, "copy(") != NULL;
        const char *call = strstr(bodies[i].body, is_copy ? "copy(" : "fill(");
        char *code = g_strdup_printf(
            "void copy(char *, const char *), fill(char *, unsigned long), change(char *), *malloc(unsigned "
            "long); struct s { char text[4], rest[1]; };\n%s%s }\n",
            head, bodies[i].body);
        g_autofree char *first = g_strndup(call + 5, strcspn(call + 5, ","));
        char *expected =
            g_strdup_printf("2:%zu s.%s %s(%s) in f\n", strlen(head) + (gsize)(call - bodies[i].body) + 1,
                            bodies[i].fits, is_copy ? "copy" : "fill", first);

        examples[i] = (Example){code, expected};
        g_ptr_array_add(texts, code);
        g_ptr_array_add(texts, expected);
    }
    assert_found(rules, "c", examples, G_N_ELEMENTS(examples));
}

static void test_arguments(void) {
    static const char rules[] = RULE("a.equals", "c_ast: {callee: [use], where: [{arg: 1, equals: 8}]}")
        RULE("a.less", "c_ast: {callee: [use], where: [{arg: 1, less: 0}]}")
            RULE("a.more", "c_ast: {callee: [use], where: [{arg: 1, more: 99}]}")
                RULE("a.sizeof", "c_ast: {callee: [use], where: [{arg: 1, sizeof: pointer}]}") RULE(
                    "a.string", "c_ast: {callee: [use], where: [{arg: 0, string: '^a+$'}]}")
                    RULE("a.type", "c_ast: {callee: [use], where: [{arg: -1, type: '^unsigned'}]}") RULE(
                        "a.two",
                        "c_ast: {callee: [use], where: [{arguments: 3}, {not: {arg: 2, literal: true}}]}");
    static const Example c[] = {
        {"enum { E = 8 }; void use(const char *, ...);\nvoid f(void) { use(0, E); }\n",
         "2:16 a.equals use(0) in f\n"},
        {"void use(const char *, ...);\nvoid f(void) { int a = -1; use(0, a); use(0, 100); }\n",
         "2:28 a.less use(0) in f\n2:39 a.more use(0) in f\n"},
        {"void use(const char *, ...);\nvoid f(char *a) { use(a, sizeof a); use(a, (int)sizeof *a); use(a, "
         "sizeof(char *) + 1); }\n",
         "2:19 a.equals use(a) in f\n2:19 a.sizeof use(a) in f\n2:19 a.type use(a) in f\n2:61 a.type use(a) "
         "in f\n"},
        {"void use(const char *, ...);\nvoid f(int a) { const char *b = \"aa\"; use(b); use(\"a\" \"b\"); "
         "use(\"b\", a, a); use(\"b\", 1, 2); }\n",
         "2:39 a.string use(b) in f\n2:61 a.two use(\"b\") in f\n"},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

/* Where it stands in code that clang can make nothing of, a call is told, if it can be one that is meant. */
static void test_missed(void) {
    static const char rules[] = RULE("a.b", "c_ast: {callee: [use], where: [{arg: 0, origin: external}]}")
        RULE("a.c", "c_ast: {callee: [drop], result: unused}")
            RULE("a.d", "c_ast: {callee: [size], where: [{arg: 0, more: 9}]}");
    static const Example c[] = {
        {"void f(none_t a) { none_t b = use(a); for (none_t i = 0; i < 3; i++) { use(b); } }\n",
         "? line 1: what rule a.b looks for is called where clang does not understand the code; are headers "
         "missing?\n"},
        {"void f(none_t a) { for (none_t i = 0; i < 3; i++) { use(\"a\" PRIu64 \"b\", i); (void)drop(); "
         "size(10); } }\n",
         ""},
        {"void f(none_t a) { for (none_t i = 0; i < 3; i++) { drop(); } }\n",
         "? line 1: what rule a.c looks for is called where clang does not understand the code; are headers "
         "missing?\n"},
        {"#include \"none.h\"\nchar *getenv(const char *);\nvoid use(char *);\nvoid f(void) { "
         "use(getenv(\"A\")); }\n",
         "4:16 a.b use(getenv(\"A\")) in f\n"},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

/* clang's own warnings, and the fix that is wanted of two. */
static void test_warnings(void) {
    static const char rules[] = "  - {id: a.b, message: '%{clang}!', severity: note, languages: [c], tests: "
                                "{bad: [x]}, clang: {flag: parentheses, "
                                "says: 'assignment as a condition', fixit: {says: '==', safe: true}}}\n";
    static const char code[] =
        "int f(int a) {\n    /* \xc3\xa4 */ if (a = 1) return 2;\n    return a & 1 == 0;\n}\n";
    static const char hidden[] =
        "#pragma clang diagnostic ignored \"-Wparentheses\"\n_Pragma(\"GCC  diagnostic ignored "
        "\\\"-Wparentheses\\\"\")\n"
        "#pragma GCC system_header\nint f(int a) { if (a = 1) return 2; return a; }\n";
    g_autoptr(RuleSet) set = rules_new(rules);
    g_autoptr(Testing) c = with_rules(set);
    g_autoptr(CheckResult) result = check_result_new("clang");
    g_autoptr(GBytes) bytes = g_bytes_new_static(code, strlen(code));
    g_autofree char *said = NULL, *silent = NULL;
    const Fix *fix;

    add(c, "a.c", "c", code);
    add(c, "b.c", "c", hidden);
    testing_run(c);
    said = found(c, 0, code);
    g_assert_cmpstr(said, ==,
                    "2:19 a.b using the result of an assignment as a condition without parentheses!\n");
    clang_report(testing_file(c, 0), c->rules, "a.c", bytes, result);
    fix = ((const Finding *)result->findings->pdata[0])->fixes->pdata[0];
    g_assert_cmpint(fix->kind, ==, FIX_SAFE);
    g_assert_cmpstr(fix->description, ==, "use '==' to turn this assignment into an equality comparison");
    g_assert_cmpuint(fix->edits->len, ==, 1);
    g_assert_cmpstr(((const Edit *)fix->edits->pdata[0])->text, ==, "==");
    g_assert_cmpuint(((const Edit *)fix->edits->pdata[0])->region.start_column, ==, 19);
    g_assert_cmpuint(((const Edit *)fix->edits->pdata[0])->region.end_column, ==, 20);
    silent = found(c, 1, hidden);
    g_assert_cmpstr(silent, ==,
                    "4:22 a.b using the result of an assignment as a condition without parentheses!\n");
    g_ptr_array_unref(c->rules);
}

/* What a file says is put into a message as it is, and cleaned; it names no further words. */
static void test_messages(void) {
    static const char rules[] = RULE("a.b", "c_ast: {callee: [use]}");
    static const Example c[] = {
        {"void use(const char *);\nvoid f(void) { use(\"%{callee} %{arg0} \\n \x1b[31m\xe2\x80\xae\"); }\n",
         "2:16 a.b use(\"%{callee} %{arg0} \\n \\x1b[31m\\u202e\") in f\n"},
        {"void use(int);\nvoid f(void) { use(1 +\n\n  2); }\n", "2:16 a.b use(1 +    2) in f\n"},
    };

    assert_found(rules, "c", c, G_N_ELEMENTS(c));
}

static void repeat(GString *text, const char *string, guint times) {
    for (guint i = 0; i < times; i++)
        g_string_append(text, string);
}

/* Very many calls, very deep ones, very long ways from a variable to another: told, or refused by name. */
static void test_hostile(void) {
    static const char rules[] = RULE("a.b", "c_ast: {callee: [use], where: [{arg: 0, origin: external}]}")
        RULE("a.c", "c_ast: {callee: [call]}");
    g_autoptr(RuleSet) set = rules_new(rules);
    g_autoptr(Testing) c = with_rules(set);
    g_autoptr(GString) many = g_string_new("void call(int);\nvoid f(void) {\n");
    g_autoptr(GString) millions = g_string_new("void use(int);\nvoid f(void) {\n");
    g_autoptr(GString) nested = g_string_new("int call(int);\nint f(void) { return ");
    g_autoptr(GString) chain = g_string_new("void use(char *); char *getenv(char *);\nvoid f(char *v0) {\n");
    g_autoptr(GString) web =
        g_string_new("void use(char *); char *getenv(char *);\nvoid f(int n) {\nchar *v[1], *w");
    g_autofree char *over = NULL, *after = NULL, *links = NULL, *knots = NULL, *deep = NULL;

    repeat(many, "call(1);\n", CAP_MATCHES_PER_FILE + 1);
    g_string_append(many, "}\n");
    repeat(millions, "use(1);", 400000);
    g_string_append(millions, "}\n");
    repeat(nested, "call(", 20000);
    g_string_append(nested, "1");
    repeat(nested, ")", 20000);
    g_string_append(nested, "; }\n");
    for (guint i = 1; i < 2000; i++)
        g_string_append_printf(chain, "char *v%u = v%u;\n", i, i - 1);
    g_string_append(chain, "v0 = getenv(\"A\"); use(v40); }\n");
    for (guint i = 0; i < 60; i++)
        g_string_append_printf(web, ", *w%u", i);
    g_string_append(web, ";\n");
    for (guint i = 0; i < 60; i++)
        for (guint j = 0; j < 60; j++)
            g_string_append_printf(web, "w%u = n ? w%u + 1 : w%u;\n", i, j, (j + 7) % 60);
    g_string_append(web, "w59 = getenv(\"A\"); use(w0); }\n");
    add(c, "many.c", "c", many->str);
    add(c, "millions.c", "c", millions->str);
    add(c, "nested.c", "c", nested->str);
    add(c, "chain.c", "c", chain->str);
    add(c, "web.c", "c", web->str);
    add(c, "after.c", "c", "void call(int);\nvoid f(void) { call(1); }\n");
    testing_run(c);
    over = found(c, 0, many->str);
    g_assert_nonnull(strstr(over, "? rule a.c matches more than 1000 times\n"));
    if (testing_file(c, 1)->failure == NULL) /* as fast as the machine is */
        g_assert_cmpuint(testing_file(c, 1)->findings->len, ==, 0);
    else
        g_assert_true(g_str_has_prefix(testing_file(c, 1)->failure, "clang does not come to an end") ||
                      g_str_has_prefix(testing_file(c, 1)->failure, "clang needs more than"));
    deep = testing_file(c, 2)->failure == NULL ? found(c, 2, nested->str) : g_strdup("? clang");
    g_assert_true(g_str_has_prefix(strchr(deep, '?'), "? clang") ||
                  g_str_has_prefix(strchr(deep, '?'), "? line 2: what rule a.c looks for is called"));
    links = found(c, 3, chain->str);
    g_assert_nonnull(strstr(links, " a.b use(v40) in f\n"));
    knots = found(c, 4, web->str);
    g_assert_nonnull(strstr(knots, " a.b use(w0) in f\n"));
    after = found(c, 5, "void call(int);\nvoid f(void) { call(1); }\n");
    g_assert_cmpstr(after, ==, "2:16 a.c call(1) in f\n");
    g_ptr_array_unref(c->rules);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clang/rules/callees", test_callees);
    g_test_add_func("/clang/rules/results", test_results);
    g_test_add_func("/clang/rules/ancestors", test_ancestors);
    g_test_add_func("/clang/rules/kinds", test_kinds);
    g_test_add_func("/clang/rules/origins", test_origins);
    g_test_add_func("/clang/rules/sizes", test_sizes);
    g_test_add_func("/clang/rules/arguments", test_arguments);
    g_test_add_func("/clang/rules/missed", test_missed);
    g_test_add_func("/clang/rules/warnings", test_warnings);
    g_test_add_func("/clang/rules/messages", test_messages);
    g_test_add_func("/clang/rules/hostile", test_hostile);
    return g_test_run();
}
