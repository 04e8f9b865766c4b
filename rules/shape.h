/* shape.h: a rule's pattern as a tree, for whoever has to know what it can match without running it.
 *
 * The tree is wider than the pattern, never narrower: each text that the pattern matches, taken from where
 * the match starts to where it ends, is a text of the tree. What looks around, and what is only true of a
 * place (`^`), is left out but for \b; a reference back is whatever its group can match. Where the tree
 * cannot be told, there is none: such a pattern is run as it is.
 *
 * It reads the syntax of PCRE2 (pcre2pattern(3)) with the options of rule_compile(), of a pattern that PCRE2
 * has compiled: what PCRE2 refuses is not looked for here. */
#pragma once

#include "rules/charset.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SHAPE_EMPTY,
    SHAPE_BOUNDARY,  /* \b, with the words of ASCII */
    SHAPE_SET,       /* one character */
    SHAPE_SEQUENCE,  /* its parts, one after another */
    SHAPE_CHOICE,    /* one of its parts */
    SHAPE_REPEAT,    /* its part, so often */
    SHAPE_REFERENCE, /* what another node is; or any text */
} ShapeKind;

#define SHAPE_NO_END G_MAXUINT

typedef struct ShapeNode ShapeNode;
struct ShapeNode {
    ShapeKind kind;
    Charset *set;        /* SHAPE_SET */
    GPtrArray *parts;    /* of ShapeNode, not owned: of a sequence and a choice; of a repeat, one */
    guint least, most;   /* of a repeat; `most` may be SHAPE_NO_END */
    ShapeNode *target;   /* of a reference; NULL: any text. It may stand within itself */
    guint number;        /* of a reference: the group's, until it is found */
    char *name;          /* or its name */
    bool measured, busy; /* for shape_width() */
    guint narrow, wide;
};

typedef struct {
    GPtrArray *nodes; /* of ShapeNode: all of them; owned */
    ShapeNode *top;
} Shape;

/* NULL where there is no tree of it. */
Shape *shape_read(const char *text, gsize len);
void shape_free(Shape *shape);

/* A new node, which belongs to the pattern. */
ShapeNode *shape_node(Shape *shape, ShapeKind kind);

/* The least and the largest count of bytes (of UTF-8) that it takes; `ret_most` may be SHAPE_NO_END. */
void shape_width(ShapeNode *node, guint *ret_least, guint *ret_most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shape, shape_free)
