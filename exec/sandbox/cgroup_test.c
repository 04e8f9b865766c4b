/* Real groups of whichever version this machine has: as root, or in a group that was delegated. */
#include "exec/sandbox/cgroup.h"

#include "exec/sandbox/cgroup_remove.h"
#include "exec/sandbox/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* NULL: there are none here, and the test is skipped. */
static CgroupRoot *open_groups(void) {
    g_autoptr(GError) error = NULL;
    CgroupRoot *root = cgroup_open(&error);

    if (root == NULL) {
        g_assert_cmpint(error->domain, ==, SANDBOX_ERROR);
        g_test_skip(error->message);
    }
    return root;
}

/* The folder whose groups have a file of this name. */
static const char *folder_with(const CgroupRoot *root, const char *file) {
    for (const char *const *folder = cgroup_folders(root); *folder != NULL; folder++) {
        g_autofree char *path = g_build_filename(*folder, "0", file, NULL);

        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return *folder;
    }
    return NULL;
}

static guint64 number_in(const CgroupRoot *root, const char *group, const char *file) {
    const char *folder = folder_with(root, file);
    g_autofree char *path = g_build_filename(folder != NULL ? folder : "/", group, file, NULL), *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return g_ascii_strtoull(text, NULL, 10);
}

static Cgroup *new_group(CgroupRoot *root, const Limits *limits) {
    g_autoptr(GError) error = NULL;
    Cgroup *group = cgroup_new(root, limits, &error);

    g_assert_no_error(error);
    return group;
}

static void touch(gsize size) {
    volatile char *memory = g_malloc(size);

    for (gsize i = 0; i < size; i += 4096)
        memory[i] = 1;
}

/* A child in the group, which first uses 32 MiB and 100 ms of CPU time, then runs `act`. */
static pid_t start_in(const Cgroup *group, void (*act)(void)) {
    int fds[CGROUP_HIERARCHIES];
    guint count = cgroup_join_fds(group, fds);
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    for (guint i = 0; i < count; i++)
        if (write(fds[i], "0", 1) != 1)
            _exit(1);
    (void)close_range(3, ~0U, 0); /* among them the lock of the folder */
    touch(32 << 20);
    while (clock() < CLOCKS_PER_SEC / 10)
        ;
    act();
    _exit(0);
}

static void assert_ends_with(pid_t pid, int expected) {
    int status;

    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(status, ==, expected);
}

static void nothing(void) {}

static void sleep_long(void) {
    sleep(100);
}

static void use_too_much(void) {
    touch(256 << 20);
}

/* One child more than the limit allows. */
static void fork_thrice(void) {
    for (int i = 0; i < 3; i++) {
        pid_t pid = fork();

        if (pid == 0)
            sleep_long();
        if (pid < 0)
            _exit(errno);
    }
}

static void test_limits(void) {
    g_autoptr(CgroupRoot) root = open_groups();
    Limits limits = limits_default();
    bool unified = root != NULL && cgroup_version(root) == 2;

    if (root == NULL)
        return;
    limits.memory = 64 << 20;
    limits.disk = 1 << 20;
    limits.processes = 7;
    g_autoptr(Cgroup) group = new_group(root, &limits);
    /* One process, and one MiB, more for the sandbox's init. */
    g_assert_cmpuint(number_in(root, "0", "pids.max"), ==, 8);
    g_assert_cmpuint(number_in(root, "0", unified ? "memory.max" : "memory.limit_in_bytes"), ==, 66 << 20);
}

static void test_usage(void) {
    g_autoptr(CgroupRoot) root = open_groups();
    const Limits limits = limits_default();
    CgroupUsage usage;

    if (root == NULL)
        return;
    g_autoptr(Cgroup) group = new_group(root, &limits);
    assert_ends_with(start_in(group, nothing), 0);
    cgroup_usage(group, &usage);
    g_assert_cmpuint(usage.memory_peak, >=, 32 << 20);
    g_assert_cmpuint(usage.memory_peak, <, 128 << 20);
    g_assert_cmpuint(usage.memory_kills, ==, 0);
    g_assert_cmpuint(usage.fork_refusals, ==, 0);
    g_assert_cmpuint(usage.cpu_us, >=, 90 * 1000);
    g_assert_cmpuint(usage.user_us + usage.system_us, >=, 90 * 1000);
}

static void test_memory(void) {
    g_autoptr(CgroupRoot) root = open_groups();
    Limits limits = limits_default();
    CgroupUsage usage;

    if (root == NULL)
        return;
    limits.memory = 64 << 20;
    limits.disk = 1 << 20;
    g_autoptr(Cgroup) group = new_group(root, &limits);
    assert_ends_with(start_in(group, use_too_much), SIGKILL);
    cgroup_usage(group, &usage);
    g_assert_cmpuint(usage.memory_kills, >=, 1);
    g_assert_cmpuint(usage.memory_peak, <=, 66 << 20);
}

