/* call.h: rules that look for calls, in Python, JavaScript and TypeScript.
 *
 * Order: call_file_new() once for a file, call_run() for each rule, call_file_free(). What such a rule says
 * is described in rule.h. A call is found by what is called, with the imports and assignments of the file
 * followed (call_scope.h), and by its arguments. Time is linear in the text for each rule. */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8

#include <glib.h>
#include <pcre2.h>
#include <stdbool.h>

/* What is asked of a call. Everything that is set must hold. */
typedef struct {
    GPtrArray *any;  /* of CallCondition: one of these must hold; then nothing else is set */
    GStrv arguments; /* which it is about, "0" or "shell": the first of them that is there */
    bool has_literal, literal;
    bool has_present, present;
    GStrv equals;        /* its text is one of these; NULL: not asked */
    pcre2_code *matches; /* likewise */
    bool has_count;      /* how many arguments there are */
    guint64 least, most;
    bool unknown_matches; /* where *args or the like make it unknown, it holds */
} CallCondition;

typedef enum {
    CALL_WHOLE, /* from the callee to the closing parenthesis */
    CALL_CALLEE,
    CALL_ARGUMENT, /* the one that the first condition is about */
} CallRegion;

typedef struct {
    GStrv callees;
    GPtrArray *where; /* of CallCondition; may be empty */
    CallRegion region;
    bool references; /* where it is named, but not called, too */
} CallRule;

typedef struct CallFile CallFile;

/* Whether calls can be found in that language. */
bool call_knows(const char *language);
/* `text` must outlive it; `places` are the lexer's for it, and are not kept. */
CallFile *call_file_new(const char *language, const char *text, gsize len, const guint8 *places);
void call_file_free(CallFile *file);

/* Is told of the region of each call that is found, in order; false: no further ones are wanted. */
typedef bool (*CallFound)(gsize start, gsize end, gpointer data);

/* NULL where the file was looked at as a whole; else why it was not. Newly allocated. */
char *call_run(const CallRule *rule, CallFile *file, CallFound found, gpointer data);

void call_condition_free(CallCondition *condition);
void call_rule_free(CallRule *rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CallFile, call_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CallRule, call_rule_free)
