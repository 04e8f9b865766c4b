/* Rules on the change itself, over a tree that is a table. What each finds is tried by its examples
 * (example.h): here are messages, places, and what cannot be told. */
#include "rules/hygiene.h"

#include <string.h>

typedef struct {
    const char *path, *target; /* target NULL: it cannot be read */
} Link;

static const Link links[] = {
    {"absolute", "/etc/passwd"},
    {"above", "../x"},
    {"broken", "no/such/file"},
    {"dir/above", "../../x"},
    {"dir/inside", "../file"},
    {"dir/root", ".."},
    {"dir/roundabout", "deeper/../../dir/./file"},
    {"end", "dir/root"},
    {"far", "dir/root/../x"},
    {"git", "./.git/config"},
    {"GIT", "dir/.GIT/hooks"},
    {"loop", "pool"},
    {"pool", "loop"},
    {"self", "self/self"},
    {"slashes", "dir//file/"},
    {"through", "end/dir/root/above"},
    {"to-absolute", "absolute"},
    {"unreadable", NULL},
    {"via", "dir/unreadable"},
    {"dir/unreadable", NULL},
};

static bool read_link(const char *path, char **ret_target, gpointer data, GError **error) {
    (void)data;
    *ret_target = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        if (strcmp(links[i].path, path) != 0)
            continue;
        if (links[i].target == NULL) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot be read", path);
            return false;
        }
        *ret_target = g_strdup(links[i].target);
    }
    return true;
}

static GBytes *read_bytes(const char *path, gpointer data, GError **error) {
    (void)data;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot be read", path);
    return NULL;
}

static bool list_paths(void (*each)(const char *path, gpointer each_data), gpointer each_data, gpointer data,
                       GError **error) {
    (void)data;
    (void)error;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++)
        each(links[i].path, each_data);
    return true;
}

static bool cannot_list(void (*each)(const char *path, gpointer each_data), gpointer each_data, gpointer data,
                        GError **error) {
    (void)each, (void)each_data, (void)data;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "no list");
    return false;
}

static CheckResult *check_in(const HygieneTree *tree, const HygieneFile *file, const char *own_rules) {
    CheckResult *result = check_result_new("sallyport");
    g_autoptr(RuleSet) rules = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("test");
    g_autoptr(Hygiene) hygiene = NULL;

    g_assert_true(own_rules != NULL ? rule_set_add_text(rules, own_rules, strlen(own_rules), errors)
                                    : rule_set_add_pack(rules, "change", errors));
    hygiene = hygiene_new(rules, tree);
    g_assert_true(hygiene_is_wanted(hygiene));
    hygiene_check(hygiene, file, result);
    hygiene_finish(hygiene, result);
    return result;
}

static CheckResult *check(const char *path) {
    const HygieneTree tree = {.read_link = read_link, .read = read_bytes, .list = list_paths};

    return check_in(&tree, &(HygieneFile){.path = path, .status = "modified", .mode = 0120000}, NULL);
}

static void assert_finds(const char *path, const char *message) {
    g_autoptr(CheckResult) result = check(path);
    const Finding *finding = result->findings->len > 0 ? result->findings->pdata[0] : NULL;

    g_assert_cmpuint(result->findings->len, ==, message != NULL);
    g_assert_null(check_failure_of(result, path));
    if (message == NULL)
        return;
    g_assert_cmpstr(finding->message, ==, message);
    g_assert_cmpstr(finding->rule, ==, "change.link-outside");
    g_assert_cmpstr(finding->path, ==, path);
    g_assert_cmpint(finding->severity, ==, SEVERITY_ERROR);
    g_assert_cmpuint(finding->region.start_line, ==, 0);
    g_assert_nonnull(check_rule(result, "change.link-outside")->summary);
}

static void test_inside(void) {
    static const char *const inside[] = {"broken", "dir/inside", "dir/root", "dir/roundabout", "end",
                                         "loop",   "self",       "slashes",  "a file"};

    for (gsize i = 0; i < G_N_ELEMENTS(inside); i++)
        assert_finds(inside[i], NULL);
}

static void test_outside(void) {
    assert_finds("absolute", "A link to what nobody has reviewed: its target, /etc/passwd, leaves "
                             "the repository: it is, or leads to, an "
                             "absolute path");
    assert_finds("to-absolute", "A link to what nobody has reviewed: its target, absolute, leaves "
                                "the repository: it is, or leads to, an "
                                "absolute path");
    assert_finds("above", "A link to what nobody has reviewed: its target, ../x, leaves the repository");
    assert_finds("dir/above",
                 "A link to what nobody has reviewed: its target, ../../x, leaves the repository");
    assert_finds("far",
                 "A link to what nobody has reviewed: its target, dir/root/../x, leaves the repository");
    assert_finds("through",
                 "A link to what nobody has reviewed: its target, end/dir/root/above, leaves the repository");
    assert_finds("git", "A link to what nobody has reviewed: its target, ./.git/config, leads into "
                        ".git, which is not of the repository's "
                        "content");
    assert_finds("GIT", "A link to what nobody has reviewed: its target, dir/.GIT/hooks, leads into "
                        ".git, which is not of the repository's "
                        "content");
}

