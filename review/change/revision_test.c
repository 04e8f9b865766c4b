/* Changes against a base: revisions, merge bases, shallow clones. */
#include "review/change/change.h"

#include "review/change/fixture.h"

/* Against a base. */

static void test_base(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *fork = NULL, *head = NULL, *expected = NULL;
    g_autoptr(Change) change = NULL;

    write_text(".sallyport.yaml", "at the fork\n");
    write_text("a.py", "1\n2\n3\n");
    fork = commit_all("fork");
    do_git("checkout", "-q", "-b", "feature");
    write_text("a.py", "1\n2\n3\n4\n");
    write_text(".sallyport.yaml", "of the change\n");
    write_text("ruff.toml", "of the change\n");
    head = commit_all("feature");
    do_git("checkout", "-q", "main");
    write_text(".sallyport.yaml", "in force\n");
    write_text("b.py", "not of the change\n");
    do_commit("main goes on");
    do_git("checkout", "-q", "--detach", "feature");
    write_text("a.py", "work tree\n");
    write_text(".sallyport.yaml", "work tree\n");

    change = load_change(CHANGE_BASE, "main", NULL);
    assert_change(change, "modified 100644 .sallyport.yaml 1-1\n"
                          "modified 100644 a.py 4-4\n"
                          "added 100644 ruff.toml *\n");
    expected = g_strdup_printf("main...HEAD (%.7s..%.7s)", fork, head);
    g_assert_cmpstr(change_description(change), ==, expected);
    g_assert_cmpstr(change_base_id(change), ==, fork);
    g_assert_cmpstr(change_head_id(change), ==, head);
    g_assert_cmpstr(change_trusted_from(change), ==, "main");
    assert_reads(change, "a.py", "1\n2\n3\n4\n");
    assert_read_fails(change, "b.py", CHANGE_ERROR_NO_FILE, "b.py: there is no such file");
    assert_trusts(change, ".sallyport.yaml", "in force\n");
    assert_trusts(change, "ruff.toml", NULL);
}

static void test_base_with_head(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = change_open(".", NULL);
    g_autoptr(GError) error = NULL;

    write_text("a", "1\n");
    do_commit("one");
    do_git("tag", "-a", "v1", "-m", "v1");
    write_text("a", "2\n");
    do_commit("two");
    do_git("tag", "v2");
    write_text("b", "3\n");
    do_commit("three");
    change_load(change, CHANGE_BASE, "v1", "v2", NULL, &error);
    g_assert_no_error(error);
    assert_change(change, "modified 100644 a 1-1\n");
    g_assert_true(g_str_has_prefix(change_description(change), "v1...v2 ("));
}

static void test_no_revision(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    assert_load_fails(CHANGE_BASE, "HEAD", NULL, CHANGE_ERROR_NO_REVISION,
                      "no such revision 'HEAD': the branch has no commit yet");
    do_commit("first");
    assert_load_fails(CHANGE_BASE, "nope", NULL, CHANGE_ERROR_NO_REVISION, "no such revision 'nope'");
    assert_load_fails(CHANGE_BASE, "", NULL, CHANGE_ERROR_NO_REVISION, "no such revision ''");
    assert_load_fails(CHANGE_BASE, "main..HEAD", NULL, CHANGE_ERROR_NO_REVISION,
                      "no such revision 'main..HEAD'");
    assert_load_fails(CHANGE_BASE, "no\033[31m", NULL, CHANGE_ERROR_NO_REVISION,
                      "no such revision 'no\\x1b[31m'");
    assert_load_fails(CHANGE_BASE, "HEAD^{tree}", NULL, CHANGE_ERROR_NO_REVISION,
                      "'HEAD^{tree}' is not a commit, but a tree");
    assert_load_fails(CHANGE_BASE, "origin/main", NULL, CHANGE_ERROR_NO_REVISION,
                      "no such revision 'origin/main' (if it is a branch there: git fetch origin main)");
    do_git("remote", "add", "origin", "https://example.org/x.git");
    assert_load_fails(CHANGE_BASE, "topic", NULL, CHANGE_ERROR_NO_REVISION,
                      "(if it is a branch there: git fetch origin topic, then name it origin/topic)");
    do_git("update-ref", "refs/remotes/origin/topic", "HEAD");
    assert_load_fails(CHANGE_BASE, "topic", NULL, CHANGE_ERROR_NO_REVISION,
                      "no such revision 'topic' (did you mean 'origin/topic'?)");
}

