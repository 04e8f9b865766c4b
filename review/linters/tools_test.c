/* The same readers over the true linters, started on the tree of testdata/linters: what they print must be
 * what was recorded, or the recordings are out of date (testdata/linters/record.sh). A linter that is not on
 * the PATH fails the test. */
#include "review/linters/testing.h"

#include "review/linters/version.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A linter started by hand, as linter_start() does it but for the sandbox. */
typedef struct {
    char *out, *err;
    LinterOutput output;
} Started;

static void started_clear(Started *started) {
    g_free(started->out);
    g_free(started->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Started, started_clear)

/* Runs a command in a folder, with its streams in files, and reads these. Returns the exit code. */
static int spawn(const char *cwd, GPtrArray *argv, const char *input, Started *ret_started) {
    static const char *const settings[] = {"LC_ALL=C.UTF-8", "NO_COLOR=1", "PYTHONSAFEPATH=1", "PYTHONUTF8=1",
                                           "PYTHONIOENCODING=utf-8:surrogateescape"};
    g_autoptr(GPtrArray) env = g_ptr_array_new_with_free_func(g_free);
    char *folder = testing_folder();
    g_autofree char *out = g_build_filename(folder, "out", NULL),
                    *err = g_build_filename(folder, "err", NULL);
    g_autoptr(GError) error = NULL;
    int in_fd = g_open(input, O_RDONLY | O_CLOEXEC), status;
    int out_fd = g_open(out, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int err_fd = g_open(err, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    GPid pid;

    g_ptr_array_add(argv, NULL);
    g_ptr_array_add(env, g_strconcat("PATH=", g_getenv("PATH"), NULL));
    g_ptr_array_add(env, g_strconcat("HOME=", folder, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        g_ptr_array_add(env, g_strdup(settings[i]));
    g_ptr_array_add(env, NULL);
    g_spawn_async_with_fds(cwd, (char **)argv->pdata, (char **)env->pdata,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, in_fd, out_fd,
                           err_fd, &error);
    g_assert_no_error(error);
    if (error != NULL)
        exit(1); /* not on the PATH: nothing below can be true */
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    close(in_fd);
    close(out_fd);
    close(err_fd);
    ret_started->out = testing_read(folder, "out", &ret_started->output.out_len);
    ret_started->err = testing_read(folder, "err", &ret_started->output.err_len);
    testing_remove(folder);
    return WEXITSTATUS(status);
}

/* Starts the linter over the paths, of which there is one where its name cannot be printed, and reads what it
 * prints. */
static CheckResult *run(const Linter *linter, const char *root, const GPtrArray *paths,
                        const char *const *args, bool single) {
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;
    g_auto(Started) started = {0};
    CheckResult *result = testing_result(linter, paths);
    bool by_stdin = single && linter->single_by_stdin;
    g_autofree char *input = by_stdin ? g_build_filename(root, paths->pdata[0], NULL) : g_strdup("/dev/null");

    g_ptr_array_add(argv, g_strdup(linter->name));
    linter->arguments(argv, args, single ? paths->pdata[0] : NULL);
    g_ptr_array_add(argv, g_strdup("--"));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(argv,
                        by_stdin ? g_strdup("-") : g_strconcat(linter->path_prefix, paths->pdata[i], NULL));
    started.output.exit_code = spawn(root, argv, input, &started);
    started.output.paths = paths;
    started.output.out = started.out;
    started.output.err = started.err;
    started.output.root = started.output.cwd = root;
    started.output.single = single;
    if (linter_read(linter, &started.output, account, result, &error))
        linter_account(paths, account, result);
    else
        check_fail(result, error->message, NULL);
    return result;
}

static const char *const no_args[] = {NULL};

static void compare_tool(const Linter *linter, const char *golden, TestingNames names) {
    char *root = testing_tree();
    g_autoptr(GPtrArray) paths = testing_paths(root, names);
    g_autoptr(CheckResult) result = run(linter, root, paths, no_args, names == OTHER_NAMES);
    g_autofree char *found = testing_dump(result);

    testing_compare(found, golden);
    testing_remove(root);
}

static void test_ruff(void) {
    compare_tool(&linter_ruff, "ruff.findings", ALL_NAMES);
}

static void test_flake8(void) {
    compare_tool(&linter_flake8, "flake8.findings", UTF8_NAMES);
    compare_tool(&linter_flake8, "flake8-single.findings", OTHER_NAMES);
}

static void test_black(void) {
    compare_tool(&linter_black, "black.findings", UTF8_NAMES);
    compare_tool(&linter_black, "black-single.findings", OTHER_NAMES);
}

/* In the sandbox, as a review does it: all files of the tree, and those that were left out by name. */
static void compare_in_sandbox(const Linter *linter, const char *golden) {
    static const char *const none[] = {NULL};
    char *root = testing_tree();
    g_autoptr(GPtrArray) paths = testing_paths(root, ALL_NAMES);
    g_autoptr(Supervisor) supervisor = supervisor_new(2, -1);
    g_autoptr(CheckResult) result = NULL;
    g_auto(GStrv) args = g_strdupv((char **)none);
    g_autoptr(GArray) severity = g_array_new(FALSE, FALSE, sizeof(SeverityEntry));
    LinterPolicy policy = {
        .name = (char *)linter->name, .args = args, .severity = severity, .timeout_ms = 60000};
    LinterRun *started;
    g_autofree char *found = NULL;

    started = linter_start(&policy, paths, NULL, root, g_getenv("PATH"), supervisor);
    g_assert_true(supervisor_wait(supervisor));
    result = linter_finish(started, supervisor);
    found = testing_dump(result);
    testing_compare(found, golden);
    g_assert_nonnull(result->version);
    testing_remove(root);
}

static void test_sandbox(void) {
    compare_in_sandbox(&linter_ruff, "ruff-all.findings");
    compare_in_sandbox(&linter_flake8, "flake8-all.findings");
    compare_in_sandbox(&linter_black, "black-all.findings");
}

/* What is read from the environment's folders is what the tool says itself. */
static void test_version(void) {
    for (const char *const *name = linter_names(); *name != NULL; name++) {
        g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
        g_auto(Started) started = {0};
        g_autofree char *path = g_find_program_in_path(*name), *said = NULL, *installed = NULL;

        g_ptr_array_add(argv, g_strdup(*name));
        g_ptr_array_add(argv, g_strdup("--version"));
        (void)spawn("/", argv, "/dev/null", &started);
        said = version_in(started.out);
        installed = version_installed(*name, path);
        g_assert_nonnull(said);
        if (installed != NULL) /* it need not stand in a virtual environment */
            g_assert_cmpstr(installed, ==, said);
    }
}

/* A configuration that cannot be read is not "no findings". */
static void assert_config_fails(const Linter *linter, const char *name, const char *config,
                                const char *expected) {
    char *root = testing_folder();
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(CheckResult) result = NULL;
    g_auto(GStrv) parts = NULL;
    g_autofree char *failure = NULL;

    testing_write(root, "a.py", "x = 1\n", -1);
    testing_write(root, name, config, -1);
    g_ptr_array_add(paths, (char *)"a.py");
    result = run(linter, root, paths, no_args, false);
    g_assert_nonnull(result->failure);
    parts = g_strsplit(result->failure != NULL ? result->failure : "", root, -1);
    failure = g_strjoinv("ROOT", parts);
    g_assert_cmpstr(failure, ==, expected);
    testing_remove(root);
}

static void test_config_fails(void) {
    assert_config_fails(&linter_ruff, "ruff.toml", "[lint]\nselect = [\"F\"\n",
                        "ended with exit code 2: Failed to load configuration `ROOT/ruff.toml`: Failed to "
                        "parse ROOT/ruff.toml: TOML parse error at line 2, column 14");
    assert_config_fails(&linter_ruff, "ruff.toml", "[lint]\nselect = [\"NOPE1\"]\n",
                        "ended with exit code 2: Unknown rule selector `NOPE1` in `select` from "
                        "`ROOT/ruff.toml`");
    assert_config_fails(&linter_flake8, ".flake8", "[flake8\n",
                        "it is ignoring unparseable config ROOT/.flake8: File contains no section headers.");
    assert_config_fails(&linter_flake8, ".flake8", "[flake8]\nmax-line-length = x\n",
                        "ended with exit code 1 before it was done: ValueError: invalid literal for int() "
                        "with base 10: 'x'");
    assert_config_fails(&linter_flake8, ".flake8", "[flake8]\nrequire-plugins = none-such\n",
                        "ended with exit code 1 before it was done: - missing: none-such");
    assert_config_fails(&linter_black, "pyproject.toml", "[tool.black]\nline-length = [\n",
                        "ended with exit code 1 before it was done: tomllib.TOMLDecodeError: Invalid value "
                        "(at end of document)");
    assert_config_fails(&linter_black, "pyproject.toml", "[tool.black]\nrequired-version = \"1\"\n",
                        "ended with exit code 1 before it was done: Oh no! \xf0\x9f\x92\xa5 \xf0\x9f\x92\x94 "
                        "\xf0\x9f\x92\xa5 The required version `1` does not match the running version "
                        "`26.10.1`!");
}

/* Arguments of the policy do not silence a linter unseen. */
static void test_arguments(void) {
    static const char *const args[][3] = {
        {"--quiet", NULL},
        {"--output-format", "text", NULL},
        {"--exit-zero", "--silent", NULL},
        {"-qq", "--exit-zero", NULL},
        {"--format", "pylint", NULL},
        {"--quiet", "--fast", NULL},
    };
    static const struct {
        const Linter *linter;
        guint args;
        const char *expected;
    } cases[] = {
        {&linter_ruff, 0, "undecided"},   {&linter_ruff, 1, "undecided"},   {&linter_ruff, 2, "undecided"},
        {&linter_flake8, 0, "undecided"}, {&linter_flake8, 3, "undecided"}, {&linter_flake8, 4, "a.py:1:1"},
        {&linter_black, 5, "a.py:1:0"},
    };
    char *root = testing_folder();
    g_autoptr(GPtrArray) paths = g_ptr_array_new();

    testing_write(root, "a.py", "import  os\n", -1);
    g_ptr_array_add(paths, (char *)"a.py");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CheckResult) result = run(cases[i].linter, root, paths, args[cases[i].args], false);
        g_autofree char *found = testing_dump(result);

        if (!g_str_has_prefix(found, cases[i].expected))
            g_test_fail_printf("%s %s: %s", cases[i].linter->name, args[cases[i].args][0], found);
    }
    testing_remove(root);
}

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
    g_test_add_func("/tools/ruff", test_ruff);
    g_test_add_func("/tools/flake8", test_flake8);
    g_test_add_func("/tools/black", test_black);
    g_test_add_func("/tools/version", test_version);
    g_test_add_func("/tools/config-fails", test_config_fails);
    g_test_add_func("/tools/arguments", test_arguments);
    g_test_add_func("/tools/ruff/fixes", test_ruff_fixes);
    g_test_add_func("/tools/ruff/notebooks", test_ruff_notebooks);
    g_test_add_func("/tools/black/fixes", test_black_fixes);
    g_test_add_func("/tools/black/random", test_black_random);
    g_test_add_func("/tools/sandbox", test_sandbox);
    return g_test_run();
}
