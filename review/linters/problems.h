/* problems.h: what the readers of the common formats (formats.h) share: a problem as a tool tells it becomes
 * a finding, or is found to be of no file of ours.
 *
 * Order: problems_new(); problems_add() for each problem; problems_free(). A path in the output is the tool's
 * own: absolute, relative, with "./" before it. It is matched to the files that the tool was given, and to
 * those of the change that were laid out beside them for other checks. Another file that the tool could see,
 * such as its configuration or a system header, is passed over. A name of nothing that is there, here or on
 * this system, is an error: it may be a given file's name in a spelling that is not known, and its finding
 * must not get lost. */
#pragma once

#include "review/linters/linter.h"
#include "review/linters/source.h"

#include <glib.h>
#include <stdbool.h>

typedef enum { UNIT_CODE_POINTS, UNIT_UTF16, UNIT_BYTES } ColumnUnit;

/* A problem as it is told. Lines and columns count from 1, 0 is not known; the end column is the one after
 * the last character. */
typedef struct {
    const char *path;
    guint line, column, end_line, end_column;
    Severity severity;
    const char *code;    /* NULL: it has none, and the severity's name is taken */
    const char *message; /* NULL or "": it says nothing but its code */
} Problem;

typedef struct {
    const LinterOutput *output;
    CheckResult *result;
    ColumnUnit unit; /* of its columns; code points where nothing else is set */
    guint told; /* how many problems the tool told of files below the root, also such as are passed over */
    struct ProblemFiles *files; /* private */
} Problems;

Problems *problems_new(const LinterOutput *output, CheckResult *result);
void problems_free(Problems *problems);

/* Adds a finding, which is given back and belongs to the result; NULL where the problem is passed over. false
 * with `error` set where the path is of nothing that is there, or there are too many. `ret_finding` may be
 * NULL. */
bool problems_add(Problems *problems, const Problem *problem, Finding **ret_finding, GError **error);

/* Gives a problem of a given file the place of `length` characters (of problems->unit) from `offset` on,
 * which counts from 0; with `bytes`, the lines of so many bytes. It stays as it is where that cannot be
 * known. */
void problems_place(Problems *problems, Problem *problem, guint offset, guint length, bool bytes);

/* The path, among those that a finding may be of, whose name `text` begins with, followed by `behind`; the
 * length of both in `ret_used`. NULL where there is none. For formats in which a name is not told apart from
 * what follows it: a path may hold anything. */
const char *problems_path_at(const Problems *problems, const char *text, gsize len, const char *behind,
                             gsize *ret_used);

/* The place of an edit in a finding's file; false where it cannot be known for certain. */
bool problems_edit_region(Problems *problems, const Finding *finding, const Problem *place,
                          Region *ret_region);
/* Gives a finding the fix, and takes it: it is left out where its edits overlap, or there are none. */
void problems_add_fix(Finding *finding, Fix *fix);

/* What a tool calls a severity: "error", "style", "W", ... false where the word is not known. */
bool problems_severity(const char *word, gsize len, Severity *ret_severity);

/* Sets LINTER_ERROR: "its output cannot be read: WHAT"; returns false. */
bool problems_unreadable(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problems, problems_free)
