/* What a change started from. */
#include "review/change/change.h"

#include "review/change/fixture.h"

static Change *before_of(Change *change) {
    g_autoptr(GError) error = NULL;
    Change *before = change_before(change, &error);

    g_assert_no_error(error);
    return before;
}

/* "OLD_FIRST+OLD_COUNT>NEW_FIRST+NEW_COUNT, ..." of a file. */
static void assert_hunks(const Change *change, const char *path, const char *expected) {
    const ChangedFile *file = change_find(change, path);
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_nonnull(file);
    for (guint i = 0; i < file->hunks->len; i++) {
        const Hunk *hunk = &g_array_index(file->hunks, Hunk, i);

        g_string_append_printf(text, "%s%u+%u>%u+%u", i > 0 ? ", " : "", hunk->old_first, hunk->old_count,
                               hunk->new_first, hunk->new_count);
    }
    g_assert_cmpstr(text->str, ==, expected);
}

static void make_branch(void) {
    write_text("edited.py", "1\n2\n3\n4\n5\n6\n7\n8\n");
    write_text("gone.py", "gone = 1\n");
    write_text("old/name.py", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
    write_text("same.py", "same\n");
    write_text("source.py", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    write_text("type.py", "text\n");
    write_text("ruff.toml", "main\n");
    do_commit("first");
    do_git("checkout", "-q", "-b", "feature");
    write_text("added.py", "new\n");
    write_text("edited.py", "0\n1\n2\n3\nFOUR\n4.5\n6\n8\n");
    do_git("rm", "-q", "gone.py");
    do_git("mv", "old/name.py", "new.py");
    write_text("source.py", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n");
    write_text("copy.py", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nl\n");
    g_assert_no_errno(unlink("type.py"));
    g_assert_no_errno(symlink("same.py", "type.py"));
    write_text("ruff.toml", "feature\n");
    do_commit("second");
}

static void test_files(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL, before = NULL;

    make_branch();
    change = load_change(CHANGE_BASE, "main", NULL);
    before = before_of(change);
    assert_change(before, "added 100644 edited.py *\n"
                          "added 100644 gone.py *\n"
                          "added 100644 old/name.py *\n"
                          "added 100644 ruff.toml *\n"
                          "added 100644 source.py *\n"
                          "added 100644 type.py *\n");
    assert_reads(before, "edited.py", "1\n2\n3\n4\n5\n6\n7\n8\n");
    assert_reads(before, "gone.py", "gone = 1\n");
    assert_reads(before, "type.py", "text\n");
    assert_reads(before, "same.py", "same\n");
    assert_read_fails(before, "added.py", CHANGE_ERROR_NO_FILE, "added.py: there is no such file");
    assert_trusts(before, "ruff.toml", "main\n");
}

/* What is not asked for is not looked at before either; but it can be read. */
static void test_paths(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL, before = NULL;

    make_branch();
    change = load_change(CHANGE_BASE, "main", PATHS("copy.py", "new.py"));
    before = before_of(change);
    assert_change(before, "added 100644 old/name.py *\n");
    assert_reads(before, "source.py", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
}

/* In the index and the work tree it is HEAD; what steers is theirs. */
static void test_sources(void) {
    static const ChangeSource sources[] = {CHANGE_STAGED, CHANGE_WORKTREE};
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "1\n2\n");
    write_text("ruff.toml", "head\n");
    do_commit("first");
    write_text("a.py", "1\n3\n");
    write_text("ruff.toml", "work\n");
    do_git("add", "a.py");
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(Change) change = load_change(sources[i], NULL, PATHS("a.py")), before = before_of(change);

        assert_change(before, "added 100644 a.py *\n");
        assert_reads(before, "a.py", "1\n2\n");
        assert_trusts(before, "ruff.toml", "work\n");
    }
}

static void test_first_commit(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL, before = NULL;

    write_text("a.py", "1\n");
    do_git("add", "a.py");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    before = before_of(change);
    assert_change(before, "");
    assert_read_fails(before, "a.py", CHANGE_ERROR_NO_FILE, "a.py: there is no such file");
}

static void test_lines(void) {
    static const guint old_lines[] = {0, 1, 1, 2, 3, 4, 4, 6, 8, 9};
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    const ChangedFile *file;

    make_branch();
    change = load_change(CHANGE_BASE, "main", NULL);
    assert_hunks(change, "edited.py", "1+0>1+1, 4+2>5+2, 7+1>8+0");
    assert_hunks(change, "new.py", "");
    assert_hunks(change, "source.py", "11+0>11+1");
    assert_hunks(change, "added.py", "");
    file = change_find(change, "edited.py");
    for (guint line = 1; line < G_N_ELEMENTS(old_lines); line++)
        g_assert_cmpuint(changed_file_old_line(file, line), ==, old_lines[line]);
    for (guint line = 1; line <= 8; line++)
        g_assert_true(changed_file_lost(file, line) == (line == 4 || line == 5 || line == 7));
    g_assert_true(changed_file_lost(change_find(change, "gone.py"), 1));
    g_assert_true(changed_file_lost(change_find(change, "type.py"), 1));
    g_assert_false(changed_file_lost(change_find(change, "new.py"), 1));
    g_assert_cmpstr(changed_file_old_path(change_find(change, "new.py")), ==, "old/name.py");
    g_assert_cmpstr(changed_file_old_path(change_find(change, "gone.py")), ==, "gone.py");
    g_assert_null(changed_file_old_path(change_find(change, "copy.py")));
    g_assert_null(changed_file_old_path(change_find(change, "added.py")));
}

int main(int argc, char **argv) {
    fixture_environment();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/before/files", test_files);
    g_test_add_func("/before/paths", test_paths);
    g_test_add_func("/before/sources", test_sources);
    g_test_add_func("/before/first-commit", test_first_commit);
    g_test_add_func("/before/lines", test_lines);
    return g_test_run();
}
