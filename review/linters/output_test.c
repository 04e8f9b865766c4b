/* What the linters print, as it was recorded and as it might be, and what is read from it. */
#include "review/linters/output.h"
#include "review/linters/testing.h"

/* What was recorded of one process, read over the tree. */
static void compare_recorded(const Linter *linter, const char *name, TestingNames names) {
    char *root = testing_tree();
    g_autoptr(GPtrArray) paths = testing_paths(root, names);
    g_autofree char *out_name = g_strconcat(name, ".out", NULL), *err_name = g_strconcat(name, ".err", NULL),
                    *exit_name = g_strconcat(name, ".exit", NULL),
                    *expected = g_strconcat(name, ".findings", NULL);
    gsize out_len, err_len, exit_len;
    g_autofree char *out = testing_read(TESTING_DATA, out_name, &out_len);
    g_autofree char *err = testing_read(TESTING_DATA, err_name, &err_len);
    g_autofree char *exit_code = testing_read(TESTING_DATA, exit_name, &exit_len);
    LinterOutput output = {.paths = paths,
                           .out = out,
                           .out_len = out_len,
                           .err = err,
                           .err_len = err_len,
                           .exit_code = (int)strtol(exit_code, NULL, 10),
                           .root = root,
                           .cwd = LINTER_ROOT,
                           .single = names == OTHER_NAMES};
    g_autofree char *found = testing_read_output(linter, &output);

    testing_compare(found, expected);
    testing_remove(root);
}

static void test_ruff_recorded(void) {
    compare_recorded(&linter_ruff, "ruff", ALL_NAMES);
}

static void test_flake8_recorded(void) {
    compare_recorded(&linter_flake8, "flake8", UTF8_NAMES);
    compare_recorded(&linter_flake8, "flake8-single", OTHER_NAMES);
}

static void test_black_recorded(void) {
    compare_recorded(&linter_black, "black", UTF8_NAMES);
    compare_recorded(&linter_black, "black-single", OTHER_NAMES);
}

static void test_flake8_left_out(void) {
    char *root = testing_tree();
    g_autoptr(GPtrArray) paths = testing_paths(root, UTF8_NAMES);
    g_autoptr(GHashTable) left_out = g_hash_table_new(g_str_hash, g_str_equal);
    gsize len;
    g_autofree char *err = testing_read(TESTING_DATA, "flake8-vv.err", &len);
    LinterOutput output = {.paths = paths, .out = "", .err = err, .err_len = len, .cwd = LINTER_ROOT};

    linter_flake8.read_left_out(&output, left_out);
    g_assert_cmpuint(g_hash_table_size(left_out), ==, 1);
    g_assert_true(g_hash_table_contains(left_out, "excluded/left_out.py"));
    testing_remove(root);
}

#define LEFT_OUT(name, words)                                                                                \
    "flake8.discover_files     MainProcess    1 DEBUG    \"" name "\" has " words "\n"

/* A pattern that fits the last name leaves no more of it in the log: then the order tells. */
static void test_flake8_left_out_by_name(void) {
    static const struct {
        const char *log, *expected;
    } cases[] = {
        {LEFT_OUT("a.py", "been excluded") LEFT_OUT("/snapshot/sub/a.py", "not been excluded"), "a.py "},
        {LEFT_OUT("/snapshot/a.py", "not been excluded") LEFT_OUT("a.py", "been excluded"), "sub/a.py "},
        {LEFT_OUT("a.py", "been excluded") LEFT_OUT("a.py", "been excluded"), "a.py sub/a.py "},
        {"a line\n" LEFT_OUT("/snapshot/sub/a.py", "been excluded"), ""},
        {LEFT_OUT("a.py", "been ignored"), ""},
        {"x DEBUG    \"a.py\" has been excluded\n", ""},
    };
    g_autoptr(GPtrArray) paths = g_ptr_array_new();

    g_ptr_array_add(paths, (char *)"a.py");
    g_ptr_array_add(paths, (char *)"sub/a.py");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const LinterOutput output = {
            .paths = paths, .err = cases[i].log, .err_len = strlen(cases[i].log), .cwd = LINTER_ROOT};
        g_autoptr(GHashTable) left_out = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GString) found = g_string_new(NULL);

        linter_flake8.read_left_out(&output, left_out);
        for (guint j = 0; j < paths->len; j++)
            if (g_hash_table_contains(left_out, paths->pdata[j]))
                g_string_append_printf(found, "%s ", (char *)paths->pdata[j]);
        g_assert_cmpstr(found->str, ==, cases[i].expected);
    }
}

