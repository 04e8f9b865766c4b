/* What Vectorscan says of a text, as windows. */
#include "rules/prefilter_private.h"

#include "rules/vectorscan.h"

#include <string.h>

/* More windows of a rule in one text are not kept apart: it is tried everywhere then. So are all that come
 * after so many in all. */
#define MOST_WINDOWS 2048u
#define MOST_IN_ALL (1u << 18)

typedef struct {
    GArray *windows;    /* of Window */
    bool hit, anywhere; /* the former: it is in `touched` */
    gsize last;         /* where the last hit ended */
    gsize line;         /* where the line of that starts, of CANDIDATE_LINE */
} RuleHits;

struct Hits {
    const Prefilter *prefilter;
    struct hs_scratch *scratch;
    RuleHits *rules;  /* one more than there are */
    GArray *touched;  /* of guint: the rules that were hit in this text */
    guint in_all;     /* windows in this text */
    bool all;         /* the text could not be looked through: every rule is to be tried everywhere */
    const char *text; /* while it is looked through */
    GArray *nowhere;  /* empty */
};

const GArray *hits_of(const Hits *hits, guint rule) {
    const Candidate *candidate = &hits->prefilter->candidates[rule];
    const RuleHits *found = &hits->rules[rule];

    if (hits->all || candidate->kind == CANDIDATE_NONE ||
        (candidate->folds && hits->rules[hits->prefilter->rules].hit))
        return NULL;
    if (!found->hit)
        return hits->nowhere;
    return found->anywhere ? NULL : found->windows;
}

#ifdef SALLYPORT_VECTORSCAN

Hits *hits_new(const Prefilter *prefilter) {
    g_autoptr(Hits) hits = g_new0(Hits, 1);

    hits->prefilter = prefilter;
    hits->rules = g_new0(RuleHits, prefilter->rules + 1);
    hits->touched = g_array_new(FALSE, FALSE, sizeof(guint));
    hits->nowhere = g_array_new(FALSE, FALSE, sizeof(Window));
    if (hs_alloc_scratch(prefilter->database, &hits->scratch) != HS_SUCCESS)
        return NULL;
    return g_steal_pointer(&hits);
}

void hits_free(Hits *hits) {
    if (hits == NULL)
        return;
    for (guint i = 0; i <= hits->prefilter->rules; i++)
        if (hits->rules[i].windows != NULL)
            g_array_unref(hits->rules[i].windows);
    if (hits->scratch != NULL)
        hs_free_scratch(hits->scratch);
    g_array_unref(hits->touched);
    g_array_unref(hits->nowhere);
    g_free(hits->rules);
    g_free(hits);
}

static void forget(Hits *hits) {
    for (guint i = 0; i < hits->touched->len; i++) {
        RuleHits *rule = &hits->rules[g_array_index(hits->touched, guint, i)];

        rule->hit = rule->anywhere = false;
        rule->last = rule->line = 0;
        if (rule->windows != NULL)
            g_array_set_size(rule->windows, 0);
    }
    g_array_set_size(hits->touched, 0);
    hits->in_all = 0;
    hits->all = false;
}

/* Where the line of a hit starts: looked for no further back than to the hit before. */
static gsize line_of(const Hits *hits, RuleHits *rule, gsize end) {
    const char *text = hits->text;
    const char *found = end > rule->last ? memrchr(text + rule->last, '\n', end - rule->last) : NULL;

    if (found != NULL)
        rule->line = (gsize)(found - text) + 1;
    return rule->line;
}

static void add_window(Hits *hits, RuleHits *rule, Window window) {
    if (rule->windows == NULL)
        rule->windows = g_array_new(FALSE, FALSE, sizeof(Window));
    if (rule->windows->len > 0) {
        Window *before = &g_array_index(rule->windows, Window, rule->windows->len - 1);

        if (window.first <= before->last + 1) {
            before->last = MAX(before->last, window.last);
            return;
        }
    }
    if (rule->windows->len == MOST_WINDOWS || hits->in_all == MOST_IN_ALL) {
        rule->anywhere = true;
        return;
    }
    hits->in_all++;
    g_array_append_val(rule->windows, window);
}

/* Called by the library for each end of an expression, in their order; where they should not be, no window
 * would be right. */
static int on_hit(guint id, unsigned long long from, unsigned long long to, guint flags, void *data) {
    Hits *hits = data;
    RuleHits *rule = &hits->rules[id];
    const Candidate *candidate = &hits->prefilter->candidates[id];
    gsize end = (gsize)to;
    Window window;

    (void)from;
    (void)flags;
    if (!rule->hit)
        g_array_append_val(hits->touched, id);
    rule->hit = true;
    if (candidate->kind == CANDIDATE_FILE || end < rule->last)
        rule->anywhere = true;
    if (rule->anywhere)
        return 0;
    window.last = end >= candidate->least ? end - candidate->least : 0;
    window.first = candidate->kind == CANDIDATE_LINE ? line_of(hits, rule, end)
                   : end > candidate->most           ? end - candidate->most
                                                     : 0;
    rule->last = end;
    if (window.first <= window.last)
        add_window(hits, rule, window);
    return 0;
}

void hits_find(Hits *hits, const char *text, gsize len) {
    forget(hits);
    hits->text = text;
    hits->all = len > G_MAXUINT || hs_scan(hits->prefilter->database, text, (guint)len, 0, hits->scratch,
                                           on_hit, hits) != HS_SUCCESS;
}

#else

Hits *hits_new(const Prefilter *prefilter) {
    (void)prefilter;
    return NULL;
}

void hits_free(Hits *hits) {
    (void)hits;
}

void hits_find(Hits *hits, const char *text, gsize len) {
    (void)hits;
    (void)text;
    (void)len;
}

#endif
