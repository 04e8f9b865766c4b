#include "review/fix/index.h"

#include "exec/text.h"
#include "review/change/libgit2.h"
#include "review/fix/index_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* An index file, and its next version. */
typedef struct {
    char *file;
    IndexLock *lock;
    char *next; /* a copy beside it, which is worked on */
    git_index *index;
    struct stat st; /* of the file as it was read */
} Copy;

struct Index {
    GPtrArray *copies; /* of Copy: that which is committed comes last */
    git_odb *objects;
};

static void copy_free(gpointer data) {
    Copy *copy = data;

    if (copy->index != NULL)
        git_index_free(copy->index);
    if (copy->next != NULL)
        (void)unlink(copy->next);
    index_lock_free(copy->lock);
    g_free(copy->next);
    g_free(copy->file);
    g_free(copy);
}

void index_free(Index *index) {
    if (index == NULL)
        return;
    g_ptr_array_unref(index->copies);
    if (index->objects != NULL)
        git_odb_free(index->objects);
    g_free(index);
}

static bool fail(GError **error, const char *file, const char *what) {
    g_autofree char *shown = text_path(file);

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: %s", shown, what);
    return false;
}

static bool fail_git(GError **error, const char *file) {
    const char *message = git_error_last() != NULL ? git_error_last()->message : "libgit2 does not say why";
    g_autofree char *line = text_line(message, -1, CAP_MESSAGE_BYTES);

    return fail(error, file, line);
}

/* Reading. */

/* libgit2 writes an index to where it read it from; so it is given a copy. */
static bool make_next(Copy *copy, GError **error) {
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    gsize len;
    int fd;
    bool written;

    if (stat(copy->file, &copy->st) < 0)
        return fail(error, copy->file, g_strerror(errno));
    if (!g_file_get_contents(copy->file, &text, &len, &why))
        return fail(error, copy->file, "it cannot be read");
    copy->next = index_lock_temporary(copy->lock);
    fd = open(copy->next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, copy->next, g_strerror(errno));
    written = write(fd, text, len) == (gssize)len;
    return (close(fd) == 0 && written) || fail(error, copy->next, "it cannot be written");
}

/* A file that was written in the moment in which the index was, or later, may be another than its stat data
 * say. git knows such by the index's time, which will be a later one now; without their size it looks into
 * them (ce_smudge_racily_clean_entry() in git's read-cache.c). */
static void smudge_racy(Copy *copy) {
    const struct timespec *time = &copy->st.st_mtim;

    for (size_t i = 0; i < git_index_entrycount(copy->index); i++) {
        const git_index_entry *entry = git_index_get_byindex(copy->index, i);
        gint64 seconds = entry->mtime.seconds;

        if (seconds > (gint64)time->tv_sec ||
            (seconds == (gint64)time->tv_sec && entry->mtime.nanoseconds >= (guint64)time->tv_nsec))
            ((git_index_entry *)entry)->file_size = 0;
    }
}

static bool add_copy(Index *index, const char *file, GError **error) {
    Copy *copy = g_new0(Copy, 1);
    char *real = realpath(file, NULL); /* as git, which locks what a link leads to */

    g_ptr_array_add(index->copies, copy);
    copy->file = g_strdup(real != NULL ? real : file);
    free(real);
    copy->lock = index_lock_take(copy->file, error);
    if (copy->lock == NULL || !make_next(copy, error))
        return false;
    if (git_index_open(&copy->index, copy->next) < 0)
        return fail_git(error, copy->file);
    smudge_racy(copy);
    return true;
}

/* With `git commit PATH`, hooks see an index of HEAD and these paths alone, next-index-PID.lock; the one that
 * will be there afterwards stands ready as index.lock (prepare_index() in git's builtin/commit.c). */
static char *companion(const Change *change, const char *file) {
    g_autofree char *name = g_path_get_basename(file);
    g_autofree char *ready = g_build_filename(change_git_folder(change), "index.lock", NULL);

    if (!g_str_has_prefix(name, "next-index-") || !g_str_has_suffix(name, ".lock") ||
        !g_file_test(ready, G_FILE_TEST_IS_REGULAR))
        return NULL;
    return g_steal_pointer(&ready);
}