/* What cannot be read is undecided, not without findings. */
static void test_failures(void) {
    static const HygieneFile added = {.path = "a", .status = "added", .mode = 0100644};
    static const HygieneFile script = {.path = "a", .status = "added", .mode = 0100755};
    const HygieneTree unlisted = {
        .read_link = read_link, .read = read_bytes, .list = cannot_list, .is_change = true};
    const HygieneTree tree = {.read_link = read_link, .read = read_bytes, .list = list_paths};
    g_autoptr(CheckResult) result = check("unreadable"), via = check("via");
    g_autoptr(CheckResult) list = check_in(&unlisted, &added, NULL), read = check_in(&tree, &script, NULL);

    g_assert_cmpstr(check_failure_of(result, "unreadable"), ==,
                    "rule change.link-outside: unreadable: cannot be read");
    g_assert_true(check_was_given(result, "unreadable"));
    g_assert_cmpstr(check_failure_of(via, "via"), ==,
                    "rule change.link-outside: dir/unreadable: cannot be read");
    g_assert_true(check_was_given(via, "via"));
    g_assert_cmpstr(check_failure_of(list, "a"), ==, "rule change.case-conflict: no list");
    g_assert_nonnull(strstr(check_failure_of(read, "a"), "a: cannot be read"));
}

#define RULE(conditions)                                                                                     \
    "version: 1\nrules:\n  - {id: a.b, message: M, severity: note, change: " conditions                      \
    ", tests: {bad: [{path: x}]}}\n"

static void assert_says(const HygieneFile *file, const char *rule, guint line, const char *message) {
    const HygieneTree tree = {
        .read_link = read_link, .read = read_bytes, .list = list_paths, .is_change = true};
    g_autoptr(CheckResult) result = check_in(&tree, file, rule);
    const Finding *finding = result->findings->len > 0 ? result->findings->pdata[0] : NULL;

    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
    g_assert_cmpuint(result->findings->len, ==, message != NULL);
    if (finding == NULL)
        return;
    g_assert_cmpstr(finding->message, ==, message);
    g_assert_cmpuint(finding->region.start_line, ==, line);
    g_assert_cmpuint(finding->region.end_line, ==, line);
}

static void test_details(void) {
    g_autoptr(GBytes) mixed = g_bytes_new_static("a\r\nb\nc\r\n", 8);
    g_autoptr(GBytes) latin = g_bytes_new_static("one\ntw\xf6\n", 8);
    g_autoptr(GBytes) cookie = g_bytes_new_static("# coding: latin-1\ntw\xf6\n", 22);
    HygieneFile file = {.path = "dir/A", .status = "added", .mode = 0100644, .size = 3u << 20};

    assert_says(&file, RULE("{size_over: 2M}"), 0, "M: 3.0 MiB");
    assert_says(&file, RULE("{size_over: 3M}"), 0, NULL);
    assert_says(&file, RULE("{files_over: 1}"), 0, NULL);
    file.new_lines = 7;
    assert_says(&file, RULE("{lines_over: 6}"), 0, "M: 7 new lines, over 6");
    file.bytes = mixed;
    assert_says(&file, RULE("{line_ends: mixed}"), 2, "M: 2 end with \\r\\n, 1 with \\n");
    file.bytes = latin;
    assert_says(&file, RULE("{encoding: invalid}"), 2, "M: the byte 0xf6 does not belong there");
    file.bytes = cookie;
    assert_says(&file, RULE("{encoding: invalid}"), 0, NULL);
    file.path = "DIR/above";
    assert_says(&file, RULE("{conflict: true}"), 0, "M: there is dir, too");
    file.path = "Self";
    assert_says(&file, RULE("{conflict: true}"), 0, "M: there is self, too");
    file.path = "a\n/nul.txt";
    assert_says(&file, RULE("{path: [device, control]}"), 0, "M: \"a\\n\" holds a control character");
}

/* Where all that there is gets reviewed, nothing is said of changes. */
static void test_not_a_change(void) {
    const HygieneTree tree = {.read_link = read_link, .read = read_bytes, .list = list_paths};
    const HygieneFile file = {
        .path = "vendor/big", .status = "added", .mode = 0100644, .size = 1u << 30, .binary = true};
    g_autoptr(CheckResult) result = check_in(&tree, &file, NULL);

    g_assert_cmpuint(result->findings->len, ==, 0);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hygiene/inside", test_inside);
    g_test_add_func("/hygiene/outside", test_outside);
    g_test_add_func("/hygiene/failures", test_failures);
    g_test_add_func("/hygiene/details", test_details);
    g_test_add_func("/hygiene/not-a-change", test_not_a_change);
    return g_test_run();
}
