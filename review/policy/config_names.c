#include "review/policy/config_names.h"

#include <string.h>

#define MOST 20

/* Not package.json, which changes with each dependency: it is not laid out for a linter unless one looks at
 * it. */
static const struct {
    const char *tool, *names[MOST];
} table[] = {
    {"actionlint", {"actionlint.yaml", "actionlint.yml"}},
    {"ansible-lint", {".ansible-lint", ".ansible-lint.yml", ".ansible-lint.yaml", ".ansible-lint-ignore"}},
    {"bandit", {".bandit"}},
    {"biome", {"biome.json", "biome.jsonc"}},
    {"black", {"pyproject.toml"}},
    {"clang-format", {".clang-format", "_clang-format", ".clang-format-ignore"}},
    {"clang-tidy", {".clang-tidy"}},
    {"codespell", {".codespellrc", "setup.cfg", "pyproject.toml"}},
    {"cpplint", {"CPPLINT.cfg"}},
    {"eslint",
     {"eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts", "eslint.config.mts",
      "eslint.config.cts", ".eslintrc", ".eslintrc.js", ".eslintrc.cjs", ".eslintrc.yaml", ".eslintrc.yml",
      ".eslintrc.json", ".eslintignore"}},
    {"flake8", {"setup.cfg", "tox.ini", ".flake8"}},
    {"golangci-lint", {".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"}},
    {"hadolint", {".hadolint.yaml", ".hadolint.yml"}},
    {"isort", {".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini", ".editorconfig"}},
    {"luacheck", {".luacheckrc"}},
    {"markdownlint",
     {".markdownlint.jsonc", ".markdownlint.json", ".markdownlint.yaml", ".markdownlint.yml",
      ".markdownlintrc", ".markdownlintignore"}},
    {"markdownlint-cli2",
     {".markdownlint-cli2.jsonc", ".markdownlint-cli2.yaml", ".markdownlint-cli2.cjs",
      ".markdownlint-cli2.mjs", ".markdownlint.jsonc", ".markdownlint.json", ".markdownlint.yaml",
      ".markdownlint.yml", ".markdownlint.cjs", ".markdownlint.mjs"}},
    {"mypy", {"mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"}},
    {"perlcritic", {".perlcriticrc"}},
    {"phpcs", {".phpcs.xml", "phpcs.xml", ".phpcs.xml.dist", "phpcs.xml.dist"}},
    {"phpstan", {"phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"}},
    {"prettier", {".prettierrc",         ".prettierrc.json",    ".prettierrc.yml",     ".prettierrc.yaml",
                  ".prettierrc.json5",   ".prettierrc.js",      ".prettierrc.ts",      ".prettierrc.mjs",
                  ".prettierrc.mts",     ".prettierrc.cjs",     ".prettierrc.cts",     ".prettierrc.toml",
                  "prettier.config.js",  "prettier.config.ts",  "prettier.config.mjs", "prettier.config.mts",
                  "prettier.config.cjs", "prettier.config.cts", ".prettierignore",     ".editorconfig"}},
    {"pycodestyle", {"setup.cfg", "tox.ini"}},
    {"pydocstyle",
     {"setup.cfg", "tox.ini", ".pydocstyle", ".pydocstyle.ini", ".pydocstylerc", ".pydocstylerc.ini",
      "pyproject.toml"}},
    {"pylint",
     {"pylintrc", "pylintrc.toml", ".pylintrc", ".pylintrc.toml", "pyproject.toml", "setup.cfg", "tox.ini"}},
    {"pyright", {"pyrightconfig.json", "pyproject.toml"}},
    {"rubocop", {".rubocop.yml", ".rubocop_todo.yml"}},
    {"ruff", {"ruff.toml", ".ruff.toml", "pyproject.toml"}},
    {"shellcheck", {".shellcheckrc", "shellcheckrc"}},
    {"shfmt", {".editorconfig"}},
    {"sqlfluff", {".sqlfluff", ".sqlfluffignore", "setup.cfg", "tox.ini", "pep8.ini", "pyproject.toml"}},
    {"stylelint",
     {".stylelintrc", ".stylelintrc.json", ".stylelintrc.yaml", ".stylelintrc.yml", ".stylelintrc.js",
      ".stylelintrc.mjs", ".stylelintrc.cjs", "stylelint.config.js", "stylelint.config.mjs",
      "stylelint.config.cjs", ".stylelintignore"}},
    {"swiftlint", {".swiftlint.yml"}},
    {"tsc", {"tsconfig.json"}},
    {"tslint", {"tslint.json", "tslint.yaml", "tslint.js"}},
    {"yamllint", {".yamllint", ".yamllint.yaml", ".yamllint.yml"}},
};

static gboolean equal_strings(gconstpointer a, gconstpointer b) {
    return strcmp(a, b) == 0;
}

void config_names_add(const char *tool, GPtrArray *names) {
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i].tool, tool) != 0)
            continue;
        for (gsize j = 0; j < MOST && table[i].names[j] != NULL; j++)
            if (!g_ptr_array_find_with_equal_func(names, table[i].names[j], equal_strings, NULL))
                g_ptr_array_add(names, g_strdup(table[i].names[j]));
    }
}
