/* match_sides.h: what match.c and match_stretch.c share: the two versions. */
#pragma once

#include "review/change/change.h"
#include "review/match_text.h"
#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    Change *change, *before;
    GHashTable *files;                 /* old path -> ChangedFile */
    GHashTable *new_texts, *old_texts; /* path -> MatchText */
} Sides;

/* The text of a file, read once; NULL where it cannot be read. */
MatchText *sides_new_text(const Sides *sides, const char *path);
MatchText *sides_old_text(const Sides *sides, const char *path);

/* Whether its linter finds stretches of lines, and the judgement over all that are. */
bool match_is_stretch(const Finding *finding);
void match_stretches(const Sides *sides, const GPtrArray *head, const GPtrArray *base);
