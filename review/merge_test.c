#include "review/merge.h"

#include <string.h>

static GPtrArray *list_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
}

static Finding *add(GPtrArray *list, const char *tool, const char *code, guint line, guint column,
                    const char *message) {
    Finding *finding = finding_new(tool, code, SEVERITY_WARNING, "a.py",
                                   (Region){line, column, line, column > 0 ? column + 1 : 0}, message);

    finding->new_code = true;
    g_ptr_array_add(list, finding);
    return finding;
}

/* Sorts, merges, and compares what is left: "3:7 ruff.F401, flake8.F401 message". */
static void assert_merged(GPtrArray *list, const char *expected) {
    g_autoptr(GString) found = g_string_new(NULL);

    g_ptr_array_sort(list, finding_compare);
    merge_findings(list);
    for (guint i = 0; i < list->len; i++) {
        const Finding *finding = list->pdata[i];
        g_autofree char *rules = finding_rules(finding);

        g_string_append_printf(found, "%u:%u %s %s\n", finding->region.start_line,
                               finding->region.start_column, rules, finding->message);
    }
    g_assert_cmpstr(found->str, ==, expected);
}

/* Flake8 points to the statement, Ruff to the name. */
static void test_imports(void) {
    g_autoptr(GPtrArray) list = list_new();

    add(list, "flake8", "F401", 1, 1, "'sys' imported but unused");
    add(list, "flake8", "F401", 1, 1, "'os' imported but unused");
    add(list, "flake8", "F401", 1, 1, "'re' imported but unused");
    g_ptr_array_add(add(list, "ruff", "F401", 1, 8, "`os` imported but unused")->fixes,
                    fix_new("Remove", FIX_SAFE));
    g_ptr_array_add(add(list, "ruff", "F401", 1, 12, "`sys` imported but unused")->fixes,
                    fix_new("Remove", FIX_SAFE));
    assert_merged(list, "1:1 flake8.F401 're' imported but unused\n"
                        "1:8 ruff.F401, flake8.F401 `os` imported but unused\n"
                        "1:12 ruff.F401, flake8.F401 `sys` imported but unused\n");
}

static void test_column(void) {
    g_autoptr(GPtrArray) list = list_new();

    add(list, "flake8", "F821", 2, 5, "undefined name 'x'");
    add(list, "flake8", "F821", 2, 9, "undefined name 'x'");
    add(list, "ruff", "F821", 2, 5, "Undefined name `x`");
    add(list, "ruff", "F821", 2, 9, "Undefined name `x`");
    add(list, "flake8", "E501", 3, 80, "line too long (90 > 79 characters)");
    add(list, "ruff", "E501", 3, 89, "Line too long (90 > 88)");
    assert_merged(list, "2:5 flake8.F821, ruff.F821 undefined name 'x'\n"
                        "2:9 flake8.F821, ruff.F821 undefined name 'x'\n"
                        "3:80 flake8.E501, ruff.E501 line too long (90 > 79 characters)\n");
}

/* Each tool quotes what it likes; only names are told apart. */
static void test_words(void) {
    g_autoptr(GPtrArray) list = list_new();

    add(list, "flake8", "E711", 1, 6, "comparison to None should be 'if cond is None:'");
    add(list, "ruff", "E711", 1, 9, "Comparison to `None` should be `cond is None`");
    add(list, "flake8", "F403", 2, 1, "'from os import *' used; unable to detect undefined names");
    add(list, "ruff", "F403", 2, 5, "`from os import *` used; unable to detect undefined names");
    assert_merged(list, "1:6 flake8.E711, ruff.E711 comparison to None should be 'if cond is None:'\n"
                        "2:1 flake8.F403, ruff.F403 'from os import *' used; unable to detect undefined "
                        "names\n");
}

