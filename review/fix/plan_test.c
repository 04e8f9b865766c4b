#include "review/fix/plan.h"

#include <string.h>

/* A finding that counts, of "tool.CODE", with one fix: a place and what stands there afterwards. */
static Finding *add(GPtrArray *findings, const char *tool, const char *code, FixKind kind, Region region,
                    const char *text) {
    Finding *finding = finding_new(tool, code, SEVERITY_ERROR, "a.py", region, "M");
    Fix *fix = fix_new("F", kind);

    finding->new_code = true;
    fix_add(fix, region, text);
    g_ptr_array_add(finding->fixes, fix);
    g_ptr_array_add(findings, finding);
    return finding;
}

static GPtrArray *none(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
}

/* What becomes of the text, and "chosen overlapping refused misplaced unsafe". */
static void assert_plan(const char *before, const GPtrArray *findings, const char *banned, bool one,
                        const char *after, const char *counts) {
    g_autoptr(GBytes) content = g_bytes_new(before, strlen(before)), result = NULL;
    g_autoptr(EditText) text = edit_text_new(content);
    g_autoptr(GHashTable) set = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(Plan) plan = NULL;
    g_autofree char *told = NULL;

    if (banned != NULL)
        g_hash_table_add(set, (char *)banned);
    plan = plan_new(text, findings, set, one);
    result = edit_apply(text, plan->replacements);
    told = g_strdup_printf("%u %u %u %u %u", plan->chosen->len, plan->overlapping, plan->refused,
                           plan->misplaced, plan->unsafe);
    g_assert_cmpmem(g_bytes_get_data(result, NULL), g_bytes_get_size(result), after, strlen(after));
    g_assert_cmpstr(told, ==, counts);
}

static void test_safe_only(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 2}, "X");
    add(findings, "ruff", "A2", FIX_UNSAFE, (Region){2, 1, 2, 2}, "X");
    add(findings, "ruff", "A3", FIX_DISPLAY_ONLY, (Region){3, 1, 3, 2}, "X");
    assert_plan("a\nb\nc\n", findings, NULL, false, "X\nb\nc\n", "1 0 0 0 1");
}

static void test_the_safe_one_of_several(void) {
    g_autoptr(GPtrArray) findings = none();
    Finding *finding = add(findings, "ruff", "A1", FIX_UNSAFE, (Region){1, 1, 1, 2}, "U");
    Fix *safe = fix_new("F", FIX_SAFE);

    fix_add(safe, (Region){1, 1, 1, 2}, "S");
    g_ptr_array_add(finding->fixes, safe);
    assert_plan("a\n", findings, NULL, false, "S\n", "1 0 0 0 0");
}

static void test_only_what_counts(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 2}, "X")->new_code = false;
    add(findings, "ruff", "A1", FIX_SAFE, (Region){2, 1, 2, 2}, "X")->unchanged = true;
    finding_suppress(add(findings, "ruff", "A1", FIX_SAFE, (Region){3, 1, 3, 2}, "X"), 3, NULL);
    add(findings, "ruff", "A1", FIX_UNSAFE, (Region){4, 1, 4, 2}, "X")->new_code = false;
    assert_plan("a\nb\nc\nd\n", findings, NULL, false, "a\nb\nc\nd\n", "0 0 0 0 0");
}

/* The one that begins first is taken, whatever the order of the report. */
static void test_overlapping(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 3, 1, 6}, "B");
    add(findings, "ruff", "A2", FIX_SAFE, (Region){1, 1, 1, 4}, "A");
    add(findings, "ruff", "A3", FIX_SAFE, (Region){1, 5, 1, 7}, "C");
    assert_plan("abcdefgh\n", findings, NULL, false, "AdCgh\n", "2 1 0 0 0");
}

static void test_touching(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 3}, "");
    add(findings, "ruff", "A2", FIX_SAFE, (Region){1, 3, 1, 4}, "");
    add(findings, "ruff", "A3", FIX_SAFE, (Region){1, 7, 1, 7}, "<");
    add(findings, "ruff", "A4", FIX_SAFE, (Region){1, 7, 1, 7}, ">");
    assert_plan("abcdefgh\n", findings, NULL, false, "cdef<gh\n", "2 2 0 0 0");
}

