/* fixture.h: git repositories for tests, made by the real git in a folder of their own.
 *
 * Order: fixture_environment() once in main(); fixture_new() in each test; fixture_free() removes everything.
 * Configuration of the machine and of its user is shut out, names and dates are fixed, so commit ids are
 * stable. Paths are relative to the fixture's folder. Whatever fails ends the test. */
#pragma once

#include "exec/text.h"
#include "review/change/change.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Under LeakSanitizer: libgit2 1.5 does not free PCRE2's match data where a pattern does not match (in its
 * regexp.c), which it asks of each key of a repository of format 1. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libpcre2\n";
}

/* A NULL-terminated list of strings. */
#define PATHS(...) ((const char *const[]){__VA_ARGS__, NULL})

typedef struct {
    char *folder; /* real and absolute */
    char *before; /* the current directory until then */
} Fixture;

static inline void fixture_environment(void) {
    static const char *const unwanted[] = {"GIT_DIR",
                                           "GIT_WORK_TREE",
                                           "GIT_INDEX_FILE",
                                           "GIT_OBJECT_DIRECTORY",
                                           "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                           "GIT_COMMON_DIR",
                                           "GIT_PREFIX"};
    static const char *const wanted[][2] = {{"GIT_CONFIG_GLOBAL", "/dev/null"},
                                            {"GIT_CONFIG_NOSYSTEM", "1"},
                                            {"GIT_AUTHOR_NAME", "Ada"},
                                            {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                                            {"GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"},
                                            {"GIT_COMMITTER_NAME", "Ada"},
                                            {"GIT_COMMITTER_EMAIL", "ada@example.org"},
                                            {"GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"},
                                            {"HOME", "/nonexistent"},
                                            {"XDG_CONFIG_HOME", "/nonexistent"},
                                            {"LC_ALL", "C"}};

    for (gsize i = 0; i < G_N_ELEMENTS(unwanted); i++)
        g_unsetenv(unwanted[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_setenv(wanted[i][0], wanted[i][1], TRUE);
}

/* Runs a program in `folder`; its output, without the last newline. `ret_status` NULL: it has to succeed. */
static inline char *run_in(const char *folder, const char *const *argv, int *ret_status) {
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    int status;

    g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
    g_assert_no_error(error);
    if (ret_status != NULL)
        *ret_status = status;
    else if (status != 0)
        g_error("%s %s: %s%s", argv[0], argv[1], out, err);
    if (g_str_has_suffix(out, "\n"))
        out[strlen(out) - 1] = '\0';
    return g_steal_pointer(&out);
}

/* git(fixture, "add", "-A") in the current directory; its output. */
#define git(...) run_in(".", (const char *const[]){"git", __VA_ARGS__, NULL}, NULL)
/* The same where the output is of no interest. */
#define do_git(...) g_free(git(__VA_ARGS__))

/* Makes the folder, and goes there. */
static inline Fixture *fixture_new(void) {
    Fixture *fixture = g_new0(Fixture, 1);
    g_autofree char *made = g_dir_make_tmp("change-test-XXXXXX", NULL);

    g_assert_nonnull(made);
    fixture->before = g_get_current_dir();
    fixture->folder = realpath(made, NULL);
    g_assert_no_errno(chdir(fixture->folder));
    return fixture;
}

/* The same, with an empty repository in it. */
static inline Fixture *fixture_new_repository(void) {
    Fixture *fixture = fixture_new();

    do_git("init", "-q", "-b", "main", ".");
    return fixture;
}

static inline void fixture_free(Fixture *fixture) {
    const char *argv[] = {"rm", "-rf", fixture->folder, NULL};

    g_assert_no_errno(chdir(fixture->before));
    g_free(run_in(".", argv, NULL));
    free(fixture->folder);
    g_free(fixture->before);
    g_free(fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static inline void write_bytes(const char *path, const char *bytes, gssize len) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;

    g_assert_no_errno(g_mkdir_with_parents(folder, 0755));
    g_file_set_contents(path, bytes, len, &error);
    g_assert_no_error(error);
    g_assert_no_errno(chmod(path, 0644));
}

static inline void write_text(const char *path, const char *text) {
    write_bytes(path, text, -1);
}

/* Adds everything and commits it; the commit's id. */
static inline char *commit_all(const char *message) {
    do_git("add", "-A");
    do_git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
}

static inline void do_commit(const char *message) {
    g_free(commit_all(message));
}

/* One line a file, as in "modified 100644 a.py 2-3,7-7" (lines "*": all; "-": none). Modes that differ stand
 * as OLD>NEW, a renamed file as OLD => NEW. */
static inline char *describe(const Change *change) {
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < change_files(change)->len; i++) {
        const ChangedFile *file = g_ptr_array_index(change_files(change), i);
        g_autofree char *path = text_path(file->path);
        g_autofree char *old_path = file->old_path != NULL ? text_path(file->old_path) : NULL;

        g_string_append_printf(text, "%s ", file_status_name(file->status));
        if (file->old_mode != 0 && file->old_mode != file->mode)
            g_string_append_printf(text, "%o>", file->old_mode);
        g_string_append_printf(text, "%o ", file->mode);
        if (old_path != NULL)
            g_string_append_printf(text, "%s => ", old_path);
        g_string_append_printf(text, "%s %s", path,
                               file->all_new               ? "*"
                               : file->new_lines->len == 0 ? "-"
                                                           : "");
        for (guint j = 0; j < file->new_lines->len; j++) {
            const LineRange *range = &g_array_index(file->new_lines, LineRange, j);

            g_string_append_printf(text, "%s%u-%u", j > 0 ? "," : "", range->first, range->last);
        }
        g_string_append_printf(text, "%s\n", file->binary ? " binary" : "");
    }
    return g_string_free(text, FALSE);
}

/* Opens the repository of the current directory and loads a change, which has to succeed. */
static inline Change *load_change(ChangeSource source, const char *base, const char *const *paths) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = change_open(".", &error);

    g_assert_no_error(error);
    change_load(change, source, base, NULL, paths, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&change);
}

/* A change's description must be exactly this. */
#define assert_change(change, expected)                                                                      \
    do {                                                                                                     \
        g_autofree char *described = describe(change);                                                       \
        g_assert_cmpstr(described, ==, expected);                                                            \
    } while (0)

/* Opening or loading must fail, with this code and a message that holds `text`. */
static inline void assert_load_fails(ChangeSource source, const char *base, const char *const *paths,
                                     int code, const char *text) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = change_open(".", &error);

    if (change != NULL)
        g_assert_false(change_load(change, source, base, NULL, paths, &error));
    g_assert_error(error, CHANGE_ERROR, code);
    if (strstr(error->message, text) == NULL)
        g_error("no \"%s\" in \"%s\"", text, error->message);
}

static inline void assert_bytes(GBytes *bytes, const char *expected) {
    g_assert_nonnull(bytes);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), expected, strlen(expected));
}

/* What is read of the head side. */
static inline void assert_reads(Change *change, const char *path, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = change_read(change, path, &error);

    g_assert_no_error(error);
    assert_bytes(bytes, expected);
}

static inline void assert_read_fails(Change *change, const char *path, int code, const char *message) {
    g_autoptr(GError) error = NULL;

    g_assert_null(change_read(change, path, &error));
    g_assert_error(error, CHANGE_ERROR, code);
    g_assert_cmpstr(error->message, ==, message);
}

/* What the review is steered by; `expected` NULL: nothing is there. */
static inline void assert_trusts(Change *change, const char *path, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = change_trusted(change, path, &error);

    g_assert_no_error(error);
    if (expected == NULL)
        g_assert_null(bytes);
    else
        assert_bytes(bytes, expected);
}
