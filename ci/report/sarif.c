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
#include "ci/report/report.h"
#include "ci/report/run_result.h"
#include "ci/report/tree.h"
#include "ci/report/view.h"
#include "exec/text.h"

#include <string.h>

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define ROOT_ID "%SRCROOT%"

/* A message (3.11) or a multiformatMessageString (3.12). */
static json_t *message(const char *text) {
    json_t *in = tree_object();

    tree_set_text(in, "text", text);
    return in;
}

/* The URI where it is a link that a browser may be given, else NULL: it can come from a linter's output. */
static const char *web_uri(const char *uri) {
    if (uri == NULL || (!g_str_has_prefix(uri, "https://") && !g_str_has_prefix(uri, "http://")))
        return NULL;
    /* GLib lets pass what RFC 3986 has no place for, and this would end a link in Markdown. */
    if (strpbrk(uri, " \t\r\n\"<>\\^`{|}") != NULL || !g_uri_is_valid(uri, G_URI_FLAGS_NONE, NULL))
        return NULL;
    return uri;
}

static json_t *artifact_location(const char *path) {
    g_autofree char *uri = text_path_uri(path);
    json_t *in = tree_object();

    tree_set_text(in, "uri", uri);
    tree_set_text(in, "uriBaseId", ROOT_ID);
    return in;
}

/* 3.30. Our regions are SARIF's: counted from 1, in code points, the end column behind the last character.
 * Bounds that lie before the start are left out, which gives them their default. */
static json_t *region(const Region *place) {
    json_t *in = tree_object();
    guint end_line = MAX(place->end_line, place->start_line);

    tree_set(in, "startLine", tree_integer(place->start_line));
    if (place->start_column > 0)
        tree_set(in, "startColumn", tree_integer(place->start_column));
    tree_set(in, "endLine", tree_integer(end_line));
    if (place->start_column > 0 && place->end_column > 0 &&
        (end_line > place->start_line || place->end_column >= place->start_column))
        tree_set(in, "endColumn", tree_integer(place->end_column));
    return in;
}

/* The part of its line that a finding is about, or NULL where that is not within the one line that is known.
 */
static char *snippet_text(const Finding *finding) {
    const Region *place = &finding->region;
    glong length = g_utf8_strlen(finding->line_text, -1);

    if (place->end_line > place->start_line)
        return NULL;
    if (place->start_column == 0)
        return g_strdup(finding->line_text);
    if (place->end_column <= place->start_column || (glong)place->end_column - 1 > length)
        return NULL;
    return g_utf8_substring(finding->line_text, (glong)place->start_column - 1, (glong)place->end_column - 1);
}

/* 3.29. The whole line is the context of a region that is a part of it (3.29.5). */
static json_t *physical_location(const Finding *finding, bool with_lines) {
    json_t *in = tree_object(), *place, *context;
    g_autofree char *snippet = NULL;

    tree_set(in, "artifactLocation", artifact_location(finding->path));
    if (finding->region.start_line == 0)
        return in;
    place = region(&finding->region);
    tree_set(in, "region", place);
    if (finding->line_text == NULL || !with_lines)
        return in;
    snippet = snippet_text(finding);
    if (snippet != NULL)
        tree_set(place, "snippet", message(snippet));
    if (finding->region.end_line > finding->region.start_line || g_strcmp0(snippet, finding->line_text) == 0)
        return in;
    context = tree_object();
    tree_set(context, "startLine", tree_integer(finding->region.start_line));
    tree_set(context, "snippet", message(finding->line_text));
    tree_set(in, "contextRegion", context);
    return in;
}

