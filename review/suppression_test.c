#include "review/suppression.h"

#include "exec/caps.h"

#include <string.h>

/* A comment as "LINE+NEXT rule,rule [file] (justification)", or "LINE wrong: WHY". */
static void describe(const SuppressionComment *comment, GString *out) {
    g_autofree char *rules = comment->rules != NULL ? g_strjoinv(",", comment->rules) : g_strdup("-");
    g_autofree char *why = suppression_justification(comment);

    g_string_append_printf(out, "%s%u", out->len > 0 ? "\n" : "", comment->line);
    if (comment->next_line > 0)
        g_string_append_printf(out, "+%u", comment->next_line);
    if (comment->wrong != NULL)
        g_string_append_printf(out, " wrong: %s", comment->wrong);
    else
        g_string_append_printf(out, " %s%s (%s)", rules, comment->whole_file ? " [file]" : "",
                               why != NULL ? why : "");
}

static void assert_comments(const char *language, const char *text, const char *expected) {
    g_autoptr(GPtrArray) comments = suppression_find(language, text, strlen(text));
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < comments->len; i++)
        describe(comments->pdata[i], out);
    g_assert_cmpstr(out->str, ==, expected);
}

/* Of one comment in a line of Python. */
static void assert_comment(const char *text, const char *expected) {
    g_autofree char *line = g_strdup_printf("x = 1  # sallyport: %s\n", text);
    g_autofree char *whole = *expected != '\0' ? g_strconcat("1 ", expected, NULL) : g_strdup("");

    assert_comments("python", line, whole);
}

static void test_form(void) {
    assert_comment("ignore[ruff.F401] until=2027-01-31 owner=ada -- known input",
                   "ruff.F401 (known input; until 2027-01-31; owner ada)");
    assert_comment("ignore[F401]", "F401 ()");
    assert_comment("ignore[ F401 , python.eval ] owner=ada until=2028-02-29",
                   "F401,python.eval (until 2028-02-29; owner ada)");
    assert_comment("ignore-file[E501] -- generated", "E501 [file] (generated)");
    assert_comment("ignore[F401]\t--\twhy -- and more  ", "F401 (why -- and more)");
    assert_comment("ignore[F401] --why", "F401 (why)");
    assert_comment("ignore [F401] -- why", "F401 (why)");
    assert_comment("ignore[@typescript-eslint/no-unused-vars] -- why",
                   "@typescript-eslint/no-unused-vars (why)");
    assert_comments("python", "x #sallyport:ignore[F401]--why\n", "1 F401 (why)");
}

static void test_malformed(void) {
    assert_comment("ignore",
                   "wrong: a suppression names the rules that it is of: write sallyport: ignore[RULE] -- "
                   "REASON");
    assert_comment("ignore -- all", "wrong: a suppression names the rules that it is of: write sallyport: "
                                    "ignore[RULE] -- REASON");
    assert_comment("ignore[]",
                   "wrong: no rule stands in the brackets: write sallyport: ignore[RULE] -- REASON");
    assert_comment("ignore[a,]",
                   "wrong: no rule stands in the brackets: write sallyport: ignore[RULE] -- REASON");
    assert_comment("ignore[*] -- all", "wrong: '*' is no rule: a suppression names the rules that it is of");
    assert_comment("ignore[E*]",
                   "wrong: 'E*' is no rule: write ruff.F401, or F401 alone, and commas between");
    assert_comment("ignore[E501 F401]",
                   "wrong: 'E501 F401' is no rule: write ruff.F401, or F401 alone, and commas between");
    assert_comment("ignore[E501",
                   "wrong: the bracket is not closed: write sallyport: ignore[RULE] -- REASON");
    assert_comment("ignore[E501] because",
                   "wrong: 'because' is not understood: a reason stands behind two dashes, "
                   "as in sallyport: ignore[RULE] -- REASON");
    assert_comment("ignore[E501] -- for now until=2027-01-31",
                   "wrong: until= stands in the reason; it has to stand before the dashes");
    assert_comment("ignore[suppress.unused] -- x",
                   "wrong: 'suppress.unused' is said of suppressions, and no suppression is of it");
    assert_comment("ignore[E501] --", "wrong: no reason stands behind the dashes");
    assert_comment("ignore[E501] untill=2027-01-31 -- x",
                   "wrong: 'untill=' is not known (did you mean 'until'?); there are until= and owner=");
    assert_comment("ignore[E501] owner= -- x", "wrong: owner= names nobody");
    assert_comment("ignore[E501] owner=a owner=b", "wrong: owner= stands twice");
    assert_comment("ingore[E501] -- x",
                   "wrong: 'ingore' is not known (did you mean 'ignore'?); there are ignore and ignore-file");
    assert_comment("ignore-line[E501] -- x",
                   "wrong: 'ignore-line' is not known (did you mean 'ignore-file'?); "
                   "there are ignore and ignore-file");
}

