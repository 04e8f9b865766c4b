/* Changes that are made of the index, or of a piece of code. */
#include "review/change/change.h"

#include "review/change/fixture.h"

/* Staged. */

static void test_staged_statuses(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("deleted.py", "gone = 1\n");
    write_text("executable.sh", "echo 1\n");
    write_text("modified.py", "a\nb\nc\nd\ne\n");
    write_text("old/name.py", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n");
    write_text("same.py", "1\n");
    write_text("source.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    write_text("type", "text\n");
    do_commit("first");
    do_git("rm", "-q", "deleted.py");
    write_text("added.py", "x = 1\n");
    g_assert_no_errno(chmod("executable.sh", 0755));
    write_text("modified.py", "a\nB\nc\nd\ne\nf\ng\n");
    do_git("mv", "old", "new");
    write_text("new/name.py", "one\ntwo\n3\nfour\nfive\nsix\nseven\neight\n");
    write_text("source.py", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    write_text("copy.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n");
    g_assert_no_errno(unlink("type"));
    g_assert_no_errno(symlink("same.py", "type"));
    write_text("empty.py", "");
    do_git("add", "-A");

    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644 added.py *\n"
                          "copied 100644 source.py => copy.py *\n"
                          "deleted 100644>0 deleted.py -\n"
                          "added 100644 empty.py *\n"
                          "modified 100644>100755 executable.sh -\n"
                          "modified 100644 modified.py 2-2,6-7\n"
                          "renamed 100644 old/name.py => new/name.py 3-3\n"
                          "modified 100644 source.py 1-1\n"
                          "type changed 100644>120000 type -\n");
    g_assert_cmpstr(change_description(change), ==, "staged changes");
    g_assert_cmpint(change_source(change), ==, CHANGE_STAGED);
    g_assert_cmpstr(change_root(change), ==, fixture->folder);
    g_assert_null(change_trusted_from(change));
    g_assert_null(change_find(change, "same.py"));
    assert_reads(change, "same.py", "1\n");
    assert_reads(change, "empty.py", "");
    assert_read_fails(change, "deleted.py", CHANGE_ERROR_NO_FILE, "deleted.py: there is no such file");
    assert_read_fails(change, "old/name.py", CHANGE_ERROR_NO_FILE, "old/name.py: there is no such file");
    assert_read_fails(change, "new", CHANGE_ERROR_NO_FILE, "new: there is no such file");
    assert_read_fails(change, "type", CHANGE_ERROR_STATE,
                      "type: it is a symbolic link, which is not followed");
}

static void test_staged_ids(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *commit = NULL, *old_blob = NULL, *new_blob = NULL;
    g_autoptr(Change) change = NULL;
    const ChangedFile *file;

    write_text("a", "1\n");
    commit = commit_all("first");
    write_text("a", "2\n");
    do_git("add", "a");
    old_blob = git("rev-parse", "HEAD:a");
    new_blob = git("rev-parse", ":a");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    g_assert_cmpstr(change_base_id(change), ==, commit);
    g_assert_cmpstr(change_head_id(change), ==, "");
    file = change_find(change, "a");
    g_assert_cmpstr(file->old_blob, ==, old_blob);
    g_assert_cmpstr(file->blob, ==, new_blob);
}

static void test_staged_reads_the_index(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("a.py", "import os\n");
    do_git("add", "a.py");
    write_text("a.py", "mended\n");
    write_text("untracked.py", "x\n");
    write_text(".sallyport.yaml", "version: 1\n");
    write_text("setup.cfg", "staged\n");
    do_git("add", "setup.cfg");
    g_assert_no_errno(unlink("setup.cfg"));
    write_text("tox.ini", "staged\n");
    do_git("add", "tox.ini");
    write_text("tox.ini", "not staged\n");

    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644 a.py *\n"
                          "added 100644 setup.cfg *\n"
                          "added 100644 tox.ini *\n");
    assert_reads(change, "a.py", "import os\n");
    assert_read_fails(change, "untracked.py", CHANGE_ERROR_NO_FILE, "untracked.py: there is no such file");
    /* What steers a local review: the work tree, then the index. */
    assert_trusts(change, ".sallyport.yaml", "version: 1\n");
    assert_trusts(change, "tox.ini", "not staged\n");
    assert_trusts(change, "setup.cfg", "staged\n");
    assert_trusts(change, "ruff.toml", NULL);
    assert_trusts(change, "a.py/ruff.toml", NULL);
}

static void test_staged_leaves_out_what_is_only_announced(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("staged.py", "1\n");
    write_text("announced.py", "2\n");
    do_git("add", "staged.py");
    do_git("add", "-N", "announced.py");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644 staged.py *\n");
    assert_read_fails(change, "announced.py", CHANGE_ERROR_NO_FILE, "announced.py: there is no such file");
}

static void test_staged_unmerged(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;
    int status;

    write_text("a", "base\n");
    do_commit("base");
    do_git("checkout", "-q", "-b", "other");
    write_text("a", "theirs\n");
    do_commit("theirs");
    do_git("checkout", "-q", "main");
    write_text("a", "ours\n");
    do_commit("ours");
    g_free(run_in(".", PATHS("git", "merge", "-q", "other"), &status));
    g_assert_cmpint(status, !=, 0);
    assert_load_fails(CHANGE_STAGED, NULL, NULL, CHANGE_ERROR_STATE,
                      "a has conflicts that are not resolved; resolve them, and then: git add");
    /* The work tree has but one version. */
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_change(change, "modified 100644 a 1-1,3-5\n");
    assert_reads(change, "a", "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n");
}

static void test_staged_submodule(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *first = NULL, *second = NULL;
    g_autoptr(Change) change = NULL;

    do_git("init", "-q", "-b", "main", "sub");
    do_git("-C", "sub", "commit", "-q", "--allow-empty", "-m", "1");
    first = git("-C", "sub", "rev-parse", "HEAD");
    do_git("-c", "advice.addEmbeddedRepo=false", "add", "sub");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 160000 sub -\n");
    g_assert_cmpstr(change_find(change, "sub")->blob, ==, first);
    assert_read_fails(change, "sub", CHANGE_ERROR_STATE,
                      "sub: it is a submodule, which has no contents here");

    do_commit("add sub");
    do_git("-C", "sub", "commit", "-q", "--allow-empty", "-m", "2");
    second = git("-C", "sub", "rev-parse", "HEAD");
    do_git("add", "sub");
    g_clear_pointer(&change, change_free);
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "modified 160000 sub -\n");
    g_assert_cmpstr(change_find(change, "sub")->old_blob, ==, first);
    g_assert_cmpstr(change_find(change, "sub")->blob, ==, second);
}

