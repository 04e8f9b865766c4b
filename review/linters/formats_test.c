/* What tools print that the policy alone starts: as it was recorded of true ones, and as it might be. */
#include "review/linters/output.h"
#include "review/linters/testing.h"

/* Two files that the tool was given, "a.c" and "sub/b c.js", one beside them, and a configuration. */
typedef struct {
    char *root;
    GPtrArray *paths, *beside;
    CustomLinter custom;
    LinterOutput output;
} Stage;

static void set_up(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    static const guint success[] = {0, 1};

    stage->root = testing_folder();
    testing_write(stage->root, "a.c", "int a;\n\xf0\x9f\x98\x80 b\xc3\xa9 c;\n", -1);
    testing_write(stage->root, "sub/b c.js", "var x;\r\nvar y;\r\n", -1);
    testing_write(stage->root, "a.h", "int h;\n", -1);
    testing_write(stage->root, "tool.cfg", "", -1);
    stage->paths = g_ptr_array_new();
    stage->beside = g_ptr_array_new();
    g_ptr_array_add(stage->paths, (char *)"a.c");
    g_ptr_array_add(stage->paths, (char *)"sub/b c.js");
    g_ptr_array_add(stage->beside, (char *)"a.c");
    g_ptr_array_add(stage->beside, (char *)"a.h");
    stage->custom.success = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_vals(stage->custom.success, success, 2);
    stage->output = (LinterOutput){.paths = stage->paths,
                                   .beside = stage->beside,
                                   .root = stage->root,
                                   .cwd = LINTER_ROOT,
                                   .custom = &stage->custom};
}

static void tear_down(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_remove(stage->root);
    g_ptr_array_unref(stage->paths);
    g_ptr_array_unref(stage->beside);
    g_array_unref(stage->custom.success);
}

static void dump_finding(GString *out, const Finding *finding) {
    g_string_append_printf(out, "%s:", finding->path);
    testing_dump_region(out, finding->region);
    g_string_append_printf(out, ": %s: %s: %s\n", severity_name(finding->severity), finding->rule,
                           finding->message);
    if (finding->suppression != NULL)
        g_string_append_printf(out, "    suppressed: %s\n", finding->suppression->justification);
    for (guint i = 0; i < finding->fixes->len; i++)
        testing_dump_fix(out, finding->fixes->pdata[i]);
}

/* Findings in the order of the output, then what failed. */
static char *dump(const CheckResult *result) {
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < result->findings->len; i++)
        dump_finding(out, result->findings->pdata[i]);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    if (result->failure != NULL)
        g_string_append_printf(out, "undecided: %s\n", result->failure);
    return g_string_free(out, FALSE);
}

static CheckResult *read_output(const LinterOutput *output) {
    CheckResult *result = testing_result(&linter_custom, output->paths);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;

    if (linter_read(&linter_custom, output, account, result, &error))
        linter_account(output->paths, account, result);
    else
        check_fail(result, error->message, NULL);
    return result;
}

static CheckResult *read_streams(Stage *stage, OutputFormat format, const char *out, const char *err,
                                 int exit_code) {
    stage->custom.output = format;
    stage->output.out = out;
    stage->output.out_len = strlen(out);
    stage->output.err = err;
    stage->output.err_len = strlen(err);
    stage->output.exit_code = exit_code;
    return read_output(&stage->output);
}

static void assert_streams(Stage *stage, OutputFormat format, const char *out, const char *err, int exit_code,
                           const char *expected) {
    g_autoptr(CheckResult) result = read_streams(stage, format, out, err, exit_code);
    g_autofree char *found = dump(result);

    g_assert_cmpstr(found, ==, expected);
}

static void assert_read(Stage *stage, OutputFormat format, const char *out, const char *expected) {
    assert_streams(stage, format, out, "", 0, expected);
}

/* What was recorded of a true tool over the files of testdata/linters/custom/tree. */
static void compare_recorded(const char *name, OutputFormat format, const char *path) {
    static const char data[] = TESTING_DATA "/custom";
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    g_autoptr(GArray) success = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree char *out_name = g_strconcat(name, ".out", NULL), *err_name = g_strconcat(name, ".err", NULL),
                    *exit_name = g_strconcat(name, ".exit", NULL),
                    *golden = g_strconcat("custom/", name, ".findings", NULL);
    guint none = 0, some = 1;
    gsize out_len, err_len, exit_len;
    g_autofree char *out = testing_read(data, out_name, &out_len);
    g_autofree char *err = testing_read(data, err_name, &err_len);
    g_autofree char *exit_code = testing_read(data, exit_name, &exit_len);
    CustomLinter custom = {.output = format, .success = success};
    LinterOutput output = {.paths = paths,
                           .out = out,
                           .out_len = out_len,
                           .err = err,
                           .err_len = err_len,
                           .exit_code = (int)strtol(exit_code, NULL, 10),
                           .root = TESTING_DATA "/custom/tree",
                           .cwd = LINTER_ROOT,
                           .custom = &custom};
    g_autoptr(CheckResult) result = NULL;
    g_autofree char *found = NULL;

    g_array_append_val(success, none);
    g_array_append_val(success, some);
    g_ptr_array_add(paths, (char *)path);
    result = read_output(&output);
    found = dump(result);
    testing_compare(found, golden);
}

