/* A fix of what was reviewed, taken over to the work tree's text. */
#include "review/fix/carry.h"

#include "review/change/fixture.h"
#include "review/change/libgit2.h"

static GBytes *bytes_of(const char *text) {
    return g_bytes_new(text, strlen(text));
}

/* The work tree's file with the fix; NULL with `error`. `stored` is `file` with \n for \r\n. */
static char *carried(const char *reviewed, const char *fixed, const char *file, GError **error) {
    g_auto(GStrv) parts = g_strsplit(file, "\r\n", -1);
    g_autofree char *stored = strstr(reviewed, "\r\n") != NULL ? g_strdup(file) : g_strjoinv("\n", parts);
    g_autoptr(GBytes) reviewed_bytes = bytes_of(reviewed), fixed_bytes = bytes_of(fixed),
                      stored_bytes = bytes_of(stored), file_bytes = bytes_of(file), result = NULL;
    const Carry carry = {reviewed_bytes, fixed_bytes, stored_bytes, file_bytes};
    gsize len;
    const char *data;

    result = carry_fixes(&carry, error);
    if (result == NULL)
        return NULL;
    data = g_bytes_get_data(result, &len);
    return g_strndup(data != NULL ? data : "", len);
}

static void assert_carried(const char *reviewed, const char *fixed, const char *file, const char *wanted) {
    g_autoptr(GError) error = NULL;
    g_autofree char *result = carried(reviewed, fixed, file, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(result, ==, wanted);
}

static void assert_touches(const char *reviewed, const char *fixed, const char *file, guint line) {
    g_autoptr(GError) error = NULL;
    g_autofree char *result = carried(reviewed, fixed, file, &error);
    g_autofree char *wanted =
        g_strdup_printf("the fix of line %u touches edits of the work tree that are not staged", line);

    g_assert_null(result);
    g_assert_error(error, CARRY_ERROR, CARRY_ERROR_TOUCHES);
    g_assert_cmpstr(error->message, ==, wanted);
}

static void test_same(void) {
    assert_carried("1\n2\n3\n", "1\nB\n3\n", "1\n2\n3\n", "1\nB\n3\n");
    assert_carried("1\n2", "1\n2\n", "1\n2", "1\n2\n"); /* no final newline, and then one */
    assert_carried("1\n2\n", "1\n2", "1\n2\n", "1\n2");
    assert_carried("1\n", "", "1\n", "");
    assert_carried("", "1\n", "", "1\n");
}

static void test_edits_elsewhere(void) {
    /* above it, with more and with fewer lines; below it; both */
    assert_carried("1\n2\n3\n4\n", "1\n2\n3\nD\n", "new\nnew\n1\n2\n3\n4\n", "new\nnew\n1\n2\n3\nD\n");
    assert_carried("1\n2\n3\n4\n", "1\n2\n3\nD\n", "2\n3\n4\n", "2\n3\nD\n");
    assert_carried("1\n2\n3\n4\n", "A\n2\n3\n4\n", "1\n2\n3\n4\n5\n", "A\n2\n3\n4\n5\n");
    assert_carried("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\ny\n5\n6\n7\n", "2\n3\n4\n5\n6\nseven",
                   "2\n3\nx\ny\n5\n6\nseven");
    assert_carried("1\n2\n3\n4\n5\n6\n7\n", "2\n3\n4\n5\n6\nG\n", "1\n2\n3\n44\n45\n5\n6\n7\n",
                   "2\n3\n44\n45\n5\n6\nG\n");
}

static void test_edits_that_touch(void) {
    assert_touches("1\n2\n3\n", "1\nB\n3\n", "1\nbb\n3\n", 2);
    assert_touches("1\n2\n3\n", "1\nB\n3\n", "one\n2\n3\n", 2); /* the line above */
    assert_touches("1\n2\n3\n", "1\nB\n3\n", "1\n2\nthree\n", 2);
    assert_touches("1\n2\n3\n", "1\n3\n", "1\n2\nnew\n3\n", 2);
    assert_touches("1\n2\n3\n", "1\n2\nnew\n3\n", "1\n2\nother\n3\n", 3);
    assert_touches("1\n2\n3\n4\n5\n", "A\n2\n3\n4\nE\n", "1\n2\n3\n4\nee\n", 5); /* all or nothing */
    assert_touches("1\n2\n", "1\nB\n", "", 2);
}

/* Who has made the fix by hand already, and not staged it, has it. */
static void test_there_already(void) {
    assert_carried("1\n2\n3\n", "1\nB\n3\n", "1\nB\n3\n", "1\nB\n3\n");
    assert_carried("1\n2\n3\n4\n5\n6\n", "1\n3\n4\nE\n6\n", "1\n3\n4\n5\n6\n", "1\n3\n4\nE\n6\n");
    assert_carried("1\n2\n3\n4\n5\n6\n", "A\na\n2\n3\n4\nE\n6\n", "A\na\n2\n3\n4\n5\n6\nnew\n",
                   "A\na\n2\n3\n4\nE\n6\nnew\n");
    assert_touches("1\n2\n3\n", "1\nB\n3\n", "1\nB\nnew\n3\n", 2);
}

static void test_line_ends(void) {
    assert_carried("1\n2\n3\n", "1\nx\ny\n3\n", "1\r\n2\r\n3\r\n", "1\r\nx\r\ny\r\n3\r\n");
    assert_carried("1\n2\n", "1\n2\n3\n", "1\r\n2\r\n", "1\r\n2\r\n3\r\n");
    assert_carried("1\n2", "1\n2\n", "1\r\n2", "1\r\n2\r\n");
    assert_carried("1\n2\n", "0\n1\n2\n", "1\r\n2\r\n", "0\r\n1\r\n2\r\n");
    /* mixed in the work tree alone: as the lines that it takes the place of */
    assert_carried("1\n2\n3\n4\n", "A\n2\n3\nD\n", "1\r\n2\r\n3\n4\n", "A\r\n2\r\n3\nD\n");
    /* git has them itself */
    assert_carried("1\r\n2\r\n", "1\r\nB\r\n", "1\r\n2\r\n", "1\r\nB\r\n");
    assert_carried("1\r\n2\r\n", "1\r\nB\n", "1\r\n2\r\n", "1\r\nB\n");
}

/* What stands for other lines than git's cannot be told apart. */
static void test_other_lines(void) {
    g_autoptr(GBytes) one = bytes_of("1\n2\n"), two = bytes_of("1\nB\n"), file = bytes_of("1\n2\n3\n");
    const Carry carry = {one, two, one, file};
    g_autoptr(GError) error = NULL;

    g_assert_null(carry_fixes(&carry, &error));
    g_assert_error(error, CARRY_ERROR, CARRY_ERROR_LINES);
}

/* Random texts of few different lines: what is carried is what git merge-file makes of it, and what is
 * refused is at least what that refuses. */
static char *random_edit(const char *text, guint edits) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);

    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        guint kind = g_test_rand_int_range(0, 20) < (int)edits ? (guint)g_test_rand_int_range(1, 4) : 0;

        if (kind == 1 || kind == 3)
            g_string_append_printf(out, "n%d\n", g_test_rand_int_range(0, 5));
        if (kind != 1 && kind != 2)
            g_string_append_printf(out, "%s\n", *line);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_as_git_merges(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    guint merged = 0, refused = 0;

    for (guint round = 0; round < 150; round++) {
        g_autoptr(GString) reviewed = g_string_new(NULL);
        g_autofree char *fixed = NULL, *file = NULL, *result = NULL, *by_git = NULL;
        g_autoptr(GError) error = NULL;
        int status;

        for (int i = g_test_rand_int_range(0, 25); i > 0; i--)
            g_string_append_printf(reviewed, "l%d\n", g_test_rand_int_range(0, 12));
        fixed = random_edit(reviewed->str, 2);
        file = random_edit(reviewed->str, 2);
        result = carried(reviewed->str, fixed, file, &error);
        write_text("base", reviewed->str);
        write_text("ours", file);
        write_text("theirs", fixed);
        by_git = run_in(".", PATHS("git", "merge-file", "--diff3", "-p", "ours", "base", "theirs"), &status);
        if (result == NULL) {
            refused++;
            continue;
        }
        merged++;
        if (g_str_has_suffix(result, "\n")) /* as run_in() has it */
            result[strlen(result) - 1] = '\0';
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpstr(result, ==, by_git);
    }
    g_assert_cmpuint(merged, >, 40);
    g_assert_cmpuint(refused, >, 5);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    libgit2_load(NULL);
    git_libgit2_init();
    g_test_add_func("/carry/same", test_same);
    g_test_add_func("/carry/edits-elsewhere", test_edits_elsewhere);
    g_test_add_func("/carry/edits-that-touch", test_edits_that_touch);
    g_test_add_func("/carry/there-already", test_there_already);
    g_test_add_func("/carry/line-ends", test_line_ends);
    g_test_add_func("/carry/other-lines", test_other_lines);
    g_test_add_func("/carry/as-git-merges", test_as_git_merges);
    return g_test_run();
}