/* Two files, "a.py" and "b.py", and an output as it might be. */
static void assert_read(const Linter *linter, const char *out, const char *err, int exit_code,
                        const char *expected) {
    char *root = testing_folder();
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    LinterOutput output = {.paths = paths,
                           .out = out,
                           .out_len = strlen(out),
                           .err = err,
                           .err_len = strlen(err),
                           .exit_code = exit_code,
                           .root = root,
                           .cwd = LINTER_ROOT};
    g_autofree char *found = NULL;

    testing_write(root, "a.py", "\n  import os\nx = 1\n", -1);
    testing_write(root, "b.py", "y = 1\n", -1);
    g_ptr_array_add(paths, (char *)"a.py");
    g_ptr_array_add(paths, (char *)"b.py");
    found = testing_read_output(linter, &output);
    g_assert_cmpstr(found, ==, expected);
    testing_remove(root);
}

#define RUFF_A "[t][ruff][DEBUG] Checking: /snapshot/a.py\n"
#define RUFF_B "[t][ruff][DEBUG] Checking: /snapshot/b.py\n"
#define RUFF_COUNT(n) "[t][ruff][DEBUG] Checked " #n " files in: 1ms\n"
#define RUFF_NOT_SEEN                                                                                        \
    "undecided: did not look at it: does it leave out such files by itself? Then exclude them in the "       \
    "policy\n"
#define RUFF_FINDING(file, code, message)                                                                    \
    "[{\"filename\":\"/snapshot/" file "\",\"code\":" code ",\"message\":\"" message                         \
    "\",\"location\":{\"row\":2,\"column\":3},\"end_location\":{\"row\":2,\"column\":9}}]"

static void test_ruff_clean(void) {
    assert_read(&linter_ruff, "[]", RUFF_A RUFF_B RUFF_COUNT(2), 0, "");
}

static void test_ruff_not_looked_at(void) {
    assert_read(&linter_ruff, "[]", RUFF_A RUFF_COUNT(1), 0, "b.py: " RUFF_NOT_SEEN);
    assert_read(&linter_ruff, "[]", "warning: No Python files found under the given path(s)\n", 0,
                "a.py: " RUFF_NOT_SEEN "b.py: " RUFF_NOT_SEEN);
    /* E902 is not selected. */
    assert_read(&linter_ruff, "[]",
                RUFF_A RUFF_B
                "warning: Failed to lint b.py: stream did not contain valid UTF-8\n" RUFF_COUNT(2),
                0, "b.py: undecided: could not look at it: stream did not contain valid UTF-8\n");
    assert_read(&linter_ruff, "[]",
                RUFF_A RUFF_B "error: Panicked while linting b.py: This indicates a bug\n" RUFF_COUNT(2), 0,
                "b.py: undecided: could not look at it: This indicates a bug\n");
    assert_read(&linter_ruff, RUFF_FINDING("b.py", "\"E902\"", "Permission denied (os error 13)"),
                RUFF_A RUFF_COUNT(2), 1,
                "b.py: undecided: could not look at it: Permission denied (os error 13)\n");
    assert_read(&linter_ruff, RUFF_FINDING("b.py", "\"panic\"", "Panicked at parser.rs:1"),
                RUFF_A RUFF_B RUFF_COUNT(2), 1,
                "b.py: undecided: could not look at it: Panicked at parser.rs:1\n");
}

