#include "rules/scan.h"

#include "exec/caps.h"

#include <string.h>

/* One rule, so that a test shows what it is about: `keys` are further keys of the rule, in YAML. */
static RuleSet *rule(const char *keys) {
    g_autofree char *text = g_strdup_printf(
        "rules:\n  - {id: test.rule, message: M, severity: error, tests: {bad: [x]}, %s}\n", keys);
    g_autoptr(YamlErrors) errors = yaml_errors_new("test.yaml");
    RuleSet *set = rule_set_new();

    rule_set_add_text(set, text, strlen(text), errors);
    g_autofree char *all = yaml_errors_text(errors);
    g_assert_cmpstr(all, ==, "");
    return set;
}

static CheckResult *scan(const RuleSet *set, const char *path, const char *text, gssize len) {
    g_autoptr(Scanner) scanner = scanner_new(set);
    CheckResult *result = check_result_new("sallyport");

    scan_file(scanner, path, text, len < 0 ? strlen(text) : (gsize)len, result);
    return result;
}

/* "1:2-1:5 3:1-4:1": where a rule finds something. */
static char *regions_in(const char *keys, const char *path, const char *text, gssize len) {
    g_autoptr(RuleSet) set = rule(keys);
    g_autoptr(CheckResult) result = scan(set, path, text, len);
    GString *regions = g_string_new(NULL);

    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        const Region *at = &finding->region;

        g_string_append_printf(regions, "%s%u:%u-%u:%u", i > 0 ? " " : "", at->start_line, at->start_column,
                               at->end_line, at->end_column);
    }
    return g_string_free(regions, FALSE);
}

static void assert_regions(const char *keys, const char *path, const char *text, const char *wanted) {
    g_autofree char *regions = regions_in(keys, path, text, -1);

    g_assert_cmpstr(regions, ==, wanted);
}