static void test_recorded(void) {
    compare_recorded("shellcheck-gcc", OUTPUT_GCC, "greet.shell");
    compare_recorded("shellcheck-checkstyle", OUTPUT_CHECKSTYLE, "greet.shell");
    compare_recorded("mypy", OUTPUT_GCC, "half.py");
    compare_recorded("bandit", OUTPUT_SARIF, "half.py");
    compare_recorded("eslint", OUTPUT_CHECKSTYLE, "sub/a b.js");
    compare_recorded("cppcheck", OUTPUT_GCC, "room.c");
}

/* The account of a tool's work: exit codes and what it prints have to go together. */
static void test_account(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    guint three = 3;

    assert_streams(stage, OUTPUT_GCC, "", "", 0, "");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: error: bad [x]\n", "", 1,
                   "a.c:1:1-1:2: error: tool.x: bad\n");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: error: bad [x]\n", "tool: no memory\n", 2,
                   "undecided: ended with exit code 2: tool: no memory\n");
    assert_streams(
        stage, OUTPUT_GCC, "", "tool: cannot read its rules\n", 1,
        "undecided: ended with exit code 1, and what it prints tells no finding: tool: cannot read "
        "its rules\n");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: error: bad [x]\n",
                   "Traceback (most recent call last):\n  File \"x\", line 1\nValueError: broken\n", 1,
                   "undecided: ended with exit code 1: ValueError: broken\n");
    g_array_append_val(stage->custom.success, three);
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: error: bad [x]\n", "", 3,
                   "a.c:1:1-1:2: error: tool.x: bad\n");
}

/* The same file by all its names; what the tool says of others. */
static void test_paths(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_GCC,
                "./a.c:1: warning: one\n/snapshot/a.c:1: warning: two\na.c:1: warning: three\n"
                ".//./a.c:1: warning: four\n/snapshot/sub/../a.c:1: warning: five\n"
                "sub/b c.js:2: warning: six\n",
                "a.c:1:0-1:0: warning: tool.warning: one\na.c:1:0-1:0: warning: tool.warning: two\n"
                "a.c:1:0-1:0: warning: tool.warning: three\na.c:1:0-1:0: warning: tool.warning: four\n"
                "a.c:1:0-1:0: warning: tool.warning: five\n"
                "sub/b c.js:2:0-2:0: warning: tool.warning: six\n");
    /* Of the change, but another check's; a file that is no part of it; one of the system's. */
    assert_streams(stage, OUTPUT_GCC,
                   "a.h:1: warning: seen\ntool.cfg:3: error: unused setting\n/usr/bin/env:1: error: x\n"
                   "../usr/bin/env:1: error: x\n/tmp/x.c:1: error: x\n/node_modules/x.js:1: error: x\n",
                   "", 1, "a.h:1:0-1:0: warning: tool.warning: seen\n");
    /* A compiler that broke over a header of the system's was not done with ours. */
    assert_streams(stage, OUTPUT_GCC, "", "/usr/bin/env:1: error: x\n", 1,
                   "undecided: ended with exit code 1, and what it prints tells no finding: /usr/bin/env:1: "
                   "error: x\n");
    assert_read(stage, OUTPUT_GCC, "../elsewhere.c:1: error: x\n",
                "undecided: its output cannot be read: it names a file that is not there: ../elsewhere.c\n");
    assert_read(stage, OUTPUT_GCC, "/home/ada/work/a.c:1: error: x\n",
                "undecided: its output cannot be read: it names a file that is not there: "
                "/home/ada/work/a.c\n");
    assert_read(stage, OUTPUT_GCC, "gone.c:1: error: x\n",
                "undecided: its output cannot be read: it names a file that is not there: gone.c\n");
}

/* A process of its own for a file whose name the tool cannot print. */
static void test_unprintable_path(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_write(stage->root, "new\nline.c", "int x;\n", -1);
    g_ptr_array_set_size(stage->paths, 0);
    g_ptr_array_add(stage->paths, (char *)"new\nline.c");
    stage->output.single = true;
    assert_read(stage, OUTPUT_GCC, "'new'$'\\n''line.c':1:5: x is bad\n",
                "new\nline.c:1:5-1:6: warning: tool.warning: x is bad\n");
    assert_read(stage, OUTPUT_GCC, "./new\nline.c:1:5: error: x is bad\n",
                "new\nline.c:1:5-1:6: error: tool.error: x is bad\n");
}

