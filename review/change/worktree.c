/* The work tree against HEAD.
 *
 * libgit2's own comparison with the work tree gives up at the first file that it cannot read, opens what lies
 * at a tracked path whatever it is, and cannot say later which bytes it saw. So the work tree is walked here,
 * in one pass over its folders, through descriptors and never through a symbolic link:
 *
 *   1. a tracked file whose stat data are those of the index is unchanged (git's own rule, with its caution
 *      for files as young as the index: "racy git" in git's Documentation/technical); any other is read and
 *      hashed. What is not tracked and not ignored is read and hashed too;
 *   2. to these come the paths where the index differs from HEAD;
 *   3. of these few paths two indexes are made in memory, one as HEAD has them and one as the work tree has
 *      them, and compared like any other two sides. The blobs of the second are lent (workfile.c). */
#include "exec/text.h"
#include "review/change/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    Change *change;
    GString *path;    /* of the folder or file that is looked at */
    GByteArray *seen; /* by position in the index: it is there, in some form */
} Walk;

static bool walk_folder(Walk *walk, int parent_fd, const char *name, GError **error);

/* Results. */

static void add_work_file(Change *change, WorkFile *file) {
    g_hash_table_replace(change->work, file->path, file);
    if (file->was_read)
        g_hash_table_insert(change->blobs, &file->blob, file);
}

static WorkFile *work_file_new(const char *path, guint32 mode) {
    WorkFile *file = g_new0(WorkFile, 1);

    file->path = g_strdup(path);
    file->mode = mode;
    return file;
}

static void add_problem(Change *change, const char *path, guint32 mode, const char *problem) {
    WorkFile *file = work_file_new(path, mode);

    file->problem = text_line(problem, -1, CAP_MESSAGE_BYTES);
    add_work_file(change, file);
}

/* The index. */

guint32 change_work_mode(const Change *change, const git_index_entry *entry, const struct stat *st) {
    bool regular = S_ISREG(st->st_mode);

    if (S_ISLNK(st->st_mode))
        return GIT_FILEMODE_LINK;
    if (regular && entry != NULL && S_ISLNK(entry->mode) && !change->trust_links)
        return GIT_FILEMODE_LINK;
    if (regular && entry != NULL && S_ISREG(entry->mode) && !change->trust_exec)
        return entry->mode;
    if (regular && change->trust_exec && (st->st_mode & S_IXUSR) != 0)
        return GIT_FILEMODE_BLOB_EXECUTABLE;
    return GIT_FILEMODE_BLOB;
}

static bool same_time(const git_index_time *in_index, const struct timespec *time) {
    /* Some writers leave the nanoseconds out. */
    return in_index->seconds == (int32_t)time->tv_sec &&
           (in_index->nanoseconds == 0 || in_index->nanoseconds == (uint32_t)time->tv_nsec);
}

/* Written in the index's own tick, or later: it may have changed without a trace. */
static bool is_racy(const Change *change, const git_index_entry *entry) {
    int32_t seconds = (int32_t)change->index_time.tv_sec;

    if (entry->mtime.seconds != seconds)
        return entry->mtime.seconds > seconds;
    return entry->mtime.nanoseconds == 0 || entry->mtime.nanoseconds >= (uint32_t)change->index_time.tv_nsec;
}

bool change_stat_is_clean(const Change *change, const git_index_entry *entry, const struct stat *st) {
    /* A size of 0 is also git's mark for "look again". */
    return GIT_INDEX_ENTRY_STAGE(entry) == 0 &&
           (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) == 0 && entry->file_size != 0 &&
           entry->file_size == (uint32_t)st->st_size && entry->ino == (uint32_t)st->st_ino &&
           same_time(&entry->mtime, &st->st_mtim) && same_time(&entry->ctime, &st->st_ctim) &&
           !is_racy(change, entry);
}

/* Marks the entries of one path (several where it is unmerged). */
static void mark_seen(Walk *walk, size_t at) {
    const char *path = git_index_get_byindex(walk->change->index, at)->path;

    for (; at < walk->seen->len; at++) {
        if (!g_str_equal(git_index_get_byindex(walk->change->index, at)->path, path))
            return;
        walk->seen->data[at] = 1;
    }
}

