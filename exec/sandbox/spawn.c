#include "exec/sandbox/child.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/root.h"
#include "exec/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who the program is inside, and whom root's own sandboxes belong to on the host (nobody, on every system
 * known). */
#define INSIDE_ID 1000
#define HOST_NOBODY 65534

G_DEFINE_QUARK(sallyport-sandbox-error, sandbox_error)

struct Sandbox {
    GBytes *filter;
};

/* The descriptors that are open while a child is made; -1 where there is none. */
typedef struct {
    int out[2], err[2], report[2], go[2];
    int input;
} Pipes;

Sandbox *sandbox_new(void) {
    return g_new0(Sandbox, 1);
}

void sandbox_free(Sandbox *sandbox) {
    if (sandbox == NULL)
        return;
    g_clear_pointer(&sandbox->filter, g_bytes_unref);
    g_free(sandbox);
}

static bool set_errno_error(GError **error, const char *step) {
    int saved = errno;

    g_set_error(error, SANDBOX_ERROR, saved, "%s: %s", step, g_strerror(saved));
    return false;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void pipes_close(Pipes *p) {
    int *all[] = {&p->out[0],    &p->out[1], &p->err[0], &p->err[1], &p->report[0],
                  &p->report[1], &p->go[0],  &p->go[1],  &p->input};

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        close_fd(all[i]);
}

/* stdin: what was given, in sealed memory, so that nobody has to feed a pipe; else /dev/null. */
static int open_input(GBytes *input) {
    gsize size;
    const char *data;
    int fd;

    if (input == NULL)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    data = g_bytes_get_data(input, &size);
    fd = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    for (gsize done = 0; fd >= 0 && done < size;) {
        ssize_t n = write(fd, data + done, size - done);

        if (n < 0 && errno != EINTR)
            close_fd(&fd);
        else if (n > 0)
            done += (gsize)n;
    }
    if (fd >= 0 && (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0 ||
                    lseek(fd, 0, SEEK_SET) != 0))
        close_fd(&fd);
    return fd;
}

static bool pipes_open(Pipes *p, GBytes *input, GError **error) {
    p->out[0] = p->out[1] = p->err[0] = p->err[1] = p->report[0] = p->report[1] = p->go[0] = p->go[1] = -1;
    p->input = open_input(input);
    if (p->input < 0)
        return set_errno_error(error, "open stdin");
    if (pipe2(p->out, O_CLOEXEC) != 0 || pipe2(p->err, O_CLOEXEC) != 0 || pipe2(p->report, O_CLOEXEC) != 0 ||
        pipe2(p->go, O_CLOEXEC) != 0) {
        set_errno_error(error, "pipe");
        pipes_close(p);
        return false;
    }
    (void)fcntl(p->out[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(p->err[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(p->report[0], F_SETFL, O_NONBLOCK);
    return true;
}

static bool write_proc(pid_t pid, const char *name, const char *text) {
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    int saved = errno;

    close_fd(&fd);
    errno = saved;
    return written;
}

/* One user and one group inside. Root's child is nobody on the host: limits bind nobody, and files of root's
 * do not become writable; an ordinary user can only map to itself. user_namespaces(7). */
static bool write_maps(pid_t pid, GError **error) {
    bool root = geteuid() == 0;
    g_autofree char *uids = g_strdup_printf("%d %u 1", INSIDE_ID, root ? HOST_NOBODY : geteuid());
    g_autofree char *gids = g_strdup_printf("%d %u 1", INSIDE_ID, root ? HOST_NOBODY : getegid());

    if (!root && !write_proc(pid, "setgroups", "deny"))
        return set_errno_error(error, "write setgroups");
    if (!write_proc(pid, "uid_map", uids))
        return set_errno_error(error, "write uid_map");
    if (!write_proc(pid, "gid_map", gids))
        return set_errno_error(error, "write gid_map");
    return true;
}

static pid_t clone_child(int *ret_pidfd) {
    struct clone_args args = {
        .flags = CLONE_PIDFD | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                 CLONE_NEWUTS | CLONE_NEWCGROUP,
        .pidfd = (uint64_t)(uintptr_t)ret_pidfd,
        .exit_signal = SIGCHLD,
    };

    return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static void kill_child(SandboxChild *child) {
    (void)syscall(SYS_pidfd_send_signal, child->pidfd, SIGKILL, NULL, 0);
    (void)waitpid(child->pid, NULL, 0);
    close_fd(&child->pidfd);
}

bool sandbox_spawn(Sandbox *sandbox, const Command *command, SandboxChild *ret_child, GError **error) {
    g_autoptr(GPtrArray) steps = root_steps(command);
    SandboxChild child = {.pid = -1, .pidfd = -1};
    Pipes pipes;

    if (sandbox->filter == NULL && (sandbox->filter = filter_build(&(FilterOptions){0}, error)) == NULL)
        return false;
    if (!pipes_open(&pipes, command->input, error))
        return false;
    ChildPlan plan = {
        .command = command,
        .steps = steps,
        .filter = sandbox->filter,
        .input_fd = pipes.input,
        .out_fd = pipes.out[1],
        .err_fd = pipes.err[1],
        .report_fd = pipes.report[1],
        .go_fd = pipes.go[0],
        .uid = INSIDE_ID,
        .gid = INSIDE_ID,
        .drop_groups = geteuid() == 0,
    };
    child.pid = clone_child(&child.pidfd);
    if (child.pid < 0) {
        set_errno_error(error, "create namespaces");
        pipes_close(&pipes);
        return false;
    }
    if (child.pid == 0) {
        close(pipes.go[1]); /* so that the end of the parent is the end of this pipe */
        child_main(&plan);
    }
    if (!write_maps(child.pid, error) || write(pipes.go[1], "", 1) != 1) {
        if (error != NULL && *error == NULL)
            set_errno_error(error, "start the child");
        kill_child(&child);
        pipes_close(&pipes);
        return false;
    }
    child.out_fd = g_steal_fd(&pipes.out[0]);
    child.err_fd = g_steal_fd(&pipes.err[0]);
    child.report_fd = g_steal_fd(&pipes.report[0]);
    pipes_close(&pipes);
    *ret_child = child;
    return true;
}

const char *sandbox_remedy(const char *step, int error) {
    if (strstr(step, "namespaces") != NULL || strstr(step, "uid_map") != NULL ||
        strstr(step, "mount") != NULL) {
        if (error == ENOSPC || error == EUSERS)
            return "raise the limit: sysctl -w user.max_user_namespaces=16384";
        if (error == EPERM || error == EACCES)
            return "allow unprivileged user namespaces: sysctl -w "
                   "kernel.apparmor_restrict_unprivileged_userns=0 "
                   "(Ubuntu 24.04), kernel.unprivileged_userns_clone=1 (older Debian); in a container: "
                   "--security-opt seccomp=unconfined --security-opt systempaths=unconfined";
    }
    if (error == ENOSYS)
        return "Linux 5.12 or newer is needed";
    return NULL;
}
