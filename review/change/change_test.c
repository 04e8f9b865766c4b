/* Changes that are made of objects: staged, all of HEAD, a piece of code; their lines. */
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

/* What git-lfs would have committed, and what only looks like it. */
static void test_pointers(void) {
#define VERSION "version https://git-lfs.github.com/spec/v1\n"
#define OID "oid sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
    static const struct {
        const char *text;
        bool is;
    } cases[] = {
        {VERSION OID "size 5\n", true},
        {VERSION "ext-0-foo sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n" OID
                 "size 5\n",
         true},
        {VERSION OID "size 5", false},
        {VERSION OID "size 5\n\n", false},
        {VERSION OID "size 5; rm -rf /\n", false},
        {VERSION OID "size \n", false},
        {VERSION "eval(a)\n" OID "size 5\n", false},
        {VERSION "ext-0-x y sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n" OID
                 "size 5\n",
         false},
        {VERSION "oid sha256:0123\nsize 5\n", false},
        {"# comment\n" VERSION OID "size 5\n", false},
        {OID "size 5\n", false},
        {VERSION, false},
        {"\n", false},
        {"", false}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Fixture) fixture = fixture_new_repository();
        g_autoptr(Change) change = NULL;

        write_text("a.py", cases[i].text);
        change = load_change(CHANGE_WORKTREE, NULL, NULL);
        g_assert_cmpint(change_find(change, "a.py")->pointer, ==, cases[i].is);
    }
}

/* What stands at a path, whatever has changed. */
static void test_modes(void) {
    static const struct {
        const char *path;
        guint32 mode;
    } cases[] = {{"a.py", 0100644}, {"link", 0120000},  {"new", 0120000}, {"gone", 0},
                 {"dir", 0},        {"dir/b", 0100755}, {"none", 0},      {"../x", 0}};
    static const ChangeSource sources[] = {CHANGE_STAGED, CHANGE_WORKTREE, CHANGE_ALL};
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.py", "1\n");
    write_text("gone", "1\n");
    write_text("dir/b", "1\n");
    g_assert_no_errno(chmod("dir/b", 0755));
    g_assert_no_errno(symlink("a.py", "link"));
    do_commit("first");
    g_assert_no_errno(unlink("gone"));
    g_assert_no_errno(symlink("a.py", "new"));
    do_git("add", "-A");
    for (gsize s = 0; s < G_N_ELEMENTS(sources); s++) {
        g_autoptr(Change) change = NULL;

        if (sources[s] == CHANGE_ALL)
            do_commit("second");
        change = load_change(sources[s], NULL, NULL);
        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            g_autoptr(GError) error = NULL;
            guint32 mode = 1;

            g_assert_true(change_mode(change, cases[i].path, &mode, &error));
            g_assert_no_error(error);
            g_assert_cmphex(mode, ==, cases[i].mode);
        }
    }
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
    g_test_add_func("/change/all", test_all);
    g_test_add_func("/change/each-file", test_each_file);
    g_test_add_func("/change/trees/twice", test_a_name_that_stands_twice);
    g_test_add_func("/change/trees/bomb", test_too_many_files);
    g_test_add_func("/change/code", test_code);
    g_test_add_func("/change/pointers", test_pointers);
    g_test_add_func("/change/modes", test_modes);
    return g_test_run();
}
