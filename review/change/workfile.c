/* One file of the work tree: read without following a link, hashed as git would store it, and lent to libgit2
 * as if it were in the repository, so that renames and new lines are found in the same way for every source.
 * Nothing is written: libgit2 asks for a blob by its id, and gets the file's bytes, if they still have it. */
#include "exec/text.h"
#include "review/change/private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* O_NONBLOCK: a FIFO does not keep us waiting, and is then seen to be none of ours. */
#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC)

void work_file_free(gpointer data) {
    WorkFile *file = data;

    g_free(file->path);
    g_free(file->problem);
    g_clear_pointer(&file->stored, g_bytes_unref);
    g_clear_pointer(&file->amended, g_bytes_unref);
    g_free(file);
}

/* Opening. */

static int open_component_by_component(int root_fd, const char *path, int flags) {
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    int fd = root_fd;

    for (char **name = names; *name != NULL; name++) {
        int parent = fd;

        if (**name == '\0' || g_str_equal(*name, "..")) {
            errno = EXDEV; /* as openat2() says it */
            fd = -1;
        } else {
            fd = openat(parent, *name,
                        name[1] != NULL ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : flags);
        }
        if (parent != root_fd) {
            int saved = errno;

            close(parent);
            errno = saved;
        }
        if (fd < 0)
            return -1;
    }
    return fd;
}

/* openat2(2) is of Linux 5.6; older container runtimes answer it with EPERM (as any unknown call). */
int work_open_beneath(int root_fd, const char *path, int flags) {
    struct open_how how = {.flags = (guint64)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        return open_component_by_component(root_fd, path, flags);
    return fd;
}

/* Reading. */

static bool set_read_error(GError **error, int code, const char *what) {
    g_set_error(error, CHANGE_ERROR, code, "%s", what);
    return false;
}

static const char *kind_of(mode_t mode) {
    return S_ISDIR(mode)    ? "a directory"
           : S_ISLNK(mode)  ? "a symbolic link"
           : S_ISFIFO(mode) ? "a FIFO"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

static bool is_readable_kind(const struct stat *st, GError **error) {
    g_autofree char *what = NULL;

    if (S_ISREG(st->st_mode) && st->st_size <= (off_t)CAP_FILE_BYTES)
        return true;
    if (S_ISREG(st->st_mode)) {
        what = g_strdup_printf("it is larger than %u bytes", CAP_FILE_BYTES);
        return set_read_error(error, CHANGE_ERROR_LIMIT, what);
    }
    what = g_strdup_printf("it is %s, not a regular file", kind_of(st->st_mode));
    return set_read_error(error, S_ISDIR(st->st_mode) ? CHANGE_ERROR_NO_FILE : CHANGE_ERROR_STATE, what);
}

/* Reads to the end, whatever the size was said to be. */
static GBytes *read_all(int fd, const struct stat *st, GError **error) {
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)st->st_size + 1);

    for (;;) {
        guint len = bytes->len;
        gsize room = MAX((gsize)st->st_size + 1 - MIN(len, (gsize)st->st_size), 4096);
        ssize_t got;

        g_byte_array_set_size(bytes, len + (guint)room);
        do
            got = read(fd, bytes->data + len, room);
        while (got < 0 && errno == EINTR);
        g_byte_array_set_size(bytes, len + (guint)MAX(got, 0));
        if (got < 0) {
            set_read_error(error, CHANGE_ERROR_STATE, g_strerror(errno));
            return NULL;
        }
        if (got == 0)
            return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
        if (bytes->len > CAP_FILE_BYTES) {
            set_read_error(error, CHANGE_ERROR_LIMIT, "it grew over the largest size while it was read");
            return NULL;
        }
    }
}

static GBytes *read_descriptor(int fd, struct stat *ret_stat, GError **error) {
    struct stat st;

    if (fstat(fd, &st) < 0) {
        set_read_error(error, CHANGE_ERROR_STATE, g_strerror(errno));
        return NULL;
    }
    if (!is_readable_kind(&st, error))
        return NULL;
    if (ret_stat != NULL)
        *ret_stat = st;
    return read_all(fd, &st, error);
}

