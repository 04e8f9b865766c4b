/* What sallyport has started ends with it, however it ends, and nothing of it stays behind. Seen from
 * outside: this process becomes the parent of whatever loses its own. */
#include "exec/supervisor.h"

#include "testdata/leftovers.h"
#include "testdata/tiers.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#define STOP_MS 100    /* from a signal to the end of all */
#define REMOVE_MS 3000 /* for who cleans up behind one that was killed */
#define START_MS 10000
#define ATTEMPTS 3 /* others use the machine as well */
#define KILLS 25
#define KILL_STEP_MS 4

/* It is looked for by its argument. */
#define MARK_FORMAT "100000%d"

typedef enum { RUN, LINTER, JOB } What;

static const char *const names[] = {"run", "check with a linter", "check with a job"};

static int program = -1;

static char *mark_of_this(void) {
    return g_strdup_printf(MARK_FORMAT, (int)getpid());
}

static void write_policy(const char *path, const char *rest) {
    g_autofree char *text = g_strconcat("version: 1\nsandbox: {require: landlock}\nrules: off\n", rest, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void git(const char *folder, const char *words) {
    g_auto(GStrv) argv = g_strsplit(words, " ", -1);
    g_auto(GStrv) env = g_strsplit("GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a "
                                   "GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b "
                                   "PATH=/usr/bin:/bin",
                                   " ", -1);
    int status = -1;

    g_assert_true(
        g_spawn_sync(folder, argv, env, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

/* A linter that does not come to an end. */
static void add_linter(const char *folder, const char *mark) {
    g_autofree char *bin = g_build_filename(folder, "bin", NULL), *ruff = g_build_filename(bin, "ruff", NULL);
    g_autofree char *text = g_strdup_printf("#!/bin/sh\nexec sleep %s\n", mark);

    g_assert_cmpint(g_mkdir(bin, 0755), ==, 0);
    g_assert_true(g_file_set_contents(ruff, text, -1, NULL));
    g_assert_cmpint(g_chmod(ruff, 0755), ==, 0);
}

/* A folder to be in, with a repository for `check`. */
static char *make_folder(What what) {
    g_autofree char *mark = mark_of_this();
    g_autofree char *jobs =
        g_strdup_printf("linters: off\nrun: [{name: slow, command: [sleep, '%s']}]\n", mark);
    char *folder = g_build_filename(tiers_tmp(), "repository-XXXXXX", NULL);

    g_assert_nonnull(g_mkdtemp(folder));
    g_assert_cmpint(g_chmod(folder, 0755), ==, 0); /* root's linters are nobody without namespaces */
    g_autofree char *policy = g_build_filename(folder, ".sallyport.yaml", NULL);
    g_autofree char *file = g_build_filename(folder, "a.py", NULL);

    add_linter(folder, mark);
    write_policy(policy, what == JOB ? jobs : what == LINTER ? "linters: {ruff: {}}\n" : "");
    if (what == RUN)
        return folder;
    git(folder, "git init --quiet --initial-branch=main");
    git(folder, "git add .sallyport.yaml");
    git(folder, "git commit --quiet -m one");
    g_assert_true(g_file_set_contents(file, "print(1)\n", -1, NULL));
    return folder;
}

/* Whatever ignores a signal, has left its session, or is another's child. */
static char *script(void) {
    g_autofree char *mark = mark_of_this();

    return g_strdup_printf(
        "trap '' TERM INT HUP; (sleep %s; sleep 100) & (setsid setsid sleep %s &); sleep %s; wait", mark,
        mark, mark);
}

static pid_t start(What what, const char *folder) {
    g_autofree char *code = script();
    const char *run[] = {"sallyport", "run",  "--no-review", "-p", ".sallyport.yaml",
                         "--lang",    "bash", "-c",          code, NULL};
    const char *check[] = {"sallyport", "check", "-p", ".sallyport.yaml", NULL};
    g_autofree char *path = g_strconcat("PATH=", folder, "/bin:/usr/bin:/bin", NULL);
    g_autofree char *home = g_strconcat("HOME=", folder, NULL),
                    *tmp = g_strconcat("TMPDIR=", tiers_tmp(), NULL);
    char *env[] = {path, home, tmp, NULL};
    pid_t pid = fork();

    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);

        (void)setpgid(0, 0);
        if (chdir(folder) == 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2)
            (void)syscall(SYS_execveat, program, "", (char **)(what == RUN ? run : check), env,
                          AT_EMPTY_PATH);
        _exit(127);
    }
    return pid;
}

/* How many processes have the mark as an argument of theirs, alone. */
static guint count_marked(void) {
    g_autofree char *mark = mark_of_this();
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *name;
    guint count = 0;

    while ((name = g_dir_read_name(proc)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "cmdline", NULL), *text = NULL;
        gsize size = 0;

        if (!g_ascii_isdigit(name[0]) || !g_file_get_contents(path, &text, &size, NULL))
            continue;
        count += g_str_has_suffix(text, "sleep") && size > strlen(text) + 1 &&
                 strcmp(text + strlen(text) + 1, mark) == 0;
    }
    return count;
}

static gint64 now_ms(void) {
    return g_get_monotonic_time() / 1000;
}

/* Takes whatever has ended; whether there is no child any more. */
static bool none_left(void) {
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        ;
    return pid < 0 && errno == ECHILD;
}

static bool wait_for(bool (*is_so)(void), int most_ms) {
    gint64 deadline = now_ms() + most_ms;

    while (!is_so() && now_ms() < deadline)
        g_usleep(1000);
    return is_so();
}

static bool has_started(void) {
    return count_marked() > 0;
}

static guint folders(void) {
    return count_entries(tiers_tmp(), "sallyport-");
}

static guint mounts(void) {
    g_autofree char *text = NULL;
    guint count = 0;

    g_assert_true(g_file_get_contents("/proc/self/mounts", &text, NULL, NULL));
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    return count;
}

static void expect_nothing(pid_t pid, guint mounts_before) {
    g_assert_cmpuint(count_marked(), ==, 0);
    g_assert_cmpuint(groups_of(pid), ==, 0);
    g_assert_cmpuint(folders(), ==, 0);
    g_assert_cmpuint(mounts(), ==, mounts_before);
}

/* How long it takes until all is gone. */
static gint64 stop(What what, int signal_number, const char *folder) {
    guint before = mounts();
    pid_t pid = start(what, folder);
    bool started = wait_for(has_started, START_MS), ended;
    gint64 sent = now_ms(), elapsed;

    if (!started)
        g_test_message("%s: the program does not start", names[what]);
    g_assert_true(started);
    g_assert_cmpint(kill(pid, signal_number), ==, 0);
    ended = wait_for(none_left, REMOVE_MS);
    elapsed = now_ms() - sent;
    g_assert_true(ended);
    expect_nothing(pid, before);
    return elapsed;
}

static void test_signals(const Place *place) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

    for (What what = RUN; what <= JOB; what++) {
        g_autofree char *folder = make_folder(what);

        for (gsize i = 0; i < G_N_ELEMENTS(signals); i++) {
            gint64 elapsed = G_MAXINT64;

            for (int attempt = 0; attempt < ATTEMPTS && elapsed > STOP_MS; attempt++)
                elapsed = stop(what, signals[i], folder);
            if (elapsed <= STOP_MS)
                continue;
            g_test_message("%s: %s: %s: all was gone after %d ms", place->name, names[what],
                           strsignal(signals[i]), (int)elapsed);
            g_test_fail();
        }
    }
}

/* The next run, and its end by a signal. */
static void sweep(const char *folder) {
    pid_t pid = start(RUN, folder);

    g_assert_true(wait_for(has_started, START_MS));
    g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
    g_assert_true(wait_for(none_left, REMOVE_MS));
}

/* From before it has started anything to when the program has run for long; at the latter it is known to. */
static void test_killed(const Place *place) {
    (void)place;
    for (What what = RUN; what <= JOB; what++) {
        g_autofree char *folder = make_folder(what);

        for (int i = 0; i < KILLS; i++) {
            guint before = mounts();
            pid_t pid = start(what, folder);

            if (i == KILLS - 1)
                g_assert_true(wait_for(has_started, START_MS));
            else
                g_usleep((gulong)i * KILL_STEP_MS * 1000);
            g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
            if (!wait_for(none_left, REMOVE_MS)) {
                g_test_message("%s: killed after %d ms: a process is left", names[what], i * KILL_STEP_MS);
                g_test_fail();
            }
            /* Between the first of its control groups and its janitor, only the next run can. */
            if (groups_of(pid) > 0)
                sweep(folder);
            if (folders() > 0 || groups_of(pid) > 0)
                g_test_message("%s: killed after %d ms", names[what], i * KILL_STEP_MS);
            expect_nothing(pid, before);
        }
    }
}

int main(int argc, char **argv) {
    g_autofree char *path = NULL;

    g_test_init(&argc, &argv, NULL);
    path = g_test_build_filename(G_TEST_BUILT, "sallyport", NULL);
    program = open(path, O_PATH | O_CLOEXEC);
    g_assert_cmpint(program, >=, 0);
    tiers_add("/lifecycle/signals", test_signals);
    tiers_add("/lifecycle/killed", test_killed);
    return g_test_run();
}
