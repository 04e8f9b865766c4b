/* Paths within a repository's tree. */
#include "review/tree_path.h"

#include <glib.h>

static void assert_join(const char *folder, const char *name, const char *expected) {
    g_autofree char *path = tree_path_join(folder, name);

    g_assert_cmpstr(path, ==, expected);
}

static void test_join(void) {
    assert_join("", "a", "a");
    assert_join("a/b", "./c.d", "a/b/c.d");
    assert_join("a/b", "../../c", "c");
    assert_join("a", "b//./../c/", "a/c");
    assert_join("a", "..", "");
    assert_join("a", "", "a");
    assert_join("a", "...", "a/...");
    assert_join("a", "~b/c", NULL);
    assert_join("a", "b/~c", "a/b/~c");
    assert_join("a", "/b", NULL);
    assert_join("", "..", NULL);
    assert_join("a", "../../a/b", NULL); /* out, and in again */
}

static void test_parts(void) {
    g_autofree char *folder = tree_path_folder("a/b/c"), *root = tree_path_folder("c");

    g_assert_cmpstr(folder, ==, "a/b");
    g_assert_cmpstr(root, ==, "");
    g_assert_cmpstr(tree_path_name("a/b/c"), ==, "c");
    g_assert_cmpstr(tree_path_name("c"), ==, "c");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tree-path/join", test_join);
    g_test_add_func("/tree-path/parts", test_parts);
    return g_test_run();
}
