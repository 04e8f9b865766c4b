#include "review/review.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/base.h"
#include "review/baseline.h"
#include "review/checks.h"
#include "review/gate.h"
#include "review/ruleset.h"
#include "review/triage.h"

#include <string.h>

void review_free(Review *review) {
    if (review == NULL)
        return;
    g_ptr_array_unref(review->checks);
    g_ptr_array_unref(review->findings);
    g_clear_pointer(&review->dropped, g_ptr_array_unref);
    g_ptr_array_unref(review->stale);
    g_ptr_array_unref(review->jobs);
    g_ptr_array_unref(review->notes);
    g_ptr_array_unref(review->reasons);
    g_clear_pointer(&review->ledger, g_ptr_array_unref); /* holds files of the change */
    policy_free(review->policy);
    change_free(review->change);
    g_free(review);
}

static Review *review_new(Policy *policy, Change *change) {
    Review *review = g_new0(Review, 1);

    review->policy = policy;
    review->change = change;
    review->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_result_free);
    review->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    review->stale = g_ptr_array_new_with_free_func(g_free);
    review->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_result_free);
    review->notes = g_ptr_array_new_with_free_func(g_free);
    review->reasons = g_ptr_array_new_with_free_func(g_free);
    return review;
}

/* Moves the findings of all checks into one list. */
static void gather(Review *review) {
    for (guint i = 0; i < review->checks->len; i++) {
        CheckResult *check = review->checks->pdata[i];

        g_ptr_array_extend_and_steal(review->findings, g_steal_pointer(&check->findings));
        check->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    }
}

/* That a tool has passed over files is told aloud, and not in the ledger alone: a line for each reason. */
static void tell_left_out(const CheckResult *check, GPtrArray *notes) {
    g_autoptr(GList) reasons =
        g_list_sort(g_hash_table_get_values(check->left_out), (GCompareFunc)(void *)strcmp);
    guint count = 1;

    for (const GList *reason = reasons; reason != NULL; reason = reason->next, count++) {
        g_autofree char *files = text_count(count, "file");

        if (reason->next != NULL && strcmp(reason->data, reason->next->data) == 0)
            continue;
        g_ptr_array_add(notes, g_strdup_printf("%s has not looked at %s: %s", check->name, files,
                                               (const char *)reason->data));
        count = 0;
    }
}

/* The checks over the change, and, as far as that is wanted, over what it started from. */
static bool look(Review *review, const RuleSet *rules, const Match *exclude, const ReviewOptions *options) {
    const Checks checks = {
        .policy = review->policy,
        .change = review->change,
        .rules = rules,
        .ledger = review->ledger,
        .search_path = options->search_path,
        .cache = options->cache,
        .parallel = options->parallel,
        .cancel_fd = options->cancel_fd,
    };

    if (!checks_run(&checks, review->checks))
        return false;
    gather(review);
    for (guint i = 0; i < review->checks->len; i++)
        tell_left_out(review->checks->pdata[i], review->notes);
    review->compared = base_is_wanted(&review->policy->gate, review->change);
    return !review->compared ||
           base_compare(&checks, exclude, options->today, review->findings, review->notes);
}

/* What has to be reviewed and is not, because no check looks at such files or they are binary, is undecided.
 */
static void require_all(GPtrArray *ledger) {
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        if (entry->skipped != NULL)
            ledger_fail(entry, "review", entry->skipped);
    }
}

/* Entries of the baseline that no longer occur could hide the next finding of that kind. */
static void judge_baseline(Review *review, const Baseline *baseline, const ReviewOptions *options) {
    const GPtrArray *stale = baseline_stale(baseline);
    g_autofree char *entries = g_strdup_printf("%u %s", stale->len, stale->len == 1 ? "entry" : "entries");

    for (guint i = 0; i < stale->len; i++)
        g_ptr_array_add(review->stale, g_strdup(stale->pdata[i]));
    if (stale->len == 0 || !options->strict_baseline)
        return;
    g_ptr_array_add(review->reasons,
                    g_strdup_printf("%s of the baseline no longer occur%s (--strict-baseline)", entries,
                                    stale->len == 1 ? "s" : ""));
    review->gate = MAX(review->gate, VERDICT_REJECTED);
}

