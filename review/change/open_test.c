/* Finding the repository, as git does, and the paths that limit a change. */
#include "review/change/change.h"

#include "review/change/fixture.h"

/* Kinds of repositories. */

static void test_empty_repository(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) staged = NULL, worktree = NULL, all = NULL;

    write_text("staged", "1\n");
    do_git("add", "staged");
    write_text("untracked", "1\n");
    staged = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(staged, "added 100644 staged *\n");
    g_assert_cmpstr(change_base_id(staged), ==, "");
    worktree = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(worktree, "added 100644 staged *\n"
                            "added 100644 untracked *\n");
    all = load_change(CHANGE_ALL, NULL, NULL);
    assert_change(all, "");
    g_assert_cmpstr(change_description(all), ==, "all files of HEAD (no commit yet)");
    assert_load_fails(CHANGE_BASE, "main", NULL, CHANGE_ERROR_NO_REVISION, "no such revision 'main'");
}

static void test_bare_repository(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) all = NULL, base = NULL;

    write_text(".gitattributes", "*.gen binary\n");
    write_text("src/a.gen", "1\n");
    write_text("b.py", "1\n");
    do_commit("first");
    write_text("b.py", "1\n2\n");
    write_text("src/c.gen", "c\n");
    do_commit("second");
    do_git("clone", "-q", "--bare", ".", "bare.git");
    g_assert_no_errno(chdir("bare.git"));
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE,
                      "the repository is bare, and this needs a work tree; use --base or --all");
    assert_load_fails(CHANGE_WORKTREE, NULL, NULL, CHANGE_ERROR_STATE, "use --base or --all");
    all = load_change(CHANGE_ALL, NULL, PATHS("src/../src/", "b.py"));
    assert_change(all, "added 100644 b.py *\n"
                       "added 100644 src/a.gen * binary\n"
                       "added 100644 src/c.gen * binary\n");
    g_assert_null(change_root(all));
    assert_trusts(all, "b.py", "1\n2\n");
    base = load_change(CHANGE_BASE, "HEAD~1", NULL);
    assert_change(base, "modified 100644 b.py 2-2\n"
                        "added 100644 src/c.gen * binary\n");
    assert_load_fails(CHANGE_ALL, NULL, PATHS("../x"), CHANGE_ERROR_STATE,
                      "../x lies outside of the repository");
}

static void test_linked_worktree(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *root = g_build_filename(fixture->folder, "linked", NULL), *git_dir = NULL;
    g_autoptr(Change) change = NULL, hook = NULL;

    write_text(".gitignore", "linked/\n");
    write_text("sub/a", "1\n");
    do_commit("first");
    do_git("worktree", "add", "-q", "-b", "other", "linked");
    g_assert_no_errno(chdir("linked/sub"));
    write_text("a", "1\n2\n");
    do_git("add", "a");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "modified 100644 sub/a 2-2\n");
    g_assert_cmpstr(change_root(change), ==, root);

    /* As git calls a hook in a linked work tree, also where the hook has gone into a folder. */
    git_dir = git("rev-parse", "--absolute-git-dir");
    g_setenv("GIT_DIR", git_dir, TRUE);
    hook = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(hook, "modified 100644 sub/a 2-2\n");
    g_assert_cmpstr(change_root(hook), ==, root);
    g_unsetenv("GIT_DIR");
}

static void test_git_dir(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Change) change = NULL, elsewhere = NULL, subfolder = NULL;
    g_autofree char *absolute = g_build_filename(fixture->folder, "repo", NULL);
    g_autofree char *other = g_build_filename(fixture->folder, "other", NULL);

    do_git("init", "-q", "-b", "main", "repo");
    g_assert_no_errno(chdir("repo"));
    write_text("a", "1\n");
    do_commit("first");
    write_text("a", "2\n");
    write_text("sub/b", "b\n");
    g_setenv("GIT_DIR", ".git", TRUE); /* as in a hook */
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 a 1-1\n"
                          "added 100644 sub/b *\n");
    g_assert_cmpstr(change_root(change), ==, absolute);

    g_setenv("GIT_DIR", "../.git", TRUE);
    g_assert_no_errno(chdir("sub"));
    subfolder = load_change(CHANGE_WORKTREE, NULL, PATHS("b"));
    assert_change(subfolder, "added 100644 sub/b *\n");

    g_assert_no_errno(chdir(fixture->folder));
    write_text("other/a", "3\n");
    g_setenv("GIT_DIR", "repo/.git", TRUE);
    g_setenv("GIT_WORK_TREE", "other", TRUE);
    elsewhere = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(elsewhere, "modified 100644 a 1-1\n");
    g_assert_cmpstr(change_root(elsewhere), ==, other);
    assert_reads(elsewhere, "a", "3\n");
    g_unsetenv("GIT_WORK_TREE");

    g_setenv("GIT_DIR", "nowhere", TRUE);
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_NO_REPOSITORY, "GIT_DIR, ");
    g_unsetenv("GIT_DIR");
}

