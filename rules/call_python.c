/* What binds a name in Python (The Python Language Reference, 4.2.1): imports, assignments, parameters,
 * functions, classes, and the targets of for, with and except. Blocks are told by their indentation. */
#include "rules/call_scope.h"

#include <string.h>

#define MOST_TARGETS 64u /* tokens in front of the = of an assignment, or between for and in */

typedef struct {
    guint scope;
    guint32 indent; /* of its def or class: what stands no further in is behind it */
    guint32 body;   /* of its first statement */
    bool has_body;
} Block;

typedef struct {
    Scopes *scopes;
    const Tokens *tokens;
    GArray *blocks;   /* of Block; the first is the file */
    guint32 indent;   /* of this line */
    guint depth;      /* brackets that are open */
    bool conditional; /* this statement may not be run */
    guint opens_at;   /* the token behind which a new block begins; 0: none */
    Block opens;
    bool compound;  /* this line begins with a word that a colon ends */
    bool in_import; /* `as` is its own there */
} Reader;

static Block *top(const Reader *reader) {
    return &g_array_index(reader->blocks, Block, reader->blocks->len - 1);
}

static bool ends_statement(const Reader *reader, guint i) {
    const Token *token = token_at(reader->tokens, i);

    return token->kind == 0 || token->begins_line || token->kind == ';';
}

static void bind(Reader *reader, guint name, BindingKind kind, char *path) {
    scopes_bind(reader->scopes, top(reader)->scope, name, name, kind, path, reader->conditional);
}

/* a.b.c from token `*at` on; goes on behind it. Newly allocated, with `prefix` in front. */
static char *dotted(const Reader *reader, guint *at, const char *prefix) {
    GString *path = g_string_new(prefix);

    while (token_kind(reader->tokens, *at) == TOKEN_NAME && !token_is(reader->tokens, *at, "import")) {
        const Token *token = token_at(reader->tokens, *at);

        g_string_append_len(path, reader->tokens->text + token->start, token->end - token->start);
        (*at)++;
        if (token_kind(reader->tokens, *at) != '.')
            break;
        g_string_append_c(path, '.');
        (*at)++;
    }
    return g_string_free(path, FALSE);
}

/* import a.b, c as d */
static void read_import(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;

    do {
        guint first = ++at;
        g_autofree char *path = dotted(reader, &at, "");

        if (at == first)
            return;
        if (token_is(tokens, at, "as") && token_kind(tokens, at + 1) == TOKEN_NAME) {
            bind(reader, at + 1, BINDING_PATH, g_steal_pointer(&path));
            at += 2;
        } else {
            char *dot = strchr(path, '.');

            if (dot != NULL)
                *dot = '\0';
            bind(reader, first, BINDING_PATH, g_steal_pointer(&path));
        }
    } while (token_kind(tokens, at) == ',');
}

/* from a.b import c as d, (e) */
static void read_from(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;
    g_autoptr(GString) dots = g_string_new(NULL);
    g_autofree char *module = NULL;

    for (at++; token_kind(tokens, at) == '.' || token_kind(tokens, at) == TOKEN_SPREAD; at++)
        g_string_append(dots, token_kind(tokens, at) == '.' ? "." : "...");
    module = dotted(reader, &at, dots->str);
    if (!token_is(tokens, at, "import") || *module == '\0')
        return;
    at++;
    if (token_kind(tokens, at) == '*') {
        if (dots->len == 0)
            scopes_import_all(reader->scopes, g_steal_pointer(&module));
        return;
    }
    at += token_kind(tokens, at) == '(';
    while (token_kind(tokens, at) == TOKEN_NAME) {
        bool renamed = token_is(tokens, at + 1, "as") && token_kind(tokens, at + 2) == TOKEN_NAME;
        guint end = at + 1;
        g_autofree char *member = g_strndup(tokens->text + token_at(tokens, at)->start,
                                            token_at(tokens, at)->end - token_at(tokens, at)->start);

        bind(reader, renamed ? at + 2 : at, BINDING_PATH,
             g_strconcat(module, g_str_has_suffix(module, ".") ? "" : ".", member, NULL));
        at = renamed ? at + 3 : end;
        if (token_kind(tokens, at) != ',')
            return;
        at++;
    }
}

/* The names behind ( and , in front of which * and ** may stand. */
static void bind_parameters(Reader *reader, guint open, guint scope) {
    const Tokens *tokens = reader->tokens;
    guint close = token_at(tokens, open)->pair;
    bool begins = true;

    for (guint i = open + 1; i < close; i = token_skip(tokens, i)) {
        if (begins && token_kind(tokens, i) == TOKEN_NAME)
            scopes_bind(reader->scopes, scope, i, i, BINDING_LOCAL, NULL, false);
        begins = token_kind(tokens, i) == ',' ||
                 (begins && (token_kind(tokens, i) == '*' || token_kind(tokens, i) == TOKEN_STARS));
    }
}

/* def f(a): and class C(B): what stands further in is theirs. */
static void read_definition(Reader *reader, guint at, bool is_class) {
    const Tokens *tokens = reader->tokens;
    guint name = at + 1, open = at + 2;

    if (token_kind(tokens, name) != TOKEN_NAME)
        return;
    bind(reader, name, BINDING_LOCAL, NULL);
    if (token_kind(tokens, open) == '[')
        open = token_skip(tokens, open);
    reader->opens =
        (Block){.scope = scopes_open(reader->scopes, top(reader)->scope, is_class), .indent = reader->indent};
    reader->opens_at = open;
    if (token_kind(tokens, open) != '(' || token_at(tokens, open)->pair == 0)
        return;
    reader->opens_at = token_at(tokens, open)->pair;
    if (!is_class)
        bind_parameters(reader, open, reader->opens.scope);
}

