/* words.h: the tokens of a file, as they are written; above all the words that decide or jump: `if`, `&&`,
 * `?`, ...
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
    WORD_AND = 1 << 10,
    WORD_OR = 1 << 11,
    WORD_OPEN = 1 << 12,    /* ( */
    WORD_CLOSE = 1 << 13,   /* ) */
    WORD_BEGIN = 1 << 14,   /* { */
    WORD_END = 1 << 15,     /* } */
    WORD_BRACKET = 1 << 16, /* [ */
    WORD_UNBRACKET = 1 << 17,
    WORD_SEMICOLON = 1 << 18,
    WORD_COMMA = 1 << 19,
    WORD_COLON = 1 << 20,
    WORD_NAME = 1 << 21,   /* an identifier, and words that stand for a value */
    WORD_ASSIGN = 1 << 22, /* = and what else an expression begins behind: return, throw */
    WORD_MEMBER = 1 << 23, /* . and -> */
    WORD_OTHER = 1 << 24,
} Word;

#define WORDS_OF_STATEMENTS                                                                                  \
    (WORD_IF | WORD_ELSE | WORD_FOR | WORD_WHILE | WORD_DO | WORD_SWITCH | WORD_CASE | WORD_CATCH | WORD_GOTO)

typedef struct {
    unsigned offset, end;
    Word word;
    bool seen;
    bool is_prefix; /* of WORD_AND and WORD_OR: not behind an operand, so that it may be no operator */
} WordPlace;

/* The file's, as an array of WordPlace in order; comments are left out. */
GArray *words_read(CXTranslationUnit unit, CXFile file);
/* The index of the first word that begins at `from` or behind it. */
guint words_index(const GArray *words, unsigned from);
/* The first of the words `kinds` in from..to, seen or not; NULL where there is none. */
WordPlace *words_find(GArray *words, unsigned kinds, unsigned from, unsigned to);
