#include "rules/clang/worker/reading.h"

#include "rules/clang/worker/words.h"

#include <string.h>

#define MOST_DEPTH 1000u

typedef struct {
    const Complexity *all;
    int number; /* the function */
    const GArray *words;
    guint at, end;      /* the next word, and the first behind the function */
    unsigned cognitive; /* so far */
    unsigned depth;
    bool failed;
    const char *text;
    GHashTable *names; /* see reading_names() */
} Reading;

/* An expression, between brackets or up to a semicolon. */
typedef struct {
    unsigned nesting;
    unsigned conditionals; /* ?: so far, which hold what follows */
    Word last;             /* the logical operator that the sequence so far ends with */
    Word before;           /* the word before */
    bool is_lambda;        /* what begins is the body of one */
} Expression;

static void read_statement(Reading *r, unsigned nesting);
static void read_expression(Reading *r, Expression *e);

static const WordPlace *place_at(const Reading *r, guint at) {
    return at < r->end ? &g_array_index(r->words, WordPlace, at) : NULL;
}

/* Functions within this one are not of it. */
static void skip_inner(Reading *r) {
    const GPtrArray *functions = r->all->functions;

    for (guint i = (guint)r->number + 1; i < functions->len && r->at < r->end; i++) {
        const Function *inner = functions->pdata[i];

        if (inner->body_start >= ((const Function *)functions->pdata[r->number])->body_end)
            return;
        if (inner->outer == r->number && place_at(r, r->at)->offset == inner->body_start)
            r->at = words_index(r->words, inner->body_end);
    }
}

static Word word_of(const WordPlace *place) {
    return place->is_prefix ? WORD_OTHER : place->word;
}

static Word peek(Reading *r) {
    skip_inner(r);
    return !r->failed && r->at < r->end ? word_of(place_at(r, r->at)) : 0;
}

static bool skip(Reading *r, Word word) {
    if (peek(r) != word)
        return false;
    r->at++;
    return true;
}

static bool go_down(Reading *r) {
    r->failed = r->failed || ++r->depth > MOST_DEPTH;
    return !r->failed;
}

/* What stands between brackets, of which the first was read. */
static void read_until(Reading *r, Word close, Expression *e) {
    while (!r->failed && peek(r) != close) {
        guint before = r->at;

        read_expression(r, e);
        if (peek(r) != close && (peek(r) & WORDS_OF_STATEMENTS) != 0)
            read_statement(r, e->nesting + e->conditionals);
        else if (r->at == before) /* a bracket of another kind, or the end */
            r->failed = true;
    }
    r->failed = r->failed || !skip(r, close);
}

/* `(a && b)` goes on with the sequence that it stands in, unless it is an operand of another operator. */
static void read_parentheses(Reading *r, Expression *e) {
    static const unsigned begins =
        WORD_AND | WORD_OR | WORD_OPEN | WORD_QUESTION | WORD_COLON | WORD_COMMA | WORD_ASSIGN;
    bool goes_on = (e->before & begins) != 0 || e->before == 0;
    Expression inner = {
        .nesting = e->nesting + e->conditionals, .last = goes_on ? e->last : 0, .before = WORD_OPEN};

    read_until(r, WORD_CLOSE, &inner);
    if (goes_on && (peek(r) & (WORD_AND | WORD_OR | WORD_CLOSE | WORD_SEMICOLON)) != 0)
        e->last = inner.last;
}

static void read_block(Reading *r, unsigned nesting) {
    while (peek(r) != 0 && peek(r) != WORD_END)
        read_statement(r, nesting);
    r->failed = r->failed || !skip(r, WORD_END);
}

static void read_braces(Reading *r, Expression *e) {
    read_block(r, e->nesting + e->conditionals + e->is_lambda);
    e->is_lambda = false;
    e->last = 0;
}

/* In C++, what begins where no operand stands is a lambda, if braces follow. */
static void read_brackets(Reading *r, Expression *e) {
    static const unsigned operands = WORD_NAME | WORD_CLOSE | WORD_UNBRACKET | WORD_END | WORD_BRACKET;
    Expression inner = {.nesting = e->nesting + e->conditionals, .before = WORD_OPEN};
    bool begins_lambda = r->all->is_cpp && (e->before & operands) == 0;

    read_until(r, WORD_UNBRACKET, &inner);
    e->is_lambda =
        e->is_lambda || (begins_lambda && (peek(r) & (WORD_OPEN | WORD_BEGIN | WORD_OTHER | WORD_NAME)) != 0);
}

static void read_operator(Reading *r, Expression *e, Word word) {
    if (word == WORD_QUESTION) {
        bool is_shorthand = peek(r) == WORD_COLON;

        r->cognitive += is_shorthand ? 0 : 1 + e->nesting + e->conditionals;
        e->conditionals += !is_shorthand;
        e->last = 0;
    } else if (word == WORD_COMMA) {
        e->conditionals = 0;
        e->last = 0;
    } else if (word == WORD_COLON) {
        e->last = 0;
    } else {
        r->cognitive += e->last != word;
        e->last = word;
    }
}

