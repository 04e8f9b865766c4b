#include "exec/sandbox/janitor.h"

#include "exec/sandbox/image.h"
#include "exec/sandbox/sandbox.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct Janitor {
    pid_t pid;
    int socket;
};

static void add(GStrvBuilder *argv, char kind, const char *const *paths) {
    for (; paths != NULL && *paths != NULL; paths++) {
        g_autofree char *argument = g_strdup_printf("%c%s", kind, *paths);

        g_strv_builder_add(argv, argument);
    }
}

static pid_t start(int image, char **argv, int *ret_socket, GError **error) {
    int sockets[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        (void)sandbox_set_error(error, "socketpair");
        return -1;
    }
    pid = image_start(image, argv, sockets[1], false);
    if (pid < 0)
        (void)sandbox_set_error(error, "start a process");
    close(sockets[1]);
    if (pid < 0)
        close(sockets[0]);
    else
        *ret_socket = sockets[0];
    return pid;
}

Janitor *janitor_start(const char *const *folders, const char *const *groups, GError **error) {
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) argv = NULL;
    Janitor *janitor;
    int image = image_open(error), socket;
    pid_t pid;

    if (image < 0)
        return NULL;
    g_strv_builder_add_many(builder, "sallyport-init", "janitor", NULL);
    add(builder, 'F', folders);
    add(builder, 'G', groups);
    argv = g_strv_builder_end(builder);
    pid = start(image, argv, &socket, error);
    close(image);
    if (pid < 0)
        return NULL;
    janitor = g_new0(Janitor, 1);
    janitor->pid = pid;
    janitor->socket = socket;
    return janitor;
}

void janitor_free(Janitor *janitor) {
    if (janitor == NULL)
        return;
    (void)!write(janitor->socket, "", 1);
    close(janitor->socket);
    (void)waitpid(janitor->pid, NULL, 0);
    g_free(janitor);
}
