/* The index gets other content, as git itself would change it. */
#include "review/fix/index.h"

#include "review/change/fixture.h"

#include <sys/wait.h>

static Change *open_here(void) {
    g_autoptr(GError) error = NULL;
    Change *change = change_open(".", &error);

    g_assert_no_error(error);
    return change;
}

static char *blob_of(const char *path) {
    g_autofree char *name = g_strconcat(":", path, NULL);

    return git("rev-parse", name);
}

/* Puts the text into the index; `st` of the work tree's file where it `has_file`. */
static void put(const char *path, const char *text, bool has_file) {
    g_autoptr(Change) change = open_here();
    g_autoptr(GError) error = NULL;
    g_autoptr(Index) index = index_lock(change, &error);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autofree char *blob = blob_of(path);
    struct stat st;
    bool absent;

    g_assert_no_error(error);
    index_check(index, path, blob, &absent, &error);
    g_assert_no_error(error);
    if (has_file)
        g_assert_no_errno(lstat(path, &st));
    index_store(index, path, bytes, &error);
    g_assert_no_error(error);
    index_put(index, path, bytes, has_file ? &st : NULL, &error);
    g_assert_no_error(error);
    index_write(index, &error);
    g_assert_no_error(error);
}

static void assert_git(const char *wanted, const char *const *argv) {
    g_autofree char *said = run_in(".", argv, NULL);

    g_assert_cmpstr(said, ==, wanted);
}

/* Why a lock could not be had; NULL where it was. */
static char *why_not_locked(void) {
    g_autoptr(Change) change = open_here();
    g_autoptr(GError) error = NULL;
    g_autoptr(Index) index = index_lock(change, &error);

    return index == NULL ? g_strdup(error->message) : NULL;
}

static void test_puts(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "one\n");
    write_text("sub/b.py", "two\n");
    write_text("c.py", "three\n");
    g_assert_no_errno(chmod("sub/b.py", 0755));
    do_commit("first");
    write_text("a.py", "ONE\n");
    put("a.py", "ONE\n", true);
    put("sub/b.py", "TWO\n", false);
    assert_git("M  a.py\nMM sub/b.py", PATHS("git", "status", "--porcelain"));
    assert_git("100755", PATHS("git", "ls-files", "--format=%(objectmode)", "sub/b.py"));
    assert_git("TWO", PATHS("git", "show", ":sub/b.py"));
    assert_git("", PATHS("git", "fsck", "--strict"));
    assert_git("index", PATHS("sh", "-c", "ls .git | grep index"));
}

/* Neither what git was told of other files, nor what it knows of trees. */
static void test_keeps(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *before = NULL, *after = NULL;

    write_text("a.py", "one\n");
    write_text("assumed.py", "x\n");
    write_text("skipped.py", "x\n");
    write_text("sub/b.py", "x\n");
    do_commit("first");
    write_text("announced.py", "x\n");
    do_git("add", "-N", "announced.py");
    do_git("update-index", "--assume-unchanged", "assumed.py");
    do_git("update-index", "--skip-worktree", "skipped.py");
    g_assert_no_errno(chmod(".git/index", 0640));
    before = git("ls-files", "-v", "--stage", "--", ":!a.py");
    put("a.py", "two\n", false);
    after = git("ls-files", "-v", "--stage", "--", ":!a.py");
    g_assert_cmpstr(before, ==, after);
    assert_git("h assumed.py\nS skipped.py", PATHS("git", "ls-files", "-v", "assumed.py", "skipped.py"));
    assert_git("640", PATHS("stat", "-c", "%a", ".git/index"));
}

/* An index that was written in the moment in which a file was changed: to a later index its stat data would
 * look as if nothing had been. */
static void test_racy(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "one\n");
    write_text("racy.py", "one\n");
    do_commit("first");
    g_free(run_in(".", PATHS("touch", "-d", "2026-01-02 00:00:00", "racy.py", "a.py"), NULL));
    do_git("update-index", "--refresh");
    write_text("racy.py", "TWO\n"); /* as long */
    g_free(run_in(".", PATHS("touch", "-d", "2026-01-02 00:00:00", "racy.py"), NULL));
    do_git("config", "core.trustctime", "false");
    do_git("config", "core.checkStat", "minimal");
    g_free(run_in(".", PATHS("touch", "-d", "2026-01-02 00:00:00", ".git/index"), NULL));
    assert_git(" M racy.py", PATHS("git", "--no-optional-locks", "status", "--porcelain"));
    put("a.py", "two\n", false);
    assert_git("MM a.py\n M racy.py", PATHS("git", "status", "--porcelain"));
}

static void assert_refused(const char *path, const char *blob, const char *wanted) {
    g_autoptr(Change) change = open_here();
    g_autoptr(GError) error = NULL;
    g_autoptr(Index) index = index_lock(change, &error);
    bool absent = false;

    g_assert_no_error(error);
    g_assert_true(index_check(index, path, blob, &absent, &error) == (wanted == NULL));
    if (wanted != NULL)
        g_assert_cmpstr(error->message, ==, wanted);
    else
        g_assert_true(absent);
}

static void test_checks(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *blob = NULL;

    write_text("a.py", "x\n");
    write_text("assumed.py", "x\n");
    write_text("skipped.py", "x\n");
    do_commit("first");
    do_git("update-index", "--assume-unchanged", "assumed.py");
    do_git("update-index", "--skip-worktree", "skipped.py");
    blob = blob_of("a.py");
    assert_refused("skipped.py", blob, NULL);
    assert_refused("none.py", blob, "it is not in the index any more");
    assert_refused("a.py", "0123456789012345678901234567890123456789",
                   "the index has other content since it was reviewed");
    assert_refused("assumed.py", blob,
                   "git was told to assume that it is unchanged (git update-index --no-assume-unchanged)");
}

static void test_lock_of_others(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL, *again = NULL, *wanted = NULL;
    Index *index;

    write_text("a.py", "x\n");
    do_commit("first");
    wanted = g_strdup_printf("%s/.git/index.lock: it exists: another program changes the index; if none does "
                             "any more, remove it",
                             fixture->folder);
    write_text(".git/index.lock", "");
    why = why_not_locked();
    g_assert_cmpstr(why, ==, wanted);
    g_assert_true(g_file_test(".git/index.lock", G_FILE_TEST_EXISTS));
    g_assert_no_errno(unlink(".git/index.lock"));
    change = open_here();
    index = index_lock(change, &error);
    g_assert_no_error(error);
    again = why_not_locked(); /* ours, of a run that lives */
    g_assert_cmpstr(again, ==, wanted);
    index_free(index);
    assert_git("index", PATHS("sh", "-c", "ls .git | grep index"));
}

/* A run that was killed while it held the lock. */
static void test_abandoned_lock(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    int status;

    write_text("a.py", "x\n");
    do_commit("first");
    if (fork() == 0) {
        g_autoptr(Change) change = open_here();

        (void)index_lock(change, NULL);
        _exit(0);
    }
    wait(&status);
    g_assert_true(g_file_test(".git/index.lock", G_FILE_TEST_EXISTS));
    put("a.py", "y\n", false);
    assert_git("index", PATHS("sh", "-c", "ls .git | grep index"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/index/puts", test_puts);
    g_test_add_func("/index/keeps", test_keeps);
    g_test_add_func("/index/racy", test_racy);
    g_test_add_func("/index/checks", test_checks);
    g_test_add_func("/index/lock-of-others", test_lock_of_others);
    g_test_add_func("/index/abandoned-lock", test_abandoned_lock);
    return g_test_run();
}
