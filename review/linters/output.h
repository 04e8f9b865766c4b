/* output.h: what the readers of the linters' output share: names back to paths, findings, complaints. */
#pragma once

#include "review/linters/linter.h"

#include <glib.h>
#include <stdbool.h>

/* The given paths by the names under which a tool prints them. */
typedef struct PathNames PathNames;

/* `shown` gives a path's name as the tool prints it, newly allocated; NULL: the path itself. Two paths of one
 * name have none. The paths must outlive the names. */
PathNames *path_names_new(const GPtrArray *paths, char *(*shown)(const char *path));
void path_names_free(PathNames *names);
/* The element of `paths` that this is the name of, or NULL. */
const char *path_names_get(const PathNames *names, const char *name, gsize len);
/* The path whose name `text` begins with, directly followed by `behind`; its length, with `behind`, in
 * `ret_used`. A name may itself hold `behind`: the shortest one that is known is taken. NULL where there is
 * none. */
const char *path_names_at(const PathNames *names, const char *text, gsize len, const char *behind,
                          gsize *ret_used);

/* A path as Rust's Path::display() and as Python's stderr ("backslashreplace" of a "surrogateescape") print
 * it. For path_names_new(). */
char *path_lossy(const char *path);
char *path_backslashed(const char *path);

/* Adds a finding of the result's linter, and its rule; the rule belongs to the result. NULL, with `error`
 * set, beyond CAP_LINTER_FINDINGS. */
RuleInfo *output_add(CheckResult *result, const char *code, const char *path, Region region,
                     const char *message, GError **error);
/* The finding that was added last. */
Finding *output_last(const CheckResult *result);

/* The line that begins at `p`, up to a newline or `end`: its length. */
gsize line_length(const char *p, const char *end);

/* The line of a tool's output that says best what went wrong: of a Python traceback the last, else the first
 * that is not a log line or a hint on usage; "" where there is none. Newly allocated, clean. */
char *output_complaint(const char *text, gsize len);

/* Whether a decimal number stands at `p`, followed by nothing of it; its end in `ret_end`. For what tools
 * print: 0 to G_MAXINT32. */
bool output_number(const char *p, const char *end, guint *ret_number, const char **ret_end);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PathNames, path_names_free)
