#include "rules/call_site.h"

#include "exec/caps.h"

#include <string.h>

#define MOST_TYPE 40u /* tokens of f<A, B>( */

/* Calls. */

static void site_clear(gpointer site) {
    g_ptr_array_unref(((CallSite *)site)->paths);
}

/* f<A, B>: the token of f; 0 where these are no type arguments. */
static guint before_types(const Tokens *tokens, guint close) {
    guint depth = 0;

    for (guint i = close; i > 1 && close - i < MOST_TYPE; i--) {
        guint8 kind = token_kind(tokens, i);

        depth += kind == '>';
        if (kind == '<' && --depth == 0)
            return token_kind(tokens, i - 1) == TOKEN_NAME ? i - 1 : 0;
        if (strchr("n.,[]{}|&?:\"0<>", (char)kind) == NULL && kind != TOKEN_ARROW)
            return 0;
    }
    return 0;
}

static bool is_getattr(const Tokens *tokens, guint close) {
    return token_kind(tokens, close) == ')' && token_at(tokens, close)->pair < close &&
           token_is(tokens, token_at(tokens, close)->pair - 1, "getattr");
}

/* The last token of what the parenthesis at `open` calls; 0 where it calls nothing. */
static guint callee_of(const Tokens *tokens, guint open) {
    guint last = open - 1;

    if (!tokens->python && token_kind(tokens, last) == TOKEN_CHAIN) /* a?.() */
        last--;
    else if (!tokens->python && token_kind(tokens, last) == '>')
        last = before_types(tokens, last);
    if (is_getattr(tokens, last))
        return last;
    return last > 0 && token_kind(tokens, last) == TOKEN_NAME ? last : 0;
}

/* def f(...), function f(...), f(...) { in a class or an object, f(...): T; in an interface. */
static bool is_definition(const Tokens *tokens, const CallSite *site) {
    static const char *const words[] = {"def", "class", "function", NULL};
    static const char *const modifiers[] = {"public",   "private", "protected", "static",  "async",
                                            "abstract", "get",     "set",       "declare", NULL};
    guint before = site->first - 1;

    if (token_is_any(tokens, before, words))
        return true;
    if (tokens->python || site->first != site->last || site->close == 0)
        return false;
    if (token_kind(tokens, before) == '*' && token_is(tokens, before - 1, "function"))
        return true;
    if (token_kind(tokens, before) == '.' || token_kind(tokens, before) == TOKEN_CHAIN || site->is_new)
        return false;
    if (token_kind(tokens, site->close + 1) == '{')
        return !token_at(tokens, site->close + 1)->begins_line;
    return token_kind(tokens, site->close + 1) == ':' &&
           (token_is_of(tokens, before, "{};") || token_is_any(tokens, before, modifiers));
}

/* What all scripts have is there by its own name, too: window.eval, builtins.eval. */
static void add_globals(const Tokens *tokens, GPtrArray *paths) {
    static const char *const python[] = {"builtins.", "__builtins__.", NULL};
    static const char *const javascript[] = {"window.", "globalThis.", "global.", "self.", NULL};
    guint count = paths->len;

    for (guint i = 0; i < count; i++)
        for (const char *const *owner = tokens->python ? python : javascript; *owner != NULL; owner++)
            if (g_str_has_prefix(paths->pdata[i], *owner))
                g_ptr_array_add(paths, g_strdup((char *)paths->pdata[i] + strlen(*owner)));
}

GArray *call_sites(const Scopes *scopes) {
    const Tokens *tokens = &scopes->tokens;
    GArray *sites = g_array_new(FALSE, FALSE, sizeof(CallSite));

    g_array_set_clear_func(sites, site_clear);
    for (guint i = 2; i < tokens->count; i++) {
        CallSite site = {.open = i, .last = token_kind(tokens, i) == '(' ? callee_of(tokens, i) : 0};

        if (site.last == 0)
            continue;
        site.close = token_at(tokens, i)->pair;
        site.paths = scopes_paths(scopes, site.last, &site.first);
        site.is_new = token_is(tokens, site.first - 1, "new");
        if (is_definition(tokens, &site)) {
            site_clear(&site);
            continue;
        }
        add_globals(tokens, site.paths);
        g_array_append_val(sites, site);
    }
    return sites;
}

GArray *call_mentions(const Scopes *scopes) {
    const Tokens *tokens = &scopes->tokens;
    GArray *sites = g_array_new(FALSE, FALSE, sizeof(CallSite));

    g_array_set_clear_func(sites, site_clear);
    for (guint i = 1; i < tokens->count; i++) {
        CallSite site = {.last = i};

        if ((token_kind(tokens, i) != TOKEN_NAME && !is_getattr(tokens, i)) ||
            token_is_of(tokens, i + 1, "(.Q=") ||
            (token_at(tokens, i)->binds && !token_at(tokens, i)->in_import))
            continue;
        site.paths = scopes_paths(scopes, i, &site.first);
        add_globals(tokens, site.paths);
        g_array_append_val(sites, site);
    }
    return sites;
}

/* Arguments. */

static CallArgument read_argument(const Tokens *tokens, guint from, guint to) {
    CallArgument argument = {.from = from, .to = to};
    guint8 first = token_kind(tokens, from);

    argument.spread = tokens->python ? first == '*' : first == TOKEN_SPREAD;
    argument.named = tokens->python && first == TOKEN_STARS;
    if (tokens->python && first == TOKEN_NAME && to > from + 1 && token_kind(tokens, from + 1) == '=') {
        argument.name = from;
        argument.from = from + 2;
    }
    return argument;
}