GBytes *work_read(int root_fd, const char *path, struct stat *ret_stat, GError **error) {
    int fd = work_open_beneath(root_fd, path, READ_FLAGS);
    GBytes *bytes;

    if (fd < 0) {
        bool none = errno == ENOENT || errno == ENOTDIR;

        set_read_error(error, none ? CHANGE_ERROR_NO_FILE : CHANGE_ERROR_STATE,
                       errno == ELOOP   ? "it is, or lies behind, a symbolic link, which is not followed"
                       : errno == EXDEV ? "it lies outside of the work tree"
                       : errno == ENXIO ? "it is not a regular file"
                                        : g_strerror(errno));
        return NULL;
    }
    bytes = read_descriptor(fd, ret_stat, error);
    close(fd);
    return bytes;
}

static char *read_link_at(int fd, const char *name, GError **error) {
    char target[PATH_MAX];
    ssize_t len = readlinkat(fd, name, target, sizeof(target));

    if (len < 0 || len == sizeof(target)) {
        set_read_error(error, CHANGE_ERROR_STATE, len < 0 ? g_strerror(errno) : "its target is too long");
        return NULL;
    }
    return g_strndup(target, (gsize)len);
}

char *work_read_link(int root_fd, const char *path, GError **error) {
    /* openat2(2): with O_PATH and O_NOFOLLOW, RESOLVE_NO_SYMLINKS lets the last component be a link. */
    int fd = work_open_beneath(root_fd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    char *target;

    if (fd < 0) {
        set_read_error(error, CHANGE_ERROR_STATE, g_strerror(errno));
        return NULL;
    }
    target = read_link_at(fd, "", error); /* readlink(2): an empty path is the descriptor's own link */
    close(fd);
    return target;
}

/* Hashing. */

bool work_hash_bytes(GBytes *bytes, git_oid *ret_id, GError **error) {
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);

    return git_odb_hash(ret_id, data != NULL ? data : "", len, GIT_OBJECT_BLOB) == 0 ||
           change_git_error(error, "cannot hash it");
}

/* The bytes as git would store them: encoding, line ends and $Id$ normalised as .gitattributes says. Filters
 * that start a program (filter=lfs) are not run. */
GBytes *change_stored(Change *change, const char *path, GBytes *own, GError **error) {
    g_autoptr(GBytes) bytes = work_decode(change, path, own, error);
    git_filter_list *filters = NULL;
    git_buf out = {0};
    GBytes *stored;
    const char *data;
    gsize len;
    int code;

    if (bytes == NULL)
        return NULL;
    data = g_bytes_get_data(bytes, &len);
    if (git_filter_list_load(&filters, change->repo, NULL, path, GIT_FILTER_TO_ODB, GIT_FILTER_ALLOW_UNSAFE) <
        0) {
        change_git_error(error, "cannot load its filters");
        return NULL;
    }
    if (filters == NULL || len == 0) {
        git_filter_list_free(filters);
        return g_bytes_ref(bytes);
    }
    code = git_filter_list_apply_to_buffer(&out, filters, data, len);
    git_filter_list_free(filters);
    stored = code == 0 ? g_bytes_new(out.ptr, out.size) : NULL;
    git_buf_dispose(&out);
    if (stored == NULL)
        change_git_error(error, "cannot apply its filters");
    return stored;
}

bool work_hash(Change *change, const char *path, GBytes *bytes, git_oid *ret_id, GError **error) {
    g_autoptr(GBytes) stored = change_stored(change, path, bytes, error);

    return stored != NULL && work_hash_bytes(stored, ret_id, error);
}