static void test_gcc(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_GCC,
                "a.c: In function 'main':\n"
                "a.c:1:5: fatal error: no\n"
                "    1 | int a;\n"
                "      |     ^\n"
                "a.c:2:3: warning: é [-Wunused-variable]\n"
                "a.c:2: note: [a] and [b]\n"
                "a.c:2:1: performance: p [error=-x]\n"
                "a.c:1:3: error: e [-Werror=format=]\n"
                "a.c:1:1: warning: w [bugprone-x,-warnings-as-errors]\n"
                "a.c: error: whole\n"
                "a.c:7:1: warning: behind the end\n"
                "a.c: 12 things were found\n"
                "nofile:0:0: information: nothing\n"
                "Found 3 errors in: 2: files\n"
                "a.c:1:x: neither a column nor a severity\n",
                "a.c:1:5-1:6: error: tool.error: no\n"
                "a.c:2:3-2:4: warning: tool.unused-variable: é\n"
                "a.c:2:0-2:0: note: tool.b: [a] and\n"
                "a.c:2:1-2:2: warning: tool.-x: p\n"
                "a.c:1:3-1:4: error: tool.format=: e\n"
                "a.c:1:1-1:2: warning: tool.bugprone-x: w\n"
                "a.c:0:0-0:0: error: tool.error: whole\n"
                "a.c:2:8-2:8: warning: tool.warning: behind the end\n"
                "a.c:1:0-1:0: warning: tool.warning: x: neither a column nor a severity\n");
    assert_streams(stage, OUTPUT_GCC, "Checking a.c ...\n", "a.c:1:1: style: s [id]\n", 0,
                   "a.c:1:1-1:2: note: tool.id: s\n");
    assert_read(stage, OUTPUT_GCC,
                "a.c:2:5:   required from here\n"
                "\033[01m\033[Ka.c:1:5:\033[m\033[K \033[01;31m\033[Kerror: \033[m\033[Kno \033[",
                "a.c:1:5-1:6: error: tool.error: no\n");
    assert_read(stage, OUTPUT_GCC,
                "a.c:99999999999:1: error: x\n"
                "a.c:-1: error: y\n"
                "a.c:0: z\n"
                "a.c:2:99999999999: error: c\n",
                "a.c:0:0-0:0: error: tool.error: x\n"
                "a.c:0:0-0:0: error: tool.error: y\n"
                "a.c:0:0-0:0: warning: tool.warning: z\n"
                "a.c:2:0-2:0: error: tool.error: c\n");
}

/* What tools take for the end of a line, and git does not, could lead their findings away. */
static void test_lines(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_write(stage->root, "a.c", "int a; /* \r\r\r */\nint b;\n", -1);
    assert_read(stage, OUTPUT_GCC, "a.c:5:1: error: bad\n",
                "a.c:0:0-0:0: error: tool.error: bad (in line 5, as the tool counts them)\n");
    testing_write(stage->root, "a.c", "// \xe2\x80\xa8\nint b;\n", -1);
    assert_read(stage, OUTPUT_GCC, "a.c:3:1: error: bad\n",
                "a.c:0:0-0:0: error: tool.error: bad (in line 3, as the tool counts them)\n");
}

static void test_pattern(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    stage->custom.pattern =
        (char *)"^(?<file>[^|\\n]+)\\|(?<line>\\d+)?\\|(?<column>\\d*)-(?<end_line>\\d*):"
                "(?<end_column>\\d*)\\|(?<severity>\\w*)\\|(?<code>\\w*)\\|(?<message>.*)$";
    assert_streams(stage, OUTPUT_PATTERN,
                   "a.c|1|1-1:4|E|E1|one\nprose\nsub/b c.js|2|5-:|bogus||two\na.c||-:|note|N|\n",
                   "a.c|2|3-:|warning|W|on stderr\n", 1,
                   "a.c:1:1-1:4: error: tool.E1: one\n"
                   "sub/b c.js:2:5-2:6: warning: tool.warning: two\n"
                   "a.c:0:0-0:0: note: tool.N: N\n"
                   "a.c:2:3-2:4: warning: tool.W: on stderr\n");
    assert_read(
        stage, OUTPUT_PATTERN, "a.c|99999999999|1-:|E|E1|one\n",
        "undecided: its output cannot be read: the pattern finds '99999999999' where a line or column is "
        "expected\n");
    assert_read(stage, OUTPUT_PATTERN, "b.c|1|1-:|E|E1|one\n",
                "undecided: its output cannot be read: it names a file that is not there: b.c\n");
    /* Over several lines, and one that needs more than it may. */
    stage->custom.pattern = (char *)"^error: (?<message>.*)\\n  at (?<path>.+?):(?<line>\\d+)$";
    assert_read(stage, OUTPUT_PATTERN, "error: bad\n  at a.c:2\nerror: other\n",
                "a.c:2:0-2:0: warning: tool.warning: bad\n");
    stage->custom.pattern = (char *)"(?<path>(a+)+)$";
    assert_read(stage, OUTPUT_PATTERN, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n",
                "undecided: its output cannot be read: the pattern gives up: match limit exceeded\n");
}

