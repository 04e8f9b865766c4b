/* Finding tools, and what they need of the host: over small trees that look like real installations. */
#include "exec/tool.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *root;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    g_autofree char *made = g_dir_make_tmp("sallyport-test-XXXXXX", NULL);

    (void)data;
    fixture->root = realpath(made, NULL);
}

static void remove_tree(const char *path) {
    g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        remove_tree(child);
    }
    g_remove(path);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    remove_tree(fixture->root);
    g_free(fixture->root);
}

static void make(const Fixture *fixture, const char *path, const char *text, int mode) {
    g_autofree char *full = g_build_filename(fixture->root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_assert_true(g_file_set_contents(full, text, -1, NULL));
    g_assert_cmpint(g_chmod(full, mode), ==, 0);
}

static void make_link(const Fixture *fixture, const char *path, const char *target) {
    g_autofree char *full = g_build_filename(fixture->root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_assert_cmpint(symlink(target, full), ==, 0);
}

/* The mounts as "a b c", each without the fixture's root; "c=/d" where it has another name inside. */
static char *mounts_of(const Fixture *fixture, const Tool *tool) {
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < tool->mounts->len; i++) {
        const Mount *mount = tool->mounts->pdata[i];

        g_assert_true(g_str_has_prefix(mount->source, fixture->root));
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", mount->source + strlen(fixture->root) + 1);
        if (strcmp(mount->source, mount->target) != 0)
            g_string_append_printf(text, "=%s", mount->target);
    }
    return g_string_free(text, FALSE);
}

static void assert_mounts(const Fixture *fixture, const char *name, const char *search_path,
                          const char *expected) {
    g_autofree char *path = g_strdup(search_path);
    g_autoptr(GString) full = g_string_new(path);

    g_string_replace(full, "@", fixture->root, 0);
    g_autoptr(Tool) tool = tool_find(name, full->str);
    g_assert_nonnull(tool);
    g_autofree char *mounts = mounts_of(fixture, tool);
    g_assert_cmpstr(mounts, ==, expected);
}

static void test_system(Fixture *fixture, gconstpointer data) {
    g_autoptr(Tool) tool = tool_find("sh", "/usr/bin:/bin");

    (void)fixture;
    (void)data;
    g_assert_nonnull(tool);
    g_assert_cmpstr(tool->path, ==, "/usr/bin/sh");
    g_assert_cmpuint(tool->mounts->len, ==, 0);
}

static void test_not_found(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "bin/plain", "not executable", 0644);
    g_autofree char *search_path = g_strconcat(fixture->root, "/bin::relative:.", NULL);
    g_assert_null(tool_find("plain", search_path));
    g_assert_null(tool_find("no-such-tool", search_path));
    g_assert_null(tool_find("", search_path));
    g_assert_null(tool_find("sh", NULL));
    g_assert_null(tool_find("bin/sh", "/usr"));
}

/* A lone script: only itself, for its folder may be a home directory. */
static void test_lone(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "home/ruff", "#!/bin/sh\n", 0755);
    make(fixture, "home/.ssh/id", "secret", 0600);
    assert_mounts(fixture, "ruff", "@/home", "home/ruff");
}

/* Of ~/.local what programs are made of, not its share/. */
static void test_prefix(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "local/bin/tool", "\177ELF", 0755);
    make(fixture, "local/lib/x", "", 0644);
    make(fixture, "local/share/keyrings/secret", "", 0600);
    assert_mounts(fixture, "tool", "@/local/bin", "local/bin local/lib");
}

/* A virtual environment whose python is a link to another prefix: both. */
static void test_venv(Fixture *fixture, gconstpointer data) {
    g_autofree char *shebang = g_strdup_printf("#!%s/venv/bin/python\nimport x\n", fixture->root);
    g_autofree char *python = g_build_filename(fixture->root, "opt/python/bin/python3.11", NULL);

    (void)data;
    make(fixture, "opt/python/bin/python3.11", "\177ELF", 0755);
    make(fixture, "opt/python/lib/python3.11/os.py", "", 0644);
    make(fixture, "venv/pyvenv.cfg", "home = /usr/bin\n", 0644);
    make(fixture, "venv/bin/flake8", shebang, 0755);
    make_link(fixture, "venv/bin/python", "python3");
    make_link(fixture, "venv/bin/python3", python);
    assert_mounts(fixture, "flake8", "@/venv/bin", "opt/python/bin opt/python/lib venv");
}

static void test_copied_venv(Fixture *fixture, gconstpointer data) {
    g_autofree char *config = g_strdup_printf("home = %s/opt/bin\nversion = 3.11\n", fixture->root);

    (void)data;
    make(fixture, "opt/bin/python3", "\177ELF", 0755);
    make(fixture, "opt/lib/python3.11/os.py", "", 0644);
    make(fixture, "venv/pyvenv.cfg", config, 0644);
    make(fixture, "venv/bin/python3", "\177ELF", 0755);
    assert_mounts(fixture, "python3", "@/venv/bin", "opt/bin opt/lib venv");
}

/* #!/usr/bin/env node, in node_modules. */
static void test_node(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "nvm/v20/bin/node", "\177ELF", 0755);
    make(fixture, "nvm/v20/lib/x.js", "", 0644);
    make(fixture, "project/node_modules/eslint/bin/eslint.js", "#!/usr/bin/env -S node --no-warnings\n",
         0755);
    make_link(fixture, "project/node_modules/.bin/eslint", "../eslint/bin/eslint.js");
    make(fixture, "project/secret.txt", "", 0644);
    assert_mounts(fixture, "eslint", "@/project/node_modules/.bin:@/nvm/v20/bin",
                  "nvm/v20/bin nvm/v20/lib project/node_modules project/node_modules=/node_modules");
}

static void test_shim(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "pyenv/shims/python3", "#!/usr/bin/env bash\n", 0755);
    make(fixture, "pyenv/versions/3.11/bin/python3", "\177ELF", 0755);
    assert_mounts(fixture, "python3", "@/pyenv/shims:/usr/bin", "pyenv");
}

/* A wrapper starts what stands further on the PATH; of the PATH only folders of programs are shown. */
static void test_wrapper(Fixture *fixture, gconstpointer data) {
    (void)data;
    make(fixture, "wrappers/ruff", "#!/bin/sh\nexec ruff \"$@\"\n", 0755);
    make(fixture, "venv/pyvenv.cfg", "home = /usr/bin\n", 0644);
    make(fixture, "venv/bin/ruff", "\177ELF", 0755);
    make(fixture, "home/notes.txt", "", 0644);
    assert_mounts(fixture, "ruff", "@/wrappers:@/venv/bin:@/home:/usr/bin", "venv wrappers/ruff");
}

/* Links in a circle end. */
static void test_circle(Fixture *fixture, gconstpointer data) {
    (void)data;
    make_link(fixture, "bin/a", "b");
    make_link(fixture, "bin/b", "a");
    g_autofree char *search_path = g_build_filename(fixture->root, "bin", NULL);
    g_assert_null(tool_find("a", search_path));
}

int main(int argc, char **argv) {
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer data);
    } tests[] = {
        {"/tool/system", test_system}, {"/tool/not-found", test_not_found},
        {"/tool/lone", test_lone},     {"/tool/prefix", test_prefix},
        {"/tool/venv", test_venv},     {"/tool/copied-venv", test_copied_venv},
        {"/tool/node", test_node},     {"/tool/shim", test_shim},
        {"/tool/circle", test_circle}, {"/tool/wrapper", test_wrapper},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