static bool load(Change *change, WorkFile *file, int fd, const char *name, GError **error) {
    g_autoptr(GBytes) bytes = NULL;

    if (S_ISLNK(file->mode)) {
        char *target = read_link_at(fd, name, error);

        bytes = target != NULL ? g_bytes_new_take(target, strlen(target)) : NULL;
        if (bytes == NULL || !work_hash_bytes(bytes, &file->raw, error))
            return false;
        file->blob = file->raw;
        file->size = g_bytes_get_size(bytes);
        return true;
    }
    g_autoptr(GBytes) stored = NULL;
    bytes = work_read(fd, name, NULL, error);
    if (bytes == NULL || !work_hash_bytes(bytes, &file->raw, error) ||
        (stored = change_stored(change, file->path, bytes, error)) == NULL ||
        !work_hash_bytes(stored, &file->blob, error))
        return false;
    file->size = g_bytes_get_size(stored);
    if (!git_oid_equal(&file->raw, &file->blob))
        file->stored = g_steal_pointer(&stored);
    return true;
}

void work_file_load(Change *change, WorkFile *file, int fd, const char *name) {
    g_autoptr(GError) error = NULL;

    file->was_read = load(change, file, fd, name, &error);
    if (!file->was_read)
        file->problem = text_line(error->message, -1, CAP_MESSAGE_BYTES);
}

/* Lending. */

typedef struct {
    git_odb_backend parent;
    Change *change;
} Lender;

/* The stored bytes of a lent file, as they are now; libgit2 itself verifies that they have the id. Called
 * with libgit2's object database locked: nothing here may ask it for an object, as its filters do. */
static GBytes *lent_bytes(git_odb_backend *backend, const git_oid *id) {
    Change *change = ((Lender *)backend)->change;
    const WorkFile *file = g_hash_table_lookup(change->blobs, id);

    if (file == NULL)
        return NULL;
    if (file->stored != NULL)
        return g_bytes_ref(file->stored);
    if (S_ISLNK(file->mode)) {
        char *target = work_read_link(change->root_fd, file->path, NULL);

        return target != NULL ? g_bytes_new_take(target, strlen(target)) : NULL;
    }
    return work_read(change->root_fd, file->path, NULL, NULL);
}

static int lend_read(void **ret_data, size_t *ret_len, git_object_t *ret_type, git_odb_backend *backend,
                     const git_oid *id) {
    g_autoptr(GBytes) bytes = lent_bytes(backend, id);
    gsize len;
    const void *data;

    if (bytes == NULL)
        return GIT_ENOTFOUND;
    data = g_bytes_get_data(bytes, &len);
    *ret_data = git_odb_backend_data_alloc(backend, len + 1);
    if (*ret_data == NULL)
        return GIT_ERROR;
    if (len > 0)
        memcpy(*ret_data, data, len);
    ((char *)*ret_data)[len] = '\0';
    *ret_len = len;
    *ret_type = GIT_OBJECT_BLOB;
    return 0;
}

static int lend_header(size_t *ret_len, git_object_t *ret_type, git_odb_backend *backend, const git_oid *id) {
    const WorkFile *file = g_hash_table_lookup(((Lender *)backend)->change->blobs, id);

    if (file == NULL)
        return GIT_ENOTFOUND;
    *ret_len = file->size;
    *ret_type = GIT_OBJECT_BLOB;
    return 0;
}

static int lend_exists(git_odb_backend *backend, const git_oid *id) {
    return g_hash_table_contains(((Lender *)backend)->change->blobs, id);
}

static void lender_free(git_odb_backend *backend) {
    g_free(backend);
}

bool work_lend_blobs(Change *change, GError **error) {
    g_autoptr(git_odb) odb = NULL;
    Lender *lender = g_new0(Lender, 1);

    git_odb_init_backend(&lender->parent, GIT_ODB_BACKEND_VERSION);
    lender->parent.read = lend_read;
    lender->parent.read_header = lend_header;
    lender->parent.exists = lend_exists;
    lender->parent.free = lender_free;
    lender->change = change;
    /* Before packs and loose objects (priorities 1 and 2). */
    if (git_repository_odb(&odb, change->repo) < 0 || git_odb_add_backend(odb, &lender->parent, 100) < 0) {
        g_free(lender);
        return change_git_error(error, "cannot read the work tree");
    }
    return true;
}
