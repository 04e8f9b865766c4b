/* What binds a name in JavaScript and TypeScript (ECMA-262, 8.2 scope analysis): import, require(), const,
 * let and var, functions and classes, parameters. Each { } is a scope; a parameter is bound in the body. */
#include "rules/call_scope.h"

#include <string.h>

#define MOST_AHEAD 200u /* tokens that are looked at to find the body of an arrow function, or its end */

typedef struct {
    guint scope;
    guint end; /* the token that ends it */
    bool is_function;
} Block;

typedef struct {
    guint open, close; /* the parentheses; a single name has none: both are that */
    guint body;        /* the token that begins the body */
} Parameters;

typedef struct {
    Scopes *scopes;
    const Tokens *tokens;
    GArray *blocks;  /* of Block; the first is the file */
    GArray *waiting; /* of Parameters: those whose body is still to come */
} Reader;

static Block *top(const Reader *reader) {
    return &g_array_index(reader->blocks, Block, reader->blocks->len - 1);
}

/* Of the function around, for `var`. */
static guint function_scope(const Reader *reader) {
    guint i = reader->blocks->len - 1;

    while (i > 0 && !g_array_index(reader->blocks, Block, i).is_function)
        i--;
    return g_array_index(reader->blocks, Block, i).scope;
}

static char *text_of(const Reader *reader, guint i) {
    const Token *token = token_at(reader->tokens, i);

    return g_strndup(reader->tokens->text + token->start, token->end - token->start);
}

static void bind(Reader *reader, guint scope, guint name, BindingKind kind, char *path) {
    scopes_bind(reader->scopes, scope, name, name, kind, path,
                scope != top(reader)->scope /* from a block or a function within */);
}

/* Destructuring: {a, b: c, ...d} of what `path` names; NULL: of something else. */
static void bind_pattern(Reader *reader, guint scope, guint open, const char *path) {
    const Tokens *tokens = reader->tokens;
    guint close = token_at(tokens, open)->pair;
    bool begins = true;

    for (guint i = open + 1; i < close; i = token_skip(tokens, i)) {
        if (begins && token_kind(tokens, i) == TOKEN_NAME) {
            bool renamed = (token_kind(tokens, i + 1) == ':' || token_is(tokens, i + 1, "as")) &&
                           token_kind(tokens, i + 2) == TOKEN_NAME;
            g_autofree char *member = text_of(reader, i);

            bind(reader, scope, renamed ? i + 2 : i, path != NULL ? BINDING_PATH : BINDING_LOCAL,
                 path != NULL ? g_strconcat(path, ".", member, NULL) : NULL);
        }
        begins = token_kind(tokens, i) == ',' || token_is(tokens, i, "type");
    }
}

/* Each name of a pattern or of parameters, whatever it is of: not the keys, the types, the defaults. */
static void bind_names(Reader *reader, guint scope, guint from, guint to) {
    const Tokens *tokens = reader->tokens;

    for (guint i = from; i < to; i++) {
        guint8 after = token_kind(tokens, i + 1);

        if (token_kind(tokens, i) == TOKEN_NAME &&
            (i == from || token_is_of(tokens, i - 1, "({[,:D") || token_is(tokens, i - 1, "private") ||
             token_is(tokens, i - 1, "public") || token_is(tokens, i - 1, "readonly")) &&
            after != '(' && after != '.')
            scopes_bind(reader->scopes, scope, i, i, BINDING_LOCAL, NULL, false);
    }
}

static char *module_of(const Reader *reader, guint i) {
    g_autofree char *text = token_string(reader->tokens, i);

    if (text == NULL)
        return NULL;
    return g_strdup(g_str_has_prefix(text, "node:") ? text + strlen("node:") : text);
}

/* import a, {b as c} from 'm'; import * as d from 'm'; import e = require('m') */
static void read_import(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;
    guint from = at + 1, scope = top(reader)->scope;
    g_autofree char *module = NULL;

    if (token_is(tokens, from, "type") && token_kind(tokens, from + 1) != ',' &&
        !token_is(tokens, from + 1, "from"))
        from++;
    if (token_kind(tokens, from) == TOKEN_NAME && token_kind(tokens, from + 1) == '=') {
        if (token_is(tokens, from + 2, "require") && token_at(tokens, from + 3)->pair > 0)
            scopes_assign(reader->scopes, scope, from, from + 2, token_at(tokens, from + 3)->pair + 1, false);
        return;
    }
    for (guint i = from; i < from + MOST_AHEAD && module == NULL && token_kind(tokens, i) != 0 &&
                         token_kind(tokens, i) != ';' && token_kind(tokens, i) != '(';
         i = token_skip(tokens, i))
        if (token_is(tokens, i, "from"))
            module = module_of(reader, i + 1);
    if (module == NULL)
        return;
    for (guint i = from; !token_is(tokens, i, "from") || token_kind(tokens, i + 1) != TOKEN_STRING;
         i = token_skip(tokens, i)) {
        for (guint j = i; j < token_skip(tokens, i); j++)
            reader->scopes->own[j].in_import = true;
        if (token_kind(tokens, i) == '*' && token_is(tokens, i + 1, "as")) {
            reader->scopes->own[i + 2].in_import = true;
            bind(reader, scope, i + 2, BINDING_PATH, g_strdup(module));
            i += 2;
        } else if (token_kind(tokens, i) == '{') {
            bind_pattern(reader, scope, i, module);
        } else if (token_kind(tokens, i) == TOKEN_NAME) {
            bind(reader, scope, i, BINDING_PATH, g_strdup(module));
        } else if (token_kind(tokens, i) == 0) {
            return;
        }
    }
}

