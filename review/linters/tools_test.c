/* The same readers over the true linters, started on the tree of testdata/linters: what they print must be
 * what was recorded, or the recordings are out of date (testdata/linters/record.sh). A linter that is not on
 * the PATH fails the test. */
#include "review/linters/testing_tools.h"

#include "review/linters/version.h"

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

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/tools/ruff", test_ruff);
    g_test_add_func("/tools/flake8", test_flake8);
    g_test_add_func("/tools/black", test_black);
    g_test_add_func("/tools/version", test_version);
    g_test_add_func("/tools/config-fails", test_config_fails);
    g_test_add_func("/tools/arguments", test_arguments);
    g_test_add_func("/tools/sandbox", test_sandbox);
    return g_test_run();
}