GArray *call_arguments(const Scopes *scopes, const CallSite *site) {
    const Tokens *tokens = &scopes->tokens;
    GArray *arguments = g_array_new(FALSE, FALSE, sizeof(CallArgument));
    guint from = site->open + 1;

    for (guint i = from; site->close > 0 && i <= site->close; i = token_skip(tokens, i)) {
        CallArgument argument;

        if (i != site->close && token_kind(tokens, i) != ',')
            continue;
        if (arguments->len == CAP_CALL_ARGUMENTS) {
            argument = (CallArgument){.from = from, .to = site->close, .spread = true, .named = true};
            g_array_append_val(arguments, argument);
            break;
        }
        argument = read_argument(tokens, from, i);
        if (i > from)
            g_array_append_val(arguments, argument);
        from = i + 1;
    }
    return arguments;
}

static CallFoundArgument find_position(const GArray *arguments, guint64 position) {
    guint64 at = 0;

    for (guint i = 0; i < arguments->len; i++) {
        const CallArgument *argument = &g_array_index(arguments, CallArgument, i);

        if (argument->spread)
            return (CallFoundArgument){.state = ARGUMENT_UNKNOWN};
        if (argument->name > 0 || argument->named)
            continue;
        if (at++ == position)
            return (CallFoundArgument){.state = ARGUMENT_THERE, .from = argument->from, .to = argument->to};
    }
    return (CallFoundArgument){.state = ARGUMENT_ABSENT};
}

static bool is_key(const Tokens *tokens, guint i, const char *name) {
    g_autofree char *text = token_kind(tokens, i) == TOKEN_STRING ? token_string(tokens, i) : NULL;

    return text != NULL ? strcmp(text, name) == 0 : token_is(tokens, i, name);
}

/* The property of the object that is written from `open` on: {name: value}, {'name': value}, {name}. */
static CallFoundArgument find_property(const Tokens *tokens, guint open, const char *name) {
    guint close = token_at(tokens, open)->pair, from = open + 1;
    CallFoundArgument found = {.state = ARGUMENT_ABSENT};

    for (guint i = from; i <= close; i = token_skip(tokens, i)) {
        if (i != close && token_kind(tokens, i) != ',')
            continue;
        if (token_kind(tokens, from) == TOKEN_SPREAD || token_kind(tokens, from) == '[')
            found.state = ARGUMENT_UNKNOWN; /* a later one of that name goes over it */
        else if (i > from && is_key(tokens, from, name))
            found = (CallFoundArgument){.state = ARGUMENT_THERE,
                                        .from = token_kind(tokens, from + 1) == ':' ? from + 2 : from,
                                        .to = i};
        from = i + 1;
    }
    return found;
}

/* Whether an argument may be an object that was made elsewhere: a name, a call. */
static bool may_be_object(const Scopes *scopes, const CallArgument *argument) {
    const Tokens *tokens = &scopes->tokens;
    guint8 last = token_kind(tokens, argument->to - 1);

    if (scopes_are_literal(scopes, argument->from, argument->to) || last == '}' ||
        token_is(tokens, argument->from, "function") || token_is(tokens, argument->from, "async"))
        return false;
    for (guint i = argument->from; i < argument->to; i = token_skip(tokens, i))
        if (token_kind(tokens, i) == TOKEN_ARROW || token_at(tokens, i)->is_field ||
            token_kind(tokens, i) == TOKEN_STRING)
            return false;
    return last == TOKEN_NAME || last == ')' || last == ']';
}

static CallFoundArgument find_name(const Scopes *scopes, const GArray *arguments, const char *name) {
    const Tokens *tokens = &scopes->tokens;
    CallFoundArgument found = {.state = ARGUMENT_ABSENT};

    for (guint i = 0; i < arguments->len; i++) {
        const CallArgument *argument = &g_array_index(arguments, CallArgument, i);
        bool is_object = !tokens->python && token_kind(tokens, argument->from) == '{' &&
                         token_at(tokens, argument->from)->pair + 1 == argument->to;

        if (argument->name > 0 && token_is(tokens, argument->name, name))
            return (CallFoundArgument){.state = ARGUMENT_THERE, .from = argument->from, .to = argument->to};
        if (is_object)
            found = find_property(tokens, argument->from, name);
        else if (argument->named ||
                 (!tokens->python && (argument->spread || may_be_object(scopes, argument))))
            found.state = ARGUMENT_UNKNOWN;
        if (found.state == ARGUMENT_THERE)
            return found;
    }
    return found;
}

CallFoundArgument call_find_argument(const Scopes *scopes, const CallSite *site, const GArray *arguments,
                                     GStrv names) {
    CallFoundArgument found = {.state = site->close > 0 ? ARGUMENT_ABSENT : ARGUMENT_UNKNOWN};

    for (char **name = names; *name != NULL; name++) {
        CallFoundArgument one = g_ascii_isdigit(**name)
                                    ? find_position(arguments, g_ascii_strtoull(*name, NULL, 10))
                                    : find_name(scopes, arguments, *name);

        if (one.state == ARGUMENT_THERE)
            return one;
        if (one.state == ARGUMENT_UNKNOWN)
            found.state = ARGUMENT_UNKNOWN;
    }
    return found;
}
