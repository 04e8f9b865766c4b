/* Changes that are made of objects: staged, against a base, all of HEAD; and finding the repository. */
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

/* Lines. */

static void test_lines(void) {
    static const struct {
        const char *before, *after, *expected;
    } cases[] = {
        {"a\nb", "a\nb\n", "2-2"},                     /* a final newline is added, */
        {"a\nb\n", "a\nb", "2-2"},                     /* and taken away */
        {"a\n", "", "-"},                              /* nothing is left */
        {"", "a\nb\n", "1-2"},                         /* nothing was there */
        {"a\nb\nc\n", "a\nc\n", "-"},                  /* a pure deletion */
        {"a\r\nb\r\n", "a\r\nc\r\n", "2-2"},           /* CRLF in the repository */
        {"a\nb\n", "a\r\nb\r\n", "1-2"},               /* all line ends changed */
        {"a\nb\nc\nd\n", "A\nb\nC\nd\n", "1-1,3-3"},   /* one line between */
        {"f() {\n}\n", "f() {\n}\ng() {\n}\n", "3-4"}, /* the hunk of git's indent heuristic */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Fixture) fixture = fixture_new_repository();
        g_autoptr(Change) change = NULL;
        g_autofree char *expected = g_strdup_printf("modified 100644 file %s\n", cases[i].expected);

        write_text("file", cases[i].before);
        do_commit("before");
        write_text("file", cases[i].after);
        do_git("add", "file");
        change = load_change(CHANGE_STAGED, NULL, NULL);
        assert_change(change, expected);
    }
}

/* "2-3,7-7" of the hunk headers of `git diff -U0`: @@ -1,0 +2,2 @@. */
static char *ranges_of_git(const char *diff) {
    GString *ranges = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(diff, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        const char *plus = g_str_has_prefix(*line, "@@ ") ? strchr(*line, '+') : NULL;
        char *end = NULL;
        guint64 first = plus != NULL ? g_ascii_strtoull(plus + 1, &end, 10) : 0;
        guint64 count = end != NULL && *end == ',' ? g_ascii_strtoull(end + 1, NULL, 10) : 1;

        if (plus != NULL && count > 0)
            g_string_append_printf(ranges, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                                   ranges->len > 0 ? "," : "", first, first + count - 1);
    }
    if (ranges->len == 0)
        g_string_append_c(ranges, '-');
    return g_string_free(ranges, FALSE);
}

static char *random_text(GRand *random, guint lines) {
    static const char *const words[] = {"", "    x = 1", "}", "if x:", "return", "    y"};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < lines; i++)
        g_string_append_printf(text, "%s\n", words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))]);
    return g_string_free(text, FALSE);
}

/* Takes some lines out of a text, and puts some in. */
static char *random_edit(GRand *random, const char *text) {
    GString *edited = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL && line[1] != NULL; line++) {
        int dice = g_rand_int_range(random, 0, 12);

        if (dice == 0) {
            g_autofree char *inserted = random_text(random, 2);

            g_string_append(edited, inserted);
        }
        if (dice != 1)
            g_string_append_printf(edited, "%s\n", dice == 2 ? "changed" : *line);
    }
    return g_string_free(edited, FALSE);
}

static void test_lines_are_those_of_git(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autoptr(Change) staged = NULL, worktree = NULL;

    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);

        g_ptr_array_add(texts, random_text(random, (guint)g_rand_int_range(random, 5, 120)));
        write_text(name, g_ptr_array_index(texts, i - 10));
    }
    do_commit("before");
    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);
        g_autofree char *edited = random_edit(random, g_ptr_array_index(texts, i - 10));

        write_text(name, edited);
    }
    worktree = load_change(CHANGE_WORKTREE, NULL, NULL);
    do_git("add", "-A");
    staged = load_change(CHANGE_STAGED, NULL, NULL);
    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);
        g_autofree char *diff = git("diff", "--cached", "-U0", "--", name);
        g_autofree char *ranges = ranges_of_git(diff);

        if (*diff != '\0')
            g_string_append_printf(expected, "modified 100644 %s %s\n", name, ranges);
    }
    assert_change(staged, expected->str);
    assert_change(worktree, expected->str);
}

static void test_touches(void) {
    ChangedFile file = {.new_lines = g_array_new(FALSE, FALSE, sizeof(LineRange))};
    g_autoptr(GArray) owned = file.new_lines;
    LineRange ranges[] = {{3, 4}, {8, 8}};

    g_array_append_vals(file.new_lines, ranges, 2);
    g_assert_false(changed_file_touches(&file, 2, 2));
    g_assert_true(changed_file_touches(&file, 1, 3));
    g_assert_true(changed_file_touches(&file, 4, 4));
    g_assert_false(changed_file_touches(&file, 5, 7));
    g_assert_true(changed_file_touches(&file, 5, 9));
    g_assert_true(changed_file_touches(&file, 8, 0)); /* no end: one line */
    g_assert_false(changed_file_touches(&file, 9, 0));
    g_assert_false(changed_file_touches(&file, 0, 0)); /* same blobs: a change of mode only */
    g_strlcpy(file.blob, "1a", sizeof(file.blob));
    g_assert_true(changed_file_touches(&file, 0, 0));
    file.all_new = true;
    g_assert_true(changed_file_touches(&file, 100, 100));
}

