/* patch.h: a patch as text: read it, and apply it to the bytes of a file.
 *
 * Order: patch_parse() once; for each of its files, patch_apply() to what the file holds before. Nothing here
 * knows of a repository. What git writes is read (`git diff`, `git format-patch` with its mails' headers and
 * trailers, many of them in a row, binary patches), and unified diffs of other programs. Text around the
 * files' parts is passed over, but nothing that looks like a part of a patch is: a hunk without a file, lines
 * that a hunk does not count, a binary file without its content are errors. */
#pragma once

#include "exec/caps.h"

#include <glib.h>
#include <stdbool.h>

typedef enum { PATCH_MODIFY, PATCH_ADD, PATCH_DELETE, PATCH_RENAME, PATCH_COPY } PatchKind;

typedef struct {
    guint old_start, old_lines, new_start, new_lines; /* as its header has them */
    gsize leading, trailing;                          /* lines of context at its ends */
    GString *old_text, *new_text;                     /* what it replaces, and by what */
} PatchHunk;

/* Of a binary patch: deflated; the whole file, or a delta to it as in git's packs (gitformat-pack(5)). */
typedef struct {
    bool is_delta;
    gsize size; /* inflated */
    GByteArray *deflated;
} PatchBinary;

typedef struct {
    PatchKind kind;
    /* Clean paths (patch_parse() refuses others): relative, no part is empty, '.', '..' or '.git'. old_path
     * is NULL of PATCH_ADD, new_path of PATCH_DELETE. A plain patch does not always say that a file is new:
     * PATCH_MODIFY whose only hunk has no old lines may be that, too: patch_may_add(). */
    char *old_path, *new_path;
    guint32 mode;          /* of the new side, as in git's trees; 0: it stays */
    char *old_id, *new_id; /* hex as the patch has them, perhaps shortened; NULL where it has none */
    GPtrArray *hunks;      /* of PatchHunk */
    PatchBinary *binary;   /* NULL: it is text */
    bool is_plain;         /* as diff(1) writes it, without "diff --git" */
    bool starts_mail;      /* a mail begins before it: what stands before is applied first */
    guint line;            /* of the patch, at which it begins */
} PatchFile;

#define PATCH_ERROR (patch_error_quark())
GQuark patch_error_quark(void);

/* The files of a patch (of PatchFile, at least one), in its order. NULL with `error` set, "line 12: ...". */
GPtrArray *patch_parse(const char *text, gsize len, GError **error);

/* Whether it makes the file where there is none of that name, as git-apply(1) takes it. */
bool patch_may_add(const PatchFile *file);

/* How much work is left for all of a patch: places at which a hunk is tried, bytes that come out. */
typedef struct {
    gsize steps, bytes;
} PatchBudget;
#define PATCH_BUDGET ((PatchBudget){CAP_PATCH_STEPS, CAP_PATCH_RESULT_BYTES})

/* What `old` is with the patch; the caller's. A hunk may fit at another line than its header says, as with
 * git-apply(1): the nearest one counts. All its context has to be there. NULL with `error` set, which names
 * the file and the hunk: "a.py: hunk 2 (@@ -10,3 +10,4 @@) does not fit: ...". */
GBytes *patch_apply(const PatchFile *file, GBytes *old, PatchBudget *budget, GError **error);

/* Of other files of this module. */

/* The inflated bytes of a binary patch applied to `old`; NULL with a reason in `ret_why`. */
GBytes *patch_binary_apply(const PatchBinary *binary, GBytes *old, const char **ret_why);
/* Adds a line of git's base 85 to `bytes`; false where it is none. */
bool patch_base85_decode(const char *line, gsize len, GByteArray *bytes);
/* The names in a patch's headers. `text` is what follows the keyword in its line; they are newly allocated;
 * NULL where there is no name to be read. */
char *patch_name(const char *text, gsize len);
/* "diff --git A B": false where one cannot tell where A ends. */
bool patch_split_names(const char *text, gsize len, char **ret_old, char **ret_new);
/* The name without the folder that stands for a side (a/, b/); either may be NULL. Names that are the same
 * have no such folder. NULL where they are of different files. */
char *patch_plain_name(const char *old_name, const char *new_name);
const char *patch_behind_folder(const char *name);
