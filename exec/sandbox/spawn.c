#include "exec/sandbox/spawn.h"

#include "exec/folder.h"
#include "exec/sandbox/error.h"
#include "exec/sandbox/message.h"
#include "exec/sandbox/probe.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How long a kernel that is slow has for the end of a process that has nothing left to do. */
#define INIT_END_MS 2000

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
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

/* A terminal mostly is open for writing as well, and would obey what is written to it there. What is no file
 * that could be opened again, such as a socket, is given as it is. */
static int open_for_reading(int fd) {
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    int again;

    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
        return fcntl(fd, F_DUPFD_CLOEXEC, 3);
    again = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (again < 0)
        return isatty(fd) ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
    (void)lseek(again, lseek(fd, 0, SEEK_CUR), SEEK_SET);
    return again;
}

static int open_input(const Command *command) {
    if (command->input != NULL)
        return open_bytes(command->input);
    if (command->input_fd >= 0)
        return open_for_reading(command->input_fd);
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool open_pipes(BasePipes *p, GError **error) {
    if (pipe2(p->out, O_CLOEXEC) != 0 || pipe2(p->err, O_CLOEXEC) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->report) != 0)
        return sandbox_set_error(error, "pipe");
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

/* Root's jobs are another user, who may not be able to come to the tree. */
static bool copy_tree(const Command *command, const char *folder, bool *ret_copied, GError **error) {
    const User user = user_of_children();
    g_autofree char *work = g_build_filename(folder, COMMAND_WORK, NULL);
    int from, to;

    *ret_copied = command->work.tree != NULL && user.uid != geteuid();
    if (!*ret_copied)
        return true;
    from = open(command->work.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    to = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool copied = from >= 0 && to >= 0 && folder_copy(from, to) && folder_give(to, user.uid, user.gid);
    int saved = errno;
    close_fd(&from);
    close_fd(&to);
    errno = saved;
    return copied || sandbox_set_error(error, "copy the tree to the work directory");
}

static bool are_equal(const Limits *a, const Limits *b) {
    for (const LimitInfo *info = limit_infos; info->name != NULL; info++)
        if (memcmp((const char *)a + info->offset, (const char *)b + info->offset, sizeof(guint64)) != 0)
            return false;
    return true;
}

bool spawn_prepare(const Spawn *spawn, GError **error) {
    g_autoptr(BasePlace) place = base_place_new(spawn->limits, spawn->filter);
    int fds[CGROUP_HIERARCHIES];
    guint64 flags = 0;
    guint count = 0;

    if (!open_pipes(&place->pipes, error) ||
        (spawn->groups != NULL && (place->group = cgroup_new(spawn->groups, spawn->limits, error)) == NULL))
        return false;
    if (place->group != NULL)
        count = cgroup_join_fds(place->group, fds);
    else
        flags = PLACE_WATCH | (spawn->namespaces ? PLACE_COUNT : 0);
    g_autoptr(GByteArray) payload = message_place(flags, spawn->limits, spawn->filter, spawn->deadly);
    if (!zygote_place(spawn->base->zygote, payload, fds, count, error))
        return false;
    spawn->base->next = g_steal_pointer(&place);
    return true;
}

static bool fits(const BasePlace *place, const Spawn *spawn) {
    return g_bytes_equal(place->filter, spawn->filter) && are_equal(&place->limits, spawn->limits);
}

/* What was made ahead is taken, if it fits. */
static BasePlace *take_place(const Spawn *spawn, int *ret_pidfd, GError **error) {
    SandboxBase *base = spawn->base;
    g_autoptr(BasePlace) place = NULL;

    if (base->next == NULL && !spawn_prepare(spawn, error))
        return NULL;
    place = g_steal_pointer(&base->next);
    *ret_pidfd = zygote_take_place(base->zygote, error);
    if (*ret_pidfd < 0)
        return NULL;
    if (fits(place, spawn))
        return g_steal_pointer(&place);
    close_fd(ret_pidfd);
    return zygote_drop(base->zygote, error) ? take_place(spawn, ret_pidfd, error) : NULL;
}

static bool send_job(const Spawn *spawn, const SandboxChild *child, const BasePipes *pipes, int input,
                     bool has_tree, GError **error) {
    const Command *command = spawn->command;
    g_autoptr(GPtrArray) steps = child->has_namespaces ? NULL : root_steps(command);
    const JobMessage message = {
        .flags = (command->work.wanted ? JOB_WORK : 0) |
                 (command->work.outputs != NULL || command->work.keep_fd >= 0 ? JOB_WANT_WORK : 0),
        .folder = child->folder,
        .has_tree = has_tree,
        .steps = steps,
        .build_filter = spawn->build_filter,
    };
    g_autoptr(GByteArray) payload = message_job(command, &message);
    const int fds[] = {input, pipes->out[1], pipes->err[1], pipes->report[1]};

    return zygote_spawn(spawn->base->zygote, payload, fds, G_N_ELEMENTS(fds), error);
}

/* Nothing is waited for any more that could fail, once a place has been taken. */
static bool start_with(const Spawn *spawn, int input, SandboxChild *child, GError **error) {
    g_autoptr(BasePlace) place = NULL;
    bool has_tree = false, started;

    if (!child->has_namespaces && ((child->folder = make_folder(spawn->folder, error)) == NULL ||
                                   !copy_tree(spawn->command, child->folder, &has_tree, error)))
        return false;
    place = take_place(spawn, &child->pidfd, error);
    if (place == NULL)
        return false;
    started = send_job(spawn, child, &place->pipes, input, has_tree, error);
    child->group = g_steal_pointer(&place->group);
    child->out_fd = g_steal_fd(&place->pipes.out[0]);
    child->err_fd = g_steal_fd(&place->pipes.err[0]);
    child->report_fd = g_steal_fd(&place->pipes.report[0]);
    return started;
}

static bool start(const Spawn *spawn, SandboxChild *child, GError **error) {
    int input = open_input(spawn->command);
    bool started;

    child->has_namespaces = spawn->namespaces;
    started = input >= 0 ? start_with(spawn, input, child, error) : sandbox_set_error(error, "open stdin");
    close_fd(&input);
    return started;
}

bool spawn_job(const Spawn *spawn, SandboxChild *ret_child, GError **error) {
    SandboxChild child = {.pidfd = -1, .out_fd = -1, .err_fd = -1, .report_fd = -1, .base = spawn->base};

    if (!start(spawn, &child, error)) {
        sandbox_child_clear(&child);
        return false;
    }
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

/* An init without a pid namespace is waited for, so that it is not left to somebody else when its base ends:
 * that takes it at once. After its report it has nothing else to do but to end. */
static void wait_for_init(const SandboxChild *child) {
    struct pollfd p = {.fd = child->pidfd, .events = POLLIN};

    if (child->pidfd >= 0 && !child->has_namespaces)
        (void)poll(&p, 1, INIT_END_MS);
}

void sandbox_child_clear(SandboxChild *child) {
    wait_for_init(child);
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
