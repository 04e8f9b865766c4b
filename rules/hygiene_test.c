/* Rules on the change itself, over a tree that is a table. */
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

static CheckResult *check(const char *path) {
    const HygieneTree tree = {.read_link = read_link};
    CheckResult *result = check_result_new("sallyport");

    hygiene_check(&tree, &(HygieneFile){.path = path}, result);
    return result;
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
    assert_finds("absolute", "The link's target, /etc/passwd, leaves the repository: it is, or leads to, an "
                             "absolute path");
    assert_finds("to-absolute", "The link's target, absolute, leaves the repository: it is, or leads to, an "
                                "absolute path");
    assert_finds("above", "The link's target, ../x, leaves the repository");
    assert_finds("dir/above", "The link's target, ../../x, leaves the repository");
    assert_finds("far", "The link's target, dir/root/../x, leaves the repository");
    assert_finds("through", "The link's target, end/dir/root/above, leaves the repository");
    assert_finds("git", "The link's target, ./.git/config, leads into .git, which is not of the repository's "
                        "content");
    assert_finds("GIT",
                 "The link's target, dir/.GIT/hooks, leads into .git, which is not of the repository's "
                 "content");
}

static void test_hidden(void) {
    static const struct {
        const char *path, *bytes;
        bool finds;
    } cases[] = {{"a.sh", "echo", true},     {"a.js", "x", true},      {"dir/a.py", "", true},
                 {"a.sh", NULL, false},      {"a.png", "PNG", false},  {"a", "", false},
                 {"a", "#!/bin/sh\n", true}, {"a.txt", "text", false}, {"a.php", "<?php", true},
                 {"a.xml", "<a/>", false}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HygieneTree tree = {.read_link = read_link};
        g_autoptr(GBytes) bytes =
            cases[i].bytes != NULL ? g_bytes_new(cases[i].bytes, strlen(cases[i].bytes) + 1) : NULL;
        const HygieneFile file = {.path = cases[i].path, .binary = bytes};
        g_autoptr(CheckResult) result = check_result_new("sallyport");

        hygiene_check(&tree, &file, result);
        g_assert_cmpuint(result->findings->len, ==, cases[i].finds);
        if (cases[i].finds)
            g_assert_cmpstr(((const Finding *)result->findings->pdata[0])->rule, ==, "change.hidden-source");
    }
}

static void test_pointer(void) {
    static const char *const paths[] = {"a.py", "a.bin"};

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        const HygieneTree tree = {.read_link = read_link};
        const HygieneFile file = {.path = paths[i], .pointer = true};
        g_autoptr(CheckResult) result = check_result_new("sallyport");

        hygiene_check(&tree, &file, result);
        g_assert_cmpuint(result->findings->len, ==, i == 0);
    }
}

/* What cannot be read is undecided, not without findings. */
static void test_failures(void) {
    g_autoptr(CheckResult) result = check("unreadable"), via = check("via");

    g_assert_cmpstr(check_failure_of(result, "unreadable"), ==, "unreadable: cannot be read");
    g_assert_true(check_was_given(result, "unreadable"));
    g_assert_cmpstr(check_failure_of(via, "via"), ==, "dir/unreadable: cannot be read");
    g_assert_true(check_was_given(via, "via"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hygiene/inside", test_inside);
    g_test_add_func("/hygiene/outside", test_outside);
    g_test_add_func("/hygiene/hidden", test_hidden);
    g_test_add_func("/hygiene/pointer", test_pointer);
    g_test_add_func("/hygiene/failures", test_failures);
    return g_test_run();
}
