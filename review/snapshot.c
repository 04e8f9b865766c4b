/* Paths come from git's trees, which anybody can make: "../x", "a/../../x", ".git/config", a file "a" beside
 * "a/b", a link "a" that points outside. So every step is one name below a descriptor that is held open,
 * opened with O_NOFOLLOW, made with O_EXCL: there is no path that the kernel could resolve to somewhere else.
 */
#include "review/snapshot.h"

#include "exec/folder.h"
#include "exec/sandbox/image.h"
#include "exec/sandbox/janitor.h"
#include "exec/text.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders on the way to a file. Removal holds one descriptor for each. */
#define MOST_FOLDERS 128

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* A folder in which files are laid out. The one that was last written into stays open: files come in order
 * of path, so most of them go to the same. */
typedef struct {
    char *path;
    int fd;
    GString *last; /* relative; "" is the layout itself */
    int last_fd;   /* -1: not open */
    User owner;
} Layout;

struct Snapshot {
    char *path;
    Janitor *janitor; /* removes it where this process cannot any more */
    Layout review, tree;
    GHashTable *reviewed; /* paths of the change that are in `review` */
    GHashTable *config;   /* path -> GBytes or NULL: configuration that was looked for */
    GHashTable *context;  /* further paths in `review`, or that the head side has not */
};

static bool set_errno(GError **error, const char *path, const char *what, int code) {
    g_autofree char *shown = text_path(path);

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "%s: %s: %s", shown, what,
                g_strerror(code));
    return false;
}

static bool set_refused(GError **error, const char *path, const char *why) {
    g_autofree char *shown = text_path(path);

    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: cannot be laid out: %s", shown, why);
    return false;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Names. */

/* ".git" in any case: a repository of the change's making must not steer a git that runs in the snapshot. */
static bool is_name_allowed(const char *name, gsize len) {
    return len > 0 && !(len == 1 && name[0] == '.') && !(len == 2 && name[0] == '.' && name[1] == '.') &&
           !(len == 4 && g_ascii_strncasecmp(name, ".git", 4) == 0);
}

static bool is_path_allowed(const char *path, GError **error) {
    guint folders = 0;

    for (const char *name = path;; name++) {
        gsize len = strcspn(name, "/");

        if (!is_name_allowed(name, len))
            return set_refused(error, path,
                               "it is absolute, or has a part that is empty, '.', '..' or '.git'");
        name += len;
        if (*name == '\0')
            return true;
        if (++folders > MOST_FOLDERS)
            return set_refused(error, path, "it lies too deep");
    }
}

/* Folders. */

/* Gives what was just made to the layout's owner. */
static bool give(int fd, const Layout *layout) {
    return layout->owner.uid == geteuid() || fchown(fd, layout->owner.uid, layout->owner.gid) == 0;
}

/* Opens the folder `name` in `parent`, which is made where it is missing. The mode is set, not left to the
 * umask. -1 with errno. */
static int enter(const Layout *layout, int parent, const char *name) {
    int fd = openat(parent, name, FOLDER_FLAGS);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (mkdirat(parent, name, 0755) < 0)
        return -1;
    fd = openat(parent, name, FOLDER_FLAGS);
    if (fd >= 0 && (fchmod(fd, 0755) < 0 || !give(fd, layout)))
        close_fd(&fd);
    return fd;
}

/* Opens the folder of `len` bytes of `path` as the last one. */
static bool enter_all(Layout *layout, const char *path, gsize len, GError **error) {
    g_autofree char *folder = g_strndup(path, len);
    int fd = fcntl(layout->fd, F_DUPFD_CLOEXEC, 0);

    close_fd(&layout->last_fd);
    for (char *name = folder, *next; fd >= 0 && name != NULL && *name != '\0'; name = next) {
        int parent = fd, saved;

        next = strchr(name, '/');
        if (next != NULL)
            *next++ = '\0';
        fd = enter(layout, parent, name);
        saved = errno;
        close(parent);
        errno = saved;
    }
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return set_refused(error, path, "one of its folders is a file or a symbolic link");
    if (fd < 0)
        return set_errno(error, path, "cannot make its folder", errno);
    layout->last_fd = fd;
    g_string_truncate(layout->last, 0);
    g_string_append_len(layout->last, path, (gssize)len);
    return true;
}

/* Opens the folder of `path`, and gives what follows it. */
static bool enter_folder(Layout *layout, const char *path, const char **ret_name, GError **error) {
    const char *slash = strrchr(path, '/');
    gsize len = slash != NULL ? (gsize)(slash - path) : 0;

    if (!is_path_allowed(path, error))
        return false;
    *ret_name = slash != NULL ? slash + 1 : path;
    if (layout->last_fd >= 0 && layout->last->len == len && memcmp(layout->last->str, path, len) == 0)
        return true;
    return enter_all(layout, path, len, error);
}

/* Files. */

static bool write_all(int fd, GBytes *content) {
    gsize left;
    const char *data = g_bytes_get_data(content, &left);

    while (left > 0) {
        ssize_t written = write(fd, data, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        left -= (gsize)written;
    }
    return true;
}

/* Of git's modes there are but two for files. */
static mode_t laid_out_mode(guint32 mode) {
    return (mode & 0100) != 0 ? 0755 : 0644;
}

static bool lay_out(Layout *layout, const char *path, mode_t mode, GBytes *content, GError **error) {
    const char *name;
    bool good;
    int fd, saved;

    if (!enter_folder(layout, path, &name, error))
        return false;
    fd = openat(layout->last_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST)
        return set_refused(error, path, "something of that name is there already");
    if (fd < 0)
        return set_errno(error, path, "cannot be laid out", errno);
    good = fchmod(fd, mode) == 0 && give(fd, layout) && write_all(fd, content);
    saved = errno;
    if (close(fd) < 0 && good) {
        saved = errno;
        good = false;
    }
    return good || set_errno(error, path, "cannot be laid out", saved);
}

static bool lay_out_link(Layout *layout, const char *path, const char *target, GError **error) {
    const char *name;

    if (!enter_folder(layout, path, &name, error))
        return false;
    if (symlinkat(target, layout->last_fd, name) == 0 &&
        (layout->owner.uid == geteuid() ||
         fchownat(layout->last_fd, name, layout->owner.uid, layout->owner.gid, AT_SYMLINK_NOFOLLOW) == 0))
        return true;
    if (errno == EEXIST)
        return set_refused(error, path, "something of that name is there already");
    return set_errno(error, path, "cannot be laid out", errno);
}

static bool take_away(Layout *layout, const char *path, GError **error) {
    const char *name;

    if (!enter_folder(layout, path, &name, error))
        return false;
    return unlinkat(layout->last_fd, name, 0) == 0 || errno == ENOENT ||
           set_errno(error, path, "cannot be replaced", errno);
}

/* Making and removing. */

static bool layout_open(Layout *layout, int parent, const char *path, const char *name, GError **error) {
    layout->path = g_build_filename(path, name, NULL);
    layout->last = g_string_new(NULL);
    layout->fd = enter(layout, parent, name);
    return layout->fd >= 0 || set_errno(error, layout->path, "cannot be made", errno);
}

static void layout_clear(Layout *layout) {
    close_fd(&layout->last_fd);
    close_fd(&layout->fd);
    g_free(layout->path);
    if (layout->last != NULL)
        g_string_free(layout->last, TRUE);
}

/* Its janitor is there before it. Where children are another user, they must come through. */
static bool make_folder(Snapshot *snapshot, GError **error) {
    g_autofree char *path = janitor_new_path();
    const char *const folders[] = {path, NULL};
    const mode_t mode = snapshot->tree.owner.uid == geteuid() ? 0700 : 0711;
    int image = image_open(error);

    if (image < 0)
        return false;
    snapshot->janitor = janitor_start(image, folders, NULL, error);
    close(image);
    if (snapshot->janitor == NULL)
        return false;
    if (mkdir(path, mode) != 0) {
        int code = errno;

        /* Without its name, which is another one in every run: this goes into reports. */
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code),
                    "cannot make a private folder where TMPDIR says: %s", g_strerror(code));
        return false;
    }
    snapshot->path = g_steal_pointer(&path);
    return true;
}

