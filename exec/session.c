#include "exec/session.h"

#include "exec/caps.h"
#include "exec/folder.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SESSION_ERROR (g_quark_from_static_string("sallyport-session-error"))
#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* How often a session that somebody else has is asked for. */
#define WAIT_MS 50

#define LOCK_SUFFIX ".lock"

struct Session {
    char *path;  /* of its folder */
    char *tree;  /* in there */
    int lock_fd; /* held as long as it is open */
    int fd;      /* of the folder */
    int next_fd; /* of "next" in there; -1 */
};

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool set_errno(GError **error, const char *what, const char *path) {
    int saved = errno;

    g_set_error(error, SESSION_ERROR, saved, "%s %s: %s", what, path, g_strerror(saved));
    return false;
}

static char *store_path(void) {
    return g_build_filename(g_get_user_state_dir(), "sallyport", "sessions", NULL);
}

bool session_check_name(const char *name, GError **error) {
    if (*name != '\0' && *name != '.' && strlen(name) <= 64 &&
        name[strspn(name, "-._0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0' &&
        !g_str_has_suffix(name, LOCK_SUFFIX))
        return true;
    g_set_error(
        error, SESSION_ERROR, EINVAL,
        "a session's name has at most 64 letters, digits, '.', '_' and '-', and does not begin with '.'");
    return false;
}

/* Whether somebody wants this program to stop, after a while. */
static bool wait_a_little(int cancel_fd) {
    struct pollfd p = {.fd = cancel_fd, .events = POLLIN};

    return poll(&p, 1, WAIT_MS) == 0;
}

/* The lock file, locked. It may have been removed by whoever held it: then it is another one's turn to make
 * it. -1 with errno; EWOULDBLOCK where it is held and `cancel_fd` is -2. */
static int lock(const char *store, const char *name, int cancel_fd) {
    g_autofree char *path = g_strconcat(store, "/", name, LOCK_SUFFIX, NULL);

    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        struct stat held, there;

        if (fd < 0)
            return -1;
        while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EINTR)
                continue;
            if (errno != EWOULDBLOCK || cancel_fd == -2 || !wait_a_little(cancel_fd)) {
                errno = cancel_fd == -2 ? EWOULDBLOCK : ECANCELED;
                close_fd(&fd);
                return -1;
            }
        }
        if (fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino)
            return fd;
        close_fd(&fd);
    }
}

static void unlock_and_remove(const char *store, const char *name, int *fd) {
    g_autofree char *path = g_strconcat(store, "/", name, LOCK_SUFFIX, NULL);

    (void)unlink(path);
    close_fd(fd);
}

static gint64 age_of(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 ? g_get_real_time() / G_USEC_PER_SEC - st.st_mtime : -1;
}

static void remove_folder(const char *store, const char *name) {
    g_autofree char *path = g_build_filename(store, name, NULL);

    folder_remove(AT_FDCWD, path);
}

static void expire(const char *store) {
    g_autoptr(GDir) folder = g_dir_open(store, 0, NULL);
    const char *name;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(store, name, NULL);
        int fd;

        if (g_str_has_suffix(name, LOCK_SUFFIX) || age_of(path) < CAP_SESSION_AGE_S ||
            (fd = lock(store, name, -2)) < 0)
            continue;
        if (age_of(path) >= CAP_SESSION_AGE_S)
            remove_folder(store, name);
        unlock_and_remove(store, name, &fd);
    }
}

/* A run that was killed has left "next"; between the two steps of session_keep() it has left no "tree", and
 * what there was is "old". */
