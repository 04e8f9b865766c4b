/* First-party modules: what a file imports, and what of it is laid out. */
#include "review/modules.h"

#include "review/change/fixture.h"

static const char *const config_names[] = {"pyproject.toml", "ruff.toml", NULL};

static void add_text(Modules *modules, const char *path, const char *text) {
    modules_add_file(modules, path, text, strlen(text));
}

static void assert_imports(const char *path, const char *text, const char *expected) {
    g_autoptr(Modules) modules = modules_new();
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GList) names = NULL;

    add_text(modules, path, text);
    names = modules_names(modules);
    for (const GList *name = names; name != NULL; name = name->next)
        g_string_append_printf(found, "%s%s", found->len > 0 ? " " : "", (const char *)name->data);
    g_assert_cmpstr(found->str, ==, expected);
}

static void test_imports(void) {
    assert_imports("a.py", "import a\nimport b.c as d, e ,f.g\nfrom h.i import (j,\n  k)\n",
                   "a b.c e f.g h.i");
    assert_imports("a.py", "if x: import a; import b\n\tfrom c import d", "a b c");
    assert_imports("a.py", "from . import a\nfrom .b import c\nfrom ..d.e import f\nfrom .. import g\n", "");
    assert_imports("a.py", "import \\\n  a.b\nfrom\\\r\n c import d\n", "a.b c");
    assert_imports("a.py", "important\nx.import y\nfromage\nimport 1\nimport", "");
    assert_imports("a.py", "import \303\244.\303\266\n", "\303\244.\303\266");
    assert_imports("a.py", "import a.\nimport b..c\n", "a b");
    assert_imports("a.py", "", "");
    assert_imports("tool", "#!/usr/bin/env python3\nimport a\n", "a");
    assert_imports("a.pyi", "import a\n", "a");
    assert_imports("a.ipynb", "{\"source\": [\"import a\\n\", \"from b import c\"]}", "a b");
    assert_imports("a.sh", "import a\n", "");
}

/* What is laid out for a file that imports, sorted, a line each: "app d", "helpers.py f". */
static char *laid_out(Change *change, const char *text) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Snapshot) snapshot = snapshot_new(&error);
    g_autoptr(Modules) modules = modules_new();
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));

    g_assert_no_error(error);
    snapshot_add_review(snapshot, "tool/main.py", 0100644, content, &error);
    g_assert_no_error(error);
    snapshot_add_config(snapshot, change, config_names, &error);
    g_assert_no_error(error);
    add_text(modules, "tool/main.py", text);
    modules_lay_out(modules, snapshot, change, &error);
    g_assert_no_error(error);
    return run_in(snapshot_review_path(snapshot),
                  PATHS("sh", "-c", "find . -mindepth 1 -printf '%P %y\\n' | LC_ALL=C sort"), NULL);
}

#define assert_laid_out(change, text, expected)                                                              \
    do {                                                                                                     \
        g_autofree char *found_ = laid_out(change, text);                                                    \
        g_assert_cmpstr(found_, ==, expected);                                                               \
    } while (0)

static void make_repository(void) {
    write_text("app/__init__.py", "raise\n");
    write_text("app/db/models.py", "raise\n");
    write_text("app/other.py", "raise\n");
    write_text("helpers.py", "raise\n");
    write_text("stub.pyi", "raise\n");
    write_text("src/inner/deep.py", "raise\n");
    write_text("data/file.txt", "raise\n");
    write_text("tool/main.py", "x\n");
    write_text("tool/near.py", "raise\n");
    write_text("gone.py", "raise\n");
    write_text("gone_too/x.py", "raise\n");
    g_assert_no_errno(symlink("app", "linked"));
    g_assert_no_errno(symlink("helpers.py", "alias.py"));
}

