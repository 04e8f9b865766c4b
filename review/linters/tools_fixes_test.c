/* All fixes of a linter, made at once, against what the tool writes itself. A linter that is not on the PATH
 * fails the test. */
#include "review/linters/testing_tools.h"

#include <jansson.h>

/* The place of a line and column as finding.h counts them. */
static gsize offset_of(const char *text, guint line, guint column) {
    const char *p = text;

    for (; line > 1; line--)
        p = strchr(p, '\n') + 1;
    if (p == text && g_str_has_prefix(p, "\xef\xbb\xbf"))
        p += 3;
    for (; column > 1; column--)
        p = g_utf8_next_char(p);
    return (gsize)(p - text);
}

static int later_first(gconstpointer a, gconstpointer b) {
    const Region *x = &(*(const Edit *const *)a)->region, *y = &(*(const Edit *const *)b)->region;

    if (x->start_line != y->start_line)
        return x->start_line < y->start_line ? 1 : -1;
    if (x->start_column != y->start_column)
        return x->start_column < y->start_column ? 1 : -1;
    return x->end_line != y->end_line ? (x->end_line < y->end_line ? 1 : -1)
                                      : (int)y->end_column - (int)x->end_column; /* an insertion is before */
}

static bool is_same_edit(const Edit *a, const Edit *b) {
    return memcmp(&a->region, &b->region, sizeof a->region) == 0 && strcmp(a->text, b->text) == 0;
}

/* The file with all its fixes; each of those that are there twice once. */
static char *apply(const char *root, const char *path, const CheckResult *result, guint *ret_fixes) {
    g_autoptr(GPtrArray) edits = g_ptr_array_new();
    gsize len;
    g_autofree char *text = testing_read(root, path, &len);
    GString *fixed = g_string_new_len(text, (gssize)len);
    gsize last = G_MAXSIZE;

    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];

        if (strcmp(finding->path, path) == 0 && finding->fixes->len > 0) {
            const Fix *fix = finding->fixes->pdata[0];

            g_ptr_array_extend(edits, fix->edits, NULL, NULL);
            (*ret_fixes)++;
        }
    }
    g_ptr_array_sort(edits, later_first);
    for (guint i = 0; i < edits->len; i++) {
        const Edit *edit = edits->pdata[i];
        gsize start = offset_of(text, edit->region.start_line, edit->region.start_column);
        gsize end = offset_of(text, edit->region.end_line, edit->region.end_column);

        if (i > 0 && is_same_edit(edit, edits->pdata[i - 1]))
            continue;
        g_assert_cmpuint(end, <=, last); /* no two overlap */
        g_string_erase(fixed, (gssize)start, (gssize)(end - start));
        g_string_insert(fixed, (gssize)start, edit->text);
        last = start;
    }
    return g_string_free(fixed, FALSE);
}

/* Files of which a report could not hold the changes, since they are not UTF-8. */
static bool is_utf8(const char *root, const char *path) {
    gsize len;
    g_autofree char *text = testing_read(root, path, &len);

    return g_utf8_validate(text, (gssize)len, NULL);
}

/* All fixes of a file together are what the tool itself writes; `write` is the command that does. */
static void compare_fixes(const Linter *linter, const char *const *args, const char *const *write,
                          guint expected_fixes) {
    char *root = testing_tree(), *written = testing_tree();
    g_autoptr(GPtrArray) paths = testing_paths(root, UTF8_NAMES),
                         argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CheckResult) result = run(linter, root, paths, args, false);
    g_auto(Started) started = {0};
    guint fixes = 0;

    for (; *write != NULL; write++)
        g_ptr_array_add(argv, g_strdup(*write));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(argv, g_strdup(paths->pdata[i]));
    (void)spawn(written, argv, "/dev/null", &started);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *ours = NULL, *theirs = NULL;
        gsize len;

        if (!is_utf8(root, paths->pdata[i]))
            continue;
        ours = apply(root, paths->pdata[i], result, &fixes);
        theirs = testing_read(written, paths->pdata[i], &len);
        g_assert_cmpstr(ours, ==, theirs);
    }
    g_assert_cmpuint(fixes, ==, expected_fixes);
    testing_remove(root);
    testing_remove(written);
}

static void test_black_fixes(void) {
    static const char *const write[] = {"black", "-q", "--", NULL};

    compare_fixes(&linter_black, no_args, write, 15);
}

/* A block of code that Black has something to say of, or that is a nuisance to whoever reads its diff. */
static const char *random_block(void) {
    static const char *const blocks[] = {
        "x  =  1",
        "y = 'a'",
        "def f( a ):\n    return  a",
        "class A: ...",
        "class B:\n\n    x = 1\n    def g(self): pass",
        "",
        "",
        "",
        "\f",
        "# a comment  ",
        "#comment",
        "# fmt: off\nz   = [1,\n 2]\n# fmt: on",
        "if True:\n\tx = 1\n\n\n\n\n\ty = 2",
        "s = '''\n  a  \n\f\n\tb\n'''",
        "\"\"\"  doc \"\"\"",
        "\xc3\xa9 = '\xc3\xbc\xf0\x9f\x8e\x89' ; z=1",
        "print((1))",
        "d = {\n 'a':1,\n}",
        "x = 1  \\\n + 2",
        "@d\n\ndef h(): pass",
        "call(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccc)",
        "y = 1 # \xe2\x80\xa8 one line to Python",
        "s = '\x0b\x1c\xc2\x85'",
        "import os",
        "for i in  x:\n  if i :\n    break",
        "-- @@ -1,2 +3 @@",
        "\"--- a.py\\t2026-01-01 00:00:00+00:00\"",
    };

    return blocks[g_test_rand_int_range(0, G_N_ELEMENTS(blocks))];
}

