/* call_site.h: the calls of a file, and the arguments of one. For the files call*.c alone. */
#pragma once

#include "rules/call.h"
#include "rules/call_scope.h"

typedef struct {
    guint first, last; /* the tokens of what is called: a.b.c */
    guint open, close; /* the parentheses; close is 0 where there is none */
    bool is_new;
    GPtrArray *paths; /* of char *: what that may be, with imports followed */
} CallSite;

typedef struct {
    guint from, to; /* its tokens; `to` is the one behind them */
    guint name;     /* of a keyword argument; 0: it has none */
    bool spread;    /* *args, ...args */
    bool named;     /* **args */
} CallArgument;

/* What a condition is about. */
typedef struct {
    enum { ARGUMENT_ABSENT, ARGUMENT_UNKNOWN, ARGUMENT_THERE } state;
    guint from, to;
} CallFoundArgument;

/* Of CallSite, in order. */
GArray *call_sites(const Scopes *scopes);
/* Likewise, where something is named without being called, or bound; they have no parentheses. */
GArray *call_mentions(const Scopes *scopes);
/* Of CallArgument; those of a call that is not closed are empty. */
GArray *call_arguments(const Scopes *scopes, const CallSite *site);
/* The first of the arguments named so ("0", "shell") that is there. In JavaScript a name is that of a
 * property of an object that is written as an argument. */
CallFoundArgument call_find_argument(const Scopes *scopes, const CallSite *site, const GArray *arguments,
                                     GStrv names);