static bool holds_tracked(Walk *walk, size_t *ret_at) {
    g_autofree char *prefix = g_strconcat(walk->path->str, "/", NULL);

    return git_index_find_prefix(ret_at, walk->change->index, prefix) == 0;
}

/* Visiting. */

static void visit_submodule(Walk *walk, const git_index_entry *entry) {
    g_autoptr(git_submodule) submodule = NULL;
    const git_oid *id = NULL;
    WorkFile *file;

    if (git_submodule_lookup(&submodule, walk->change->repo, entry->path) == 0)
        id = git_submodule_wd_id(submodule);
    if (id == NULL || git_oid_equal(id, &entry->id)) /* not checked out, or the commit that is recorded */
        return;
    file = work_file_new(entry->path, GIT_FILEMODE_COMMIT);
    git_oid_cpy(&file->blob, id);
    add_work_file(walk->change, file);
}

static void visit_tracked(Walk *walk, const git_index_entry *entry, int fd, const char *name,
                          const struct stat *st) {
    Change *change = walk->change;
    bool plain = S_ISREG(st->st_mode) || S_ISLNK(st->st_mode);
    bool merged =
        GIT_INDEX_ENTRY_STAGE(entry) == 0 && (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) == 0;
    guint32 mode = change_work_mode(change, entry, st);
    WorkFile *file;

    if (!plain) {
        add_problem(change, walk->path->str, S_ISREG(entry->mode) ? entry->mode : GIT_FILEMODE_BLOB,
                    "it is a FIFO, a socket or a device, not a regular file");
        return;
    }
    if (mode == entry->mode && change_stat_is_clean(change, entry, st))
        return;
    file = work_file_new(walk->path->str, mode);
    work_file_load(change, file, fd, name);
    if (merged && file->problem == NULL && mode == entry->mode && git_oid_equal(&file->blob, &entry->id))
        work_file_free(file);
    else
        add_work_file(change, file);
}

static bool is_ignored(Walk *walk, bool folder, bool *ret_ignored, GError **error) {
    g_autofree char *path = g_strconcat(walk->path->str, folder ? "/" : "", NULL);
    int ignored = 0;

    if (git_ignore_path_is_ignored(&ignored, walk->change->repo, path) < 0)
        return change_git_error(error, "cannot read what git is to ignore");
    *ret_ignored = ignored != 0;
    return true;
}

static bool visit_untracked(Walk *walk, int fd, const char *name, const struct stat *st, GError **error) {
    WorkFile *file;
    bool ignored;

    if (!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode)) /* nothing that git would ever track */
        return true;
    if (!is_ignored(walk, false, &ignored, error))
        return false;
    if (ignored)
        return true;
    if (g_hash_table_size(walk->change->work) >= CAP_CHANGED_FILES)
        return change_diff_error(GIT_EUSER, error);
    file = work_file_new(walk->path->str, change_work_mode(walk->change, NULL, st));
    work_file_load(walk->change, file, fd, name);
    add_work_file(walk->change, file);
    return true;
}

/* Another repository, which git does not look into. Whose it is does not matter here. */
static bool is_repository(Walk *walk) {
    g_autofree char *path = g_build_filename(walk->change->root, walk->path->str, NULL);
    int code = git_repository_open_ext(NULL, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

    return code == 0 || code == GIT_EOWNER;
}

static bool visit_folder(Walk *walk, int fd, const char *name, GError **error) {
    bool ignored;
    size_t at;

    if (holds_tracked(walk, &at))
        return walk_folder(walk, fd, name, error);
    if (!is_ignored(walk, true, &ignored, error))
        return false;
    return ignored || is_repository(walk) || walk_folder(walk, fd, name, error);
}

static bool visit(Walk *walk, int fd, const char *name, GError **error) {
    const git_index_entry *entry = NULL;
    struct stat st;
    size_t at;

    if (git_index_find(&at, walk->change->index, walk->path->str) == 0) {
        entry = git_index_get_byindex(walk->change->index, at);
        mark_seen(walk, at);
    }
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno == ENOENT) { /* gone since it was listed */
            if (entry != NULL)
                walk->seen->data[at] = 0;
            return true;
        }
        add_problem(walk->change, walk->path->str, entry != NULL ? entry->mode : GIT_FILEMODE_BLOB,
                    g_strerror(errno));
        return true;
    }
    if (!S_ISDIR(st.st_mode) && entry != NULL) {
        visit_tracked(walk, entry, fd, name, &st);
        return true;
    }
    if (!S_ISDIR(st.st_mode))
        return visit_untracked(walk, fd, name, &st, error);
    if (entry != NULL && entry->mode == GIT_FILEMODE_COMMIT) {
        visit_submodule(walk, entry);
        return true;
    }
    if (entry != NULL) /* a file gave way to a folder */
        walk->seen->data[at] = 0;
    return visit_folder(walk, fd, name, error);
}

