#include "review/fix/leftovers.h"

#include "exec/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT "sallyport-fix-"           /* in git's folder */
#define TEMPORARY ".sallyport-fix-"        /* in the work tree */
#define MOST_ACCOUNT (CAP_FILE_BYTES >> 2) /* bytes of an account that are read */

struct Leftovers {
    char *file;
    int fd;
};

static bool fail(GError **error, const char *file) {
    int saved = errno;
    g_autofree char *shown = text_path(file);

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: %s", shown, g_strerror(saved));
    return false;
}

/* Random: whoever can write to the work tree cannot be there first. */
static char *random_name(const char *head) {
    guint32 a = g_random_int(), b = g_random_int();

    return g_strdup_printf("%s%08x%08x", head, a, b);
}

/* Until it is locked, another run may take it for one that was left, and remove it. */
static int create(const char *file) {
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat st;

    if (fd < 0 || (flock(fd, LOCK_EX) == 0 && fstat(fd, &st) == 0 && st.st_nlink > 0))
        return fd;
    close(fd);
    errno = EAGAIN;
    return -1;
}

Leftovers *leftovers_open(const Change *change, GError **error) {
    g_autofree char *name = random_name(ACCOUNT);
    g_autofree char *file = g_build_filename(change_git_folder(change), name, NULL);
    Leftovers *leftovers;
    int fd = create(file);

    if (fd < 0) {
        fail(error, file);
        return NULL;
    }
    leftovers = g_new0(Leftovers, 1);
    leftovers->file = g_steal_pointer(&file);
    leftovers->fd = fd;
    return leftovers;
}

void leftovers_close(Leftovers *leftovers) {
    if (leftovers == NULL)
        return;
    (void)unlink(leftovers->file);
    close(leftovers->fd);
    g_free(leftovers->file);
    g_free(leftovers);
}

char *leftovers_note(Leftovers *leftovers, const char *path, GError **error) {
    g_autofree char *name = random_name(TEMPORARY), *folder = g_path_get_dirname(path);
    g_autofree char *temporary =
        strcmp(folder, ".") == 0 ? g_strdup(name) : g_build_filename(folder, name, NULL);
    gsize len = strlen(temporary) + 1; /* each is ended by a NUL byte */

    if (write(leftovers->fd, temporary, len) != (gssize)len) {
        fail(error, leftovers->file);
        return NULL;
    }
    return g_steal_pointer(&temporary);
}

/* Sweeping. */

static void remove_temporary(const Change *change, const char *path) {
    const char *name;
    int folder = change_open_folder(change, path, &name);

    if (folder < 0)
        return;
    if (g_str_has_prefix(name, TEMPORARY))
        (void)unlinkat(folder, name, 0);
    close(folder);
}

/* A name that is not ended was never used: the file is made after it. */
static void sweep_account(const Change *change, const char *file) {
    int fd = open(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    g_autofree char *text = NULL;
    struct stat st;
    ssize_t len;

    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_size <= (off_t)MOST_ACCOUNT) {
        text = g_malloc((gsize)st.st_size + 1);
        len = read(fd, text, (gsize)st.st_size);
        text[MAX(len, 0)] = '\0';
        for (const char *path = text; path + strlen(path) < text + MAX(len, 0); path += strlen(path) + 1)
            remove_temporary(change, path);
        (void)unlink(file);
    }
    close(fd);
}

void leftovers_sweep(const Change *change) {
    g_autoptr(GDir) folder = g_dir_open(change_git_folder(change), 0, NULL);
    const char *name;

    while (folder != NULL && change_root(change) != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(change_git_folder(change), name, NULL);

        if (g_str_has_prefix(name, ACCOUNT))
            sweep_account(change, file);
    }
}
