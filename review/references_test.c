/* What configuration and plugins name. */
#include "review/references.h"

#include <string.h>

static const char signs[] = {
    [REFERENCE_PATH] = 'p', [REFERENCE_MODULE] = 'm', [REFERENCE_FOLDER] = 'f', [REFERENCE_WORD] = 'w'};

static void note(ReferenceKind kind, const char *name, gpointer data) {
    g_string_append_printf(data, "%s%c<%s>", ((GString *)data)->len > 0 ? " " : "", signs[kind], name);
}

static void assert_found(const char *path, const char *text, const char *expected) {
    g_autoptr(GString) found = g_string_new(NULL);

    references_find(path, text, strlen(text), reference_settings, note, found);
    g_assert_cmpstr(found->str, ==, expected);
}

static void test_python(void) {
    assert_found("plugin.py", "import a.b\nfrom .c import d\nfrom . import e\n",
                 "m<a.b> m<.c> m<.c.d> m<.> m<.e>");
    assert_found("plugin", "#!/usr/bin/python3\nimport a\n", "m<a>");
}

static void test_javascript(void) {
    assert_found("eslint.config.mjs",
                 "import a from './rules/a.js';\nconst b = require(\"../b\"), c = await import(`./c.mjs`);\n",
                 "p<./rules/a.js> p<../b> p<./c.mjs>");
    assert_found("a.ts", "import x from 'typescript';\nfiles: ['.../a', '.x', './", "");
    assert_found(".eslintrc.cjs", "module.exports = {extends: ['./base.json']}", "p<./base.json>");
}

static void test_shell(void) {
    assert_found("lint.sh", ". ./lib.sh\nsource \"$here/more.sh\" && echo .\n", "w<./lib.sh> w<more.sh>");
    assert_found("lint.sh", "cd / ; . lib.sh; resource x\n", "w<lib.sh>");
}

static void test_shell_variables(void) {
    assert_found("a.sh", ". \"$(dirname \"$0\")/lib.sh\"\n. \"${x}/y/z.sh\"\nsource $x",
                 "w<lib.sh> w<y/z.sh>");
    assert_found("a.sh", ".\n.", "");
}

static void test_toml(void) {
    assert_found("ruff.toml", "extend = \"../base.toml\" # x\nextend-exclude = [\"a.py\"]\n",
                 "w<../base.toml>");
    assert_found("pyproject.toml", "[tool.mypy]\nplugins = [\n  \"a.b\", './c d.py'\n]\nfiles = \"x.py\"\n",
                 "w<a.b> w<./c> w<d.py> w<./c d.py>");
    assert_found("pyproject.toml", "tool.pylint.load-plugins = \"a,b\"\n", "w<a> w<b>");
    assert_found("pyproject.toml", "plugins = [\"a\"\nb = 1\n", "w<a>"); /* no end */
}

static void test_ini(void) {
    assert_found(
        ".flake8",
        "[flake8:local-plugins]\nextension =\n  X = a.b:C\n\n  Y = d:E\npaths = ./tools, .\n[x]\ny=1",
        "w<X> w<a.b> w<C> w<Y> w<d> w<E> f<./tools> f<.>");
    assert_found(".pylintrc", "init-hook='import sys; sys.path.append(\"tools\")'\n",
                 "f<import> f<sys> f<sys.path.append> f<tools> f<import sys; sys.path.append(\"tools\")>");
    assert_found("mypy.ini", "plugins=a", "w<a>");
    assert_found("mypy.ini", "plugins=\r\nb = c", "");
    assert_found("mypy.ini", "plugins", "");
}

static void test_json_and_yaml(void) {
    assert_found(".eslintrc", "{\"root\": true, \"extends\": \"./a.json\", \"rules\": {\"b\": 1}}",
                 "w<./a.json>");
    assert_found(".eslintrc.json", "{\n  \"plugins\": [\"a\"],\n  \"rules\": {}\n}", "w<a>");
    assert_found(".yamllint", "extends: ./a.yaml\nrules:\n  b: c\n", "w<./a.yaml>");
    assert_found(".eslintrc.yml", "a:\n  extends:\n  - ./b\n  - c\n  d: e\n", "w<-> w<./b> w<-> w<c>");
    assert_found(".eslintrc.yml", "overrides:\n  - extends: ./b\n    files: c\n", "w<./b> w<files> w<c>");
}

/* In time that grows with the text alone. */
static void test_many(void) {
    g_autoptr(GString) text = g_string_new(NULL), found = g_string_new(NULL);

    for (guint i = 0; i < 200000; i++)
        g_string_append(text, "extend=[\n\"");
    references_find("a.toml", text->str, text->len, reference_settings, note, found);
    references_find("a.js", text->str, text->len, reference_settings, note, found);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/references/python", test_python);
    g_test_add_func("/references/javascript", test_javascript);
    g_test_add_func("/references/shell", test_shell);
    g_test_add_func("/references/shell-variables", test_shell_variables);
    g_test_add_func("/references/toml", test_toml);
    g_test_add_func("/references/ini", test_ini);
    g_test_add_func("/references/json-and-yaml", test_json_and_yaml);
    g_test_add_func("/references/many", test_many);
    return g_test_run();
}
