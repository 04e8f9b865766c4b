/* private.h: what the files of the change module share; nobody else includes it.
 *
 *   change.c     what the public calls answer, and change_load() from above
 *   libgit2.c    the library, loaded when it is needed
 *   open.c       find the repository, as git does
 *   revision.c   names to commits, the merge base
 *   diff.c       two sides to changed files and their new lines
 *   rename.c     which of them are renamed or copied
 *   before.c     what a change started from
 *   attribute.c  which files .gitattributes calls binary
 *   pointer.c    what git-lfs puts in a file's place
 *   path.c       the paths that limit a change
 *   worktree.c   the work tree against HEAD
 *   workfile.c   one file of the work tree: read it, hash it, lend it to libgit2 as a blob
 *   encoding.c   its working-tree-encoding
 *   read.c       contents of the head side
 *   trusted.c    contents of the side that steers the review
 *   list.c       all files of either
 *   lookup.c     what stands at a path of the head side
 *   patched.c    HEAD with a patch, in memory
 *   amend.c      the head side with other bytes at a path
 *   tracked.c    whether a path is git's at all
 */
#pragma once

#include "review/change/change.h"
#include "review/change/libgit2.h"

#include <sys/stat.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_blob, git_blob_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_commit, git_commit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_config, git_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_diff, git_diff_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_index, git_index_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_object, git_object_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_odb, git_odb_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_reference, git_reference_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_repository, git_repository_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_submodule, git_submodule_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_tree, git_tree_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(git_tree_entry, git_tree_entry_free)

/* git looks for a NUL byte in this many (buffer_is_binary() in git's xdiff-interface.c). */
#define CHANGE_BINARY_BYTES 8000

/* A path of the work tree that is not as HEAD has it, or may not be. */
typedef struct {
    char *path;
    guint32 mode; /* as in git's trees; 0: not in the work tree */
    gsize size;   /* of `blob` */
    git_oid blob; /* as git would store it: after the filters of .gitattributes */
    git_oid raw;  /* of the file's own bytes */
    GBytes
        *stored; /* what `blob` names, where that is other than the file's own bytes (line ends); else NULL */
    GBytes *amended; /* what change_amend() put in the place of the file's own bytes; else NULL */
    bool was_read;   /* false: the work tree's file is the index's, which is `blob` */
    char *problem;   /* why it could not be read, one clean line, or NULL; then `blob` is of no use */
} WorkFile;

struct Change {
    Change *after; /* of change_before(): the change that it belongs to, and whose `repo` it uses */
    bool library;  /* git_libgit2_init() was called */
    git_repository *repo;
    char *root;  /* NULL: bare, or code */
    int root_fd; /* O_PATH; -1 where there is no root */

    ChangeSource source;
    char *description;
    bool trust_head; /* change_trust_head() */
    char *base_name; /* CHANGE_BASE: as it was given; CHANGE_PATCH: "HEAD" */
    char base_id[GIT_OID_HEXSZ + 1], head_id[GIT_OID_HEXSZ + 1];

    git_tree *tree;         /* of HEAD, or of head with CHANGE_BASE; NULL: no commit yet */
    git_tree *trusted_tree; /* CHANGE_BASE: of base itself, or of head; CHANGE_ALL, CHANGE_PATCH: of HEAD */
    git_index *index;       /* CHANGE_STAGED, CHANGE_WORKTREE; CHANGE_PATCH: in memory */
    GBytes *code;           /* CHANGE_CODE */

    GPtrArray *all;   /* of ChangedFile, sorted: the whole change; owns them */
    GPtrArray *files; /* those of `all` that were asked for */

    /* CHANGE_WORKTREE */
    GHashTable *work;             /* path -> WorkFile, owned */
    GHashTable *blobs;            /* git_oid -> WorkFile: those with content that was read; also with
                                     CHANGE_PATCH, which owns them by this */
    GPtrArray *replaced;          /* of WorkFile: those of `work` that were amended; `blobs` may hold them */
    GHashTable *absent;           /* paths that a sparse checkout left out: they are as the index has them */
    struct timespec index_time;   /* when the index was written, at most */
    bool trust_exec, trust_links; /* core.fileMode, core.symlinks */
};

/* change.c */
bool change_git_error(GError **error, const char *what); /* sets CHANGE_ERROR_GIT; always false */
guint change_oid_hash(gconstpointer id);                 /* for a GHashTable of git_oid */
gboolean change_oid_equal(gconstpointer a, gconstpointer b);
ChangedFile *changed_file_new(const char *path, FileStatus status);
void changed_file_free(gpointer file);
/* The file of that path in the whole change, or NULL. */
ChangedFile *change_find_any(const Change *change, const char *path);
/* The entry of stage 0 that a commit would take, or NULL (also where it is only announced by `add -N`). */
const git_index_entry *change_index_entry(const Change *change, const char *path);

