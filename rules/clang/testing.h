/* testing.h: what the tests of this folder share: a folder of files, and what the worker says of them.
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "rules/clang/client.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* A folder of files, and what is asked of them. */
typedef struct {
    char *root;
    GPtrArray *sources;
    GPtrArray *rules; /* of const Rule; NULL */
    ClangResult *result;
} Testing;

static inline Testing *testing_new(void) {
    Testing *c = g_new0(Testing, 1);
    g_autoptr(GError) error = NULL;

    c->root = g_dir_make_tmp("sallyport-clang-XXXXXX", &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_chmod(c->root, 0755), ==, 0); /* the sandbox reads it as another user */
    c->sources = g_ptr_array_new_with_free_func((GDestroyNotify)clang_source_free);
    return c;
}

static inline void testing_free(Testing *c) {
    g_autoptr(GDir) dir = g_dir_open(c->root, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(c->root, name, NULL);

        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_remove(c->root), ==, 0);
    g_free(c->root);
    g_ptr_array_unref(c->sources);
    clang_result_free(c->result);
    g_free(c);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Testing, testing_free)

static inline void testing_write(const Testing *c, const char *name, const char *text, gssize len) {
    g_autofree char *path = g_build_filename(c->root, name, NULL);

    g_assert_true(g_file_set_contents(path, text, len, NULL));
}

static inline ClangSource *testing_add(const Testing *c, const char *name, const char *language,
                                       const char *text) {
    ClangSource *source = clang_source_new(name, language);

    testing_write(c, name, text, -1);
    g_ptr_array_add(c->sources, source);
    return source;
}

static inline void testing_run(Testing *c) {
    g_autoptr(Supervisor) supervisor = supervisor_new(2, -1);
    const ClangRequest request = {
        .sources = c->sources, .rules = c->rules, .root = c->root, .require = TIER_LANDLOCK};
    ClangRun *started = clang_start(&request, supervisor);

    g_assert_true(supervisor_wait(supervisor));
    c->result = clang_finish(started, supervisor);
    g_assert_cmpuint(c->result->files->len, ==, c->sources->len);
}

static inline const ClangFile *testing_file(const Testing *c, guint i) {
    return c->result->files->pdata[i];
}

/* "f 2/1, g 1/0?": name, cyclomatic and cognitive complexity; "?": it is not all known. */
static inline char *testing_functions(const ClangFile *file) {
    GString *text = g_string_new(NULL);

    for (guint i = 0; file->functions != NULL && i < file->functions->len; i++) {
        const ClangFunction *function = file->functions->pdata[i];

        g_string_append_printf(text, "%s%s %u/%u%s", i > 0 ? ", " : "", function->name, function->cyclomatic,
                               function->cognitive, function->lost ? "?" : "");
    }
    return g_string_free(text, FALSE);
}

static inline void testing_assert(const Testing *c, guint i, const char *expected) {
    g_autofree char *said = testing_functions(testing_file(c, i));

    g_assert_cmpstr(testing_file(c, i)->failure, ==, NULL);
    g_assert_cmpstr(said, ==, expected);
}