/* Binary files. */

static void test_binary(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *late = g_strnfill(8001, 'x');
    g_autoptr(Change) change = NULL;

    write_text(".gitattributes", "*.dat binary\n*.gen -diff\n*.txt diff\n");
    write_text("was_text", "1\n2\n");
    write_bytes("was_binary", "\0\n2\n", 4);
    do_commit("first");
    late[8000] = '\0';
    write_bytes("early", "a\0b", 3);
    write_bytes("late", late, 8001);
    write_text("a.dat", "text\n");
    write_text("a.gen", "text\n");
    write_bytes("a.txt", "\0", 1);
    write_bytes("was_text", "\0\n2\n", 4);
    write_text("was_binary", "1\n2\n");
    do_git("add", "-A");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_change(change, "added 100644 a.dat * binary\n"
                          "added 100644 a.gen * binary\n"
                          "added 100644 a.txt * binary\n"
                          "added 100644 early * binary\n"
                          "added 100644 late *\n"
                          "modified 100644 was_binary *\n"
                          "modified 100644 was_text * binary\n");
}

static void test_a_change_cannot_make_itself_binary(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("sub/.gitattributes", "*.gen binary\n");
    do_commit("base");
    do_git("checkout", "-q", "-b", "feature");
    write_text(".gitattributes", "*.py binary\n");
    write_text("evil.py", "eval(x)\n");
    write_text("sub/evil.py", "eval(x)\n");
    write_text("sub/a.gen", "1\n");
    do_commit("feature");
    change = load_change(CHANGE_BASE, "main", NULL);
    assert_change(change, "added 100644 .gitattributes *\n"
                          "added 100644 evil.py *\n"
                          "added 100644 sub/a.gen * binary\n"
                          "added 100644 sub/evil.py *\n");
}

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

/* All. */

static void test_all(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *head = NULL, *expected = NULL;
    g_autoptr(Change) change = NULL;

    write_text("a.py", "1\n");
    write_text("a/b.sh", "2\n");
    g_assert_no_errno(chmod("a/b.sh", 0755));
    write_bytes("blob", "\0", 1);
    g_assert_no_errno(symlink("/etc/passwd", "link"));
    head = commit_all("first");
    write_text("a.py", "work tree\n");
    write_text("untracked", "x\n");
    change = load_change(CHANGE_ALL, NULL, NULL);
    assert_change(change, "added 100644 a.py *\n"
                          "added 100755 a/b.sh *\n"
                          "added 100644 blob * binary\n"
                          "added 120000 link -\n");
    expected = g_strdup_printf("all files of HEAD (%.7s)", head);
    g_assert_cmpstr(change_description(change), ==, expected);
    g_assert_cmpstr(change_base_id(change), ==, "");
    g_assert_cmpstr(change_head_id(change), ==, head);
    assert_reads(change, "a.py", "1\n");
    /* Locally, what steers the review is what the user sees. */
    assert_trusts(change, "a.py", "work tree\n");
}

static bool list_file(const char *path, guint32 mode, gpointer list) {
    g_string_append_printf(list, "%o %s\n", mode, path);
    return strcmp(path, "m") < 0;
}

static void test_each_file(void) {
    static const ChangeSource sources[] = {CHANGE_ALL, CHANGE_STAGED, CHANGE_WORKTREE};
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GError) error = NULL;

    do_git("init", "-q", "-b", "main", "gsub");
    do_git("-C", "gsub", "commit", "-q", "--allow-empty", "-m", "1");
    write_text("a.py", "1\n");
    write_text("a/b", "2\n");
    write_text("executable", "3\n");
    g_assert_no_errno(chmod("executable", 0755));
    g_assert_no_errno(symlink("a.py", "link"));
    do_git("-c", "advice.addEmbeddedRepo=false", "add", "-A");
    do_commit("first");
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(Change) change = load_change(sources[i], NULL, NULL);
        g_autoptr(GString) list = g_string_new(NULL);
        g_autofree char *target = change_read_link(change, "link", &error);

        g_assert_no_error(error);
        g_assert_cmpstr(target, ==, "a.py");
        g_assert_true(change_each_file(change, list_file, list, &error));
        g_assert_cmpstr(list->str, ==, "100644 a.py\n100644 a/b\n100755 executable\n120000 link\n");
    }
    write_text("m", "4\n");
    write_text("n", "4\n");
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(Change) change = NULL;
        g_autoptr(GString) list = g_string_new(NULL);

        do_commit("second");
        change = load_change(sources[i], NULL, NULL);
        g_assert_false(change_each_file(change, list_file, list, &error)); /* stopped at "m" */
        g_assert_no_error(error);
        g_assert_true(g_str_has_suffix(list->str, "120000 link\n100644 m\n"));
    }
}

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

