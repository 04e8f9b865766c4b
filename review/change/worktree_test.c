/* Changes of the work tree: what lies in folders, whatever it is. */
#include "review/change/change.h"

#include "review/change/fixture.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <utime.h>

static void test_statuses(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autofree char *commit = NULL, *blob = NULL;

    write_text("deleted.py", "1\n");
    write_text("executable.sh", "echo 1\n");
    write_text("modified.py", "a\nb\nc\n");
    write_text("old.py", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
    write_text("same.py", "1\n");
    write_text("staged.py", "a\n");
    write_text("staged_and_more.py", "a\n");
    write_text("staged_and_back.py", "a\n");
    write_text("type", "text\n");
    commit = commit_all("first");
    write_text("staged.py", "a\nb\n");
    write_text("staged_and_more.py", "a\nb\n");
    write_text("staged_and_back.py", "a\nb\n");
    write_text("staged_new.py", "new\n");
    write_text("staged_gone.py", "gone\n");
    do_git("add", "-A");
    write_text("staged_and_more.py", "a\nb\nc\n");
    write_text("staged_and_back.py", "a\n");
    g_assert_no_errno(unlink("staged_gone.py"));
    g_assert_no_errno(unlink("deleted.py"));
    g_assert_no_errno(chmod("executable.sh", 0755));
    write_text("modified.py", "a\nB\nc\n");
    g_assert_no_errno(rename("old.py", "untracked_name.py"));
    write_text("untracked_name.py", "one\ntwo\nthree\nfour\n5\nsix\nseven\neight\n");
    g_assert_no_errno(unlink("type"));
    g_assert_no_errno(symlink("same.py", "type"));
    g_assert_no_errno(symlink("/etc/passwd", "untracked_link"));
    write_text("untracked/deep/er.py", "deep\n");

    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "deleted 100644>0 deleted.py -\n"
                          "modified 100644>100755 executable.sh -\n"
                          "modified 100644 modified.py 2-2\n"
                          "modified 100644 staged.py 2-2\n"
                          "modified 100644 staged_and_more.py 2-3\n"
                          "added 100644 staged_new.py *\n"
                          "type changed 100644>120000 type -\n"
                          "added 100644 untracked/deep/er.py *\n"
                          "added 120000 untracked_link -\n"
                          "renamed 100644 old.py => untracked_name.py 5-5\n");
    g_assert_cmpstr(change_description(change), ==, "work tree against HEAD");
    g_assert_cmpstr(change_base_id(change), ==, commit);
    blob = git("hash-object", "modified.py");
    g_assert_cmpstr(change_find(change, "modified.py")->blob, ==, blob);
    assert_reads(change, "modified.py", "a\nB\nc\n");
    assert_reads(change, "same.py", "1\n");
    assert_reads(change, "staged.py", "a\nb\n");
    assert_reads(change, "staged_and_back.py", "a\n");
    assert_reads(change, "untracked/deep/er.py", "deep\n");
    assert_read_fails(change, "deleted.py", CHANGE_ERROR_NO_FILE, "deleted.py: there is no such file");
    assert_read_fails(change, "untracked_link", CHANGE_ERROR_STATE,
                      "untracked_link: it is a symbolic link, which is not followed");
}

/* Nothing in the repository may be touched, not even to refresh the index. */
static void test_nothing_is_written(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *before = NULL, *after = NULL;
    const char *argv[] = {"find", ".git", "-printf", "%p %s %T@ %C@\\n", NULL};
    struct utimbuf old = {1000000000, 1000000000};
    g_autoptr(Change) change = NULL;

    write_text("same.py", "1\n");
    write_text("modified.py", "1\n");
    do_commit("first");
    g_assert_no_errno(utime("same.py", &old));
    write_text("modified.py", "2\n");
    write_text("untracked.py", "3\n");
    before = run_in(".", argv, NULL);
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 modified.py 1-1\n"
                          "added 100644 untracked.py *\n");
    after = run_in(".", argv, NULL);
    g_assert_cmpstr(before, ==, after);
}

/* Same size, same time: only its bytes tell that it changed. */
static void test_racy(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    for (guint i = 0; i < 20; i++) {
        g_autoptr(Change) change = NULL;

        write_text("a", "1\n");
        do_git("add", "a");
        if (i == 0)
            do_git("commit", "-q", "-m", "first");
        write_text("a", "2\n");
        change = load_change(CHANGE_WORKTREE, NULL, NULL);
        assert_change(change, "modified 100644 a 1-1\n");
    }
}

