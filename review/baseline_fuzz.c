/* Any bytes as a baseline: it is one, or there is one error that can be shown. */
#include "review/baseline.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Baseline) baseline = baseline_parse((const char *)data, size, "b.sarif", &error);

    g_assert_true((baseline == NULL) == (error != NULL));
    g_assert_true(error == NULL || g_utf8_validate(error->message, -1, NULL));
    return 0;
}
