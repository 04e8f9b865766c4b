#include "rules/yaml.h"

#include "exec/caps.h"

#include <string.h>

/* The whole text of the errors of a document; "" where there is none. */
static char *errors_of(const char *text, gssize len) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autoptr(YamlNode) node = yaml_parse_all(text, len < 0 ? strlen(text) : (gsize)len, errors);

    g_assert_true(node != NULL || errors->list->len > 0);
    return yaml_errors_text(errors);
}

static YamlNode *parse(const char *text) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    YamlNode *node = yaml_parse_all(text, strlen(text), errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, "");
    g_assert_nonnull(node);
    return node;
}

static void assert_errors(const char *text, const char *wanted) {
    g_autofree char *errors = errors_of(text, -1);

    g_assert_cmpstr(errors, ==, wanted);
}

static void test_tree_knows_its_places(void) {
    g_autoptr(YamlNode) top = parse("version: 1\n"
                                    "run:\n"
                                    "  - name: 'unit'\n"
                                    "    limits: {wall: 30s}\n");
    const YamlNode *run = yaml_get(top, "run"), *job = run->items->pdata[0];
    const YamlNode *wall = yaml_get(yaml_get(job, "limits"), "wall");

    g_assert_cmpint(top->kind, ==, YAML_MAPPING);
    g_assert_cmpstr(top->where, ==, "");
    g_assert_cmpuint(top->keys->len, ==, 2);
    g_assert_cmpint(run->kind, ==, YAML_SEQUENCE);
    g_assert_cmpstr(job->where, ==, "run[0]");
    g_assert_false(yaml_get(job, "name")->plain);
    g_assert_cmpstr(wall->scalar, ==, "30s");
    g_assert_true(wall->plain);
    g_assert_cmpstr(wall->where, ==, "run[0].limits.wall");
    g_assert_cmpuint(wall->line, ==, 4);
    g_assert_cmpuint(wall->column, ==, 20);
    g_assert_null(yaml_get(top, "gate"));
    g_assert_null(yaml_get(run, "name"));
}

static void test_nothing_is_an_empty_mapping(void) {
    const char *const documents[] = {"", "# only a comment\n", "---\n", "~", "null\n", "\xef\xbb\xbf", NULL};

    for (guint i = 0; documents[i] != NULL; i++) {
        g_autoptr(YamlNode) top = parse(documents[i]);

        g_assert_cmpint(top->kind, ==, YAML_MAPPING);
        g_assert_cmpuint(top->items->len, ==, 0);
    }
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autoptr(YamlNode) none = yaml_parse_all(NULL, 0, errors); /* as g_bytes_get_data() has it */

    g_assert_nonnull(none);
}

static void test_byte_order_mark_moves_no_column(void) {
    g_autoptr(YamlNode) top = parse("\xef\xbb\xbf"
                                    "a: b\n");

    g_assert_cmpuint(yaml_get(top, "a")->column, ==, 4);
}

static void test_columns_count_code_points(void) {
    g_autoptr(YamlNode) top = parse("{äöü: b}\n");

    g_assert_cmpuint(yaml_get(top, "äöü")->column, ==, 7);
}

static void test_syntax_errors(void) {
    assert_errors(
        "a: [1, 2\nb: 3\n",
        "a.yaml:2:2: this is not valid YAML: did not find expected ',' or ']', while parsing a flow "
        "sequence that begins at line 1, column 4");
    assert_errors("a:\n\tb: 1\n",
                  "a.yaml:2:1: this is not valid YAML: a tab stands where only spaces may indent, while "
                  "scanning for the next token that begins at line 2, column 1");
    assert_errors(
        "a: \"open\n",
        "a.yaml:2:1: this is not valid YAML: found unexpected end of stream, while scanning a quoted "
        "scalar that begins at line 1, column 4");
    assert_errors("a: b\n--- \nc: d\n", "a.yaml:2:1: a second document begins: only one is allowed");
    assert_errors("a: \"x\\x1b\"\nb: \x1b[31m\n",
                  "a.yaml:2:4: the control character 0x1b is not allowed in YAML");
}