/* Trees that git would not write. */

/* Makes a tree object of raw entries, "MODE NAME\0ID" each. */
static char *write_tree(const char *const (*entries)[3]) {
    g_autoptr(GByteArray) tree = g_byte_array_new();
    g_autofree char *folder = NULL;

    for (; (*entries)[0] != NULL; entries++) {
        g_autofree char *head = g_strdup_printf("%s %s", (*entries)[0], (*entries)[1]);

        g_byte_array_append(tree, (const guint8 *)head, (guint)strlen(head) + 1);
        for (const char *hex = (*entries)[2]; *hex != '\0'; hex += 2) {
            guint8 byte = (guint8)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1]));

            g_byte_array_append(tree, &byte, 1);
        }
    }
    write_bytes(".git/raw-tree", (const char *)tree->data, tree->len);
    return git("hash-object", "-t", "tree", "-w", "--literally", ".git/raw-tree");
}

static void test_a_name_that_stands_twice(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *good = NULL, *evil = NULL, *tree = NULL, *commit = NULL;

    do_commit("first");
    write_text("good", "good\n");
    write_text("evil", "evil\n");
    good = git("hash-object", "-w", "good");
    evil = git("hash-object", "-w", "evil");
    tree = write_tree(
        (const char *const[][3]){{"100644", "a.py", good}, {"100644", "a.py", evil}, {NULL, NULL, NULL}});
    commit = git("commit-tree", "-p", "HEAD", "-m", "twice", tree);
    do_git("update-ref", "HEAD", commit);
    assert_load_fails(CHANGE_BASE, "HEAD~1", NULL, CHANGE_ERROR_GIT, "a.py stands twice in a tree");
    assert_load_fails(CHANGE_ALL, NULL, NULL, CHANGE_ERROR_GIT, "a.py stands twice in a tree");
}

/* Seven small trees, each ten times in the next: ten million paths. */
static void test_too_many_files(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autofree char *id = NULL, *commit = NULL;

    do_commit("first");
    write_text("file", "1\n");
    id = git("hash-object", "-w", "file");
    for (guint level = 0; level < 7; level++) {
        const char *mode = level == 0 ? "100644" : "40000";
        g_autofree char *below = g_steal_pointer(&id);

        id = write_tree((const char *const[][3]){{mode, "0", below},
                                                 {mode, "1", below},
                                                 {mode, "2", below},
                                                 {mode, "3", below},
                                                 {mode, "4", below},
                                                 {mode, "5", below},
                                                 {mode, "6", below},
                                                 {mode, "7", below},
                                                 {mode, "8", below},
                                                 {mode, "9", below},
                                                 {NULL, NULL, NULL}});
    }
    commit = git("commit-tree", "-p", "HEAD", "-m", "bomb", id);
    do_git("update-ref", "HEAD", commit);
    assert_load_fails(CHANGE_BASE, "HEAD~1", NULL, CHANGE_ERROR_LIMIT, "more than 200000 files");
    assert_load_fails(CHANGE_ALL, NULL, NULL, CHANGE_ERROR_LIMIT, "more than 200000 files");
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
    g_test_add_func("/change/lines/cases", test_lines);
    g_test_add_func("/change/lines/as-git", test_lines_are_those_of_git);
    g_test_add_func("/change/lines/touches", test_touches);
    g_test_add_func("/change/binary/staged", test_binary);
    g_test_add_func("/change/binary/base", test_a_change_cannot_make_itself_binary);
    g_test_add_func("/change/base/head", test_base);
    g_test_add_func("/change/base/named-head", test_base_with_head);
    g_test_add_func("/change/base/no-revision", test_no_revision);
    g_test_add_func("/change/base/no-merge-base", test_no_merge_base);
    g_test_add_func("/change/base/shallow", test_shallow);
    g_test_add_func("/change/base/shallow-with-merges", test_shallow_with_merges);
    g_test_add_func("/change/all", test_all);
    g_test_add_func("/change/each-file", test_each_file);
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
    g_test_add_func("/change/trees/twice", test_a_name_that_stands_twice);
    g_test_add_func("/change/trees/bomb", test_too_many_files);
    g_test_add_func("/change/code", test_code);
    return g_test_run();
}
