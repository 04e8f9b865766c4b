/* testing_tools.h: what the tests share that start the true linters by hand, as linter_start() does it but
 * for the sandbox. A linter that is not on the PATH fails the test.
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include "review/linters/testing.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a linter printed, and how it ended. */
typedef struct {
    char *out, *err;
    LinterOutput output;
} Started;

static inline void started_clear(Started *started) {
    g_free(started->out);
    g_free(started->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Started, started_clear)

/* Runs a command in a folder, with its streams in files, and reads these. Returns the exit code. */
static inline int spawn(const char *cwd, GPtrArray *argv, const char *input, Started *ret_started) {
    static const char *const settings[] = {"LC_ALL=C.UTF-8", "NO_COLOR=1", "PYTHONSAFEPATH=1", "PYTHONUTF8=1",
                                           "PYTHONIOENCODING=utf-8:surrogateescape"};
    g_autoptr(GPtrArray) env = g_ptr_array_new_with_free_func(g_free);
    char *folder = testing_folder();
    g_autofree char *out = g_build_filename(folder, "out", NULL),
                    *err = g_build_filename(folder, "err", NULL);
    g_autoptr(GError) error = NULL;
    int in_fd = g_open(input, O_RDONLY | O_CLOEXEC), status;
    int out_fd = g_open(out, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int err_fd = g_open(err, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    GPid pid;

    g_ptr_array_add(argv, NULL);
    g_ptr_array_add(env, g_strconcat("PATH=", g_getenv("PATH"), NULL));
    g_ptr_array_add(env, g_strconcat("HOME=", folder, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        g_ptr_array_add(env, g_strdup(settings[i]));
    g_ptr_array_add(env, NULL);
    g_spawn_async_with_fds(cwd, (char **)argv->pdata, (char **)env->pdata,
                           G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, in_fd, out_fd,
                           err_fd, &error);
    if (error != NULL) /* not on the PATH: nothing below can be true */
        g_error("%s", error->message);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    close(in_fd);
    close(out_fd);
    close(err_fd);
    ret_started->out = testing_read(folder, "out", &ret_started->output.out_len);
    ret_started->err = testing_read(folder, "err", &ret_started->output.err_len);
    testing_remove(folder);
    return WEXITSTATUS(status);
}

/* Starts the linter over the paths, of which there is one where its name cannot be printed, and reads what it
 * prints. */
static inline CheckResult *run(const Linter *linter, const char *root, const GPtrArray *paths,
                               const char *const *args, bool single) {
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;
    g_auto(Started) started = {0};
    CheckResult *result = testing_result(linter, paths);
    bool by_stdin = single && linter->single_by_stdin;
    g_autofree char *input = by_stdin ? g_build_filename(root, paths->pdata[0], NULL) : g_strdup("/dev/null");

    g_ptr_array_add(argv, g_strdup(linter->name));
    linter->arguments(argv, args, single ? paths->pdata[0] : NULL);
    g_ptr_array_add(argv, g_strdup("--"));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(argv,
                        by_stdin ? g_strdup("-") : g_strconcat(linter->path_prefix, paths->pdata[i], NULL));
    started.output.exit_code = spawn(root, argv, input, &started);
    started.output.paths = paths;
    started.output.out = started.out;
    started.output.err = started.err;
    started.output.root = started.output.cwd = root;
    started.output.single = single;
    if (linter_read(linter, &started.output, account, result, &error))
        linter_account(paths, account, result);
    else
        check_fail(result, error->message, NULL);
    return result;
}

static const char *const no_args[] = {NULL};
