/* notebook_json.h: a notebook's file read as JSON, with the places of its cells' strings. For notebook.c. */
#pragma once

#include "review/linters/notebook.h"

#include <glib.h>
#include <stdbool.h>

#define NOTEBOOK_BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A string of a cell: its characters lie in text[start..end), between the quotes. */
typedef struct {
    gsize start, end;
} Piece;

/* A place: where it is in the file, in which string, and its row and column as they are counted. */
typedef struct {
    gsize at;
    guint piece, row, column;
    bool after_return; /* behind a carriage return: a newline there belongs to it */
} Mark;

typedef struct {
    GArray *pieces; /* of Piece */
    GArray *marks;  /* of Mark; empty where it has no text */
    bool is_list;   /* of strings, not one string */
} Cell;

struct Notebook {
    char *text;
    gsize len;
    GPtrArray *cells; /* of Cell */
    GArray *marks;    /* of Mark: the file's own lines */
    char *language;   /* "python"; NULL where it is not said */
    char *kernel;     /* the same of its kernel */
};

/* Reads `text`, which is terminated and all that is set, into the cells, which have no marks yet. false where
 * it is no notebook. */
bool notebook_read(Notebook *notebook);

/* The next character of a piece from `p` on, decoded; where it ends. A surrogate without its other half, and
 * a byte that is not UTF-8, is one character: it is not looked at further. */
const char *notebook_next_char(const char *p, const char *end, gunichar *ret_char);
