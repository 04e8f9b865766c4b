/* Row six: descriptors that were left open, and the processes of others: ptrace, process_vm_*, pidfd_getfd,
 * signals to the supervisor, their limits and priorities. */
#include "testdata/threats/threats.h"

#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

/* Whom it knows: pids of the scene, and what is above it. */
static long known(int number) {
    switch (number) {
    case 0:
        return number_of_scene("BYSTANDER");
    case 1:
        return number_of_scene("SUPERVISOR");
    case 2:
        return getppid();
    case 3:
        return 1;
    default:
        return 0;
    }
}

static void descriptors(const char *name) {
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) {
            (void)lseek(fd, 0, SEEK_SET);
            show(name, fd);
        }
}

/* Signal 0 says who is there; SIGCONT harms nobody that runs; the last is for whom it reaches. */
static void signals(const char *name) {
    static const int wanted[] = {0, SIGCONT, SIGUSR1, SIGSTOP, SIGKILL};
    siginfo_t info = {.si_code = SI_QUEUE};

    for (int i = 0; known(i) != 0; i++) {
        pid_t pid = (pid_t)known(i);
        bool is_own = i == 2 || i == 3; /* its init may be told, and does not mind */
        int fd = (int)syscall(SYS_pidfd_open, pid, 0);

        for (size_t s = 0; s < sizeof wanted / sizeof *wanted && pid > 0; s++) {
            long results[] = {kill(pid, wanted[s]), syscall(SYS_tkill, pid, wanted[s]),
                              syscall(SYS_rt_sigqueueinfo, pid, wanted[s], &info),
                              syscall(SYS_pidfd_send_signal, fd, wanted[s], NULL, 0)};

            for (size_t r = 0; r < sizeof results / sizeof *results; r++)
                if (!is_own && results[r] == 0)
                    got(name, "through");
        }
    }
    printf("%s: tried\n", name);
    (void)fflush(stdout);
}

/* Everybody that may be signalled, but itself. */
static void signal_to_all(const char *name) {
    if (fork() == 0) {
        (void)signal(SIGTERM, SIG_IGN);
        (void)kill(-1, SIGTERM);
        _exit(0);
    }
    (void)wait(NULL);
    printf("%s: tried\n", name);
    (void)fflush(stdout);
}

static void owner_signals(const char *name) {
    int fds[2];

    for (int i = 0; i < 2; i++)
        if (pipe(fds) == 0) {
            (void)fcntl(fds[0], F_SETSIG, SIGUSR1);
            (void)fcntl(fds[0], F_SETFL, O_ASYNC | O_NONBLOCK);
            (void)fcntl(fds[0], F_SETOWN, known(i));
            (void)!write(fds[1], "x", 1);
        }
    printf("%s: tried\n", name);
    (void)fflush(stdout);
}

static void limits(const char *name) {
    struct rlimit files = {.rlim_cur = 17, .rlim_max = 17};
    const struct sched_param none = {0};
    cpu_set_t first;

    CPU_ZERO(&first);
    CPU_SET(0, &first);
    for (int i = 0; i < 2; i++) {
        pid_t pid = (pid_t)known(i);

        (void)tell(name, prlimit(pid, RLIMIT_NOFILE, &files, NULL));
        (void)tell("priority", setpriority(PRIO_PROCESS, (id_t)pid, 19));
        (void)tell("affinity", sched_setaffinity(pid, sizeof first, &first));
        (void)tell("scheduler", syscall(SYS_sched_setscheduler, pid, SCHED_BATCH, &none));
        (void)tell("io-priority", syscall(SYS_ioprio_set, 1, pid, 3 << 13));
        (void)tell("same-file", syscall(SYS_kcmp, pid, getpid(), 0, 9, 9));
        (void)tell("robust-list", syscall(SYS_get_robust_list, pid, &(void *){NULL}, &(size_t){0}));
        (void)tell("pages", syscall(SYS_move_pages, pid, 0, NULL, NULL, NULL, 0));
    }
}

static void trace(const char *name) {
    for (int i = 0; known(i) != 0; i++)
        if (tell(name, ptrace(PTRACE_SEIZE, (pid_t)known(i), NULL, NULL)))
            (void)ptrace(PTRACE_DETACH, (pid_t)known(i), NULL, NULL);
}

/* An address that is there in each program of a 64-bit machine: none. The kernel says EFAULT of it to whom it
 * lets. */
static void read_memory(const char *name) {
    char byte;
    struct iovec here = {.iov_base = &byte, .iov_len = 1}, there = {.iov_base = NULL, .iov_len = 1};

    for (int i = 0; known(i) != 0; i++)
        if (process_vm_readv((pid_t)known(i), &here, 1, &there, 1, 0) >= 0 || errno == EFAULT)
            got(name, "a way in");
}

static void write_memory(const char *name) {
    char byte = 'x';
    struct iovec here = {.iov_base = &byte, .iov_len = 1}, there = {.iov_base = NULL, .iov_len = 1};

    for (int i = 0; known(i) != 0; i++)
        if (process_vm_writev((pid_t)known(i), &here, 1, &there, 1, 0) >= 0 || errno == EFAULT)
            got(name, "a way in");
}

/* Descriptor 9 of the bystander is the secret. */
static void take_descriptor(const char *name) {
    for (int i = 0; known(i) != 0; i++) {
        int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)known(i), 0);
        int fd = (int)syscall(SYS_pidfd_getfd, pidfd, 9, 0);

        if (fd >= 0)
            (void)lseek(fd, 0, SEEK_SET);
        show(name, fd);
    }
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"descriptors", descriptors, false},
        {"limits", limits, false},
        {"ptrace", trace, true},
        {"process_vm_readv", read_memory, true},
        {"process_vm_writev", write_memory, true},
        {"pidfd_getfd", take_descriptor, true},
        {"signals", signals, false},
        {"owner", owner_signals, false},
        {"everybody", signal_to_all, false},
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
