#include "exec/sandbox/child.h"

#include "exec/sandbox/root.h"
#include "exec/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The new mount interface, Linux 5.2 and 5.12; glibc has it from 2.36 on. */
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

/* Says which step failed, and ends. `detail` (may be NULL) is put behind `step`. */
G_NORETURN static void fail(const ChildPlan *plan, const char *step, const char *detail) {
    SandboxReport report = {.kind = REPORT_FAILED, .error = errno};
    char *end = stpncpy(report.step, step, sizeof report.step - 2);

    if (detail != NULL && end < report.step + sizeof report.step - 2) {
        *end++ = ' ';
        stpncpy(end, detail, (size_t)(report.step + sizeof report.step - 1 - end));
    }
    (void)!write(plan->report_fd, &report, sizeof report); /* at most PIPE_BUF: whole or not at all */
    _exit(1);
}

static void reset_signals(void) {
    sigset_t none;

    for (int s = 1; s < NSIG; s++)
        (void)signal(s, SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The parent writes the id maps, since it may map to another user than its own. */
static void wait_for_maps(const ChildPlan *plan) {
    char byte;
    ssize_t n;

    do
        n = read(plan->go_fd, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        _exit(1);
}

/* Opened while this process still is the host's user by file ownership: a tree below a home directory of mode
 * 0700 could not be reached afterwards. What is opened is a detached copy, mounted where it belongs by
 * attach(). */
static void open_sources(const ChildPlan *plan) {
    for (guint i = 0; i < plan->steps->len; i++) {
        RootStep *step = plan->steps->pdata[i];

        if (step->kind != ROOT_BIND && step->kind != ROOT_DEVICE)
            continue;
        step->fd =
            (int)syscall(SYS_open_tree, AT_FDCWD, step->source, OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE);
        if (step->fd < 0)
            fail(plan, "open", step->source);
    }
}

/* The ids inside. With no id 0 in the map the kernel keeps the capabilities over this change. */
static void become_user(const ChildPlan *plan) {
    /* An ordinary user's child cannot give up that user's further groups: user_namespaces(7), setgroups. */
    if (setgroups(0, NULL) != 0 && plan->drop_groups)
        fail(plan, "setgroups", NULL);
    if (setresgid(plan->gid, plan->gid, plan->gid) != 0)
        fail(plan, "setresgid", NULL);
    if (setresuid(plan->uid, plan->uid, plan->uid) != 0)
        fail(plan, "setresuid", NULL);
}

/* `path` without its leading slash, made below the current directory, with its parents. */
static void make_directory(const ChildPlan *plan, const char *path, bool parents_only) {
    char part[4096];
    size_t len = strlen(path);

    if (len >= sizeof part) {
        errno = ENAMETOOLONG;
        fail(plan, "mkdir", path);
    }
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        if (path[i] == '\0' && parents_only)
            return;
        memcpy(part, path + 1, i - 1);
        part[i - 1] = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            fail(plan, "mkdir", path);
    }
}

static void make_file(const ChildPlan *plan, const char *path, const char *text) {
    int fd;

    make_directory(plan, path, true);
    fd = open(path + 1, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        fail(plan, "write", path);
    close(fd);
}

static void attach(const ChildPlan *plan, const RootStep *step) {
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOSUID};
    struct stat st;

    if (fstat(step->fd, &st) != 0)
        fail(plan, "stat", step->source);
    if (S_ISDIR(st.st_mode))
        make_directory(plan, step->target, false);
    else
        make_file(plan, step->target, "");
    if (step->kind == ROOT_BIND)
        attr.attr_set |= MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV;
    if (syscall(SYS_mount_setattr, step->fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr) != 0)
        fail(plan, "mount_setattr", step->source);
    if (syscall(SYS_move_mount, step->fd, "", AT_FDCWD, step->target + 1, 4 /* MOVE_MOUNT_F_EMPTY_PATH */) !=
        0)
        fail(plan, "mount", step->target);
    close(step->fd);
}

static void mount_new(const ChildPlan *plan, const RootStep *step) {
    bool is_proc = step->kind == ROOT_PROC;

    make_directory(plan, step->target, false);
    /* subset=pid (Linux 5.8) leaves out what is not of processes. */
    if (mount(is_proc ? "proc" : "tmpfs", step->target + 1, is_proc ? "proc" : "tmpfs",
              MS_NOSUID | MS_NODEV | (is_proc ? MS_NOEXEC : 0),
              is_proc ? "hidepid=2,subset=pid" : step->text) != 0)
        fail(plan, "mount", step->target);
}

static void carry_out(const ChildPlan *plan, const RootStep *step) {
    switch (step->kind) {
    case ROOT_DIRECTORY:
        make_directory(plan, step->target, false);
        return;
    case ROOT_LINK:
        make_directory(plan, step->target, true);
        if (symlink(step->text, step->target + 1) != 0)
            fail(plan, "symlink", step->target);
        return;
    case ROOT_FILE:
        make_file(plan, step->target, step->text);
        return;
    case ROOT_BIND:
    case ROOT_DEVICE:
        attach(plan, step);
        return;
    case ROOT_TMPFS:
    case ROOT_PROC:
        mount_new(plan, step);
        return;
    }
}

/* The new root is built in a tmpfs over /tmp, which then becomes "/". pivot_root(".", ".") puts the old root
 * on top of the new one, where it is taken off again (pivot_root(2), NOTES). */
static void build_root(const ChildPlan *plan) {
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        fail(plan, "make mounts private", NULL);
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1M,nr_inodes=16384") != 0)
        fail(plan, "mount", "a root");
    if (chdir("/tmp") != 0)
        fail(plan, "chdir", "/tmp");
    (void)umask(022);
    for (guint i = 0; i < plan->steps->len; i++)
        carry_out(plan, plan->steps->pdata[i]);
    if (syscall(SYS_pivot_root, ".", ".") != 0)
        fail(plan, "pivot_root", NULL);
    if (umount2(".", MNT_DETACH) != 0)
        fail(plan, "unmount the old root", NULL);
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &attr, sizeof attr) != 0)
        fail(plan, "make the root read-only", NULL);
    if (chdir(plan->command->cwd != NULL ? plan->command->cwd : "/") != 0)
        fail(plan, "chdir", plan->command->cwd);
}

