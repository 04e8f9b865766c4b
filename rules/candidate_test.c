#include "rules/candidate.h"

#include <string.h>

static const char *const kinds[] = {"none", "window", "line", "file"};

/* "window 6-6 secret", "none": how a pattern is looked for; " folds" behind it. */
static char *told(const char *text, guint window) {
    g_autoptr(Shape) shape = shape_read(text, strlen(text));
    Candidate candidate = candidate_plan(shape, window);
    g_autofree char *expression = candidate.expression;
    g_autofree char *most =
        candidate.most == SHAPE_NO_END ? g_strdup("...") : g_strdup_printf("%u", candidate.most);

    if (candidate.kind == CANDIDATE_NONE)
        return g_strdup(shape != NULL ? "none" : "no shape");
    return g_strdup_printf("%s %u-%s %s%s", kinds[candidate.kind], candidate.least, most, expression,
                           candidate.folds ? " folds" : "");
}

typedef struct {
    const char *pattern, *told;
} Case;

static void assert_told(const Case *cases, gsize count, guint window) {
    for (gsize i = 0; i < count; i++) {
        g_autofree char *is = told(cases[i].pattern, window);

        g_test_message("%s", cases[i].pattern);
        g_assert_cmpstr(is, ==, cases[i].told);
    }
}

#define ASSERT_TOLD(...)                                                                                     \
    do {                                                                                                     \
        static const Case cases[] = {__VA_ARGS__};                                                           \
        assert_told(cases, G_N_ELEMENTS(cases), SHAPE_NO_END);                                               \
    } while (0)

/* What looks around takes nothing. */
static void test_around(void) {
    ASSERT_TOLD({"secret", "window 6-6 secret"}, {"(?<=a)secret(?!b)", "window 6-6 secret"},
                {"^secret$", "window 6-6 secret"}, {"\\bsecret\\b", "window 6-6 \\bsecret\\b"},
                {"\\bsecret\\b\\w*", "window 6-6 \\bsecret\\b"}, {"(?=secret)", "none"},
                {"key = \\Ksecret", "window 11-11 key\\x20\\x3d\\x20secre"},
                {"(?>secret|keyword)", "window 6-7 (?:secret|keyword)"});
}

/* What may be long, or may be missing at the end, is left away. */
static void test_head(void) {
    ASSERT_TOLD(
        {"BEGIN[\\s\\S]*END", "window 5-5 BEGIN"},
        {"secret\\w{4,20}", "window 10-10 secret[0-9A-Z\\x5fa-z]{4}"},
        {"secret(?:ive)?", "window 6-6 secret"}, {"\\w+_secret", "line 8-... [0-9A-Z\\x5fa-z]+\\x5fsecret"},
        {".*secret", "line 6-... [\\x00-\\x09\\x0b-\\x0c\\x0e-\\x7f\\x80-\\xff]*secret"},
        {"(?s).*secret", "file 6-... [\\x00-\\x7f\\x80-\\xff]*secret"},
        {"[a-z]+\\s*=\\s*secret", "file 8-... [a-z]+[\\x09-\\x0d\\x20]*\\x3d[\\x09-\\x0d\\x20]*secret"},
        {"\\w+", "none"}, {"a\\d?b", "none"}, {"secret|", "none"}, {"secret|\\w+", "none"});
}

static void test_groups(void) {
    ASSERT_TOLD({"(secret|key) \\1", "window 7-13 (?:secret|key)\\x20(?:secret|key)"},
                {"(?<a>se)cret(?&a)", "window 8-8 secretse"},
                {"(?i)(secret) \\1", "window 7-8 [Ss][Ee][Cc][Rr][Ee][Tt]\\x20 folds"},
                {"secret\\((?:[^()]|(?R))*\\)", "window 7-7 secret\\x28"},
                {"(?(DEFINE)(?<gap> *+))secret(?&gap)=(?&gap)key", "window 6-6 secret"},
                {"(key)?(?(1) = secret|secret)", "window 6-12 (?:key){0,1}(?:\\x20\\x3d\\x20secret|secret)"},
                {"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(secret)\\11", "no shape"},
                {"secret(?&a)(?<a>(?&b))(?<b>x)", "window 9-9 secretxxx"});
}

