/* All files of a change, and what stands at a path; trees that git would not write. */
#include "review/change/change.h"

#include "review/change/fixture.h"

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
    g_test_add_func("/change/all", test_all);
    g_test_add_func("/change/each-file", test_each_file);
    g_test_add_func("/change/trees/twice", test_a_name_that_stands_twice);
    g_test_add_func("/change/trees/bomb", test_too_many_files);
    g_test_add_func("/change/modes", test_modes);
    return g_test_run();
}
