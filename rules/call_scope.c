#include "rules/call_scope.h"

#include <string.h>

/* How many bindings of a name are looked at where it is not sure which of them holds. */
#define MOST_CANDIDATES 8u
/* Modules of which all names are imported: each unknown name may be of each of them. */
#define MOST_WILDCARDS 16u

typedef struct {
    const char *text;
    guint len, scope;
} Key;

static guint key_hash(gconstpointer data) {
    const Key *key = data;
    guint hash = key->scope * 2654435761u;

    for (guint i = 0; i < key->len; i++)
        hash = hash * 33 + (guchar)key->text[i];
    return hash;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
    const Key *x = a, *y = b;

    return x->scope == y->scope && x->len == y->len && memcmp(x->text, y->text, x->len) == 0;
}

static void binding_clear(gpointer binding) {
    g_free(((Binding *)binding)->path);
}

Scopes *scopes_new(GArray *tokens, const char *text, bool python) {
    Scopes *scopes = g_new0(Scopes, 1);

    scopes->own = (Token *)(void *)tokens->data;
    scopes->tokens = (Tokens){.text = text, .tokens = scopes->own, .count = tokens->len, .python = python};
    scopes->scopes = g_array_new(FALSE, TRUE, sizeof(Scope));
    g_array_set_size(scopes->scopes, 1);
    scopes->names = g_hash_table_new_full(key_hash, key_equal, g_free, (GDestroyNotify)g_array_unref);
    scopes->wildcard = g_ptr_array_new_with_free_func(g_free);
    return scopes;
}

void scopes_free(Scopes *scopes) {
    if (scopes == NULL)
        return;
    g_array_unref(scopes->scopes);
    g_hash_table_unref(scopes->names);
    g_ptr_array_unref(scopes->wildcard);
    g_free(scopes);
}

guint scopes_open(Scopes *scopes, guint parent, bool is_class) {
    Scope scope = {.parent = parent, .is_class = is_class};

    g_array_append_val(scopes->scopes, scope);
    return scopes->scopes->len - 1;
}

static Key key_of(const Scopes *scopes, guint scope, guint name) {
    const Token *token = token_at(&scopes->tokens, name);

    return (Key){
        .text = scopes->tokens.text + token->start, .len = token->end - token->start, .scope = scope};
}

void scopes_bind(Scopes *scopes, guint scope, guint name, guint at, BindingKind kind, char *path,
                 bool conditional) {
    Key key = key_of(scopes, scope, name);
    GArray *bindings = g_hash_table_lookup(scopes->names, &key);
    Binding binding = {.at = at, .kind = kind, .path = path, .conditional = conditional};

    if (bindings == NULL) {
        bindings = g_array_new(FALSE, FALSE, sizeof(Binding));
        g_array_set_clear_func(bindings, binding_clear);
        g_hash_table_insert(scopes->names, g_memdup2(&key, sizeof key), bindings);
    }
    g_array_append_val(bindings, binding);
    scopes->own[name].binds = true;
}

void scopes_import_all(Scopes *scopes, char *module) {
    if (scopes->wildcard->len < MOST_WILDCARDS)
        g_ptr_array_add(scopes->wildcard, module);
    else
        g_free(module);
}

static const GArray *bindings_in(const Scopes *scopes, guint scope, guint name) {
    Key key = key_of(scopes, scope, name);

    return g_hash_table_lookup(scopes->names, &key);
}

bool scopes_has(const Scopes *scopes, guint scope, guint name) {
    return bindings_in(scopes, scope, name) != NULL;
}

/* The bindings of the name in the innermost scope that has any; the names of a class are its body's alone. */
static const GArray *find_bindings(const Scopes *scopes, guint name) {
    guint scope = token_at(&scopes->tokens, name)->scope;

    for (bool own = true;; own = false) {
        const Scope *innermost = &g_array_index(scopes->scopes, Scope, scope);
        const GArray *found = own || !innermost->is_class ? bindings_in(scopes, scope, name) : NULL;

        if (found != NULL || scope == 0)
            return found;
        scope = innermost->parent;
    }
}

bool scopes_is_literal(const Scopes *scopes, guint name) {
    const GArray *bindings = find_bindings(scopes, name);

    return bindings != NULL && bindings->len == 1 &&
           g_array_index(bindings, Binding, 0).kind == BINDING_LITERAL;
}

