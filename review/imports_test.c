/* What a text of Python imports. */
#include "review/imports.h"

#include <string.h>

static void note(const char *module, const char *member, gpointer data) {
    g_string_append_printf(data, "%s%s%s%s", ((GString *)data)->len > 0 ? " " : "", module,
                           member != NULL ? ":" : "", member != NULL ? member : "");
}

static void assert_imports(const char *text, const char *expected) {
    g_autoptr(GString) found = g_string_new(NULL);

    imports_find(text, strlen(text), note, found);
    g_assert_cmpstr(found->str, ==, expected);
}

static void test_modules(void) {
    assert_imports("import a\nimport b.c as d, e ,f.g\n", "a b.c e f.g");
    assert_imports("if x: import a; import b\n\timport c", "a b c");
    assert_imports("import \\\n  a.b\nimport \\\r\n c\n", "a.b c");
    assert_imports("important\nx.import y\nfromage\nimport 1\nimport", "");
    assert_imports("import \303\244.\303\266\n", "\303\244.\303\266");
    assert_imports("import a.\nimport b..c\n", "a b");
    assert_imports("", "");
}

static void test_members(void) {
    assert_imports("from a.b import c\n", "a.b a.b:c");
    assert_imports("from a import b as c, d\nx\n", "a a:b a:d");
    assert_imports("from a import (b, # one\n  c as d,\r\n  e,\n)\nf, g\n", "a a:b a:c a:e");
    assert_imports("from a import *\n", "a");
    assert_imports("from\\\n a import\\\n b\n", "a a:b");
    assert_imports("from a import (\n", "a");
    assert_imports("from a\n", "a");
}

static void test_relative(void) {
    assert_imports("from . import a, b\n", ". .:a .:b");
    assert_imports("from .b import c\nfrom ..d.e import f\n", ".b .b:c ..d.e ..d.e:f");
    assert_imports("from ...import g\n", "... ...:g");
    assert_imports("import .a\n", "");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imports/modules", test_modules);
    g_test_add_func("/imports/members", test_members);
    g_test_add_func("/imports/relative", test_relative);
    return g_test_run();
}