static void test_regions(void) {
    static const struct {
        const char *pattern, *text, *regions;
    } cases[] = {
        {"foo", "", ""},
        {"foo", "foo", "1:1-1:4"},
        {"foo", "a foo\n\nfoo foo", "1:3-1:6 3:1-3:4 3:5-3:8"},
        {"foo$", "foo\r\nfoo\r\n", "1:1-1:4 2:1-2:4"},
        {"^foo", "a\rfoo", "1:3-1:6"}, /* a pattern sees a line there, a region does not */
        {"a.b", "a\rb a\nb a.b", "2:3-2:6"},
        {"foo\\n", "foo\nx", "1:1-2:1"},
        {"a[^x]*b", "a\n\n b", "1:1-3:3"},
        {"foo",
         "\xef\xbb\xbf"
         "foo",
         "1:1-1:4"}, /* a byte order mark */
        {"^foo",
         "\xef\xbb\xbf"
         "foo",
         "1:1-1:4"},
        {"foo", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 foo", "1:5-1:8"}, /* 2, 3 and 4 bytes */
        {"e.o", "e\xc3\xa9o", "1:1-1:4"},
        {"\xc3\xa9+", "x\xc3\xa9\xc3\xa9", "1:2-1:4"},
        {"foo",
         "\xff\xc3"
         "foo\xe2\x82 foo",
         "1:3-1:6 1:9-1:12"}, /* bytes that are no UTF-8 */
        {"a[^b]*b",
         "a\xff\xff"
         "b",
         "1:1-1:5"}, /* do not hide anything */
        {"foo",
         "x\xed\xa0\x80"
         "foo",
         "1:5-1:8"}, /* a surrogate: three bytes */
        {"\\x{202e}",
         "a\xe2\x80\xae"
         "b",
         "1:2-1:3"},
        {"x*", "axx", "1:1-1:1 1:2-1:4 1:4-1:4"}, /* may be empty */
        {"^", "a\nb\r\nc", "1:1-1:1 2:1-2:1 3:1-3:1"},
        {"$", "a\r\n\r\nb", "1:2-1:2 2:1-2:1 3:2-3:2"},
        {"(?=\xc3\xa9)", "\xc3\xa9\xc3\xa9", "1:1-1:1 1:2-1:2"},
        {"a\\Kb", "ab ab", "1:2-1:3 1:5-1:6"},
        {"aa", "aaaaa", "1:1-1:3 1:3-1:5"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *keys = g_strdup_printf("regex: {pattern: '%s'}", cases[i].pattern);

        g_test_message("%s", cases[i].pattern);
        assert_regions(keys, "a.txt", cases[i].text, cases[i].regions);
    }
}

static void test_groups(void) {
    assert_regions("regex: {pattern: 'a(b)?(c)', group: 2}", "a", "abc ac", "1:3-1:4 1:6-1:7");
    assert_regions("regex: {pattern: 'a(b)?(c)', group: 1}", "a", "abc ac", "1:2-1:3 1:5-1:7");
    assert_regions("regex: {pattern: '(a)(b)(c)(d)', group: 1}", "a", "abcd", "1:1-1:2");
    assert_regions("regex: {pattern: 'a(?=(b))', group: 1}", "a", "ab", "1:2-1:3");
}

/* A NUL byte this far in does not make a file binary; it ends neither the text nor a character. */
/* "kind:text" of the fix of the first finding; "none". */
static void assert_fix(const char *keys, const char *text, gssize len, const char *wanted) {
    static const char *const kinds[] = {"safe", "unsafe", "display"};
    g_autoptr(RuleSet) set = rule(keys);
    g_autoptr(CheckResult) result = scan(set, "a.py", text, len);
    const Finding *finding = result->findings->pdata[0];
    g_autofree char *told = g_strdup("none");

    if (finding->fixes->len > 0) {
        const Fix *fix = finding->fixes->pdata[0];
        const Edit *edit = fix->edits->pdata[0];

        g_assert_cmpuint(fix->edits->len, ==, 1);
        g_assert_cmpmem(&edit->region, sizeof(Region), &finding->region, sizeof(Region));
        g_assert_cmpstr(fix->description, ==, "Fix by test.rule");
        g_free(told);
        told = g_strconcat(kinds[fix->kind], ":", edit->text, NULL);
    }
    g_assert_cmpstr(told, ==, wanted);
}

static void test_fixes(void) {
    assert_fix("regex: {pattern: 'a(b)?(c)'}", "abc", -1, "none");
    assert_fix("regex: {pattern: 'a(b)?(c)'}, fix: {replace: ''}", "abc", -1, "unsafe:");
    assert_fix("regex: {pattern: 'a(b)?(c)'}, fix: {replace: '$2$$[$0]$1$1', safe: true}", "abc", -1,
               "safe:c$[abc]bb");
    assert_fix("regex: {pattern: 'a(b)?(c)'}, fix: {replace: '<$1>'}", "ac", -1, "unsafe:<>");
    assert_fix("regex: {pattern: '[ \t]+$'}, fix: {replace: '', safe: true}", "x  \r\n", -1, "safe:");
    assert_fix("regex: {pattern: 'a(.)', in: code, binary: true}, languages: [python], fix: {replace: '$1'}",
               "a\0", 2, "none");
    assert_fix("regex: {pattern: 'a'}, fix: {replace: b}", "a\xff", -1, "unsafe:b");
    /* what would go, or come in, is not what the file holds */
    assert_fix("regex: {pattern: 'a.'}, fix: {replace: b}", "a\xff", -1, "none");
    assert_fix("regex: {pattern: '(?=(.))a', group: 1}, fix: {replace: b}", "a", -1, "unsafe:b");
    assert_fix("regex: {pattern: 'a(?=(.))'}, fix: {replace: '$1'}", "a\xff", -1, "none");
}

static void test_nul_bytes(void) {
    g_autofree char *regions =
        regions_in("regex: {pattern: 'f[^x]o', binary: true}", "a", "a\0f\0o\xff\0f\0o", 10);

    g_assert_cmpstr(regions, ==, "1:3-1:6 1:8-1:11");
}

static void test_languages(void) {
    const char *keys = "languages: [python, shell], regex: {pattern: foo}";

    assert_regions(keys, "a.py", "foo", "1:1-1:4");
    assert_regions(keys, "a.sh", "foo", "1:1-1:4");
    assert_regions(keys, "a.c", "foo", "");
    assert_regions(keys, "a", "foo", "");
    assert_regions(keys, "a", "#!/usr/bin/env python3\nfoo", "2:1-2:4");
}

static void test_paths(void) {
    const char *keys = "paths: {exclude: [testdata/, '*.min.js']}, regex: {pattern: foo}";

    assert_regions(keys, "a.js", "foo", "1:1-1:4");
    assert_regions(keys, "a.min.js", "foo", "");
    assert_regions(keys, "x/testdata/a.js", "foo", "");
}

static void test_require_any(void) {
    const char *keys = "require_any: [bar, baz], regex: {pattern: foo}";

    assert_regions(keys, "a", "foo", "");
    assert_regions(keys, "a", "foo baz", "1:1-1:4");
    assert_regions(keys, "a", "foo BAR", "");
}

static void test_let_go(void) {
    assert_regions("regex: {pattern: '\\w+'}, allow: {stopwords: [EX, yy]}", "a", "aEXb example xyyz",
                   "1:6-1:13");
    assert_regions("regex: {pattern: '\\w+'}, allow: {regexes: ['^b', '\\d$']}", "a", "ab ba a1 1a",
                   "1:1-1:3 1:10-1:12");
    assert_regions("regex: {pattern: '=(\\w+)', group: 1}, allow: {regexes: ['^x']}", "a", "=x =ax",
                   "1:5-1:7");
    /* aaaa has 0 bits a byte, abab 1, abcd 2 */
    assert_regions("regex: {pattern: '\\w+', entropy: 1.5}", "a", "aaaa abab abcd", "1:11-1:15");
    assert_regions("regex: {pattern: '\\w+', entropy: 1}", "a", "aaaa abab abcd", "1:6-1:10 1:11-1:15");
}

static void test_places(void) {
    const char *text = "foo 'foo' # foo\nf'{foo} foo'\n";
    const char *code = "languages: [python], regex: {pattern: foo, in: [code]}";

    assert_regions(code, "a.py", text, "1:1-1:4 2:4-2:7");
    assert_regions("languages: [python], regex: {pattern: foo, in: string}", "a.py", text,
                   "1:6-1:9 2:9-2:12");
    assert_regions("languages: [python], regex: {pattern: foo, in: [comment]}", "a.py", text, "1:13-1:16");
    assert_regions("languages: [python], regex: {pattern: foo, in: [comment, string]}", "a.py", text,
                   "1:6-1:9 1:13-1:16 2:9-2:12");
    assert_regions("regex: {pattern: foo, in: [comment, code, string]}", "a.c", "/* foo */ foo",
                   "1:4-1:7 1:11-1:14");
    /* What begins in a comment does not hide what begins within it, in code. */
    assert_regions("languages: [python], regex: {pattern: '(?s)foo.*bar|bar', in: [code]}", "a.py",
                   "# foo\nbar\n", "2:1-2:4");
    /* Nor do bytes that are not UTF-8, in a file of another encoding. */
    assert_regions(code, "a.py", "'\xe9' + foo + '\xe9'", "1:7-1:10");
}

static void test_finding(void) {
    g_autoptr(RuleSet) set = rule("summary: S, help: H, confidence: low, security_severity: 3, cwe: [7], "
                                  "references: ['https://example.com'], regex: {pattern: foo}");
    g_autoptr(CheckResult) result = scan(set, "a/b.txt", "foo foo", -1);

    g_assert_cmpuint(result->findings->len, ==, 2);
    const Finding *finding = result->findings->pdata[0];
    g_assert_cmpstr(finding->tool, ==, "sallyport");
    g_assert_cmpstr(finding->rule, ==, "test.rule");
    g_assert_cmpstr(finding->message, ==, "M");
    g_assert_cmpstr(finding->path, ==, "a/b.txt");
    g_assert_cmpint(finding->severity, ==, SEVERITY_ERROR);
    g_assert_cmpuint(g_hash_table_size(result->rules), ==, 1);
    const RuleInfo *info = check_rule(result, "test.rule");
    g_assert_cmpstr(info->summary, ==, "S");
    g_assert_cmpstr(info->help, ==, "H");
    g_assert_cmpstr(info->help_uri, ==, "https://example.com");
    g_assert_cmpstr(info->precision, ==, "low");
    g_assert_cmpfloat(info->security_severity, ==, 3);
    g_assert_cmpint(info->severity, ==, SEVERITY_ERROR);
    g_assert_cmpuint(g_array_index(info->cwe, guint, 0), ==, 7);
}

/* Backtracking without end stops soon, and is no "no match". What was found before stays. */
static void test_match_limit(void) {
    g_autoptr(RuleSet) set = rule("regex: {pattern: '(a+)+$'}");
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(Scanner) scanner = scanner_new(set);
    const char *text = "a\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    gint64 start = g_get_monotonic_time();

    scan_file(scanner, "a.txt", text, strlen(text), result);
    g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
    g_assert_cmpuint(result->findings->len, ==, 1);
    g_assert_cmpstr(check_failure_of(result, "a.txt"), ==, "rule test.rule hit the match limit");
    scan_file(scanner, "b.txt", "aaa", 3, result);
    g_assert_cmpuint(result->findings->len, ==, 2);
    g_assert_null(check_failure_of(result, "b.txt"));
}

/* A pattern that lets go and does not come to an end does not let go. */
static void test_match_limit_of_allow(void) {
    g_autoptr(RuleSet) set = rule("regex: {pattern: 'a+!'}, allow: {regexes: ['(a+)+$']}");
    g_autoptr(CheckResult) result = scan(set, "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", -1);

    g_assert_cmpuint(result->findings->len, ==, 1);
    g_assert_cmpstr(check_failure_of(result, "a"), ==, "rule test.rule hit the match limit");
}

/* Nor is it one where the memory for going back comes to its end. */
static void test_stack_limit(void) {
    g_autoptr(RuleSet) set = rule("regex: {pattern: '(?:a(b)|x)+c'}");
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < 100000; i++)
        g_string_append(text, "ab");
    g_string_append_c(text, 'c');
    g_autoptr(CheckResult) result = scan(set, "a", text->str, -1);
    g_assert_cmpuint(result->findings->len, ==, 0);
    g_assert_cmpstr(check_failure_of(result, "a"), ==, "rule test.rule hit the match limit");
}

static void test_many_matches(void) {
    g_autoptr(RuleSet) set = rule("regex: {pattern: x}");
    g_autofree char *most = g_strnfill(CAP_MATCHES_PER_FILE, 'x');
    g_autofree char *more = g_strnfill(CAP_MATCHES_PER_FILE + 1, 'x');
    g_autoptr(CheckResult) fits = scan(set, "a", most, -1);
    g_autoptr(CheckResult) result = scan(set, "a", more, -1);

    g_assert_cmpuint(fits->findings->len, ==, CAP_MATCHES_PER_FILE);
    g_assert_null(check_failure_of(fits, "a"));
    g_assert_cmpuint(result->findings->len, ==, CAP_MATCHES_PER_FILE);
    g_assert_cmpstr(check_failure_of(result, "a"), ==, "rule test.rule matches more than 1000 times");
    const Finding *last = result->findings->pdata[CAP_MATCHES_PER_FILE - 1];
    g_assert_cmpuint(last->region.start_column, ==, 1000);
}

/* The rules of a text, by the packs of the program: "python.eval python.exec". */
static char *found_by_packs(const char *path, const char *text) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("policy.yaml");
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(GString) found = g_string_new(NULL);

    g_assert_true(rule_set_add_pack(set, "default", errors));
    g_autoptr(CheckResult) result = scan(set, path, text, -1);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];

        g_assert_cmpint(finding->severity, ==, SEVERITY_ERROR);
        g_string_append_printf(found, "%s%s", i > 0 ? " " : "", finding->rule);
    }
    return g_strdup(found->str);
}

