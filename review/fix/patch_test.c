/* What git-apply(1) makes of the patches. */
#include "review/fix/patch.h"

#include "review/change/fixture.h"
#include "review/change/libgit2.h"

#define FILES 120

static void append(GString *patch, const char *path, const char *before, gssize before_len, const char *after,
                   gssize after_len) {
    g_autoptr(GBytes) old = g_bytes_new(before, before_len < 0 ? strlen(before) : (gsize)before_len);
    g_autoptr(GBytes) new = g_bytes_new(after, after_len < 0 ? strlen(after) : (gsize)after_len);
    g_autoptr(GError) error = NULL;

    fix_patch(path, old, new, patch, &error);
    g_assert_no_error(error);
}

static void assert_patch(const char *path, const char *before, const char *after, const char *wanted) {
    g_autoptr(GString) patch = g_string_new(NULL);

    append(patch, path, before, -1, after, -1);
    g_assert_cmpstr(patch->str, ==, wanted);
}

#define HEAD "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"

static void test_hunks(void) {
    assert_patch("a.py", "1\n", "1\n", "");
    assert_patch("a.py", "1\n2\n3\n", "1\nB\n3\n", HEAD "@@ -1,3 +1,3 @@\n 1\n-2\n+B\n 3\n");
    assert_patch("a.py", "1\n2\n", "2\n", HEAD "@@ -1,2 +1,1 @@\n-1\n 2\n");
    assert_patch("a.py", "1\n", "", HEAD "@@ -1,1 +0,0 @@\n-1\n");
    assert_patch("a.py", "", "1\n", HEAD "@@ -0,0 +1,1 @@\n+1\n");
    assert_patch("a.py", "1", "1\n", HEAD "@@ -1,1 +1,1 @@\n-1\n\\ No newline at end of file\n+1\n");
    assert_patch("a.py", "1\n2", "0\n1\n2",
                 HEAD "@@ -1,2 +1,3 @@\n+0\n 1\n 2\n\\ No newline at end of file\n");
}

/* Changes with at most six lines between them share a hunk. */
static void test_context(void) {
    assert_patch("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n", "A\n2\n3\n4\n5\n6\n7\nH\n",
                 HEAD "@@ -1,8 +1,8 @@\n-1\n+A\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+H\n");
    assert_patch("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "A\n2\n3\n4\n5\n6\n7\n8\nI\n",
                 HEAD "@@ -1,4 +1,4 @@\n-1\n+A\n 2\n 3\n 4\n"
                      "@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+I\n");
}

static void test_names(void) {
#define BODY "@@ -1,1 +1,1 @@\n-1\n+2\n"
    assert_patch("sub/a b.py", "1\n", "2\n",
                 "diff --git a/sub/a b.py b/sub/a b.py\n--- a/sub/a b.py\t\n+++ b/sub/a b.py\t\n" BODY);
    assert_patch("a\nb\".py", "1\n", "2\n",
                 "diff --git \"a/a\\nb\\\".py\" \"b/a\\nb\\\".py\"\n--- \"a/a\\nb\\\".py\"\n"
                 "+++ \"b/a\\nb\\\".py\"\n" BODY);
    assert_patch("\xff.py", "1\n", "2\n",
                 "diff --git \"a/\\377.py\" \"b/\\377.py\"\n--- \"a/\\377.py\"\n+++ \"b/\\377.py\"\n" BODY);
}

static GByteArray *random_text(void) {
    static const char *const lines[] = {"a",
                                        "b",
                                        "c",
                                        "",
                                        "  x",
                                        "\t",
                                        "--- a",
                                        "@@ -1 +1 @@",
                                        "\xff\xfe",
                                        "d\r",
                                        "\r",
                                        "\\ No newline",
                                        "diff --git a/x b/x",
                                        "e\xc3\xa4"};
    GByteArray *text = g_byte_array_new();

    for (int i = g_test_rand_int_range(0, 30); i > 0; i--) {
        const char *line = lines[g_test_rand_int_range(0, G_N_ELEMENTS(lines))];

        g_byte_array_append(text, (const guint8 *)line, (guint)strlen(line));
        if (i > 1 || g_test_rand_bit())
            g_byte_array_append(text, (const guint8 *)(g_test_rand_bit() ? "\n" : "\r\n"), 2);
    }
    for (guint i = 0; i < text->len; i++) /* the "\n" above came with its NUL byte */
        if (text->data[i] == '\0')
            g_byte_array_remove_index(text, i--);
    return text;
}

static void random_edit(GByteArray *text) {
    guint at = text->len > 0 ? (guint)g_test_rand_int_range(0, (int)text->len) : 0;
    guint len = (guint)g_test_rand_int_range(0, 6);

    g_byte_array_remove_range(text, at, MIN(len, text->len - at));
    if (text->len == 0 || g_test_rand_bit())
        g_byte_array_append(text, (const guint8 *)"new", 3);
}

static char *name_of(guint i) {
    static const char *const heads[] = {"f", "a b/c ", "-", "\xff", "n\n", "q\"\\", "\xc3\xa4", "t\t", " "};

    return g_strdup_printf("%s%u", heads[i % G_N_ELEMENTS(heads)], i);
}

/* Random texts, random edits, names of all kinds: one patch of many files, taken whole by the real git. */
static void test_as_git_applies(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GPtrArray) afters = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_autoptr(GString) patch = g_string_new(NULL);

    for (guint i = 0; i < FILES; i++) {
        g_autofree char *name = name_of(i);
        g_autoptr(GByteArray) before = random_text();
        GByteArray *after = g_byte_array_new();

        g_byte_array_append(after, before->data, before->len);
        for (int edits = g_test_rand_int_range(1, 5); edits > 0; edits--)
            random_edit(after);
        g_ptr_array_add(afters, after);
        write_bytes(name, (const char *)before->data, before->len);
        if (i % 3 == 0)
            g_assert_no_errno(chmod(name, 0755));
        append(patch, name, (const char *)before->data, before->len, (const char *)after->data, after->len);
    }
    do_commit("before");
    write_bytes("../patch-of-the-test", patch->str, (gssize)patch->len);
    do_git("apply", "--check", "--index", "--whitespace=nowarn", "../patch-of-the-test");
    do_git("apply", "--index", "--whitespace=nowarn", "../patch-of-the-test");
    g_assert_no_errno(unlink("../patch-of-the-test"));
    for (guint i = 0; i < FILES; i++) {
        g_autofree char *name = name_of(i), *text = NULL;
        const GByteArray *after = afters->pdata[i];
        gsize len;

        g_assert_true(g_file_get_contents(name, &text, &len, NULL));
        g_assert_cmpmem(text, len, after->data, after->len);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    libgit2_load(NULL);
    git_libgit2_init();
    g_test_add_func("/patch/hunks", test_hunks);
    g_test_add_func("/patch/context", test_context);
    g_test_add_func("/patch/names", test_names);
    g_test_add_func("/patch/as-git-applies", test_as_git_applies);
    return g_test_run();
}
