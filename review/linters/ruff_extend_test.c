#include "review/linters/ruff_extend.h"

#include <string.h>

static void test_extended(void) {
    static const struct {
        const char *path, *text, *expected;
    } cases[] = {
        {"ruff.toml", "", NULL},
        {"ruff.toml", "line-length = 80\n[lint]\nextend-select = [\"B\"]\n", NULL},
        {"ruff.toml", "extend = \"conf/base.toml\"\n", "conf/base.toml"},
        {"a/b/ruff.toml", "# ours\n\textend='../../ruff.toml' # the root's\r\n", "ruff.toml"},
        {"a/pyproject.toml", "[tool.ruff]\nextend = \"./x/../../p.toml\"", "p.toml"},
        {"a/pyproject.toml", "[tool]\nruff.extend = \"b.toml\"", "a/b.toml"},
        {"a/pyproject.toml", "tool.ruff.extend   =\"b.toml\"", "a/b.toml"},
        /* Not in the repository, or not known. */
        {"ruff.toml", "extend = \"../base.toml\"\n", NULL},
        {"ruff.toml", "extend = \"/etc/base.toml\"\n", NULL},
        {"ruff.toml", "extend = \"~/base.toml\"\n", NULL},
        {"ruff.toml", "extend = \"$HOME/base.toml\"\n", NULL},
        {"ruff.toml", "extend = \"\"\n", NULL},
        {"ruff.toml", "extend = \".\"\n", NULL},
        /* Not what it looks like. */
        {"ruff.toml", "extend-exclude = \"a\"\nextend = 1\nextend \"a\"\nextend = \"a\n", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *found = ruff_extended(cases[i].path, cases[i].text, strlen(cases[i].text));

        g_assert_cmpstr(found, ==, cases[i].expected);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ruff-extend/extended", test_extended);
    return g_test_run();
}