static void recover(const Session *session) {
    if (faccessat(session->fd, "tree", F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        (void)renameat(session->fd, "old", session->fd, "tree");
    folder_remove(session->fd, "next");
    folder_remove(session->fd, "old");
}

static bool prepare(Session *session, GError **error) {
    const User user = user_of_children();

    session->fd = open(session->path, FOLDER);
    if (session->fd < 0)
        return set_errno(error, "open", session->path);
    recover(session);
    if (mkdirat(session->fd, "tree", 0755) != 0 && errno != EEXIST)
        return set_errno(error, "make", session->tree);
    if (user.uid != geteuid() && fchownat(session->fd, "tree", user.uid, user.gid, AT_SYMLINK_NOFOLLOW) != 0)
        return set_errno(error, "chown", session->tree);
    return true;
}

Session *session_open(const char *name, int cancel_fd, GError **error) {
    g_autofree char *store = store_path();
    g_autoptr(Session) session = g_new0(Session, 1);

    session->lock_fd = session->fd = session->next_fd = -1;
    if (!session_check_name(name, error))
        return NULL;
    session->path = g_build_filename(store, name, NULL);
    session->tree = g_build_filename(session->path, "tree", NULL);
    if (g_mkdir_with_parents(store, 0700) != 0) {
        set_errno(error, "make", store);
        return NULL;
    }
    expire(store);
    session->lock_fd = lock(store, name, cancel_fd);
    if (session->lock_fd < 0 || (mkdir(session->path, 0700) != 0 && errno != EEXIST)) {
        set_errno(error, "open the session", name);
        return NULL;
    }
    return prepare(session, error) ? g_steal_pointer(&session) : NULL;
}

const char *session_tree(const Session *session) {
    return session->tree;
}

int session_next(Session *session, GError **error) {
    if (mkdirat(session->fd, "next", 0755) == 0)
        session->next_fd = openat(session->fd, "next", FOLDER);
    if (session->next_fd < 0)
        set_errno(error, "make a folder in", session->path);
    return session->next_fd;
}

bool session_keep(Session *session, GError **error) {
    const User user = user_of_children();

    if (user.uid != geteuid() && !folder_give(session->next_fd, user.uid, user.gid))
        return set_errno(error, "chown", session->path);
    folder_remove(session->fd, "old");
    if (renameat(session->fd, "tree", session->fd, "old") != 0 ||
        renameat(session->fd, "next", session->fd, "tree") != 0)
        return set_errno(error, "rename in", session->path);
    folder_remove(session->fd, "old");
    (void)futimens(session->fd, NULL);
    return true;
}

void session_close(Session *session) {
    if (session == NULL)
        return;
    if (session->next_fd >= 0)
        folder_remove(session->fd, "next"); /* gone, where it was kept */
    close_fd(&session->next_fd);
    close_fd(&session->fd);
    close_fd(&session->lock_fd);
    g_free(session->path);
    g_free(session->tree);
    g_free(session);
}

static void info_free(SessionInfo *info) {
    g_free(info->name);
    g_free(info);
}

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp((*(SessionInfo *const *)a)->name, (*(SessionInfo *const *)b)->name);
}

static SessionInfo *info_new(const char *store, const char *name) {
    g_autofree char *path = g_build_filename(store, name, NULL);
    g_autofree char *tree = g_build_filename(path, "tree", NULL);
    SessionInfo *info = g_new0(SessionInfo, 1);
    int fd = open(tree, FOLDER);

    info->name = g_strdup(name);
    info->age_s = MAX(age_of(path), 0);
    if (fd >= 0)
        folder_usage(fd, &info->bytes, &info->files);
    close_fd(&fd);
    return info;
}

GPtrArray *session_list(void) {
    g_autofree char *store = store_path();
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)info_free);
    g_autoptr(GDir) folder = NULL;
    const char *name;

    expire(store);
    folder = g_dir_open(store, 0, NULL);
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
        if (!g_str_has_suffix(name, LOCK_SUFFIX))
            g_ptr_array_add(list, info_new(store, name));
    g_ptr_array_sort(list, compare_names);
    return list;
}

bool session_remove(const char *name, GError **error) {
    g_autofree char *store = store_path(), *path = g_build_filename(store, name, NULL);
    int fd;

    if (!session_check_name(name, error))
        return false;
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, SESSION_ERROR, ENOENT, "there is no session '%s'", name);
        return false;
    }
    fd = lock(store, name, -2);
    if (fd < 0) {
        g_set_error(error, SESSION_ERROR, errno, "the session '%s' is in use", name);
        return false;
    }
    remove_folder(store, name);
    unlock_and_remove(store, name, &fd);
    return true;
}
