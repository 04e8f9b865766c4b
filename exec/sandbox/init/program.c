/* From the sandbox's first process to the program. The child shares this process's memory until execve(2),
 * and its table of descriptors, too: that is how the listener of the filter comes to be here. It makes itself
 * ready, which takes most of the time, waits for its job, and executes that. Both wait for each other by
 * futex(2). */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

enum { PREPARING, READY, GO, FAILED };

struct Program {
    const Place *place;
    const char *filter;
    size_t filter_size;
    int ruleset; /* of Landlock; -1: none */
    /* From program_go(): */
    const Job *job;
    char **argv;
    /* What the child says: */
    int listener;
    const char *step, *detail; /* what failed */
    int error;
    uint32_t state;
    uint32_t
        is_here; /* the kernel makes it 0 when the child no longer shares this memory: CLONE_CHILD_CLEARTID */
    pid_t pid;
};

static void wait_while(uint32_t *word, uint32_t value) {
    const struct timespec most = {.tv_nsec = 100 * 1000 * 1000};

    (void)syscall(SYS_futex, word, FUTEX_WAIT, value, &most, NULL, 0);
}

static void set_state(Program *program, uint32_t state) {
    __atomic_store_n(&program->state, state, __ATOMIC_SEQ_CST);
    (void)syscall(SYS_futex, &program->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static uint32_t state_of(const Program *program) {
    return __atomic_load_n(&program->state, __ATOMIC_SEQ_CST);
}

static bool is_here(const Program *program) {
    return __atomic_load_n(&program->is_here, __ATOMIC_SEQ_CST) != 0;
}

/* In the child. */
static NORETURN void give_up(Program *program, const char *step, const char *detail) {
    program->error = errno;
    program->step = step;
    program->detail = detail;
    set_state(program, FAILED);
    _exit(1);
}

static void limit(Program *program, int resource, uint64_t soft, uint64_t hard, const char *name) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard}, now;

    /* One cannot raise what the parent already has lowered: the lower one holds. */
    if (syscall(SYS_prlimit64, 0, resource, NULL, &now) == 0 && now.rlim_max != RLIM_INFINITY) {
        value.rlim_max = value.rlim_max < now.rlim_max ? value.rlim_max : now.rlim_max;
        value.rlim_cur = value.rlim_cur < value.rlim_max ? value.rlim_cur : value.rlim_max;
    }
    if (syscall(SYS_prlimit64, 0, resource, &value, NULL) != 0)
        give_up(program, "setrlimit", name);
}

static void set_limits(Program *program) {
    const uint64_t *limits = program->place->limits;
    uint64_t cpu = (limits[WIRE_CPU_MS] + 999) / 1000;

    /* Who watches adds up all processes, and is earlier: this is for the case that nobody comes to it. */
    limit(program, RLIMIT_CPU, cpu + 1, cpu + 2, "cpu");
    limit(program, RLIMIT_FSIZE, limits[WIRE_FILE_SIZE], limits[WIRE_FILE_SIZE], "file_size");
    limit(program, RLIMIT_NOFILE, limits[WIRE_OPEN_FILES], limits[WIRE_OPEN_FILES], "open_files");
    limit(program, RLIMIT_STACK, limits[WIRE_STACK], limits[WIRE_STACK], "stack");
    if (program->place->most_processes > 0)
        limit(program, RLIMIT_NPROC, program->place->most_processes, program->place->most_processes,
              "processes");
    /* With 0 the kernel would still start who takes core dumps from a pipe, as root and on the host; 1 is its
     * word for "none at all": core(5), fs/coredump.c. */
    limit(program, RLIMIT_CORE, 1, 1, "core");
    limit(program, RLIMIT_MEMLOCK, 0, 0, "memlock");
    limit(program, RLIMIT_MSGQUEUE, 65536, 65536, "msgqueue");
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

static void set_descriptors(Program *program) {
    const Job *job = program->job;

    if (dup2(job->in_fd, 0) < 0 || dup2(job->out_fd, 1) < 0 || dup2(job->err_fd, 2) < 0)
        give_up(program, "dup2", NULL);
    /* Not closed, since the table is shared with the init: closed by execve(2), which has a copy by then. */
    if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        give_up(program, "close_range", NULL);
}

static void load_filter(Program *program) {
    struct sock_fprog code = {.len = (unsigned short)(program->filter_size / sizeof(struct sock_filter)),
                              .filter = (struct sock_filter *)(void *)program->filter};

    program->listener =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &code);
    if (program->listener < 0 && errno == EINVAL) /* before Linux 5.19 */
        program->listener =
            (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &code);
    if (program->listener < 0)
        give_up(program, "load the seccomp filter", NULL);
}