static void test_dates(void) {
    static const char *const dates[] = {"",           "tomorrow",  "2027-1-31",     "2027-02-29",
                                        "2027-13-01", "27-01-31",  "2027-01-31T00", "2027-01-00",
                                        "+027-01-01", "2027/01/31"};

    for (gsize i = 0; i < G_N_ELEMENTS(dates); i++) {
        g_autofree char *text = g_strdup_printf("ignore[a] until=%s -- x", dates[i]);
        g_autofree char *expected =
            g_strdup_printf("wrong: until=%s: expected a date such as 2027-01-31", dates[i]);

        assert_comment(text, expected);
    }
    assert_comment("ignore[a] until=2027-01-31 until=2027-01-31", "wrong: until= stands twice");
}

/* People may write of the program, too. */
static void test_other_text(void) {
    assert_comment("a gate for code", "");
    assert_comment("", "");
    assert_comment("[a]", "");
    assert_comments("python", "x = '# sallyport: ignore[a]'\n", "");
    assert_comments("markdown", "Write `# sallyport: ignore[a] -- why` there.\n", "");
}

static void test_any_language(void) {
    assert_comments("c", "f(); /* sallyport: ignore[a] -- why */ g();\n", "1 a (why)");
    assert_comments("html", "<!-- sallyport: ignore-file[a] -- why -->\n<p>\n", "1+2 a [file] (why)");
    assert_comments("text", "% sallyport: ignore[a] -- why\nx\n", "1+2 a (why)");
    assert_comments("python", "# sallyport: ignore[a] -- 1\n# sallyport: ignore[b] -- 2\nx\n",
                    "1+3 a (1)\n2+3 b (2)");
}

/* Control characters and what is not UTF-8 do not come through. */
static void test_hostile_text(void) {
    assert_comment("ignore[a] -- \x1b[31m\xff", "a (\\x1b[31m\xef\xbf\xbd)");
    assert_comment("ignore[\x1b] -- x", "\\x1b (x)");
}

static void test_limits(void) {
    g_autoptr(GString) text = g_string_new("# sallyport: ignore[a] -- ");
    g_autoptr(GPtrArray) comments = NULL, many = NULL;
    const SuppressionComment *last;

    while (text->len < CAP_SUPPRESSION_BYTES + 3)
        g_string_append_c(text, 'x');
    comments = suppression_find("shell", text->str, text->len);
    g_assert_cmpstr(((SuppressionComment *)comments->pdata[0])->wrong, ==, "it is longer than 4096 bytes");
    g_string_truncate(text, 0);
    for (guint i = 0; i < CAP_SUPPRESSIONS + 3; i++)
        g_string_append(text, "# sallyport: ignore[a] -- x\n");
    many = suppression_find("shell", text->str, text->len);
    g_assert_cmpuint(many->len, ==, CAP_SUPPRESSIONS + 1);
    g_assert_null(((SuppressionComment *)many->pdata[CAP_SUPPRESSIONS - 1])->wrong);
    last = many->pdata[CAP_SUPPRESSIONS];
    g_assert_cmpstr(last->wrong, ==, "there are more than 1000 in this file: from here on none is read");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/suppression/form", test_form);
    g_test_add_func("/suppression/malformed", test_malformed);
    g_test_add_func("/suppression/dates", test_dates);
    g_test_add_func("/suppression/other-text", test_other_text);
    g_test_add_func("/suppression/any-language", test_any_language);
    g_test_add_func("/suppression/hostile-text", test_hostile_text);
    g_test_add_func("/suppression/limits", test_limits);
    return g_test_run();
}