/* open.c */
bool change_has_config(git_repository *repo, const char *name);
bool change_open_index(Change *change, GError **error);

/* revision.c */
git_commit *change_commit(Change *change, const char *revision, GError **error);
bool change_merge_base(Change *change, git_commit *base, const char *base_name, git_commit *head,
                       const char *head_name, git_oid *ret_base, GError **error);

/* diff.c */
void change_diff_options(git_diff_options *options);
/* Says why a diff with these options, or a walk, failed; always false. */
bool change_diff_error(int code, GError **error);
/* Adds what `diff` says to change->all. Finds renames in it. */
bool change_add_diff(Change *change, git_diff *diff, GError **error);
/* The size of an object, which is not loaded. */
bool change_blob_size(Change *change, const git_oid *id, gsize *ret_size, GError **error);
/* Fills in what can only be told from the contents of files (of ChangedFile). */
bool change_measure(Change *change, const GPtrArray *files, GError **error);
/* Adds all files of a tree, as added, to change->all. */
bool change_add_tree(Change *change, git_tree *tree, GError **error);

/* rename.c: finds them in `diff`; puts right what libgit2 found, in files (of ChangedFile). */
bool change_find_renames(Change *change, git_diff *diff, GError **error);
void change_settle_renames(GPtrArray *files);

/* read.c: what stands at a path of a tree (NULL: empty); mode 0: nothing, or a folder. */
bool change_find_in_tree(git_tree *tree, const char *path, guint32 *ret_mode, git_oid *ret_id,
                         GError **error);
/* What stands at a path of the head side, where that is objects; mode 0: nothing, or a folder. */
bool change_find_stored(Change *change, const char *path, guint32 *ret_mode, git_oid *ret_id, GError **error);
/* Sets "path: what". */
void change_path_error(GError **error, int code, const char *path, const char *what);
/* Whether `mode` is that of what the caller can have, a file or a link; sets the error where not. */
bool change_is_kind(guint32 mode, bool link, const char *path, GError **error);
/* The bytes of a blob; NULL with `error` set, also where it is larger than CAP_FILE_BYTES. */
GBytes *change_read_blob(Change *change, const char *path, const git_oid *id, GError **error);

/* trusted.c: the repository that one stands in, or NULL: without an error where there is none. */
Change *change_open_here(GError **error);

/* patched.c: the bytes are a blob to libgit2 from here on, of that id. `blobs` is there, and owns its values.
 */
bool change_lend(Change *change, GBytes *bytes, git_oid *ret_id, GError **error);
/* Makes change->index of change->tree and a patch. */
bool change_patch_index(Change *change, GBytes *patch, GError **error);

/* attribute.c: to be called before the first change_is_binary(); `files` are of ChangedFile. */
bool change_prepare_attributes(Change *change, const GPtrArray *files, GError **error);
bool change_is_binary(Change *change, const char *path);

/* pointer.c */
bool change_is_pointer(const char *bytes, gsize len);

/* path.c: what of change->all lies below one of `paths` goes to change->files. */
bool change_limit(Change *change, const char *const *paths, GError **error);

/* worktree.c */
bool change_load_worktree(Change *change, GError **error);
/* Whether the file is, by its stat data, the one that the index was written from. */
bool change_stat_is_clean(const Change *change, const git_index_entry *entry, const struct stat *st);
guint32 change_work_mode(const Change *change, const git_index_entry *entry, const struct stat *st);

/* workfile.c */
void work_file_free(gpointer file);
/* Reads a regular file, never through a symbolic link; `ret_stat` may be NULL. CHANGE_ERROR_NO_FILE where
 * there is nothing of that name, or a directory. */
GBytes *work_read(int root_fd, const char *path, struct stat *ret_stat, GError **error);
char *work_read_link(int root_fd, const char *path, GError **error);
bool work_hash_bytes(GBytes *bytes, git_oid *ret_id, GError **error);
int work_open_beneath(int root_fd, const char *path, int flags);
/* The id that git would give the bytes of a regular file at `path`. */
bool work_hash(Change *change, const char *path, GBytes *bytes, git_oid *ret_id, GError **error);
/* Fills in blob and raw, or problem, from what lies at `name` in the folder `fd`; file->mode is set. */
void work_file_load(Change *change, WorkFile *file, int fd, const char *name);
/* encoding.c: the bytes of a file of the work tree in git's own encoding, which mostly are themselves; a
 * reference of the caller's. */
GBytes *work_decode(Change *change, const char *path, GBytes *bytes, GError **error);
/* From here on libgit2 finds the blobs of change->blobs. */
bool work_lend_blobs(Change *change, GError **error);