static void decide(Review *review, const RuleSet *rules, Baseline *baseline, const ReviewOptions *options) {
    g_autoptr(GError) error = NULL;
    Triage triage = {
        .findings = review->findings,
        .change = review->change,
        .policy = review->policy,
        .ledger = review->ledger,
        .checks = review->checks,
        .rules = rules,
        .baseline = baseline,
        .today = options->today,
        .dropped = review->dropped,
    };
    bool triaged = triage_run(&triage, &error);

    review->gate = gate_decide(&review->policy->gate, review->findings, review->ledger, review->checks,
                               review->counts, review->reasons);
    if (baseline != NULL)
        judge_baseline(review, baseline, options);
    if (!triaged) {
        g_ptr_array_add(review->reasons, text_line(error->message, -1, CAP_MESSAGE_BYTES));
        review->gate = VERDICT_UNDECIDED;
    }
}

static const char *why_not_run(const Review *review, const ReviewOptions *options) {
    if (options->no_run)
        return "--no-run was given";
    if (review->gate == VERDICT_REJECTED)
        return "the review rejected the change";
    if (review->gate == VERDICT_UNDECIDED)
        return "the review could not be finished";
    if (review->ledger->len == 0)
        return "nothing has changed";
    return NULL;
}

/* A review that was cut short has no verdict but this one, whatever was found so far. */
static Review *stopped(Review *review, const ReviewOptions *options) {
    g_ptr_array_set_size(review->findings, 0);
    g_ptr_array_add(review->reasons, g_strdup("stopped on request"));
    review->gate = review->verdict = VERDICT_UNDECIDED;
    (void)jobs_run(review->policy, review->change, "the review was stopped", options->search_path, 1,
                   options->cancel_fd, review->jobs);
    return review;
}

void review_run_jobs(Review *review, const ReviewOptions *options) {
    review->verdict = review->gate;
    if (!jobs_run(review->policy, review->change, why_not_run(review, options), options->search_path,
                  options->parallel, options->cancel_fd, review->jobs))
        review->verdict = VERDICT_UNDECIDED;
    for (guint i = 0; i < review->jobs->len; i++) {
        const JobResult *job = review->jobs->pdata[i];

        if (job->skipped != NULL || job_result_passed(job))
            continue;
        g_ptr_array_add(review->reasons, g_strdup_printf("job %s %s", job->name, job->summary));
        review->verdict =
            MAX(review->verdict, job_result_undecided(job) ? VERDICT_UNDECIDED : VERDICT_REJECTED);
    }
}

Review *review_run(Policy *policy, Change *change, const ReviewOptions *options, GError **error) {
    g_autoptr(Review) review = review_new(policy, change);
    g_autoptr(RuleSet) rules = ruleset_load(policy, change, error);
    g_autoptr(Baseline) baseline = NULL;
    g_autoptr(Match) exclude = NULL;
    g_autoptr(GError) own = NULL;
    bool looked;

    if (rules == NULL || (exclude = match_new((const char *const *)policy->exclude, error)) == NULL)
        return NULL;
    baseline = options->write_baseline ? baseline_new_for_all() : baseline_load(policy, change, &own);
    if (own != NULL) {
        g_propagate_error(error, g_steal_pointer(&own));
        return NULL;
    }
    if (options->explain)
        review->dropped = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    if (change_trusts_head(change))
        g_ptr_array_add(review->notes, g_strdup("--trust head: the change was reviewed by its own policy and "
                                                "configuration, which nobody has approved yet"));
    review->ledger = ledger_new(change, exclude);
    looked = look(review, rules, exclude, options);
    if (options->cache != NULL)
        cache_store(options->cache);
    if (!looked)
        return stopped(g_steal_pointer(&review), options);
    if (options->review_all)
        require_all(review->ledger);
    decide(review, rules, baseline, options);
    review->verdict = review->gate;
    if (!options->hold_jobs)
        review_run_jobs(review, options);
    return g_steal_pointer(&review);
}