static void test_names_are_bytes(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("-rf", "1\n");
    write_text("new\nline", "2\n");
    write_text("quote\"d", "3\n");
    write_text("back\\slash", "4\n");
    write_text("\377\376", "5\n");
    write_text(" space ", "6\n");
    write_text("sch\303\266n", "7\n");
    do_git("add", "-A");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644  space  *\n"
                          "added 100644 -rf *\n"
                          "added 100644 \"back\\\\slash\" *\n"
                          "added 100644 \"new\\nline\" *\n"
                          "added 100644 \"quote\\\"d\" *\n"
                          "added 100644 sch\303\266n *\n"
                          "added 100644 \"\\377\\376\" *\n");
    assert_reads(change, "new\nline", "2\n");
    assert_reads(change, "\377\376", "5\n");
    g_clear_pointer(&change, change_free);
    do_commit("first");
    change = load_change(CHANGE_ALL, NULL, PATHS("-rf", "\377\376"));
    assert_change(change, "added 100644 -rf *\n"
                          "added 100644 \"\\377\\376\" *\n");
}

/* Code. */

static void test_code(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Change) change = change_from_code("snippet.py", "print(1)\n", 9);
    g_autoptr(Change) binary = change_from_code("snippet.py", "\0", 1);

    assert_change(change, "added 100644 snippet.py *\n");
    assert_change(binary, "added 100644 snippet.py * binary\n");
    g_assert_cmpstr(change_description(change), ==, "code");
    g_assert_null(change_root(change));
    assert_reads(change, "snippet.py", "print(1)\n");
    assert_read_fails(change, "other.py", CHANGE_ERROR_NO_FILE, "other.py: there is no such file");
    g_setenv("GIT_CEILING_DIRECTORIES", fixture->folder, TRUE);
    assert_trusts(change, ".sallyport.yaml", NULL);
    g_unsetenv("GIT_CEILING_DIRECTORIES");
    do_git("init", "-q", "-b", "main", ".");
    write_text(".sallyport.yaml", "version: 1\n");
    write_text("sub/x", "1\n");
    g_assert_no_errno(chdir("sub"));
    assert_trusts(change, ".sallyport.yaml", "version: 1\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/change/staged/statuses", test_staged_statuses);
    g_test_add_func("/change/staged/ids", test_staged_ids);
    g_test_add_func("/change/staged/reads-the-index", test_staged_reads_the_index);
    g_test_add_func("/change/staged/announced", test_staged_leaves_out_what_is_only_announced);
    g_test_add_func("/change/staged/unmerged", test_staged_unmerged);
    g_test_add_func("/change/staged/submodule", test_staged_submodule);
    g_test_add_func("/change/names", test_names_are_bytes);
    g_test_add_func("/change/code", test_code);
    return g_test_run();
}
