#include "review/fix/index_lock.h"

#include "exec/text.h"
#include "review/change/change.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "held by sallyport\n"
#define TEMPORARY ".sallyport-"

struct IndexLock {
    char *file; /* the index */
    char *lock;
    int fd;
};

static bool fail(GError **error, const char *file, const char *what) {
    g_autofree char *shown = text_path(file);

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: %s", shown, what);
    return false;
}

static char *temporary_name(const char *file) {
    guint32 a = g_random_int(), b = g_random_int();

    return g_strdup_printf("%s" TEMPORARY "%08x%08x", file, a, b);
}

/* The lock appears with its mark, and locked: it is made under another name first. */
static int make(const char *temporary) {
    int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) == 0 && write(fd, MARK, strlen(MARK)) == strlen(MARK)))
        return fd;
    (void)unlink(temporary);
    close(fd);
    return -1;
}

/* Whether what stands there is ours, and of a run that is no more. Then it stays locked, and nobody else
 * finds the same, until `*ret_fd` is closed. */
static bool is_abandoned(const char *lock, int *ret_fd) {
    char mark[sizeof(MARK)] = "";
    int fd = open(lock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat held, there;

    *ret_fd = fd;
    return fd >= 0 && read(fd, mark, sizeof(mark)) == strlen(MARK) && strcmp(mark, MARK) == 0 &&
           flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &held) == 0 &&
           fstatat(AT_FDCWD, lock, &there, AT_SYMLINK_NOFOLLOW) == 0 && held.st_ino == there.st_ino &&
           held.st_dev == there.st_dev;
}

static bool place(const char *temporary, const char *lock, GError **error) {
    int old_fd = -1, why = link(temporary, lock) == 0 ? 0 : errno;

    if (why == EEXIST && is_abandoned(lock, &old_fd))
        why = unlink(lock) == 0 && link(temporary, lock) == 0 ? 0 : errno;
    if (old_fd >= 0)
        close(old_fd);
    if (why == 0)
        return true;
    return fail(error, lock,
                why == EEXIST
                    ? "it exists: another program changes the index; if none does any more, remove it"
                    : g_strerror(why));
}

/* A temporary file is locked by whoever writes it, or, where libgit2 does, only written while the index's
 * lock is held, which is ours now. */
static void sweep(const char *file) {
    g_autofree char *folder = g_path_get_dirname(file), *base = g_path_get_basename(file);
    g_autofree char *head = g_strconcat(base, TEMPORARY, NULL);
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    const char *name;

    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        int fd =
            g_str_has_prefix(name, head) ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;

        if (fd < 0)
            continue;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            (void)unlink(path);
        close(fd);
    }
}

IndexLock *index_lock_take(const char *file, GError **error) {
    g_autoptr(IndexLock) lock = g_new0(IndexLock, 1);
    g_autofree char *temporary = temporary_name(file);
    int fd;

    lock->file = g_strdup(file);
    lock->fd = -1;
    fd = make(temporary);
    if (fd < 0) {
        fail(error, temporary, g_strerror(errno));
        return NULL;
    }
    lock->fd = fd;
    lock->lock = g_strconcat(file, ".lock", NULL);
    if (!place(temporary, lock->lock, error))
        g_clear_pointer(&lock->lock, g_free);
    (void)unlink(temporary);
    if (lock->lock == NULL)
        return NULL;
    sweep(file);
    return g_steal_pointer(&lock);
}

void index_lock_free(IndexLock *lock) {
    if (lock == NULL)
        return;
    if (lock->lock != NULL)
        (void)unlink(lock->lock);
    if (lock->fd >= 0)
        close(lock->fd);
    g_free(lock->lock);
    g_free(lock->file);
    g_free(lock);
}

char *index_lock_temporary(const IndexLock *lock) {
    return temporary_name(lock->file);
}
