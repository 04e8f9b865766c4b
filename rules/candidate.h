/* candidate.h: how the places are found at which a pattern may match, without running it.
 *
 * From the tree of a pattern (shape.h) a part is taken with which every match begins, and which is rare
 * enough to be worth looking for. Where one of these ends in a file, a match can only start within a window
 * before it: so a pattern that is tried at the starts within the windows, over the whole file, finds what it
 * would find if it were tried everywhere. How far a match reaches, and at what it looks around it, is no
 * matter.
 *
 * The expression is in the syntax that PCRE2 and Vectorscan share, over bytes. */
#pragma once

#include "rules/shape.h"

typedef enum {
    CANDIDATE_NONE,   /* no part of it is of use: the pattern is tried everywhere */
    CANDIDATE_WINDOW, /* a match starts `least` to `most` bytes before the part's end */
    CANDIDATE_LINE,   /* in the line of the part's end, `least` bytes before it or more */
    CANDIDATE_FILE,   /* somewhere in a file that holds the part */
} CandidateKind;

typedef struct {
    CandidateKind kind;
    char *expression; /* NULL for CANDIDATE_NONE */
    guint least, most;
    /* Case does not count, and the expression leaves out U+212A and U+017F, which then are a K and an S: in a
     * file that holds one of these the pattern is tried everywhere. */
    bool folds;
} Candidate;

/* `window`: no match is longer than so many bytes; SHAPE_NO_END: it may be. `shape` may be NULL, and gets
 * further nodes. Free the expression. */
Candidate candidate_plan(Shape *shape, guint window);
