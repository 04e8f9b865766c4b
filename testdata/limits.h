/* limits.h: the program of limits.c, which the Makefile builds, for a test to run it in a sandbox.
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include <glib.h>

static inline GBytes *limits_program(void) {
    g_autofree char *path = g_test_build_filename(G_TEST_BUILT, "testdata", "limits", NULL);
    char *text;
    gsize size;

    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    return g_bytes_new_take(text, size);
}
