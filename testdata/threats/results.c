/* Row nine: what is in the place of a result: links, FIFOs, folders, and files that are swapped while they
 * are read. */
#include "testdata/threats/threats.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

static void links(const char *name) {
    (void)mkdir("out", 0755);
    printf("%s:", name);
    printf(" %d", symlink(of_scene("CANARY"), "out/link"));
    printf(" %d", symlink(of_scene("FOLDER"), "out/folder"));
    printf(" %d", symlink("/proc/self/root", "out/magic"));
    printf(" %d\n", link(of_scene("CANARY"), "out/hard"));
    (void)symlink("../../../../../../..", "out/up");
}

static void special(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "out/socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)mkdir("out", 0755);
    printf("%s: %d", name, mkfifo("out/fifo", 0644));
    printf(" %d", mkdir("out/directory", 0755));
    printf(" %d\n", bind(fd, (struct sockaddr *)&address, sizeof address));
    (void)mkdir("out/locked", 0);
    close(fd);
}

/* A file and a link change places all the time; who looks and then reads has another than it saw. */
static void swapped(const char *name) {
    int fd;

    (void)mkdir("out", 0755);
    fd = open("out/swapped", O_WRONLY | O_CREAT, 0644);
    (void)!write(fd, "good\n", 5);
    close(fd);
    (void)!symlink(of_scene("CANARY"), "out/other");
    printf("%s: swapping\n", name);
    (void)fflush(stdout);
    if (fork() != 0)
        return;
    (void)setsid();
    (void)signal(SIGTERM, SIG_IGN);
    for (long i = 0; i < 20L * 1000 * 1000; i++)
        (void)syscall(SYS_renameat2, AT_FDCWD, "out/swapped", AT_FDCWD, "out/other", 2 /* RENAME_EXCHANGE */);
    _exit(0);
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"links", links, false},
        {"special", special, false},
        {"swapped", swapped, false},
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