static void test_bytes_that_are_no_text(void) {
    static const char nul[] = "a: b\0c\n";
    static const char utf16[] = "\xff\xfe"
                                "a\0:\0";
    g_autofree char *first = errors_of(nul, sizeof nul - 1);
    g_autofree char *second = errors_of(utf16, sizeof utf16 - 1);

    g_assert_cmpstr(first, ==, "a.yaml:1:5: a NUL byte is not allowed");
    g_assert_cmpstr(second, ==, "a.yaml:1:1: the byte 0xff is not UTF-8");
    assert_errors("ok: 1\nb: ä\xe4\n", "a.yaml:2:5: the byte 0xe4 is not UTF-8");
    assert_errors("a: \"b\\0c\"\n", "a.yaml:1:4: a: a NUL character is not allowed");
    assert_errors("? \"b\\0c\"\n: 1\n", "a.yaml:1:3: a NUL character is not allowed");
}

static void test_keys_that_cannot_stand(void) {
    assert_errors("a: 1\nb: 2\na: 3\n\"b\": 4\n", "a.yaml:3:1: the key 'a' stands twice, first at line 1\n"
                                                  "a.yaml:4:1: the key 'b' stands twice, first at line 2");
    assert_errors("c:\n  ? [x]\n  : 1\n", "a.yaml:2:5: c: a key must be text, not a list");
    assert_errors("base: &base {x: 1}\nc:\n  <<: *base\n",
                  "a.yaml:3:3: c: merge keys ('<<') are not supported: write out the keys that are meant");
    assert_errors("\"<<\": 1\n", "");
}

static void test_tags(void) {
    g_autoptr(YamlNode) top = parse("{a: !!str 5, b: !!int \"5\", c: !!map {}, d: !!seq [], e: !!null ''}");

    g_assert_false(yaml_get(top, "a")->plain);
    g_assert_true(yaml_get(top, "b")->plain);
    assert_errors("a: !!python/object:os.system x\nb: !!seq 5\nc: !mine []\n",
                  "a.yaml:1:4: a: the tag 'tag:yaml.org,2002:python/object:os.system' is not allowed here\n"
                  "a.yaml:2:4: b: the tag 'tag:yaml.org,2002:seq' is not allowed here\n"
                  "a.yaml:3:4: c: the tag '!mine' is not allowed here");
}

static void test_aliases_are_copies_in_their_place(void) {
    g_autoptr(YamlNode) top = parse("a: &limits {wall: 30s, list: [x]}\n"
                                    "b: *limits\n"
                                    "c: &limits new\n"
                                    "d: *limits\n"
                                    "&key k: v\n"
                                    "e: {*key : w}\n");
    const YamlNode *copy = yaml_get(top, "b"), *item = yaml_get(copy, "list")->items->pdata[0];

    g_assert_cmpstr(yaml_get(copy, "wall")->where, ==, "b.wall");
    g_assert_cmpuint(yaml_get(copy, "wall")->line, ==, 1);
    g_assert_cmpstr(item->where, ==, "b.list[0]");
    g_assert_cmpstr(yaml_get(top, "d")->scalar, ==, "new");
    g_assert_cmpstr(yaml_get(yaml_get(top, "e"), "k")->scalar, ==, "w");
}

static void test_aliases_of_nothing(void) {
    assert_errors("a: *nowhere\n",
                  "a.yaml:1:4: a: the alias '*nowhere' has no anchor '&nowhere' that ends before it");
    assert_errors("a: &self [*self]\n",
                  "a.yaml:1:11: a[0]: the alias '*self' has no anchor '&self' that ends before it");
}

/* An anchor within what a mapping leaves out is still there for a later alias. */
static void test_alias_of_a_dropped_value(void) {
    assert_errors("a: 1\na: &x {y: 1}\nb: *x\n", "a.yaml:2:1: the key 'a' stands twice, first at line 1");
}

static char *laughs(const char *innermost, guint levels) {
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "a0: &a0 %s\n", innermost);
    for (guint i = 1; i <= levels; i++) {
        g_string_append_printf(text, "a%u: &a%u [", i, i);
        for (guint k = 0; k < 10; k++)
            g_string_append_printf(text, "%s*a%u", k > 0 ? ", " : "", i - 1);
        g_string_append(text, "]\n");
    }
    return g_string_free(text, FALSE);
}

