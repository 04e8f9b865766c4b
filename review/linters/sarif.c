/* SARIF 2.1.0 in (OASIS, with errata 01); section numbers below are of that document. What is read of it:
 * results with their level, region, fixes and suppressions, the rules that they name, and whether the tool
 * says itself that it did its work (invocations). The runs of a log are read one after the other. */
#include "review/linters/formats.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/linters/json_read.h"
#include "review/linters/output.h"
#include "review/linters/sarif_rule.h"
#include "review/linters/sarif_uri.h"

#include <string.h>

/* One run on its way. */
typedef struct {
    Problems *problems;
    const json_t *run;
    const json_t *rules; /* of its driver: an array, or NULL */
    GHashTable *by_id;   /* of its driver and extensions: char * -> json_t *, both not owned */
} Run;

/* 3.11.11: a message has its text, or the name of one of the rule's (or the driver's) with arguments {0}. */
static const json_t *message_string(const Run *run, const json_t *rule, const char *id) {
    const json_t *found = json_object_get(json_object_get(rule, "messageStrings"), id);
    const json_t *driver = json_object_get(json_object_get(run->run, "tool"), "driver");

    return found != NULL ? found : json_object_get(json_object_get(driver, "globalMessageStrings"), id);
}

/* 3.11.5: "{0}" is the first argument, "{{" is "{". */
static char *fill_in(const char *text, const json_t *arguments) {
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0' && out->len < CAP_MESSAGE_BYTES; p++) {
        const char *behind;
        guint number;

        if ((*p == '{' || *p == '}') && p[1] == *p) {
            g_string_append_c(out, *p++);
        } else if (*p == '{' && output_number(p + 1, p + strlen(p), &number, &behind) && *behind == '}' &&
                   json_is_string(json_array_get(arguments, number))) {
            g_string_append(out, json_string_value(json_array_get(arguments, number)));
            p = behind;
        } else {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(out, FALSE);
}

static char *message_of(const Run *run, const json_t *rule, const json_t *result) {
    const json_t *message = json_object_get(result, "message");
    g_autofree char *id = json_read_text(message, "id"), *text = json_read_text(message, "text");

    if (text == NULL && id != NULL)
        text = json_read_text(message_string(run, rule, id), "text");
    return text != NULL ? fill_in(text, json_object_get(message, "arguments")) : NULL;
}

/* 3.54: the rules of the component that a reference names by its index: an extension's (a plugin's); without
 * one the driver's. NULL where it is named otherwise. */
static const json_t *rules_of(const Run *run, const json_t *reference) {
    const json_t *component = json_object_get(reference, "toolComponent");
    const json_t *index = json_object_get(component, "index");
    const json_t *extensions = json_object_get(json_object_get(run->run, "tool"), "extensions");

    if (component == NULL)
        return run->rules;
    if (!json_is_integer(index) || json_integer_value(index) < 0)
        return NULL;
    return json_object_get(json_array_get(extensions, (size_t)json_integer_value(index)), "rules");
}

/* 3.52.3: by the index or by the id; "CA1000/1" is a part of "CA1000". */
static const json_t *rule_by_reference(const Run *run, const json_t *reference, const json_t *index,
                                       const char *id) {
    const json_t *rule;
    const char *slash;

    if (json_is_integer(index) && json_integer_value(index) >= 0 &&
        (rule = json_array_get(rules_of(run, reference), (size_t)json_integer_value(index))) != NULL)
        return rule;
    rule = id != NULL ? g_hash_table_lookup(run->by_id, id) : NULL;
    slash = id != NULL ? strrchr(id, '/') : NULL;
    if (rule == NULL && slash != NULL) {
        g_autofree char *parent = g_strndup(id, (gsize)(slash - id));

        rule = g_hash_table_lookup(run->by_id, parent);
    }
    return rule;
}

/* 3.27.5 to 3.27.7. */
static const json_t *rule_of(const Run *run, const json_t *result, const char *id) {
    const json_t *reference = json_object_get(result, "rule");
    const json_t *index = json_object_get(result, "ruleIndex");

    return rule_by_reference(run, reference, index != NULL ? index : json_object_get(reference, "index"), id);
}

static char *rule_id(const Run *run, const json_t *result) {
    char *id = json_read_text(result, "ruleId");

    if (id == NULL)
        id = json_read_text(json_object_get(result, "rule"), "id");
    if (id == NULL)
        id = json_read_text(rule_of(run, result, NULL), "id");
    return id;
}

/* 3.20.5: the level that the user's configuration gave the rule in this run; NULL where it gave none. */
static char *overridden_level(const Run *run, const json_t *rule) {
    const json_t *invocation, *override;
    gsize i, j;

    json_array_foreach(json_object_get(run->run, "invocations"), i, invocation) {
        json_array_foreach(json_object_get(invocation, "ruleConfigurationOverrides"), j, override) {
            const json_t *reference = json_object_get(override, "descriptor");
            g_autofree char *id = json_read_text(reference, "id");

            if (rule != NULL &&
                rule_by_reference(run, reference, json_object_get(reference, "index"), id) == rule)
                return json_read_text(json_object_get(override, "configuration"), "level");
        }
    }
    return NULL;
}

/* 3.27.10: the level of the result, else of its rule (3.49.14, 3.50.3), else "warning". */
static Severity severity_of(const Run *run, const json_t *rule, const json_t *result) {
    g_autofree char *own = json_read_text(result, "level"), *kind = json_read_text(result, "kind"),
                    *configured = json_read_text(json_object_get(rule, "defaultConfiguration"), "level"),
                    *overridden = NULL;
    Severity severity = SEVERITY_WARNING;

    if (kind != NULL && strcmp(kind, "fail") != 0)
        return SEVERITY_NOTE;
    overridden = overridden_level(run, rule);
    if (!sarif_level_of(own, &severity) && !sarif_level_of(overridden, &severity))
        (void)sarif_level_of(configured, &severity);
    return severity;
}

/* 3.30.9 to 3.30.12: a region that is told by offsets alone. */
static void read_offsets(const Run *run, const json_t *region, Problem *place) {
    const char *const keys[][2] = {{"charOffset", "charLength"}, {"byteOffset", "byteLength"}};

    for (gsize i = 0; i < G_N_ELEMENTS(keys) && place->line == 0 && place->path != NULL; i++) {
        const json_t *value = json_object_get(region, keys[i][0]);
        json_int_t offset = json_integer_value(value);

        if (json_is_integer(value) && offset >= 0 && offset < G_MAXINT32)
            problems_place(run->problems, place, (guint)offset, json_read_count(region, keys[i][1]), i == 1);
    }
}

/* 3.30.5 to 3.30.8. */
static void read_region(const json_t *region, Problem *place) {
    place->line = json_read_count(region, "startLine");
    place->column = json_read_count(region, "startColumn");
    place->end_line = json_read_count(region, "endLine");
    place->end_column = json_read_count(region, "endColumn");
    if (place->column == 0 && place->end_column > 0)
        place->column = 1; /* 3.30.6 */
}

/* Relates to the rest of a log only what can be no other: replacements in the finding's own file. */
static void read_fix(const Run *run, const json_t *json, Finding *finding, const char *uri) {
    const json_t *changes = json_object_get(json, "artifactChanges"), *change = json_array_get(changes, 0);
    const json_t *replacement;
    g_autofree char *description = json_read_text(json_object_get(json, "description"), "text");
    g_autofree char *other = sarif_path(run->run, json_object_get(change, "artifactLocation"));
    Fix *fix;
    gsize i;

    if (json_array_size(changes) != 1 || g_strcmp0(other, uri) != 0)
        return;
    fix = fix_new(description != NULL ? description : "Suggested by the tool", FIX_UNSAFE);
    json_array_foreach(json_object_get(change, "replacements"), i, replacement) {
        g_autofree char *text = json_read_text(json_object_get(replacement, "insertedContent"), "text");
        Problem place = {0};
        Region region;

        read_region(json_object_get(replacement, "deletedRegion"), &place);
        if (!problems_edit_region(run->problems, finding, &place, &region)) {
            g_ptr_array_set_size(fix->edits, 0);
            break;
        }
        fix_add(fix, region, text != NULL ? text : "");
    }
    problems_add_fix(finding, fix);
}

/* 3.27.23, 3.35: a result is suppressed where it has suppressions and none of them waits for an answer or was
 * refused. Why: newly allocated, or NULL. */
static char *suppression_of(const json_t *result) {
    const json_t *list = json_object_get(result, "suppressions"), *suppression;
    g_autofree char *why = NULL;
    gsize i;

    json_array_foreach(list, i, suppression) {
        g_autofree char *status = json_read_text(suppression, "status");

        if (!json_is_object(suppression) || (status != NULL && strcmp(status, "accepted") != 0))
            return NULL;
        if (why == NULL)
            why = json_read_text(suppression, "justification");
    }
    if (json_array_size(list) == 0)
        return NULL;
    return text_line(why != NULL && *why != '\0' ? why : "suppressed by the tool", -1, CAP_MESSAGE_BYTES);
}

/* 3.27.9, 3.27.24: what is no problem, or was one in another version only. */
static bool is_no_problem(const json_t *result) {
    static const char *const kinds[] = {"pass", "notApplicable", "informational", NULL};
    g_autofree char *kind = json_read_text(result, "kind"), *state = json_read_text(result, "baselineState");

    return (kind != NULL && g_strv_contains(kinds, kind)) || g_strcmp0(state, "absent") == 0;
}

static void fill_finding(const Run *run, const json_t *result, const json_t *rule, const char *path,
                         Finding *finding) {
    char *suppressed = suppression_of(result);
    const json_t *fix;
    gsize i;

    if (suppressed != NULL)
        finding_suppress(finding, 0, suppressed);
    json_array_foreach(json_object_get(result, "fixes"), i, fix) {
        read_fix(run, fix, finding, path);
    }
    sarif_fill_rule(rule, check_rule(run->problems->result, finding->rule));
}

/* One of the places of a result; `physical` NULL: it has none, and perhaps says of which file it is
 * (3.27.13). */
static bool read_place(const Run *run, const json_t *result, const json_t *physical, Problem problem,
                       const json_t *rule, GError **error) {
    const json_t *file = json_object_get(physical != NULL ? physical : result,
                                         physical != NULL ? "artifactLocation" : "analysisTarget");
    g_autofree char *path = sarif_path(run->run, file);
    Finding *finding;

    problem.path = path;
    read_region(json_object_get(physical, "region"), &problem);
    read_offsets(run, json_object_get(physical, "region"), &problem);
    if (path == NULL) {
        run->problems->told++;
        return problem.severity == SEVERITY_NOTE ||
               problems_unreadable(error, "a result is of no file: %s",
                                   problem.message != NULL ? problem.message : "");
    }
    if (!problems_add(run->problems, &problem, &finding, error))
        return false;
    if (finding != NULL)
        fill_finding(run, result, rule, path, finding);
    return true;
}

/* 3.27.12: of many places each has to be mended, so each is a finding: the first may be of another file, or
 * of an old line. */
static bool read_places(const Run *run, const json_t *result, const Problem *problem, const json_t *rule,
                        GError **error) {
    const json_t *locations = json_object_get(result, "locations"), *location;
    bool placed = false;
    gsize i;

    json_array_foreach(locations, i, location) {
        const json_t *physical = json_object_get(location, "physicalLocation");

        if (physical != NULL && !read_place(run, result, physical, *problem, rule, error))
            return false;
        placed = placed || physical != NULL;
    }
    return placed || read_place(run, result, NULL, *problem, rule, error);
}

static bool read_result(const Run *run, const json_t *result, GError **error) {
    g_autofree char *code = rule_id(run, result), *message = NULL;
    const json_t *rule;
    Problem problem = {.code = code};

    if (!json_is_object(result))
        return problems_unreadable(error, "a result is no object");
    if (is_no_problem(result))
        return true;
    rule = rule_of(run, result, code);
    message = message_of(run, rule, result);
    problem.message = message;
    problem.severity = severity_of(run, rule, result);
    return read_places(run, result, &problem, rule, error);
}

/* 3.20.14, 3.20.21, 3.58: a tool that says that it did not do its work, did not do it. */
static bool check_invocation(const json_t *invocation, GError **error) {
    static const char *const keys[] = {"toolExecutionNotifications", "toolConfigurationNotifications"};
    /* 3.20.11, 3.20.12: there where it did not end by itself. */
    static const char *const ends[] = {"exitSignalName", "exitSignalNumber"};
    const json_t *successful = json_object_get(invocation, "executionSuccessful"), *notification;
    g_autofree char *why = NULL;
    bool broke = false;
    gsize i;

    for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
        json_array_foreach(json_object_get(invocation, keys[k]), i, notification) {
            g_autofree char *level = json_read_text(notification, "level");

            if (why == NULL && g_strcmp0(level, "error") == 0)
                why = sarif_line_of(notification, "message", "text");
        }
    }
    if (why == NULL)
        why = sarif_line_of(invocation, "processStartFailureMessage", NULL);
    for (gsize k = 0; k < G_N_ELEMENTS(ends); k++)
        broke = broke || json_object_get(invocation, ends[k]) != NULL;
    if (!json_is_false(successful) && !broke && why == NULL)
        return true;
    g_set_error(error, LINTER_ERROR, 0, "says that it did not do its work%s%s", why != NULL ? ": " : "",
                why != NULL ? why : "");
    return false;
}

