/* Removes what sallyport has left behind: ../janitor.h. argv: "F/path" a directory tree, "G/path" a control
 * group. */
#include "exec/folder.h"
#include "exec/sandbox/init/init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long the processes of a group have for their end. */
#define ATTEMPTS 200
#define PAUSE_NS (10 * 1000 * 1000)

static void kill_processes(int group) {
    int fd = openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = fd >= 0 ? fdopen(fd, "r") : NULL;
    char line[32];

    while (list != NULL && fgets(line, sizeof line, list) != NULL) {
        long pid = strtol(line, NULL, 10);

        if (pid > 1)
            (void)kill((pid_t)pid, SIGKILL);
    }
    if (list != NULL)
        fclose(list);
}

/* A group, and those in it, from the inside out. Whether it is gone. */
static bool remove_group(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (folder == NULL)
        return errno == ENOENT;
    kill_processes(fd);
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            (void)remove_group(fd, entry->d_name);
    closedir(folder);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

static bool is_ours(const char *path) {
    const char *slash = strrchr(path, '/');

    return path[0] == '/' && slash != NULL && strncmp(slash, "/sallyport-", 11) == 0;
}

static void clean(const char *argument) {
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    const char *path = argument + 1;

    if (!is_ours(path))
        return;
    if (argument[0] == 'F')
        folder_remove(AT_FDCWD, path);
    for (int i = 0; argument[0] == 'G' && i < ATTEMPTS && !remove_group(AT_FDCWD, path); i++)
        (void)nanosleep(&pause, NULL);
}

/* A byte says that there is nothing to do; the end of the socket without one, that nobody else will. */
void janitor_main(char **arguments) {
    char byte;
    ssize_t n;

    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)!chdir("/");
    do
        n = read(SOCKET, &byte, 1);
    while (n < 0 && errno == EINTR);
    for (; n != 1 && *arguments != NULL; arguments++)
        clean(*arguments);
    _exit(0);
}
