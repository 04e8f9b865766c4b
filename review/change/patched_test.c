/* A change that is made of HEAD and a patch. */
#include "review/change/change.h"

#include "review/change/fixture.h"

static Change *load_patch(const char *patch) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = change_open(".", &error);
    g_autoptr(GBytes) bytes = g_bytes_new(patch, strlen(patch));

    g_assert_no_error(error);
    change_load_patch(change, bytes, NULL, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&change);
}

static void assert_patch_fails(const char *patch, const char *message) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = change_open(".", &error);
    g_autoptr(GBytes) bytes = g_bytes_new(patch, strlen(patch));

    g_assert_no_error(error);
    g_assert_false(change_load_patch(change, bytes, NULL, &error));
    g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_PATCH);
    g_assert_cmpstr(error->message, ==, message);
}

/* The repository's objects, each with its time: libgit2 renews that of an object that is written again. */
static char *objects(void) {
    return run_in(".", (const char *const[]){"find", ".git", "-printf", "%p %s %T@\n", NULL}, NULL);
}

static void test_whole(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autofree char *id = NULL, *before = NULL, *after = NULL, *description = NULL;

    write_text("a.py", "one\ntwo\nthree\n");
    write_text("b.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    write_text("same.py", "ONE\ntwo\nthree\n"); /* a.py becomes an object that is there */
    write_text("gone.py", "x\n");
    write_text(".gitattributes", "*.dat -diff\n");
    id = commit_all("first");
    write_text("a.py", "the work tree's\n");
    before = objects();
    change = load_patch(
        "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n-one\n+ONE\n two\n three\n"
        "diff --git a/b.py b/sub/c.py\nsimilarity index 90%\nrename from b.py\nrename to sub/c.py\n"
        "--- a/b.py\n+++ b/sub/c.py\n@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+10\n"
        "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n--- a/gone.py\n+++ /dev/null\n"
        "@@ -1 +0,0 @@\n-x\n"
        "diff --git a/.gitattributes b/.gitattributes\n--- a/.gitattributes\n+++ b/.gitattributes\n"
        "@@ -1 +1 @@\n-*.dat -diff\n+*.txt -diff\n"
        "diff --git a/new.txt b/new.txt\nnew file mode 100755\n--- /dev/null\n+++ b/new.txt\n"
        "@@ -0,0 +1 @@\n+text\n"
        "diff --git a/new.dat b/new.dat\nnew file mode 100644\n--- /dev/null\n+++ b/new.dat\n"
        "@@ -0,0 +1 @@\n+data\n"
        "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n"
        "@@ -0,0 +1 @@\n+a.py\n\\ No newline at end of file\n");
    assert_change(change, "modified 100644 .gitattributes 1-1\n"
                          "modified 100644 a.py 1-1\n"
                          "deleted 100644>0 gone.py -\n"
                          "added 120000 link -\n"
                          "added 100644 new.dat * binary\n"
                          "added 100755 new.txt *\n"
                          "renamed 100644 b.py => sub/c.py 10-10\n");
    description = g_strdup_printf("HEAD (%.7s) with a patch", id);
    g_assert_cmpstr(change_description(change), ==, description);
    g_assert_cmpint(change_source(change), ==, CHANGE_PATCH);
    g_assert_cmpstr(change_base_id(change), ==, id);
    g_assert_cmpstr(change_head_id(change), ==, "");
    g_assert_cmpstr(change_trusted_from(change), ==, "HEAD");
    assert_reads(change, "a.py", "ONE\ntwo\nthree\n");
    assert_reads(change, "same.py", "ONE\ntwo\nthree\n");
    assert_reads(change, "sub/c.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
    assert_read_fails(change, "b.py", CHANGE_ERROR_NO_FILE, "b.py: there is no such file");
    assert_trusts(change, "a.py", "one\ntwo\nthree\n");
    assert_trusts(change, "new.txt", NULL);
    g_autofree char *target = change_read_link(change, "link", NULL);
    g_assert_cmpstr(target, ==, "a.py");
    after = objects();
    g_assert_cmpstr(before, ==, after);
}

static bool list(const char *path, guint32 mode, gpointer data) {
    g_string_append_printf(data, "%o %s\n", mode, path);
    return true;
}

static void test_files(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    write_text("a.py", "1\n");
    write_text("b.py", "1\n");
    do_commit("first");
    change = load_patch(
        "diff --git a/a.py b/a.py\nold mode 100644\nnew mode 100755\n"
        "diff --git a/b.py b/b.py\ndeleted file mode 100644\n--- a/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"
        "--- /dev/null\n+++ b/b.py/c.py\n@@ -0,0 +1 @@\n+2\n");
    g_assert_true(change_each_file(change, list, text, NULL));
    g_assert_cmpstr(text->str, ==, "100755 a.py\n100644 b.py/c.py\n");
}

static void test_refused(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "1\n");
    write_text("dir/b.py", "1\n");
    do_commit("first");
    assert_patch_fails("", "the patch is empty");
    assert_patch_fails("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
                       "x: the patch does not fit: there is no such file");
    assert_patch_fails(
        "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n+b\n",
        "a.py: hunk 1 (@@ -1,1 +1,1 @@) does not fit: the lines that it changes, or those around "
        "them, are not those of the file");
    assert_patch_fails("--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+b\n",
                       "a.py: the patch does not fit: there is a file of that name already");
    assert_patch_fails("--- /dev/null\n+++ b/dir\n@@ -0,0 +1 @@\n+b\n",
                       "dir: the patch does not fit: there is a folder of that name");
    assert_patch_fails("--- /dev/null\n+++ b/a.py/x\n@@ -0,0 +1 @@\n+b\n",
                       "a.py/x: the patch does not fit: one of its folders is a file, a link or a submodule");
    assert_patch_fails(
        "diff --git a/m b/m\nnew file mode 160000\n--- /dev/null\n+++ b/m\n@@ -0,0 +1 @@\n+b\n",
        "m: the patch does not fit: it is a submodule, and the patch names no commit for it");
}

int main(int argc, char **argv) {
    fixture_environment();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patched/whole", test_whole);
    g_test_add_func("/patched/files", test_files);
    g_test_add_func("/patched/refused", test_refused);
    return g_test_run();
}
