/* What tools print that the policy alone starts: as it was recorded of true ones, and as it might be. */
#include "review/linters/testing_formats.h"

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
    /* A given one by another name, or a copy of it. */
    assert_read(stage, OUTPUT_GCC, "/proc/self/cwd/a.c:1: error: x\n",
                "undecided: its output cannot be read: it names a file that is not there: "
                "/proc/self/cwd/a.c\n");
    assert_read(stage, OUTPUT_GCC, "/tmp/tool-1/a.c:1: error: x\n",
                "undecided: its output cannot be read: it names a file that is not there: /tmp/tool-1/a.c\n");
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

/* An error must not be taken for a warning, nor get lost, because its place is a range or its severity stands
 * elsewhere. */
static void test_gcc_dialects(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_GCC,
                "a.c:1:1:1:3: error: mypy  [x]\n"
                "a.c:1:1-3: error: GHC\n"
                "a.c:(1,1)-(2,3): error: GHC, too\n"
                "a.c:1.1-2.3: error: GNU\n"
                "a.c:1.1-3: error: Bison\n"
                "a.c:1.2: error: a point\n"
                "a.c:1-2: error: lines\n"
                "a.c:1:5:{1:5-1:6}{1:1-1:4}: error: clang [-Wx]\n"
                "a.c:1:5: [error] yamllint (rule)\n"
                "a.c:1:5: no var [Error/no-var]\n"
                "a.c:1:5: Stylelint [error]\n"
                "a.c:1:5: a [note] of no code [Warning/@scope/x]\n"
                "a.c:1:5: internal compiler error: in x, at y.c:1\n"
                "a.c:1:5: sorry, unimplemented: z\n"
                "a.c:1:5:7 apples\n"
                "a.c:1-x: a word\n",
                "a.c:1:1-1:4: error: tool.x: mypy\n"
                "a.c:1:1-1:4: error: tool.error: GHC\n"
                "a.c:1:1-2:4: error: tool.error: GHC, too\n"
                "a.c:1:1-2:4: error: tool.error: GNU\n"
                "a.c:1:1-1:4: error: tool.error: Bison\n"
                "a.c:1:2-1:3: error: tool.error: a point\n"
                "a.c:1:0-2:0: error: tool.error: lines\n"
                "a.c:1:5-1:6: error: tool.x: clang\n"
                "a.c:1:5-1:6: error: tool.error: yamllint (rule)\n"
                "a.c:1:5-1:6: error: tool.no-var: no var\n"
                "a.c:1:5-1:6: error: tool.error: Stylelint\n"
                "a.c:1:5-1:6: warning: tool.@scope/x: a [note] of no code\n"
                "a.c:1:5-1:6: error: tool.error: in x, at y.c:1\n"
                "a.c:1:5-1:6: error: tool.error: z\n"
                "a.c:1:5-1:6: warning: tool.warning: 7 apples\n");
}

static void test_gcc_codes(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_GCC,
                "a.c:1:1: E501 line too long (80 > 79 characters)\n"
                "a.c:1:1: E0602: Undefined variable 'x' (undefined-variable)\n"
                "a.c:1: [F401] `os` imported but unused\n"
                "a.c:1:1: error: SC2086: Double quote [x]\n"
                "a.c:1:1: warning: D100 (say more)\n"
                "a.c:1:1: E501\n"
                "a.c:1:1: UTF8 is meant\n"
                "a.c:1:1: ISO8859-1 is meant\n"
                "a.c:1:1: [F401: x\n",
                "a.c:1:1-1:2: warning: tool.E501: line too long (80 > 79 characters)\n"
                "a.c:1:1-1:2: warning: tool.E0602: Undefined variable 'x' (undefined-variable)\n"
                "a.c:1:0-1:0: warning: tool.F401: `os` imported but unused\n"
                "a.c:1:1-1:2: error: tool.x: SC2086: Double quote\n"
                "a.c:1:1-1:2: warning: tool.D100: (say more)\n"
                "a.c:1:1-1:2: warning: tool.warning: E501\n"
                "a.c:1:1-1:2: warning: tool.warning: UTF8 is meant\n"
                "a.c:1:1-1:2: warning: tool.warning: ISO8859-1 is meant\n"
                "a.c:1:1-1:2: warning: tool.warning: [F401: x\n");
}

/* What a program says of itself, or of no file. */
static void test_gcc_own_errors(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_streams(stage, OUTPUT_GCC, "", "a.c:1:1: warning: w\ncc1: fatal error: b.c: No such file\n", 1,
                   "a.c:1:1-1:2: warning: tool.warning: w\n"
                   "undecided: did not do all of its work: cc1: fatal error: b.c: No such file\n");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: warning: w\nx86_64-gcc-12: error: b.c\n", "", 0,
                   "a.c:1:1-1:2: warning: tool.warning: w\n");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: warning: w\ncc1: some warnings being treated as errors\n", "",
                   1, "a.c:1:1-1:2: warning: tool.warning: w\n");
    assert_streams(stage, OUTPUT_GCC, "a.c:1:1: warning: w\ncc1: warning: -Wx is unknown\n", "", 1,
                   "a.c:1:1-1:2: warning: tool.warning: w\n");
    assert_read(stage, OUTPUT_GCC, "nofile:0:0: error: out of rules [internalError]\n",
                "undecided: its output cannot be read: it names a file that is not there: nofile\n");
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

#define ADD(name, function) g_test_add("/formats/" name, Stage, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/formats/recorded", test_recorded);
    ADD("account", test_account);
    ADD("paths", test_paths);
    ADD("unprintable-path", test_unprintable_path);
    ADD("gcc", test_gcc);
    ADD("gcc-dialects", test_gcc_dialects);
    ADD("gcc-codes", test_gcc_codes);
    ADD("gcc-own-errors", test_gcc_own_errors);
    ADD("lines", test_lines);
    ADD("pattern", test_pattern);
    ADD("checkstyle", test_checkstyle);
    ADD("checkstyle-unreadable", test_checkstyle_unreadable);
    ADD("rdjsonl", test_rdjsonl);
    return g_test_run();
}
