/* Snapshots: what is laid out, from which side, and that nothing gets out or stays behind. */
#include "review/change/fixture.h"
#include "review/snapshot.h"

static const char *const config_names[] = {"ruff.toml", "setup.cfg", NULL};

static Snapshot *new_snapshot(void) {
    g_autoptr(GError) error = NULL;
    Snapshot *snapshot = snapshot_new(&error);

    g_assert_no_error(error);
    return snapshot;
}

/* What lies below a folder, sorted: "MODE PATH CONTENT" a line, "MODE PATH -> TARGET" for a link. */
static char *listing(const char *folder) {
    return run_in(folder,
                  PATHS("python3", "-I", "-c",
                        "import os\n"
                        "out = []\n"
                        "for top, dirs, files in os.walk('.'):\n"
                        "    for name in files + [d for d in dirs if os.path.islink(os.path.join(top, d))]:\n"
                        "        path = os.path.join(top, name)[2:]\n"
                        "        mode = oct(os.lstat(path).st_mode & 0o777)[2:]\n"
                        "        if os.path.islink(path):\n"
                        "            out.append(f'777 {path!r} -> {os.readlink(path)}')\n"
                        "        else:\n"
                        "            out.append(f'{mode} {path!r} {open(path).read()!r}')\n"
                        "print('\\n'.join(sorted(out)))\n"),
                  NULL);
}

static void assert_listing(const char *folder, const char *expected) {
    g_autofree char *found = listing(folder);

    g_assert_cmpstr(found, ==, expected);
}

static void add_review_of_mode(Snapshot *snapshot, const char *path, guint32 mode, const char *text) {
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;

    snapshot_add_review(snapshot, path, mode, content, &error);
    g_assert_no_error(error);
}

static void add_review(Snapshot *snapshot, const char *path, const char *text) {
    add_review_of_mode(snapshot, path, 0100644, text);
}

static void add_config(Snapshot *snapshot, Change *change) {
    g_autoptr(GError) error = NULL;

    snapshot_add_config(snapshot, change, config_names, &error);
    g_assert_no_error(error);
}

static void assert_refused(Snapshot *snapshot, const char *path) {
    g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
    g_autoptr(GError) error = NULL;

    g_assert_false(snapshot_add_review(snapshot, path, 0100644, content, &error));
    g_assert_nonnull(error);
}

static void test_review(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Snapshot) snapshot = new_snapshot();
    struct stat st;

    add_review(snapshot, "a.py", "one\n");
    add_review(snapshot, "sub/deep/b.py", "two\n");
    add_review(snapshot, "sub/-new\nline.py", "");
    add_review_of_mode(snapshot, "run", 0100755, "three\n");
    assert_listing(snapshot_review_path(snapshot), "644 'a.py' 'one\\n'\n"
                                                   "644 'sub/-new\\nline.py' ''\n"
                                                   "644 'sub/deep/b.py' 'two\\n'\n"
                                                   "755 'run' 'three\\n'");
    /* The sandbox reads it, root's as another user; nobody else gets to it without its name. */
    g_assert_no_errno(stat(snapshot_review_path(snapshot), &st));
    g_assert_cmpuint(st.st_mode & 0777, ==, 0755);
    g_autofree char *parent = g_path_get_dirname(snapshot_review_path(snapshot));
    g_assert_no_errno(stat(parent, &st));
    g_assert_cmpuint(st.st_mode & 0777, ==, geteuid() == 0 ? 0711 : 0700);
}

/* Whatever a repository calls its files, nothing is written outside. */
static void test_hostile_paths(void) {
    static const char *const paths[] = {"",     "/etc/x", "../x",        "a/../../x",  "./x", "a/./x",
                                        "a//x", "a/",     ".git/config", "sub/.git/x", "..",  "file/x",
                                        "file", "."};
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Snapshot) snapshot = new_snapshot();

    add_review(snapshot, "file", "kept");
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
        assert_refused(snapshot, paths[i]);
    assert_listing(snapshot_review_path(snapshot), "644 'file' 'kept'");
}

/* A link that somebody put into the snapshot's way is not followed. */
static void test_links_are_not_followed(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Snapshot) snapshot = new_snapshot();
    g_autofree char *link = g_build_filename(snapshot_review_path(snapshot), "link", NULL);

    g_assert_no_errno(g_mkdir("outside", 0755));
    add_review(snapshot, "a", "");
    g_assert_no_errno(symlink(fixture->folder, link));
    assert_refused(snapshot, "link/outside/x");
    assert_listing(".", "");
}

