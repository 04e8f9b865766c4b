#include "exec/sandbox/cgroup_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool write_text(int folder, const char *name, const char *text) {
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return written;
}

/* Calls `act` for each process of a group. */
static void for_each(int group, void (*act)(pid_t pid, int to), int to) {
    int fd = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = fd >= 0 ? fdopen(fd, "r") : NULL;
    char line[32];

    while (list != NULL && fgets(line, sizeof line, list) != NULL) {
        long pid = strtol(line, NULL, 10);

        if (pid > 0)
            act((pid_t)pid, to);
    }
    if (list != NULL)
        fclose(list);
}

static void kill_one(pid_t pid, int to) {
    (void)to;
    if (pid > 1)
        (void)kill(pid, SIGKILL);
}

static void move_one(pid_t pid, int to) {
    char text[32];

    (void)snprintf(text, sizeof text, "%d", (int)pid);
    (void)write_text(to, "cgroup.procs", text);
}

/* All at once, and none that is being born meanwhile is left out: cgroup.kill, Linux 5.14. */
static void kill_all(int group) {
    if (!write_text(group, "cgroup.kill", "1"))
        for_each(group, kill_one, -1);
}

/* Kills what is in a group, and removes it and those in it. Whether it is gone. */
static bool remove_tree(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *group = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (group == NULL)
        return errno == ENOENT;
    kill_all(fd);
    while ((entry = readdir(group)) != NULL)
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            (void)remove_tree(fd, entry->d_name);
    closedir(group);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

/* The processes of `folder`'s supervisor go back to the group above, which can hold some again as soon as it
 * hands no controller on. */
static void leave(int folder) {
    int from = openat(folder, CGROUP_SUPERVISOR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int to = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (from >= 0 && to >= 0 && write_text(folder, "cgroup.subtree_control", "-memory -pids") &&
        write_text(to, "cgroup.subtree_control", "-memory -pids"))
        for_each(from, move_one, to);
    if (to >= 0)
        close(to);
    if (from >= 0)
        close(from);
    (void)unlinkat(folder, CGROUP_SUPERVISOR, AT_REMOVEDIR);
}

bool cgroup_remove(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (folder == NULL)
        return errno == ENOENT;
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
            strcmp(entry->d_name, CGROUP_SUPERVISOR) != 0)
            (void)remove_tree(fd, entry->d_name);
    leave(fd);
    closedir(folder);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}