/* 3.55 to 3.57. */
static json_t *fix_object(const Finding *finding, const Fix *fix) {
    json_t *in = tree_object(), *changes = tree_array(), *change = tree_object(),
           *replacements = tree_array(), *properties = tree_object();
    g_autofree char *description = g_strconcat(
        fix->description, fix->kind == FIX_UNSAFE ? " (unsafe: may change what the code does)" : "", NULL);

    for (guint i = 0; i < fix->edits->len; i++) {
        const Edit *edit = g_ptr_array_index(fix->edits, i);
        json_t *replacement = tree_object();

        tree_set(replacement, "deletedRegion", region(&edit->region));
        tree_set(replacement, "insertedContent", message(edit->text));
        tree_append(replacements, replacement);
    }
    tree_set(change, "artifactLocation", artifact_location(finding->path));
    tree_set(change, "replacements", replacements);
    tree_append(changes, change);
    tree_set(in, "description", message(description));
    tree_set(in, "artifactChanges", changes);
    tree_set_text(properties, "applicability", fix->kind == FIX_UNSAFE ? "unsafe" : "safe");
    tree_set(in, "properties", properties);
    return in;
}

/* NULL where there is no fix that could be applied. A fix without edits or with one of the file as a whole is
 * none: SARIF asks for a replacement with a region. */
static json_t *fix_list(const Finding *finding) {
    json_t *list = tree_array();

    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = g_ptr_array_index(finding->fixes, i);
        bool applicable = fix->kind != FIX_DISPLAY_ONLY && fix->edits->len > 0;

        for (guint j = 0; j < fix->edits->len; j++)
            applicable =
                applicable && ((const Edit *)g_ptr_array_index(fix->edits, j))->region.start_line > 0;
        if (applicable)
            tree_append_new(list, fix_object(finding, fix));
    }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

static const char *level(Severity severity) {
    return severity == SEVERITY_OFF ? "none" : severity_name(severity);
}

static json_t *string_list(const GPtrArray *strings) {
    json_t *list = tree_array();

    for (guint i = 0; i < strings->len; i++)
        tree_append(list, tree_string(g_ptr_array_index(strings, i)));
    return list;
}

/* 3.35. */
static json_t *suppression_list(const Finding *finding) {
    json_t *list = tree_array(), *in, *location, *physical;
    const Suppression *suppression = finding->suppression;
    const Region line = {suppression != NULL ? suppression->line : 0, 0, 0, 0};

    if (suppression == NULL)
        return list;
    in = tree_object();
    tree_append(list, in);
    tree_set_text(in, "kind", suppression->line > 0 ? "inSource" : "external");
    tree_set_text(in, "status", "accepted");
    tree_set_text(in, "justification", suppression->justification);
    if (suppression->line == 0)
        return list;
    location = tree_object();
    physical = tree_object();
    tree_set(physical, "artifactLocation", artifact_location(finding->path));
    tree_set(physical, "region", region(&line));
    tree_set(location, "physicalLocation", physical);
    tree_set(in, "location", location);
    return list;
}

/* What the results of a run have in common. */
typedef struct {
    bool suppressions; /* 3.27.23: all results have the list, or none */
    bool states;       /* likewise `baselineState`, 3.27.24 */
    bool brief;        /* of a baseline */
} ResultForm;

/* 3.27. What other tools call the same problem (review/merge.h) is a property of ours. */
static json_t *result(const Finding *finding, const char *rule, guint rule_index, const ResultForm *form) {
    json_t *in = tree_object(), *locations = tree_array(), *location = tree_object(),
           *fixes = form->brief ? NULL : fix_list(finding);

    tree_set_text(in, "ruleId", rule);
    if (!form->brief)
        tree_set(in, "ruleIndex", tree_integer(rule_index));
    tree_set_text(in, "level", level(finding->severity));
    tree_set(in, "message", message(finding->message));
    tree_set(location, "physicalLocation", physical_location(finding, !form->brief));
    tree_append(locations, location);
    tree_set(in, "locations", locations);
    if (finding->fingerprint != NULL) {
        json_t *fingerprints = tree_object();

        tree_set_text(fingerprints, "primaryLocationLineHash", finding->fingerprint);
        if (form->brief)
            tree_set_text(fingerprints, "sallyportLineHash/v1", finding->line_hash);
        tree_set(in, "partialFingerprints", fingerprints);
    }
    if (fixes != NULL)
        tree_set(in, "fixes", fixes);
    if (form->suppressions)
        tree_set(in, "suppressions", suppression_list(finding));
    if (form->states)
        tree_set_text(in, "baselineState", finding->unchanged ? "unchanged" : "new");
    if (finding->also != NULL && !form->brief) {
        json_t *properties = tree_object();

        tree_set(properties, "alsoFoundBy", string_list(finding->also));
        tree_set(in, "properties", properties);
    }
    return in;
}

