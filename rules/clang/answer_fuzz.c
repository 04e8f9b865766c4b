/* Any bytes as a worker's answer: each file has one, or none, and what is said can be shown. */
#include "rules/clang/client.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rules are those of the run, places have an extent, and edits stand in order. */
static void assert_findings(const ClangFile *file) {
    for (guint i = 0; file->failure == NULL && file->findings != NULL && i < file->findings->len; i++) {
        const ClangFinding *finding = file->findings->pdata[i];
        guint before = 0;

        g_assert_true(finding->rule < 2 && finding->start < finding->end);
        for (guint j = 0; finding->edits != NULL && j < finding->edits->len; j++) {
            const ClangEdit *edit = finding->edits->pdata[j];

            g_assert_true(before <= edit->start && edit->start <= edit->end);
            g_assert_true(g_utf8_validate(edit->text, -1, NULL));
            before = edit->end;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    g_autoptr(ClangResult) result = clang_result_new(2, 2);
    g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(guint));
    guint answered = 0;

    for (guint i = 0; i < 2; i++)
        g_array_append_val(asked, i);
    g_assert_cmpuint(clang_read((const char *)data, size, asked, result), <=, 2);
    for (guint i = 0; i < 2; i++) {
        const ClangFile *file = result->files->pdata[i];

        answered += file->failure != NULL || file->functions != NULL;
        for (guint j = 0; file->failure == NULL && file->functions != NULL && j < file->functions->len; j++) {
            const ClangFunction *function = file->functions->pdata[j];

            g_assert_true(g_utf8_validate(function->name, -1, NULL));
            g_assert_true(function->start < function->end && function->cyclomatic > 0);
        }
    }
    for (guint i = 0; i < 2; i++)
        assert_findings(result->files->pdata[i]);
    g_assert_cmpuint(answered, <=, 2);
    return 0;
}
