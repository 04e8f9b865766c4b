/* match_text.h: a version of a file by what its lines say, for finding the same place in another version.
 *
 * Spaces and tabs do not count anywhere: a block that was indented is the same block. Lines count from 1; one
 * that is not there is taken for the nearest one that is. For match.c and base.c. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct MatchText MatchText;

MatchText *match_text_new(GBytes *bytes);
void match_text_free(MatchText *text);

/* What these lines say, both included, as a hash; "" of one blank line. Newly allocated. */
char *match_text_of(MatchText *text, guint first, guint last);
/* The next line above (`step` -1) or below (1) that is not blank; 0 where there is none. */
guint match_text_line_beside(MatchText *text, guint line, int step);
/* What the next line above (`step` -1) or below (1) says that is not blank; "" where there is none. Belongs
 * to the text. */
const char *match_text_beside(MatchText *text, guint line, int step);
/* The hash of a line and of what follows it; belongs to the text. */
const char *match_text_context(MatchText *text, guint line);
/* Whether some line says that (of match_text_of()). */
bool match_text_has(MatchText *text, const char *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatchText, match_text_free)