static void test_ignored(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text(".gitignore", "*.log\n!keep.log\n/build/\n");
    write_text("build/tracked.py", "1\n");
    do_git("add", "-f", "build/tracked.py", ".gitignore");
    do_git("commit", "-q", "-m", "first");
    write_text(".git/info/exclude", "*.tmp\n");
    write_text("build/tracked.py", "2\n");
    write_text("build/untracked.py", "b\n");
    write_text("src/build/a.py", "c\n");
    write_text("src/.gitignore", "local.py\n");
    write_text("src/local.py", "d\n");
    write_text("a.log", "e\n");
    write_text("keep.log", "f\n");
    write_text("a.tmp", "g\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 build/tracked.py 1-1\n"
                          "added 100644 keep.log *\n"
                          "added 100644 src/.gitignore *\n"
                          "added 100644 src/build/a.py *\n");
    assert_read_fails(change, "a.log", CHANGE_ERROR_NO_FILE, "a.log: there is no such file");
    assert_load_fails(
        CHANGE_WORKTREE, NULL, PATHS("a.log"), CHANGE_ERROR_STATE,
        "a.log: git tracks nothing there, and nothing there has changed (mistyped, or ignored?)");
}

static void test_other_repositories(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    do_git("init", "-q", "nested");
    write_text("nested/a.py", "1\n");
    /* No repository, whatever it is called: git would add what lies beside it. */
    write_text("pretender/.git/x", "1\n");
    write_text("pretender/a.py", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 100644 pretender/a.py *\n");
}

static void test_submodule(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *first = NULL, *second = NULL;
    g_autoptr(Change) clean = NULL, moved = NULL, gone = NULL;

    do_git("init", "-q", "-b", "main", "sub");
    do_git("-C", "sub", "commit", "-q", "--allow-empty", "-m", "1");
    first = git("-C", "sub", "rev-parse", "HEAD");
    write_text(".gitmodules", "[submodule \"sub\"]\n\tpath = sub\n\turl = ./sub\n");
    do_git("-c", "advice.addEmbeddedRepo=false", "add", "-A");
    do_git("commit", "-q", "-m", "first");
    write_text("sub/untracked.py", "1\n");
    clean = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(clean, "");
    do_git("-C", "sub", "commit", "-q", "--allow-empty", "-m", "2");
    second = git("-C", "sub", "rev-parse", "HEAD");
    moved = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(moved, "modified 160000 sub -\n");
    g_assert_cmpstr(change_find(moved, "sub")->old_blob, ==, first);
    g_assert_cmpstr(change_find(moved, "sub")->blob, ==, second);
    g_free(run_in(".", PATHS("rm", "-rf", "sub"), NULL));
    write_text("sub", "a file now\n");
    gone = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(gone, "type changed 160000>100644 sub *\n");
    assert_reads(gone, "sub", "a file now\n");
}

static void test_names_are_bytes(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("dir\n/\377", "1\n");
    write_text("-x", "a\n");
    do_commit("first");
    write_text("dir\n/\377", "2\n");
    write_text("dir\n/new\"", "b\n");
    write_text("git~1", "c\n"); /* .git to NTFS: git does not take it */
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 100644 \"dir\\n/new\\\"\" *\n"
                          "modified 100644 \"dir\\n/\\377\" 1-1\n"
                          "added 100644 git~1 *\n");
    assert_reads(change, "dir\n/\377", "2\n");
    assert_read_fails(change, "git~1", CHANGE_ERROR_STATE, "git~1: git does not allow this name");
}

static void test_a_file_gives_way_to_a_folder(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("a", "file\n");
    write_text("b/c", "below\n");
    do_commit("first");
    g_assert_no_errno(unlink("a"));
    write_text("a/d", "1\n");
    g_free(run_in(".", PATHS("rm", "-r", "b"), NULL));
    write_text("b", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "deleted 100644>0 a -\n"
                          "added 100644 a/d *\n"
                          "added 100644 b *\n"
                          "deleted 100644>0 b/c -\n");
}

/* A folder that became a link to somewhere else is not looked into. */
static void test_links_are_not_followed(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Change) change = NULL;

    do_git("init", "-q", "-b", "main", "repo");
    write_text("outside/a.py", "secret\n");
    write_text("outside/ruff.toml", "secret\n");
    g_assert_no_errno(chdir("repo"));
    write_text("sub/a.py", "1\n");
    do_commit("first");
    g_free(run_in(".", PATHS("rm", "-r", "sub"), NULL));
    g_assert_no_errno(symlink("../outside", "sub"));
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 120000 sub -\n"
                          "deleted 100644>0 sub/a.py -\n");
    {
        g_autoptr(GError) error = NULL;
        g_autofree char *target = change_read_link(change, "sub", &error);

        g_assert_no_error(error);
        g_assert_cmpstr(target, ==, "../outside");
        g_assert_null(change_trusted(change, "sub/ruff.toml", &error));
        g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE);
        g_assert_cmpstr(error->message, ==,
                        "sub/ruff.toml: it is, or lies behind, a symbolic link, which is not followed");
        g_clear_error(&error);
        g_assert_null(change_trusted(change, "../outside/ruff.toml", &error));
        g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE);
    }
}