/* Where the value that begins at `from` ends: at a comma, a semicolon, a bracket that closes, or a line that
 * begins with no operator. */
static guint value_end(const Reader *reader, guint from) {
    const Tokens *tokens = reader->tokens;
    guint i = from;

    while (i < from + MOST_AHEAD && token_kind(tokens, i) != 0 && !token_is_of(tokens, i, ",;)]}") &&
           (i == from || !token_at(tokens, i)->begins_line || token_is_of(tokens, i, ".Q+-*/%?:&|<>=(EOUA")))
        i = token_skip(tokens, i);
    return i;
}

/* {a, b: c} = value */
static void assign_pattern(Reader *reader, guint scope, guint open, guint from, guint to) {
    const Tokens *tokens = reader->tokens;
    guint first;
    g_autoptr(GPtrArray) paths = NULL;

    from += token_is(tokens, from, "await");
    paths = scopes_paths(reader->scopes, to - 1, &first);
    if (token_kind(tokens, open) == '{' && to > from && first == from && paths->len > 0)
        bind_pattern(reader, scope, open, paths->pdata[0]);
    else
        bind_names(reader, scope, open + 1, token_at(tokens, open)->pair);
}

/* const a = 1, {b, c: d} = require('e') */
static void read_declaration(Reader *reader, guint at) {
    const Tokens *tokens = reader->tokens;
    guint scope = token_is(tokens, at, "var") ? function_scope(reader) : top(reader)->scope;
    bool conditional = scope != top(reader)->scope;
    guint i = at;

    do {
        guint target = i + 1, sign = token_skip(tokens, target), end;
        bool is_pattern = token_kind(tokens, target) == '{' || token_kind(tokens, target) == '[';

        if (!is_pattern && token_kind(tokens, target) != TOKEN_NAME)
            return;
        if (token_kind(tokens, sign) == ':' || token_kind(tokens, sign) == '!') /* its type */
            for (guint n = 0;
                 n < MOST_AHEAD && token_kind(tokens, sign) != 0 && !token_is_of(tokens, sign, "=,;"); n++)
                sign = token_skip(tokens, sign);
        end = token_kind(tokens, sign) == '=' ? value_end(reader, sign + 1) : sign;
        if (is_pattern && token_at(tokens, target)->pair > target)
            assign_pattern(reader, scope, target, sign + 1, end);
        else if (token_kind(tokens, sign) == '=')
            scopes_assign(reader->scopes, scope, target, sign + 1, end, conditional);
        else
            scopes_bind(reader->scopes, scope, target, target, BINDING_LOCAL, NULL, conditional);
        i = end;
    } while (token_kind(tokens, i) == ',' && i < at + MOST_AHEAD);
}

/* a = b, where a was declared around here; else it is global. */
static void read_assignment(Reader *reader, guint sign) {
    const Tokens *tokens = reader->tokens;
    guint name = sign - 1, scope = 0;

    for (guint i = reader->blocks->len; i > 0 && reader->blocks->len - i < 32; i--)
        if (scopes_has(reader->scopes, g_array_index(reader->blocks, Block, i - 1).scope, name)) {
            scope = g_array_index(reader->blocks, Block, i - 1).scope;
            break;
        }
    if (token_kind(tokens, sign) == '=')
        scopes_assign(reader->scopes, scope, name, sign + 1, value_end(reader, sign + 1),
                      scope != top(reader)->scope);
    else
        bind(reader, scope, name, BINDING_LOCAL, NULL);
}

/* Parameters. */

/* The token that begins the body of the function whose parameters end with `close`: {, or what is behind =>;
 * 0: they are none. A type may stand between (TypeScript). */
