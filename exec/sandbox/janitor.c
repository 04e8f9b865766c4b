#include "exec/sandbox/janitor.h"

#include "exec/sandbox/error.h"
#include "exec/sandbox/image.h"

#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

struct Janitor {
    int socket;
};

static void add(GStrvBuilder *argv, char kind, const char *const *paths) {
    for (; paths != NULL && *paths != NULL; paths++) {
        g_autofree char *argument = g_strdup_printf("%c%s", kind, *paths);

        g_strv_builder_add(argv, argument);
    }
}

char *janitor_new_path(void) {
    guint64 random;

    while (getrandom(&random, sizeof random, 0) != sizeof random)
        ;
    g_autofree char *name = g_strdup_printf("sallyport-%016" G_GINT64_MODIFIER "x", random);
    /* TMPDIR may be relative, or lead through a link: what runs there is told its real path by getcwd(3). */
    g_autofree char *real = realpath(g_get_tmp_dir(), NULL);
    g_autofree char *folder = g_canonicalize_filename(real != NULL ? real : g_get_tmp_dir(), NULL);

    return g_build_filename(folder, name, NULL);
}

Janitor *janitor_start(int image, const char *const *folders, const char *const *groups, GError **error) {
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) argv = NULL;
    Janitor *janitor;
    int sockets[2];
    bool started;

    g_strv_builder_add_many(builder, "sallyport-init", "janitor", NULL);
    add(builder, 'F', folders);
    add(builder, 'G', groups);
    argv = g_strv_builder_end(builder);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
        (void)sandbox_set_error(error, "socketpair");
        return NULL;
    }
    started = image_start_detached(image, argv, sockets[1]) || sandbox_set_error(error, "start a process");
    close(sockets[1]);
    if (!started) {
        close(sockets[0]);
        return NULL;
    }
    janitor = g_new0(Janitor, 1);
    janitor->socket = sockets[0];
    return janitor;
}

void janitor_free(Janitor *janitor) {
    if (janitor == NULL)
        return;
    (void)!write(janitor->socket, "", 1);
    close(janitor->socket);
    g_free(janitor);
}
