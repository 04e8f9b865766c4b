/* words.h: the words of a file that decide or jump, as they are written: `if`, `&&`, `?`, ...
 *
 * The tree alone does not tell what is written from what a macro expands to, and where the parser found an
 * error it may have left out a part. So what the tree has is looked up among the words, which notes them as
 * seen; and those that nobody has seen stand in code that was not understood. Words within directives and
 * within what the preprocessor skipped are not among them. */
#pragma once

#include "rules/clang/worker/libclang.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    WORD_IF = 1 << 0,
    WORD_ELSE = 1 << 1,
    WORD_FOR = 1 << 2,
    WORD_WHILE = 1 << 3,
    WORD_DO = 1 << 4,
    WORD_SWITCH = 1 << 5,
    WORD_CASE = 1 << 6,
    WORD_CATCH = 1 << 7,
    WORD_GOTO = 1 << 8,
    WORD_QUESTION = 1 << 9,
    WORD_AND = 1 << 10, /* behind an operand: it may still be a reference to a temporary */
    WORD_OR = 1 << 11,
} Word;

typedef struct {
    unsigned offset;
    Word word;
    bool seen;
} WordPlace;

/* The file's, as an array of WordPlace in order. */
GArray *words_read(CXTranslationUnit unit, CXFile file);
/* The first of the words `kinds` in from..to, seen or not; NULL where there is none. */
WordPlace *words_find(GArray *words, unsigned kinds, unsigned from, unsigned to);