static void index_rules(const Run *run, const json_t *rules) {
    const json_t *rule;
    gsize i;

    json_array_foreach(rules, i, rule) {
        const char *id = json_string_value(json_object_get(rule, "id"));

        if (id != NULL)
            g_hash_table_insert(run->by_id, (gpointer)id, (gpointer)rule);
    }
}

static void read_driver(Run *run) {
    const json_t *driver = json_object_get(json_object_get(run->run, "tool"), "driver"), *extension;
    CheckResult *result = run->problems->result;
    g_autofree char *uri = json_read_text(driver, "informationUri");
    gsize i;

    if (result->version == NULL)
        result->version = sarif_line_of(driver, "semanticVersion", NULL);
    if (result->version == NULL)
        result->version = sarif_line_of(driver, "version", NULL);
    if (result->information_uri == NULL && uri != NULL && g_str_has_prefix(uri, "https://"))
        result->information_uri = text_line(uri, -1, 500);
    run->rules = json_object_get(driver, "rules");
    json_array_foreach(json_object_get(json_object_get(run->run, "tool"), "extensions"), i, extension) {
        index_rules(run, json_object_get(extension, "rules"));
    }
    index_rules(run, run->rules);
}

static bool read_run(Problems *problems, const json_t *json, GError **error) {
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    Run run = {.problems = problems, .run = json, .by_id = by_id};
    g_autofree char *kind = json_read_text(json, "columnKind");
    const json_t *results = json_object_get(json, "results"), *item;
    gsize i;

    if (!json_is_object(json))
        return problems_unreadable(error, "a run is no object");
    /* 3.14.14: an empty list says that nothing was found, none at all that nothing was looked for. */
    if (!json_is_array(results))
        return problems_unreadable(error, "a run has no results");
    if (json_object_get(json_object_get(json, "externalPropertyFileReferences"), "results") != NULL)
        return problems_unreadable(error, "its results are in another file");                   /* 3.15.3 */
    problems->unit = g_strcmp0(kind, "unicodeCodePoints") == 0 ? UNIT_CODE_POINTS : UNIT_UTF16; /* 3.14.17 */
    json_array_foreach(json_object_get(json, "invocations"), i,
                       item) if (!check_invocation(item, error)) return false;
    read_driver(&run);
    json_array_foreach(results, i, item) {
        if (!read_result(&run, item, error))
            return false;
    }
    return true;
}

bool sarif_read(Problems *problems, const char *text, gsize len, GError **error) {
    json_error_t why;
    json_auto_t *log = json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &why);
    const json_t *runs = json_object_get(log, "runs"), *run;
    g_autofree char *version = json_read_text(log, "version");
    gsize i;

    if (log == NULL)
        return problems_unreadable(error, "%s", why.text);
    if (g_strcmp0(version, "2.1.0") != 0)
        return problems_unreadable(error, "it is no SARIF log of version 2.1.0");
    if (json_array_size(runs) == 0)
        return problems_unreadable(error, "it has no runs");
    if (json_object_get(log, "inlineExternalProperties") != NULL)
        return problems_unreadable(error, "its results stand outside of its runs"); /* 3.13.5 */
    json_array_foreach(runs, i, run) {
        if (!read_run(problems, run, error))
            return false;
    }
    return true;
}