/* What cannot be read stays in the list, and the rest is reviewed. */
static void test_no_regular_files(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_autoptr(Change) change = NULL;

    write_text("fifo.py", "1\n");
    write_text("socket", "1\n");
    write_text("good.py", "1\n");
    do_commit("first");
    g_assert_no_errno(unlink("fifo.py"));
    g_assert_no_errno(mkfifo("fifo.py", 0644));
    g_assert_no_errno(unlink("socket"));
    g_assert_no_errno(bind(fd, (struct sockaddr *)&address, sizeof(address)));
    g_assert_no_errno(mkfifo("untracked_fifo", 0644));
    write_text("good.py", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 fifo.py *\n"
                          "modified 100644 good.py 1-1\n"
                          "modified 100644 socket *\n");
    assert_read_fails(change, "fifo.py", CHANGE_ERROR_STATE,
                      "fifo.py: it is a FIFO, a socket or a device, not a regular file");
    assert_reads(change, "good.py", "2\n");
    g_assert_cmpstr(change_find(change, "fifo.py")->blob, ==, "");
    close(fd);
}

static void test_too_large(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL, staged = NULL;

    write_text("grown.py", "1\n");
    write_text("a.py", "1\n");
    do_commit("first");
    g_assert_no_errno(truncate("grown.py", (off_t)CAP_FILE_BYTES + 1));
    write_text("limit.py", "");
    g_assert_no_errno(truncate("limit.py", CAP_FILE_BYTES));
    write_text("a.py", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 a.py 1-1\n"
                          "modified 100644 grown.py *\n"
                          "added 100644 limit.py * binary\n");
    assert_read_fails(change, "grown.py", CHANGE_ERROR_STATE, "grown.py: it is larger than 67108864 bytes");
    do_git("add", "grown.py", "a.py");
    staged = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(staged, "modified 100644 a.py 1-1\n"
                          "modified 100644 grown.py *\n");
    assert_read_fails(staged, "grown.py", CHANGE_ERROR_LIMIT, "grown.py: it is larger than 67108864 bytes");
}

/* Root reads everything, so it becomes somebody else for a moment. */
static void test_unreadable(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    bool root = geteuid() == 0;

    write_text("good.py", "1\n");
    write_text("secret.py", "1\n");
    write_text("tracked/a.py", "1\n");
    write_text("tracked/same.py", "1\n");
    do_commit("first");
    write_text("good.py", "2\n");
    write_text("secret.py", "2\n");
    write_text("untracked/b.py", "1\n");
    if (root)
        g_free(run_in(".", PATHS("chown", "-R", "65534", "."), NULL));
    g_assert_no_errno(chmod("secret.py", 0));
    g_assert_no_errno(chmod("tracked", 0));
    g_assert_no_errno(chmod("untracked", 0));
    if (root)
        g_assert_no_errno(seteuid(65534));
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    if (root)
        g_assert_no_errno(seteuid(0));
    g_assert_no_errno(chmod("tracked", 0755)); /* to be removed */
    g_assert_no_errno(chmod("untracked", 0755));
    assert_change(change, "modified 100644 good.py 1-1\n"
                          "modified 100644 secret.py *\n"
                          "modified 100644 tracked/a.py *\n"
                          "modified 100644 tracked/same.py *\n"
                          "added 100644 untracked *\n");
    assert_reads(change, "good.py", "2\n");
    assert_read_fails(change, "secret.py", CHANGE_ERROR_STATE, "secret.py: Permission denied");
    assert_read_fails(change, "tracked/a.py", CHANGE_ERROR_STATE,
                      "tracked/a.py: its folder cannot be read: Permission denied");
    assert_read_fails(change, "untracked", CHANGE_ERROR_STATE,
                      "untracked: its folder cannot be read: Permission denied");
}

