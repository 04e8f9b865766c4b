/* lost.h: what of a file the parser did not understand.
 *
 * Where an include is missing, libclang still gives a tree, but leaves out what it can make nothing of: the
 * loop over a variable of an unknown type, with all that it holds. Nothing of that may be lost silently. A
 * word that nobody has seen (words.h) in a function with an error is in such a part: it is counted for the
 * cyclomatic complexity, of which the words are enough, and the cognitive one is read from them (reading.h).
 * One outside of any function means that there may be a function that was not recognized: the file was not
 * understood. */
#pragma once

#include "rules/clang/worker/complexity.h"

typedef struct {
    char *error;       /* the parser's first complaint about what was lost; NULL: nothing was */
    unsigned error_at; /* the offset of that */
    unsigned unparsed; /* of the first word outside of functions; G_MAXUINT: none */
} Lost;

Lost lost_find(Complexity *complexity);
