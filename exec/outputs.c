#include "exec/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static GBytes *read_file(int fd, guint64 most, const char **ret_error) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 buffer[65536];
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        *ret_error = "not a regular file";
        return NULL;
    }
    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            *ret_error = g_strerror(errno);
            return NULL;
        }
        g_byte_array_append(bytes, buffer, (guint)n);
        if (bytes->len > most) {
            *ret_error = "too large";
            return NULL;
        }
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

/* O_NONBLOCK: to open a FIFO must not wait for a writer. */
static Output *collect_one(int work_fd, const char *path, guint64 most) {
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    Output *output = g_new0(Output, 1);
    int fd = (int)syscall(SYS_openat2, work_fd, path, &how, sizeof how);
    const char *error = fd < 0 ? g_strerror(errno) : NULL;

    output->path = g_strdup(path);
    if (fd >= 0) {
        output->bytes = read_file(fd, most, &error);
        close(fd);
    }
    output->error = g_strdup(error);
    return output;
}

GPtrArray *outputs_collect(int work_fd, const Command *command) {
    GPtrArray *outputs = command_outputs_new();

    for (char **path = command->work.outputs; path != NULL && *path != NULL; path++)
        g_ptr_array_add(outputs, collect_one(work_fd, *path, MIN(command->limits.file_size, G_MAXUINT / 2)));
    return outputs;
}
