#include "review/change/change.h"

#include "exec/text.h"
#include "review/change/private.h"

#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(sallyport-change-error, change_error)

const char *file_status_name(FileStatus status) {
    switch (status) {
    case FILE_ADDED:
        return "added";
    case FILE_MODIFIED:
        return "modified";
    case FILE_DELETED:
        return "deleted";
    case FILE_RENAMED:
        return "renamed";
    case FILE_COPIED:
        return "copied";
    case FILE_TYPE_CHANGED:
        return "type changed";
    }
    g_return_val_if_reached("unknown");
}

bool change_git_error(GError **error, const char *what) {
    const char *message = git_error_last() != NULL ? git_error_last()->message : "libgit2 does not say why";
    g_autofree char *line = text_line(message, -1, CAP_MESSAGE_BYTES);
    bool missing = strstr(message, "object not found") != NULL;

    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_GIT, "%s: %s%s", what, line,
                missing
                    ? "; if this clone is partial (git clone --filter), get what it left out with: git fetch "
                      "--refetch --no-filter"
                    : "");
    return false;
}

guint change_oid_hash(gconstpointer id) {
    guint hash;

    memcpy(&hash, ((const git_oid *)id)->id, sizeof(hash));
    return hash;
}

gboolean change_oid_equal(gconstpointer a, gconstpointer b) {
    return git_oid_equal(a, b);
}

/* Files. */

ChangedFile *changed_file_new(const char *path, FileStatus status) {
    ChangedFile *file = g_new0(ChangedFile, 1);

    file->path = g_strdup(path);
    file->status = status;
    file->new_lines = g_array_new(FALSE, FALSE, sizeof(LineRange));
    file->hunks = g_array_new(FALSE, FALSE, sizeof(Hunk));
    return file;
}

void changed_file_free(gpointer data) {
    ChangedFile *file = data;

    g_free(file->path);
    g_free(file->old_path);
    g_array_unref(file->new_lines);
    g_array_unref(file->hunks);
    g_free(file);
}

static int file_compare(gconstpointer a, gconstpointer b) {
    return strcmp((*(ChangedFile *const *)a)->path, (*(ChangedFile *const *)b)->path);
}

static ChangedFile *find_file(const GPtrArray *files, const char *path) {
    guint low = 0, high = files->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        ChangedFile *file = g_ptr_array_index(files, middle);
        int order = strcmp(path, file->path);

        if (order == 0)
            return file;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

ChangedFile *change_find_any(const Change *change, const char *path) {
    return find_file(change->all, path);
}

bool changed_file_touches(const ChangedFile *file, guint line, guint end_line) {
    if (line == 0) /* a link that was moved leads elsewhere */
        return file->all_new || !g_str_equal(file->blob, file->old_blob) ||
               (S_ISLNK(file->mode) && file->old_path != NULL);
    for (guint i = 0; i < file->new_lines->len; i++) {
        const LineRange *range = &g_array_index(file->new_lines, LineRange, i);

        if (range->first <= MAX(line, end_line) && line <= range->last)
            return true;
    }
    return file->all_new;
}

/* The change. */

static void prepare(Change *change) {
    change->all = g_ptr_array_new_with_free_func(changed_file_free);
    change->files = g_ptr_array_new();
}

Change *change_from_code(const char *path, const char *code, gsize len) {
    Change *change = g_new0(Change, 1);
    ChangedFile *file = changed_file_new(path, FILE_ADDED);

    prepare(change);
    change->root_fd = -1;
    change->source = CHANGE_CODE;
    change->description = g_strdup("code");
    change->code = g_bytes_new(code, len);
    file->mode = GIT_FILEMODE_BLOB;
    file->all_new = true;
    file->binary = len > 0 && memchr(code, '\0', MIN(len, CHANGE_BINARY_BYTES)) != NULL;
    g_ptr_array_add(change->all, file);
    g_ptr_array_add(change->files, file);
    return change;
}

/* Code that is no repository's does without the library. */
static void free_repository(Change *change) {
    git_index_free(change->index);
    git_repository_free(change->repo);
    git_libgit2_shutdown();
}

void change_free(Change *change) {
    if (change == NULL)
        return;
    g_clear_pointer(&change->files, g_ptr_array_unref);
    g_clear_pointer(&change->all, g_ptr_array_unref);
    g_clear_pointer(&change->blobs, g_hash_table_unref);
    g_clear_pointer(&change->work, g_hash_table_unref);
    g_clear_pointer(&change->replaced, g_ptr_array_unref);
    g_clear_pointer(&change->absent, g_hash_table_unref);
    g_clear_pointer(&change->code, g_bytes_unref);
    if (change->repo != NULL) {
        git_tree_free(change->trusted_tree);
        git_tree_free(change->tree);
    }
    if (change->library)
        free_repository(change);
    if (change->root_fd >= 0)
        close(change->root_fd);
    g_free(change->root);
    g_free(change->base_name);
    g_free(change->description);
    g_free(change);
}

const git_index_entry *change_index_entry(const Change *change, const char *path) {
    const git_index_entry *entry = git_index_get_bypath(change->index, path, 0);

    return entry != NULL && (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD) == 0 ? entry : NULL;
}

/* Loading, by source. */

/* HEAD's tree and id, or none before the first commit. */
static bool load_head(Change *change, char *ret_id, GError **error) {
    g_autoptr(git_commit) commit = NULL;

    if (git_repository_head_unborn(change->repo) == 1)
        return true;
    commit = change_commit(change, "HEAD", error);
    if (commit == NULL)
        return false;
    if (git_commit_tree(&change->tree, commit) < 0)
        return change_git_error(error, "cannot read HEAD");
    git_oid_tostr(ret_id, GIT_OID_HEXSZ + 1, git_commit_id(commit));
    return true;
}

static bool load_index(Change *change, GError **error) {
    if (change->root == NULL) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "the repository is bare, and this needs a work tree; use --base or --all");
        return false;
    }
    return load_head(change, change->base_id, error) && change_open_index(change, error);
}

