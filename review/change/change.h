/* change.h: the set of changed files, read from git by libgit2.
 *
 * Order: change_open() finds the repository; change_load() computes the change; change_read() gives a file's
 * reviewed bytes; change_trusted() those of a file that steers the review (policy, linters' configuration).
 * Nothing here writes to the repository. Paths are bytes, relative to the root, sorted by strcmp. */
#pragma once

#include "exec/caps.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    CHANGE_WORKTREE, /* HEAD to work tree, untracked files included */
    CHANGE_STAGED,   /* HEAD to index */
    CHANGE_BASE,     /* merge-base(base, head) to head */
    CHANGE_ALL,      /* every tracked file of HEAD, all lines new */
    CHANGE_PATCH,    /* HEAD to HEAD with a patch: change_load_patch() */
    CHANGE_CODE,     /* one piece of code, no repository: change_from_code() */
} ChangeSource;

typedef enum {
    FILE_ADDED,
    FILE_MODIFIED,
    FILE_DELETED,
    FILE_RENAMED,
    FILE_COPIED,
    FILE_TYPE_CHANGED
} FileStatus;

const char *file_status_name(FileStatus status); /* "added", "modified", ... */

/* Lines from first to last, both included, counted from 1. */
typedef struct {
    guint first, last;
} LineRange;

/* A place where the two versions of a file differ: lines of the old one, from `old_first`, gave way to lines
 * of the new one, from `new_first`. Where a count is 0, `first` is the line that follows the place. */
typedef struct {
    guint old_first, old_count, new_first, new_count;
} Hunk;

typedef struct {
    char *path;
    char *old_path; /* of a rename or a copy, else NULL */
    FileStatus status;
    /* As in git's trees: 0100644, 0100755, 0120000, 0160000; 0: none. A work tree's path at which lies no
     * regular file, link or folder (a FIFO) has the mode of a file, and change_read() says what it is. */
    guint32 mode, old_mode;
    /* Hex object ids (of a submodule: the commit's); "" where there is none. Of the work tree: the id that
     * the file would have in git; "" where it could not be read. */
    char blob[65], old_blob[65];
    bool binary;  /* the new side: a NUL byte in the first 8,000, or set by .gitattributes (see below) */
    bool has_nul; /* it is binary by that byte, and .gitattributes do not call it so */
    bool pointer; /* the new side is git-lfs's pointer to a content that is not here */
    bool all_new; /* every line is new, as in a copy; never of a link or a submodule: they have no lines */
    GArray *new_lines; /* of LineRange, ascending, not touching; empty with all_new; never NULL */
    GArray *hunks;     /* of Hunk, ascending; empty with all_new; never NULL */
} ChangedFile;

typedef struct Change Change;

typedef enum {
    CHANGE_ERROR_NO_REPOSITORY,
    CHANGE_ERROR_NO_REVISION,
    CHANGE_ERROR_NO_MERGE_BASE,
    CHANGE_ERROR_STATE, /* bare where a work tree is needed, unmerged index, unsafe ownership, ... */
    CHANGE_ERROR_LIMIT,
    CHANGE_ERROR_NO_FILE, /* change_read(), change_read_link(): the head side has no file of that name */
    CHANGE_ERROR_PATCH,   /* change_load_patch(): it cannot be read, or does not fit */
    CHANGE_ERROR_GIT,     /* anything else that libgit2 says */
} ChangeError;

#define CHANGE_ERROR (change_error_quark())
GQuark change_error_quark(void);

/* Finds the repository from `directory` upwards, or by GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE,
 * GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES, as git does: what a git hook gets in its
 * environment is honoured. With GIT_DIR alone the work tree is the one that the repository knows, where
 * `directory` lies in it, else `directory`. */
Change *change_open(const char *directory, GError **error);
/* A change of one added file without any repository. */
Change *change_from_code(const char *path, const char *code, gsize len);
void change_free(Change *change);