static void test_ruff_syntax_error_without_code(void) {
    assert_read(&linter_ruff, RUFF_FINDING("a.py", "null", "SyntaxError: Unexpected indentation"),
                RUFF_A RUFF_B RUFF_COUNT(2), 1,
                "a.py:2:3-2:9: ruff.invalid-syntax: SyntaxError: Unexpected indentation\n");
}

static void test_ruff_unreadable(void) {
    static const char log[] = RUFF_A RUFF_B RUFF_COUNT(2);

    assert_read(&linter_ruff, "", log, 0,
                "undecided: its output cannot be read: '[' or '{' expected near end of file\n");
    assert_read(&linter_ruff, "[", log, 0,
                "undecided: its output cannot be read: ']' expected near end of file\n");
    assert_read(&linter_ruff, "{}", log, 0, "undecided: its output cannot be read: expected a list\n");
    assert_read(&linter_ruff, "[{}]", log, 1,
                "undecided: its output cannot be read: a diagnostic lacks its file, message or place\n");
    assert_read(&linter_ruff, RUFF_FINDING("c.py", "\"F401\"", "x"), log, 1,
                "undecided: its output cannot be read: it names a file that was not given: /snapshot/c.py\n");
    assert_read(&linter_ruff, "[]", RUFF_COUNT(2), 0,
                "undecided: its log cannot be read: it counts 2 files and names 0\n");
    assert_read(&linter_ruff, "[]", RUFF_A RUFF_B, 0,
                "undecided: its log cannot be read: it counts 0 files and names 2\n");
    assert_read(&linter_ruff, "All checks passed!", log, 0,
                "undecided: its output cannot be read: '[' or '{' expected near 'All'\n");
}

static void test_ruff_failed(void) {
    assert_read(
        &linter_ruff, "",
        "ruff failed\n  Cause: Failed to load configuration `/snapshot/ruff.toml`\n  Cause: TOML parse "
        "error at line 1, column 14\n  |\n1 | select = [\n",
        2,
        "undecided: ended with exit code 2: Failed to load configuration `/snapshot/ruff.toml`: "
        "TOML parse error at line 1, column 14\n");
    assert_read(&linter_ruff, "[]", "error: unexpected argument '--bogus' found\n\nUsage: ruff check\n", 2,
                "undecided: ended with exit code 2: error: unexpected argument '--bogus' found\n");
}

#define BENCHMARK(n)                                                                                         \
    "0.1        seconds elapsed\n" #n                                                                        \
    "          total files processed\n20         files processed per second\n"
#define REPORTED(n)                                                                                          \
    "flake8.main.application   MainProcess    103 INFO     Found a total of 9 violations and reported " #n   \
    "\n"
#define RECORD(path, row, column, code, text)                                                                \
    "\x1e" path "\x1f" row "\x1f" column "\x1f" code "\x1f" text "\n"

static void test_flake8_clean(void) {
    assert_read(&linter_flake8, BENCHMARK(2), REPORTED(0), 0, "");
}

/* What a team's configuration may add: the source line, statistics, the count. */
static void test_flake8_with_extras(void) {
    assert_read(&linter_flake8,
                RECORD("a.py", "2", "3", "F401",
                       "'os' imported but unused") "  import os\n  ^\n1     F401 'os' imported but "
                                                   "unused\n" BENCHMARK(2) "1\n",
                REPORTED(1), 1, "a.py:2:3-2:4: flake8.F401: 'os' imported but unused\n");
}

static void test_flake8_not_looked_at(void) {
    assert_read(&linter_flake8, BENCHMARK(1), REPORTED(0), 0,
                "a.py: undecided: looked at only 1 of 2 files, of which this is one\n"
                "b.py: undecided: looked at only 1 of 2 files, of which this is one\n");
    assert_read(&linter_flake8, RECORD("a.py", "2", "3", "F401", "x") BENCHMARK(1), REPORTED(1), 1,
                "a.py:2:3-2:4: flake8.F401: x\n"
                "b.py: undecided: did not look at it: does it leave out such files by itself? Then exclude "
                "them in the policy\n");
    assert_read(&linter_flake8,
                RECORD("b.py", "0", "1", "E902", "PermissionError: [Errno 13] Permission denied: 'b.py'")
                    BENCHMARK(2),
                REPORTED(1), 1,
                "b.py: undecided: could not look at it: PermissionError: [Errno 13] Permission denied: "
                "'b.py'\n");
    assert_read(&linter_flake8,
                RECORD("b.py", "1", "1", "E902", "TokenError: EOF in multi-line string") BENCHMARK(2),
                REPORTED(1), 1, "b.py:1:1-1:2: flake8.E902: TokenError: EOF in multi-line string\n");
}

