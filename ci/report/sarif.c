/* SARIF 2.1.0 (OASIS, with errata 01), one run a tool. Section numbers below are of that document. What
 * GitHub code scanning asks for beyond it ("SARIF support for code scanning") is there too: descriptions and
 * help of each rule, `security-severity`, `precision`, tags, `primaryLocationLineHash`, an automation id a
 * tool.
 *
 * Every check has its run, also without results, so that "found nothing" and "was not there" differ. The run
 * of sallyport itself carries the verdict, the ledger (as artifacts) and the jobs (as further invocations).
 *
 * Findings that do not count since they are suppressed or in the baseline are results, too, and say so.
 *
 * With the option `baseline` it is the file that a later review finds them again by, which is to be small and
 * to change with the findings alone: only what is in the baseline, without invocations, fixes and lines. */
#include "ci/report/sarif.h"
#include "ci/report/report.h"
#include "ci/report/run_result.h"
#include "exec/text.h"

#include <string.h>

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* 3.58. `path` may be NULL. */
static json_t *notification(const char *severity, const char *text, const char *remedy, const char *path) {
    g_autofree char *whole =
        remedy != NULL ? g_strdup_printf("%s; remedy: %s", text, remedy) : g_strdup(text);
    json_t *in = tree_object();

    tree_set_text(in, "level", severity);
    tree_set(in, "message", sarif_message(whole));
    if (path != NULL) {
        json_t *locations = tree_array(), *location = tree_object(), *physical = tree_object();

        tree_set(physical, "artifactLocation", sarif_artifact_location(path));
        tree_set(location, "physicalLocation", physical);
        tree_append(locations, location);
        tree_set(in, "locations", locations);
    }
    return in;
}

/* A notification for the check as a whole, and one for each file that it could not look at. */
static json_t *failure_list(const CheckResult *check) {
    json_t *list = tree_array();
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    GHashTableIter iter;
    gpointer path;

    if (check->failure != NULL)
        tree_append(list, notification("error", check->failure, check->remedy, NULL));
    g_hash_table_iter_init(&iter, check->failures);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        g_ptr_array_add(paths, path);
    g_ptr_array_sort(paths, text_compare);
    for (guint i = 0; i < paths->len; i++) {
        path = g_ptr_array_index(paths, i);
        tree_append(list, notification("error", g_hash_table_lookup(check->failures, path), NULL, path));
    }
    return list;
}

/* 3.20. A check that missed a single file was not executed successfully: its results are not all there is. */
static json_t *check_invocation(const CheckResult *check) {
    json_t *in = tree_object(), *notifications = failure_list(check);

    tree_set(in, "executionSuccessful", json_boolean(json_array_size(notifications) == 0));
    if (check->ran)
        tree_set(in, "exitCode", tree_integer(check->exit_code));
    tree_set(in, "toolExecutionNotifications", notifications);
    return in;
}

static json_t *job_invocation(const JobResult *job) {
    json_t *in = tree_object(), *notifications = tree_array(), *properties = tree_object();
    JobOutcome outcome = view_job_outcome(job);
    const CommandResult *ended = job->result;
    g_autofree char *account = view_job_text(job);
    g_autofree char *text = g_strdup_printf("job %s: %s", job->name, account);

    tree_set(in, "executionSuccessful", json_boolean(outcome == JOB_PASSED));
    if (ended != NULL && (ended->status == STATUS_SUCCESS || ended->status == STATUS_EXECUTION_ERROR))
        tree_set(in, "exitCode", tree_integer(ended->exit_code));
    if (ended != NULL && ended->signal > 0 &&
        (ended->status == STATUS_SIGNALED || ended->status == STATUS_DENIED ||
         ended->status == STATUS_CPU_LIMIT))
        tree_set(in, "exitSignalNumber", tree_integer(ended->signal));
    if (ended != NULL && ended->status == STATUS_SETUP_ERROR)
        tree_set_text(in, "processStartFailureMessage", ended->error);
    if (outcome != JOB_PASSED)
        tree_append(notifications,
                    notification(outcome == JOB_SKIPPED ? "note" : "error", text, NULL, job->path));
    tree_set(in, "toolExecutionNotifications", notifications);
    tree_set_text(properties, "job", job->name);
    tree_set_text(properties, "outcome", view_job_outcome_name(outcome));
    tree_set_text(properties, "status", ended != NULL ? command_status_name(ended->status) : NULL);
    tree_set_text(properties, "skipped", job->skipped);
    if (ended != NULL && ended->isolation != NULL)
        tree_set(properties, "isolation", run_result_isolation(ended->isolation));
    tree_set(in, "properties", properties);
    return in;
}

/* 3.24.6. */
static const char *role(FileStatus status) {
    switch (status) {
    case FILE_ADDED:
    case FILE_COPIED:
        return "added";
    case FILE_DELETED:
        return "deleted";
    case FILE_RENAMED:
        return "renamed";
    case FILE_MODIFIED:
    case FILE_TYPE_CHANGED:
        return "modified";
    }
    g_assert_not_reached();
}

