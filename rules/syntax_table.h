/* syntax_table.h: the table behind syntax.h, for its scanner alone. */
#pragma once

#include "rules/syntax.h"

enum {
    QUOTE_ESCAPES = 1 << 0,  /* a backslash takes what follows */
    QUOTE_DOUBLED = 1 << 1,  /* twice the closing sign stands for itself */
    QUOTE_LINES = 1 << 2,    /* it may go over several lines */
    QUOTE_BACKTICK = 1 << 3, /* a backtick takes what follows */
    QUOTE_CHAR = 1 << 4,     /* one character, or an escape: the sign is used for other things too */
    QUOTE_WORD = 1 << 5,     /* it opens only where a word may begin */
};

typedef struct {
    const char *open, *close;
    guint flags;
} Quote;

enum {
    SYNTAX_HASH_WORD = 1 << 0,  /* # begins a comment only where a word may begin */
    SYNTAX_LINE_START = 1 << 1, /* a comment only stands at the beginning of a line, or behind an @ there */
    SYNTAX_HEREDOC = 1 << 2,    /* <<WORD */
    SYNTAX_RAW_HASH = 1 << 3,   /* r#"..."#, #"..."# */
    SYNTAX_LONG = 1 << 4,       /* [[...]], [==[...]==] */
    SYNTAX_DOLLAR = 1 << 5,     /* $tag$...$tag$ */
    SYNTAX_BACKSLASH = 1 << 6,  /* a backslash takes what follows, outside of strings too */
    SYNTAX_NESTED = 1 << 7,     /* block comments hold block comments */
    SYNTAX_BLOCKS = 1 << 8,     /* YAML's block scalars */
    SYNTAX_TAGS = 1 << 9,       /* strings stand in tags alone */
    SYNTAX_SCRIPTS = 1 << 10,   /* and what stands in <script> and <style> is JavaScript and CSS */
    SYNTAX_URL = 1 << 11,       /* url(...) without quotes is a string */
    SYNTAX_POD = 1 << 12,       /* =pod ... =cut; in Ruby =begin ... =end */
    SYNTAX_EXACT = 1 << 13,     /* the table says all that there is: good enough for a rule's `in` */
};

typedef struct {
    const char *language;
    const Quote *quotes; /* the longer ones first; ends with a NULL `open`. NULL: it has a lexer */
    guint signs;         /* bits of syntax_signs */
    guint flags;
} Syntax;

/* NULL where it is not known. */
const Syntax *syntax_find(const char *language);