/* What an assignment's left side binds: a, a: T; or each name of a, (b, *c). */
static void bind_target(Reader *reader, guint left, guint left_end, guint from, guint to) {
    const Tokens *tokens = reader->tokens;

    if (token_kind(tokens, left) == TOKEN_NAME &&
        (left_end == left + 1 || token_kind(tokens, left + 1) == ':')) {
        scopes_assign(reader->scopes, top(reader)->scope, left, from, to, reader->conditional);
        return;
    }
    for (guint i = left; i < left_end; i++)
        if (token_kind(tokens, i) == TOKEN_NAME && token_kind(tokens, i - 1) != '.' &&
            !token_is_of(tokens, i + 1, ".(["))
            bind(reader, i, BINDING_LOCAL, NULL);
}

static void read_assignment(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;
    guint sign[4], signs = 0, end = at;

    while (!ends_statement(reader, end) || end == at) {
        if (token_kind(tokens, end) == '=' && signs < G_N_ELEMENTS(sign))
            sign[signs++] = end;
        if (signs == 0 && end - at > MOST_TARGETS)
            return;
        if (signs == 0 && token_kind(tokens, end) == TOKEN_CHANGE && end == at + 1) {
            bind(reader, at, BINDING_LOCAL, NULL);
            return;
        }
        end = token_skip(tokens, end);
    }
    for (guint i = 0; i < signs; i++)
        bind_target(reader, i == 0 ? at : sign[i - 1] + 1, sign[i], sign[signs - 1] + 1, end);
}

static void read_statement(Reader *reader, guint at) {
    static const char *const conditions[] = {"if",    "elif", "else",    "try",   "except", "for",
                                             "while", "with", "finally", "match", "case",   NULL};
    const Tokens *tokens = reader->tokens;

    reader->in_import = false;
    if (token_is(tokens, at, "async"))
        at++;
    if (token_is(tokens, at, "import") || token_is(tokens, at, "from"))
        reader->in_import = true;
    if (token_is(tokens, at, "def") || token_is(tokens, at, "class")) {
        read_definition(reader, at, token_is(tokens, at, "class"));
        reader->compound = true;
    } else if (token_is(tokens, at, "import")) {
        read_import(reader, at);
    } else if (token_is(tokens, at, "from")) {
        read_from(reader, at);
    } else if (token_is_any(tokens, at, conditions)) {
        reader->compound = true;
        reader->conditional = true;
    } else {
        read_assignment(reader, at);
    }
}

static void begin_line(Reader *reader, guint32 indent) {
    while (reader->blocks->len > 1 && indent <= top(reader)->indent)
        g_array_set_size(reader->blocks, reader->blocks->len - 1);
    if (!top(reader)->has_body)
        top(reader)->body = indent;
    top(reader)->has_body = true;
    reader->indent = indent;
    reader->compound = false;
    reader->conditional = indent > top(reader)->body;
}

/* for a, b in; as a; a := */
static void read_inner_target(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;

    if (token_is(tokens, at, "for")) {
        for (guint i = at + 1;
             i < at + MOST_TARGETS && !token_is(tokens, i, "in") && token_kind(tokens, i) != 0; i++)
            if (token_kind(tokens, i) == TOKEN_NAME && token_kind(tokens, i - 1) != '.' &&
                !token_is_of(tokens, i + 1, ".(["))
                bind(reader, i, BINDING_LOCAL, NULL);
    } else if (token_is(tokens, at, "as") && !reader->in_import && token_kind(tokens, at + 1) == TOKEN_NAME) {
        bind(reader, at + 1, BINDING_LOCAL, NULL);
    } else if (token_kind(tokens, at) == TOKEN_WALRUS && token_kind(tokens, at - 1) == TOKEN_NAME) {
        bind(reader, at - 1, BINDING_LOCAL, NULL);
    }
}

static void read_token(Reader *reader, guint i) {
    const Token *token = token_at(reader->tokens, i);
    guint8 before = token_kind(reader->tokens, i - 1);
    bool begins = token->begins_line && reader->depth == 0;

    if (begins)
        begin_line(reader, token->indent);
    reader->scopes->own[i].scope = top(reader)->scope;
    if (begins)
        reader->in_import = false;
    if (reader->depth == 0 && before == ':' && reader->compound && !begins) {
        reader->compound = false;
        begins = true;
    }
    if (begins || (reader->depth == 0 && before == ';'))
        read_statement(reader, i);
    reader->scopes->own[i].in_import = reader->in_import;
    read_inner_target(reader, i);
    if (token->pair > i)
        reader->depth++;
    else if (token->pair > 0)
        reader->depth--;
    if (reader->opens_at == i) {
        g_array_append_val(reader->blocks, reader->opens);
        reader->opens_at = 0;
    }
}

void scopes_read_python(Scopes *scopes) {
    g_autoptr(GArray) blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    Reader reader = {.scopes = scopes, .tokens = &scopes->tokens, .blocks = blocks};

    g_array_set_size(blocks, 1);
    for (guint i = 1; i < scopes->tokens.count; i++)
        read_token(&reader, i);
}
