#include "exec/sandbox/cgroup_descend.h"

#include "exec/sandbox/cgroup_remove.h"

#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How far up a process's parents are looked at. */
#define DESCENT 4

/* How often it is looked whether another has been started meanwhile. */
#define ATTEMPTS 5

static bool read_at(int folder, const char *name, char *buffer, gsize size) {
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, buffer, size - 1) : -1;

    if (fd >= 0)
        close(fd);
    buffer[MAX(n, 0)] = '\0';
    return n > 0;
}

static void join(int group, const char *pid) {
    int fd = openat(group, "cgroup.procs", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)!write(fd, pid, strlen(pid));
        close(fd);
    }
}

/* This process, or one that it has started, or that such a one has: proc_pid_stat(5). */
static bool is_ours(pid_t pid) {
    for (int level = 0; level < DESCENT && pid > 1 && pid != getpid(); level++) {
        g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
        char text[512];
        const char *behind = read_at(AT_FDCWD, path, text, sizeof text) ? strrchr(text, ')') : NULL;

        /* ") S 123 ": the state, the parent */
        pid = behind != NULL && strlen(behind) > 4 ? (pid_t)g_ascii_strtoll(behind + 4, NULL, 10) : 0;
    }
    return pid == getpid();
}

/* Moves all processes of a group, if they all are ours. Whether there is none left. */
static bool move_all(int group, int to) {
    char text[1024] = "";
    g_auto(GStrv) pids = NULL;

    (void)read_at(group, "cgroup.procs", text, sizeof text);
    pids = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **pid = pids; *pid != NULL; pid++)
        if (!is_ours((pid_t)g_ascii_strtoll(*pid, NULL, 10)))
            return false;
    for (char **pid = pids; *pid != NULL; pid++)
        join(to, *pid);
    return *pids == NULL;
}

bool cgroup_descend(int group, int folder) {
    bool gone = false;
    int down = mkdirat(folder, CGROUP_SUPERVISOR, 0755) == 0
                   ? openat(folder, CGROUP_SUPERVISOR, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                   : -1;

    for (int attempt = 0; attempt < ATTEMPTS && down >= 0 && !gone; attempt++)
        gone = move_all(group, down);
    if (down >= 0)
        close(down);
    return gone;
}