static void test_checkstyle(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_CHECKSTYLE,
        "<?xml version=\"1.0\"?>\n<checkstyle version=\"8\">\n"
        "<file name=\"/snapshot/sub/b c.js\">\n"
        "<error line=\"1\" column=\"5\" severity=\"error\" message=\"a &lt; b&#10;c\" "
        "source=\"com.puppycrawl.tools.checkstyle.checks.TodoCommentCheck\"/>\n"
        "<error line=\"0\" column=\"-1\" severity=\"ignore\" message=\"m\" source=\"Squiz.A.B\"></error>\n"
        "<note line=\"1\"/></file>\n"
        "<file name=\"a.c\"><error line=\"2\" column=\"4\" message=\"after the pair\" "
        "source=\"eslint.rules.@scope/no-x\"/></file>\n"
        "<file name=\"other.cfg\"/></checkstyle>\n",
        "sub/b c.js:1:5-1:6: error: tool.TodoCommentCheck: a < b c\n"
        "sub/b c.js:0:0-0:0: note: tool.Squiz.A.B: m\n"
        "a.c:2:3-2:4: warning: tool.@scope/no-x: after the pair\n");
    assert_streams(stage, OUTPUT_CHECKSTYLE, " \n", "<checkstyle></checkstyle>", 0, "");
}

/* What GLib says of it is GLib's matter. */
static void assert_no_xml(Stage *stage, const char *out, const char *err) {
    g_autoptr(CheckResult) result = read_streams(stage, OUTPUT_CHECKSTYLE, out, err, 0);
    g_autofree char *end = g_strconcat("; it says: ", err, NULL);

    g_assert_nonnull(result->failure);
    g_assert_true(g_str_has_prefix(result->failure, "its output cannot be read: "));
    g_assert_true(*err == '\0' || g_str_has_suffix(result->failure, end));
}

static void test_checkstyle_unreadable(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    g_autoptr(GString) deep = g_string_new("<checkstyle>");

    for (guint i = 0; i < 20; i++)
        g_string_append(deep, "<a>");
    assert_no_xml(stage, "", "");
    assert_no_xml(stage, "<checkstyle>\xff</checkstyle>", "");
    assert_no_xml(stage, "<checkstyle>&entity;</checkstyle>", "");
    assert_no_xml(stage, "<checkstyle/>\nWarning: 1 file", "");
    assert_no_xml(stage, "<checkstyle><file name=\"a.c\">", "out of memory");
    assert_read(stage, OUTPUT_CHECKSTYLE, "<results/>",
                "undecided: its output cannot be read: expected <checkstyle>, found <results>\n");
    assert_read(stage, OUTPUT_CHECKSTYLE, "<checkstyle><error line=\"1\"/></checkstyle>",
                "undecided: its output cannot be read: an <error> stands outside of a <file>\n");
    assert_read(stage, OUTPUT_CHECKSTYLE, "<checkstyle><file/></checkstyle>",
                "undecided: its output cannot be read: a <file> has no name\n");
    assert_read(stage, OUTPUT_CHECKSTYLE, deep->str,
                "undecided: its output cannot be read: its elements are nested deeper than 16\n");
    assert_read(stage, OUTPUT_CHECKSTYLE,
                "<checkstyle><file name=\"a.c\"><exception>x</exception></file></checkstyle>",
                "undecided: it could not look at a.c\n");
    assert_read(stage, OUTPUT_CHECKSTYLE, "<checkstyle><file name=\"gone.c\"><error/></file></checkstyle>",
                "undecided: its output cannot be read: it names a file that is not there: gone.c\n");
}

#define RDJSON(rest) "{\"message\": \"m\", \"location\": {\"path\": \"a.c\"" rest "}\n"

