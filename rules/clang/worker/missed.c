#include "rules/clang/worker/missed.h"

#include <string.h>

#define MOST_ARGUMENTS 16u

/* A call, and the words that each argument begins with and ends before. */
typedef struct {
    const Conditions *c;
    const GArray *words;
    const char *name;
    guint count;
    struct {
        guint from, to;
    } arguments[MOST_ARGUMENTS];
} Call;

static const WordPlace *word(const GArray *words, guint i) {
    return &g_array_index(words, WordPlace, i);
}

static void add_argument(Call *call, guint from, guint to) {
    if (to <= from || call->count >= MOST_ARGUMENTS)
        return;
    call->arguments[call->count].from = from;
    call->arguments[call->count].to = to;
    call->count++;
}

static void read_arguments(Call *call, guint open) {
    guint depth = 0, from = open + 1;

    for (guint i = open; i < call->words->len; i++) {
        Word is = word(call->words, i)->word;

        if ((is & (WORD_OPEN | WORD_BRACKET | WORD_BEGIN)) != 0) {
            depth++;
        } else if ((is & (WORD_CLOSE | WORD_UNBRACKET | WORD_END)) != 0) {
            depth--;
        } else if (is == WORD_COMMA && depth == 1) {
            add_argument(call, from, i);
            from = i + 1;
        }
        if (depth == 0) {
            add_argument(call, from, i);
            return;
        }
    }
}

/* A string, a number, a character, and what translates one. */
static bool is_literal_word(const Ast *ast, const WordPlace *place) {
    const char *text = ast->text + place->offset;
    gsize len = place->end - place->offset;

    if (place->word == WORD_NAME)
        return len == 1 && *text == '_';
    if ((place->word & (WORD_OPEN | WORD_CLOSE)) != 0)
        return true;
    return place->word == WORD_OTHER &&
           (memchr(text, '"', MIN(len, 4)) != NULL || *text == '\'' || g_ascii_isdigit(*text));
}

/* What stands beside a string, without anything between them, is one too: a macro. */
static bool is_beside_string(const Call *call, guint argument, guint i) {
    const char *text = call->c->ast->text;
    bool before = i > call->arguments[argument].from && text[word(call->words, i - 1)->offset] == '"';
    bool behind = i + 1 < call->arguments[argument].to && text[word(call->words, i + 1)->offset] == '"';

    return word(call->words, i)->word == WORD_NAME && (before || behind);
}

static bool is_literal(const Call *call, guint argument) {
    for (guint i = call->arguments[argument].from; i < call->arguments[argument].to; i++)
        if (!is_literal_word(call->c->ast, word(call->words, i)) && !is_beside_string(call, argument, i))
            return false;
    return true;
}

static bool string_matches(const Call *call, guint argument, const char *pattern) {
    const WordPlace *first = word(call->words, call->arguments[argument].from);
    const WordPlace *last = word(call->words, call->arguments[argument].to - 1);
    g_autofree char *text = g_strndup(call->c->ast->text + first->offset, last->end - first->offset);
    const char *open = strchr(text, '"');
    char *close = strrchr(text, '"');

    if (open == NULL || close <= open)
        return false;
    *close = '\0';
    return condition_matches(call->c, pattern, open + 1);
}

static bool has_word(const json_t *list, const char *wanted) {
    const json_t *value;
    gsize i;

    json_array_foreach(list, i, value) {
        if (strcmp(json_string_value(value), wanted) == 0)
            return true;
    }
    return false;
}

/* Of what needs more than words to be told, nothing is known. */
static bool argument_may(const Call *call, guint argument, const json_t *all) {
    static const char *const needs_a_tree[] = {"array", "checked_below", "earlier", "equals", "fits", "less",
                                               "more",  "same_as",       "signed",  "sizeof", "type", NULL};
    const json_t *origin = json_object_get(all, "origin"), *literal = json_object_get(all, "literal");
    const json_t *string = json_object_get(all, "string");
    bool is = is_literal(call, argument);

    for (gsize i = 0; needs_a_tree[i] != NULL; i++)
        if (json_object_get(all, needs_a_tree[i]) != NULL)
            return false;
    return (origin == NULL || !is || has_word(origin, "constant")) &&
           (literal == NULL || is == json_is_true(literal)) &&
           (string == NULL || (is && string_matches(call, argument, json_string_value(string))));
}

static bool arguments_may(const Call *call, const json_t *all, const json_t *which) {
    json_int_t number = json_integer_value(which);

    if (json_is_integer(which)) {
        number = number >= 0 ? number : (json_int_t)call->count + number;
        return number >= 0 && number < (json_int_t)call->count && argument_may(call, (guint)number, all);
    }
    for (guint i = 0; i < call->count; i++)
        if (argument_may(call, i, all))
            return true;
    return false;
}

static bool condition_may(const Call *call, const json_t *all);

static bool all_may(const Call *call, const json_t *list) {
    const json_t *value;
    gsize i;

    json_array_foreach(list, i, value) {
        if (!condition_may(call, value))
            return false;
    }
    return true;
}

static bool any_may(const Call *call, const json_t *list) {
    const json_t *value;
    gsize i;

    json_array_foreach(list, i, value) {
        if (condition_may(call, value))
            return true;
    }
    return list == NULL;
}

static bool condition_may(const Call *call, const json_t *all) {
    const json_t *callee = json_object_get(all, "callee"), *count = json_object_get(all, "arguments");
    const json_t *which = json_object_get(all, "arg");

    if (json_object_get(all, "target") != NULL || json_object_get(all, "function") != NULL)
        return false;
    return (callee == NULL || has_word(callee, call->name)) &&
           (count == NULL || json_integer_value(count) == (json_int_t)call->count) &&
           any_may(call, json_object_get(all, "any")) && all_may(call, json_object_get(all, "all")) &&
           (which == NULL || arguments_may(call, all, which));
}

bool missed_may_match(const Conditions *c, const json_t *rule, const GArray *words, guint at,
                      const char *name) {
    Call call = {.c = c, .words = words, .name = name};
    bool is_statement =
        at == 0 || (word(words, at - 1)->word & (WORD_SEMICOLON | WORD_BEGIN | WORD_END)) != 0;

    if (json_object_get(rule, "result") != NULL && !is_statement)
        return false;
    read_arguments(&call, at + 1);
    return all_may(&call, json_object_get(rule, "where"));
}
