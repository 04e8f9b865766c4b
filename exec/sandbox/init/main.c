/* The socket to sallyport is descriptor 3. This process is the first of an outer pid namespace: with it, all
 * jobs end; and it ends with the socket, which the kernel closes however sallyport has ended. With BASE_ONCE
 * it is the job's first process itself. */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not clone3(2), whose flags a filter cannot see: in many containers it does not exist. */
static pid_t clone_job(const Base *base, int *ret_pidfd) {
    return (pid_t)syscall(SYS_clone, CLONE_PIDFD | job_clone_flags(base) | SIGCHLD, NULL, ret_pidfd, NULL,
                          NULL);
}

/* Until the process has its job, or has refused the place. One that ends without a word has found the
 * socket's end.
 */
static void wait_until_taken(const Base *base, int pidfd) {
    struct pollfd polls[] = {{.fd = base->taken_fd, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
    uint64_t taken;
    char byte;

    while (poll(polls, 2, -1) < 0 && errno == EINTR)
        ;
    if (polls[0].revents != 0)
        (void)!read(base->taken_fd, &taken, sizeof taken);
    else if (recv(SOCKET, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
        _exit(0);
}

/* Has a process make the place that is asked for, and take its job from the socket. */
static void serve(const Base *base) {
    int pidfd = -1;
    pid_t pid = clone_job(base, &pidfd);

    if (pid == 0)
        job_main(base);
    if (pid < 0) {
        refuse_place("create namespaces of the job", NULL);
        return;
    }
    wait_until_taken(base, pidfd);
    close(pidfd);
}

static void make_base(Base *base, const Side *network, int unshared) {
    const WireReport ready = {.kind = REPORT_READY, .denied = -1};
    WireHeader header;
    char *payload; /* stays: the base points into it */
    int fds[WIRE_MOST_FDS];

    if (!wire_receive(SOCKET, &header, &payload, fds) || header.kind != WIRE_BASE)
        _exit(0);
    /* Not before: proc lets nobody write the id maps of what is not dumpable, and they are written by now. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    wire_read_base(payload, header.size, base);
    errno = unshared;
    if ((base->flags & BASE_NAMESPACES) != 0 && unshared != 0)
        fail(SOCKET, "create namespaces", NULL);
    base_build(base, network, SOCKET);
    base->taken_fd = (base->flags & BASE_ONCE) != 0 ? -1 : eventfd(0, EFD_CLOEXEC);
    if (base->taken_fd < 0 && (base->flags & BASE_ONCE) == 0)
        fail(SOCKET, "eventfd", NULL);
    if (!wire_send(SOCKET, &ready, sizeof ready, -1))
        _exit(0);
}

static void wait_for_message(void) {
    struct pollfd poll_socket = {.fd = SOCKET, .events = POLLIN};

    while (poll(&poll_socket, 1, -1) < 0 && errno == EINTR)
        ;
}

static void reset_signals(void) {
    sigset_t none;

    for (int s = 1; s < NSIG; s++)
        (void)signal(s, SIG_DFL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGCHLD, SIG_IGN); /* jobs are waited for by their pidfd: none becomes a zombie */
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* "plain": there are no namespaces to be had. "janitor": see janitor.c. */
int main(int argc, char **argv) {
    Base base = {0};
    bool plain = argc > 1 && strcmp(argv[1], "plain") == 0;
    Side network = {.fd = -1};
    int unshared;

    reset_signals();
    if (argc > 1 && strcmp(argv[1], "janitor") == 0)
        janitor_main(argv + 2);
    if (!plain)
        base_start_network(&network);
    unshared = plain ? 0 : base_unshare();
    make_base(&base, &network, unshared);
    if ((base.flags & BASE_ONCE) != 0)
        job_main(&base);
    for (;;) {
        wait_for_message();
        serve(&base);
    }
}
