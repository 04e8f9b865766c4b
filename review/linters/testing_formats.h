/* testing_formats.h: what the tests of the policy's own linters' output share: a stage, which is a folder
 * with files that a tool was given, and an output that is read over it. Order: set_up(), assert_read() or
 * assert_streams(), tear_down().
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "review/linters/output.h"
#include "review/linters/testing.h"

/* Two files that the tool was given, "a.c" and "sub/b c.js", one beside them, and a configuration. */
typedef struct {
    char *root;
    GPtrArray *paths, *beside;
    CustomLinter custom;
    LinterOutput output;
} Stage;

static inline void set_up(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    static const guint success[] = {0, 1};

    stage->root = testing_folder();
    testing_write(stage->root, "a.c", "int a;\n\xf0\x9f\x98\x80 b\xc3\xa9 c;\n", -1);
    testing_write(stage->root, "sub/b c.js", "var x;\r\nvar y;\r\n", -1);
    testing_write(stage->root, "a.h", "int h;\n", -1);
    testing_write(stage->root, "tool.cfg", "", -1);
    stage->paths = g_ptr_array_new();
    stage->beside = g_ptr_array_new();
    g_ptr_array_add(stage->paths, (char *)"a.c");
    g_ptr_array_add(stage->paths, (char *)"sub/b c.js");
    g_ptr_array_add(stage->beside, (char *)"a.c");
    g_ptr_array_add(stage->beside, (char *)"a.h");
    stage->custom.success = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_vals(stage->custom.success, success, 2);
    stage->output = (LinterOutput){.paths = stage->paths,
                                   .beside = stage->beside,
                                   .root = stage->root,
                                   .cwd = LINTER_ROOT,
                                   .custom = &stage->custom};
}

static inline void tear_down(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_remove(stage->root);
    g_ptr_array_unref(stage->paths);
    g_ptr_array_unref(stage->beside);
    g_array_unref(stage->custom.success);
}

static inline void dump_finding(GString *out, const Finding *finding) {
    g_string_append_printf(out, "%s:", finding->path);
    testing_dump_region(out, finding->region);
    g_string_append_printf(out, ": %s: %s: %s\n", severity_name(finding->severity), finding->rule,
                           finding->message);
    if (finding->suppression != NULL)
        g_string_append_printf(out, "    suppressed: %s\n", finding->suppression->justification);
    for (guint i = 0; i < finding->fixes->len; i++)
        testing_dump_fix(out, finding->fixes->pdata[i]);
}

/* Findings in the order of the output, then what failed. */
static inline char *dump(const CheckResult *result) {
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < result->findings->len; i++)
        dump_finding(out, result->findings->pdata[i]);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    if (result->failure != NULL)
        g_string_append_printf(out, "undecided: %s\n", result->failure);
    return g_string_free(out, FALSE);
}

static inline CheckResult *read_output(const LinterOutput *output) {
    CheckResult *result = testing_result(&linter_custom, output->paths);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;

    if (linter_read(&linter_custom, output, account, result, &error))
        linter_account(output->paths, account, result);
    else
        check_fail(result, error->message, NULL);
    return result;
}

static inline CheckResult *read_streams(Stage *stage, OutputFormat format, const char *out, const char *err,
                                        int exit_code) {
    stage->custom.output = format;
    stage->output.out = out;
    stage->output.out_len = strlen(out);
    stage->output.err = err;
    stage->output.err_len = strlen(err);
    stage->output.exit_code = exit_code;
    return read_output(&stage->output);
}

static inline void assert_streams(Stage *stage, OutputFormat format, const char *out, const char *err,
                                  int exit_code, const char *expected) {
    g_autoptr(CheckResult) result = read_streams(stage, format, out, err, exit_code);
    g_autofree char *found = dump(result);

    g_assert_cmpstr(found, ==, expected);
}

static inline void assert_read(Stage *stage, OutputFormat format, const char *out, const char *expected) {
    assert_streams(stage, format, out, "", 0, expected);
}