static void test_changed_during_the_review(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("same.py", "1\n");
    write_text("gone.py", "1\n");
    write_text("modified.py", "1\n");
    do_commit("first");
    write_text("modified.py", "2\n");
    write_text("touched.py", "3\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_reads(change, "modified.py", "2\n");
    write_text("modified.py", "3\n");
    write_text("same.py", "2\n");
    write_text("touched.py", "3\n"); /* written again, with the same bytes */
    g_assert_no_errno(unlink("gone.py"));
    assert_read_fails(change, "modified.py", CHANGE_ERROR_STATE,
                      "modified.py: it was changed during the review; run it again");
    assert_read_fails(change, "same.py", CHANGE_ERROR_STATE,
                      "same.py: it was changed during the review; run it again");
    assert_read_fails(change, "gone.py", CHANGE_ERROR_NO_FILE, "gone.py: No such file or directory");
    assert_reads(change, "touched.py", "3\n");
    g_assert_no_errno(unlink("modified.py"));
    g_assert_no_errno(symlink("same.py", "modified.py"));
    assert_read_fails(change, "modified.py", CHANGE_ERROR_STATE,
                      "modified.py: it is, or lies behind, a symbolic link, which is not followed");
}

/* What git stores has LF, what lies in the work tree has CRLF: only the line that changed is new. */
static void test_crlf(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_autofree char *blob = NULL;

    write_text("a.py", "1\n2\n3\n");
    write_text("same.py", "1\n2\n");
    do_commit("first");
    do_git("config", "core.autocrlf", "true");
    write_text("same.py", "1\r\n2\r\n");
    write_text("a.py", "1\r\n2\r\nthree\r\n");
    write_text("new.py", "something else\r\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 a.py 3-3\n"
                          "added 100644 new.py *\n");
    blob = git("hash-object", "a.py");
    g_assert_cmpstr(change_find(change, "a.py")->blob, ==, blob);
    assert_reads(change, "a.py", "1\r\n2\r\nthree\r\n"); /* the file's own bytes */
    write_text("a.py", "1\n2\nthree\n");                 /* the same to git, but not to a linter */
    assert_read_fails(change, "a.py", CHANGE_ERROR_STATE,
                      "a.py: it was changed during the review; run it again");
}

static void test_announced(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("a.py", "1\n");
    write_text("empty.py", "");
    do_git("add", "-N", "a.py", "empty.py");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 100644 a.py *\n"
                          "added 100644 empty.py *\n");
}

static bool list_path(const char *path, guint32 mode, gpointer list) {
    g_string_append_printf(list, "%o %s\n", mode, path);
    return true;
}

static void test_each_file(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(Change) change = NULL;
    g_autoptr(GError) error = NULL;

    write_text("deleted", "1\n");
    write_text("mode", "2\n");
    write_text("same", "3\n");
    do_commit("first");
    g_assert_no_errno(unlink("deleted"));
    g_assert_no_errno(chmod("mode", 0755));
    write_text("another", "4\n");
    change = load_change(CHANGE_WORKTREE, NULL, PATHS("mode"));
    assert_change(change, "modified 100644>100755 mode -\n");
    g_assert_true(change_each_file(change, list_path, list, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(list->str, ==, "100644 another\n100755 mode\n100644 same\n");
}

/* What a sparse checkout leaves out is not deleted: it is as the index has it. */
static void test_sparse_checkout(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = NULL;

    write_text("in/a.py", "1\n");
    write_text("out/b.py", "1\n");
    do_commit("first");
    do_git("sparse-checkout", "set", "in");
    g_assert_cmpint(access("out/b.py", F_OK), <, 0);
    write_text("in/a.py", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 in/a.py 1-1\n");
    assert_reads(change, "out/b.py", "1\n");
    g_assert_true(change_each_file(change, list_path, list, &error));
    g_assert_cmpstr(list->str, ==, "100644 in/a.py\n100644 out/b.py\n");
}

static void test_file_mode_is_not_trusted(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("a", "1\n");
    do_commit("first");
    do_git("config", "core.fileMode", "false");
    g_assert_no_errno(chmod("a", 0755));
    write_text("b", "2\n");
    g_assert_no_errno(chmod("b", 0755));
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 100644 b *\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/worktree/statuses", test_statuses);
    g_test_add_func("/worktree/nothing-is-written", test_nothing_is_written);
    g_test_add_func("/worktree/racy", test_racy);
    g_test_add_func("/worktree/ignored", test_ignored);
    g_test_add_func("/worktree/other-repositories", test_other_repositories);
    g_test_add_func("/worktree/submodule", test_submodule);
    g_test_add_func("/worktree/names", test_names_are_bytes);
    g_test_add_func("/worktree/file-to-folder", test_a_file_gives_way_to_a_folder);
    g_test_add_func("/worktree/links", test_links_are_not_followed);
    g_test_add_func("/worktree/no-regular-files", test_no_regular_files);
    g_test_add_func("/worktree/too-large", test_too_large);
    g_test_add_func("/worktree/unreadable", test_unreadable);
    g_test_add_func("/worktree/changed-during-the-review", test_changed_during_the_review);
    g_test_add_func("/worktree/crlf", test_crlf);
    g_test_add_func("/worktree/announced", test_announced);
    g_test_add_func("/worktree/each-file", test_each_file);
    g_test_add_func("/worktree/sparse-checkout", test_sparse_checkout);
    g_test_add_func("/worktree/file-mode", test_file_mode_is_not_trusted);
    return g_test_run();
}
