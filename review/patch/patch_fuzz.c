/* Any bytes as a patch: the first line says how many of the bytes behind it are the file that it is applied
 * to. */
#include "review/patch/patch.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *path) {
    g_assert_true(path == NULL || (*path != '\0' && *path != '/' && strstr(path, "//") == NULL));
    g_assert_true(path == NULL || (strcmp(path, "..") != 0 && !g_str_has_prefix(path, "../")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data, *newline = size > 0 ? memchr(text, '\n', size) : NULL;
    gsize head = newline != NULL ? (gsize)(newline - text) + 1 : 0;
    g_autofree char *number = g_strndup(text, head);
    gsize old_size = MIN((gsize)g_ascii_strtoull(number, NULL, 10), size - head);
    g_autoptr(GBytes) old = g_bytes_new(text + head, old_size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = patch_parse(text + head + old_size, size - head - old_size, &error);

    g_assert_true((files == NULL) == (error != NULL));
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const PatchFile *file = g_ptr_array_index(files, i);
        PatchBudget budget = {.steps = 1u << 16, .bytes = 1u << 20};
        g_autoptr(GError) misfit = NULL;
        g_autoptr(GBytes) made = patch_apply(file, old, &budget, &misfit);

        g_assert_true((made == NULL) == (misfit != NULL));
        g_assert_true((file->old_path == NULL) == (file->kind == PATCH_ADD));
        g_assert_true((file->new_path == NULL) == (file->kind == PATCH_DELETE));
        check_path(file->old_path);
        check_path(file->new_path);
    }
    return 0;
}
