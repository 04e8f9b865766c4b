/* Removes what sallyport has left behind: ../janitor.h. argv: "F/path" a directory tree, "G/path" a control
 * group. */
#include "exec/folder.h"
#include "exec/sandbox/cgroup_remove.h"
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long the processes of a group have for their end. */
#define ATTEMPTS 200
#define PAUSE_NS (10 * 1000 * 1000)

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
    for (int i = 0; argument[0] == 'G' && i < ATTEMPTS && !cgroup_remove(AT_FDCWD, path); i++)
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