/* How many of them begin before that token. */
static guint count_before(const GArray *bindings, guint at) {
    guint from = 0, to = bindings->len;

    while (from < to) {
        guint middle = from + (to - from) / 2;

        if (g_array_index(bindings, Binding, middle).at <= at)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Adds what the name with `rest` behind it may stand for. */
static void add_paths(const Scopes *scopes, guint name, const char *rest, GPtrArray *paths) {
    const GArray *bindings = find_bindings(scopes, name);
    guint before = bindings != NULL ? count_before(bindings, name) : 0;
    const Token *token = token_at(&scopes->tokens, name);

    if (bindings == NULL) {
        g_autofree char *own = g_strndup(scopes->tokens.text + token->start, token->end - token->start);

        g_ptr_array_add(paths, g_strconcat(own, rest, NULL));
        for (guint i = 0; i < scopes->wildcard->len; i++)
            g_ptr_array_add(paths, g_strconcat((char *)scopes->wildcard->pdata[i], ".", own, rest, NULL));
        return;
    }
    /* The last one before; where it stands under a condition, those before it, too. A function may use what
     * is bound below it. */
    for (guint i = MAX(before, 1), n = 0; i > 0 && n < MOST_CANDIDATES; i--, n++) {
        const Binding *binding = &g_array_index(bindings, Binding, i - 1);

        if (binding->kind == BINDING_PATH)
            g_ptr_array_add(paths, g_strconcat(binding->path, rest, NULL));
        if (!binding->conditional)
            return;
    }
}

/* Chains: a.b.c, require('m').c, getattr(a, 'b'). */

char *token_string(const Tokens *tokens, guint i) {
    const Token *token = token_at(tokens, i);
    const char *at = tokens->text + token->start, *end = tokens->text + token->end;
    g_autoptr(GString) value = g_string_new(NULL);

    if (token->kind != TOKEN_STRING)
        return NULL;
    while (at < end) {
        guint quotes;

        while (at < end && *at != '\'' && *at != '"' && *at != '`')
            at++; /* the prefix */
        if (at == end)
            break;
        quotes = tokens->python && end - at >= 3 && at[1] == *at && at[2] == *at ? 3 : 1;
        char quote = *at;
        for (at += quotes; at < end; at++) {
            if (*at == quote && (quotes == 1 || (end - at >= 3 && at[1] == quote && at[2] == quote)))
                break;
            g_string_append_c(value, *at);
            if (*at == '\\' && at + 1 < end)
                g_string_append_c(value, *++at);
        }
        at += MIN((gsize)(end - at), quotes);
    }
    return g_string_free(g_steal_pointer(&value), FALSE);
}

static bool is_dot(const Tokens *tokens, guint i) {
    return token_kind(tokens, i) == '.' || token_kind(tokens, i) == TOKEN_CHAIN;
}

/* require('m'), __import__('m'): the module; NULL where it is none. */
static char *module_of(const Tokens *tokens, guint open) {
    static const char *const imports[] = {"require", "__import__", "import_module", "import", NULL};
    g_autofree char *text = NULL;

    if (!token_is_any(tokens, open - 1, imports) || token_kind(tokens, open + 1) != TOKEN_STRING ||
        !token_is_of(tokens, open + 2, "),"))
        return NULL;
    text = token_string(tokens, open + 1);
    return g_strdup(g_str_has_prefix(text, "node:") && !tokens->python ? text + strlen("node:") : text);
}

/* getattr(a.b, 'c') */
static void add_member_paths(const Scopes *scopes, guint open, guint close, const char *rest,
                             GPtrArray *paths) {
    const Tokens *tokens = &scopes->tokens;
    guint owner = close - 3;
    g_autoptr(GPtrArray) owners = NULL;
    g_autofree char *member = NULL;

    if (!token_is(tokens, open - 1, "getattr") || close < open + 4 ||
        token_kind(tokens, close - 1) != TOKEN_STRING || token_kind(tokens, close - 2) != ',')
        return;
    while (owner > open + 2 && is_dot(tokens, owner - 1))
        owner -= 2;
    if (owner != open + 1 || token_kind(tokens, owner) != TOKEN_NAME)
        return;
    owners = scopes_paths(scopes, close - 3, &owner);
    member = token_string(tokens, close - 1);
    for (guint i = 0; i < owners->len; i++)
        g_ptr_array_add(paths, g_strconcat((char *)owners->pdata[i], ".", member, rest, NULL));
}

/* What the call that ends with `close` gives, where it names a module or a member of one: adds its paths with
 * `rest` behind them, and then says where it begins. */
static void add_call_paths(const Scopes *scopes, guint close, const char *rest, GPtrArray *paths,
                           guint *ret_first) {
    const Tokens *tokens = &scopes->tokens;
    guint open = token_at(tokens, close)->pair, first = open - 1;
    g_autofree char *module = NULL;

    if (open < 2 || open > close || token_kind(tokens, first) != TOKEN_NAME)
        return;
    module = module_of(tokens, open);
    if (module != NULL)
        g_ptr_array_add(paths, g_strconcat(module, rest, NULL));
    else
        add_member_paths(scopes, open, close, rest, paths);
    while (first > 2 && is_dot(tokens, first - 1) && token_kind(tokens, first - 2) == TOKEN_NAME)
        first -= 2;
    if (paths->len > 0)
        *ret_first = first;
}

GPtrArray *scopes_paths(const Scopes *scopes, guint last, guint *ret_first) {
    const Tokens *tokens = &scopes->tokens;
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    guint first = last;
    g_autoptr(GString) rest = g_string_new(NULL);

    *ret_first = last;
    if (token_kind(tokens, last) == ')') {
        add_call_paths(scopes, last, "", paths, ret_first);
        return paths;
    }
    while (first > 2 && is_dot(tokens, first - 1) && token_kind(tokens, first - 2) == TOKEN_NAME)
        first -= 2;
    for (guint i = first + (is_dot(tokens, first - 1) ? 0 : 2); i <= last; i += 2) {
        g_string_append_c(rest, '.');
        g_string_append_len(rest, tokens->text + token_at(tokens, i)->start,
                            token_at(tokens, i)->end - token_at(tokens, i)->start);
    }
    *ret_first = first;
    if (!is_dot(tokens, first - 1))
        add_paths(scopes, first, rest->str, paths);
    else if (token_kind(tokens, first - 2) == ')')
        add_call_paths(scopes, first - 2, rest->str, paths, ret_first);
    return paths;
}

/* Values. */

bool scopes_are_literal(const Scopes *scopes, guint from, guint to) {
    static const char *const values[] = {"True", "False", "None", "true", "false", "null", "undefined", NULL};
    const Tokens *tokens = &scopes->tokens;

    for (guint i = from; i < to; i++) {
        const Token *token = token_at(tokens, i);

        if (token->is_field)
            return false;
        if (token->kind == TOKEN_STRING || token->kind == TOKEN_NUMBER ||
            (token->kind != 0 && strchr("+-*,:()[]{}", token->kind) != NULL))
            continue;
        if (token->kind != TOKEN_NAME)
            return false;
        bool is_key = !tokens->python && token_kind(tokens, i + 1) == ':';
        bool is_member = i > from && is_dot(tokens, i - 1);
        if (!is_key && (is_member || token_kind(tokens, i + 1) == '(' ||
                        (!token_is_any(tokens, i, values) && !scopes_is_literal(scopes, i))))
            return false;
    }
    return from < to;
}

void scopes_assign(Scopes *scopes, guint scope, guint name, guint from, guint to, bool conditional) {
    guint first;
    g_autoptr(GPtrArray) paths = NULL;
    guint8 last = token_kind(&scopes->tokens, to - 1);

    if (token_is(&scopes->tokens, from, "await"))
        from++;
    if (scopes_are_literal(scopes, from, to)) {
        scopes_bind(scopes, scope, name, to, BINDING_LITERAL, NULL, conditional);
        return;
    }
    if (from < to && (last == TOKEN_NAME || last == ')')) {
        paths = scopes_paths(scopes, to - 1, &first);
        for (guint i = 0; first == from && i < paths->len; i++) /* any of them may hold */
            scopes_bind(scopes, scope, name, to, BINDING_PATH, g_strdup(paths->pdata[i]),
                        conditional || i > 0);
        if (first == from && paths->len > 0)
            return;
    }
    scopes_bind(scopes, scope, name, to, BINDING_LOCAL, NULL, conditional);
}
