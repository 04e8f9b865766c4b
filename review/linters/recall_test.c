/* What is kept of a linter, and by which key. */
#include "review/linters/recall.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- bytes and back */

static CheckResult *result_new(const char *path) {
    CheckResult *result = check_result_new("ruff");
    Finding *finding;
    RuleInfo *rule;
    Fix *fix;

    result->version = g_strdup("0.17.6");
    result->ran = true;
    result->exit_code = 1;
    g_ptr_array_add(result->paths, g_strdup(path));
    finding = finding_new("ruff", "F401", SEVERITY_ERROR, path, (Region){1, 8, 1, 10},
                          "`os` is not used \xe2\x9c\x93");
    fix = fix_new("Remove it", FIX_UNSAFE);
    fix_add(fix, (Region){1, 1, 2, 1}, "");
    fix_add(fix, (Region){3, 1, 3, 1}, "x = 1\n");
    g_ptr_array_add(finding->fixes, fix);
    g_ptr_array_add(result->findings, finding);
    finding = finding_new("ruff", "S101", SEVERITY_NOTE, path, (Region){0}, "whole");
    finding_suppress(finding, 7, g_strdup("known"));
    g_ptr_array_add(result->findings, finding);
    finding = finding_new("ruff", "S102", SEVERITY_OFF, path, (Region){2, 1, 2, 2}, "");
    finding_suppress(finding, 0, NULL);
    g_ptr_array_add(result->findings, finding);
    rule = check_rule(result, "ruff.F401");
    rule->name = g_strdup("unused-import");
    rule->help_markdown = g_strdup("# Why\n");
    rule->help_uri = g_strdup("https://example.org/");
    rule->security_severity = 7.5;
    rule->severity = SEVERITY_ERROR;
    rule->cwe = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_vals(rule->cwe, &(guint){563}, 1);
    check_rule(result, "ruff.S101");
    return result;
}

