/* From the sandbox's first process to the program. The child shares this process's memory until execve(2),
 * and its table of descriptors, too: that is how the listener of the filter comes to be here. */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

typedef struct {
    const Job *job;
    bool is_build;
    int ruleset; /* of Landlock; -1: none */
    int listener;
} Start;

static void limit(const Job *job, int resource, uint64_t soft, uint64_t hard, const char *name) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard}, now;

    /* One cannot raise what the parent already has lowered: the lower one holds. */
    if (syscall(SYS_prlimit64, 0, resource, NULL, &now) == 0 && now.rlim_max != RLIM_INFINITY) {
        value.rlim_max = value.rlim_max < now.rlim_max ? value.rlim_max : now.rlim_max;
        value.rlim_cur = value.rlim_cur < value.rlim_max ? value.rlim_cur : value.rlim_max;
    }
    if (syscall(SYS_prlimit64, 0, resource, &value, NULL) != 0)
        fail(job->report_fd, "setrlimit", name);
}

static void set_limits(const Job *job) {
    const uint64_t *limits = job->limits;
    uint64_t cpu = (limits[WIRE_CPU_MS] + 999) / 1000;

    limit(job, RLIMIT_CPU, cpu, cpu + 1, "cpu"); /* SIGXCPU, and a second later SIGKILL */
    limit(job, RLIMIT_FSIZE, limits[WIRE_FILE_SIZE], limits[WIRE_FILE_SIZE], "file_size");
    limit(job, RLIMIT_NOFILE, limits[WIRE_OPEN_FILES], limits[WIRE_OPEN_FILES], "open_files");
    limit(job, RLIMIT_STACK, limits[WIRE_STACK], limits[WIRE_STACK], "stack");
    if ((job->flags & JOB_COUNT) != 0) {
        /* Counts the init as well; and one more than the limit is let in, so that who watches sees it passed.
         */
        uint64_t most = limits[WIRE_PROCESSES] + 2;

        limit(job, RLIMIT_NPROC, most, most, "processes");
    }
    limit(job, RLIMIT_CORE, 0, 0, "core");
    limit(job, RLIMIT_MEMLOCK, 0, 0, "memlock");
    limit(job, RLIMIT_MSGQUEUE, 65536, 65536, "msgqueue");
}

void program_drop_bounding_set(int report_fd) {
    for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ;
    if (errno != EINVAL && errno != EPERM) /* there is no such capability; it has none to drop them with */
        fail(report_fd, "drop the capability bounding set", NULL);
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int set_capabilities(uint32_t low) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = low, .permitted = low}};

    return (int)syscall(SYS_capset, &header, data);
}

void program_drop_own_capabilities(void) {
    if (set_capabilities(1U << CAP_SYS_PTRACE) != 0) /* it has not even that one */
        (void)set_capabilities(0);
}

static void set_descriptors(const Job *job) {
    if (setsid() < 0)
        fail(job->report_fd, "setsid", NULL);
    if (dup2(job->in_fd, 0) < 0 || dup2(job->out_fd, 1) < 0 || dup2(job->err_fd, 2) < 0)
        fail(job->report_fd, "dup2", NULL);
    /* Not closed, since the table is shared with the init: closed by execve(2), which has a copy by then. */
    if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        fail(job->report_fd, "close_range", NULL);
}

static void load_filter(Start *start) {
    const Job *job = start->job;
    size_t size = start->is_build ? job->build_filter_size : job->filter_size;
    struct sock_fprog program = {
        .len = (unsigned short)(size / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)(void *)(start->is_build ? job->build_filter : job->filter)};

    start->listener =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (start->listener < 0 && errno == EINVAL) /* before Linux 5.19 */
        start->listener =
            (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (start->listener < 0)
        fail(job->report_fd, "load the seccomp filter", NULL);
}

static int become_program(void *data) {
    Start *start = data;
    const Job *job = start->job;
    char **argv = start->is_build ? job->build : job->argv;
    sigset_t none;

    (void)signal(SIGPIPE, SIG_DFL); /* all others are: see reset_signals() in main.c */
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    set_descriptors(job);
    set_limits(job);
    if (set_capabilities(0) != 0)
        fail(job->report_fd, "capset", NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail(job->report_fd, "no_new_privs", NULL);
    if (start->ruleset >= 0 && syscall(SYS_landlock_restrict_self, start->ruleset, 0) != 0)
        fail(job->report_fd, "landlock_restrict_self", NULL);
    load_filter(start);
    execve(argv[0], argv, job->env);
    fail(job->report_fd, "start", argv[0]);
}

pid_t program_start(const Job *job, bool is_build, int ruleset, int *ret_listener) {
    static char stack[65536] __attribute__((aligned(16)));
    Start start = {.job = job, .is_build = is_build, .ruleset = ruleset, .listener = -1};
    pid_t pid =
        clone(become_program, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &start);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (pid < 0)
        fail(job->report_fd, "start a process", NULL);
    /* The program has its copies: a pipe whose other end it closes must not stay open here. */
    for (int fd = 0; fd < 3; fd++)
        if (null >= 0)
            (void)dup2(null, fd);
    close(null);
    if (!is_build) {
        close(job->in_fd);
        close(job->out_fd);
        close(job->err_fd);
    }
    *ret_listener = start.listener;
    return pid;
}