/* Property bag of a rule (3.8), with the names that GitHub reads. */
static json_t *rule_properties(const RuleInfo *rule) {
    json_t *in = tree_object(), *tags = tree_array();

    for (guint i = 0; rule->cwe != NULL && i < rule->cwe->len; i++) {
        g_autofree char *tag = g_strdup_printf("external/cwe/cwe-%03u", g_array_index(rule->cwe, guint, i));

        tree_append_new(tags, tree_string(tag));
    }
    if (rule->security_severity > 0)
        tree_append(tags, tree_string("security"));
    tree_set(in, "tags", tags);
    tree_set_text(in, "precision", rule->precision);
    if (rule->security_severity > 0) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_formatd(number, sizeof number, "%.1f", rule->security_severity);
        tree_set_text(in, "security-severity", number);
    }
    return in;
}

/* 3.49.12. */
static json_t *rule_help(const RuleInfo *rule, const char *text) {
    const char *uri = web_uri(rule->help_uri);
    g_autofree char *plain = NULL, *markdown = NULL;
    json_t *in;

    if (uri != NULL) {
        plain = g_strdup_printf("%s\n\n%s", text, uri);
        markdown = g_strdup_printf("%s\n\n[Read more](<%s>)", text, uri);
    }
    in = message(plain != NULL ? plain : text);
    tree_set_text(in, "markdown", markdown != NULL ? markdown : text);
    return in;
}

/* 3.49. GitHub wants both descriptions and the help of every rule, so what is not known falls back. */
static json_t *rule_object(const RuleInfo *rule) {
    json_t *in = tree_object(), *configuration = tree_object();
    const char *summary = rule->summary != NULL ? rule->summary : rule->name != NULL ? rule->name : rule->id;
    const char *help = rule->help != NULL ? rule->help : summary;

    tree_set_text(in, "id", rule->id);
    tree_set_text(in, "name", rule->name);
    tree_set(in, "shortDescription", message(summary));
    tree_set(in, "fullDescription", message(help));
    tree_set(in, "help", rule_help(rule, help));
    tree_set_text(in, "helpUri", web_uri(rule->help_uri));
    tree_set_text(configuration, "level", level(rule->severity));
    tree_set(in, "defaultConfiguration", configuration);
    tree_set(in, "properties", rule_properties(rule));
    return in;
}

static int compare_ids(gconstpointer a, gconstpointer b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The ids of all rules of a tool: those that the check knows, and those of its findings. */
static GPtrArray *rule_ids(const ToolView *tool) {
    GPtrArray *ids = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer id;

    if (tool->check != NULL) {
        g_hash_table_iter_init(&iter, tool->check->rules);
        while (g_hash_table_iter_next(&iter, &id, NULL))
            g_hash_table_add(seen, id);
    }
    for (guint i = 0; i < tool->findings->len; i++)
        g_hash_table_add(seen, ((Finding *)g_ptr_array_index(tool->findings, i))->rule);
    g_hash_table_iter_init(&iter, seen);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_ptr_array_add(ids, id);
    g_ptr_array_sort(ids, compare_ids);
    return ids;
}

static json_t *rule_list(const ToolView *tool, const GPtrArray *ids) {
    json_t *list = tree_array();

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        const RuleInfo *rule = tool->check != NULL ? g_hash_table_lookup(tool->check->rules, id) : NULL;
        g_autoptr(RuleInfo) unknown = rule == NULL ? rule_info_new(id) : NULL;

        tree_append(list, rule_object(rule != NULL ? rule : unknown));
    }
    return list;
}

