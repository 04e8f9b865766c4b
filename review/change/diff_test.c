/* The new lines of a change. */
#include "review/change/change.h"

#include "review/change/fixture.h"

static void test_lines(void) {
    static const struct {
        const char *before, *after, *expected;
    } cases[] = {
        {"a\nb", "a\nb\n", "2-2"},                     /* a final newline is added, */
        {"a\nb\n", "a\nb", "2-2"},                     /* and taken away */
        {"a\n", "", "-"},                              /* nothing is left */
        {"", "a\nb\n", "1-2"},                         /* nothing was there */
        {"a\nb\nc\n", "a\nc\n", "-"},                  /* a pure deletion */
        {"a\r\nb\r\n", "a\r\nc\r\n", "2-2"},           /* CRLF in the repository */
        {"a\nb\n", "a\r\nb\r\n", "1-2"},               /* all line ends changed */
        {"a\nb\nc\nd\n", "A\nb\nC\nd\n", "1-1,3-3"},   /* one line between */
        {"f() {\n}\n", "f() {\n}\ng() {\n}\n", "3-4"}, /* the hunk of git's indent heuristic */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Fixture) fixture = fixture_new_repository();
        g_autoptr(Change) change = NULL;
        g_autofree char *expected = g_strdup_printf("modified 100644 file %s\n", cases[i].expected);

        write_text("file", cases[i].before);
        do_commit("before");
        write_text("file", cases[i].after);
        do_git("add", "file");
        change = load_change(CHANGE_STAGED, NULL, NULL);
        assert_change(change, expected);
    }
}

/* "2-3,7-7" of the hunk headers of `git diff -U0`: @@ -1,0 +2,2 @@. */
static char *ranges_of_git(const char *diff) {
    GString *ranges = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(diff, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        const char *plus = g_str_has_prefix(*line, "@@ ") ? strchr(*line, '+') : NULL;
        char *end = NULL;
        guint64 first = plus != NULL ? g_ascii_strtoull(plus + 1, &end, 10) : 0;
        guint64 count = end != NULL && *end == ',' ? g_ascii_strtoull(end + 1, NULL, 10) : 1;

        if (plus != NULL && count > 0)
            g_string_append_printf(ranges, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                                   ranges->len > 0 ? "," : "", first, first + count - 1);
    }
    if (ranges->len == 0)
        g_string_append_c(ranges, '-');
    return g_string_free(ranges, FALSE);
}

static char *random_text(GRand *random, guint lines) {
    static const char *const words[] = {"", "    x = 1", "}", "if x:", "return", "    y"};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < lines; i++)
        g_string_append_printf(text, "%s\n", words[g_rand_int_range(random, 0, G_N_ELEMENTS(words))]);
    return g_string_free(text, FALSE);
}

/* Takes some lines out of a text, and puts some in. */
static char *random_edit(GRand *random, const char *text) {
    GString *edited = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL && line[1] != NULL; line++) {
        int dice = g_rand_int_range(random, 0, 12);

        if (dice == 0) {
            g_autofree char *inserted = random_text(random, 2);

            g_string_append(edited, inserted);
        }
        if (dice != 1)
            g_string_append_printf(edited, "%s\n", dice == 2 ? "changed" : *line);
    }
    return g_string_free(edited, FALSE);
}

static void test_lines_are_those_of_git(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autoptr(Change) staged = NULL, worktree = NULL;

    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);

        g_ptr_array_add(texts, random_text(random, (guint)g_rand_int_range(random, 5, 120)));
        write_text(name, g_ptr_array_index(texts, i - 10));
    }
    do_commit("before");
    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);
        g_autofree char *edited = random_edit(random, g_ptr_array_index(texts, i - 10));

        write_text(name, edited);
    }
    worktree = load_change(CHANGE_WORKTREE, NULL, NULL);
    do_git("add", "-A");
    staged = load_change(CHANGE_STAGED, NULL, NULL);
    for (guint i = 10; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("file%u", i);
        g_autofree char *diff = git("diff", "--cached", "-U0", "--", name);
        g_autofree char *ranges = ranges_of_git(diff);

        if (*diff != '\0')
            g_string_append_printf(expected, "modified 100644 %s %s\n", name, ranges);
    }
    assert_change(staged, expected->str);
    assert_change(worktree, expected->str);
}

static void test_touches(void) {
    ChangedFile file = {.new_lines = g_array_new(FALSE, FALSE, sizeof(LineRange))};
    g_autoptr(GArray) owned = file.new_lines;
    LineRange ranges[] = {{3, 4}, {8, 8}};

    g_array_append_vals(file.new_lines, ranges, 2);
    g_assert_false(changed_file_touches(&file, 2, 2));
    g_assert_true(changed_file_touches(&file, 1, 3));
    g_assert_true(changed_file_touches(&file, 4, 4));
    g_assert_false(changed_file_touches(&file, 5, 7));
    g_assert_true(changed_file_touches(&file, 5, 9));
    g_assert_true(changed_file_touches(&file, 8, 0)); /* no end: one line */
    g_assert_false(changed_file_touches(&file, 9, 0));
    g_assert_false(changed_file_touches(&file, 0, 0)); /* same blobs: a change of mode only */
    g_strlcpy(file.blob, "1a", sizeof(file.blob));
    g_assert_true(changed_file_touches(&file, 0, 0));
    file.all_new = true;
    g_assert_true(changed_file_touches(&file, 100, 100));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/change/lines/cases", test_lines);
    g_test_add_func("/change/lines/as-git", test_lines_are_those_of_git);
    g_test_add_func("/change/lines/touches", test_touches);
    return g_test_run();
}