/* Computes the change; once. `base` and `head` are revisions, used with CHANGE_BASE (head NULL: HEAD).
 *
 * `paths` (NULL or empty: all) limits it to files that are, or lie below, one of these; they are relative to
 * the current directory, as git's, or absolute, and not patterns; in a bare repository relative to the root.
 * A path that lies outside of the work tree, or at which nothing is tracked or changed, is an error
 * (CHANGE_ERROR_STATE). A renamed file is looked for under its new name, and stays a rename.
 *
 * Renames and copies (of changed files) are found as by `git diff -C`. Before the first commit --staged and
 * --worktree compare with nothing, and --all is empty. In the work tree: ignored files, other repositories
 * and untracked things that are no files are not listed; a file that cannot be read is, with all_new, and
 * change_read() says why. .gitattributes are those of the base with CHANGE_BASE, of HEAD with CHANGE_ALL, and
 * of the work tree otherwise. */
bool change_load(Change *change, ChangeSource source, const char *base, const char *head,
                 const char *const *paths, GError **error);

/* Before change_load() with CHANGE_BASE: the change is trusted, and steers its own review. */
void change_trust_head(Change *change);

/* The same, of HEAD as it would be with a patch (review/patch/patch.h says which are read); needs no work
 * tree, and touches nothing of the repository: what the patch makes is in memory. What the patch names is
 * relative to the root. Its message begins with the line of the patch, or the file and the hunk that do not
 * fit. The change is not trusted: what steers the review, and .gitattributes, are HEAD's. */
bool change_load_patch(Change *change, GBytes *patch, const char *const *paths, GError **error);

/* Below: after change_load(). Everything returned belongs to the change unless said otherwise. */

ChangeSource change_source(const Change *change);
const GPtrArray *change_files(const Change *change); /* of ChangedFile, sorted by path */
const ChangedFile *change_find(const Change *change, const char *path);
/* What was reviewed, for people, without host paths: "staged changes", "work tree against HEAD", "all files
 * of HEAD (1a2b3c4)", "HEAD (1a2b3c4) with a patch", "main...feature (1a2b3c4..5d6e7f8)" (the merge base and
 * the head). */
const char *change_description(const Change *change);
/* Hex commit ids of base (the merge base, or HEAD) and of head; "" where there is none. */
const char *change_base_id(const Change *change);
const char *change_head_id(const Change *change);
/* The work tree's root, absolute, with no slash at the end; NULL for a bare repository or code. */
const char *change_root(const Change *change);

/* Where git keeps what it has of the work tree, and its objects; where its index is (GIT_INDEX_FILE counts).
 * The latter two are newly allocated. */
const char *change_git_folder(const Change *change);
char *change_objects_folder(const Change *change);
char *change_index_file(const Change *change);

/* The bytes of a work tree's file as git would store them at `path`: encoding, line ends and $Id$ normalised
 * as .gitattributes say. Filters that start a program (filter=lfs) are not run. The caller's. */
GBytes *change_stored(Change *change, const char *path, GBytes *bytes, GError **error);
/* Whether the file has a working-tree-encoding; whether that, or such a filter, stands between it and git. */
bool change_is_encoded(Change *change, const char *path);
bool change_is_filtered(Change *change, const char *path);

/* Opens the folder below the root that holds `path`, through no symbolic link: a descriptor (O_PATH), or -1
 * with errno set. `ret_name` points to the rest of `path`. */
int change_open_folder(const Change *change, const char *path, const char **ret_name);

/* The reviewed bytes of a path of the head side, whether changed or not; NULL with `error` set where there is
 * none (CHANGE_ERROR_NO_FILE), it is a link or a submodule, or is larger than CAP_FILE_BYTES. For the work
 * tree: the file's own bytes, or, with a working-tree-encoding, those in git's encoding; never through a
 * symbolic link. The same bytes at every call: a file of the work tree whose bytes are no longer those that
 * were compared is an error. The caller's. */
GBytes *change_read(Change *change, const char *path, GError **error);

/* How many bytes a regular file of the head side has, without reading them: one that is too large to be read
 * has a size, too. Of a work tree's file as it lies there. false with `error` set. */
bool change_size(Change *change, const char *path, guint64 *ret_size, GError **error);

