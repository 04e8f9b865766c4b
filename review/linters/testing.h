/* testing.h: what the tests of this folder share: the tree of testdata/linters as a folder, and a result as
 * text that can be compared.
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "review/linters/linter.h"

#include "exec/text.h"

#include <ftw.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#define TESTING_DATA "testdata/linters"
#define TESTING_NOT_UTF8 "caf\xe9.py"

static inline void testing_write(const char *root, const char *path, const char *text, gssize len) {
    g_autofree char *name = g_build_filename(root, path, NULL), *folder = g_path_get_dirname(name);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_assert_true(g_file_set_contents(name, text, len, NULL));
}

static inline char *testing_read(const char *root, const char *path, gsize *ret_len) {
    g_autofree char *name = g_build_filename(root, path, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;

    g_file_get_contents(name, &text, ret_len, &error);
    g_assert_no_error(error);
    return text;
}

static inline char *testing_folder(void) {
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("sallyport-linters-XXXXXX", &error);

    g_assert_no_error(error);
    g_assert_cmpint(g_chmod(folder, 0755), ==, 0); /* the sandbox reads it as another user */
    return folder;
}

static inline int testing_remove_one(const char *path, const struct stat *st G_GNUC_UNUSED,
                                     int type G_GNUC_UNUSED, struct FTW *ftw G_GNUC_UNUSED) {
    return g_remove(path);
}

static inline void testing_remove(char *folder) {
    g_assert_cmpint(nftw(folder, testing_remove_one, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
    g_free(folder);
}

/* All files below root/below, relative to the root. */
static inline void testing_list(const char *root, const char *below, GPtrArray *paths) {
    g_autofree char *folder = g_build_filename(root, below, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL) {
        char *path = *below != '\0' ? g_strconcat(below, "/", name, NULL) : g_strdup(name);
        g_autofree char *full = g_build_filename(root, path, NULL);

        if (g_file_test(full, G_FILE_TEST_IS_DIR)) {
            testing_list(root, path, paths);
            g_free(path);
        } else {
            g_ptr_array_add(paths, path);
        }
    }
}

/* A copy of testdata/linters/NAME. */
static inline char *testing_copy(const char *name) {
    g_autofree char *from = g_build_filename(TESTING_DATA, name, NULL);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    char *root = testing_folder();

    testing_list(from, "", paths);
    for (guint i = 0; i < paths->len; i++) {
        gsize len;
        g_autofree char *text = testing_read(from, paths->pdata[i], &len);

        testing_write(root, paths->pdata[i], text, (gssize)len);
    }
    return root;
}

/* The tree as record.sh has it: with two names that would be a nuisance in a repository. */
static inline char *testing_tree(void) {
    char *root = testing_copy("tree");
    gsize len;
    g_autofree char *text = testing_read(root, "unused.py", &len);

    testing_write(root, "new\nline.py", text, (gssize)len);
    testing_write(root, TESTING_NOT_UTF8, text, (gssize)len);
    return root;
}

typedef enum { ALL_NAMES, UTF8_NAMES, OTHER_NAMES } TestingNames;

/* The Python files of a tree, and no configuration, sorted. */
static inline GPtrArray *testing_paths(const char *root, TestingNames names) {
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    testing_list(root, "", paths);
    for (guint i = paths->len; i-- > 0;) {
        bool utf8 = g_utf8_validate(paths->pdata[i], -1, NULL);

        if (!linter_wants(&linter_ruff, paths->pdata[i], "", 0) ||
            g_str_has_suffix(paths->pdata[i], ".toml") || (names == UTF8_NAMES && !utf8) ||
            (names == OTHER_NAMES && utf8))
            g_ptr_array_remove_index_fast(paths, i);
    }
    g_ptr_array_sort(paths, text_compare);
    return paths;
}

/* A result for those paths. */
static inline CheckResult *testing_result(const Linter *linter, const GPtrArray *paths) {
    CheckResult *result = check_result_new(linter->name != NULL ? linter->name : "tool");

    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(result->paths, g_strdup(paths->pdata[i]));
    return result;
}

static inline void testing_dump_region(GString *out, Region region) {
    g_string_append_printf(out, "%u:%u-%u:%u", region.start_line, region.start_column, region.end_line,
                           region.end_column);
}

static inline void testing_dump_fix(GString *out, const Fix *fix) {
    static const char *const kinds[] = {"safe", "unsafe", "display only"};

    g_string_append_printf(out, "    %s fix: %s\n", kinds[fix->kind], fix->description);
    for (guint i = 0; i < fix->edits->len; i++) {
        const Edit *edit = fix->edits->pdata[i];
        g_autofree char *text = g_strescape(edit->text, NULL);

        g_string_append(out, "        ");
        testing_dump_region(out, edit->region);
        g_string_append_printf(out, " \"%s\"\n", text);
    }
}

/* The findings, sorted, and then what failed. */
static inline char *testing_dump(const CheckResult *result) {
    GString *out = g_string_new(NULL);
    g_autoptr(GList) failed =
        g_list_sort(g_hash_table_get_keys(result->failures), (GCompareFunc)(void *)strcmp);

    g_ptr_array_sort(result->findings, finding_compare);
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        g_autofree char *path = text_path(finding->path);

        g_string_append_printf(out, "%s:", path);
        testing_dump_region(out, finding->region);
        g_string_append_printf(out, ": %s: %s\n", finding->rule, finding->message);
        for (guint j = 0; j < finding->fixes->len; j++)
            testing_dump_fix(out, finding->fixes->pdata[j]);
    }
    for (const GList *path = failed; path != NULL; path = path->next) {
        g_autofree char *shown = text_path(path->data);

        g_string_append_printf(out, "%s: undecided: %s\n", shown,
                               (const char *)g_hash_table_lookup(result->failures, path->data));
    }
    g_list_free(failed);
    failed = g_list_sort(g_hash_table_get_keys(result->left_out), (GCompareFunc)(void *)strcmp);
    for (const GList *path = failed; path != NULL; path = path->next) {
        g_autofree char *shown = text_path(path->data);

        g_string_append_printf(out, "%s: left out: %s\n", shown,
                               (const char *)g_hash_table_lookup(result->left_out, path->data));
    }
    if (result->failure != NULL)
        g_string_append_printf(out, "undecided: %s\n", result->failure);
    return g_string_free(out, FALSE);
}

/* Compares with testdata/linters/NAME; with SALLYPORT_GOLDEN=1 in the environment writes it instead. */
static inline void testing_compare(const char *text, const char *name) {
    g_autofree char *expected = NULL;
    gsize len;

    if (g_getenv("SALLYPORT_GOLDEN") != NULL)
        testing_write(TESTING_DATA, name, text, -1);
    expected = testing_read(TESTING_DATA, name, &len);
    g_assert_cmpstr(text, ==, expected);
}

/* Reads an output as linter_finish() does, but for the question which files were left out; the result as
 * text.
 */
static inline char *testing_read_output(const Linter *linter, const LinterOutput *output) {
    g_autoptr(CheckResult) result = testing_result(linter, output->paths);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;

    if (linter_read(linter, output, account, result, &error))
        linter_account(output->paths, account, result);
    else
        check_fail(result, error->message, NULL);
    return testing_dump(result);
}