static int become_program(void *data) {
    Program *program = data;
    sigset_t none;

    (void)signal(SIGPIPE, SIG_DFL); /* all others are: see reset_signals() in main.c */
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (setsid() < 0)
        give_up(program, "setsid", NULL);
    set_limits(program);
    if (set_capabilities(0) != 0)
        give_up(program, "capset", NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        give_up(program, "no_new_privs", NULL);
    if (program->ruleset >= 0 && syscall(SYS_landlock_restrict_self, program->ruleset, 0) != 0)
        give_up(program, "landlock_restrict_self", NULL);
    load_filter(program);
    for (set_state(program, READY); state_of(program) == READY;)
        wait_while(&program->state, READY);
    if (chdir(program->job->cwd) != 0)
        give_up(program, "chdir", program->job->cwd);
    set_descriptors(program);
    execve(program->argv[0], program->argv, program->job->env);
    give_up(program, "start", program->argv[0]);
}

static Program *start(const Place *place, const char *filter, size_t filter_size, int ruleset) {
    static char stack[65536] __attribute__((aligned(16)));
    static Program program; /* one at a time */

    program = (Program){.place = place,
                        .filter = filter,
                        .filter_size = filter_size,
                        .ruleset = ruleset,
                        .listener = -1,
                        .is_here = 1};
    program.pid =
        clone(become_program, stack + sizeof stack, CLONE_VM | CLONE_FILES | CLONE_CHILD_CLEARTID | SIGCHLD,
              &program, NULL, NULL, &program.is_here);
    if (program.pid < 0) {
        program.error = errno;
        program.step = "start a process";
        program.state = FAILED;
    }
    return &program;
}

Program *program_prepare(const Place *place, int ruleset) {
    return start(place, place->filter, place->filter_size, ruleset);
}

/* This process's own are what the child has put there: a pipe whose other end the program closes must not
 * stay open here. */
static void clear_descriptors(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd < 3 && null >= 0; fd++)
        (void)dup2(null, fd);
    close(null);
}

static pid_t go(Program *program, const Job *job, char **argv, int *ret_listener) {
    while (state_of(program) == PREPARING && is_here(program))
        wait_while(&program->state, PREPARING);
    if (state_of(program) == READY) {
        program->job = job;
        program->argv = argv;
        set_state(program, GO);
        while (is_here(program))
            wait_while(&program->is_here, 1);
    }
    if (state_of(program) != GO) {
        errno = program->error;
        fail(job->report_fd, program->step != NULL ? program->step : "start a process", program->detail);
    }
    clear_descriptors();
    *ret_listener = program->listener;
    return program->pid;
}

pid_t program_go(Program *program, const Job *job, int *ret_listener) {
    return go(program, job, job->argv, ret_listener);
}

void program_drop(Program *program) {
    if (program == NULL || program->pid < 0)
        return;
    (void)kill(program->pid, SIGKILL);
    while (waitpid(program->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (program->listener >= 0)
        close(program->listener);
}

pid_t program_start(const Place *place, const Job *job, bool is_build, int ruleset, int *ret_listener) {
    Program *program = is_build ? start(place, job->build_filter, job->build_filter_size, ruleset)
                                : program_prepare(place, ruleset);

    return go(program, job, is_build ? job->build : job->argv, ret_listener);
}