/* Walking. */

/* What cannot be listed is not passed over: each tracked file in it, or else the folder itself, is a file
 * that cannot be read. */
static bool add_unreadable_folder(Walk *walk, const char *why, GError **error) {
    g_autofree char *problem = g_strdup_printf("its folder cannot be read: %s", why);
    g_autofree char *prefix = g_strconcat(walk->path->str, "/", NULL);
    git_index *index = walk->change->index;
    size_t at;

    if (walk->path->len == 0) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "the work tree cannot be read: %s", why);
        return false;
    }
    if (git_index_find_prefix(&at, index, prefix) < 0) {
        add_problem(walk->change, walk->path->str, GIT_FILEMODE_BLOB, problem);
        return true;
    }
    for (; at < walk->seen->len; at++) {
        const git_index_entry *entry = git_index_get_byindex(index, at);

        if (!g_str_has_prefix(entry->path, prefix))
            break;
        walk->seen->data[at] = 1;
        if (entry->mode != GIT_FILEMODE_COMMIT)
            add_problem(walk->change, entry->path, entry->mode, problem);
    }
    return true;
}

static bool walk_entries(Walk *walk, DIR *folder, GError **error) {
    gsize len = walk->path->len;

    for (;;) {
        const struct dirent *entry;
        bool good;

        errno = 0;
        entry = readdir(folder);
        if (entry == NULL)
            return errno == 0 || add_unreadable_folder(walk, g_strerror(errno), error);
        if (g_str_equal(entry->d_name, ".") || g_str_equal(entry->d_name, "..") ||
            g_str_equal(entry->d_name, ".git"))
            continue;
        g_string_append_printf(walk->path, "%s%s", len > 0 ? "/" : "", entry->d_name);
        if (walk->path->len >= PATH_MAX) {
            g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                        "the work tree has a path of more than %d bytes", PATH_MAX);
            return false;
        }
        good = visit(walk, dirfd(folder), entry->d_name, error);
        g_string_truncate(walk->path, len);
        if (!good)
            return false;
    }
}

static bool walk_folder(Walk *walk, int parent_fd, const char *name, GError **error) {
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    bool good;

    if (folder == NULL) {
        int saved = errno;

        if (fd >= 0)
            close(fd);
        return add_unreadable_folder(walk, g_strerror(saved), error);
    }
    good = walk_entries(walk, folder, error);
    closedir(folder);
    return good;
}

/* Tracked paths that the walk did not meet: deleted, or left out by a sparse checkout. */
static void add_missing(Walk *walk) {
    Change *change = walk->change;

    for (size_t at = 0; at < walk->seen->len; at++) {
        const git_index_entry *entry = git_index_get_byindex(change->index, at);

        if (walk->seen->data[at])
            continue;
        if ((entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0)
            g_hash_table_add(change->absent, g_strdup(entry->path));
        else if (!g_hash_table_contains(change->work, entry->path))
            add_work_file(change, work_file_new(entry->path, 0));
    }
}

static bool walk_worktree(Change *change, GError **error) {
    g_autoptr(GString) path = g_string_new(NULL);
    g_autoptr(GByteArray) seen = g_byte_array_new();
    Walk walk = {.change = change, .path = path, .seen = seen};

    g_byte_array_set_size(seen, (guint)git_index_entrycount(change->index));
    if (seen->len > 0)
        memset(seen->data, 0, seen->len);
    if (!walk_folder(&walk, change->root_fd, ".", error))
        return false;
    add_missing(&walk);
    return true;
}

/* Comparing. */

static void add_staged_path(Change *change, const char *path) {
    const git_index_entry *entry = change_index_entry(change, path);
    WorkFile *file;

    if (g_hash_table_contains(change->work, path))
        return;
    file = work_file_new(path, entry != NULL ? entry->mode : 0);
    if (entry != NULL)
        git_oid_cpy(&file->blob, &entry->id);
    add_work_file(change, file);
}

static bool add_staged_paths(Change *change, GError **error) {
    g_autoptr(git_diff) diff = NULL;
    git_diff_options options;
    int code;

    change_diff_options(&options);
    code = git_diff_tree_to_index(&diff, change->repo, change->tree, change->index, &options);
    if (code < 0)
        return change_diff_error(code, error);
    for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
        add_staged_path(change, git_diff_get_delta(diff, i)->old_file.path);
        add_staged_path(change, git_diff_get_delta(diff, i)->new_file.path);
    }
    return true;
}

