/* Two sides to changed files: what became of each path, and which lines of the new side are new. */
#include "exec/text.h"
#include "review/change/private.h"

#include <limits.h>
#include <string.h>

/* A few kilobytes of trees that hold each other many times over make millions of paths. */
static int stop_at_limit(const git_diff *so_far, const git_diff_delta *delta, const char *pathspec,
                         void *data) {
    (void)delta, (void)pathspec, (void)data;
    return git_diff_num_deltas(so_far) >= CAP_CHANGED_FILES ? GIT_EUSER : 0;
}

void change_diff_options(git_diff_options *options) {
    git_diff_options_init(options, GIT_DIFF_OPTIONS_VERSION);
    options->flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
    options->notify_cb = stop_at_limit;
}

static bool set_too_many(GError **error) {
    g_set_error(
        error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
        "the change has more than %u files; make it smaller, or keep what is not to be reviewed out of "
        "git (.gitignore)",
        CAP_CHANGED_FILES);
    return false;
}

bool change_diff_error(int code, GError **error) {
    return code == GIT_EUSER ? set_too_many(error) : change_git_error(error, "cannot compare");
}

static guint32 plain_mode(guint32 mode) {
    if (S_ISREG(mode)) /* old repositories have 0100664 */
        return (mode & 0100) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
    return mode;
}

/* New lines. */

static void add_range(GArray *ranges, guint first, guint count) {
    LineRange range = {first, first + count - 1};

    if (count == 0)
        return;
    if (ranges->len > 0 && g_array_index(ranges, LineRange, ranges->len - 1).last + 1 >= first)
        g_array_index(ranges, LineRange, ranges->len - 1).last = range.last;
    else
        g_array_append_val(ranges, range);
}

/* A side without lines stands, as in a patch, behind the line that is told. */
static guint first_line(int start, int lines) {
    return (guint)(lines > 0 ? start : start + 1);
}

static int on_hunk(const git_diff_delta *delta, const git_diff_hunk *told, void *data) {
    GArray *hunks = data;
    const Hunk hunk = {first_line(told->old_start, told->old_lines), (guint)told->old_lines,
                       first_line(told->new_start, told->new_lines), (guint)told->new_lines};

    (void)delta;
    g_array_append_val(hunks, hunk);
    return 0;
}

/* The hunks of `git diff -U0`. */
static bool compare(const void *old_text, gsize old_len, const void *new_text, gsize new_len, GArray *hunks,
                    GError **error) {
    git_diff_options options;

    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
    options.context_lines = 0;
    options.interhunk_lines = 0;
    return git_diff_buffers(old_text, old_len, NULL, new_text, new_len, NULL, &options, NULL, NULL, on_hunk,
                            NULL, hunks) == 0 ||
           change_git_error(error, "cannot compare two versions of a file");
}

GArray *change_compare(GBytes *old, GBytes *new, GError **error) {
    g_autoptr(GArray) hunks = g_array_new(FALSE, FALSE, sizeof(Hunk));
    gsize old_len, new_len;
    const char *old_text = g_bytes_get_data(old, &old_len), *new_text = g_bytes_get_data(new, &new_len);

    if (!compare(old_len > 0 ? old_text : "", old_len, new_len > 0 ? new_text : "", new_len, hunks, error))
        return NULL;
    return g_steal_pointer(&hunks);
}

static bool find_new_lines(git_blob *old_blob, git_blob *new_blob, ChangedFile *file, GError **error) {
    if (!compare(git_blob_rawcontent(old_blob), git_blob_rawsize(old_blob), git_blob_rawcontent(new_blob),
                 git_blob_rawsize(new_blob), file->hunks, error))
        return false;
    for (guint i = 0; i < file->hunks->len; i++) {
        const Hunk *hunk = &g_array_index(file->hunks, Hunk, i);

        add_range(file->new_lines, hunk->new_first, hunk->new_count);
    }
    return true;
}

static bool has_nul(git_blob *blob) {
    gsize len = git_blob_rawsize(blob);

    return len > 0 && memchr(git_blob_rawcontent(blob), '\0', MIN(len, CHANGE_BINARY_BYTES)) != NULL;
}

bool change_blob_size(Change *change, const git_oid *id, gsize *ret_size, GError **error) {
    g_autoptr(git_odb) odb = NULL;
    git_object_t type;

    if (git_repository_odb(&odb, change->repo) < 0 || git_odb_read_header(ret_size, &type, odb, id) < 0)
        return change_git_error(error, "cannot read an object");
    return true;
}

/* NULL without an error where it is larger than what is reviewed. */
static bool load_blob(Change *change, const char *hex, git_blob **ret_blob, GError **error) {
    git_oid id;
    gsize size;

    *ret_blob = NULL;
    if (git_oid_fromstr(&id, hex) < 0)
        return change_git_error(error, "cannot read an object");
    if (!change_blob_size(change, &id, &size, error))
        return false;
    if (size > CAP_FILE_BYTES)
        return true;
    if (git_blob_lookup(ret_blob, change->repo, &id) < 0)
        return change_git_error(error, "cannot read an object");
    return true;
}

static bool compare_contents(Change *change, ChangedFile *file, git_blob *new_blob, GError **error) {
    g_autoptr(git_blob) old_blob = NULL;

    /* A copy did not exist before: what is wrong in it is wrong once more. */
    file->all_new = true;
    if (file->binary || file->status == FILE_ADDED || file->status == FILE_COPIED || !S_ISREG(file->old_mode))
        return true;
    if (!load_blob(change, file->old_blob, &old_blob, error))
        return false;
    if (old_blob == NULL || has_nul(old_blob))
        return true;
    file->all_new = false;
    return find_new_lines(old_blob, new_blob, file, error);
}

