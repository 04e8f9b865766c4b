/* HEAD as it would be with a patch: an index in memory, whose new blobs are in memory too and lent to libgit2
 * (workfile.c). Nothing is written: what libgit2 itself does when it applies a patch, it would write to the
 * repository's objects, or it would touch those that are there already.
 *
 * The files of one diff are all made from what was before that diff (two files may change places). A patch
 * can hold several diffs, as `git format-patch --stdout` writes a series: each is applied to what the one
 * before it has made. */
#include "exec/text.h"
#include "review/change/private.h"
#include "review/patch/patch.h"

#include <string.h>

/* What a submodule is to a patch: a file of this one line. */
#define GITLINK "Subproject commit "

/* A file that is to be written once all of its diff are made. */
typedef struct {
    const PatchFile *file;
    guint32 mode;
    git_oid id;
} Made;

typedef struct {
    Change *change;
    PatchBudget budget;
    GArray *made;         /* of Made: those of this diff */
    GHashTable *old_side; /* paths that this diff has changed, moved or deleted; borrowed */
    GHashTable *new_side; /* paths that it makes; borrowed */
} Patching;

static bool set_misfit(GError **error, const char *path, const char *why) {
    g_autofree char *shown = text_path(path);

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_PATCH, "%s: the patch does not fit: %s", shown, why);
    return false;
}

/* Before. */

static GBytes *read_old(const Patching *patching, const char *path, const git_index_entry *entry,
                        GError **error) {
    char hex[GIT_OID_HEXSZ + 1];

    if (entry->mode != GIT_FILEMODE_COMMIT)
        return change_read_blob(patching->change, path, &entry->id, error);
    git_oid_tostr(hex, sizeof(hex), &entry->id);
    return g_bytes_new_take(g_strconcat(GITLINK, hex, "\n", NULL), strlen(GITLINK) + GIT_OID_HEXSZ + 1);
}

/* A binary patch says which bytes it is for; text has its context for that. */
static bool is_meant(const char *patch_id, const git_oid *id) {
    char hex[GIT_OID_HEXSZ + 1];

    git_oid_tostr(hex, sizeof(hex), id);
    return patch_id == NULL || g_str_has_prefix(hex, patch_id);
}

/* After. */

bool change_lend(Change *change, GBytes *bytes, git_oid *ret_id, GError **error) {
    WorkFile *file;
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);

    if (git_odb_hash(ret_id, data != NULL ? data : "", len, GIT_OBJECT_BLOB) < 0)
        return change_git_error(error, "cannot hash a patched file");
    if (g_hash_table_contains(change->blobs, ret_id))
        return true;
    file = g_new0(WorkFile, 1);
    file->stored = g_bytes_ref(bytes);
    file->size = len;
    git_oid_cpy(&file->blob, ret_id);
    g_hash_table_insert(change->blobs, &file->blob, file);
    return true;
}

static bool read_gitlink(GBytes *bytes, git_oid *ret_id) {
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    g_autofree char *hex = NULL;

    if (len != strlen(GITLINK) + GIT_OID_HEXSZ + 1 || memcmp(text, GITLINK, strlen(GITLINK)) != 0 ||
        text[len - 1] != '\n')
        return false;
    hex = g_strndup(text + strlen(GITLINK), GIT_OID_HEXSZ);
    return strlen(hex) == GIT_OID_HEXSZ && git_oid_fromstr(ret_id, hex) == 0;
}

static bool keep(Patching *patching, const PatchFile *file, guint32 mode, GBytes *bytes, GError **error) {
    Made made = {.file = file, .mode = mode};

    if (file->new_path == NULL)
        mode = 0;
    else if (mode == GIT_FILEMODE_COMMIT && !read_gitlink(bytes, &made.id))
        return set_misfit(error, file->new_path, "it is a submodule, and the patch names no commit for it");
    else if (mode != GIT_FILEMODE_COMMIT && !change_lend(patching->change, bytes, &made.id, error))
        return false;
    if (mode != 0 && file->binary != NULL && !is_meant(file->new_id, &made.id))
        return set_misfit(error, file->new_path, "what it makes is not what it says");
    g_array_append_val(patching->made, made);
    return true;
}

static bool make(Patching *patching, const PatchFile *file, GError **error) {
    const git_index_entry *entry =
        file->old_path != NULL ? git_index_get_bypath(patching->change->index, file->old_path, 0) : NULL;
    g_autoptr(GBytes) old = NULL, bytes = NULL;
    g_autoptr(GError) local = NULL;
    guint32 mode = file->mode;

    if (file->old_path == NULL || (entry == NULL && patch_may_add(file)))
        old = g_bytes_new(NULL, 0);
    else if (entry == NULL)
        return set_misfit(error, file->old_path, "there is no such file");
    else if (file->binary != NULL && !is_meant(file->old_id, &entry->id))
        return set_misfit(error, file->old_path, "the file is another one than it was made for");
    else if ((old = read_old(patching, file->old_path, entry, error)) == NULL)
        return false;
    if (mode == 0)
        mode = entry != NULL ? entry->mode : GIT_FILEMODE_BLOB;
    bytes = patch_apply(file, old, &patching->budget, &local);
    if (bytes == NULL) {
        g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_PATCH, local->message);
        return false;
    }
    return keep(patching, file, mode, bytes, error);
}