Index *index_lock(const Change *change, GError **error) {
    g_autoptr(Index) index = g_new0(Index, 1);
    g_autofree char *file = change_index_file(change), *objects = change_objects_folder(change);
    g_autofree char *other = companion(change, file);

    index->copies = g_ptr_array_new_with_free_func(copy_free);
    if (other != NULL && !add_copy(index, other, error))
        return NULL;
    if (!add_copy(index, file, error))
        return NULL;
    if (git_odb_open(&index->objects, objects) < 0) {
        fail_git(error, objects);
        return NULL;
    }
    (void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    return g_steal_pointer(&index);
}

/* Changing. */

static const char *why_not(const git_index_entry *entry, const char *blob) {
    char hex[GIT_OID_HEXSZ + 1];

    if (entry == NULL)
        return "it is not in the index any more";
    git_oid_tostr(hex, sizeof(hex), &entry->id);
    if (strcmp(hex, blob) != 0)
        return "the index has other content since it was reviewed";
    if ((entry->flags & GIT_INDEX_ENTRY_VALID) != 0)
        return "git was told to assume that it is unchanged (git update-index --no-assume-unchanged)";
    return NULL;
}

bool index_check(const Index *index, const char *path, const char *blob, bool *ret_absent, GError **error) {
    for (guint i = 0; i < index->copies->len; i++) {
        const Copy *copy = index->copies->pdata[i];
        const git_index_entry *entry = git_index_get_bypath(copy->index, path, 0);
        const char *why = why_not(entry, blob);

        if (why != NULL) {
            g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, why);
            return false;
        }
        *ret_absent = (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
    }
    return true;
}

/* As git fills it in (fill_stat_data() in its statinfo.c); of zeros is none that is there. */
static void set_stat(git_index_entry *entry, const struct stat *st) {
    static const struct stat none;

    if (st == NULL)
        st = &none;
    entry->ctime.seconds = (int32_t)st->st_ctim.tv_sec;
    entry->ctime.nanoseconds = (uint32_t)st->st_ctim.tv_nsec;
    entry->mtime.seconds = (int32_t)st->st_mtim.tv_sec;
    entry->mtime.nanoseconds = (uint32_t)st->st_mtim.tv_nsec;
    entry->dev = (uint32_t)st->st_dev;
    entry->ino = (uint32_t)st->st_ino;
    entry->uid = st->st_uid;
    entry->gid = st->st_gid;
    entry->file_size = st != &none ? (uint32_t)st->st_size : 0;
}

bool index_store(const Index *index, const char *path, GBytes *bytes, GError **error) {
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    git_oid id;

    return git_odb_write(&id, index->objects, data != NULL ? data : "", len, GIT_OBJECT_BLOB) == 0 ||
           fail_git(error, path);
}

bool index_put(Index *index, const char *path, GBytes *bytes, const struct stat *st, GError **error) {
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    git_oid id;

    if (git_odb_hash(&id, data != NULL ? data : "", len, GIT_OBJECT_BLOB) < 0)
        return fail_git(error, path);
    for (guint i = 0; i < index->copies->len; i++) {
        Copy *copy = index->copies->pdata[i];
        git_index_entry entry = *git_index_get_bypath(copy->index, path, 0);

        entry.path = path;
        git_oid_cpy(&entry.id, &id);
        set_stat(&entry, st);
        if (git_index_add(copy->index, &entry) < 0)
            return fail_git(error, path);
    }
    return true;
}

/* Writing. */

static bool write_next(Copy *copy, GError **error) {
    if (git_index_write(copy->index) < 0)
        return fail_git(error, copy->file);
    return chmod(copy->next, copy->st.st_mode & 0777) == 0 || fail(error, copy->file, g_strerror(errno));
}

bool index_write(Index *index, GError **error) {
    for (guint i = 0; i < index->copies->len; i++)
        if (!write_next(index->copies->pdata[i], error))
            return false;
    for (guint i = 0; i < index->copies->len; i++) {
        Copy *copy = index->copies->pdata[i];

        if (rename(copy->next, copy->file) < 0)
            return fail(error, copy->file, g_strerror(errno));
        g_clear_pointer(&copy->next, g_free);
    }
    return true;
}
