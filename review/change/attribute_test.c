/* Which files are not text: by .gitattributes, by a NUL byte; what git-lfs puts in their place. */
#include "review/change/change.h"

#include "review/change/fixture.h"

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

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/change/binary/staged", test_binary);
    g_test_add_func("/change/binary/base", test_a_change_cannot_make_itself_binary);
    g_test_add_func("/change/pointers", test_pointers);
    return g_test_run();
}