static void test_no_merge_base(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    do_commit("first");
    do_git("checkout", "-q", "--orphan", "other");
    write_text("a", "1\n");
    do_commit("second");
    assert_load_fails(CHANGE_BASE, "main", NULL, CHANGE_ERROR_NO_MERGE_BASE,
                      "no common ancestor of 'main' and 'HEAD' exists");
}

/* main has three commits, and feature leaves it at the second. */
static void test_shallow(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *url = g_strconcat("file://", fixture->folder, NULL), *fork = NULL;
    g_autoptr(Change) change = NULL;

    do_commit("one");
    write_text("a", "2\n");
    fork = commit_all("two");
    do_git("branch", "feature");
    write_text("b", "3\n");
    do_commit("three");
    do_git("checkout", "-q", "feature");
    write_text("a", "2\n4\n");
    do_commit("four");
    do_git("clone", "-q", "--no-single-branch", "--depth", "1", url, "depth1");
    do_git("clone", "-q", "--no-single-branch", "--depth", "2", url, "depth2");

    g_assert_no_errno(chdir("depth1"));
    assert_load_fails(CHANGE_BASE, "origin/main", NULL, CHANGE_ERROR_NO_MERGE_BASE,
                      "no common ancestor of 'origin/main' and 'HEAD' is in this shallow clone; get more "
                      "history with: git fetch --unshallow (or git fetch --deepen=100)");
    /* The merge base is the last commit that is here: that is enough. */
    g_assert_no_errno(chdir("../depth2"));
    change = load_change(CHANGE_BASE, "origin/main", NULL);
    assert_change(change, "modified 100644 a 2-2\n");
    g_assert_cmpstr(change_base_id(change), ==, fork);
    assert_load_fails(CHANGE_BASE, "HEAD~3", NULL, CHANGE_ERROR_NO_REVISION, "git fetch --unshallow");
}

/* A history with two merge bases, and one where an ancestor of the merge base is met as well. */
static void test_shallow_with_merges(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *url = g_strconcat("file://", fixture->folder, NULL), *merged = NULL;
    g_autoptr(Change) change = NULL;

    do_commit("root");
    do_commit("one");
    do_git("branch", "feature");
    write_text("a", "1\n");
    merged = commit_all("two");
    do_git("checkout", "-q", "feature");
    write_text("b", "1\n");
    do_commit("three");
    do_git("merge", "-q", "-m", "merge", "main");
    write_text("c", "1\n");
    do_commit("four");
    do_git("checkout", "-q", "main");
    do_commit("five");
    do_git("clone", "-q", "--no-single-branch", "--depth", "4", "-b", "feature", url, "clone");
    g_assert_no_errno(chdir("clone"));
    change = load_change(CHANGE_BASE, "origin/main", NULL);
    g_assert_cmpstr(change_base_id(change), ==, merged);
    assert_change(change, "added 100644 b *\n"
                          "added 100644 c *\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/change/base/head", test_base);
    g_test_add_func("/change/base/named-head", test_base_with_head);
    g_test_add_func("/change/base/no-revision", test_no_revision);
    g_test_add_func("/change/base/no-merge-base", test_no_merge_base);
    g_test_add_func("/change/base/shallow", test_shallow);
    g_test_add_func("/change/base/shallow-with-merges", test_shallow_with_merges);
    return g_test_run();
}