static void test_packs(void) {
    static const struct {
        const char *path, *text, *found;
    } cases[] = {
        {"a.py", "import os; os.system(\"id\")", "python.os-system"},
        {"a.py", "eval('1'); exec('2')", "python.eval python.exec"},
        {"a.py", "# coding: latin-1\nx = '\xe9'; eval(x)", "python.eval"},
        {"a.py", "# a comment ends here\reval(x)", "python.eval"},
        {"a.py", "x = f\"{f'{eval(y)}'}\"", "python.eval"},
        {"a.py", "print(sum([1, 2, 3]))", ""},
        {"a.txt", "eval(x)", ""},
        {"tool", "#!/usr/bin/env python3\neval(x)", "python.eval"},
        {"a.md", "<<<<<<< HEAD\n=======\n>>>>>>> b\n", "change.conflict-marker change.conflict-marker"},
        {"a.md", "\xef\xbb\xbf<<<<<<< HEAD\r\n", "change.conflict-marker"},
        {"a.md",
         "-----BEGIN PRIVATE"
         " KEY-----\nMII",
         "secret.private-key"},
        {"a.md",
         "AKIA"
         "Q3EGRT5FZ2NM7WLD",
         "secret.aws-access-key"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = found_by_packs(cases[i].path, cases[i].text);

        g_assert_cmpstr(found, ==, cases[i].found);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan/regions", test_regions);
    g_test_add_func("/scan/groups", test_groups);
    g_test_add_func("/scan/fixes", test_fixes);
    g_test_add_func("/scan/nul-bytes", test_nul_bytes);
    g_test_add_func("/scan/languages", test_languages);
    g_test_add_func("/scan/paths", test_paths);
    g_test_add_func("/scan/require-any", test_require_any);
    g_test_add_func("/scan/let-go", test_let_go);
    g_test_add_func("/scan/places", test_places);
    g_test_add_func("/scan/finding", test_finding);
    g_test_add_func("/scan/match-limit", test_match_limit);
    g_test_add_func("/scan/match-limit-of-allow", test_match_limit_of_allow);
    g_test_add_func("/scan/stack-limit", test_stack_limit);
    g_test_add_func("/scan/many-matches", test_many_matches);
    g_test_add_func("/scan/packs", test_packs);
    return g_test_run();
}