static char *describe(const CheckResult *result) {
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%s %d %d %u\n", result->version, result->ran, result->exit_code,
                           result->paths->len);
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        const Region *r = &finding->region;

        g_string_append_printf(text, "%s:%u:%u-%u:%u %s %s %s", finding->path, r->start_line, r->start_column,
                               r->end_line, r->end_column, severity_name(finding->severity), finding->rule,
                               finding->message);
        if (finding->suppression != NULL)
            g_string_append_printf(text, " (%u %s)", finding->suppression->line,
                                   finding->suppression->justification);
        for (guint j = 0; j < finding->fixes->len; j++) {
            const Fix *fix = finding->fixes->pdata[j];

            g_string_append_printf(text, "\n  %d %s", fix->kind, fix->description);
            for (guint k = 0; k < fix->edits->len; k++)
                g_string_append_printf(
                    text, " [%u %u '%s']", ((Edit *)fix->edits->pdata[k])->region.start_line,
                    ((Edit *)fix->edits->pdata[k])->region.end_line, ((Edit *)fix->edits->pdata[k])->text);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static void test_pack(void) {
    g_autoptr(CheckResult) result = result_new("a.py"), again = check_result_new("ruff");
    g_autoptr(GBytes) bytes = recall_pack(result, "a.py"), same = recall_pack(result, "a.py");
    g_autofree char *before = describe(result), *after = NULL;
    const RuleInfo *rule;

    g_assert_nonnull(bytes);
    g_assert_true(g_bytes_equal(bytes, same));
    g_assert_true(recall_unpack(bytes, "a.py", again));
    after = describe(again);
    g_assert_cmpstr(after, ==, before);
    g_assert_cmpuint(g_hash_table_size(again->rules), ==, 2);
    rule = check_rule(again, "ruff.F401");
    g_assert_cmpstr(rule->name, ==, "unused-import");
    g_assert_cmpstr(rule->help_markdown, ==, "# Why\n");
    g_assert_cmpstr(rule->help_uri, ==, "https://example.org/");
    g_assert_null(rule->summary);
    g_assert_cmpfloat(rule->security_severity, ==, 7.5);
    g_assert_cmpint(rule->severity, ==, SEVERITY_ERROR);
    g_assert_cmpuint(g_array_index(rule->cwe, guint, 0), ==, 563);
    g_assert_null(check_rule(again, "ruff.S101")->cwe);
}

/* Under another name the same bytes are of another file; a file without findings has no part in the exit
 * code. */
static void test_pack_of_one(void) {
    g_autoptr(CheckResult) result = result_new("a.py"), again = check_result_new("ruff");
    g_autoptr(GBytes) bytes = NULL;

    g_ptr_array_add(result->paths, g_strdup("b.py"));
    bytes = recall_pack(result, "b.py");
    g_assert_true(recall_unpack(bytes, "b.py", again));
    g_assert_cmpuint(again->findings->len, ==, 0);
    g_assert_cmpint(again->exit_code, ==, 0);
    g_assert_true(again->ran);
    g_assert_cmpstr(again->paths->pdata[0], ==, "b.py");
}

/* It is kept that a file is left out, too. */
static void test_pack_left_out(void) {
    g_autoptr(CheckResult) result = result_new("a.py"), again = check_result_new("ruff");
    g_autoptr(GBytes) bytes = NULL;

    g_ptr_array_add(result->paths, g_strdup("b.py"));
    check_leave_out(result, "b.py", "it is told to");
    bytes = recall_pack(result, "b.py");
    g_assert_true(recall_unpack(bytes, "b.py", again));
    g_assert_cmpuint(again->paths->len, ==, 0);
    g_assert_cmpstr(g_hash_table_lookup(again->left_out, "b.py"), ==, "it is told to");
}

static void assert_not_packed(const CheckResult *result, const char *path) {
    g_assert_null(recall_pack(result, path));
}

static void test_not_packed(void) {
    g_autoptr(CheckResult) failed = result_new("a.py"), file_failed = result_new("a.py"),
                           not_run = result_new("a.py"), good = result_new("a.py");

    check_fail(failed, "ended with exit code 2", NULL);
    assert_not_packed(failed, "a.py");
    check_fail_file(file_failed, "a.py", "did not look at it");
    assert_not_packed(file_failed, "a.py");
    not_run->ran = false;
    assert_not_packed(not_run, "a.py");
    assert_not_packed(good, "b.py");
}

/* Whatever the bytes are, they are read or refused, and then nothing is added. */
static void test_other_bytes(void) {
    g_autoptr(CheckResult) result = result_new("a.py");
    g_autoptr(GBytes) bytes = recall_pack(result, "a.py");
    gsize len;
    const guint8 *data = g_bytes_get_data(bytes, &len);

    for (gsize cut = 0; cut < len; cut++) {
        g_autoptr(CheckResult) again = check_result_new("ruff");
        g_autoptr(GBytes) part = g_bytes_new(data, cut);

        if (!recall_unpack(part, "a.py", again))
            g_assert_cmpuint(again->findings->len + again->paths->len, ==, 0);
    }
    for (gsize i = 0; i < len; i++) {
        g_autoptr(CheckResult) again = check_result_new("ruff");
        g_autofree guint8 *copy = g_memdup2(data, len);
        g_autoptr(GBytes) edited = NULL;

        copy[i] ^= 0x5a;
        edited = g_bytes_new(copy, len);
        if (!recall_unpack(edited, "a.py", again))
            g_assert_cmpuint(again->findings->len + again->paths->len, ==, 0);
    }
}

/* ---- keys */

typedef struct {
    char *top, *root, *bin, *tool;
    LinterPolicy policy;
    GHashTable *config;
} Place;

static void write_text(const char *folder, const char *name, const char *text) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *above = g_path_get_dirname(path);

    g_assert_no_errno(g_mkdir_with_parents(above, 0755));
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_no_errno(chmod(path, 0755));
}

