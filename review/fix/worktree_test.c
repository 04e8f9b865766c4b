/* A file of the work tree gets other bytes, and what a killed run has left of that is removed. */
#include "review/fix/worktree.h"

#include "review/change/fixture.h"

#include <sys/wait.h>

static Change *open_here(void) {
    g_autoptr(GError) error = NULL;
    Change *change = change_open(".", &error);

    g_assert_no_error(error);
    return change;
}

static char *listing(void) {
    return run_in(".", PATHS("find", ".", "-path", "./.git/objects", "-prune", "-o", "-printf", "%p\n"),
                  NULL);
}

/* NULL where it was replaced, else why not. Nothing else is left in any case. */
static char *replace(const char *path, const char *expected, const char *text) {
    g_autoptr(Change) change = open_here();
    g_autoptr(GBytes) old = g_bytes_new(expected, strlen(expected)), new = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_autofree char *before = listing(), *after = NULL;
    Leftovers *leftovers = leftovers_open(change, &error);
    struct stat st, there;
    bool good;

    g_assert_no_error(error);
    good = worktree_replace(change, leftovers, path, old, new, &st, &error);
    leftovers_close(leftovers);
    after = listing();
    g_assert_cmpstr(before, ==, after);
    g_assert_true(good == (error == NULL));
    if (!good)
        return g_strdup(error->message);
    g_assert_no_errno(lstat(path, &there));
    g_assert_cmpuint(st.st_ino, ==, there.st_ino);
    g_assert_cmpint(st.st_size, ==, (gint64)strlen(text));
    return NULL;
}

static void assert_holds(const char *path, const char *text) {
    g_autofree char *there = NULL;

    g_assert_true(g_file_get_contents(path, &there, NULL, NULL));
    g_assert_cmpstr(there, ==, text);
}

static guint mode_of(const char *path) {
    struct stat st;

    g_assert_no_errno(lstat(path, &st));
    return st.st_mode;
}

static void test_replaces(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "one\n");
    write_text("sub/\xff b/c.py", "two\n");
    g_assert_no_errno(chmod("a.py", 04751));
    g_assert_no_errno(chmod("sub/\xff b/c.py", 0444));
    g_assert_null(replace("a.py", "one\n", "three\n"));
    g_assert_null(replace("sub/\xff b/c.py", "two\n", ""));
    assert_holds("a.py", "three\n");
    assert_holds("sub/\xff b/c.py", "");
    g_assert_cmpuint(mode_of("a.py"), ==, S_IFREG | 0751);
    g_assert_cmpuint(mode_of("sub/\xff b/c.py"), ==, S_IFREG | 0444);
}

static void test_changed(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *why = NULL;

    write_text("a.py", "one\n");
    why = replace("a.py", "one", "two\n");
    g_assert_cmpstr(why, ==, "it was changed since it was reviewed");
    assert_holds("a.py", "one\n");
}

static void test_links(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    static const char *const paths[] = {"link.py", "folder/a.py", "dangling.py"};

    write_text("real/a.py", "one\n");
    g_assert_no_errno(symlink("real/a.py", "link.py"));
    g_assert_no_errno(symlink("real", "folder"));
    g_assert_no_errno(symlink("nowhere", "dangling.py"));
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *why = replace(paths[i], "one\n", "two\n");

        g_assert_nonnull(strstr(why, "a symbolic link, which is not followed"));
    }
    assert_holds("real/a.py", "one\n");
    g_assert_true(S_ISLNK(mode_of("link.py")));
}

static void test_no_file(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *none = NULL, *deep = NULL, *folder = NULL, *fifo = NULL, *outside = NULL;

    g_assert_no_errno(mkdir("d", 0755));
    g_assert_no_errno(mkfifo("f", 0644));
    none = replace("a.py", "one\n", "two\n");
    deep = replace("x/a.py", "one\n", "two\n");
    folder = replace("d", "one\n", "two\n");
    fifo = replace("f", "one\n", "two\n");
    outside = replace("../a.py", "one\n", "two\n");
    g_assert_cmpstr(none, ==, "it is not in the work tree any more");
    g_assert_cmpstr(deep, ==, "it is not in the work tree any more");
    g_assert_cmpstr(folder, ==, "it is not a regular file any more");
    g_assert_cmpstr(fifo, ==, "it is not a regular file any more");
    g_assert_nonnull(outside);
}

/* What a run has left that was killed behind the making of its temporary file. */
static char *leave(const char *path) {
    g_autoptr(Change) change = open_here();
    g_autoptr(GError) error = NULL;
    Leftovers *leftovers = leftovers_open(change, &error);
    char *temporary = leftovers_note(leftovers, path, &error);

    g_assert_no_error(error);
    write_text(temporary, "half of a fil");
    return temporary; /* the account is not closed: its lock goes with the descriptor */
}

static void test_sweeps(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *before = NULL, *after = NULL;
    int status;

    write_text("sub/a.py", "one\n");
    write_text("sub/.sallyport-fix-mine", "a file that nobody noted\n");
    before = listing();
    if (fork() == 0) {
        g_free(leave("sub/a.py"));
        g_free(leave("a.py"));
        _exit(0);
    }
    wait(&status);
    after = listing();
    g_assert_cmpstr(before, !=, after);
    g_free(after);
    g_autoptr(Change) change = open_here();
    leftovers_sweep(change);
    after = listing();
    g_assert_cmpstr(before, ==, after);
}

/* Those of a run that lives are not touched; nor is anything that an account should not name. */
static void test_sweeps_nothing_else(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = open_here();
    g_autoptr(GError) error = NULL;
    Leftovers *leftovers = leftovers_open(change, &error);
    g_autofree char *temporary = leftovers_note(leftovers, "a.py", &error);
    static const char account[] = "a.py\0../.sallyport-fix-out\0link/.sallyport-fix-b\0sub";

    write_text(temporary, "half");
    write_text("a.py", "one\n");
    write_text("real/.sallyport-fix-b", "x\n");
    write_text("../.sallyport-fix-out", "x\n");
    g_assert_no_errno(symlink("real", "link"));
    write_bytes(".git/sallyport-fix-0", account, sizeof(account));
    leftovers_sweep(change);
    assert_holds(temporary, "half");
    assert_holds("a.py", "one\n");
    assert_holds("real/.sallyport-fix-b", "x\n");
    assert_holds("../.sallyport-fix-out", "x\n");
    g_assert_false(g_file_test(".git/sallyport-fix-0", G_FILE_TEST_EXISTS));
    g_assert_no_errno(unlink("../.sallyport-fix-out"));
    leftovers_close(leftovers);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/worktree/replaces", test_replaces);
    g_test_add_func("/worktree/changed", test_changed);
    g_test_add_func("/worktree/links", test_links);
    g_test_add_func("/worktree/no-file", test_no_file);
    g_test_add_func("/worktree/sweeps", test_sweeps);
    g_test_add_func("/worktree/sweeps-nothing-else", test_sweeps_nothing_else);
    return g_test_run();
}