static void test_processes(void) {
    g_autoptr(CgroupRoot) root = open_groups();
    Limits limits = limits_default();
    CgroupUsage usage;

    if (root == NULL)
        return;
    limits.processes = 2; /* and one for the init, which is not there */
    g_autoptr(Cgroup) group = new_group(root, &limits);
    assert_ends_with(start_in(group, fork_thrice), EAGAIN << 8);
    cgroup_usage(group, &usage);
    g_assert_cmpuint(usage.fork_refusals, >=, 1);
}

/* Somebody else's zombie does not count. */
static bool is_running(pid_t pid) {
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid), *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) && strstr(text, ") Z ") == NULL;
}

/* Ends by SIGKILL, and leaves a process in a group. Writes its pid, then its folders, to `report`. */
static void leave_behind(int report) {
    const Limits limits = limits_default();
    CgroupRoot *root = cgroup_open(NULL);
    g_autofree char *text = root != NULL ? g_strjoinv("\n", (char **)cgroup_folders(root)) : NULL;
    pid_t pid;

    if (root == NULL)
        _exit(0);
    pid = start_in(cgroup_new(root, &limits, NULL), sleep_long);
    if (write(report, &pid, sizeof pid) == sizeof pid &&
        write(report, text, strlen(text)) == (ssize_t)strlen(text))
        (void)raise(SIGKILL);
    _exit(1);
}

/* What a process that was killed has left behind ends with the next cgroup_open(). */
static void test_sweep(void) {
    g_autoptr(CgroupRoot) root = NULL;
    g_auto(GStrv) folders = NULL;
    char text[4096] = "";
    int report[2];
    pid_t pid, left;

    g_assert_cmpint(pipe2(report, O_CLOEXEC), ==, 0);
    pid = fork();
    if (pid == 0)
        leave_behind(report[1]);
    close(report[1]);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    if (read(report[0], &left, sizeof left) != sizeof left) {
        close(report[0]);
        g_test_skip("no control groups");
        return;
    }
    g_assert_cmpint(read(report[0], text, sizeof text - 1), >, 0);
    close(report[0]);
    folders = g_strsplit(text, "\n", -1);
    g_assert_true(g_file_test(folders[0], G_FILE_TEST_EXISTS));
    for (int attempt = 0; attempt < 200 && g_file_test(folders[0], G_FILE_TEST_EXISTS); attempt++) {
        g_clear_pointer(&root, cgroup_root_free);
        root = cgroup_open(NULL);
        g_usleep(10000);
    }
    for (char **folder = folders; *folder != NULL; folder++)
        g_assert_false(g_file_test(*folder, G_FILE_TEST_EXISTS));
    g_assert_false(is_running(left));
}

/* Nothing is left, although a process was still running; what is not there is gone. */
static void test_remove(void) {
    g_autoptr(CgroupRoot) root = open_groups();
    const Limits limits = limits_default();
    g_auto(GStrv) folders = NULL;
    CgroupUsage usage = {0};
    bool gone = false;
    pid_t pid;

    if (root == NULL)
        return;
    g_autoptr(Cgroup) group = new_group(root, &limits);
    pid = start_in(group, sleep_long);
    for (int attempt = 0; attempt < 1000 && usage.memory_peak < 32 << 20; attempt++) {
        cgroup_usage(group, &usage);
        g_usleep(10000);
    }
    folders = g_strdupv((char **)cgroup_folders(root));
    for (char **folder = folders; *folder != NULL; folder++) {
        for (int attempt = 0; attempt < 500 && !(gone = cgroup_remove(AT_FDCWD, *folder)); attempt++)
            g_usleep(2000);
        g_assert_true(gone);
        g_assert_false(g_file_test(*folder, G_FILE_TEST_EXISTS));
    }
    assert_ends_with(pid, SIGKILL);
    g_assert_true(cgroup_remove(AT_FDCWD, "/no/such/sallyport-group"));
}

/* After cgroup_root_free() there is no trace. */
static void test_no_trace(void) {
    CgroupRoot *root = open_groups();
    const Limits limits = limits_default();
    g_auto(GStrv) folders = NULL;

    if (root == NULL)
        return;
    folders = g_strdupv((char **)cgroup_folders(root));
    for (int i = 0; i < 10; i++)
        cgroup_free(new_group(root, &limits));
    cgroup_root_free(root);
    for (char **folder = folders; *folder != NULL; folder++)
        g_assert_false(g_file_test(*folder, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cgroup/limits", test_limits);
    g_test_add_func("/cgroup/usage", test_usage);
    g_test_add_func("/cgroup/memory", test_memory);
    g_test_add_func("/cgroup/processes", test_processes);
    g_test_add_func("/cgroup/sweep", test_sweep);
    g_test_add_func("/cgroup/remove", test_remove);
    g_test_add_func("/cgroup/no-trace", test_no_trace);
    return g_test_run();
}