static void test_characters(void) {
    ASSERT_TOLD({"(?i)secret", "window 6-7 [Ss][Ee][Cc][Rr][Ee][Tt] folds"},
                {"(?i)r\xc3\xa9ponder", "window 8-11 [Rr][KSks\\x80-\\xff]{1,4}[Pp][Oo][Nn][Dd][Ee][Rr]"},
                {"\xc3\xa9t\xc3\xa9", "window 5-5 (?:\\xc3\\xa9)t(?:\\xc3\\xa9)"},
                {"[^a]ecret", "window 6-9 [\\x00-\\x60b-\\x7f\\x80-\\xff]{1,4}ecret"},
                {"[]s]ecret[^]]x", "window 8-11 [\\x5ds]ecret[\\x00-\\x5c\\x5e-\\x7f\\x80-\\xff]{1,4}x"},
                {"secret\\x{1F600}", "window 10-10 secret(?:\\xf0\\x9f\\x98\\x80)"},
                {"\\x73\\145cret", "no shape"},
                {"[[:alpha:]]ecret[[:^digit:]]{0}", "window 6-6 [A-Za-z]ecret"},
                {"(?x) sec ret # ) \n [ ] (?# ( ) x", "window 8-8 secret\\x20x"},
                {"secret\\R", "window 7-9 secret[\\x0a-\\x0d\\x80-\\xff]{1,4}"});
}

static void test_unknown(void) {
    ASSERT_TOLD({"secret(*SKIP)(*FAIL)", "no shape"}, {"\\Gsecret", "no shape"}, {"\\Qsecret\\E", "no shape"},
                {"(*UCP)secret", "no shape"}, {"(?xx)secret", "no shape"}, {"(?n)(secret)", "no shape"},
                {"secret{,3}", "no shape"}, {"\\N{U+41}secret", "no shape"}, {"[\\p{L}]secret", "no shape"},
                {"[a-\\d]secret", "no shape"}, {"(?C1)secret", "no shape"});
}

/* A rule that says how long a match is at most has windows of that width. */
static void test_limited(void) {
    static const Case cases[] = {
        {"secret", "window 6-6 secret"},
        {"\\w+_secret", "window 8-100 [0-9A-Z\\x5fa-z]+\\x5fsecret"},
        {"(?s).*secret", "window 6-100 [\\x00-\\x7f\\x80-\\xff]*secret"},
        {"\\w+", "none"},
    };

    assert_told(cases, G_N_ELEMENTS(cases), 100);
}

/* What grows without end when it is written out is not written out. */
static void test_growth(void) {
    g_autoptr(GString) pattern = g_string_new("(?<a0>\\w{2}x)");
    g_autofree char *is = NULL;
    gint64 start = g_get_monotonic_time();

    for (guint i = 1; i < 60; i++)
        g_string_append_printf(pattern, "(?<a%u>(?&a%u)(?&a%u)|y*)", i, i - 1, i - 1);
    is = told(pattern->str, SHAPE_NO_END);
    g_assert_cmpstr(is, ==, "none");
    g_assert_cmpint(g_get_monotonic_time() - start, <, G_USEC_PER_SEC);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/candidate/around", test_around);
    g_test_add_func("/candidate/head", test_head);
    g_test_add_func("/candidate/groups", test_groups);
    g_test_add_func("/candidate/characters", test_characters);
    g_test_add_func("/candidate/unknown", test_unknown);
    g_test_add_func("/candidate/limited", test_limited);
    g_test_add_func("/candidate/growth", test_growth);
    return g_test_run();
}
