/* A change whose head side has other bytes at a path. */
#include "review/change/fixture.h"

static void amend(Change *change, const char *path, const char *text) {
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;

    change_amend(change, path, bytes, &error);
    g_assert_no_error(error);
}

static void assert_blob(Change *change, const char *path, const char *file_with_that_text) {
    g_autofree char *id = git("hash-object", "--no-filters", "--", file_with_that_text);

    g_assert_cmpstr(change_find(change, path)->blob, ==, id);
}

/* A modified file, a renamed one, one that is untouched. */
static void make_repository(void) {
    write_text("a.py", "1\n2\n3\n4\n");
    write_text("old.py", "1\n2\n3\n4\n5\n6\n7\n8\n");
    write_text("same.py", "X\n2\n3\nY\n");
    do_commit("first");
    write_text("a.py", "1\n2\nthree\n4\n");
    g_assert_no_errno(rename("old.py", "new.py"));
    write_text("new.py", "1\n2\n3\n4\n5\n6\n7\neight\n");
    do_git("add", "-A");
}

static void check_source(ChangeSource source, const char *base) {
    g_autoptr(Change) change = load_change(source, base, NULL);
    const char *all = "added 100644 a.py *\nadded 100644 new.py *\nadded 100644 same.py *\n";

    amend(change, "a.py", "X\n2\n3\nY\n");
    amend(change, "new.py", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
    assert_reads(change, "a.py", "X\n2\n3\nY\n");
    assert_reads(change, "new.py", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
    assert_reads(change, "same.py", "X\n2\n3\nY\n");
    assert_blob(change, "a.py", "same.py");
    assert_change(change, source == CHANGE_ALL
                              ? all
                              : "modified 100644 a.py 1-1,4-4\nrenamed 100644 old.py => new.py 9-9\n");
}

static void test_sources(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    make_repository();
    check_source(CHANGE_STAGED, NULL);
    check_source(CHANGE_WORKTREE, NULL);
    do_commit("second");
    check_source(CHANGE_BASE, "HEAD~1");
    check_source(CHANGE_ALL, NULL);
}

static void test_nothing_is_written(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *before = NULL, *after = NULL;
    g_autoptr(Change) change = NULL;

    make_repository();
    before = run_in(".", PATHS("find", ".", "-printf", "%p %s %T@\n"), NULL);
    change = load_change(CHANGE_STAGED, NULL, NULL);
    amend(change, "a.py", "nobody has had this\n");
    after = run_in(".", PATHS("find", ".", "-printf", "%p %s %T@\n"), NULL);
    g_assert_cmpstr(before, ==, after);
}

/* The work tree's own bytes are read, what git would store is compared. */
static void test_line_ends(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text(".gitattributes", "*.py text eol=crlf\n");
    write_text("a.py", "1\r\n2\r\n");
    do_commit("first");
    write_text("a.py", "1\r\ntwo\r\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    amend(change, "a.py", "one\r\n2\r\n");
    assert_reads(change, "a.py", "one\r\n2\r\n");
    assert_change(change, "modified 100644 a.py 1-1\n");
}

/* Two files of the same content, of which one is amended: the other's is still there. */
static void test_twins(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    do_commit("first");
    write_text("a.py", "same\n");
    write_text("b.py", "same\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    amend(change, "a.py", "other\n");
    amend(change, "b.py", "other\n");
    assert_reads(change, "a.py", "other\n");
    assert_change(change, "added 100644 a.py *\nadded 100644 b.py *\n");
}

static void test_binary(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_bytes("a.py", "a\0b\n", 4);
    do_git("add", "-A");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644 a.py * binary\n");
    amend(change, "a.py", "ab\n");
    assert_change(change, "added 100644 a.py *\n");
}

static void test_no_such_file(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
    g_autoptr(Change) change = NULL;
    static const char *const paths[] = {"none.py", "link", "gone.py"};

    write_text("gone.py", "x\n");
    do_commit("first");
    g_assert_no_errno(unlink("gone.py"));
    g_assert_no_errno(symlink("a.py", "link"));
    do_git("add", "-A");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(change_amend(change, paths[i], bytes, &error));
        g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_FILE);
    }
}

static void test_places(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autofree char *index = NULL, *objects = NULL;

    write_text(".gitattributes", "*.lfs filter=lfs\n*.u16 working-tree-encoding=UTF-16\n*.txt -filter\n");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    index = change_index_file(change);
    objects = change_objects_folder(change);
    g_assert_true(g_str_has_suffix(index, "/.git/index"));
    g_assert_true(g_str_has_suffix(objects, "/.git/objects"));
    g_assert_true(change_is_filtered(change, "a.lfs"));
    g_assert_true(change_is_filtered(change, "a.u16"));
    g_assert_true(change_is_encoded(change, "a.u16"));
    g_assert_false(change_is_encoded(change, "a.lfs"));
    g_assert_false(change_is_filtered(change, "a.txt"));
    g_assert_false(change_is_filtered(change, "a.py"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/amend/sources", test_sources);
    g_test_add_func("/amend/nothing-is-written", test_nothing_is_written);
    g_test_add_func("/amend/line-ends", test_line_ends);
    g_test_add_func("/amend/twins", test_twins);
    g_test_add_func("/amend/binary", test_binary);
    g_test_add_func("/amend/no-such-file", test_no_such_file);
    g_test_add_func("/amend/places", test_places);
    return g_test_run();
}