/* Another line, code, path, subject, tool, state, or no code at all: not the same. */
static void test_apart(void) {
    g_autoptr(GPtrArray) list = list_new();

    add(list, "flake8", "F401", 1, 1, "'os' imported but unused");
    add(list, "ruff", "F401", 2, 1, "`os` imported but unused");
    add(list, "ruff", "F811", 1, 1, "`os` imported but unused");
    add(list, "flake8", "F405", 4, 1, "'a'");
    add(list, "ruff", "F405", 4, 1, "`b`");
    add(list, "ruff", "E1", 5, 1, "x");
    add(list, "ruff", "E1", 5, 2, "x");
    add(list, "flake8", "E2", 6, 1, "x");
    add(list, "ruff", "E2", 6, 1, "x")->new_code = false;
    add(list, "flake8", "E2", 7, 1, "x");
    finding_suppress(add(list, "ruff", "E2", 7, 1, "x"), 0, g_strdup("noqa"));
    add(list, "mypy", "error", 8, 1, "x");
    add(list, "pyright", "error", 8, 1, "x");
    add(list, "sallyport", "python.eval", 9, 1, "x");
    add(list, "other", "python.eval", 9, 1, "x");
    g_ptr_array_add(list, finding_new("flake8", "E3", SEVERITY_NOTE, "b.py", (Region){1, 1, 1, 2}, "x"));
    g_ptr_array_add(list, finding_new("ruff", "E3", SEVERITY_NOTE, "c.py", (Region){1, 1, 1, 2}, "x"));
    g_ptr_array_sort(list, finding_compare);
    merge_findings(list);
    g_assert_cmpuint(list->len, ==, 17);
    for (guint i = 0; i < list->len; i++)
        g_assert_null(((const Finding *)list->pdata[i])->also);
}

/* A file that cannot be parsed is one problem, whatever it is called. */
static void test_syntax(void) {
    g_autoptr(GPtrArray) list = list_new();

    add(list, "flake8", "E999", 3, 9, "SyntaxError: '(' was never closed");
    add(list, "ruff", "invalid-syntax", 3, 12, "Expected `)`, found newline");
    add(list, "ruff", "invalid-syntax", 3, 14, "Expected an expression");
    add(list, "ruff", "invalid-syntax", 4, 1, "Unexpected indentation");
    assert_merged(list, "3:9 flake8.E999, ruff.invalid-syntax SyntaxError: '(' was never closed\n"
                        "3:14 ruff.invalid-syntax Expected an expression\n"
                        "4:1 ruff.invalid-syntax Unexpected indentation\n");
}

/* A comment or an entry of the baseline that names one of them is of both. */
static void test_silence(void) {
    g_autoptr(GPtrArray) list = list_new();
    const Finding *suppressed, *unchanged;

    add(list, "flake8", "F401", 1, 1, "'os' imported but unused");
    finding_suppress(add(list, "ruff", "F401", 1, 8, "`os` imported but unused"), 7, g_strdup("known"));
    add(list, "flake8", "F401", 2, 1, "'re' imported but unused")->unchanged = true;
    add(list, "ruff", "F401", 2, 8, "`re` imported but unused");
    assert_merged(list, "1:1 flake8.F401, ruff.F401 'os' imported but unused\n"
                        "2:1 flake8.F401, ruff.F401 're' imported but unused\n");
    suppressed = list->pdata[0];
    g_assert_cmpuint(suppressed->suppression->line, ==, 7);
    g_assert_cmpstr(suppressed->suppression->justification, ==, "known");
    g_assert_false(finding_counts(suppressed));
    unchanged = list->pdata[1];
    g_assert_true(unchanged->unchanged);
    g_assert_null(unchanged->suppression);
}

/* The more severe stays, and takes the fix. */
static void test_winner(void) {
    g_autoptr(GPtrArray) list = list_new();
    const Finding *stays;

    add(list, "c", "E1", 1, 1, "third");
    g_ptr_array_add(add(list, "a", "E1", 1, 1, "first")->fixes, fix_new("Mend", FIX_SAFE));
    add(list, "b", "E1", 1, 1, "second")->severity = SEVERITY_ERROR;
    assert_merged(list, "1:1 b.E1, a.E1, c.E1 second\n");
    stays = list->pdata[0];
    g_assert_cmpint(stays->severity, ==, SEVERITY_ERROR);
    g_assert_cmpuint(stays->fixes->len, ==, 1);
}

/* A line of minified code. */
static void test_many(void) {
    g_autoptr(GPtrArray) list = list_new();

    for (guint i = 0; i < 20000; i++) {
        add(list, "a", "E1", 1, i + 1, "x");
        add(list, "b", "E1", 1, i + 1, "x");
    }
    g_ptr_array_sort(list, finding_compare);
    merge_findings(list);
    g_assert_cmpuint(list->len, ==, 40000);
}

static void test_none(void) {
    g_autoptr(GPtrArray) list = list_new();

    assert_merged(list, "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/merge/imports", test_imports);
    g_test_add_func("/merge/column", test_column);
    g_test_add_func("/merge/words", test_words);
    g_test_add_func("/merge/apart", test_apart);
    g_test_add_func("/merge/syntax", test_syntax);
    g_test_add_func("/merge/silence", test_silence);
    g_test_add_func("/merge/winner", test_winner);
    g_test_add_func("/merge/many", test_many);
    g_test_add_func("/merge/none", test_none);
    return g_test_run();
}