static bool is_merged(Change *change, GError **error) {
    if (!git_index_has_conflicts(change->index))
        return true;
    for (size_t i = 0; i < git_index_entrycount(change->index); i++) {
        const git_index_entry *entry = git_index_get_byindex(change->index, i);
        g_autofree char *path = NULL;

        if (GIT_INDEX_ENTRY_STAGE(entry) == 0)
            continue;
        path = text_path(entry->path);
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "%s has conflicts that are not resolved; resolve them, and then: git add", path);
        return false;
    }
    return change_git_error(error, "the index has conflicts that are not resolved");
}

/* Takes out what is only announced (`git add -N`): a commit would not have it. */
static void drop_announced(Change *change) {
    for (guint i = change->all->len; i > 0; i--) {
        const ChangedFile *file = g_ptr_array_index(change->all, i - 1);

        if (file->status == FILE_ADDED && change_index_entry(change, file->path) == NULL)
            g_ptr_array_remove_index(change->all, i - 1);
    }
}

/* HEAD to the index. */
static bool compare_index(Change *change, GError **error) {
    g_autoptr(git_diff) diff = NULL;
    git_diff_options options;
    int code;

    change_diff_options(&options);
    code = git_diff_tree_to_index(&diff, change->repo, change->tree, change->index, &options);
    return code < 0 ? change_diff_error(code, error) : change_add_diff(change, diff, error);
}

static bool load_staged(Change *change, GError **error) {
    change->description = g_strdup("staged changes");
    if (!load_index(change, error) || !is_merged(change, error) || !compare_index(change, error))
        return false;
    drop_announced(change);
    return true;
}

static bool load_patch(Change *change, GBytes *patch, GError **error) {
    if (!load_head(change, change->base_id, error))
        return false;
    change->base_name = g_strdup("HEAD");
    change->description = change->tree != NULL ? g_strdup_printf("HEAD (%.7s) with a patch", change->base_id)
                                               : g_strdup("a patch (no commit yet)");
    if (change->tree != NULL && git_tree_dup(&change->trusted_tree, change->tree) < 0)
        return change_git_error(error, "cannot read HEAD");
    return change_patch_index(change, patch, error) && compare_index(change, error);
}

static bool load_worktree(Change *change, GError **error) {
    change->description = g_strdup("work tree against HEAD");
    return load_index(change, error) && change_load_worktree(change, error);
}

static bool load_all(Change *change, GError **error) {
    if (!load_head(change, change->head_id, error))
        return false;
    if (change->tree == NULL) {
        change->description = g_strdup("all files of HEAD (no commit yet)");
        return true;
    }
    change->description = g_strdup_printf("all files of HEAD (%.7s)", change->head_id);
    if (git_tree_dup(&change->trusted_tree, change->tree) < 0)
        return change_git_error(error, "cannot read HEAD");
    return change_add_tree(change, change->tree, error);
}