static void unref_bytes(gpointer bytes) {
    g_bytes_unref(bytes); /* NULL is none */
}

Snapshot *snapshot_new(GError **error) {
    g_autoptr(Snapshot) snapshot = g_new0(Snapshot, 1);
    bool good;
    int fd;

    snapshot->review.fd = snapshot->review.last_fd = snapshot->tree.fd = snapshot->tree.last_fd = -1;
    snapshot->review.owner = (User){.uid = geteuid(), .gid = getegid()};
    snapshot->tree.owner = user_of_children();
    if (!make_folder(snapshot, error))
        return NULL;
    snapshot->reviewed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    snapshot->config = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_bytes);
    snapshot->context = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fd = open(snapshot->path, FOLDER_FLAGS);
    if (fd < 0) {
        set_errno(error, snapshot->path, "cannot be opened", errno);
        return NULL;
    }
    good = layout_open(&snapshot->review, fd, snapshot->path, "review", error) &&
           layout_open(&snapshot->tree, fd, snapshot->path, "tree", error);
    close(fd);
    return good ? g_steal_pointer(&snapshot) : NULL;
}

void snapshot_free(Snapshot *snapshot) {
    if (snapshot == NULL)
        return;
    layout_clear(&snapshot->review);
    layout_clear(&snapshot->tree);
    if (snapshot->path != NULL)
        folder_remove(AT_FDCWD, snapshot->path);
    janitor_free(snapshot->janitor);
    g_clear_pointer(&snapshot->reviewed, g_hash_table_unref);
    g_clear_pointer(&snapshot->config, g_hash_table_unref);
    g_clear_pointer(&snapshot->context, g_hash_table_unref);
    g_free(snapshot->path);
    g_free(snapshot);
}

const char *snapshot_review_path(const Snapshot *snapshot) {
    return snapshot->review.path;
}