static void test_billion_laughs(void) {
    g_autofree char *text = laughs("lol", 30);
    gint64 start = g_get_monotonic_time();

    assert_errors(text, "a.yaml:6:45: a5[7]: the document has more than 100000 nodes, aliases expanded");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
}

/* Few nodes, but each of them large. */
static void test_laughs_in_bytes(void) {
    g_autofree char *word = g_strnfill(100000, 'x');
    g_autofree char *text = laughs(word, 4);

    assert_errors(text,
                  "a.yaml:3:10: a2[0]: the document has more than 2097152 bytes of text, aliases expanded");
}

static void test_depth(void) {
    g_autofree char *open = g_strnfill(64, '['), *close = g_strnfill(64, ']');
    g_autofree char *deepest = g_strconcat(open, close, NULL);
    g_autofree char *deeper = g_strconcat("[", deepest, "]", NULL);
    g_autofree char *endless = g_strnfill(CAP_POLICY_BYTES, '[');
    g_autofree char *errors = NULL, *endless_errors = NULL, *alias_errors = NULL;
    g_autoptr(YamlNode) node = parse(deepest);
    g_autofree char *half = g_strndup(open, 40), *half_close = g_strndup(close, 40);
    g_autofree char *aliased = g_strdup_printf("[&a %s%s, %s*a%s]", half, half_close, half, half_close);

    g_assert_nonnull(node);
    errors = errors_of(deeper, -1);
    g_assert_true(g_str_has_suffix(errors, "nested deeper than 64 levels"));
    g_assert_true(g_str_has_prefix(errors, "a.yaml:1:65: [0][0]"));
    endless_errors = errors_of(endless, -1);
    g_assert_true(g_str_has_suffix(endless_errors, "nested deeper than 64 levels"));
    alias_errors = errors_of(aliased, -1);
    g_assert_true(g_str_has_suffix(alias_errors, "nested deeper than 64 levels"));
}

static void test_size(void) {
    g_autofree char *large = g_strnfill(CAP_POLICY_BYTES + 1, '#');

    assert_errors(large, "a.yaml: the file is larger than 1048576 bytes");
    large[CAP_POLICY_BYTES] = '\0';
    assert_errors(large, "");
}

static void test_errors_are_sorted_and_counted(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("b.yaml");
    g_autofree char *text = NULL;

    for (guint line = 30; line > 0; line--)
        yaml_error_at(errors, line, 1, "a.b", "wrong \x1b[31m");
    text = yaml_errors_text(errors);
    g_assert_cmpuint(errors->list->len, ==, CAP_YAML_ERRORS);
    g_assert_true(g_str_has_prefix(text, "b.yaml:1:1: a.b: wrong \\x1b[31m\n"
                                         "b.yaml:2:1: a.b: wrong"));
    g_assert_true(g_str_has_suffix(text, ":20:1: a.b: wrong \\x1b[31m\nb.yaml: and 10 more errors"));
}

static void test_errors_of_one_place_keep_their_order(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autofree char *text = NULL;

    yaml_error_at(errors, 2, 1, "", "third");
    yaml_error_at(errors, 1, 9, "", "first");
    yaml_error_at(errors, 1, 9, "", "second");
    yaml_error(errors, NULL, "of the whole");
    text = yaml_errors_text(errors);
    g_assert_cmpstr(text, ==,
                    "a.yaml: of the whole\na.yaml:1:9: first\na.yaml:1:9: second\na.yaml:2:1: third");
}

static void test_keys(void) {
    static const char *const known[] = {"linters", "gate", "run", NULL};
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autoptr(YamlNode) top = parse("linterz: 1\ngate: {scop: 1}\nfrobnicate: 2\n");
    g_autoptr(YamlNode) list = parse("[1]");
    g_autofree char *text = NULL;

    g_assert_true(yaml_keys(top, known, errors));
    g_assert_false(yaml_keys(list, known, errors));
    text = yaml_errors_text(errors);
    g_assert_cmpstr(text, ==,
                    "a.yaml:1:1: unknown key 'linterz' (did you mean 'linters'?)\n"
                    "a.yaml:1:1: expected a mapping ('key: value'), found a list\n"
                    "a.yaml:3:1: unknown key 'frobnicate'; expected linters, gate or run");
}