/* What two findings both want is done once, for both. */
static void test_same(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 2}, "X");
    add(findings, "other", "A2", FIX_SAFE, (Region){1, 1, 1, 2}, "X");
    add(findings, "ruff", "A3", FIX_SAFE, (Region){1, 1, 1, 2}, "Y");
    assert_plan("a\n", findings, NULL, false, "X\n", "2 1 0 0 0");
}

/* A whole line of Black's, and something of Ruff's in it, or beside it on the line. */
static void test_tools_on_one_line(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "black", "format", FIX_SAFE, (Region){1, 1, 3, 1}, "one\ntwo\n");
    add(findings, "ruff", "A1", FIX_SAFE, (Region){2, 2, 2, 3}, "");
    add(findings, "ruff", "A2", FIX_SAFE, (Region){3, 1, 3, 2}, "");
    add(findings, "ruff", "A3", FIX_SAFE, (Region){4, 1, 4, 2}, "");
    add(findings, "sallyport", "a.b", FIX_SAFE, (Region){4, 4, 4, 5}, "");
    /* of line 3 it touches what Black writes */
    assert_plan("1\n22\n333\n44444\n", findings, NULL, false, "one\ntwo\n333\n4444\n", "2 3 0 0 0");
}

/* All edits of a fix, or none; nothing of another between them. */
static void test_many_edits(void) {
    g_autoptr(GPtrArray) findings = none();
    Finding *finding = add(findings, "ruff", "A1", FIX_SAFE, (Region){3, 1, 3, 2}, "C");

    fix_add(finding->fixes->pdata[0], (Region){1, 1, 1, 2}, "A");
    add(findings, "ruff", "A2", FIX_SAFE, (Region){2, 1, 2, 2}, "B");
    add(findings, "ruff", "A3", FIX_SAFE, (Region){4, 1, 4, 2}, "D");
    assert_plan("a\nb\nc\nd\n", findings, NULL, false, "A\nb\nC\nD\n", "2 1 0 0 0");
}

static void test_misplaced(void) {
    g_autoptr(GPtrArray) findings = none();
    Finding *finding;

    add(findings, "ruff", "A1", FIX_SAFE, (Region){9, 1, 9, 2}, "X");
    add(findings, "ruff", "A2", FIX_SAFE, (Region){1, 0, 1, 0}, "X");
    finding = add(findings, "ruff", "A3", FIX_SAFE, (Region){1, 1, 1, 3}, "X");
    fix_add(finding->fixes->pdata[0], (Region){1, 2, 1, 4}, "Y"); /* edits that overlap */
    assert_plan("abc\n", findings, NULL, false, "abc\n", "0 0 0 3 0");
}

static void test_banned(void) {
    g_autoptr(GPtrArray) findings = none();
    Finding *finding = add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 2}, "X");
    g_autofree char *key = NULL;

    finding->fingerprint = g_strdup("0123:1");
    add(findings, "ruff", "A1", FIX_SAFE, (Region){2, 1, 2, 2}, "X")->fingerprint = g_strdup("0123:2");
    key = plan_key(finding);
    assert_plan("a\nb\n", findings, key, false, "a\nX\n", "1 0 1 0 0");
}

static void test_one(void) {
    g_autoptr(GPtrArray) findings = none();

    add(findings, "ruff", "A2", FIX_SAFE, (Region){2, 1, 2, 2}, "Y");
    add(findings, "ruff", "A1", FIX_SAFE, (Region){1, 1, 1, 2}, "X");
    assert_plan("a\nb\n", findings, NULL, true, "X\nb\n", "1 1 0 0 0");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/safe-only", test_safe_only);
    g_test_add_func("/plan/the-safe-one-of-several", test_the_safe_one_of_several);
    g_test_add_func("/plan/only-what-counts", test_only_what_counts);
    g_test_add_func("/plan/overlapping", test_overlapping);
    g_test_add_func("/plan/touching", test_touching);
    g_test_add_func("/plan/same", test_same);
    g_test_add_func("/plan/tools-on-one-line", test_tools_on_one_line);
    g_test_add_func("/plan/many-edits", test_many_edits);
    g_test_add_func("/plan/misplaced", test_misplaced);
    g_test_add_func("/plan/banned", test_banned);
    g_test_add_func("/plan/one", test_one);
    return g_test_run();
}
