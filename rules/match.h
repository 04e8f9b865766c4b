/* match.h: does a path match these patterns? With the rules of gitignore(5).
 *
 * A list of patterns is compiled once (match_new) and asked many times. As in .gitignore: the last pattern
 * that matches wins, `!` takes back, a slash at the start or in the middle anchors at the repository's root,
 * `**` crosses folders, a slash at the end means a folder, and a pattern that matches a folder matches all
 * below it, which no `!` can take back. Paths are bytes, relative, without a leading "./". Time is bounded by
 * a polynomial in the lengths: no pattern makes a hostile path slow. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Match Match;

/* NULL with `error` (G_OPTION_ERROR_BAD_VALUE) set where a pattern is not valid: empty, longer than
 * CAP_PATTERN_BYTES, a comment ("#"), a trailing backslash, or a "[" without its "]". Git takes these in
 * silence, and they match nothing. An empty or NULL list matches nothing. Free with match_free(). */
Match *match_new(const char *const *patterns, GError **error);
/* Whether the path is matched. It is a file's, but for one that ends with a slash, which is a folder's. */
bool match_path(const Match *match, const char *path);
void match_free(Match *match);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Match, match_free)