static void bring_up_loopback(const ChildPlan *plan) {
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        fail(plan, "bring up the loopback interface", NULL);
    close(fd);
}

static void limit(const ChildPlan *plan, int resource, guint64 soft, guint64 hard, const char *name) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard}, now;

    /* One cannot raise what the parent already has lowered: the lower one holds. */
    if (getrlimit((__rlimit_resource_t)resource, &now) == 0 && now.rlim_max != RLIM_INFINITY) {
        value.rlim_max = MIN(value.rlim_max, now.rlim_max);
        value.rlim_cur = MIN(value.rlim_cur, value.rlim_max);
    }
    if (setrlimit((__rlimit_resource_t)resource, &value) != 0)
        fail(plan, "setrlimit", name);
}

static void set_limits(const ChildPlan *plan) {
    const Limits *l = &plan->command->limits;
    guint64 cpu = (l->cpu_ms + 999) / 1000;

    limit(plan, RLIMIT_CPU, cpu, cpu + 1, "cpu"); /* SIGXCPU, and a second later SIGKILL */
    limit(plan, RLIMIT_DATA, l->memory, l->memory, "memory");
    limit(plan, RLIMIT_FSIZE, l->file_size, l->file_size, "file_size");
    limit(plan, RLIMIT_NOFILE, l->open_files, l->open_files, "open_files");
    limit(plan, RLIMIT_NPROC, l->processes, l->processes, "processes");
    limit(plan, RLIMIT_CORE, 0, 0, "core");
    limit(plan, RLIMIT_MEMLOCK, 0, 0, "memlock");
    limit(plan, RLIMIT_MSGQUEUE, 65536, 65536, "msgqueue");
}

static void drop_capabilities(const ChildPlan *plan) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};

    for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
            fail(plan, "drop the capability bounding set", NULL);
    if (syscall(SYS_capset, &header, none) != 0)
        fail(plan, "capset", NULL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail(plan, "no_new_privs", NULL);
}

static void load_filter(const ChildPlan *plan) {
    gsize size;
    const void *data = g_bytes_get_data(plan->filter, &size);
    struct sock_fprog program = {.len = (unsigned short)(size / sizeof(struct sock_filter)),
                                 .filter = (struct sock_filter *)data};

    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        fail(plan, "load the seccomp filter", NULL);
}

/* The program itself: a child of the init. Descriptors 0, 1, 2 are its own, all others are closed. */
G_NORETURN static void run_program(ChildPlan *plan) {
    const Command *command = plan->command;
    /* Out of the way of 0, 1 and 2, in case that the caller was started without them. */
    int in = fcntl(plan->input_fd, F_DUPFD_CLOEXEC, 4), out = fcntl(plan->out_fd, F_DUPFD_CLOEXEC, 4);
    int err = fcntl(plan->err_fd, F_DUPFD_CLOEXEC, 4), report = fcntl(plan->report_fd, F_DUPFD_CLOEXEC, 4);

    if (in < 0 || out < 0 || err < 0 || report < 0)
        fail(plan, "fcntl", NULL);
    plan->report_fd = report;
    if (setsid() < 0)
        fail(plan, "setsid", NULL);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || dup3(report, 3, O_CLOEXEC) < 0)
        fail(plan, "dup2", NULL);
    plan->report_fd = 3;
    if (syscall(SYS_close_range, 4, ~0U, 0) != 0)
        fail(plan, "close_range", NULL);
    set_limits(plan);
    drop_capabilities(plan);
    load_filter(plan);
    execve(command->argv[0], command->argv, command->env);
    fail(plan, "start", command->argv[0]);
}

/* Reaps whatever ends in here until the program itself has; then reports. When this process is gone, the
 * kernel kills all others of the pid namespace. */
G_NORETURN static void reap(const ChildPlan *plan, pid_t program) {
    SandboxReport report = {.kind = REPORT_ENDED};

    for (;;) {
        pid_t pid = waitpid(-1, &report.wait_status, 0);

        if (pid == program)
            break;
        if (pid < 0 && errno != EINTR)
            fail(plan, "wait", NULL);
    }
    (void)getrusage(RUSAGE_CHILDREN, &report.usage);
    (void)!write(plan->report_fd, &report, sizeof report);
    _exit(0);
}

void child_main(const ChildPlan *const_plan) {
    ChildPlan plan = *const_plan;
    pid_t program;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* who was faster than this is found out by go_fd */
    reset_signals();
    wait_for_maps(&plan);
    if (setsid() < 0)
        fail(&plan, "setsid", NULL);
    open_sources(&plan);
    become_user(&plan);
    /* The change of ids has taken the signal away and made it undumpable already: say both again, and for
     * good. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        fail(&plan, "PR_SET_DUMPABLE", NULL);
    build_root(&plan);
    if (sethostname("sallyport", 9) != 0)
        fail(&plan, "sethostname", NULL);
    if (plan.command->network == NETWORK_LOOPBACK)
        bring_up_loopback(&plan);
    program = fork();
    if (program < 0)
        fail(&plan, "fork", NULL);
    if (program == 0)
        run_program(&plan);
    drop_capabilities(&plan);
    close(plan.input_fd);
    close(plan.out_fd);
    close(plan.err_fd);
    reap(&plan, program);
}
