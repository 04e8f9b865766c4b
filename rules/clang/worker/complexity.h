/* complexity.h: the functions of a file, and how complex they are.
 *
 * Counted is what is written within a function: what a macro expands to is not (as with tools that read the
 * text, such as lizard and pmccabe), but what stands in a macro's arguments is, once. So are the branches
 * that the preprocessor takes, and not those that it skips.
 *
 * Cyclomatic complexity (T. McCabe, "A Complexity Measure", 1976): 1, and 1 for each if, for (also over a
 * range), while, do, case (not for switch itself, nor for default), catch, ?: (also without its middle), &&
 * and
 * ||, if they are the language's own and no overloaded operator. A lambda's count for the function that it
 * stands in; methods of a class within a function are functions of their own. A lambda outside of any
 * function is one, with the name "lambda".
 *
 * Cognitive complexity (G. Ann Campbell, "Cognitive Complexity", version 1.7, SonarSource 2023), appendix B:
 *   B1  1 for if, else if, else, ?:, switch, each loop, catch, goto, each sequence of like && or ||, and each
 *       function that is part of a recursion, as far as all its parts stand in this file. Not for ?: without
 *       its middle, which is the shorthand for a null that the paper leaves out; nor for early return, break
 *       and continue, which have no labels here.
 *   B2  what these hold is nested one deeper: if, else if, else, ?:, switch, loops, catch, and lambdas.
 *   B3  1 for each level of nesting of an if, ?:, switch, loop or catch.
 * Conditions are not nested in their own statement. A sequence is read as it is written: a || b && c || d are
 * three; parentheses do not end one, a negation does. */
#pragma once

#include "rules/clang/worker/libclang.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *name;                    /* "Class::method" */
    unsigned start, end;           /* offsets of its name */
    unsigned body_start, body_end; /* of all of it, */
    unsigned code_start;           /* and where what is counted begins */
    int outer;                     /* the function that it stands in, as an index; -1: none */
    unsigned cyclomatic, cognitive;
    bool has_error; /* something in it was not understood, */
    bool lost;      /* and the cognitive complexity is not known */
    CXCursor cursor;
    GArray *calls; /* of CXCursor: the functions that it calls */
} Function;

typedef struct {
    GPtrArray *functions; /* of Function, in the order of the file */
    GHashTable *numbers;  /* Function.cursor -> index + 1 */
    GArray *words;        /* see words.h */
    CXTranslationUnit unit;
    CXFile file;
    bool is_cpp;
} Complexity;

Complexity *complexity_measure(CXTranslationUnit unit, CXFile file, bool is_cpp);
void complexity_free(Complexity *complexity);

/* recursion.c: adds to each function that is part of a recursion. To be called once all else is known. */
void complexity_add_recursion(Complexity *complexity);