/* What is called by a name; a member of something else is not known. */
static void note_call(Reading *r, const Expression *e, const WordPlace *place) {
    g_autofree char *name = NULL;
    guint number;

    if (e->before == WORD_MEMBER || peek(r) != WORD_OPEN)
        return;
    name = g_strndup(r->text + place->offset, place->end - place->offset);
    number = GPOINTER_TO_UINT(g_hash_table_lookup(r->names, name));
    if (number > 0)
        g_array_append_val(((Function *)r->all->functions->pdata[r->number])->calls,
                           ((Function *)r->all->functions->pdata[number - 1])->cursor);
}

static void read_word(Reading *r, Expression *e) {
    const WordPlace *place = place_at(r, r->at++);
    Word word = word_of(place);

    switch (word) {
    case WORD_OPEN:
        read_parentheses(r, e);
        break;
    case WORD_BEGIN:
        read_braces(r, e);
        break;
    case WORD_BRACKET:
        read_brackets(r, e);
        break;
    case WORD_QUESTION:
    case WORD_COMMA:
    case WORD_COLON:
    case WORD_AND:
    case WORD_OR:
        read_operator(r, e, word);
        break;
    case WORD_NAME:
        note_call(r, e, place);
        break;
    default:
        break;
    }
    e->before = word == WORD_OPEN ? WORD_CLOSE : word == WORD_BRACKET ? WORD_UNBRACKET : word;
}

/* Up to a bracket that closes, a statement, or behind a semicolon. */
static void read_expression(Reading *r, Expression *e) {
    static const unsigned stops = WORDS_OF_STATEMENTS | WORD_CLOSE | WORD_END | WORD_UNBRACKET;

    if (!go_down(r))
        return;
    while (peek(r) != 0 && (peek(r) & stops) == 0) {
        if (skip(r, WORD_SEMICOLON)) {
            *e = (Expression){.nesting = e->nesting};
            break;
        }
        read_word(r, e);
    }
    r->depth--;
}

/* The condition of a statement: what stands before it (`constexpr`, a macro) is of no matter. */
static void read_condition(Reading *r, unsigned nesting) {
    Expression e = {.nesting = nesting};

    while ((peek(r) & (WORD_OTHER | WORD_NAME)) != 0)
        r->at++;
    if (skip(r, WORD_OPEN))
        read_until(r, WORD_CLOSE, &e);
}

static void read_if(Reading *r, unsigned nesting, bool is_else_if) {
    r->cognitive += is_else_if ? 1 : 1 + nesting;
    read_condition(r, nesting);
    read_statement(r, nesting + 1);
    while (skip(r, WORD_ELSE)) { /* a chain may be long: it is no recursion */
        r->cognitive++;
        if (!skip(r, WORD_IF)) {
            read_statement(r, nesting + 1);
            return;
        }
        read_condition(r, nesting);
        read_statement(r, nesting + 1);
    }
}

static void read_holder(Reading *r, unsigned nesting) {
    r->cognitive += 1 + nesting;
    read_condition(r, nesting);
    read_statement(r, nesting + 1);
}

static void read_do(Reading *r, unsigned nesting) {
    r->cognitive += 1 + nesting;
    read_statement(r, nesting + 1);
    if (skip(r, WORD_WHILE))
        read_condition(r, nesting);
}

static void read_plain(Reading *r, unsigned nesting) {
    Expression e = {.nesting = nesting};
    guint before = r->at;

    read_expression(r, &e);
    r->failed = r->failed || r->at == before; /* a bracket that nothing has opened */
}

static void read_statement(Reading *r, unsigned nesting) {
    Word word = peek(r);

    if (word == 0 || !go_down(r))
        return;
    if ((word & (WORDS_OF_STATEMENTS | WORD_BEGIN)) != 0)
        r->at++;
    if (word == WORD_BEGIN)
        read_block(r, nesting);
    else if (word == WORD_IF)
        read_if(r, nesting, false);
    else if ((word & (WORD_FOR | WORD_WHILE | WORD_SWITCH | WORD_CATCH)) != 0)
        read_holder(r, nesting);
    else if (word == WORD_DO)
        read_do(r, nesting);
    else if (word == WORD_GOTO)
        r->cognitive++;
    else if ((word & (WORD_ELSE | WORD_CASE)) == 0)
        read_plain(r, nesting);
    r->depth--;
}

static const char *last_part(const char *name) {
    const char *colon = strrchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

GHashTable *reading_names(const Complexity *complexity) {
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < complexity->functions->len; i++)
        g_hash_table_insert(names,
                            (gpointer)last_part(((const Function *)complexity->functions->pdata[i])->name),
                            GUINT_TO_POINTER(i + 1));
    return names;
}

void reading_of(Complexity *complexity, GHashTable *names, int number) {
    Function *function = complexity->functions->pdata[number];
    Reading r = {
        .all = complexity,
        .number = number,
        .words = complexity->words,
        .at = words_index(complexity->words, function->code_start),
        .end = words_index(complexity->words, function->body_end),
        .names = names,
    };
    gsize len;

    r.text = clang.getFileContents(complexity->unit, complexity->file, &len);
    while (r.text != NULL && !r.failed && r.at < r.end)
        read_statement(&r, 0);
    if (r.failed || r.text == NULL)
        return;
    function->cognitive = r.cognitive;
    function->lost = false;
}