static void test_rdjsonl(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_RDJSONL,
        RDJSON(
            ", \"range\": {\"start\": {\"line\": 2, \"column\": 6}, \"end\": {\"line\": 2, \"column\": 9}}}, "
            "\"severity\": \"ERROR\", \"code\": {\"value\": \"X1\", \"url\": \"https://example.org/x\"}, "
            "\"suggestions\": [{\"range\": {\"start\": {\"line\": 1, \"column\": 1}, \"end\": {\"line\": 1, "
            "\"column\": 4}}, \"text\": \"long\"}]") "\r\n" RDJSON(", \"range\": {\"start\": {\"line\": "
                                                                   "1}}}, \"severity\": 3") RDJSON("}")
            RDJSON(", \"range\": {\"start\": {\"column\": 9}, \"end\": {\"line\": 2, \"column\": 9}}}"),
        "a.c:2:3-2:5: error: tool.X1: m\n"
        "    unsafe fix: Suggested by the tool\n"
        "        1:1-1:4 \"long\"\n"
        "a.c:1:0-1:0: note: tool.note: m\n"
        "a.c:0:0-0:0: warning: tool.warning: m\n"
        "a.c:0:0-0:0: warning: tool.warning: m\n");
    assert_read(stage, OUTPUT_RDJSONL, "", "");
    assert_read(
        stage, OUTPUT_RDJSONL, RDJSON("}") "{\"message\": 1}\n",
        "a.c:0:0-0:0: warning: tool.warning: m\nundecided: its output cannot be read: a diagnostic lacks "
        "its message or its location's path\n");
    /* All in one object, with a severity for those that have none; and on stderr, as all that is printed. */
    assert_read(stage, OUTPUT_RDJSONL,
                "\xef\xbb\xbf{\n\"severity\": \"ERROR\",\n\"diagnostics\": [\n" RDJSON("}") ",\n" RDJSON(
                    "}, \"severity\": \"INFO\"") "]}\n",
                "a.c:0:0-0:0: error: tool.error: m\na.c:0:0-0:0: note: tool.note: m\n");
    assert_read(stage, OUTPUT_RDJSONL, "{\"diagnostics\": {}}",
                "undecided: its output cannot be read: its diagnostics are no list\n");
    assert_streams(stage, OUTPUT_RDJSONL, "", RDJSON("}"), 0, "a.c:0:0-0:0: warning: tool.warning: m\n");
    assert_streams(stage, OUTPUT_RDJSONL, "", "1 file\n", 0, "");
    assert_read(stage, OUTPUT_RDJSONL, "[]\n",
                "undecided: its output cannot be read: expected an object a line\n");
    assert_read(stage, OUTPUT_RDJSONL, "Warning: 1 file\n",
                "undecided: its output cannot be read: '[' or '{' expected near 'Warning'\n");
}

/* A log of one run: its results, and what else stands in the run. */
#define SARIF(results, rest)                                                                                 \
    "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"T\", \"version\": \"1.2\", "   \
    "\"rules\": [{\"id\": \"R1\", \"name\": \"first\", \"shortDescription\": {\"text\": \"The first.\"}, "   \
    "\"help\": {\"text\": \"Do not.\"}, \"helpUri\": \"https://example.org/R1\", \"defaultConfiguration\": " \
    "{\"level\": \"error\"}, \"messageStrings\": {\"no\": {\"text\": \"no {0} in {{{1}}}\"}}, "              \
    "\"properties\": {\"tags\": [\"external/cwe/cwe-078\", \"CWE-79\", \"x\"], \"security-severity\": "      \
    "\"7.5\", \"precision\": \"high\"}}]}}, \"results\": [" results "]" rest "}]}"
#define AT(uri, region)                                                                                      \
    "\"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"" uri                         \
    "\"}, \"region\": {" region "}}}]"

static void test_sarif(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_SARIF,
        SARIF(
            "{\"ruleId\": \"R1\", \"message\": {\"id\": \"no\", \"arguments\": [\"x\", \"y\"]}, " AT(
                "a.c",
                "\"startLine\": 2, \"startColumn\": 4, \"endColumn\": 6") "},"
                                                                          "{\"ruleIndex\": 0, \"level\": "
                                                                          "\"warning\", \"message\": "
                                                                          "{\"text\": \"two\"}, " AT(
                                                                              "file:///snapshot/sub/b%20c.js",
                                                                              "\"startLine\": 1, "
                                                                              "\"endLine\": 2") "},"
                                                                                                "{\"ruleId\":"
                                                                                                " \"R1/"
                                                                                                "sub\", "
                                                                                                "\"message\":"
                                                                                                " {\"text\": "
                                                                                                "\"three\"},"
                                                                                                " " AT(
                                                                                                    "./a.c",
                                                                                                    "\"charOf"
                                                                                                    "fset\": "
                                                                                                    "3") "},"
                                                                                                         "{\""
                                                                                                         "rul"
                                                                                                         "eId"
                                                                                                         "\":"
                                                                                                         " \""
                                                                                                         "R2"
                                                                                                         "\","
                                                                                                         " \""
                                                                                                         "mes"
                                                                                                         "sag"
                                                                                                         "e\""
                                                                                                         ": "
                                                                                                         "{\""
                                                                                                         "tex"
                                                                                                         "t\""
                                                                                                         ": "
                                                                                                         "\"f"
                                                                                                         "our"
                                                                                                         "\"}"
                                                                                                         ","
                                                                                                         " " AT(
                                                                                                             "a.c",
                                                                                                             "\"startLine\": 1, \"endColumn\": 3") "},"
                                                                                                                                                   "{\"message\": {\"text\": \"five\"}, \"kind\": \"open\", " AT(
                                                                                                                                                       "a.c",
                                                                                                                                                       "") "},"
                                                                                                                                                           "{\"message\": {\"text\": \"six\"}, \"kind\": \"pass\", " AT(
                                                                                                                                                               "a.c",
                                                                                                                                                               "") "},"
                                                                                                                                                                   "{\"message\": {\"text\": \"seven\"}, \"baselineState\": \"absent\", " AT(
                                                                                                                                                                       "a.c",
                                                                                                                                                                       "") "},"
                                                                                                                                                                           "{\"message\": {\"text\": \"eight\"}, " AT(
                                                                                                                                                                               "file:///usr/bin/env",
                                                                                                                                                                               "") "},"
                                                                                                                                                                                   "{\"message\": {\"text\": \"nine\"}, \"level\": \"note\"}",
            ""),
        "a.c:2:3-2:5: error: tool.R1: no x in {y}\n"
        "sub/b c.js:1:0-2:0: warning: tool.R1: two\n"
        "a.c:1:4-1:5: error: tool.R1/sub: three\n"
        "a.c:1:1-1:3: warning: tool.R2: four\n"
        "a.c:0:0-0:0: note: tool.note: five\n");
    assert_read(stage, OUTPUT_SARIF, SARIF("", ""), "");
}

