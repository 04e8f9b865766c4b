/* client.h: what libclang knows of C and C++ files, by way of a worker in the sandbox.
 *
 * libclang takes 70 ms to load and can be made to crash, hang or worse by what it parses: so it lives in a
 * program of its own (worker/), which this one carries with it (image.h), and which is only started where
 * there are such files. There it sees the files at CLANG_SOURCE and the system's headers, read-only, has no
 * network, and CAP_CLANG_* of time and memory for each file. wire.h has what is said.
 *
 * Order: clang_start(), supervisor_wait(), clang_finish(). Each file has an answer of its own: one that
 * crashes the parser does no harm to the others. What comes from the worker is checked field by field; what
 * it says of a file is as little to be trusted as the file itself, and of no other file. */
#pragma once

#include "exec/isolation.h"
#include "exec/supervisor.h"
#include "rules/check.h"
#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

/* A file to be parsed. */
typedef struct {
    char *path;           /* below the root */
    const char *language; /* "c", "cpp", or "header" for one of either language */
    GPtrArray *flags; /* of char *: for clang, in order; nothing else looks at them, so only what is safe */
    bool wants_functions; /* true unless it is changed */
    GArray *rules;        /* of guint: which of the run's rules look at it */
} ClangSource;

ClangSource *clang_source_new(const char *path, const char *language);
void clang_source_free(ClangSource *source);

/* A function that is defined in the file. See worker/complexity.h for what is counted. */
typedef struct {
    char *name;
    guint start, end; /* of its name: offsets of bytes, start < end */
    guint cyclomatic, cognitive;
    bool lost; /* something in it was not understood: `cognitive` is not known */
} ClangFunction;

typedef struct {
    guint start, end;
    char *text; /* instead of that */
} ClangEdit;

/* What a rule has found. Everything but the place may be NULL. */
typedef struct {
    guint rule;       /* its number in the run */
    guint start, end; /* offsets, start < end */
    char *callee, *function;
    char *says;       /* of a rule of the kind clang: clang's words */
    GPtrArray *args;  /* of char *: the arguments, as they are written */
    char *does;       /* what the fix does, */
    GPtrArray *edits; /* and how (of ClangEdit), sorted, not overlapping */
} ClangFinding;

/* What is known of a file. */
typedef struct {
    char *failure;        /* why nothing is, or NULL */
    GPtrArray *functions; /* of ClangFunction */
    bool is_unparsed;     /* there is code outside of functions that was not understood, */
    guint unparsed;       /* at this offset */
    char *error;          /* the first error where something was lost, or NULL, and */
    guint error_at;       /* its offset */
    GPtrArray *findings;  /* of ClangFinding; NULL: no rule was asked for */
    bool is_over, is_missed;
    guint over;      /* the rule that has found more than CAP_MATCHES_PER_FILE */
    guint missed;    /* the rule that looks for a call at a place that was not understood, */
    guint missed_at; /* and its offset */
} ClangFile;

typedef struct {
    char *version;          /* what libclang says of itself; NULL where it was not heard */
    char *failure, *remedy; /* why nothing was parsed at all, and how to mend it; NULL */
    bool ran;
    guint rules;      /* how many the run has: numbers are below */
    GPtrArray *files; /* of ClangFile, in the order of the sources */
} ClangResult;

void clang_result_free(ClangResult *result);

typedef struct ClangRun ClangRun;

/* What is to be done. */
typedef struct {
    GPtrArray *sources; /* of ClangSource; kept. None: only whether libclang is there is found out */
    GPtrArray *rules;   /* of const Rule, with `clang`; kept; may be NULL */
    const char *root;   /* the folder that they lie below */
    Tier require;
    guint parallel; /* files at a time; 0: as many as there are processors */
} ClangRequest;

/* Starts the worker. Never fails. */
ClangRun *clang_start(const ClangRequest *request, Supervisor *supervisor);
/* Frees the run. May start the worker again for what is left, and wait for it. */
ClangResult *clang_finish(ClangRun *run, Supervisor *supervisor);

/* Reads what a worker has said; for clang_finish(), tests and the fuzz target. `asked` are the numbers of the
 * files, of guint, in the order of its request. Returns how many of the files were answered for the first
 * time. */
guint clang_read(const char *bytes, gsize len, const GArray *asked, ClangResult *result);
/* A result in which nothing is known yet. */
ClangResult *clang_result_new(guint files, guint rules);

/* report.c: adds the findings of a file to `result`, and what went wrong with them; `rules` are the run's,
 * `text` the file's bytes. */
void clang_report(const ClangFile *file, const GPtrArray *rules, const char *path, GBytes *text,
                  CheckResult *result);

/* examples.c: an example of a rule of the kinds c_ast or clang, such as its tests are. */
typedef struct {
    const Rule *rule;
    char *text;
    guint found;   /* set by clang_examples_run(): how often the rule has found something */
    char *failure; /* likewise: why that is not known, or NULL */
} ClangExample;

ClangExample *clang_example_new(const Rule *rule, const char *text);
void clang_example_free(ClangExample *example);
/* Asks the worker of all of `examples` (of ClangExample) at once, each as a file of its own, in the first
 * language of its rule. false, with `error` set, where nothing could be asked (no libclang, no sandbox). */
bool clang_examples_run(const GPtrArray *examples, Tier require, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClangResult, clang_result_free)