static bool load_trees(Change *change, git_commit *base, git_commit *head, const git_oid *merge_base_id,
                       git_tree **ret_old, GError **error) {
    g_autoptr(git_commit) merge_base = NULL;

    if (git_commit_lookup(&merge_base, change->repo, merge_base_id) < 0 ||
        git_commit_tree(ret_old, merge_base) < 0 || git_commit_tree(&change->tree, head) < 0 ||
        git_commit_tree(&change->trusted_tree, change->trust_head ? head : base) < 0)
        return change_git_error(error, "cannot read a commit");
    return true;
}

static bool load_base(Change *change, const char *base_name, const char *head_name, GError **error) {
    g_autoptr(git_commit) base = change_commit(change, base_name, error);
    g_autoptr(git_commit) head = base != NULL ? change_commit(change, head_name, error) : NULL;
    g_autofree char *base_text = text_line(base_name, -1, 200), *head_text = text_line(head_name, -1, 200);
    g_autoptr(git_tree) old_tree = NULL;
    g_autoptr(git_diff) diff = NULL;
    git_diff_options options;
    git_oid merge_base;
    int code;

    if (head == NULL || !change_merge_base(change, base, base_name, head, head_name, &merge_base, error) ||
        !load_trees(change, base, head, &merge_base, &old_tree, error))
        return false;
    change->base_name = g_strdup(base_name);
    git_oid_tostr(change->base_id, sizeof(change->base_id), &merge_base);
    git_oid_tostr(change->head_id, sizeof(change->head_id), git_commit_id(head));
    change->description =
        g_strdup_printf("%s...%s (%.7s..%.7s)", base_text, head_text, change->base_id, change->head_id);
    change_diff_options(&options);
    code = git_diff_tree_to_tree(&diff, change->repo, old_tree, change->tree, &options);
    return code < 0 ? change_diff_error(code, error) : change_add_diff(change, diff, error);
}

static bool load(Change *change, const char *base, const char *head, GError **error) {
    switch (change->source) {
    case CHANGE_STAGED:
        return load_staged(change, error);
    case CHANGE_WORKTREE:
        return load_worktree(change, error);
    case CHANGE_ALL:
        return load_all(change, error);
    case CHANGE_BASE:
        return load_base(change, base, head != NULL ? head : "HEAD", error);
    case CHANGE_PATCH:
    case CHANGE_CODE:
        break;
    }
    g_return_val_if_reached(false);
}

/* git does not write a tree that holds a name twice, but one can be made; which of the two files is reviewed,
 * and which is run, would be a matter of luck. */
static bool is_unambiguous(const GPtrArray *sorted, GError **error) {
    for (guint i = 1; i < sorted->len; i++) {
        const ChangedFile *file = g_ptr_array_index(sorted, i);
        g_autofree char *path = NULL;

        if (!g_str_equal(file->path, ((ChangedFile *)g_ptr_array_index(sorted, i - 1))->path))
            continue;
        path = text_path(file->path);
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_GIT, "%s stands twice in a tree of the repository",
                    path);
        return false;
    }
    return true;
}

static bool finish_load(Change *change, const char *const *paths, GError **error) {
    g_ptr_array_sort(change->all, file_compare);
    return is_unambiguous(change->all, error) && change_limit(change, paths, error);
}

bool change_load(Change *change, ChangeSource source, const char *base, const char *head,
                 const char *const *paths, GError **error) {
    g_return_val_if_fail(change->all == NULL && source != CHANGE_CODE && source != CHANGE_PATCH, false);
    prepare(change);
    change->source = source;
    return load(change, base, head, error) && finish_load(change, paths, error);
}

bool change_load_patch(Change *change, GBytes *patch, const char *const *paths, GError **error) {
    g_return_val_if_fail(change->all == NULL, false);
    prepare(change);
    change->source = CHANGE_PATCH;
    return load_patch(change, patch, error) && finish_load(change, paths, error);
}

/* What is asked of it. */

ChangeSource change_source(const Change *change) {
    return change->source;
}

const GPtrArray *change_files(const Change *change) {
    return change->files;
}

const ChangedFile *change_find(const Change *change, const char *path) {
    return find_file(change->files, path);
}

const char *change_description(const Change *change) {
    return change->description;
}

const char *change_base_id(const Change *change) {
    return change->base_id;
}

const char *change_head_id(const Change *change) {
    return change->head_id;
}

const char *change_root(const Change *change) {
    return change->root;
}

void change_trust_head(Change *change) {
    change->trust_head = true;
}

bool change_trusts_head(const Change *change) {
    return change->trust_head;
}

const char *change_trusted_from(const Change *change) {
    return change->trust_head ? NULL : change->base_name;
}