static bool add_entry(git_index *index, const char *path, guint32 mode, const git_oid *id) {
    git_index_entry entry = {.path = path, .mode = mode};

    if (mode == 0)
        return true;
    git_oid_cpy(&entry.id, id);
    return git_index_add(index, &entry) == 0;
}

/* A file that has no contents to compare: it stands in the change, and change_read() says why. */
static void add_unread(Change *change, const WorkFile *work, guint32 old_mode, const git_oid *old_id) {
    ChangedFile *file = changed_file_new(work->path, old_mode != 0 ? FILE_MODIFIED : FILE_ADDED);

    file->mode = work->mode;
    file->old_mode = old_mode;
    if (old_mode != 0)
        git_oid_tostr(file->old_blob, sizeof(file->old_blob), old_id);
    file->all_new = true;
    g_ptr_array_add(change->all, file);
}

/* Puts a path on both sides. libgit2 refuses some names in an index (such as "git~1", which is .git on NTFS);
 * git would not commit them either. */
static bool add_sides(Change *change, WorkFile *work, git_index *old_side, git_index *new_side,
                      GError **error) {
    git_oid old_id = {{0}};
    guint32 old_mode;

    if (!change_find_in_tree(change->tree, work->path, &old_mode, &old_id, error))
        return false;
    if (work->problem == NULL && !add_entry(new_side, work->path, work->mode, &work->blob))
        work->problem = g_strdup("git does not allow this name");
    if (work->problem != NULL) {
        add_unread(change, work, old_mode, &old_id);
        return true;
    }
    return add_entry(old_side, work->path, old_mode, &old_id) || change_git_error(error, "cannot compare");
}

static bool compare_sides(Change *change, GError **error) {
    g_autoptr(git_index) old_side = NULL, new_side = NULL;
    g_autoptr(git_diff) diff = NULL;
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(change->work), (GCompareFunc)strcmp);
    git_diff_options options;
    int code;

    if (git_index_new(&old_side) < 0 || git_index_new(&new_side) < 0)
        return change_git_error(error, "cannot make an index");
    for (GList *path = paths; path != NULL; path = path->next)
        if (!add_sides(change, g_hash_table_lookup(change->work, path->data), old_side, new_side, error))
            return false;
    change_diff_options(&options);
    code = git_diff_index_to_index(&diff, change->repo, old_side, new_side, &options);
    return code < 0 ? change_diff_error(code, error) : change_add_diff(change, diff, error);
}

static bool config_bool(git_config *config, const char *name) {
    int value = 1;

    return git_config_get_bool(&value, config, name) < 0 || value != 0;
}

bool change_load_worktree(Change *change, GError **error) {
    g_autoptr(git_config) config = NULL;

    if (git_repository_config_snapshot(&config, change->repo) < 0)
        return change_git_error(error, "cannot read the configuration");
    change->trust_exec = config_bool(config, "core.fileMode");
    change->trust_links = config_bool(config, "core.symlinks");
    change->work = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, work_file_free);
    change->blobs = g_hash_table_new(change_oid_hash, change_oid_equal);
    change->absent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return walk_worktree(change, error) && add_staged_paths(change, error) &&
           work_lend_blobs(change, error) && compare_sides(change, error);
}
