#include "review/fix/worktree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHANGED "it was changed since it was reviewed"

/* A file that is to be replaced. */
typedef struct {
    int folder;
    const char *name;
    GBytes *expected;
    struct stat st;
} Target;

static bool fail(GError **error, const char *what) {
    g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, what);
    return false;
}

static GBytes *read_all(int fd, gsize size, GError **error) {
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)size + 1);
    guint8 buffer[65536];
    ssize_t got;

    while ((got = read(fd, buffer, sizeof buffer)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || bytes->len + (gsize)got > CAP_FILE_BYTES) {
            fail(error, got < 0 ? g_strerror(errno) : CHANGED);
            return NULL;
        }
        g_byte_array_append(bytes, buffer, (guint)got);
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static const char *why_not_opened(int code) {
    return code == ENOENT    ? "it is not in the work tree any more"
           : code == ENOTDIR ? "it lies behind a symbolic link, which is not followed, or behind a file"
           : code == ELOOP   ? "it is, or lies behind, a symbolic link, which is not followed"
                             : g_strerror(code);
}

static GBytes *read_at(int folder, const char *name, struct stat *ret_stat, GError **error) {
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    GBytes *bytes = NULL;

    if (fd < 0)
        fail(error, why_not_opened(errno));
    else if (fstat(fd, ret_stat) < 0)
        fail(error, g_strerror(errno));
    else if (!S_ISREG(ret_stat->st_mode) || ret_stat->st_size > (off_t)CAP_FILE_BYTES)
        fail(error, S_ISREG(ret_stat->st_mode) ? CHANGED : "it is not a regular file any more");
    else
        bytes = read_all(fd, (gsize)ret_stat->st_size, error);
    if (fd >= 0)
        close(fd);
    return bytes;
}

static int open_folder(const Change *change, const char *path, const char **ret_name, GError **error) {
    int folder = change_open_folder(change, path, ret_name);

    if (folder < 0)
        fail(error, why_not_opened(errno));
    return folder;
}

GBytes *worktree_read(const Change *change, const char *path, GError **error) {
    const char *name;
    int folder = open_folder(change, path, &name, error);
    struct stat st;
    GBytes *bytes;

    if (folder < 0)
        return NULL;
    bytes = read_at(folder, name, &st, error);
    close(folder);
    return bytes;
}

/* Whether the file holds what is expected; then `st` is of it. */
static bool is_expected(Target *target, GError **error) {
    g_autoptr(GBytes) now = read_at(target->folder, target->name, &target->st, error);

    return now != NULL && (g_bytes_equal(now, target->expected) || fail(error, CHANGED));
}

static bool write_all(int fd, GBytes *bytes) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);

    while (len > 0) {
        ssize_t put = write(fd, data, len);

        if (put < 0 && errno != EINTR)
            return false;
        data += MAX(put, 0);
        len -= (gsize)MAX(put, 0);
    }
    return true;
}

/* A file of another owner stays theirs; who cannot see to that leaves it as it is. */
static bool keep_owner(int fd, const struct stat *st, GError **error) {
    struct stat own;

    if (fstat(fd, &own) < 0)
        return fail(error, g_strerror(errno));
    return (own.st_uid == st->st_uid && own.st_gid == st->st_gid) ||
           fchown(fd, st->st_uid, st->st_gid) == 0 || fail(error, "its owner could not be kept");
}

static bool fill(int fd, GBytes *bytes, const struct stat *st, GError **error) {
    if (!write_all(fd, bytes))
        return fail(error, g_strerror(errno));
    if (!keep_owner(fd, st, error))
        return false;
    return (fchmod(fd, st->st_mode & 0777) == 0 && fsync(fd) == 0) || fail(error, g_strerror(errno));
}

static bool move_over(Target *target, const char *temporary, GError **error) {
    struct stat before = target->st;

    if (!is_expected(target, error))
        return false;
    if (before.st_dev != target->st.st_dev || before.st_ino != target->st.st_ino ||
        before.st_mode != target->st.st_mode)
        return fail(error, CHANGED);
    return renameat(target->folder, temporary, target->folder, target->name) == 0 ||
           fail(error, g_strerror(errno));
}

static bool replace(Target *target, const char *temporary, GBytes *bytes, struct stat *ret_stat,
                    GError **error) {
    int fd;
    bool good;

    if (!is_expected(target, error))
        return false;
    fd = openat(target->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, g_strerror(errno));
    good = fill(fd, bytes, &target->st, error) && move_over(target, temporary, error);
    if (!good)
        (void)unlinkat(target->folder, temporary, 0);
    good = good && (fstat(fd, ret_stat) == 0 || fail(error, g_strerror(errno)));
    close(fd);
    return good;
}

/* The rename itself; what does not work with a directory does not matter: the file is whole in any case. */
static void sync_folder(int folder) {
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

bool worktree_replace(const Change *change, Leftovers *leftovers, const char *path, GBytes *expected,
                      GBytes *bytes, struct stat *ret_stat, GError **error) {
    g_autofree char *temporary = leftovers_note(leftovers, path, error);
    Target target = {.expected = expected};
    const char *slash;
    bool good;

    if (temporary == NULL)
        return false;
    target.folder = open_folder(change, path, &target.name, error);
    if (target.folder < 0)
        return false;
    slash = strrchr(temporary, '/');
    good = replace(&target, slash != NULL ? slash + 1 : temporary, bytes, ret_stat, error);
    if (good)
        sync_folder(target.folder);
    close(target.folder);
    return good;
}