/* One accessor over one scalar: what it gives, as text, or the error without its head. */
typedef char *(*Show)(const YamlNode *node, YamlErrors *errors);

static void assert_value(Show show, const char *yaml, const char *wanted) {
    g_autofree char *text = g_strdup_printf("v: %s\n", yaml);
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autoptr(YamlNode) top = parse(text);
    g_autofree char *shown = show(yaml_get(top, "v"), errors);

    if (shown == NULL) {
        g_assert_cmpuint(errors->list->len, ==, 1);
        g_assert_true(g_str_has_prefix(errors->list->pdata[0], "a.yaml:1:"));
        shown = g_strdup(strstr(errors->list->pdata[0], "v: ") + 3);
    } else {
        g_assert_cmpuint(errors->list->len, ==, 0);
    }
    g_assert_cmpstr(shown, ==, wanted);
}

static char *show_string(const YamlNode *node, YamlErrors *errors) {
    char *value = NULL;

    return yaml_string(node, &value, errors) ? value : NULL;
}

static char *show_strings(const YamlNode *node, YamlErrors *errors) {
    g_auto(GStrv) values = NULL;

    return yaml_strings(node, &values, errors) ? g_strjoinv("|", values) : NULL;
}

static char *show_uint(const YamlNode *node, YamlErrors *errors) {
    guint64 value = 77;
    bool ok = yaml_uint(node, 1, 64, &value, errors);

    g_assert_true(ok || value == 77);
    return ok ? g_strdup_printf("%" G_GUINT64_FORMAT, value) : NULL;
}

static char *show_double(const YamlNode *node, YamlErrors *errors) {
    double value = 77;
    bool ok = yaml_double(node, 0, 10, &value, errors);

    g_assert_true(ok || value == 77);
    return ok ? g_strdup_printf("%g", value) : NULL;
}

static char *show_bool(const YamlNode *node, YamlErrors *errors) {
    bool value;

    return yaml_bool(node, &value, errors) ? g_strdup(value ? "true" : "false") : NULL;
}

static char *show_severity(const YamlNode *node, YamlErrors *errors) {
    Severity value;

    return yaml_severity(node, &value, errors) ? g_strdup(severity_name(value)) : NULL;
}

static char *show_duration(const YamlNode *node, YamlErrors *errors) {
    guint64 value = 77;
    bool ok = yaml_duration(node, CAP_TIMEOUT_MS, &value, errors);

    g_assert_true(ok || value == 77);
    return ok ? g_strdup_printf("%" G_GUINT64_FORMAT, value) : NULL;
}

static char *show_size(const YamlNode *node, YamlErrors *errors) {
    guint64 value = 77;
    bool ok = yaml_size(node, 1024, G_MAXUINT64, &value, errors);

    g_assert_true(ok || value == 77);
    return ok ? g_strdup_printf("%" G_GUINT64_FORMAT, value) : NULL;
}

static void test_strings(void) {
    assert_value(show_string, "abc", "abc");
    assert_value(show_string, "'a b'", "a b");
    assert_value(show_string, "0.14", "0.14");
    assert_value(show_string, "", "expected text that is not empty, found nothing");
    assert_value(show_string, "''", "expected text that is not empty, found \"\"");
    assert_value(show_string, "'null'", "null");
    assert_value(show_string, "[a]", "expected text that is not empty, found a list");
    assert_value(show_strings, "[]", "");
    assert_value(show_strings, "[a, 'b c', 5]", "a|b c|5");
    assert_value(show_strings, "alone", "alone");
    assert_value(show_strings, "{a: b}", "expected a list of strings, found a mapping");
    assert_value(show_strings, "~", "expected a list of strings, found nothing");
    assert_value(show_strings, "''", "expected text that is not empty, found \"\"");
}

static void test_every_wrong_item_is_told(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("a.yaml");
    g_autoptr(YamlNode) top = parse("v: [a, '', {b: c}]\n");
    g_autofree char *text = NULL;
    GStrv values = NULL;

    g_assert_false(yaml_strings(yaml_get(top, "v"), &values, errors));
    g_assert_null(values);
    text = yaml_errors_text(errors);
    g_assert_cmpstr(text, ==,
                    "a.yaml:1:8: v[1]: expected text that is not empty, found \"\"\n"
                    "a.yaml:1:12: v[2]: expected text that is not empty, found a mapping");
}

