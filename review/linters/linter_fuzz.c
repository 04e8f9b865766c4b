/* The readers of the linters' output, given anything. The three low bits of the first byte pick the linter,
 * or one of the formats of the policy's own, and its highest bit whether it was started for a single file;
 * the second is the exit code; the rest is stdout, and behind a line "%%%" stderr. The files are those of
 * testdata/linters/tree.
 *
 * Beside what the sanitizers see: whatever the output says, each file is either proven to be looked at or
 * undecided, and a finding is of a given file, at a place, and in text that a report can hold. */
#include "review/linters/linter.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOT "testdata/linters/tree"
#define SEPARATOR "%%%\n"

static const char *const paths[] = {"-dash.py", "carriage.py",         "clean.py", "crlf.py",
                                    "mixed.py", "no_final_newline.py", "nul.py",   "unused.py"};

static void check_region(const Region *region) {
    g_assert_true(region->end_line >= region->start_line);
    if (region->end_line == region->start_line)
        g_assert_true(region->end_column >= region->start_column);
}

static void check_finding(const CheckResult *result, const Finding *finding) {
    g_assert_true(check_was_given(result, finding->path));
    g_assert_true(g_utf8_validate(finding->message, -1, NULL));
    check_region(&finding->region);
    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = finding->fixes->pdata[i];

        for (guint j = 0; j < fix->edits->len; j++) {
            const Edit *edit = fix->edits->pdata[j];

            g_assert_true(g_utf8_validate(edit->text, -1, NULL));
            check_region(&edit->region);
        }
    }
}

/* A file may only be decided where the account has it, or counts it among those without a name. */
static void check_account(const CheckResult *result, const LinterAccount *account) {
    guint decided = 0;

    for (guint i = 0; i < result->paths->len; i++)
        if (check_failure_of(result, result->paths->pdata[i]) == NULL)
            decided++;
    g_assert_true(decided <= g_hash_table_size(account->seen) + account->unnamed);
}

static void read_output(const Linter *linter, const LinterOutput *output, CheckResult *result) {
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;

    if (linter_read(linter, output, account, result, &error)) {
        g_assert_null(error);
        linter_account(output->paths, account, result);
    } else {
        g_assert_nonnull(error);
        check_fail(result, error->message, NULL);
    }
    check_account(result, account);
    for (guint i = 0; i < result->findings->len; i++)
        check_finding(result, result->findings->pdata[i]);
}

/* Bits 3 to 7 are the formats, in the order of the enum. */
static const Linter *pick(guint bits, CustomLinter *custom) {
    if (bits < 3)
        return linter_all()[bits];
    custom->output = (OutputFormat)(bits - 3);
    custom->pattern = (char *)"^(?<path>[^:]+):(?<line>\\d*):(?<column>\\d*)(?:-(?<end_line>\\d+))?: "
                              "(?<severity>\\w+): (?<message>.*?)(?: \\[(?<code>.*)\\])?$";
    return &linter_custom;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const guint codes[] = {0, 1};
    g_autoptr(GArray) success = g_array_new(FALSE, FALSE, sizeof(guint));
    CustomLinter custom = {.success = success};
    const Linter *linter = size >= 2 ? pick(data[0] & 7, &custom) : NULL;
    const char *text = (const char *)data + 2, *separator;
    g_autofree char *out = NULL, *err = NULL;
    LinterOutput output = {.root = ROOT, .cwd = LINTER_ROOT};
    CheckResult *result;

    if (linter == NULL)
        return 0;
    g_array_append_vals(success, codes, G_N_ELEMENTS(codes));
    output.custom = linter == &linter_custom ? &custom : NULL;
    output.single = data[0] >= 128;
    output.exit_code = data[1] == '0' ? 0 : data[1] == '1' ? 1 : data[1];
    output.out_len = size - 2;
    separator = memmem(text, size - 2, SEPARATOR, strlen(SEPARATOR));
    if (separator != NULL) {
        output.out_len = (gsize)(separator - text);
        output.err_len = size - 2 - output.out_len - strlen(SEPARATOR);
    }
    output.out = out = g_malloc0(output.out_len + 1);
    output.err = err = g_malloc0(output.err_len + 1);
    memcpy(out, text, output.out_len);
    if (separator != NULL)
        memcpy(err, separator + strlen(SEPARATOR), output.err_len);
    result = check_result_new(linter->name != NULL ? linter->name : "tool");
    for (gsize i = 0; i < (output.single ? 1 : G_N_ELEMENTS(paths)); i++)
        g_ptr_array_add(result->paths, g_strdup(paths[i]));
    output.paths = result->paths;
    read_output(linter, &output, result);
    check_result_free(result);
    return 0;
}