static void test_git_index_file(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) other = NULL, absolute = NULL, plain = NULL;
    g_autofree char *path = g_build_filename(fixture->folder, ".git", "next-index", NULL);

    write_text("sub/a", "1\n");
    do_commit("first");
    write_text("sub/a", "2\n");
    g_setenv("GIT_INDEX_FILE", ".git/next-index", TRUE);
    do_git("read-tree", "HEAD");
    do_git("add", "sub/a");
    other = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(other, "modified 100644 sub/a 1-1\n");
    g_assert_no_errno(chdir("sub")); /* as git has it: relative to the root, not to here */
    g_clear_pointer(&other, change_free);
    other = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(other, "modified 100644 sub/a 1-1\n");
    g_setenv("GIT_INDEX_FILE", path, TRUE);
    absolute = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(absolute, "modified 100644 sub/a 1-1\n");
    /* A missing index must not read as one that deletes everything. */
    g_setenv("GIT_INDEX_FILE", ".git/nowhere", TRUE);
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE,
                      "the index that GIT_INDEX_FILE names, .git/nowhere, is not there");
    g_unsetenv("GIT_INDEX_FILE");
    plain = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(plain, "");
}

/* What `git commit PATH` gives to its hook. */
static void test_inside_a_real_hook(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    g_auto(GStrv) lines = NULL;
    int status;

    write_text("a", "1\n");
    write_text("b", "1\n");
    do_commit("first");
    write_text("a", "2\n");
    write_text("b", "2\n");
    write_text(".git/hooks/pre-commit", "#!/bin/sh\ncp \"$GIT_INDEX_FILE\" .git/kept\npwd\nexit 1\n");
    g_assert_no_errno(chmod(".git/hooks/pre-commit", 0755));
    g_free(run_in(".", PATHS("git", "commit", "-m", "partial", "b"), &status));
    g_assert_cmpint(status, !=, 0);
    g_setenv("GIT_INDEX_FILE", ".git/kept", TRUE);
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "modified 100644 b 1-1\n");
    g_unsetenv("GIT_INDEX_FILE");
}

static void test_quarantine(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *objects = NULL, *head = NULL;
    g_autoptr(Change) change = NULL;

    write_text("a", "1\n");
    do_commit("first");
    write_text("a", "2\n");
    objects = g_build_filename(fixture->folder, ".git", "objects", NULL);
    g_assert_no_errno(g_mkdir(".git/quarantine", 0755));
    g_setenv("GIT_OBJECT_DIRECTORY", ".git/quarantine", TRUE);
    g_setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects, TRUE);
    do_git("add", "a");
    do_git("update-ref", "refs/heads/base", "HEAD");
    do_commit("second");
    head = git("rev-parse", "HEAD:a");
    change = load_change(CHANGE_BASE, "base", NULL);
    assert_change(change, "modified 100644 a 1-1\n");
    g_assert_cmpstr(change_find(change, "a")->blob, ==, head);
    g_unsetenv("GIT_OBJECT_DIRECTORY");
    g_unsetenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
}

static void test_no_repository(void) {
    g_autoptr(Fixture) fixture = fixture_new();

    g_setenv("GIT_CEILING_DIRECTORIES", fixture->folder, TRUE);
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_NO_REPOSITORY, "not a git repository: ");
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_NO_REPOSITORY, "git init");
    g_unsetenv("GIT_CEILING_DIRECTORIES");
}

static void test_unsafe_ownership(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *remedy = NULL;

    if (geteuid() != 0) {
        g_test_skip("only root can give a repository to somebody else");
        return;
    }
    remedy = g_strdup_printf("git config --global --add safe.directory '%s'", fixture->folder);
    g_free(run_in(".", PATHS("chown", "-R", "65534", "."), NULL));
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE, remedy);
    g_assert_no_errno(g_mkdir("sub", 0755));
    g_assert_no_errno(chdir("sub"));
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE, remedy);
}