static void test_numbers(void) {
    assert_value(show_uint, "1", "1");
    assert_value(show_uint, "64", "64");
    assert_value(show_uint, "0", "expected a whole number from 1 to 64, found '0'");
    assert_value(show_uint, "65", "expected a whole number from 1 to 64, found '65'");
    assert_value(show_uint, "010", "expected a whole number from 1 to 64, found '010'");
    assert_value(show_uint, "-1", "expected a whole number from 1 to 64, found '-1'");
    assert_value(show_uint, "1.0", "expected a whole number from 1 to 64, found '1.0'");
    assert_value(show_uint, "'1'", "expected a whole number from 1 to 64, found \"1\"");
    assert_value(show_uint, "18446744073709551617",
                 "expected a whole number from 1 to 64, found '18446744073709551617'");
    assert_value(show_uint, "", "expected a whole number from 1 to 64, found nothing");
    assert_value(show_double, "7.5", "7.5");
    assert_value(show_double, "1e1", "10");
    assert_value(show_double, ".5", "0.5");
    assert_value(show_double, "-0.1", "expected a number from 0 to 10, found '-0.1'");
    assert_value(show_double, "nan", "expected a number from 0 to 10, found 'nan'");
    assert_value(show_double, "0x1", "expected a number from 0 to 10, found '0x1'");
    assert_value(show_double, "1.5x", "expected a number from 0 to 10, found '1.5x'");
    assert_value(show_double, "'5'", "expected a number from 0 to 10, found \"5\"");
}

static void test_words(void) {
    assert_value(show_bool, "true", "true");
    assert_value(show_bool, "on", "true");
    assert_value(show_bool, "Off", "false");
    assert_value(show_bool, "no", "false");
    assert_value(show_bool, "'yes'", "expected true or false, found \"yes\"");
    assert_value(show_bool, "1", "expected true or false, found '1'");
    assert_value(show_severity, "off", "off");
    assert_value(show_severity, "'error'", "error");
    assert_value(show_severity, "warnin",
                 "expected error, warning, note or off, found 'warnin' (did you mean 'warning'?)");
    assert_value(show_severity, "fatal", "expected error, warning, note or off, found 'fatal'");
    assert_value(show_severity, "[error]", "expected error, warning, note or off, found a list");
}

static void test_durations(void) {
    const char *range = "expected a time from 1ms to 24h, such as 500ms, 30s, 2m or 1h, found";
    g_autofree char *zero = g_strconcat(range, " '0s'", NULL), *days = g_strconcat(range, " '25h'", NULL);
    g_autofree char *huge = g_strconcat(range, " '99999999999999999999s'", NULL);
    g_autofree char *unit = g_strconcat(range, " '5 s'", NULL), *none = g_strconcat(range, " 's'", NULL);
    g_autofree char *minus = g_strconcat(range, " '-5s'", NULL);

    assert_value(show_duration, "500ms", "500");
    assert_value(show_duration, "30s", "30000");
    assert_value(show_duration, "'2m'", "120000");
    assert_value(show_duration, "1h", "3600000");
    assert_value(show_duration, "45", "45000");
    assert_value(show_duration, "24h", "86400000");
    assert_value(show_duration, "0s", zero);
    assert_value(show_duration, "25h", days);
    assert_value(show_duration, "99999999999999999999s", huge);
    assert_value(show_duration, "5 s", unit);
    assert_value(show_duration, "s", none);
    assert_value(show_duration, "-5s", minus);
}

static void test_sizes(void) {
    const char *range = "expected a size from 1K to 18446744073709551615, such as 64K, 256M or 1G, found";
    g_autofree char *small = g_strconcat(range, " '1023'", NULL), *unit = g_strconcat(range, " '5Q'", NULL);
    g_autofree char *over = g_strconcat(range, " '17179869184G'", NULL),
                    *bare = g_strconcat(range, " '9iB'", NULL);

    assert_value(show_size, "1024", "1024");
    assert_value(show_size, "4096B", "4096");
    assert_value(show_size, "64K", "65536");
    assert_value(show_size, "64KB", "65536");
    assert_value(show_size, "1MiB", "1048576");
    assert_value(show_size, "256m", "268435456");
    assert_value(show_size, "1G", "1073741824");
    assert_value(show_size, "1023", small);
    assert_value(show_size, "5Q", unit);
    assert_value(show_size, "17179869184G", over); /* 2^64 */
    assert_value(show_size, "9iB", bare);
}