static guint body_of(const Reader *reader, guint open, guint close) {
    static const char *const controls[] = {"if", "for", "while", "switch", "with", "await", NULL};
    const Tokens *tokens = reader->tokens;
    guint i = close + 1;
    bool is_typed = token_kind(tokens, i) == ':';

    if (token_is_any(tokens, open - 1, controls))
        return 0;
    for (guint n = 0; is_typed && n < 24 && token_kind(tokens, i) != 0 &&
                      token_kind(tokens, i) != TOKEN_ARROW && !token_is_of(tokens, i, ";,)=") &&
                      (token_kind(tokens, i) != '{' || token_kind(tokens, i - 1) == ':');
         n++)
        i = token_skip(tokens, i);
    if (token_kind(tokens, i) == TOKEN_ARROW)
        return i + 1;
    return token_kind(tokens, i) == '{' ? i : 0;
}

static void wait_for_body(Reader *reader, guint open, guint close, guint body) {
    Parameters parameters = {.open = open, .close = close, .body = body};

    if (body > 0 && reader->waiting->len < MOST_AHEAD)
        g_array_append_val(reader->waiting, parameters);
}

static void open_block(Reader *reader, guint end, bool is_function) {
    Block block = {.scope = scopes_open(reader->scopes, top(reader)->scope, false),
                   .end = end,
                   .is_function = is_function};

    g_array_append_val(reader->blocks, block);
}

/* Where an arrow function without braces ends. */
static guint expression_end(const Reader *reader, guint from) {
    const Tokens *tokens = reader->tokens;
    guint i = from;

    for (guint n = 0; n < MOST_AHEAD && token_kind(tokens, i) != 0 && !token_is_of(tokens, i, ",;)]}"); n++)
        i = token_skip(tokens, i);
    return i;
}

/* At the first token of a body: its scope, with the parameters. */
static void begin_body(Reader *reader, guint at) {
    guint8 kind = token_kind(reader->tokens, at);
    guint pair = token_at(reader->tokens, at)->pair;

    for (guint i = reader->waiting->len; i > 0; i--) {
        Parameters parameters = g_array_index(reader->waiting, Parameters, i - 1);

        if (parameters.body != at)
            continue;
        open_block(reader, kind == '{' && pair > at ? pair : expression_end(reader, at), true);
        bind_names(reader, top(reader)->scope, parameters.open + (parameters.open != parameters.close),
                   parameters.close + (parameters.open == parameters.close));
        g_array_remove_index_fast(reader->waiting, i - 1);
        return;
    }
    if (kind == '{' && pair > at && !token_at(reader->tokens, at)->is_field)
        open_block(reader, pair, false);
}

static void read_token(Reader *reader, guint i) {
    static const char *const declarations[] = {"const", "let", "var", NULL};
    static const char *const definitions[] = {"function", "class", "enum", NULL};
    const Tokens *tokens = reader->tokens;
    const Token *token = token_at(tokens, i);
    guint8 before = token_kind(tokens, i - 1), after = token_kind(tokens, i + 1);
    bool is_member = before == '.' || before == TOKEN_CHAIN;

    while (reader->blocks->len > 1 && top(reader)->end <= i)
        g_array_set_size(reader->blocks, reader->blocks->len - 1);
    begin_body(reader, i);
    reader->scopes->own[i].scope = top(reader)->scope;
    if (token->kind == '(' && token->pair > i) {
        wait_for_body(reader, i, token->pair, body_of(reader, i, token->pair));
    } else if (token->kind == TOKEN_ARROW && before == TOKEN_NAME) {
        wait_for_body(reader, i - 1, i - 1, i + 1);
    } else if (token->kind != TOKEN_NAME || is_member) {
        return;
    } else if (token_is(tokens, i, "import")) {
        read_import(reader, i);
    } else if (token_is_any(tokens, i, declarations) &&
               (after == TOKEN_NAME || after == '{' || after == '[')) {
        read_declaration(reader, i);
    } else if (token_is_any(tokens, i, definitions)) {
        guint name = i + 1 + (after == '*');

        if (token_kind(tokens, name) == TOKEN_NAME && !token_is(tokens, name, "extends"))
            bind(reader, top(reader)->scope, name, BINDING_LOCAL, NULL);
    } else if ((after == '=' || after == TOKEN_CHANGE) && !token_is_of(tokens, i - 1, "n,{:(")) {
        read_assignment(reader, i + 1);
    }
}

void scopes_read_javascript(Scopes *scopes) {
    g_autoptr(GArray) blocks = g_array_new(FALSE, TRUE, sizeof(Block)),
                      waiting = g_array_new(FALSE, FALSE, sizeof(Parameters));
    Reader reader = {.scopes = scopes, .tokens = &scopes->tokens, .blocks = blocks, .waiting = waiting};

    g_array_set_size(blocks, 1);
    for (guint i = 1; i < scopes->tokens.count; i++)
        read_token(&reader, i);
}