static void test_flake8_unreadable(void) {
    /* A crash has the exit code of a violation. */
    assert_read(
        &linter_flake8, RECORD("a.py", "2", "3", "F401", "x"),
        "Traceback (most recent call last):\n  File \"x.py\", line 1\nUnicodeEncodeError: surrogates\n", 1,
        "undecided: ended with exit code 1 before it was done: UnicodeEncodeError: surrogates\n");
    assert_read(&linter_flake8, "There was a critical error during execution of Flake8:\nno such plugin\n",
                "", 1, "undecided: ended with exit code 1 before it was done: no such plugin\n");
    /* quiet = 1, quiet = 2 */
    assert_read(&linter_flake8, "a.py\n" BENCHMARK(2), REPORTED(1), 1,
                "undecided: its output cannot be read: it has 0 violations, and flake8 says that it reported "
                "1 (are `quiet` or `output-file` set?)\n");
    /* A record within a message. */
    assert_read(&linter_flake8,
                RECORD("a.py", "2", "3", "X100", "text\n" RECORD("b.py", "1", "1", "F401", "forged"))
                    BENCHMARK(2),
                REPORTED(1), 1,
                "a.py:2:3-2:4: flake8.X100: text\nb.py:1:1-1:2: flake8.F401: forged\n"
                "undecided: its output cannot be read: it has 2 violations, and flake8 says that it reported "
                "1 (are `quiet` or `output-file` set?)\n");
    /* What looks like the count, and is a message's. */
    assert_read(
        &linter_flake8,
        RECORD("a.py", "2", "3", "X100", "text\n2          total files processed\nmore\nand more\nstill"),
        REPORTED(1), 1,
        "undecided: ended with exit code 1 before it was done: "
        "\\x1ea.py\\x1f2\\x1f3\\x1fX100\\x1ftext\n");
    assert_read(&linter_flake8, RECORD("c.py", "2", "3", "F401", "x") BENCHMARK(2), REPORTED(1), 1,
                "undecided: its output cannot be read at: c.py\\x1f2\\x1f3\\x1fF401\\x1fx\n");
    assert_read(&linter_flake8, RECORD("a.py", "2", "x", "F401", "x") BENCHMARK(2), REPORTED(1), 1,
                "undecided: its output cannot be read at: a.py\\x1f2\\x1fx\\x1fF401\\x1fx\n");
    assert_read(&linter_flake8, BENCHMARK(3), REPORTED(0), 0,
                "undecided: it says that it looked at 3 files, and was given 2\n");
    assert_read(&linter_flake8, BENCHMARK(2), REPORTED(0), 2,
                "undecided: ended with exit code 2 before it was done: 0.1        seconds elapsed\n");
}

/* It would go on with its defaults. */
static void test_flake8_config_ignored(void) {
    assert_read(&linter_flake8, BENCHMARK(2),
                "flake8.options.config     MainProcess     80 WARNING  ignoring unparseable config "
                "/snapshot/.flake8: File contains no section headers.\n" REPORTED(0),
                0,
                "undecided: it is ignoring unparseable config /snapshot/.flake8: File contains no section "
                "headers.\n");
}

#define BLACK_STAYS(path) path " already well formatted, good job.\n"
#define BLACK_SUMMARY(text) "\nOh no!\n" text ".\n"
#define BLACK_HEADER(path)                                                                                   \
    "--- " path "\t2026-01-01 00:00:00+00:00\n+++ " path "\t2026-01-01 00:00:01.000001+00:00\n"