const char *snapshot_tree_path(const Snapshot *snapshot) {
    return snapshot->tree.path;
}

/* For linters. */

bool snapshot_add_review(Snapshot *snapshot, const char *path, guint32 mode, GBytes *content,
                         GError **error) {
    if (!lay_out(&snapshot->review, path, laid_out_mode(mode), content, error))
        return false;
    g_hash_table_add(snapshot->reviewed, g_strdup(path));
    return true;
}

/* "" and each folder on the way to a reviewed file, with the slash: "", "src/", "src/a/". Sorted, so that the
 * order of work does not depend on a hash. */
static GPtrArray *reviewed_folders(const Snapshot *snapshot) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer path;

    g_hash_table_iter_init(&iter, snapshot->reviewed);
    while (g_hash_table_iter_next(&iter, &path, NULL)) {
        gsize len = strlen(path);

        do {
            g_autofree char *folder = NULL;

            while (len > 0 && ((const char *)path)[len - 1] != '/')
                len--;
            folder = g_strndup(path, len);
            if (g_hash_table_contains(seen, folder))
                break;
            g_hash_table_add(seen, folder);
            g_ptr_array_add(folders, g_steal_pointer(&folder));
        } while (len-- > 0);
    }
    g_ptr_array_sort(folders, text_compare);
    return folders;
}

/* Lays out the trusted version of a configuration file. Where the trusted side has none, one that came with
 * the change is taken away again. */
bool snapshot_add_config_file(Snapshot *snapshot, Change *change, const char *path, GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(GBytes) content = NULL;

    if (g_hash_table_contains(snapshot->config, path))
        return true;
    content = change_trusted(change, path, &local);
    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return false;
    }
    g_hash_table_insert(snapshot->config, g_strdup(path), content != NULL ? g_bytes_ref(content) : NULL);
    if (g_hash_table_contains(snapshot->reviewed, path) && !take_away(&snapshot->review, path, error))
        return false;
    return content == NULL || lay_out(&snapshot->review, path, 0644, content, error);
}

/* Whether what lies there has its content from the change or from the trusted side. */
static bool is_decided(const Snapshot *snapshot, const char *path) {
    return g_hash_table_contains(snapshot->reviewed, path) || g_hash_table_contains(snapshot->config, path);
}

bool snapshot_add_context(Snapshot *snapshot, Change *change, const char *path, GError **error) {
    g_autoptr(GBytes) content = NULL;
    guint32 mode;

    if (is_decided(snapshot, path) || !g_hash_table_add(snapshot->context, g_strdup(path)))
        return true;
    if (!change_mode(change, path, &mode, error))
        return false;
    if (mode == 0)
        return true;
    content = S_ISREG(mode) ? change_read(change, path, error) : g_bytes_new(NULL, 0);
    return content != NULL && lay_out(&snapshot->review, path, 0644, content, error);
}

bool snapshot_add_folder(Snapshot *snapshot, const char *path, GError **error) {
    g_autofree char *within = g_strconcat(path, "/-", NULL);
    const char *name;

    return enter_folder(&snapshot->review, within, &name, error);
}

bool snapshot_add_config(Snapshot *snapshot, Change *change, const char *const *names, GError **error) {
    g_autoptr(GPtrArray) folders = reviewed_folders(snapshot);

    for (guint i = 0; i < folders->len; i++) {
        const char *folder = g_ptr_array_index(folders, i);
        g_autofree char *package = g_strconcat(folder, "__init__.py", NULL);

        for (const char *const *name = names; *name != NULL; name++) {
            g_autofree char *path = g_strconcat(folder, *name, NULL);

            if (!snapshot_add_config_file(snapshot, change, path, error))
                return false;
        }
        if (!snapshot_add_context(snapshot, change, package, error)) /* a linter asks: is it a package? */
            return false;
    }
    return true;
}

GHashTable *snapshot_config(const Snapshot *snapshot) {
    return snapshot->config;
}

/* For jobs. */

typedef struct {
    Snapshot *snapshot;
    Change *change;
    bool (*wanted)(const char *path, gpointer data);
    gpointer data;
    GError *error;
} TreeWork;

static bool add_tree_file(const char *path, guint32 mode, gpointer data) {
    TreeWork *work = data;
    Layout *layout = &work->snapshot->tree;

    if (work->wanted != NULL && !work->wanted(path, work->data))
        return true;
    if (S_ISLNK(mode)) {
        g_autofree char *target = change_read_link(work->change, path, &work->error);

        return target != NULL && lay_out_link(layout, path, target, &work->error);
    }
    g_autoptr(GBytes) content = change_read(work->change, path, &work->error);
    return content != NULL && lay_out(layout, path, laid_out_mode(mode), content, &work->error);
}

bool snapshot_add_tree(Snapshot *snapshot, Change *change, bool (*wanted)(const char *path, gpointer data),
                       gpointer data, GError **error) {
    TreeWork work = {.snapshot = snapshot, .change = change, .wanted = wanted, .data = data};

    if (change_each_file(change, add_tree_file, &work, &work.error))
        return true;
    g_propagate_error(error, work.error);
    return false;
}