static void setup(Place *place, gconstpointer data) {
    (void)data;
    place->top = g_dir_make_tmp("recall-test-XXXXXX", NULL);
    g_assert_nonnull(place->top);
    place->root = g_build_filename(place->top, "review", NULL);
    place->bin = g_build_filename(place->top, "venv", "bin", NULL);
    place->tool = g_build_filename(place->bin, "ruff", NULL);
    place->policy = (LinterPolicy){
        .name = (char *)"ruff",
        .args = g_new0(char *, 2),
        .severity = g_array_new(FALSE, FALSE, sizeof(SeverityEntry)),
        .timeout_ms = 1000,
    };
    place->config = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
    write_text(place->bin, "ruff", "#!/usr/bin/python3\nprint(1)\n");
    write_text(place->top, "venv/pyvenv.cfg", "home = /usr/bin\n");
    write_text(place->top, "venv/lib/python3.11/site-packages/plugin.py", "1\n");
    write_text(place->root, "a.py", "import b.c\n");
    write_text(place->root, "other.py", "print(1)\n");
}

static void teardown(Place *place, gconstpointer data) {
    const char *argv[] = {"rm", "-rf", place->top, NULL};

    (void)data;
    g_assert_true(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    g_free(place->policy.args);
    g_array_unref(place->policy.severity);
    g_hash_table_unref(place->config);
    g_free(place->top);
    g_free(place->root);
    g_free(place->bin);
    g_free(place->tool);
}

static char *key_of(const Place *place, const char *path) {
    g_autoptr(Recall) recall = recall_new(&place->policy, place->root, place->config, place->bin);

    return recall != NULL ? recall_key(recall, path) : NULL;
}

/* Looks at the key of a.py anew: it has to be another one than `*key`, or the same. */
static void look(const Place *place, char **key, bool is_new) {
    char *now = key_of(place, "a.py");

    g_assert_nonnull(now);
    g_assert_true((strcmp(now, *key) != 0) == is_new);
    g_free(*key);
    *key = now;
}

static void assert_new(const Place *place, char **key) {
    look(place, key, true);
}

static void assert_same(const Place *place, char **key) {
    look(place, key, false);
}

static void test_key_of_file(Place *place, gconstpointer data) {
    g_autofree char *key = key_of(place, "a.py"), *other = key_of(place, "other.py"), *none = NULL,
                    *file = g_build_filename(place->root, "a.py", NULL);

    (void)data;
    g_assert_cmpstr(key, !=, other);
    assert_same(place, &key);
    write_text(place->root, "other.py", "print(2)\n");
    assert_same(place, &key);
    write_text(place->root, "a.py", "import b.c \n");
    assert_new(place, &key);
    g_assert_no_errno(chmod(file, 0644));
    assert_new(place, &key);
    none = key_of(place, "none.py");
    g_assert_null(none);
}

static void test_key_of_policy(Place *place, gconstpointer data) {
    const SeverityEntry entry = {(char *)"F", SEVERITY_NOTE};
    g_autofree char *key = key_of(place, "a.py");

    (void)data;
    place->policy.args[0] = (char *)"--preview";
    assert_new(place, &key);
    place->policy.version = (char *)">=1";
    assert_new(place, &key);
    g_array_append_val(place->policy.severity, entry);
    assert_new(place, &key);
    place->policy.max_complexity = 7;
    assert_new(place, &key);
    place->policy.require = TIER_FULL;
    assert_new(place, &key);
    assert_same(place, &key);
}

static void test_key_of_config(Place *place, gconstpointer data) {
    g_autofree char *key = key_of(place, "a.py");

    (void)data;
    g_hash_table_insert(place->config, (gpointer) "sub/ruff.toml", NULL);
    assert_same(place, &key);
    g_hash_table_insert(place->config, (gpointer) "ruff.toml", g_bytes_new_static("a", 1));
    assert_new(place, &key);
    g_hash_table_insert(place->config, (gpointer) "ruff.toml", g_bytes_new_static("b", 1));
    assert_new(place, &key);
}

static void test_key_of_imports(Place *place, gconstpointer data) {
    g_autofree char *key = key_of(place, "a.py"), *other = key_of(place, "other.py"), *again = NULL;

    (void)data;
    write_text(place->root, "unrelated.py", "");
    assert_same(place, &key);
    write_text(place->root, "b/d.py", "");
    assert_new(place, &key);
    write_text(place->root, "src/b/c.pyi", "");
    assert_new(place, &key);
    again = key_of(place, "other.py");
    g_assert_cmpstr(other, ==, again);
    write_text(place->root, "__init__.py", "");
    assert_new(place, &key);
}

/* By the stat data of its file, its interpreter's, and of what is installed beside it. */
static void test_key_of_tool(Place *place, gconstpointer data) {
    g_autofree char *key = key_of(place, "a.py");

    (void)data;
    write_text(place->bin, "ruff", "#!/usr/bin/python3\nprint(2)\n");
    assert_new(place, &key);
    write_text(place->top, "venv/lib/python3.11/site-packages/plugin.py", "2\n");
    assert_new(place, &key);
    write_text(place->top, "venv/lib/python3.11/site-packages/more/__init__.py", "");
    assert_new(place, &key);
    write_text(place->bin, "ruff", "#!/usr/bin/env python3\nprint(2)\n");
    g_clear_pointer(&key, g_free);
    key = key_of(place, "a.py"); /* there is no python3 on this PATH */
    g_assert_null(key);
}

static void assert_not_kept(const Place *place) {
    g_autofree char *key = key_of(place, "a.py");

    g_assert_null(key);
}

static void assert_kept(const Place *place) {
    g_autofree char *key = key_of(place, "a.py");

    g_assert_nonnull(key);
}

/* Where it is not known what it consists of. */
static void test_not_kept(Place *place, gconstpointer data) {
    static const char *const elsewhere[] = {"__editable__.plugin.pth", "plugin.egg-link"};
    g_autofree char *packages = g_build_filename(place->top, "venv/lib/python3.11/site-packages", NULL);
    CustomLinter custom = {0};

    (void)data;
    assert_kept(place);
    write_text(place->bin, "ruff", "#!/bin/sh\nexec something\n");
    assert_not_kept(place);
    write_text(place->bin, "ruff", "no program\n");
    assert_not_kept(place);
    write_text(place->bin, "ruff", "#!/usr/bin/python3\n");
    assert_kept(place);
    for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++) {
        g_autofree char *path = g_build_filename(packages, elsewhere[i], NULL);

        write_text(packages, elsewhere[i], "");
        assert_not_kept(place);
        g_assert_no_errno(g_unlink(path));
    }
    write_text(packages, "own.pth", "import something\n");
    assert_kept(place);
    write_text(packages, "own.pth", "import something\n/home/me/plugin\n");
    assert_not_kept(place);
    write_text(packages, "own.pth", "");
    place->policy.custom = &custom;
    assert_not_kept(place);
}

