#include "exec/sandbox/zygote.h"

#include "exec/sandbox/error.h"
#include "exec/sandbox/image.h"
#include "exec/sandbox/message.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct Zygote {
    pid_t pid;
    int socket;
    bool ready; /* it has said so */
};

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
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
    const User user = user_of_children();
    g_autofree char *uids = g_strdup_printf("%d %u 1", ZYGOTE_INSIDE_ID, user.uid);
    g_autofree char *gids = g_strdup_printf("%d %u 1", ZYGOTE_INSIDE_ID, user.gid);

    /* Only who may set groups in the namespace above may leave that open. */
    if (user.uid == geteuid() && !write_proc(pid, "setgroups", "deny"))
        return sandbox_set_error(error, "write setgroups");
    if (!write_proc(pid, "uid_map", uids))
        return sandbox_set_error(error, "write uid_map");
    if (!write_proc(pid, "gid_map", gids))
        return sandbox_set_error(error, "write gid_map");
    return true;
}

static bool tell(const Zygote *zygote, guint32 kind, const GByteArray *payload, const int *fds, guint count,
                 GError **error) {
    return message_send(zygote->socket, kind, payload, fds, count) ||
           sandbox_set_error(error, "talk to sallyport-init");
}

/* Takes the answer: the descriptor that came with it in `*ret_fd`, else -1. */
static bool take_answer(const Zygote *zygote, int *ret_fd, GError **error) {
    WireReport report = {0};
    char step[sizeof report.step + 1] = {0};

    *ret_fd = -1;
    if (!message_receive(zygote->socket, &report, sizeof report, ret_fd))
        return sandbox_set_error(error, "talk to sallyport-init");
    if (report.kind == REPORT_READY)
        return true;
    close_fd(ret_fd);
    memcpy(step, report.step, sizeof report.step);
    errno = report.error;
    return sandbox_set_error(error, step);
}

Zygote *zygote_start(int image, bool namespaces, const GByteArray *payload, GError **error) {
    g_autoptr(Zygote) zygote = g_new0(Zygote, 1);
    char *argv[] = {(char *)"sallyport-init", (char *)(namespaces ? "base" : "plain"), NULL};
    int sockets[2];

    zygote->pid = zygote->socket = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        (void)sandbox_set_error(error, "socketpair");
        return NULL;
    }
    zygote->socket = sockets[0];
    zygote->pid = image_start(image, argv, sockets[1], namespaces);
    int saved = errno;
    close(sockets[1]);
    errno = saved;
    if (zygote->pid < 0) {
        (void)sandbox_set_error(error, namespaces ? "create namespaces" : "start a process");
        return NULL;
    }
    if ((namespaces && !write_maps(zygote->pid, error)) || !tell(zygote, WIRE_BASE, payload, NULL, 0, error))
        return NULL;
    return g_steal_pointer(&zygote);
}

bool zygote_wait(Zygote *zygote, GError **error) {
    int none;

    if (!zygote->ready)
        zygote->ready = take_answer(zygote, &none, error);
    return zygote->ready;
}

void zygote_free(Zygote *zygote) {
    if (zygote == NULL)
        return;
    close_fd(&zygote->socket);
    if (zygote->pid > 0)
        (void)kill(zygote->pid, SIGKILL);
    if (zygote->pid > 0)
        (void)waitpid(zygote->pid, NULL, 0);
    g_free(zygote);
}

bool zygote_place(Zygote *zygote, const GByteArray *payload, const int *fds, guint count, GError **error) {
    return tell(zygote, WIRE_PLACE, payload, fds, count, error);
}

int zygote_take_place(Zygote *zygote, GError **error) {
    int pidfd;

    return take_answer(zygote, &pidfd, error) ? pidfd : -1;
}

bool zygote_drop(Zygote *zygote, GError **error) {
    g_autoptr(GByteArray) nothing = g_byte_array_new();

    return tell(zygote, WIRE_DROP, nothing, NULL, 0, error);
}

bool zygote_spawn(Zygote *zygote, const GByteArray *payload, const int *fds, guint count, GError **error) {
    return tell(zygote, WIRE_JOB, payload, fds, count, error);
}
