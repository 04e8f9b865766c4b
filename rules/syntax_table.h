/* syntax_table.h: the table behind syntax.h, for its scanner alone. */
#pragma once

#include "rules/syntax.h"

enum {
    QUOTE_ESCAPES = 1 << 0,  /* a backslash takes what follows */
    QUOTE_DOUBLED = 1 << 1,  /* twice the closing sign stands for itself */
    QUOTE_LINES = 1 << 2,    /* it may go over several lines */
    QUOTE_FIELDS = 1 << 3,   /* ${...} in it is code; in a shell $(...) */
    QUOTE_BACKTICK = 1 << 4, /* a backtick takes what follows */
    QUOTE_CHAR = 1 << 5,     /* one character, or an escape: the sign is used for other things too */
    QUOTE_WORD = 1 << 6,     /* it opens only where a word may begin */
};

typedef struct {
    const char *open, *close;
    guint flags;
} Quote;

enum {
    SYNTAX_HASH_WORD = 1 << 0,  /* # begins a comment only where a word may begin */
    SYNTAX_LINE_START = 1 << 1, /* a comment only stands at the beginning of a line, or behind an @ there */
    SYNTAX_HEREDOC = 1 << 2,    /* <<WORD */
    SYNTAX_RAW_CPP = 1 << 3,    /* R"x(...)x" */
    SYNTAX_RAW_HASH = 1 << 4,   /* r#"..."#, #"..."# */
    SYNTAX_LONG = 1 << 5,       /* [[...]], [==[...]==] */
    SYNTAX_REGEX = 1 << 6,      /* /.../ where a value may stand */
    SYNTAX_DOLLAR = 1 << 7,     /* $tag$...$tag$ */
    SYNTAX_BACKSLASH = 1 << 8,  /* a backslash takes what follows, outside of strings too */
    SYNTAX_NESTED = 1 << 9,     /* block comments hold block comments */
    SYNTAX_BLOCKS = 1 << 10,    /* YAML's block scalars */
    SYNTAX_TAGS = 1 << 11,      /* strings stand in tags alone */
    SYNTAX_SCRIPTS = 1 << 12,   /* and what stands in <script> and <style> is JavaScript and CSS */
    SYNTAX_DIGITS = 1 << 13,    /* 1'000 is a number */
    SYNTAX_POD = 1 << 14,       /* =pod ... =cut; in Ruby =begin ... =end */
};

typedef struct {
    const char *language;
    const Quote *quotes; /* the longer ones first; ends with a NULL `open`. NULL: nothing is known */
    guint signs;         /* bits of syntax_signs */
    guint flags;
} Syntax;

/* NULL where it is not known. */
const Syntax *syntax_find(const char *language);