static void test_layout(void) {
    static const ChangeSource sources[] = {CHANGE_WORKTREE, CHANGE_STAGED, CHANGE_BASE, CHANGE_ALL};
    g_autoptr(Fixture) fixture = fixture_new_repository();

    make_repository();
    do_commit("first");
    do_git("rm", "-q", "-r", "gone.py", "gone_too");
    write_text("fresh/one.py", "raise\n");
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(Change) change = NULL;

        if (sources[i] == CHANGE_STAGED)
            do_git("add", "-A");
        if (sources[i] == CHANGE_BASE)
            do_git("commit", "-q", "-m", "second");
        change = load_change(sources[i], "HEAD^", NULL);
        assert_laid_out(change, "import os, numpy.linalg\n", "tool d\ntool/main.py f");
        assert_laid_out(
            change, "import app.db.models, helpers, stub, data, near\n",
            "app d\napp/__init__.py f\napp/db d\napp/db/models.py f\ndata d\nhelpers.py f\nstub.pyi "
            "f\ntool d\ntool/main.py f");
        assert_laid_out(change, "import app.none, gone, gone_too.x, fresh.one, inner.deep\n",
                        "app d\napp/__init__.py f\nfresh d\nfresh/one.py f\nsrc d\nsrc/inner d\n"
                        "src/inner/deep.py f\ntool d\ntool/main.py f");
        assert_laid_out(change, "import linked.x, alias\n", "alias.py f\nlinked d\ntool d\ntool/main.py f");
        /* What is reviewed stays what it is. */
        assert_laid_out(change, "import tool.main\n", "tool d\ntool/main.py f");
    }
}

/* A project of its own within the repository, and Ruff's setting. */
static void test_roots(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    make_repository();
    write_text("tool/pyproject.toml",
               "[tool.ruff]\nline-length = 100\nsrc = [\"lib\",\n  '../py', \"*/x\", \"/etc\"]\n");
    write_text("tool/lib/one.py", "raise\n");
    write_text("tool/src/two.py", "raise\n");
    write_text("py/three.py", "raise\n");
    do_commit("first");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_laid_out(
        change, "import near, one, two, three\n",
        "py d\npy/three.py f\ntool d\ntool/lib d\ntool/lib/one.py f\ntool/main.py f\ntool/near.py f\n"
        "tool/pyproject.toml f\ntool/src d\ntool/src/two.py f");
}

/* Of the folders that a pattern of `src` means, those with an imported module. */
static void test_root_patterns(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    make_repository();
    write_text("tool/ruff.toml", "src = [\"../packages/*/src\", \"l[ij]b\", \"../deep/**/py\", \"[\"]\n");
    write_text("packages/one/src/first/__init__.py", "raise\n");
    write_text("packages/one/src/first/part.py", "raise\n");
    write_text("packages/two/src/second.py", "raise\n");
    write_text("packages/two/src/src/third.py", "raise\n");
    write_text("packages/none/x/src/first.py", "raise\n");
    write_text("tool/lib/fourth.py", "raise\n");
    write_text("deep/a/b/py/fifth/x.py", "raise\n");
    do_commit("first");
    change = load_change(CHANGE_STAGED, NULL, NULL);
    assert_laid_out(change, "import first.part, second, third, fourth, os\n",
                    "packages d\npackages/one d\npackages/one/src d\npackages/one/src/first d\n"
                    "packages/one/src/first/__init__.py f\npackages/one/src/first/part.py f\n"
                    "packages/two d\npackages/two/src d\npackages/two/src/second.py f\n"
                    "tool d\ntool/lib d\ntool/lib/fourth.py f\ntool/main.py f\ntool/ruff.toml f");
    assert_laid_out(change, "import fifth.x\n",
                    "deep d\ndeep/a d\ndeep/a/b d\ndeep/a/b/py d\ndeep/a/b/py/fifth d\n"
                    "deep/a/b/py/fifth/x.py f\ntool d\ntool/main.py f\ntool/ruff.toml f");
}

static void test_limit(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = load_change(CHANGE_STAGED, NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Snapshot) snapshot = snapshot_new(&error);
    g_autoptr(Modules) modules = modules_new();

    g_assert_no_error(error);
    for (guint i = 0; i <= CAP_IMPORTS + 5; i++) {
        g_autofree char *text = g_strdup_printf("import m%u\n", i);

        add_text(modules, "a.py", text);
    }
    g_assert_false(modules_lay_out(modules, snapshot, change, &error));
    g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT);
}

int main(int argc, char **argv) {
    fixture_environment();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/modules/imports", test_imports);
    g_test_add_func("/modules/layout", test_layout);
    g_test_add_func("/modules/roots", test_roots);
    g_test_add_func("/modules/root-patterns", test_root_patterns);
    g_test_add_func("/modules/limit", test_limit);
    return g_test_run();
}