/* Fills in binary, all_new and new_lines of a file whose modes and blobs are known. */
static bool measure(Change *change, ChangedFile *file, GError **error) {
    g_autoptr(git_blob) blob = NULL;

    if (!S_ISREG(file->mode))
        return true;
    file->binary = change_is_binary(change, file->path);
    if (!load_blob(change, file->blob, &blob, error))
        return false;
    if (blob == NULL) {
        file->all_new = true;
        return true;
    }
    file->has_nul = !file->binary && has_nul(blob);
    file->binary = file->binary || file->has_nul;
    file->pointer = change_is_pointer(git_blob_rawcontent(blob), git_blob_rawsize(blob));
    if (g_str_equal(file->blob, file->old_blob) && S_ISREG(file->old_mode) && file->status != FILE_COPIED)
        return true;
    return compare_contents(change, file, blob, error);
}

/* A file of the work tree that became another one while it was compared is kept, as one that cannot be read.
 */
static bool measure_or_mark(Change *change, ChangedFile *file, GError **error) {
    g_autoptr(GError) local = NULL;
    WorkFile *work = change->work != NULL ? g_hash_table_lookup(change->work, file->path) : NULL;

    if (measure(change, file, &local))
        return true;
    if (work == NULL || !work->was_read) {
        g_autofree char *path = text_path(file->path);

        g_propagate_prefixed_error(error, g_steal_pointer(&local), "%s: ", path);
        return false;
    }
    work->problem = g_strdup("it was changed while it was read; run the review again");
    file->all_new = true;
    g_array_set_size(file->new_lines, 0);
    g_array_set_size(file->hunks, 0);
    return true;
}

bool change_measure(Change *change, const GPtrArray *files, GError **error) {
    if (!change_prepare_attributes(change, files, error))
        return false;
    for (guint i = 0; i < files->len; i++)
        if (!measure_or_mark(change, g_ptr_array_index(files, i), error))
            return false;
    return true;
}

/* What became of each path. */

static bool status_of(git_delta_t delta, FileStatus *ret_status) {
    static const struct {
        git_delta_t delta;
        FileStatus status;
    } table[] = {
        {GIT_DELTA_ADDED, FILE_ADDED},       {GIT_DELTA_DELETED, FILE_DELETED},
        {GIT_DELTA_MODIFIED, FILE_MODIFIED}, {GIT_DELTA_RENAMED, FILE_RENAMED},
        {GIT_DELTA_COPIED, FILE_COPIED},     {GIT_DELTA_TYPECHANGE, FILE_TYPE_CHANGED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].delta == delta) {
            *ret_status = table[i].status;
            return true;
        }
    }
    return false;
}

static ChangedFile *file_of_delta(const git_diff_delta *delta, FileStatus status) {
    const git_diff_file *old_file = &delta->old_file, *new_file = &delta->new_file;
    ChangedFile *file = changed_file_new(status == FILE_DELETED ? old_file->path : new_file->path, status);

    if (status == FILE_RENAMED || status == FILE_COPIED)
        file->old_path = g_strdup(old_file->path);
    if (status != FILE_ADDED) {
        file->old_mode = plain_mode(old_file->mode);
        git_oid_tostr(file->old_blob, sizeof(file->old_blob), &old_file->id);
    }
    if (status != FILE_DELETED) {
        file->mode = plain_mode(new_file->mode);
        git_oid_tostr(file->blob, sizeof(file->blob), &new_file->id);
    }
    return file;
}

bool change_add_diff(Change *change, git_diff *diff, GError **error) {
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(changed_file_free);

    if (!change_find_renames(change, diff, error))
        return false;
    for (gsize i = 0; i < git_diff_num_deltas(diff); i++) {
        const git_diff_delta *delta = git_diff_get_delta(diff, i);
        FileStatus status;

        if (delta->status == GIT_DELTA_UNMODIFIED)
            continue;
        if (!status_of(delta->status, &status)) {
            g_autofree char *path = text_path(delta->new_file.path);

            g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_GIT, "%s: libgit2 cannot tell what became of it",
                        path);
            return false;
        }
        g_ptr_array_add(files, file_of_delta(delta, status));
    }
    change_settle_renames(files);
    if (!change_measure(change, files, error))
        return false;
    g_ptr_array_extend_and_steal(change->all, g_steal_pointer(&files));
    return true;
}

/* Every file of a tree. */

static int add_tree_entry(const char *folder, const git_tree_entry *entry, void *data) {
    GPtrArray *files = data;
    git_filemode_t mode = git_tree_entry_filemode(entry);
    g_autofree char *path = NULL;
    ChangedFile *file;

    if (files->len >= CAP_CHANGED_FILES || strlen(folder) > PATH_MAX)
        return GIT_EUSER;
    if (mode == GIT_FILEMODE_TREE)
        return 0;
    path = g_strconcat(folder, git_tree_entry_name(entry), NULL);
    file = changed_file_new(path, FILE_ADDED);
    file->mode = plain_mode(mode);
    git_oid_tostr(file->blob, sizeof(file->blob), git_tree_entry_id(entry));
    g_ptr_array_add(files, file);
    return 0;
}

bool change_add_tree(Change *change, git_tree *tree, GError **error) {
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(changed_file_free);
    int code = git_tree_walk(tree, GIT_TREEWALK_PRE, add_tree_entry, files);

    if (code < 0)
        return change_diff_error(code, error);
    if (!change_measure(change, files, error))
        return false;
    g_ptr_array_extend_and_steal(change->all, g_steal_pointer(&files));
    return true;
}
