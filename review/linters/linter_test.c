/* The parts of the linters that start nothing: versions, which files are wanted, lines and columns. */
#include "review/linters/output.h"
#include "review/linters/source.h"
#include "review/linters/testing.h"
#include "review/linters/version.h"

#include <stdlib.h>

static void test_version_fits(void) {
    static const struct {
        const char *version, *constraint;
        bool fits;
    } cases[] = {
        {"ruff 0.17.6", ">=0.14", true},
        {"0.17.6", ">=0.14", true},
        {"0.9.1", ">=0.14", false}, /* by number, not by letter */
        {"0.14", ">=0.14.0", true}, /* a missing part is 0 */
        {"0.14.0", "==0.14", true},
        {"0.14.1", "==0.14", false},
        {"0.17.6", "==0.17.*", true},
        {"0.170.6", "==0.17.*", false},
        {"0.17", "==0.17.0.*", true},
        {"0.17.6", "!=0.17.*", false},
        {"0.18.0", "!=0.17.*", true},
        {"0.17.6", ">=0.14,<1", true},
        {"1.0.0", ">=0.14,<1", false},
        {"0.17.6", " >= 0.14 , < 1 ", true},
        {"0.17.6", ">0.17.6", false},
        {"0.17.6", "<=0.17.6", true},
        {"0.17.9", "~=0.17.3", true},
        {"0.17.2", "~=0.17.3", false},
        {"0.18.0", "~=0.17.3", false},
        {"0.18.0", "~=0.17", true},
        {"20.8b1", ">=20.8", false}, /* a pre-release is before its release */
        {"20.8b1", ">=20.7", true},
        {"1.0rc1", "<1.0", false}, /* and yet not what "before 1.0" means */
        {"1.0rc1", ">=1.0rc1", true},
        {"26.10.1+local", "==26.10.1", true},
        {"7.5.0 (mccabe: 0.7.0, pycodestyle: 2.15.0) CPython 3.11.7 on Linux", "==7.5.0", true},
        {"black, 26.10.1 (compiled: yes)", "==26.10.1", true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        bool fits = linter_version_fits(cases[i].version, cases[i].constraint, &error);

        g_assert_no_error(error);
        if (fits != cases[i].fits)
            g_error("%s against %s", cases[i].version, cases[i].constraint);
    }
}

static void test_version_cannot_be_read(void) {
    static const char *const constraints[] = {
        "",
        "0.14",
        "=>0.14",
        "=0.14",
        ">=",
        ">=x",
        ">=0.14,",
        ">=0.14.*",
        ">=0.14 <1",
        "==0..1",
        "~=1",
        ">=0.",
        ">=1.2x",
        "==1.2b.*",
        "latest",
        ">=1.2.3.4.5.6.7.8.9",
        ">=99999999999999999999",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(constraints); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(linter_version_fits("0.17.6", constraints[i], &error));
        if (error == NULL)
            g_error("'%s' was read", constraints[i]);
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(linter_version_fits("unknown", ">=0.14", &error));
    g_assert_cmpstr(error->message, ==,
                    "the version number 'unknown' cannot be read: expected one such as 0.14.2");
}

/* What --version prints. */
static void test_version_in(void) {
    static const char *const said[][2] = {
        {"ruff 0.17.6\n", "0.17.6"},
        {"black, 26.10.1 (compiled: yes)\nPython (CPython) 3.11.2", "26.10.1"},
        {"v9.39.5\n", "9.39.5"},
        {"ShellCheck - shell script analysis tool\nversion: 0.9.0\n", "0.9.0"},
        {"Cppcheck 2.10\n", "2.10"},
        {"very verbose\n", NULL},
        {"", NULL}};

    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        g_autofree char *found = version_in(said[i][0]);

        g_assert_cmpstr(found, ==, said[i][1]);
    }
}

static void test_version_installed(void) {
    char *root = testing_folder();
    g_autofree char *tool = g_build_filename(root, "bin", "ruff", NULL);
    g_autofree char *version = NULL, *without = NULL, *other = NULL, *two = NULL;

    testing_write(root, "bin/ruff", "12345", 5);
    testing_write(root, "lib/python3.11/site-packages/ruff-0.17.6.dist-info/RECORD",
                  "ruff/__init__.py,sha256=x,10\n../../../bin/ruff,sha256=y,5\n", -1);
    testing_write(root, "lib/python3.11/site-packages/ruff_lsp-1.0.dist-info/RECORD", "", -1);
    without = version_installed("ruff", tool);
    g_assert_null(without); /* no virtual environment */
    testing_write(root, "pyvenv.cfg", "home = /usr/bin\n", -1);
    version = version_installed("ruff", tool);
    g_assert_cmpstr(version, ==, "0.17.6");
    testing_write(root, "bin/ruff", "#!/bin/sh", 9); /* not what the package installed */
    other = version_installed("ruff", tool);
    g_assert_null(other);
    testing_write(root, "bin/ruff", "12345", 5);
    testing_write(root, "lib/python3.11/site-packages/ruff-0.18.0.dist-info/RECORD",
                  "../../../bin/ruff,sha256=y,5\n", -1);
    two = version_installed("ruff", tool);
    g_assert_null(two);
    testing_remove(root);
}

static void test_wants(void) {
    static const struct {
        const char *path, *head;
        bool ruff, flake8, black;
    } cases[] = {
        {"a.py", "", true, true, true},
        {"pkg/a.py", "", true, true, true},
        {"a.pyi", "", true, false, true},
        {"a.pyi", "#!/usr/bin/env python3\n", true, false, true},
        {"bin/tool", "#!/usr/bin/env python3\n", true, true, true},
        {"bin/tool", "#!/usr/bin/python3.11 -I\n", true, true, true},
        {"bin/tool", "#!/bin/sh\n", false, false, false},
        {"bin/tool", "import os\n", false, false, false},
        {"a.py/readme.txt", "", false, false, false},
        {"notebook.ipynb", "{}", true, false, false},
        {"pyproject.toml", "", true, false, false},
        {"pkg/pyproject.toml", "", true, false, false},
        {"my-pyproject.toml", "", false, false, false},
        {"caf\xe9.py", "", true, true, true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize len = strlen(cases[i].head);

        g_assert_cmpint(linter_wants(&linter_ruff, cases[i].path, cases[i].head, len), ==, cases[i].ruff);
        g_assert_cmpint(linter_wants(&linter_flake8, cases[i].path, cases[i].head, len), ==, cases[i].flake8);
        g_assert_cmpint(linter_wants(&linter_black, cases[i].path, cases[i].head, len), ==, cases[i].black);
    }
}

static void test_table(void) {
    const Linter *const *linter = linter_all();

    for (const char *const *name = linter_names(); *name != NULL; name++, linter++)
        g_assert_cmpstr((*linter)->name, ==, *name);
    g_assert_null(*linter);
    g_assert_true(linter_find("ruff") == &linter_ruff);
    g_assert_null(linter_find("rufff"));
}

/* How the tools print names that are not UTF-8. */
static void test_names(void) {
    static const struct {
        const char *path, *lossy, *backslashed;
    } cases[] = {
        {"a.py", "a.py", "a.py"},
        {"caf\xe9.py", "caf\xef\xbf\xbd.py", "caf\\udce9.py"},
        {"\xe2\x82.py", "\xef\xbf\xbd.py", "\\udce2\\udc82.py"}, /* the beginning of one character */
        {"\xe2\x28\xa1", "\xef\xbf\xbd(\xef\xbf\xbd", "\\udce2(\\udca1"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\\udced\\udca0\\udc80"},
        {"\xf0\x9f\x98.py", "\xef\xbf\xbd.py", "\\udcf0\\udc9f\\udc98.py"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", "\\udcff\\udcfe"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *lossy = path_lossy(cases[i].path), *backslashed = path_backslashed(cases[i].path);

        g_assert_cmpstr(lossy, ==, cases[i].lossy);
        g_assert_cmpstr(backslashed, ==, cases[i].backslashed);
    }
}

static void assert_place(const Source *source, guint line, guint column, guint git_line, guint git_column) {
    Region region = source_region(source, (Region){line, column, line, column});

    g_assert_cmpuint(region.start_line, ==, git_line);
    g_assert_cmpuint(region.start_column, ==, git_column);
}

/* A lone carriage return ends a line to the tools only. */
static void test_source_lines(void) {
    static const char text[] = "\xef\xbb\xbf"
                               "a = 1 # \xc3\xa9\r\rb\nc\r\nlast";
    g_autoptr(Source) source = source_new(text, strlen(text));

    g_assert_cmpuint(source_lines(source), ==, 5);
    assert_place(source, 1, 1, 1, 1); /* the byte order mark is no column */
    assert_place(source, 1, 9, 1, 9);
    assert_place(source, 1, 99, 1, 10); /* the end of the line */
    assert_place(source, 2, 1, 1, 11);
    assert_place(source, 3, 2, 1, 13);
    assert_place(source, 4, 1, 2, 1);
    assert_place(source, 5, 5, 3, 5);
    assert_place(source, 6, 1, 3, 5); /* the end of the file */
}

static void test_source_columns(void) {
    static const char text[] = "\xc3\xa9 = 1; y\n\xe9 = 1; y\n";
    g_autoptr(Source) source = source_new(text, strlen(text));

    g_assert_cmpuint(source_column_of_byte(source, 1, 9), ==, 8);
    g_assert_cmpuint(source_column_of_byte(source, 2, 9), ==, 8); /* Latin-1: two bytes in UTF-8 */
    g_assert_cmpuint(source_column_of_byte(source, 1, 99), ==, 9);
    g_assert_cmpuint(source_columns(source, 2), ==, 8);
}

/* A syntax error behind the last line lies on it, so that it can be on a changed line. */
static void test_source_finding(void) {
    g_autoptr(Source) source = source_new("x = (\n", 6);
    g_autoptr(Source) empty = source_new("", 0);
    Region behind = source_finding_region(source, (Region){2, 1, 2, 1});
    Region nothing = source_finding_region(empty, (Region){1, 1, 1, 1});
    Region lines = source_finding_region(source, (Region){1, 0, 7, 0});

    g_assert_cmpuint(behind.start_line, ==, 1);
    g_assert_cmpuint(behind.start_column, ==, 6);
    g_assert_cmpuint(nothing.start_line, ==, 0);
    g_assert_cmpuint(lines.end_line, ==, 1);
    g_assert_cmpuint(lines.end_column, ==, 0);
}

/* The list of those that measure complexity is that of the table. */
static void test_complexity(void) {
    const char *const *names = linter_names_with_complexity();

    for (const Linter *const *linter = linter_all(); *linter != NULL; linter++) {
        g_assert_true(g_strv_contains(names, (*linter)->name) == ((*linter)->limit_complexity != NULL));
        g_assert_true(((*linter)->complexity_code != NULL) == ((*linter)->limit_complexity != NULL));
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/linter/version/fits", test_version_fits);
    g_test_add_func("/linter/version/cannot-be-read", test_version_cannot_be_read);
    g_test_add_func("/linter/version/in", test_version_in);
    g_test_add_func("/linter/version/installed", test_version_installed);
    g_test_add_func("/linter/wants", test_wants);
    g_test_add_func("/linter/table", test_table);
    g_test_add_func("/linter/names", test_names);
    g_test_add_func("/linter/source/lines", test_source_lines);
    g_test_add_func("/linter/source/columns", test_source_columns);
    g_test_add_func("/linter/source/finding", test_source_finding);
    g_test_add_func("/linter/complexity", test_complexity);
    return g_test_run();
}
