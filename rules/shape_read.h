/* shape_read.h: the parts of the reading of a pattern, for shape_*.c alone. */
#pragma once

#include "rules/shape.h"

typedef struct {
    const char *at, *end;
    Shape *shape;
    bool caseless, extended, dot_all; /* as they are at this place */
    bool any_reference;               /* groups share numbers: what a reference is, is not known */
    guint groups;                     /* that were opened so far */
    GPtrArray *numbered;              /* of ShapeNode, by number; NULL: not closed yet */
    GHashTable *named;                /* name -> ShapeNode; NULL: more than one */
} Reader;

typedef enum {
    ESCAPE_UNKNOWN,
    ESCAPE_CHAR,      /* in `ret_char` */
    ESCAPE_SET,       /* added to `set` */
    ESCAPE_EMPTY,     /* it takes nothing */
    ESCAPE_BOUNDARY,  /* \b */
    ESCAPE_LINE_END,  /* \R */
    ESCAPE_CLUSTER,   /* \X */
    ESCAPE_REFERENCE, /* \1, \k, \g: the reader stands behind the letter or at the digit */
} Escape;

/* shape_escape.c: what follows a backslash, of which the reader stands behind. */
Escape shape_read_escape(Reader *reader, bool in_class, Charset *set, guint32 *ret_char);
/* A character; false at the end. */
bool shape_read_char(Reader *reader, guint32 *ret_char);
/* Digits: false where there are none, or too many. */
bool shape_read_number(Reader *reader, guint *ret_number);
bool shape_skip(Reader *reader, const char *text);

/* shape_class.c: behind the [. */
bool shape_read_class(Reader *reader, Charset *set);

/* shape_group.c: behind the (. NULL where it is not known. */
ShapeNode *shape_read_group(Reader *reader);
/* A reference by number (also relative), or by a name that ends with `close`. */
ShapeNode *shape_read_reference(Reader *reader, char close, bool is_call);

/* shape.c: up to a ) or the end. */
ShapeNode *shape_read_choice(Reader *reader);