static void test_sarif_rule(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    g_autoptr(CheckResult) result =
        read_streams(stage, OUTPUT_SARIF,
                     SARIF("{\"ruleId\": \"R1\", \"level\": \"note\", \"message\": {\"text\": \"m\"}, " AT(
                               "a.c", "\"startLine\": 1") "}",
                           ""),
                     "", 0);
    const RuleInfo *rule = g_hash_table_lookup(result->rules, "tool.R1");

    g_assert_cmpstr(result->version, ==, "1.2");
    g_assert_nonnull(rule);
    g_assert_cmpstr(rule->name, ==, "first");
    g_assert_cmpstr(rule->summary, ==, "The first.");
    g_assert_cmpstr(rule->help, ==, "Do not.");
    g_assert_cmpstr(rule->help_uri, ==, "https://example.org/R1");
    g_assert_cmpstr(rule->precision, ==, "high");
    g_assert_cmpfloat(rule->security_severity, ==, 7.5);
    g_assert_cmpstr(severity_name(rule->severity), ==, "error");
    g_assert_cmpuint(rule->cwe->len, ==, 2);
    g_assert_cmpuint(g_array_index(rule->cwe, guint, 0), ==, 78);
    g_assert_cmpuint(g_array_index(rule->cwe, guint, 1), ==, 79);
}

static void test_sarif_suppressions(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_SARIF,
        SARIF("{\"message\": {\"text\": \"a\"}, \"suppressions\": [{\"kind\": \"inSource\", "
              "\"justification\": \"known\"}], " AT(
                  "a.c", "") "},"
                             "{\"message\": {\"text\": \"b\"}, \"suppressions\": [{\"kind\": \"external\", "
                             "\"status\": "
                             "\"accepted\"}], " AT(
                                 "a.c",
                                 "") "},"
                                     "{\"message\": {\"text\": \"c\"}, \"suppressions\": [{\"kind\": "
                                     "\"external\"}, {\"kind\": "
                                     "\"external\", \"status\": \"underReview\"}], " AT(
                                         "a.c",
                                         "") "},"
                                             "{\"message\": {\"text\": \"d\"}, \"suppressions\": [], " AT(
                                                 "a.c", "") "}",
              ""),
        "a.c:0:0-0:0: warning: tool.warning: a\n    suppressed: known\n"
        "a.c:0:0-0:0: warning: tool.warning: b\n    suppressed: suppressed by the tool\n"
        "a.c:0:0-0:0: warning: tool.warning: c\n"
        "a.c:0:0-0:0: warning: tool.warning: d\n");
}

#define FIX(uri, replacements)                                                                               \
    "{\"description\": {\"text\": \"Better\"}, \"artifactChanges\": [{\"artifactLocation\": {\"uri\": "      \
    "\"" uri "\"}, \"replacements\": [" replacements "]}]}"
#define REPLACE(start, end, text)                                                                            \
    "{\"deletedRegion\": {\"startLine\": 2, \"startColumn\": " start ", \"endColumn\": " end                 \
    "}, \"insertedContent\": {\"text\": \"" text "\"}}"

static void test_sarif_fixes(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_SARIF,
        SARIF("{\"message\": {\"text\": \"m\"}, " AT("a.c", "\"startLine\": 2") ", \"fixes\": [" FIX(
                  "a.c",
                  REPLACE("7", "8", "d") ", " REPLACE(
                      "4", "6",
                      "x")) ", " FIX("a.c",
                                     REPLACE("4", "7", "x") ", " REPLACE(
                                         "5", "8",
                                         "y")) ", " FIX("a.h",
                                                        REPLACE(
                                                            "1", "2",
                                                            "other file")) ", " FIX("a.c",
                                                                                    "{\"deletedRegion\":"
                                                                                    " {\"startLine\": "
                                                                                    "99, "
                                                                                    "\"startColumn\": "
                                                                                    "1, \"endColumn\": "
                                                                                    "2}}") ", " FIX("a."
                                                                                                    "c",
                                                                                                    "") "]}",
              ""),
        "a.c:2:0-2:0: warning: tool.warning: m\n"
        "    unsafe fix: Better\n        2:3-2:5 \"x\"\n        2:6-2:7 \"d\"\n");
}