/* The bytes of the old side of a file of the change; NULL with `error` set, as above. The caller's. */
GBytes *change_read_old(Change *change, const ChangedFile *file, GError **error);

/* What stands at a path of the head side, changed or not, as in git's trees; 0: nothing, or a folder. false
 * with `error` set. */
bool change_mode(Change *change, const char *path, guint32 *ret_mode, GError **error);
/* Whether the head side has a file below that path. */
bool change_has_folder(Change *change, const char *path, bool *ret_has, GError **error);

/* The bytes of a file that steers the review. NULL where it is not there (no error), or with `error` set (it
 * is a symbolic link, too large, ...). The caller's. Where it comes from:
 * - CHANGE_BASE: the commit that `base` names, whose policy is the one in force (not the merge base); with
 * change_trust_head(), the head;
 * - CHANGE_PATCH: HEAD, without the patch;
 * - CHANGE_STAGED: the work tree, else the index: a local hook is steered by its user, who expects a policy
 * to hold before it is staged;
 * - CHANGE_WORKTREE: the work tree, or the index for what a sparse checkout left out of it;
 * - CHANGE_ALL: the work tree, else HEAD;
 * - CHANGE_CODE: the work tree of the repository in the current directory, if there is one. */
GBytes *change_trusted(Change *change, const char *path, GError **error);
/* "main" (the base as it was given) where trusted files come from a base, "HEAD" with CHANGE_PATCH, else
 * NULL. */
const char *change_trusted_from(const Change *change);
bool change_trusts_head(const Change *change); /* by change_trust_head() */

/* From here on the head side holds these bytes at a regular file of the change: it is reviewed as it would be
 * with them, while nothing is written. What became of the file (added, renamed, ...) stays; its new lines are
 * looked for anew. Once a file. false with `error` set. */
bool change_amend(Change *change, const char *path, GBytes *bytes, GError **error);

/* Where two texts differ, as `git diff -U0` has it: of Hunk, the caller's. Some change has to be open. NULL
 * with `error` set. */
GArray *change_compare(GBytes *old, GBytes *new, GError **error);

/* All regular files of the head side, whatever `paths` were: calls `each` with path and mode in order of
 * path, until it returns false. Symbolic links (mode 0120000) are listed too, submodules are not. false where
 * it was stopped or `error` is set. */
typedef bool (*ChangeEach)(const char *path, guint32 mode, gpointer data);
bool change_each_file(Change *change, ChangeEach each, gpointer data, GError **error);
/* The same of the side that steers the review (of CHANGE_CODE: of the repository in the current directory);
 * also lists what the trusted side may not have, which change_trusted() tells. */
bool change_each_trusted(Change *change, ChangeEach each, gpointer data, GError **error);
/* Where a listed symbolic link points, byte for byte; newly allocated. NULL with `error` set. */
char *change_read_link(Change *change, const char *path, GError **error);

/* Whether git tracks a file of that path in this repository: in its index, or in HEAD. false with `error`
 * set.
 */
bool change_is_tracked(Change *change, const char *path, bool *ret_is, GError **error);

/* Whether line..end_line touches a new line of the file (a region of lines 0..0 is the whole file: touches if
 * the file has any change of content, or all_new). A pure deletion makes no line new. */
bool changed_file_touches(const ChangedFile *file, guint line, guint end_line);
/* The line that a line of the file was before the change; of a new line, where it was put. */
guint changed_file_old_line(const ChangedFile *file, guint line);
/* Whether that line of the old version is not in the new one, or there is no new one. */
bool changed_file_lost(const ChangedFile *file, guint old_line);
/* Where the old version of a regular file stood that became this one, or was deleted; NULL: there was none,
 * as for a copy, which is a file of its own. */
const char *changed_file_old_path(const ChangedFile *file);

/* What the change started from, as a change of its own, of which change_read() and the like may be asked: its
 * files are the old versions of those that were changed, renamed or deleted, under their old paths. What
 * steers the review is the change's: change_trusted(). It holds on to `change`, which must outlive it. Not of
 * CHANGE_ALL or CHANGE_CODE, which start from nothing. NULL with `error` set. */
Change *change_before(Change *change, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)
