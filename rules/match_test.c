#include "rules/match.h"

#include "exec/caps.h"

#include <glib/gstdio.h>
#include <string.h>

static bool matches(const char *const *patterns, const char *path) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Match) match = match_new(patterns, &error);

    g_assert_no_error(error);
    return match_path(match, path);
}

/* Patterns, a line each as in a .gitignore; a path; whether it is matched. */
static const struct {
    const char *patterns, *path;
    bool matched;
} cases[] = {
    /* names, at any depth */
    {"foo", "foo", true},
    {"foo", "a/b/foo", true},
    {"foo", "foo/a/b", true},
    {"foo", "foobar", false},
    {"foo", "barfoo", false},
    {"foo", "Foo", false},
    {"*.py", "a.py", true},
    {"*.py", "a/b/c.py", true},
    {"*.py", ".py", true},
    {"*.py", "a.pyc", false},
    {"*.py", "a.py/b.txt", true},
    {"a*", "a", true},
    {"a*c*e", "abcde", true},
    {"a*c*e", "abcdf", false},
    {"*aab", "aaaab", true},
    {"fo?", "foo", true},
    {"fo?", "fo", false},
    {"a?b", "a/b", false},
    {"*", "anything/at all", true},
    /* anchored by a slash */
    {"/foo", "foo", true},
    {"/foo", "a/foo", false},
    {"/*.c", "a.c", true},
    {"/*.c", "a/b.c", false},
    {"a/b", "a/b", true},
    {"a/b", "x/a/b", false},
    {"a/b", "a/b/c", true},
    {"a/*", "a/b", true},
    {"a/*", "a/b/c", true},
    {"a/*", "a", false},
    {"a/*.c", "a/b/c.c", false},
    {"a/*/c", "a/b/c", true},
    {"a/*/c", "a/b/b/c", false},
    {"a/*/c", "a/c", false},
    /* folders only */
    {"foo/", "foo", false},
    {"foo/", "foo/a", true},
    {"foo/", "a/foo/b", true},
    {"foo/", "a/foo", false},
    {"/foo/", "foobar/x", false},
    {"a/b/", "a/b", false},
    {"a/b/", "a/b/c", true},
    {"a/b/", "x/a/b/c", false},
    {"*/", "a", false},
    {"*/", "a/b", true},
    /* two stars */
    {"**/foo", "foo", true},
    {"**/foo", "a/b/foo", true},
    {"**/foo", "a/bfoo", false},
    {"**/a/b", "x/y/a/b", true},
    {"**/a/b", "x/ya/b", false},
    {"a/**", "a", false},
    {"a/**", "a/b", true},
    {"a/**", "a/b/c", true},
    {"a/**", "x/a/b", false},
    {"a/**/", "a/b", false},
    {"a/**/", "a/b/c", true},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "a/xb", false},
    {"a/**/b/**/c", "a/x/b/y/z/c", true},
    {"a/**/b/**/c", "a/x/c", false},
    {"a/**/*.c", "a/b.c/d/e.c", true},
    {"**/b*/c", "a/bx/b/c", true},
    {"a**b", "axxb", true},
    {"/a**b", "a/b", false},
    {"/a**/b", "ax/y/b", true},
    {"/?a**/b", "xay/z/b", false},
    {"/?a**/b", "xay/b", true},
    {"/x/**b", "x/ab", true},
    {"/x/**b", "x/a/b", false},
    {"a/**\\/b", "a/b", false},
    {"a/**\\/b", "a/x/b", true},
    {"***/b", "a/a/b", true},
    {"**", "a/b", true},
    /* sets */
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "bx", false},
    {"[!a-c]x", "dx", true},
    {"[^a]x", "ax", false},
    {"a[!b]c", "a/c", false},
    {"/a[.-0]c", "a/c", false},
    {"[]]", "]", true},
    {"[!]]", "]", false},
    {"[!]]", "x", true},
    {"[]-a]", "^", true},
    {"[a-]", "-", true},
    {"[-a]", "-", true},
    {"x[--0]y", "x.y", true},
    {"[c-a]", "b", false},
    {"[\\]]", "]", true},
    {"[\\-b]", "a", false},
    {"[a-\\c]", "b", true},
    {"[[:digit:]]", "7", true},
    {"[[:digit:]]", "x", false},
    {"[![:space:]]x", "ax", true},
    {"[[:upper:][:digit:]_]", "_", true},
    {"[[:alpha:]-z]", "-", true},
    {"x[[:]", "x:", true},
    {"[[a]", "[", true},
    {"*.[oa]", "x.a", true},
    /* escapes and spaces */
    {"\\*", "*", true},
    {"\\*", "x", false},
    {"\\#x", "#x", true},
    {"\\!x", "!x", true},
    {"a\\b", "ab", true},
    {"a\\\\b", "a\\b", true},
    {"foo   ", "foo", true},
    {"foo\\ ", "foo ", true},
    {"foo\\ ", "foo", false},
    {"foo\\   ", "foo ", true},
    {"foo\\\\ ", "foo\\", true},
    {" foo", "foo", false},
    {" foo", " foo", true},
    {"a b", "a b", true},
    {"foo\t", "foo", false},
    /* the last one wins; what is below a folder that is matched cannot be taken back */
    {"*.c\n!keep.c", "keep.c", false},
    {"*.c\n!keep.c", "a/keep.c", false},
    {"*.c\n!keep.c", "drop.c", true},
    {"!keep.c\n*.c", "keep.c", true},
    {"a/\n!a/keep.c", "a/keep.c", true},
    {"a/*\n!a/keep.c", "a/keep.c", false},
    {"a/*\n!a/keep.c", "a/drop.c", true},
    {"a\n!a\n", "a/b", false},
    {"/*\n!/foo\n/foo/*\n!/foo/bar", "foo/bar/x", false},
    {"/*\n!/foo\n/foo/*\n!/foo/bar", "foo/x", true},
    {"a/**\n!a/**/\n!*.txt", "a/b/c.txt", false},
    {"a/**\n!a/**/\n!*.txt", "a/b/c.bin", true},
    {"!a", "a", false},
    /* bytes */
    {"\xff*", "\xff\xfe", true},
    {"?", "\xc3\xa9", false},
    {"??", "\xc3\xa9", true},
    {"[\x80-\xff]", "\xe9", true},
};

