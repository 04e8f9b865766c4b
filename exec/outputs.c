#include "exec/outputs.h"

#include "exec/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
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

char *outputs_keep(int work_fd, const Command *command) {
    guint64 bytes, files;

    folder_usage(work_fd, &bytes, &files);
    if (bytes > command->limits.disk || files > command->limits.inodes)
        return g_strdup("the work directory is larger than the limits `disk` and `inodes`");
    if (!folder_copy(work_fd, command->work.keep_fd))
        return g_strdup_printf("the work directory could not be copied: %s", g_strerror(errno));
    return NULL;
}

/* A folder on the way to an output; made where it is missing. -1 with errno: a link is an error. */
static int enter(int parent, const char *name) {
    struct open_how how = {
        .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };

    if (mkdirat(parent, name, 0777) != 0 && errno != EEXIST)
        return -1;
    return (int)syscall(SYS_openat2, parent, name, &how, sizeof how);
}

static bool write_new(int folder, const char *name, GBytes *bytes) {
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    gsize left;
    const char *data = g_bytes_get_data(bytes, &left);
    bool good = fd >= 0;

    while (good && left > 0) {
        ssize_t n = write(fd, data, left);

        good = n > 0 || (n < 0 && errno == EINTR);
        data += MAX(n, 0);
        left -= (gsize)MAX(n, 0);
    }
    return fd >= 0 && close(fd) == 0 && good;
}

/* Beside its place first, then there in one step. */
static bool write_at(int folder, const char *name, GBytes *bytes) {
    g_autofree char *beside = g_strdup_printf(".%s.%08x", name, g_random_int());

    if (write_new(folder, beside, bytes) && renameat(folder, beside, folder, name) == 0)
        return true;
    (void)unlinkat(folder, beside, 0);
    return false;
}

static bool write_one(int root, const Output *output) {
    g_auto(GStrv) parts = g_strsplit(output->path, "/", -1);
    int fd = fcntl(root, F_DUPFD_CLOEXEC, 0);
    bool written;

    for (char **part = parts; fd >= 0 && part[1] != NULL; part++) {
        int next = enter(fd, *part);

        close(fd);
        fd = next;
    }
    written = fd >= 0 && write_at(fd, parts[g_strv_length(parts) - 1], output->bytes);
    if (fd >= 0)
        close(fd);
    return written;
}

bool outputs_write(const GPtrArray *outputs, const char *folder, GError **error) {
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = root >= 0;

    for (guint i = 0; good && i < outputs->len; i++) {
        const Output *output = outputs->pdata[i];

        if (output->bytes == NULL || write_one(root, output))
            continue;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", output->path,
                    g_strerror(errno));
        good = false;
    }
    if (root < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", folder, g_strerror(errno));
    else
        close(root);
    return good;
}

const char *outputs_wrong_path(const char *path) {
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);

    if (*path == '\0')
        return "an output has a name";
    if (g_path_is_absolute(path))
        return "a path in the work directory is relative";
    for (char **part = parts; *part != NULL; part++) {
        if (strcmp(*part, "..") == 0 || strcmp(*part, ".") == 0 || **part == '\0')
            return "a path without '.', '..' and empty parts is needed";
        if (g_ascii_strcasecmp(*part, ".git") == 0)
            return "nothing is written into '.git'";
    }
    return NULL;
}
