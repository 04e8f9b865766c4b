/* Any bytes as a file with suppressions: what is read of it is clean, in order, and lies within it. The first
 * byte chooses the language. */
#include "review/suppression.h"

#include "exec/caps.h"
#include "rules/rule.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const SuppressionComment *comment, guint lines) {
    g_autofree char *why = suppression_justification(comment);

    g_assert_cmpuint(comment->line, >=, 1);
    g_assert_cmpuint(comment->line, <=, lines);
    g_assert_cmpuint(comment->column, >=, 1);
    g_assert_cmpuint(comment->end_column, >, comment->column);
    g_assert_true(comment->next_line == 0 || comment->next_line > comment->line);
    g_assert_true(comment->wrong != NULL || (comment->rules != NULL && comment->rules[0] != NULL));
    g_assert_true(why == NULL || g_utf8_validate(why, -1, NULL));
    g_assert_true(comment->wrong == NULL || g_utf8_validate(comment->wrong, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *const *languages = rule_languages();
    guint count = g_strv_length((GStrv)languages), lines = 1, last = 0;
    const char *text = (const char *)data + 1;
    g_autoptr(GPtrArray) comments = NULL;

    if (size == 0)
        return 0;
    for (size_t i = 1; i < size; i++)
        lines += data[i] == '\n';
    comments = suppression_find(languages[data[0] % count], text, size - 1);
    g_assert_cmpuint(comments->len, <=, CAP_SUPPRESSIONS + 1);
    for (guint i = 0; i < comments->len; i++) {
        const SuppressionComment *comment = comments->pdata[i];

        check(comment, lines);
        g_assert_cmpuint(comment->line, >=, last);
        last = comment->line;
    }
    return 0;
}
