#include "exec/sandbox/spawn.h"

#include "exec/folder.h"
#include "exec/sandbox/message.h"
#include "exec/sandbox/probe.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The descriptors that are open while a job is started; -1 where there is none. */
typedef struct {
    int out[2], err[2], report[2];
    int input;
} Pipes;

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void pipes_close(Pipes *p) {
    int *all[] = {&p->out[0], &p->out[1], &p->err[0], &p->err[1], &p->report[0], &p->report[1], &p->input};

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        close_fd(all[i]);
}

/* stdin: what was given, in sealed memory, so that nobody has to feed a pipe; else /dev/null. */
static int open_bytes(GBytes *input) {
    gsize size;
    const char *data = g_bytes_get_data(input, &size);
    int fd = memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING);

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

static int open_input(const Command *command) {
    if (command->input != NULL)
        return open_bytes(command->input);
    if (command->input_fd >= 0)
        return fcntl(command->input_fd, F_DUPFD_CLOEXEC, 3);
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool pipes_open(Pipes *p, const Command *command, GError **error) {
    p->out[0] = p->out[1] = p->err[0] = p->err[1] = p->report[0] = p->report[1] = -1;
    p->input = open_input(command);
    if (p->input < 0)
        return sandbox_set_error(error, "open stdin");
    if (pipe2(p->out, O_CLOEXEC) != 0 || pipe2(p->err, O_CLOEXEC) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->report) != 0) {
        (void)sandbox_set_error(error, "pipe");
        pipes_close(p);
        return false;
    }
    (void)fcntl(p->out[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(p->err[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(p->report[0], F_SETFL, O_NONBLOCK);
    return true;
}

/* Without a mount namespace the work directory and /tmp are directories of the host, for this one job. */
static char *make_folder(const char *folder, GError **error) {
    static const char *const parts[] = {"", COMMAND_WORK, "tmp"};
    g_autofree char *own = g_build_filename(folder, "XXXXXX", NULL);
    const User user = user_of_children();

    if (g_mkdtemp(own) == NULL) {
        (void)sandbox_set_error(error, "make a work directory");
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_build_filename(own, parts[i], NULL);

        if ((i > 0 && mkdir(path, 0700) != 0) ||
            (user.uid != geteuid() && chown(path, user.uid, user.gid) != 0)) {
            (void)sandbox_set_error(error, "make a work directory");
            folder_remove(AT_FDCWD, own);
            return NULL;
        }
    }
    return g_steal_pointer(&own);
}

static guint64 flags_of(const Spawn *spawn, const SandboxChild *child) {
    const Command *command = spawn->command;
    guint64 flags = 0;

    if (command->work.wanted)
        flags |= JOB_WORK;
    if (command->work.outputs != NULL || command->work.keep_fd >= 0)
        flags |= JOB_WANT_WORK;
    /* A base that is used again will be used more often. */
    if (spawn->base->uses > 1)
        flags |= JOB_MORE;
    if (child->group == NULL)
        flags |= JOB_WATCH;
    if (child->group == NULL && child->has_namespaces)
        flags |= JOB_COUNT;
    return flags;
}

static bool send_job(const Spawn *spawn, const Pipes *pipes, SandboxChild *child, GError **error) {
    g_autoptr(GPtrArray) steps = child->has_namespaces ? NULL : root_steps(spawn->command);
    const JobMessage message = {
        .flags = flags_of(spawn, child),
        .folder = child->folder,
        .steps = steps,
        .filter = spawn->filter,
        .build_filter = spawn->build_filter,
        .deadly = spawn->deadly,
        .deadly_size = spawn->deadly_size,
    };
    g_autoptr(GByteArray) payload = message_job(spawn->command, &message);
    int fds[4 + CGROUP_HIERARCHIES] = {pipes->input, pipes->out[1], pipes->err[1], pipes->report[1]};
    guint count = 4;

    G_STATIC_ASSERT(G_N_ELEMENTS(fds) <= WIRE_MOST_FDS);
    if (child->group != NULL)
        count += cgroup_join_fds(child->group, fds + 4);
    child->pidfd = zygote_spawn(spawn->base->zygote, payload, fds, count, error);
    return child->pidfd >= 0;
}

static bool prepare(const Spawn *spawn, SandboxChild *child, GError **error) {
    child->has_namespaces = spawn->isolation->tier >= TIER_NAMESPACES;
    return child->has_namespaces || (child->folder = make_folder(spawn->folder, error)) != NULL;
}

bool spawn_job(const Spawn *spawn, SandboxChild *ret_child, GError **error) {
    SandboxChild child = {
        .pidfd = -1, .out_fd = -1, .err_fd = -1, .report_fd = -1, .base = spawn->base, .group = spawn->group};
    Pipes pipes;

    if (!pipes_open(&pipes, spawn->command, error)) {
        sandbox_child_clear(&child);
        return false;
    }
    if (!prepare(spawn, &child, error) || !send_job(spawn, &pipes, &child, error)) {
        pipes_close(&pipes);
        sandbox_child_clear(&child);
        return false;
    }
    child.out_fd = g_steal_fd(&pipes.out[0]);
    child.err_fd = g_steal_fd(&pipes.err[0]);
    child.report_fd = g_steal_fd(&pipes.report[0]);
    pipes_close(&pipes);
    *ret_child = child;
    return true;
}

bool sandbox_receive(const SandboxChild *child, WireReport *ret_report, int *ret_work, bool *ret_end) {
    bool received = message_receive(child->report_fd, ret_report, sizeof *ret_report, ret_work);

    *ret_end = !received && errno != EAGAIN && errno != EINTR;
    return received;
}

/* With its init, a pid namespace ends; an init without one does that itself. */
void sandbox_kill(const SandboxChild *child) {
    (void)syscall(SYS_pidfd_send_signal, child->pidfd, child->has_namespaces ? SIGKILL : SIGTERM, NULL, 0);
}

void sandbox_child_clear(SandboxChild *child) {
    close_fd(&child->pidfd);
    close_fd(&child->out_fd);
    close_fd(&child->err_fd);
    close_fd(&child->report_fd);
    g_clear_pointer(&child->base, base_release);
    g_clear_pointer(&child->group, cgroup_free);
    if (child->folder != NULL)
        folder_remove(AT_FDCWD, child->folder);
    g_clear_pointer(&child->folder, g_free);
}