/* Where a URI leads. */
static void test_sarif_places(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(
        stage, OUTPUT_SARIF,
        SARIF(
            "{\"message\": {\"text\": \"a\"}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": "
            "{\"uri\": \"b%20c.js\", \"uriBaseId\": \"SUB\"}}}]},"
            "{\"message\": {\"text\": \"b\"}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": "
            "{\"index\": 0}}}]},"
            "{\"message\": {\"text\": \"c\"}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": "
            "{\"uri\": \"a.c\", \"uriBaseId\": \"LOOP\"}}}]}",
            ", \"columnKind\": \"unicodeCodePoints\", \"artifacts\": [{\"location\": {\"uri\": \"a.c\", "
            "\"uriBaseId\": \"ROOT\"}}], \"originalUriBaseIds\": {\"ROOT\": {\"uri\": "
            "\"file:///snapshot/\"}, "
            "\"SUB\": {\"uri\": \"sub/\", \"uriBaseId\": \"ROOT\"}, \"LOOP\": {\"uriBaseId\": \"LOOP\"}}"),
        "sub/b c.js:0:0-0:0: warning: tool.warning: a\n"
        "a.c:0:0-0:0: warning: tool.warning: b\n"
        "a.c:0:0-0:0: warning: tool.warning: c\n");
}

/* A rule may be an extension's (a plugin's), and have its level by the user's configuration. */
static void test_sarif_extensions(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    static const char log[] =
        "\xef\xbb\xbf{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"t\", "
        "\"rules\": ["
        "{\"id\": \"D0\"}]}, \"extensions\": [{\"name\": \"none\"}, {\"name\": \"e\", \"rules\": ["
        "{\"id\": \"E0\", \"defaultConfiguration\": {\"level\": \"error\"}}, {\"id\": \"E1\"}]}]}, "
        "\"invocations\": [{\"executionSuccessful\": true, \"ruleConfigurationOverrides\": [{\"descriptor\": "
        "{\"id\": \"D0\"}, \"configuration\": {\"level\": \"error\"}}, {\"descriptor\": {\"index\": 1, "
        "\"toolComponent\": {\"index\": 1}}, \"configuration\": {\"level\": \"note\"}}]}], \"results\": ["
        "{\"rule\": {\"index\": 0, \"toolComponent\": {\"index\": 1}}, \"message\": {\"text\": \"by "
        "index\"}, "
        "\"analysisTarget\": {\"uri\": \"a.c\"}}, "
        "{\"ruleId\": \"E0\", \"message\": {\"text\": \"by id\"}, " AT(
            "a.c",
            "\"startLine\": 1") "}, "
                                "{\"ruleIndex\": 0, \"message\": {\"text\": \"configured\"}, " AT(
                                    "a.c",
                                    "\"startLine\": 1") "}, "
                                                        "{\"ruleId\": \"E1\", \"message\": {\"text\": \"so "
                                                        "too\"}, " AT(
                                                            "a.c",
                                                            "\"startLine\": 1") "}, "
                                                                                "{\"ruleId\": \"D0\", "
                                                                                "\"level\": \"warning\", "
                                                                                "\"message\": {\"text\": "
                                                                                "\"its own\"}, " AT(
                                                                                    "a.c",
                                                                                    "\"startLine\": 1") "}]}]"
                                                                                                        "}";

    assert_read(stage, OUTPUT_SARIF, log,
                "a.c:0:0-0:0: error: tool.E0: by index\n"
                "a.c:1:0-1:0: error: tool.E0: by id\n"
                "a.c:1:0-1:0: error: tool.D0: configured\n"
                "a.c:1:0-1:0: note: tool.E1: so too\n"
                "a.c:1:0-1:0: warning: tool.D0: its own\n");
}

