/* call_scope.h: what the names of a file stand for, where that can be read off its imports and assignments.
 * For the files call*.c alone.
 *
 * Order: scopes_new(), then a reader by language (call_python.c, call_javascript.c) goes through the tokens,
 * opens scopes, and binds names; then scopes_paths() is asked. What a name stands for is a path: of
 * `from os import path as p` p is "os.path". A name that is bound to something else (a parameter, a function
 * of the file) is local; one that is not bound at all is a built-in, or global, and stands for itself. */
#pragma once

#include "rules/call_token.h"

#include <glib.h>

typedef enum {
    BINDING_LOCAL,   /* something of the file */
    BINDING_PATH,    /* what the path names */
    BINDING_LITERAL, /* a value that is written there */
} BindingKind;

typedef struct {
    guint at; /* the token from which on it holds */
    BindingKind kind;
    char *path;
    bool conditional; /* under an if or a try: what was bound before may still hold */
} Binding;

typedef struct {
    guint parent;  /* 0 is the file */
    bool is_class; /* its names are not seen from the functions in it */
} Scope;

typedef struct {
    Tokens tokens;
    Token *own;          /* the tokens, to say in which scope they are */
    GArray *scopes;      /* of Scope */
    GHashTable *names;   /* of a key of scope and name: GArray of Binding, in order */
    GPtrArray *wildcard; /* of char *: modules of which all names are imported */
} Scopes;

Scopes *scopes_new(GArray *tokens, const char *text, bool python);
void scopes_free(Scopes *scopes);

guint scopes_open(Scopes *scopes, guint parent, bool is_class);
/* Binds the name that token `name` is. `path` is taken, NULL for other kinds. */
void scopes_bind(Scopes *scopes, guint scope, guint name, guint at, BindingKind kind, char *path,
                 bool conditional);
/* Whether the name is bound in just that scope. */
bool scopes_has(const Scopes *scopes, guint scope, guint name);
/* Whether the name at that token is a literal by its only binding. */
bool scopes_is_literal(const Scopes *scopes, guint name);

/* The paths that the names from the chain that ends with token `last` may stand for ("a.b" where a is local
 * gives none), newly allocated, of char *. `ret_first`: where the chain begins. */
GPtrArray *scopes_paths(const Scopes *scopes, guint last, guint *ret_first);
/* Binds the name to what an assignment's right side, the tokens from `from` to before `to`, stands for. */
void scopes_assign(Scopes *scopes, guint scope, guint name, guint from, guint to, bool conditional);
/* Whether these tokens are a value that is written there: strings without computed parts, numbers, True, and
 * lists and sums of such. */
bool scopes_are_literal(const Scopes *scopes, guint from, guint to);
/* The text of a string without prefix and quotes, several joined; escapes stay. NULL where it is none. */
char *token_string(const Tokens *tokens, guint i);

/* All names of that module are imported. */
void scopes_import_all(Scopes *scopes, char *module);

/* The readers. */
void scopes_read_python(Scopes *scopes);
void scopes_read_javascript(Scopes *scopes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scopes, scopes_free)
