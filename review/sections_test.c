#include "review/sections.h"

#include <string.h>

static bool same(const char *path, const char *old, const char *new) {
    g_autoptr(GBytes) left = g_bytes_new_static(old, strlen(old));
    g_autoptr(GBytes) right = g_bytes_new_static(new, strlen(new));

    return sections_same(path, left, right) && sections_same(path, right, left);
}

#define RUFF "[tool.ruff]\nline-length = 100\n"

static void test_pyproject(void) {
    static const char *const others[] = {
        "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\n  \"a\",\n  \"b\",\n]\n",
        "[project.urls]\nhome = \"x\"\n",
        "[build-system]\nrequires = [\"x\"]\n",
        "[tool.pytest.ini_options]\naddopts = \"-q\"\n",
        "[tool.poetry.dependencies]\nx = \"1\"\n[[tool.poetry.source]]\nname = \"x\"\n",
        "[tool.uv]\r\nx = 1\r\n",
    };
    static const char *const ours[] = {
        "[tool.ruff.lint]\nignore = [\"F\"]\n",
        "[tool.black]\nline-length = 1\n",
        "[tool]\nruff.line-length = 1\n",
        "[\"tool\".ruff.lint]\nx = 1\n",
        "[ tool . ruff . lint ]\nx = 1\n",
        "[project]\nrequires-python = \">=3.8\"\n",
        "[project]\n\"requires\\u002Dpython\" = \">=3.8\"\n",
        "[tool.poetry]\nx = [\n[1, 2],\n]\n",                 /* not told from a header */
        "[tool.poetry] # ours\nx = 1\n",                      /* nor this */
        "[tool.poetry]\nx = \"\"\"\n[tool.poetry]\n\"\"\"\n", /* where a string ends is not looked for */
        "[tool.poetry]\nx = 1\r[tool.ruff.lint]\ry = 1\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *with = g_strconcat(others[i], RUFF, NULL),
                        *behind = g_strconcat(RUFF, others[i], NULL);

        g_assert_true(same("a/pyproject.toml", RUFF, with));
        g_assert_true(same("pyproject.toml", RUFF, behind));
        g_assert_false(same("ruff.toml", RUFF, behind));
        g_assert_false(same("pyproject.toml", "", behind));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_autofree char *behind = g_strconcat(RUFF, ours[i], NULL);

        g_assert_false(same("pyproject.toml", RUFF, behind));
    }
    g_assert_false(same("pyproject.toml", "x = 1\n", "tool.ruff.line-length = 1\n"));
    g_assert_true(same("pyproject.toml", "", ""));
}

static void test_ini(void) {
    static const char flake8[] = "[flake8]\nignore =\n  E1\n";
    static const char *const others[] = {"[metadata]\nversion = 1\n",
                                         "[options.extras_require]\nx =\n  a\n  b\n",
                                         "[testenv:lint]\ndeps = x\n", "[tool:pytest]\nx = 1\n"};
    static const char *const ours[] = {
        "  E2\n",
        "  [metadata]\n  E2\n", /* goes on with the value */
        "[DEFAULT]\nignore = E2\n",
        "[flake8:local-plugins]\nextension = x\n",
        "[metadata]]\nx = 1\n",
        "[metadata]\nx = 1\r[flake8]\rignore = E\n",
        "[metadata]\nx = 1\n[pycodestyle]\ny = 1\n",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *with = g_strconcat(others[i], flake8, NULL),
                        *behind = g_strconcat(flake8, others[i], NULL);

        g_assert_true(same("setup.cfg", flake8, with));
        g_assert_true(same("tox.ini", flake8, behind));
        g_assert_false(same(".flake8", flake8, behind));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_autofree char *behind = g_strconcat(flake8, ours[i], NULL);

        g_assert_false(same("setup.cfg", flake8, behind));
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sections/pyproject", test_pyproject);
    g_test_add_func("/sections/ini", test_ini);
    return g_test_run();
}
