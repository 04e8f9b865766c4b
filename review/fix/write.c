/* Fixes on their way to the work tree and the index.
 *
 * With --staged the lock of the index comes first, the work tree's files next, the index last: whoever is
 * stopped in between has fixed files in the work tree that are not staged, never an index with fixes that the
 * work tree takes back. */
#include "review/fix/carry.h"
#include "review/fix/index.h"
#include "review/fix/private.h"
#include "review/fix/worktree.h"

#include <fcntl.h>
#include <unistd.h>

#define NOT_REVIEWED "the work tree has other content than what was reviewed"

typedef struct {
    Change *change;
    Leftovers *leftovers;
    Index *index; /* CHANGE_STAGED */
} Writing;

static bool fail(GError **error, const char *what) {
    g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, what);
    return false;
}

/* The work tree was reviewed: its own bytes. */
static bool write_reviewed(const Writing *writing, const FixedFile *file, GError **error) {
    struct stat st;

    return worktree_replace(writing->change, writing->leftovers, file->path, file->reviewed, file->now, &st,
                            error);
}

static void carry_clear(Carry *carry) {
    g_clear_pointer(&carry->file, g_bytes_unref);
    g_clear_pointer(&carry->stored, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Carry, carry_clear)

/* What the work tree has of a file of which an object was reviewed. */
static bool carry_load(const Writing *writing, const FixedFile *file, Carry *carry, GError **error) {
    carry->reviewed = file->reviewed;
    carry->fixed = file->now;
    carry->file = worktree_read(writing->change, file->path, error);
    if (carry->file != NULL)
        carry->stored = change_stored(writing->change, file->path, carry->file, error);
    return carry->stored != NULL;
}

/* Whether git would store these bytes as what was fixed. */
static bool is_fixed(const Writing *writing, const FixedFile *file, GBytes *bytes) {
    g_autoptr(GBytes) stored = change_stored(writing->change, file->path, bytes, NULL);

    return stored != NULL && g_bytes_equal(stored, file->now);
}

/* `ret_same`: the work tree's file is then what was fixed, but for its line ends. */
static bool write_carried(const Writing *writing, const FixedFile *file, const Carry *carry,
                          struct stat *ret_stat, bool *ret_same, GError **error) {
    g_autoptr(GBytes) bytes = carry_fixes(carry, error);

    if (bytes == NULL)
        return false;
    *ret_same = is_fixed(writing, file, bytes);
    if (!*ret_same && g_bytes_equal(carry->stored, file->reviewed))
        return fail(error, "its line ends cannot be kept");
    return worktree_replace(writing->change, writing->leftovers, file->path, carry->file, bytes, ret_stat,
                            error);
}

/* A commit was reviewed: the work tree must have its content. */
static bool write_committed(const Writing *writing, const FixedFile *file, GError **error) {
    g_auto(Carry) carry = {0};
    struct stat st;
    bool same;

    if (change_is_encoded(writing->change, file->path))
        return fail(error, FIX_ENCODED);
    if (!carry_load(writing, file, &carry, error))
        return false;
    if (!g_bytes_equal(carry.stored, file->reviewed))
        return fail(error, NOT_REVIEWED);
    return write_carried(writing, file, &carry, &st, &same, error);
}

static bool write_beside_index(const Writing *writing, const FixedFile *file, struct stat *ret_stat,
                               bool *ret_same, GError **error) {
    g_auto(Carry) carry = {0};

    if (change_is_filtered(writing->change, file->path))
        return fail(error, "a filter or an encoding stands between it and the work tree "
                           "(.gitattributes)");
    return carry_load(writing, file, &carry, error) &&
           write_carried(writing, file, &carry, ret_stat, ret_same, error);
}

static bool is_there(const Change *change, const char *path) {
    const char *name;
    int folder = change_open_folder(change, path, &name);
    struct stat st;
    bool there = folder >= 0 && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

    if (folder >= 0)
        close(folder);
    return there;
}

static bool write_staged(const Writing *writing, const FixedFile *file, GError **error) {
    struct stat st;
    bool absent, same = false;

    if (!index_check(writing->index, file->path, file->blob, &absent, error))
        return false;
    if (absent && is_there(writing->change, file->path))
        return fail(error, "it is in the work tree, which git was told not to look at (skip-worktree)");
    if (!index_store(writing->index, file->path, file->now, error))
        return false;
    if (!absent && !write_beside_index(writing, file, &st, &same, error))
        return false;
    return index_put(writing->index, file->path, file->now, same ? &st : NULL, error);
}

static bool write_file(const Writing *writing, const FixedFile *file, GError **error) {
    switch (change_source(writing->change)) {
    case CHANGE_STAGED:
        return write_staged(writing, file, error);
    case CHANGE_WORKTREE:
        return write_reviewed(writing, file, error);
    case CHANGE_BASE:
    case CHANGE_ALL:
        return write_committed(writing, file, error);
    case CHANGE_PATCH:
    case CHANGE_CODE:
        break;
    }
    g_return_val_if_reached(false);
}

bool fixes_write(Fixes *fixes, Change *change, GError **error) {
    g_autoptr(GPtrArray) files = fixes_files(fixes);
    g_autoptr(Leftovers) leftovers = NULL;
    g_autoptr(Index) index = NULL;
    Writing writing = {.change = change};

    if (files->len == 0)
        return true;
    if (change_source(change) == CHANGE_STAGED && (index = index_lock(change, error)) == NULL)
        return false;
    leftovers = leftovers_open(change, error);
    if (leftovers == NULL)
        return false;
    writing.leftovers = leftovers;
    writing.index = index;
    for (guint i = 0; i < files->len; i++) {
        FixedFile *file = files->pdata[i];
        g_autoptr(GError) why = NULL;

        if (!write_file(&writing, file, &why))
            file->refused = g_strdup(why != NULL ? why->message : "it could not be written");
    }
    if (index == NULL || index_write(index, error))
        return true;
    g_prefix_error(error, "the work tree is fixed, but the index is not: ");
    return false;
}
