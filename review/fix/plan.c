#include "review/fix/plan.h"

#include <string.h>

/* A finding with a fix that could be applied. */
typedef struct {
    const Finding *finding;
    guint order;          /* in the report */
    GArray *replacements; /* of Replacement, sorted */
    gsize start, end;     /* of all of them */
    guint first_line, last_line;
} Candidate;

static void candidate_free(gpointer data) {
    Candidate *candidate = data;

    g_array_unref(candidate->replacements);
    g_free(candidate);
}

void plan_free(Plan *plan) {
    if (plan == NULL)
        return;
    g_array_unref(plan->replacements);
    g_ptr_array_unref(plan->chosen);
    g_free(plan);
}

char *plan_key(const Finding *finding) {
    return g_strjoin("\n", finding->rule, finding->fingerprint != NULL ? finding->fingerprint : "",
                     finding->message, NULL);
}

/* The first safe one; where there is none, `ret_unsafe` says whether there is an unsafe one. */
static const Fix *safe_fix(const Finding *finding, bool *ret_unsafe) {
    *ret_unsafe = false;
    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = finding->fixes->pdata[i];

        if (fix->kind == FIX_SAFE && fix->edits->len > 0)
            return fix;
        *ret_unsafe = *ret_unsafe || fix->kind == FIX_UNSAFE;
    }
    return NULL;
}

static int compare_replacements(gconstpointer a, gconstpointer b) {
    const Replacement *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Where the edits of a fix lie; false where one has no place, or two overlap. */
static bool locate(const EditText *text, const Fix *fix, Candidate *candidate) {
    GArray *found = candidate->replacements;

    for (guint i = 0; i < fix->edits->len; i++) {
        Replacement replacement;

        if (!edit_locate(text, fix->edits->pdata[i], &replacement))
            return false;
        g_array_append_val(found, replacement);
    }
    g_array_sort(found, compare_replacements);
    for (guint i = 1; i < found->len; i++)
        if (g_array_index(found, Replacement, i).start < g_array_index(found, Replacement, i - 1).end)
            return false;
    candidate->start = g_array_index(found, Replacement, 0).start;
    candidate->end = g_array_index(found, Replacement, found->len - 1).end;
    candidate->first_line = edit_line_at(text, candidate->start);
    /* What ends behind the end of a line is not of the next one. */
    candidate->last_line =
        edit_line_at(text, candidate->end > candidate->start ? candidate->end - 1 : candidate->end);
    return true;
}

static void add_candidate(Plan *plan, const EditText *text, const Finding *finding, GHashTable *banned,
                          GPtrArray *candidates) {
    bool unsafe;
    const Fix *fix = safe_fix(finding, &unsafe);
    g_autofree char *key = NULL;
    Candidate *candidate;

    plan->unsafe += unsafe && fix == NULL;
    if (fix == NULL)
        return;
    key = plan_key(finding);
    if (g_hash_table_contains(banned, key)) {
        plan->refused++;
        return;
    }
    candidate = g_new0(Candidate, 1);
    candidate->finding = finding;
    candidate->order = candidates->len;
    candidate->replacements = g_array_new(FALSE, FALSE, sizeof(Replacement));
    if (locate(text, fix, candidate)) {
        g_ptr_array_add(candidates, candidate);
        return;
    }
    plan->misplaced++;
    candidate_free(candidate);
}

static int compare_candidates(gconstpointer a, gconstpointer b) {
    const Candidate *x = *(Candidate *const *)a, *y = *(Candidate *const *)b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static bool is_same(const Candidate *a, const Candidate *b) {
    if (a->replacements->len != b->replacements->len)
        return false;
    for (guint i = 0; i < a->replacements->len; i++) {
        const Replacement *x = &g_array_index(a->replacements, Replacement, i),
                          *y = &g_array_index(b->replacements, Replacement, i);

        if (x->start != y->start || x->end != y->end || strcmp(x->text, y->text) != 0)
            return false;
    }
    return true;
}

/* `taken` begins at the same place or before. Two insertions at one place touch: which comes first is not
 * known. */
static bool collides(const Candidate *taken, const Candidate *candidate) {
    if (candidate->start <= taken->end)
        return true;
    return strcmp(taken->finding->tool, candidate->finding->tool) != 0 &&
           candidate->first_line <= taken->last_line;
}

static void choose(Plan *plan, const GPtrArray *candidates, bool one) {
    g_autoptr(GPtrArray) taken = g_ptr_array_new();

    for (guint i = 0; i < candidates->len; i++) {
        Candidate *candidate = candidates->pdata[i];
        bool same = false, collision = one && taken->len > 0;

        for (guint j = taken->len; j > 0 && !same; j--) {
            const Candidate *before = taken->pdata[j - 1];

            same = is_same(before, candidate);
            collision = collision || collides(before, candidate);
            if (before->last_line < candidate->first_line) /* and so do all before it */
                break;
        }
        if (!same && collision) {
            plan->overlapping++;
            continue;
        }
        g_ptr_array_add(plan->chosen, (gpointer)candidate->finding);
        if (same)
            continue;
        g_ptr_array_add(taken, candidate);
        g_array_append_vals(plan->replacements, candidate->replacements->data, candidate->replacements->len);
    }
}

Plan *plan_new(const EditText *text, const GPtrArray *findings, GHashTable *banned, bool one) {
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
    Plan *plan = g_new0(Plan, 1);

    plan->replacements = g_array_new(FALSE, FALSE, sizeof(Replacement));
    plan->chosen = g_ptr_array_new();
    for (guint i = 0; i < findings->len; i++)
        if (finding_counts(findings->pdata[i]))
            add_candidate(plan, text, findings->pdata[i], banned, candidates);
    g_ptr_array_sort(candidates, compare_candidates);
    choose(plan, candidates, one);
    return plan;
}
