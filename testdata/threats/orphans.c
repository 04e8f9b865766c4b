/* Row eight: what stays when the program has ended: orphans, daemons, double forks, stopped processes, a held
 * stdout. */
#include "testdata/threats/threats.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#define SECONDS 20

static void linger(void) {
    for (int s = 1; s < NSIG; s++)
        (void)signal(s, SIG_IGN);
    (void)sleep(SECONDS);
    _exit(0);
}

static void orphan(const char *name) {
    if (fork() == 0)
        linger();
    printf("%s: left\n", name);
}

/* daemon(3), by hand, and with no descriptor that could tell of it. */
static void as_daemon(const char *name) {
    printf("%s: left\n", name);
    (void)fflush(stdout);
    if (fork() != 0)
        return;
    (void)setsid();
    if (fork() != 0)
        _exit(0);
    for (int fd = 0; fd < 1024; fd++)
        close(fd);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    linger();
}

static void stopped(const char *name) {
    pid_t pid = fork();

    if (pid == 0)
        linger();
    (void)kill(pid, SIGSTOP);
    printf("%s: left\n", name);
}

/* Whose children come to it, not to the init. */
static void reaper(const char *name) {
    if (fork() == 0) {
        (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
        if (fork() == 0) {
            if (fork() == 0)
                linger();
            _exit(0);
        }
        linger();
    }
    printf("%s: left\n", name);
}

/* Never the same process for long. */
static void relay(const char *name) {
    const time_t end = time(NULL) + SECONDS / 4;

    printf("%s: left\n", name);
    (void)fflush(stdout);
    if (fork() != 0)
        return;
    while (time(NULL) < end) {
        pid_t pid = fork();

        if (pid > 0)
            _exit(0);
        if (pid < 0)
            (void)usleep(1000);
    }
    _exit(0);
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"orphan", orphan, false}, {"daemon", as_daemon, false}, {"stopped", stopped, false},
        {"reaper", reaper, false}, {"relay", relay, false},      {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