/* Flake8 can be told to import a file of the repository. */
static void test_runs_code(Place *place, gconstpointer data) {
    static const char text[] = "[flake8:local-plugins]\nextension = X = plugin:X\n";

    (void)data;
    write_text(place->bin, "flake8", "#!/usr/bin/python3\n");
    place->policy.name = (char *)"flake8";
    assert_kept(place);
    g_hash_table_insert(place->config, (gpointer) ".flake8", g_bytes_new_static("[flake8]\n", 9));
    assert_kept(place);
    g_hash_table_insert(place->config, (gpointer) ".flake8", g_bytes_new_static(text, strlen(text)));
    assert_not_kept(place);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recall/pack", test_pack);
    g_test_add_func("/recall/pack-of-one", test_pack_of_one);
    g_test_add_func("/recall/pack-left-out", test_pack_left_out);
    g_test_add_func("/recall/not-packed", test_not_packed);
    g_test_add_func("/recall/other-bytes", test_other_bytes);
    g_test_add("/recall/key/file", Place, NULL, setup, test_key_of_file, teardown);
    g_test_add("/recall/key/policy", Place, NULL, setup, test_key_of_policy, teardown);
    g_test_add("/recall/key/config", Place, NULL, setup, test_key_of_config, teardown);
    g_test_add("/recall/key/imports", Place, NULL, setup, test_key_of_imports, teardown);
    g_test_add("/recall/key/tool", Place, NULL, setup, test_key_of_tool, teardown);
    g_test_add("/recall/not-kept", Place, NULL, setup, test_not_kept, teardown);
    g_test_add("/recall/runs-code", Place, NULL, setup, test_runs_code, teardown);
    return g_test_run();
}