static void test_black_clean(void) {
    assert_read(&linter_black, "",
                BLACK_STAYS("a.py") BLACK_STAYS("b.py") BLACK_SUMMARY("2 files would be left unchanged"), 0,
                "");
    assert_read(&linter_black, "",
                "/snapshot/a.py wasn't modified on disk since last run.\n" BLACK_STAYS("/snapshot/b.py")
                    BLACK_SUMMARY("2 files would be left unchanged"),
                0, "");
}

static void test_black_not_looked_at(void) {
    assert_read(
        &linter_black, "",
        BLACK_STAYS("a.py") "b.py ignored: matches the --force-exclude regular expression\n" BLACK_SUMMARY(
            "1 file would be left unchanged"),
        0, "b.py: left out: excluded by its own configuration\n");
    /* A line of the reviewed code that says so changes nothing of a file that was looked at. */
    assert_read(
        &linter_black, "",
        BLACK_STAYS("b.py") "error: cannot parse: a.py:1:0\n"
                            "b.py ignored: matches the --force-exclude regular expression\n"
                            "\nOh no!\n1 file would be left unchanged, 1 file would fail to reformat.\n",
        123,
        "a.py:2:3-2:4: black.invalid-syntax: Black cannot parse this: b.py ignored: matches the "
        "--force-exclude regular expression\n");
    assert_read(&linter_black, "",
                BLACK_STAYS("a.py") "b.py ignored: is a symbolic link that points outside of the "
                                    "root\n" BLACK_SUMMARY("1 file would be left unchanged"),
                0, "b.py: undecided: left it out: is a symbolic link that points outside of the root\n");
    assert_read(&linter_black, "", BLACK_STAYS("a.py") BLACK_SUMMARY("1 file would be left unchanged"), 0,
                "b.py: undecided: did not look at it: does it leave out such files by itself? Then exclude "
                "them in the policy\n");
    assert_read(&linter_black, "", "No Python files are present to be formatted. Nothing to do\n", 0,
                "a.py: undecided: did not look at it: does it leave out such files by itself? Then exclude "
                "them in the policy\n"
                "b.py: undecided: did not look at it: does it leave out such files by itself? Then exclude "
                "them in the policy\n");
}

/* As versions before 26 say it, and as 26 says it. Black counts from the first line that is not blank. */
static void test_black_syntax_errors(void) {
    static const char summary[] =
        BLACK_SUMMARY("1 file would be left unchanged, 1 file would fail to reformat");
    g_autofree char *old =
        g_strconcat("error: cannot format a.py: Cannot parse for target version Python 3.13: "
                    "1:3: import os\n",
                    BLACK_STAYS("b.py"), summary, NULL);
    g_autofree char *new =
        g_strconcat("error: cannot parse: a.py:2:0\n    x = 1\n    ^\nParseError: bad input\n",
                    BLACK_STAYS("b.py"), summary, NULL);
    g_autofree char *ast =
        g_strconcat("error: cannot format b.py: cannot use --safe with this file; failed to "
                    "parse source file AST: invalid syntax (<unknown>, line 1)\nThis could\n",
                    BLACK_STAYS("a.py"), summary, NULL);
    g_autofree char *bytes = g_strconcat("error: cannot format b.py: 'utf-8' codec can't decode byte 0xff in "
                                         "position 3: invalid start byte\n",
                                         BLACK_STAYS("a.py"), summary, NULL);

    assert_read(&linter_black, "", old, 123,
                "a.py:2:6-2:7: black.invalid-syntax: Black cannot parse this: import os\n");
    assert_read(&linter_black, "", new, 123,
                "a.py:3:1-3:2: black.invalid-syntax: Black cannot parse this: x = 1\n");
    assert_read(
        &linter_black, "", ast, 123,
        "b.py:1:0-1:0: black.invalid-syntax: Python cannot parse this: invalid syntax (<unknown>, line "
        "1)\n");
    assert_read(
        &linter_black, "", bytes, 123,
        "b.py:0:0-0:0: black.invalid-syntax: Black cannot read this file: 'utf-8' codec can't decode byte "
        "0xff in position 3: invalid start byte\n");
}