/* A region that is told by offsets alone; columns are UTF-16's. */
static void test_sarif_offsets(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_write(stage->root, "a.c", "\xf0\x9f\x98\x80 b\r\nint c;\n", -1);
    assert_read(
        stage, OUTPUT_SARIF,
        SARIF(
            "{\"message\": {\"text\": \"a\"}, " AT(
                "a.c",
                "\"charOffset\": 3, \"charLength\": 1") "}, "
                                                        "{\"message\": {\"text\": \"b\"}, " AT(
                                                            "a.c",
                                                            "\"charOffset\": 6, "
                                                            "\"charLength\": 7") "}, "
                                                                                 "{\"message\""
                                                                                 ": "
                                                                                 "{\"text\": "
                                                                                 "\"c\"}, " AT(
                                                                                     "a.c",
                                                                                     "\"byteOf"
                                                                                     "fset\": "
                                                                                     "8, "
                                                                                     "\"byteLe"
                                                                                     "ngth\": "
                                                                                     "3") "}, "
                                                                                          "{\""
                                                                                          "mes"
                                                                                          "sag"
                                                                                          "e\""
                                                                                          ": "
                                                                                          "{\""
                                                                                          "tex"
                                                                                          "t\""
                                                                                          ": "
                                                                                          "\"d"
                                                                                          "\"}"
                                                                                          ","
                                                                                          " " AT(
                                                                                              "a.c",
                                                                                              "\"charOffset\""
                                                                                              ": 99") "}, "
                                                                                                      "{\"mes"
                                                                                                      "sage\""
                                                                                                      ": "
                                                                                                      "{\"tex"
                                                                                                      "t\": "
                                                                                                      "\"e\"}"
                                                                                                      ", " AT("a.c", "\"charOffset\": -1, \"byteOffset\": \"x\"") "}, {\"message\": {\"text\": \"f\"}, " AT(
                                                                                                          "a."
                                                                                                          "c",
                                                                                                          "\""
                                                                                                          "sn"
                                                                                                          "ip"
                                                                                                          "pe"
                                                                                                          "t"
                                                                                                          "\""
                                                                                                          ": "
                                                                                                          "{"
                                                                                                          "\""
                                                                                                          "te"
                                                                                                          "xt"
                                                                                                          "\""
                                                                                                          ": "
                                                                                                          "\""
                                                                                                          "in"
                                                                                                          "t"
                                                                                                          "\""
                                                                                                          "}") "}",
            ""),
        "a.c:1:3-1:4: warning: tool.warning: a\n"
        "a.c:2:1-2:7: warning: tool.warning: b\n"
        "a.c:2:0-2:0: warning: tool.warning: c\n"
        "a.c:0:0-0:0: warning: tool.warning: d\n"
        "a.c:0:0-0:0: warning: tool.warning: e\n"
        "a.c:0:0-0:0: warning: tool.warning: f\n");
}

static void test_sarif_unreadable(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_SARIF, "",
                "undecided: its output cannot be read: '[' or '{' expected near end of file\n");
    assert_read(stage, OUTPUT_SARIF, "{}",
                "undecided: its output cannot be read: it is no SARIF log of version 2.1.0\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF("{\"message\": {\"text\": \"a\"}, " AT("https://example.org/a.c", "") "}", ""),
                "undecided: its output cannot be read: it names a file that is not there: "
                "https://example.org/a.c\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF("", ", \"externalPropertyFileReferences\": {\"results\": [{\"guid\": \"x\"}]}"),
                "undecided: its output cannot be read: its results are in another file\n");
    assert_read(stage, OUTPUT_SARIF,
                "{\"version\": \"2.1.0\", \"runs\": [{\"results\": []}], \"inlineExternalProperties\": []}",
                "undecided: its output cannot be read: its results stand outside of its runs\n");
    assert_read(stage, OUTPUT_SARIF, "{\"version\": \"2.1.0\", \"runs\": []}",
                "undecided: its output cannot be read: it has no runs\n");
    assert_read(stage, OUTPUT_SARIF, "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {}}]}",
                "undecided: its output cannot be read: a run has no results\n");
    assert_read(stage, OUTPUT_SARIF, SARIF("{\"message\": {\"text\": \"lost\"}}", ""),
                "undecided: its output cannot be read: a result is of no file: lost\n");
    assert_read(stage, OUTPUT_SARIF, SARIF("1", ""),
                "undecided: its output cannot be read: a result is no object\n");
    assert_read(stage, OUTPUT_SARIF, SARIF("{\"message\": {\"text\": \"m\"}, " AT("gone.c", "") "}", ""),
                "undecided: its output cannot be read: it names a file that is not there: gone.c\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF("",
                      ", \"invocations\": [{\"executionSuccessful\": false, \"toolExecutionNotifications\": "
                      "[{\"level\": \"error\", \"message\": {\"text\": \"a.c: cannot parse\"}}]}]"),
                "undecided: says that it did not do its work: a.c: cannot parse\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF("",
                      ", \"invocations\": [{\"executionSuccessful\": true, "
                      "\"toolConfigurationNotifications\": [{\"level\": \"error\", \"message\": {\"text\": "
                      "\"no rules\"}}]}]"),
                "undecided: says that it did not do its work: no rules\n");
}

#define ADD(name, function) g_test_add("/formats/" name, Stage, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/formats/recorded", test_recorded);
    ADD("account", test_account);
    ADD("paths", test_paths);
    ADD("unprintable-path", test_unprintable_path);
    ADD("gcc", test_gcc);
    ADD("lines", test_lines);
    ADD("pattern", test_pattern);
    ADD("checkstyle", test_checkstyle);
    ADD("checkstyle-unreadable", test_checkstyle_unreadable);
    ADD("rdjsonl", test_rdjsonl);
    ADD("sarif", test_sarif);
    ADD("sarif-rule", test_sarif_rule);
    ADD("sarif-suppressions", test_sarif_suppressions);
    ADD("sarif-fixes", test_sarif_fixes);
    ADD("sarif-places", test_sarif_places);
    ADD("sarif-extensions", test_sarif_extensions);
    ADD("sarif-offsets", test_sarif_offsets);
    ADD("sarif-unreadable", test_sarif_unreadable);
    return g_test_run();
}
