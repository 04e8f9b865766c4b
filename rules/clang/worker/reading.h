/* reading.h: the cognitive complexity of a function as its words have it, without a tree.
 *
 * For functions with an error, of which the parser may have left out a part. A reader of C needs no types to
 * see what is nested in what; and neither does this: it reads statements by their words, brackets and
 * semicolons, and takes all else for expressions. Of code that is understood it counts the same as
 * complexity.c, which tests show. */
#pragma once

#include "rules/clang/worker/complexity.h"

/* The functions by the last part of their names, for reading_of(): char * -> index + 1; the keys are the
 * functions'. */
GHashTable *reading_names(const Complexity *complexity);

/* Sets `cognitive`, and takes back `lost`; calls of the file's functions are noted. Where it cannot be read
 * either (brackets that do not match, or stand too deep), nothing is changed. */
void reading_of(Complexity *complexity, GHashTable *names, int function);