static void test_config_of_the_work_tree(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Snapshot) snapshot = new_snapshot();
    g_autoptr(Change) change = NULL;

    write_text("ruff.toml", "top\n");
    write_text("pkg/__init__.py", "init\n");
    write_text("pkg/sub/setup.cfg", "sub\n");
    write_text("other/ruff.toml", "not on the way\n");
    write_text("pkg/sub/a.py", "1\n");
    do_commit("first");
    write_text("pkg/sub/a.py", "2\n");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    add_review(snapshot, "pkg/sub/a.py", "2\n");
    add_config(snapshot, change);
    assert_listing(snapshot_review_path(snapshot), "644 'pkg/__init__.py' 'init\\n'\n"
                                                   "644 'pkg/sub/a.py' '2\\n'\n"
                                                   "644 'pkg/sub/setup.cfg' 'sub\\n'\n"
                                                   "644 'ruff.toml' 'top\\n'");
}

/* With a base, configuration is the base's: neither edited, nor added, nor deleted by the change. */
static void test_config_of_the_base(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Snapshot) snapshot = new_snapshot();
    g_autoptr(Change) change = NULL;

    write_text("ruff.toml", "trusted\n");
    write_text("kept/setup.cfg", "trusted too\n");
    do_commit("first");
    do_git("checkout", "-q", "-b", "feature");
    write_text("ruff.toml", "loosened\n");
    write_text("kept/ruff.toml", "added\n");
    g_assert_no_errno(unlink("kept/setup.cfg"));
    write_text("kept/a.py", "1\n");
    do_commit("second");
    change = load_change(CHANGE_BASE, "main", NULL);
    add_review(snapshot, "kept/a.py", "1\n");
    add_review(snapshot, "kept/ruff.toml", "added\n");
    add_config(snapshot, change);
    assert_listing(snapshot_review_path(snapshot), "644 'kept/a.py' '1\\n'\n"
                                                   "644 'kept/setup.cfg' 'trusted too\\n'\n"
                                                   "644 'ruff.toml' 'trusted\\n'");
}

static bool is_python(const char *path, gpointer data) {
    (void)data;
    return g_str_has_suffix(path, ".py");
}

static void test_tree(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Snapshot) all = new_snapshot(), some = new_snapshot();
    g_autoptr(Change) change = NULL;
    g_autoptr(GError) error = NULL;

    write_text("a.py", "old\n");
    write_text("bin/run", "#!/bin/sh\n");
    g_assert_no_errno(chmod("bin/run", 0755));
    write_text("data/x.txt", "unchanged\n");
    g_assert_no_errno(symlink("../../outside", "data/link"));
    do_commit("first");
    write_text("a.py", "staged\n");
    do_git("add", "a.py");
    write_text("a.py", "work tree\n");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    snapshot_add_tree(all, change, NULL, NULL, &error);
    g_assert_no_error(error);
    assert_listing(snapshot_tree_path(all), "644 'a.py' 'staged\\n'\n"
                                            "644 'data/x.txt' 'unchanged\\n'\n"
                                            "755 'bin/run' '#!/bin/sh\\n'\n"
                                            "777 'data/link' -> ../../outside");
    snapshot_add_tree(some, change, is_python, NULL, &error);
    g_assert_no_error(error);
    assert_listing(snapshot_tree_path(some), "644 'a.py' 'staged\\n'");
}

/* Also where a folder in it may not be written any more, and never what a link points to. */
static void test_nothing_stays(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *kept = g_build_filename(fixture->folder, "kept", NULL);
    Snapshot *snapshot = new_snapshot();
    g_autofree char *private_folder = g_path_get_dirname(snapshot_review_path(snapshot));
    g_autofree char *locked = g_build_filename(snapshot_review_path(snapshot), "a", "b", NULL);
    g_autofree char *link = g_build_filename(snapshot_review_path(snapshot), "link", NULL);

    write_text("kept/file", "kept\n");
    add_review(snapshot, "a/b/c.py", "1\n");
    g_assert_no_errno(symlink(kept, link));
    g_assert_no_errno(chmod(locked, 0));
    g_assert_true(g_file_test(private_folder, G_FILE_TEST_IS_DIR));
    snapshot_free(snapshot);
    g_assert_false(g_file_test(private_folder, G_FILE_TEST_EXISTS));
    assert_listing(".", "644 'kept/file' 'kept\\n'");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/snapshot/review", test_review);
    g_test_add_func("/snapshot/hostile-paths", test_hostile_paths);
    g_test_add_func("/snapshot/links", test_links_are_not_followed);
    g_test_add_func("/snapshot/config-of-the-work-tree", test_config_of_the_work_tree);
    g_test_add_func("/snapshot/config-of-the-base", test_config_of_the_base);
    g_test_add_func("/snapshot/tree", test_tree);
    g_test_add_func("/snapshot/nothing-stays", test_nothing_stays);
    return g_test_run();
}