static void test_formats(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Change) change = NULL;

    do_git("init", "-q", "--object-format=sha256", "sha256");
    g_assert_no_errno(chdir("sha256"));
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE, "libgit2 reads SHA-1 only");
    g_assert_no_errno(chdir(fixture->folder));
    do_git("init", "-q", "-b", "main", "plain");
    g_assert_no_errno(chdir("plain"));
    write_text("a", "1\n");
    do_git("config", "core.repositoryFormatVersion", "1");
    do_git("config", "extensions.worktreeConfig", "true");
    do_git("config", "extensions.partialClone", "origin");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "added 100644 a *\n");
    g_clear_pointer(&change, change_free);
    do_git("config", "--unset", "extensions.partialClone");
    do_git("add", "a");
    do_git("update-index", "--split-index");
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE, "git update-index --no-split-index");
}

/* Paths. */

static void test_paths(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *absolute = g_build_filename(fixture->folder, "src", "a.py", NULL);
    g_autoptr(Change) change = NULL, here = NULL, root = NULL, given = NULL, renamed = NULL;

    write_text("src/a.py", "1\n");
    write_text("src/sub/b.py", "1\n");
    write_text("src.py", "1\n");
    write_text("unchanged.py", "1\n");
    write_text("old/r.py", "1\n2\n3\n4\n5\n6\n");
    do_commit("first");
    write_text("src/a.py", "2\n");
    write_text("src/sub/b.py", "2\n");
    write_text("src.py", "2\n");
    do_git("mv", "old/r.py", "src/r.py");
    do_git("add", "-A");
    write_text("untracked.py", "1\n");

    change = load_change(CHANGE_STAGED, NULL, PATHS("src"));
    assert_change(change, "modified 100644 src/a.py 1-1\n"
                          "renamed 100644 old/r.py => src/r.py -\n"
                          "modified 100644 src/sub/b.py 1-1\n");
    assert_reads(change, "src.py", "2\n"); /* not asked for, but of the head side */
    g_assert_null(change_find(change, "src.py"));
    given = load_change(CHANGE_STAGED, NULL, PATHS("unchanged.py"));
    assert_change(given, "");

    g_assert_no_errno(chdir("src/sub"));
    here = load_change(CHANGE_STAGED, NULL, PATHS(".", "../../src.py", absolute));
    assert_change(here, "modified 100644 src.py 1-1\n"
                        "modified 100644 src/a.py 1-1\n"
                        "modified 100644 src/sub/b.py 1-1\n");
    root = load_change(CHANGE_STAGED, NULL, PATHS("../.."));
    g_assert_cmpuint(change_files(root)->len, ==, 4);
    renamed = load_change(CHANGE_STAGED, NULL, PATHS("../../old"));
    assert_change(renamed, "");
    assert_load_fails(CHANGE_STAGED, NULL, PATHS("../../../x"), CHANGE_ERROR_STATE,
                      "../../../x lies outside of the work tree");
    assert_load_fails(CHANGE_STAGED, NULL, PATHS("/etc/passwd"), CHANGE_ERROR_STATE,
                      "/etc/passwd lies outside of the work tree");
    assert_load_fails(CHANGE_STAGED, NULL, PATHS(".", "typo.py"), CHANGE_ERROR_STATE,
                      "typo.py: git tracks nothing there, and nothing there has changed");
    assert_load_fails(CHANGE_STAGED, NULL, PATHS("../../untracked.py"), CHANGE_ERROR_STATE,
                      "../../untracked.py: git tracks nothing there");
    assert_load_fails(CHANGE_STAGED, NULL, PATHS(""), CHANGE_ERROR_STATE, "an empty path");
}

static void test_paths_through_a_link(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *linked = g_build_filename(fixture->folder, "link", "a", NULL);
    g_autoptr(Change) change = NULL;

    do_git("init", "-q", "-b", "main", "repo");
    g_assert_no_errno(symlink("repo", "link"));
    g_assert_no_errno(chdir("link"));
    write_text("a", "1\n");
    write_text("b", "1\n");
    do_git("add", "-A");
    change = load_change(CHANGE_STAGED, NULL, PATHS(linked));
    assert_change(change, "added 100644 a *\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/change/repository/empty", test_empty_repository);
    g_test_add_func("/change/repository/bare", test_bare_repository);
    g_test_add_func("/change/repository/linked-worktree", test_linked_worktree);
    g_test_add_func("/change/repository/git-dir", test_git_dir);
    g_test_add_func("/change/repository/git-index-file", test_git_index_file);
    g_test_add_func("/change/repository/hook", test_inside_a_real_hook);
    g_test_add_func("/change/repository/quarantine", test_quarantine);
    g_test_add_func("/change/repository/none", test_no_repository);
    g_test_add_func("/change/repository/unsafe", test_unsafe_ownership);
    g_test_add_func("/change/repository/formats", test_formats);
    g_test_add_func("/change/paths/relative", test_paths);
    g_test_add_func("/change/paths/link", test_paths_through_a_link);
    return g_test_run();
}