static void test_black_failed_over_a_file(void) {
    static const char summary[] =
        BLACK_SUMMARY("1 file would be left unchanged, 1 file would fail to reformat");
    g_autofree char *old =
        g_strconcat("error: cannot format a.py: INTERNAL ERROR: Black produced code that is not "
                    "equivalent to the source.\n",
                    BLACK_STAYS("b.py"), summary, NULL);
    g_autofree char *new =
        g_strconcat("error: INTERNAL ERROR: Black 26.10.1 produced invalid code:\ncannot parse: "
                    "a.py:1:2\n    x\n",
                    BLACK_STAYS("b.py"), summary, NULL);

    assert_read(&linter_black, "", old, 123,
                "a.py: undecided: failed: INTERNAL ERROR: Black produced code that is not equivalent to the "
                "source.\n");
    assert_read(&linter_black, "", new, 123,
                "a.py: undecided: failed: INTERNAL ERROR: Black 26.10.1 produced invalid code:\n");
}

#define BLACK_CHANGES_B                                                                                      \
    BLACK_STAYS("a.py")                                                                                      \
    "would reformat b.py\n" BLACK_SUMMARY("1 file would be reformatted, 1 file would be left unchanged")

static void test_black_diff(void) {
    assert_read(
        &linter_black, BLACK_HEADER("b.py") "@@ -1 +1,2 @@\n-y = 1\n+y = 2\n+\n", BLACK_CHANGES_B, 1,
        "b.py:1:0-1:0: black.format: Black would reformat this line\n    safe fix: Reformat with Black\n"
        "        1:1-2:1 \"y = 2\\n\\n\"\n");
    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -1 +1,2 @@\n y = 1\n+z\n", BLACK_CHANGES_B, 1,
                "b.py:1:0-1:0: black.format: Black would add 1 line here\n    safe fix: Reformat with Black\n"
                "        2:1-2:1 \"z\\n\"\n");
    assert_read(
        &linter_black, BLACK_HEADER("b.py") "@@ -1 +0,0 @@\n-y = 1\n", BLACK_CHANGES_B, 1,
        "b.py:1:0-1:0: black.format: Black would remove this line\n    safe fix: Reformat with Black\n"
        "        1:1-2:1 \"\"\n");
    assert_read(
        &linter_black, BLACK_HEADER("b.py") "@@ -1 +1 @@\n-y = 1\n+y = 2\n\\ No newline at end of file\n",
        BLACK_CHANGES_B, 1,
        "b.py:1:0-1:0: black.format: Black would reformat this line\n    safe fix: Reformat with Black\n"
        "        1:1-2:1 \"y = 2\"\n");
}

static void test_black_diff_does_not_fit(void) {
    static const char other[] = "b.py: undecided: its diff does not fit the file\n";

    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -1 +1 @@\n-y = 2\n+y = 1\n", BLACK_CHANGES_B, 1,
                other);
    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -2 +2 @@\n-y = 1\n+y = 2\n", BLACK_CHANGES_B, 1,
                other);
    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -9,0 +9 @@\n+y\n", BLACK_CHANGES_B, 1, other);
    assert_read(&linter_black, "", BLACK_CHANGES_B, 1,
                "b.py: undecided: would reformat it, and its diff cannot be read\n");
    /* A file's name in an encoding of its own. */
    assert_read(&linter_black, BLACK_HEADER("caf\xe9.py") "@@ -1 +1 @@\n-y = 1\n+y = 2\n", BLACK_CHANGES_B, 1,
                "b.py: undecided: would reformat it, and its diff cannot be read\n");
    assert_read(
        &linter_black, BLACK_HEADER("b.py") "@@ -1 +1 @@\n-y = 1\n+y = 2\n",
        BLACK_STAYS("a.py") BLACK_STAYS("b.py") BLACK_SUMMARY("2 files would be left unchanged"), 0,
        "b.py:1:0-1:0: black.format: Black would reformat this line\n    safe fix: Reformat with Black\n"
        "        1:1-2:1 \"y = 2\\n\"\n"
        "b.py: undecided: printed a diff, and does not say that it would reformat it\n");
}