static void test_showing_reads_back(void) {
    static const char *const texts[] = {
        "word",          "true",    "5",       "a b",    "",      "*",   "~",      "\"q\\\"",
        "line\nbreak\t", "\x1b[0m", "ä\u2028", "\ufeff", " lead", "- a", "{file}", NULL};
    static const char *const shown[] = {"word",
                                        "\"true\"",
                                        "\"5\"",
                                        "\"a b\"",
                                        "\"\"",
                                        "\"*\"",
                                        "\"~\"",
                                        "\"\\\"q\\\\\\\"\"",
                                        "\"line\\nbreak\\t\"",
                                        "\"\\x1b[0m\"",
                                        "\"ä\\u2028\"",
                                        "\"\\ufeff\"",
                                        "\" lead\"",
                                        "\"- a\"",
                                        "\"{file}\""};

    for (guint i = 0; texts[i] != NULL; i++) {
        g_autofree char *yaml = yaml_show_string(texts[i]);
        g_autofree char *document = g_strdup_printf("{v: %s}\n", yaml);
        g_autoptr(YamlNode) top = parse(document);

        g_assert_cmpstr(yaml, ==, shown[i]);
        g_assert_cmpstr(yaml_get(top, "v")->scalar, ==, texts[i]);
        g_assert_false(yaml_is_null(yaml_get(top, "v")));
    }
}

static void test_showing_units(void) {
    g_autofree char *ms = yaml_show_duration(1500), *s = yaml_show_duration(90000);
    g_autofree char *h = yaml_show_duration(7200000), *m = yaml_show_size(3 << 20), *b = yaml_show_size(1025);

    g_assert_cmpstr(ms, ==, "1500ms");
    g_assert_cmpstr(s, ==, "90s");
    g_assert_cmpstr(h, ==, "2h");
    g_assert_cmpstr(m, ==, "3M");
    g_assert_cmpstr(b, ==, "1025");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/yaml/tree/places", test_tree_knows_its_places);
    g_test_add_func("/yaml/tree/nothing", test_nothing_is_an_empty_mapping);
    g_test_add_func("/yaml/tree/byte-order-mark", test_byte_order_mark_moves_no_column);
    g_test_add_func("/yaml/tree/columns", test_columns_count_code_points);
    g_test_add_func("/yaml/syntax", test_syntax_errors);
    g_test_add_func("/yaml/bytes", test_bytes_that_are_no_text);
    g_test_add_func("/yaml/keys/wrong", test_keys_that_cannot_stand);
    g_test_add_func("/yaml/tags", test_tags);
    g_test_add_func("/yaml/alias/copies", test_aliases_are_copies_in_their_place);
    g_test_add_func("/yaml/alias/nothing", test_aliases_of_nothing);
    g_test_add_func("/yaml/alias/dropped", test_alias_of_a_dropped_value);
    g_test_add_func("/yaml/limit/laughs", test_billion_laughs);
    g_test_add_func("/yaml/limit/laughs-in-bytes", test_laughs_in_bytes);
    g_test_add_func("/yaml/limit/depth", test_depth);
    g_test_add_func("/yaml/limit/size", test_size);
    g_test_add_func("/yaml/errors/sorted", test_errors_are_sorted_and_counted);
    g_test_add_func("/yaml/errors/stable", test_errors_of_one_place_keep_their_order);
    g_test_add_func("/yaml/keys/unknown", test_keys);
    g_test_add_func("/yaml/value/strings", test_strings);
    g_test_add_func("/yaml/value/items", test_every_wrong_item_is_told);
    g_test_add_func("/yaml/value/numbers", test_numbers);
    g_test_add_func("/yaml/value/words", test_words);
    g_test_add_func("/yaml/value/durations", test_durations);
    g_test_add_func("/yaml/value/sizes", test_sizes);
    g_test_add_func("/yaml/show/strings", test_showing_reads_back);
    g_test_add_func("/yaml/show/units", test_showing_units);
    return g_test_run();
}