static json_t *ledger_artifact(const LedgerEntry *entry) {
    json_t *in = tree_object(), *roles = tree_array(), *properties = tree_object();
    g_autofree char *old_uri = entry->file->old_path != NULL ? text_path_uri(entry->file->old_path) : NULL;

    tree_append(roles, tree_string(role(entry->file->status)));
    if (entry->checks->len > 0)
        tree_append(roles, tree_string("analysisTarget"));
    tree_set(in, "location", sarif_artifact_location(entry->file->path));
    tree_set(in, "roles", roles);
    tree_set_text(properties, "status", file_status_name(entry->file->status));
    tree_set_text(properties, "oldUri", old_uri);
    tree_set_text(properties, "verdict", verdict_name(entry->verdict));
    tree_set(properties, "checks", sarif_strings(entry->checks));
    tree_set_text(properties, "skipped", entry->skipped);
    if (entry->left_out->len > 0)
        tree_set(properties, "leftOut", sarif_strings(entry->left_out));
    if (entry->failures->len > 0)
        tree_set(properties, "failures", sarif_strings(entry->failures));
    tree_set(in, "properties", properties);
    return in;
}

static json_t *artifact_list(const Review *review) {
    json_t *list = tree_array();

    for (guint i = 0; i < review->ledger->len; i++)
        tree_append(list, ledger_artifact(g_ptr_array_index(review->ledger, i)));
    return list;
}

static json_t *total_object(const Review *review) {
    json_t *in = tree_object();
    guint totals[TOTALS];

    view_totals(review, totals);
    for (Total total = 0; total < TOTALS; total++)
        tree_set(in, view_total_name(total), tree_integer(totals[total]));
    return in;
}

static json_t *run_properties(const Review *review) {
    json_t *in = tree_object();

    tree_set_text(in, "verdict", verdict_name(review->verdict));
    tree_set(in, "reasons", sarif_strings(review->reasons));
    if (review->notes->len > 0)
        tree_set(in, "notes", sarif_strings(review->notes));
    tree_set_text(in, "change", change_description(review->change));
    tree_set_text(in, "policy", review->policy->source);
    if (change_trusts_head(review->change))
        tree_set_text(in, "trust", "head");
    tree_set(in, "totals", total_object(review));
    return in;
}

static json_t *root_description(void) {
    json_t *in = tree_object(), *root = tree_object();

    tree_set(root, "description", sarif_message("The root of the repository."));
    tree_set(in, SARIF_ROOT_ID, root);
    return in;
}

/* 3.14. */
static json_t *run(const Review *review, const ToolView *view) {
    json_t *in = tree_object(), *tool = tree_object(), *automation = tree_object(),
           *invocations = tree_array();
    g_autoptr(GPtrArray) ids = sarif_rule_ids(view);
    g_autofree char *automation_id = g_strdup_printf("sallyport/%s/", view->name);
    bool own = strcmp(view->name, "sallyport") == 0;

    tree_set(tool, "driver", sarif_driver(view, ids));
    tree_set(in, "tool", tool);
    tree_set_text(automation, "id", automation_id);
    tree_set(in, "automationDetails", automation);
    if (view->check != NULL)
        tree_append(invocations, check_invocation(view->check));
    for (guint i = 0; own && i < review->jobs->len; i++)
        tree_append(invocations, job_invocation(g_ptr_array_index(review->jobs, i)));
    tree_set(in, "invocations", invocations);
    tree_set(in, "originalUriBaseIds", root_description());
    if (own)
        tree_set(in, "artifacts", artifact_list(review));
    tree_set(
        in, "results",
        sarif_results(view, ids,
                      (ResultForm){.states = review->compared || review->policy->gate.baseline != NULL}));
    tree_set_text(in, "columnKind", "unicodeCodePoints");
    if (own)
        tree_set(in, "properties", run_properties(review));
    return in;
}

/* A run of a baseline. */
static json_t *brief_run(const ToolView *view) {
    json_t *in = tree_object(), *tool = tree_object(), *named = tree_object();
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    tree_set_text(named, "name", view->name);
    tree_set(tool, "driver", named);
    tree_set(in, "tool", tool);
    tree_set(in, "originalUriBaseIds", root_description());
    tree_set(in, "results", sarif_results(view, none, (ResultForm){.brief = true}));
    tree_set_text(in, "columnKind", "unicodeCodePoints");
    return in;
}

static bool is_new(const Finding *finding) {
    return finding->new_code;
}

static bool is_unchanged(const Finding *finding) {
    return finding->new_code && finding->unchanged;
}

static void write_sarif(const Review *review, const ReportOptions *options, GString *out) {
    json_auto_t *log = tree_object();
    json_t *runs = tree_array();
    g_autoptr(GPtrArray) tools = view_tools(review, options->baseline ? is_unchanged : is_new);

    for (guint i = 0; i < tools->len; i++) {
        const ToolView *tool = g_ptr_array_index(tools, i);

        if (!options->baseline)
            tree_append(runs, run(review, tool));
        else if (tool->findings->len > 0)
            tree_append(runs, brief_run(tool));
    }
    tree_set_text(log, "$schema", SCHEMA);
    tree_set_text(log, "version", "2.1.0");
    tree_set(log, "runs", runs);
    tree_print(log, out);
}

const ReportFormat report_sarif = {"sarif", "SARIF 2.1.0, for code scanning and editors", write_sarif};