static void test_black_unreadable(void) {
    assert_read(&linter_black, "nonsense\n", BLACK_CHANGES_B, 1,
                "undecided: its output cannot be read at: nonsense\n");
    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -1 +1,3 @@\n-y = 1\n+y = 2\n", BLACK_CHANGES_B, 1,
                "undecided: its output cannot be read at:\n");
    assert_read(&linter_black, BLACK_HEADER("b.py") "@@ -1 +1 @@\n-y = 1\n?y = 2\n", BLACK_CHANGES_B, 1,
                "undecided: its output cannot be read at:\n");
    assert_read(&linter_black, "", BLACK_STAYS("a.py") BLACK_SUMMARY("2 files would be left unchanged"), 0,
                "undecided: its log cannot be read: it counts 2 that would be left unchanged, and names 1\n");
    assert_read(&linter_black, "", BLACK_STAYS("a.py") BLACK_STAYS("b.py"), 0,
                "undecided: ended with exit code 0 before it was done: a.py already well formatted, good "
                "job.\n");
}

static void test_black_failed(void) {
    assert_read(
        &linter_black, "",
        "Usage: black [OPTIONS] SRC ...\nTry 'black --help' for help.\n\nError: Invalid value for '-l': 'x' "
        "is not a valid integer.\n",
        2,
        "undecided: ended with exit code 2 before it was done: Error: Invalid value for '-l': 'x' is "
        "not a valid integer.\n");
    assert_read(
        &linter_black, "",
        "Identified `/snapshot` as project root containing a pyproject.toml.\nrequired_version: 1\nOh no! "
        "The required version `1` does not match the running version `26.10.1`!\n",
        1,
        "undecided: ended with exit code 1 before it was done: Oh no! The required version `1` does "
        "not match the running version `26.10.1`!\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/linter/ruff/recorded", test_ruff_recorded);
    g_test_add_func("/linter/ruff/clean", test_ruff_clean);
    g_test_add_func("/linter/ruff/not-looked-at", test_ruff_not_looked_at);
    g_test_add_func("/linter/ruff/syntax-error-without-code", test_ruff_syntax_error_without_code);
    g_test_add_func("/linter/ruff/unreadable", test_ruff_unreadable);
    g_test_add_func("/linter/ruff/failed", test_ruff_failed);
    g_test_add_func("/linter/flake8/recorded", test_flake8_recorded);
    g_test_add_func("/linter/flake8/left-out", test_flake8_left_out);
    g_test_add_func("/linter/flake8/left-out-by-name", test_flake8_left_out_by_name);
    g_test_add_func("/linter/flake8/clean", test_flake8_clean);
    g_test_add_func("/linter/flake8/with-extras", test_flake8_with_extras);
    g_test_add_func("/linter/flake8/not-looked-at", test_flake8_not_looked_at);
    g_test_add_func("/linter/flake8/unreadable", test_flake8_unreadable);
    g_test_add_func("/linter/flake8/config-ignored", test_flake8_config_ignored);
    g_test_add_func("/linter/black/recorded", test_black_recorded);
    g_test_add_func("/linter/black/clean", test_black_clean);
    g_test_add_func("/linter/black/not-looked-at", test_black_not_looked_at);
    g_test_add_func("/linter/black/syntax-errors", test_black_syntax_errors);
    g_test_add_func("/linter/black/failed-over-a-file", test_black_failed_over_a_file);
    g_test_add_func("/linter/black/diff", test_black_diff);
    g_test_add_func("/linter/black/diff-does-not-fit", test_black_diff_does_not_fit);
    g_test_add_func("/linter/black/unreadable", test_black_unreadable);
    g_test_add_func("/linter/black/failed", test_black_failed);
    return g_test_run();
}
