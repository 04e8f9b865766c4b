/* Any file, and any fixes of it: the first byte says how many, six bytes are one (which tool, what kind, its
 * lines and columns, what comes in), the rest is the file.
 *
 * Beside what the sanitizers see: what goes together does not overlap, bytes outside of it stay, the patch of
 * it gives the same when it is read by review/patch/, and so does carrying it to a work tree without edits.
 */
#include "review/change/libgit2.h"
#include "review/fix/carry.h"
#include "review/fix/patch.h"
#include "review/fix/plan.h"
#include "review/patch/patch.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIX_BYTES 6u

static Finding *read_finding(const uint8_t *bytes) {
    static const char *const tools[] = {"ruff", "black"};
    static const char *const texts[] = {"", "x", "x\n", "\n", "\r\n", "\xc3\xa4\nb", "a\r\nb\r\n", "\r"};
    const Region place = {bytes[1] & 15, bytes[2] & 15, (bytes[1] & 15) + (guint)(bytes[3] & 3),
                          bytes[4] & 15};
    Finding *finding = finding_new(tools[bytes[0] & 1], "X1", SEVERITY_ERROR, "a.py", place, "M");
    Fix *fix = fix_new("F", (FixKind)((bytes[0] >> 1) % 3));

    finding->new_code = (bytes[0] & 8) == 0;
    fix_add(fix, place, texts[bytes[5] & 7]);
    if ((bytes[0] & 16) != 0)
        fix_add(fix, (Region){place.end_line + 1, 1, place.end_line + 1, 2}, texts[bytes[5] >> 5]);
    g_ptr_array_add(finding->fixes, fix);
    return finding;
}

static void check_order(const Plan *plan, gsize len) {
    for (guint i = 0; i < plan->replacements->len; i++) {
        const Replacement *here = &g_array_index(plan->replacements, Replacement, i);

        g_assert_true(here->start <= here->end && here->end <= len);
        g_assert_true(i == 0 || here->start >= g_array_index(plan->replacements, Replacement, i - 1).end);
    }
    g_assert_true((plan->replacements->len > 0) == (plan->chosen->len > 0));
}

static void check_patch(GBytes *before, GBytes *after) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = NULL;
    g_autoptr(GBytes) made = NULL;
    PatchBudget budget = PATCH_BUDGET;

    g_assert_true(fix_patch("a.py", before, after, text, &error));
    g_assert_true((text->len == 0) == g_bytes_equal(before, after));
    if (text->len == 0)
        return;
    files = patch_parse(text->str, text->len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(files->len, ==, 1);
    made = patch_apply(files->pdata[0], before, &budget, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(made, after));
}

static void check_carry(GBytes *before, GBytes *after) {
    const Carry carry = {before, after, before, before};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) made = carry_fixes(&carry, &error);

    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(made, after));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    gsize count = size > 0 ? data[0] & 7 : 0, head = MIN(size, 1 + count * FIX_BYTES);
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    g_autoptr(GHashTable) banned = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GBytes) before = g_bytes_new(data + head, size - head), after = NULL;
    g_autoptr(EditText) text = edit_text_new(before);
    g_autoptr(Plan) plan = NULL;

    if (libgit2() == NULL) {
        g_assert_true(libgit2_load(NULL));
        git_libgit2_init();
    }
    for (gsize at = 1; at + FIX_BYTES <= head; at += FIX_BYTES)
        g_ptr_array_add(findings, read_finding(data + at));
    plan = plan_new(text, findings, banned, false);
    check_order(plan, size - head);
    after = edit_apply(text, plan->replacements);
    check_patch(before, after);
    check_carry(before, after);
    return 0;
}
