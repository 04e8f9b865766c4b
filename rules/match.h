/* match.h: does a path match these patterns? With the rules of gitignore(5).
 *
 * A list of patterns is compiled once (match_new) and asked many times. As in .gitignore: the last pattern
 * that matches wins, `!` takes back, a slash at the start or in the middle anchors at the repository's root,
 * `**` crosses folders, a slash at the end means a folder (and with it everything below), and a pattern that
 * matches a folder matches all below it. Paths are bytes, relative, without a leading "./". */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Match Match;

/* NULL with `error` set where a pattern is not valid (empty, longer than CAP_PATTERN_BYTES, a trailing
 * backslash). An empty or NULL list matches nothing. Free with match_free(). */
Match *match_new(const char *const *patterns, GError **error);
bool match_path(const Match *match, const char *path);
void match_free(Match *match);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Match, match_free)