/* A file of such blocks, whose lines end in one way, or in several. */
static char *random_module(void) {
    static const char *const ends[] = {"\n", "\n", "\r\n", "\r"};
    int end = g_test_rand_int_range(0, 5); /* 4: now so, now so */
    g_autoptr(GString) blocks = g_string_new(NULL);
    GString *text = g_string_new(g_test_rand_int_range(0, 8) == 0 ? "\xef\xbb\xbf" : "");

    for (int i = g_test_rand_int_range(0, 12); i > 0; i--)
        g_string_append_printf(blocks, "%s\n", random_block());
    if (g_test_rand_int_range(0, 3) == 0 && blocks->len > 0)
        g_string_truncate(blocks, blocks->len - 1);
    for (const char *p = blocks->str; *p != '\0'; p++) {
        if (*p == '\n')
            g_string_append(text, ends[end < 4 ? end : g_test_rand_int_range(0, 4)]);
        else
            g_string_append_c(text, *p);
    }
    return g_string_free(text, FALSE);
}

/* The files of such modules in two folders, of which the tool has written one. */
static GPtrArray *random_files(const char *root, const char *written, guint count) {
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < count; i++) {
        char *path = g_strdup_printf("%03u.py%s", i, i % 4 == 0 ? "i" : "");
        g_autofree char *text = random_module();

        testing_write(root, path, text, -1);
        testing_write(written, path, text, -1);
        g_ptr_array_add(paths, path);
    }
    return paths;
}

/* Its hunks, all applied, are what Black writes, whatever the file. */
static void test_black_random(void) {
    static const char *const write[] = {"black", "-q", "--"};
    char *root = testing_folder(), *written = testing_folder();
    g_autoptr(GPtrArray) paths = random_files(root, written, 120),
                         argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CheckResult) result = run(&linter_black, root, paths, no_args, false);
    g_auto(Started) started = {0};
    guint fixes = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(write); i++)
        g_ptr_array_add(argv, g_strdup(write[i]));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(argv, g_strdup(paths->pdata[i]));
    (void)spawn(written, argv, "/dev/null", &started);
    g_assert_cmpstr(result->failure, ==, NULL);
    for (guint i = 0; i < paths->len; i++) {
        gsize len;
        g_autofree char *before = testing_read(root, paths->pdata[i], &len),
                        *shown = g_strescape(before, NULL),
                        *ours = apply(root, paths->pdata[i], result, &fixes),
                        *theirs = testing_read(written, paths->pdata[i], &len);

        if (strcmp(ours, theirs) != 0 || check_failure_of(result, paths->pdata[i]) != NULL)
            g_test_message("%s", shown);
        g_assert_cmpstr(check_failure_of(result, paths->pdata[i]), ==, NULL);
        g_assert_cmpstr(ours, ==, theirs);
    }
    g_assert_cmpuint(fixes, >, paths->len / 4);
    testing_remove(root);
    testing_remove(written);
}

static void test_ruff_fixes(void) {
    static const char *const args[] = {"--select", "F401,W292", NULL};
    static const char *const write[] = {"ruff",     "check",     "--fix", "--no-cache",
                                        "--select", "F401,W292", "--",    NULL};

    compare_fixes(&linter_ruff, args, write, 13);
}

/* The text of all cells, each joined, since Ruff writes a notebook anew. */
static char *cells_of(const char *text) {
    GString *cells = g_string_new(NULL);
    json_t *notebook = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *cell;
    gsize i, j;

    g_assert_nonnull(notebook);
    json_array_foreach(json_object_get(notebook, "cells"), i, cell) {
        json_t *source = json_object_get(cell, "source");

        g_string_append_printf(cells, "[%" G_GSIZE_FORMAT "]", i);
        if (json_is_string(source))
            g_string_append(cells, json_string_value(source));
        for (j = 0; j < json_array_size(source); j++)
            g_string_append(cells, json_string_value(json_array_get(source, j)));
    }
    json_decref(notebook);
    return g_string_free(cells, FALSE);
}

/* All fixes of a notebook together are what Ruff itself writes, however the notebook is written. */
static void test_ruff_notebooks(void) {
    static const char *const args[] = {"--select", "F401,E401,W291", NULL};
    static const char *const write[] = {"ruff",       "check",    "--fix",          "--no-cache", "-q",
                                        "--isolated", "--select", "F401,E401,W291", "--",         NULL};
    char *root = testing_copy("notebooks"), *written = testing_copy("notebooks");
    g_autoptr(GPtrArray) paths = testing_paths(root, ALL_NAMES),
                         argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CheckResult) result = run(&linter_ruff, root, paths, args, false);
    g_autofree char *found = testing_dump(result);
    g_auto(Started) started = {0};
    guint fixes = 0;

    testing_compare(found, "notebooks.findings");
    for (const char *const *word = write; *word != NULL; word++)
        g_ptr_array_add(argv, g_strdup(*word));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(argv, g_strdup(paths->pdata[i]));
    (void)spawn(written, argv, "/dev/null", &started);
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *fixed = apply(root, paths->pdata[i], result, &fixes), *theirs = NULL, *ours = NULL,
                        *expected = NULL;
        gsize len;

        theirs = testing_read(written, paths->pdata[i], &len);
        ours = cells_of(fixed);
        expected = cells_of(theirs);
        g_assert_cmpstr(ours, ==, expected);
    }
    g_assert_cmpuint(fixes, ==, 19);
    testing_remove(root);
    testing_remove(written);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/tools/ruff/fixes", test_ruff_fixes);
    g_test_add_func("/tools/ruff/notebooks", test_ruff_notebooks);
    g_test_add_func("/tools/black/fixes", test_black_fixes);
    g_test_add_func("/tools/black/random", test_black_random);
    return g_test_run();
}
