/* A SARIF log of a tool that the policy alone starts, as it might be. */
#include "review/linters/testing_formats.h"

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

#define PLACE(uri, line)                                                                                     \
    "{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"" uri                                         \
    "\"}, \"region\": {\"startLine\": " line "}}}"
#define PLACES(places) "{\"message\": {\"text\": \"m\"}, \"locations\": [" places "]}"

/* Each place of a result is to be mended, so none gets lost behind the first. */
static void test_sarif_many_places(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    assert_read(stage, OUTPUT_SARIF, SARIF(PLACES(PLACE("a.c", "1") ", " PLACE("a.c", "2")), ""),
                "a.c:1:0-1:0: warning: tool.warning: m\na.c:2:0-2:0: warning: tool.warning: m\n");
    assert_read(stage, OUTPUT_SARIF, SARIF(PLACES(PLACE("tool.cfg", "1") ", " PLACE("a.c", "2")), ""),
                "a.c:2:0-2:0: warning: tool.warning: m\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF(PLACES("{\"logicalLocations\": [{\"name\": \"f\"}]}, " PLACE("a.c", "2")), ""),
                "a.c:2:0-2:0: warning: tool.warning: m\n");
    assert_read(stage, OUTPUT_SARIF, SARIF(PLACES("{\"logicalLocations\": [{\"name\": \"f\"}]}"), ""),
                "undecided: its output cannot be read: a result is of no file: m\n");
    assert_read(stage, OUTPUT_SARIF, SARIF(PLACES(PLACE("a.c", "1") ", " PLACE("gone.c", "2")), ""),
                "a.c:1:0-1:0: warning: tool.warning: m\n"
                "undecided: its output cannot be read: it names a file that is not there: gone.c\n");
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

/* Many lines stay that; Markdown by itself is a help, too; and a rule is read once, whatever it has. */
static void test_sarif_help(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    static const char log[] =
        "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"T\", \"rules\": ["
        "{\"id\": \"R1\", \"name\": \"n\", \"help\": {\"text\": \"a\\nb\\u001b\", \"markdown\": \"# a\\n* "
        "b\"}}, "
        "{\"id\": \"R2\", \"help\": {\"markdown\": \"*m*\"}, \"properties\": {\"tags\": [\"CWE-1\"]}}]}}, "
        "\"results\": [{\"ruleId\": \"R1\", " AT("a.c", "") "}, {\"ruleId\": \"R2\", " AT(
            "a.c", "") "}, {\"ruleId\": \"R2\", " AT("a.c", "") "}]}]}";
    g_autoptr(CheckResult) result = read_streams(stage, OUTPUT_SARIF, log, "", 0);
    const RuleInfo *one = g_hash_table_lookup(result->rules, "tool.R1"),
                   *two = g_hash_table_lookup(result->rules, "tool.R2");

    g_assert_null(result->failure);
    g_assert_cmpstr(one->help, ==, "a\nb\\x1b");
    g_assert_cmpstr(one->help_markdown, ==, "# a\n* b");
    g_assert_cmpstr(two->help, ==, "*m*");
    g_assert_cmpstr(two->help_markdown, ==, "*m*");
    g_assert_cmpuint(two->cwe->len, ==, 1);
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
    assert_read(stage, OUTPUT_SARIF, SARIF("", ", \"invocations\": [{\"exitSignalNumber\": 11}]"),
                "undecided: says that it did not do its work\n");
    assert_read(stage, OUTPUT_SARIF,
                SARIF("", ", \"invocations\": [{\"processStartFailureMessage\": \"no javac\"}]"),
                "undecided: says that it did not do its work: no javac\n");
}

#define ADD(name, function) g_test_add("/formats/" name, Stage, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    ADD("sarif", test_sarif);
    ADD("sarif-rule", test_sarif_rule);
    ADD("sarif-help", test_sarif_help);
    ADD("many-places", test_sarif_many_places);
    ADD("sarif-suppressions", test_sarif_suppressions);
    ADD("sarif-fixes", test_sarif_fixes);
    ADD("sarif-places", test_sarif_places);
    ADD("sarif-extensions", test_sarif_extensions);
    ADD("sarif-offsets", test_sarif_offsets);
    ADD("sarif-unreadable", test_sarif_unreadable);
    return g_test_run();
}