static json_t *result_list(const ToolView *tool, const GPtrArray *ids, ResultForm form) {
    json_t *list = tree_array();
    g_autoptr(GHashTable) index_of = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < ids->len; i++)
        g_hash_table_insert(index_of, g_ptr_array_index(ids, i), GUINT_TO_POINTER(i));
    for (guint i = 0; i < tool->findings->len; i++)
        form.suppressions |= ((const Finding *)g_ptr_array_index(tool->findings, i))->suppression != NULL;
    for (guint i = 0; i < tool->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(tool->findings, i);

        tree_append(list, result(finding, finding->rule,
                                 GPOINTER_TO_UINT(g_hash_table_lookup(index_of, finding->rule)), &form));
        /* In a baseline each name is an entry of its own: findings are merged after they are found again. */
        for (guint j = 0; form.brief && finding->also != NULL && j < finding->also->len; j++)
            tree_append(list, result(finding, g_ptr_array_index(finding->also, j), 0, &form));
    }
    return list;
}

/* The grammar of semver.org, version 2.0.0. */
static bool is_semantic_version(const char *version) {
    return g_regex_match_simple("^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
                                "(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
                                "(\\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
                                "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$",
                                version, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* 3.19. */
static json_t *driver(const ToolView *tool, const GPtrArray *ids) {
    json_t *in = tree_object();
    const char *version = tool->check != NULL ? tool->check->version : NULL;

    tree_set_text(in, "name", tool->name);
    tree_set_text(in, "version", version);
    if (version != NULL && is_semantic_version(version))
        tree_set_text(in, "semanticVersion", version);
    if (tool->check != NULL)
        tree_set_text(in, "informationUri", web_uri(tool->check->information_uri));
    tree_set(in, "rules", rule_list(tool, ids));
    return in;
}

/* 3.58. `path` may be NULL. */
static json_t *notification(const char *severity, const char *text, const char *remedy, const char *path) {
    g_autofree char *whole =
        remedy != NULL ? g_strdup_printf("%s; remedy: %s", text, remedy) : g_strdup(text);
    json_t *in = tree_object();

    tree_set_text(in, "level", severity);
    tree_set(in, "message", message(whole));
    if (path != NULL) {
        json_t *locations = tree_array(), *location = tree_object(), *physical = tree_object();

        tree_set(physical, "artifactLocation", artifact_location(path));
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
    g_ptr_array_sort(paths, compare_ids);
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
    tree_set(in, "location", artifact_location(entry->file->path));
    tree_set(in, "roles", roles);
    tree_set_text(properties, "status", file_status_name(entry->file->status));
    tree_set_text(properties, "oldUri", old_uri);
    tree_set_text(properties, "verdict", verdict_name(entry->verdict));
    tree_set(properties, "checks", string_list(entry->checks));
    tree_set_text(properties, "skipped", entry->skipped);
    if (entry->left_out->len > 0)
        tree_set(properties, "leftOut", string_list(entry->left_out));
    if (entry->failures->len > 0)
        tree_set(properties, "failures", string_list(entry->failures));
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
    tree_set(in, "reasons", string_list(review->reasons));
    if (review->notes->len > 0)
        tree_set(in, "notes", string_list(review->notes));
    tree_set_text(in, "change", change_description(review->change));
    tree_set_text(in, "policy", review->policy->source);
    if (change_trusts_head(review->change))
        tree_set_text(in, "trust", "head");
    tree_set(in, "totals", total_object(review));
    return in;
}

static json_t *root_description(void) {
    json_t *in = tree_object(), *root = tree_object();

    tree_set(root, "description", message("The root of the repository."));
    tree_set(in, ROOT_ID, root);
    return in;
}

/* 3.14. */
static json_t *run(const Review *review, const ToolView *view) {
    json_t *in = tree_object(), *tool = tree_object(), *automation = tree_object(),
           *invocations = tree_array();
    g_autoptr(GPtrArray) ids = rule_ids(view);
    g_autofree char *automation_id = g_strdup_printf("sallyport/%s/", view->name);
    bool own = strcmp(view->name, "sallyport") == 0;

    tree_set(tool, "driver", driver(view, ids));
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
    tree_set(in, "results",
             result_list(view, ids,
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
    tree_set(in, "results", result_list(view, none, (ResultForm){.brief = true}));
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