/* The end of a diff. */

/* libgit2 would take away what stands in the way of a new path. */
static bool has_room(git_index *index, const char *path, GError **error) {
    g_autofree char *above = g_strdup(path), *below = g_strconcat(path, "/", NULL);
    size_t at;

    if (git_index_get_bypath(index, path, 0) != NULL)
        return set_misfit(error, path, "there is a file of that name already");
    if (git_index_find_prefix(&at, index, below) == 0)
        return set_misfit(error, path, "there is a folder of that name");
    for (char *slash; (slash = strrchr(above, '/')) != NULL;) {
        *slash = '\0';
        if (git_index_get_bypath(index, above, 0) != NULL)
            return set_misfit(error, path, "one of its folders is a file, a link or a submodule");
    }
    return true;
}

static bool write_one(git_index *index, const Made *made, GError **error) {
    git_index_entry entry = {.path = made->file->new_path, .mode = made->mode, .id = made->id};

    if (!has_room(index, made->file->new_path, error))
        return false;
    return git_index_add(index, &entry) == 0 ||
           set_misfit(error, made->file->new_path, "git does not allow this name");
}

/* What goes has to go before what comes can have its place. */
static bool finish_diff(Patching *patching, GError **error) {
    git_index *index = patching->change->index;

    for (guint i = 0; i < patching->made->len; i++) {
        const PatchFile *file = g_array_index(patching->made, Made, i).file;

        if (file->old_path != NULL && file->kind != PATCH_COPY &&
            git_index_get_bypath(index, file->old_path, 0) != NULL &&
            git_index_remove(index, file->old_path, 0) < 0)
            return change_git_error(error, "cannot apply the patch");
    }
    for (guint i = 0; i < patching->made->len; i++) {
        const Made *made = &g_array_index(patching->made, Made, i);

        if (made->file->new_path != NULL && !write_one(index, made, error))
            return false;
    }
    g_array_set_size(patching->made, 0);
    g_hash_table_remove_all(patching->old_side);
    g_hash_table_remove_all(patching->new_side);
    return true;
}

/* One diff has each path once on either side; where it comes again, another diff has begun. */
static bool is_of_next_diff(const Patching *patching, const PatchFile *file) {
    const char *from = file->old_path, *to = file->new_path;

    if (file->starts_mail || (to != NULL && g_hash_table_contains(patching->new_side, to)))
        return true;
    if (from == NULL)
        return false;
    return (file->kind != PATCH_COPY && g_hash_table_contains(patching->old_side, from)) ||
           (g_hash_table_contains(patching->new_side, from) &&
            git_index_get_bypath(patching->change->index, from, 0) == NULL);
}

static bool apply_file(Patching *patching, const PatchFile *file, GError **error) {
    if (is_of_next_diff(patching, file) && !finish_diff(patching, error))
        return false;
    if (!make(patching, file, error))
        return false;
    if (file->old_path != NULL && file->kind != PATCH_COPY)
        g_hash_table_add(patching->old_side, file->old_path);
    if (file->new_path != NULL)
        g_hash_table_add(patching->new_side, file->new_path);
    return true;
}

static bool apply_all(Change *change, const GPtrArray *files, GError **error) {
    g_autoptr(GArray) made = g_array_new(FALSE, FALSE, sizeof(Made));
    g_autoptr(GHashTable) old_side = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) new_side = g_hash_table_new(g_str_hash, g_str_equal);
    Patching patching = {change, PATCH_BUDGET, made, old_side, new_side};

    for (guint i = 0; i < files->len; i++)
        if (!apply_file(&patching, g_ptr_array_index(files, i), error))
            return false;
    return finish_diff(&patching, error);
}

bool change_patch_index(Change *change, GBytes *patch, GError **error) {
    g_autoptr(GError) local = NULL;
    g_autoptr(GPtrArray) files = NULL;
    gsize len;
    const char *text = g_bytes_get_data(patch, &len);

    files = patch_parse(text != NULL ? text : "", len, &local);
    if (files == NULL) {
        g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_PATCH, local->message);
        return false;
    }
    if (git_index_new(&change->index) < 0 ||
        (change->tree != NULL && git_index_read_tree(change->index, change->tree) < 0))
        return change_git_error(error, "cannot read HEAD");
    change->blobs = g_hash_table_new_full(change_oid_hash, change_oid_equal, NULL, work_file_free);
    return work_lend_blobs(change, error) && apply_all(change, files, error);
}
