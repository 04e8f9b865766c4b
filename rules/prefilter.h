/* prefilter.h: finds, for all rules at once, the places of a file at which their patterns may match.
 *
 * Order: prefilter_new(), with which nothing is loaded yet; prefilter_load() with the bytes of a database
 * that was made earlier, or prefilter_compile(), which takes some milliseconds a rule; then, for each thread,
 * a Hits, hits_find() for each file, and hits_of() for each rule.
 *
 * Vectorscan (vectorscan.h) looks for the expressions of candidate.h in its prefilter mode, in one pass. What
 * it says is never more than a hint where to try the pattern itself: without it each is tried everywhere, and
 * finds the same. */
#pragma once

#include "rules/rule.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Prefilter Prefilter;

/* Of the rules as they are now; they must outlive it. */
Prefilter *prefilter_new(const RuleSet *rules);
void prefilter_free(Prefilter *prefilter);

/* Names the database of these rules, with this version of the library: a key for the cache. Loads the
 * library. NULL with `error` set where it cannot be had. Newly allocated. */
char *prefilter_key(const Prefilter *prefilter, GError **error);
/* Makes the database. Its bytes for the cache are the caller's. NULL with `error` set. */
GBytes *prefilter_compile(Prefilter *prefilter, GError **error);
/* Takes a database that prefilter_compile() gave under the same key. The bytes must be trusted to be these:
 * the library checks no more than their sum. false where they are damaged, or of another machine. */
bool prefilter_load(Prefilter *prefilter, GBytes *bytes);

/* How many rules it has an expression for. */
guint prefilter_count(const Prefilter *prefilter);

/* Where a match may start: from first to last, both included. */
typedef struct {
    gsize first, last;
} Window;

typedef struct Hits Hits;

/* For one thread; the prefilter must be loaded, and outlive it. NULL where there is no memory for it. */
Hits *hits_new(const Prefilter *prefilter);
void hits_free(Hits *hits);
/* Looks through a text; forgets the one before. */
void hits_find(Hits *hits, const char *text, gsize len);
/* The windows (of Window, ascending, apart from each other) in which a match of a rule, by its place in the
 * set, may start. NULL: anywhere. They belong to `hits` and hold until the next text. */
const GArray *hits_of(const Hits *hits, guint rule);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Prefilter, prefilter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hits, hits_free)