static void test_cases(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) lines = g_strsplit(cases[i].patterns, "\n", -1);
        g_autoptr(GPtrArray) patterns = g_ptr_array_new();

        for (char **line = lines; *line; line++)
            if (**line)
                g_ptr_array_add(patterns, *line);
        g_ptr_array_add(patterns, NULL);
        if (matches((const char *const *)patterns->pdata, cases[i].path) != cases[i].matched)
            g_error("pattern '%s', path '%s': not as the table has it", cases[i].patterns, cases[i].path);
    }
}

static int git(const char *folder, const char *command, const char *path) {
    const char *argv[] = {
        "git", "-C", folder, command, path ? "--no-index" : "-q", path ? "-q" : ".", path ? "--" : NULL,
        path,  NULL};
    g_auto(GStrv) env = g_get_environ();
    g_autoptr(GError) error = NULL;
    int status;

    env = g_environ_setenv(env, "GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
    env = g_environ_setenv(env, "GIT_CONFIG_NOSYSTEM", "1", TRUE);
    g_spawn_sync(NULL, (char **)argv, env, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error(error);
    return g_spawn_check_wait_status(status, NULL) ? 0 : status >> 8;
}

/* The table above says what git says. */
static void test_as_git(void) {
    g_autofree char *git_path = g_find_program_in_path("git");
    if (!git_path) {
        g_test_skip("git is not installed");
        return;
    }
    g_autofree char *folder = g_dir_make_tmp("sallyport-match-XXXXXX", NULL);
    g_autofree char *ignore = g_build_filename(folder, ".gitignore", NULL);

    g_assert_cmpint(git(folder, "init", NULL), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].patterns, "\n", NULL);

        g_assert_true(g_file_set_contents(ignore, text, -1, NULL));
        if (git(folder, "check-ignore", cases[i].path) != (cases[i].matched ? 0 : 1))
            g_error("pattern '%s', path '%s': git has it otherwise", cases[i].patterns, cases[i].path);
    }
    const char *const remove[] = {"rm", "-rf", folder, NULL};
    g_assert_true(
        g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void test_errors(void) {
    static const struct {
        const char *pattern, *message;
    } wrong[] = {
        {"", "an empty pattern matches nothing"},
        {"   ", "an empty pattern matches nothing"},
        {"!", "an empty pattern matches nothing"},
        {"/", "an empty pattern matches nothing"},
        {"!/", "an empty pattern matches nothing"},
        {"#notes", "a pattern that begins with '#' is a comment (write \\# for the character)"},
        {"a\\", "a backslash at the end (write \\\\ for the character)"},
        {"a\\/", "a backslash at the end (write \\\\ for the character)"},
        {"[abc", "'[' has no ']' or names an unknown class (write \\[ for the character)"},
        {"[a\\", "'[' has no ']' or names an unknown class (write \\[ for the character)"},
        {"[]", "'[' has no ']' or names an unknown class (write \\[ for the character)"},
        {"[[:foo:]]", "'[' has no ']' or names an unknown class (write \\[ for the character)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        const char *patterns[] = {"good", wrong[i].pattern, NULL};

        g_assert_null(match_new(patterns, &error));
        g_assert_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
        g_assert_cmpstr(error->message, ==, wrong[i].message);
    }

    g_autoptr(GError) error = NULL;
    g_autofree char *longest = g_strnfill(CAP_PATTERN_BYTES, 'a');
    g_autofree char *longer = g_strnfill(CAP_PATTERN_BYTES + 1, 'a');
    const char *fits[] = {longest, NULL}, *too_long[] = {longer, NULL};
    g_autoptr(Match) match = match_new(fits, NULL);

    g_assert_nonnull(match);
    g_assert_null(match_new(too_long, &error));
    g_assert_cmpstr(error->message, ==, "longer than 8192 bytes");
}

static void test_nothing(void) {
    const char *none[] = {NULL};

    g_assert_false(matches(none, "a"));
    g_assert_false(matches(NULL, "a/b"));
    match_free(NULL);
}

static void test_folder_path(void) {
    const char *patterns[] = {"sub/", NULL};

    g_assert_true(matches(patterns, "sub/"));
    g_assert_true(matches(patterns, "a/sub/"));
    g_assert_false(matches(patterns, "sub"));
}

/* A matcher that tries every way to share the text among the stars would not come back. */
static void test_hostile(void) {
    const char *patterns[] = {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b",
                              NULL};
    g_autoptr(GString) path = g_string_new(NULL);
    gint64 start = g_get_monotonic_time();

    for (guint i = 0; i < 1000; i++)
        g_string_append(path, i % 100 == 99 ? "/" : "a");
    for (guint i = 0; i < 500; i++)
        g_string_append(path, "/a");
    g_assert_false(matches(patterns, path->str));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/match/cases", test_cases);
    g_test_add_func("/match/as-git", test_as_git);
    g_test_add_func("/match/errors", test_errors);
    g_test_add_func("/match/nothing", test_nothing);
    g_test_add_func("/match/folder-path", test_folder_path);
    g_test_add_func("/match/hostile", test_hostile);
    return g_test_run();
}
