/* Reviewdog's diagnostic format: a message `Diagnostic` of reviewdog.rdf (proto/rdf/reviewdog.proto) as JSON,
 * one a line. Its columns count bytes of UTF-8, its ends are exclusive. The names of fields are those of
 * protobuf's JSON, in which both "originalOutput" and "original_output" are allowed. The form with all of
 * them in one object (`DiagnosticResult`, "rdjson") is read as well, as Ruff writes it. */
#include "review/linters/formats.h"

#include "exec/text.h"
#include "review/linters/json_read.h"
#include "review/linters/output.h"

#include <string.h>

static void read_range(const json_t *range, Problem *problem) {
    const json_t *start = json_object_get(range, "start"), *end = json_object_get(range, "end");

    problem->line = json_read_count(start, "line");
    problem->column = json_read_count(start, "column");
    problem->end_line = json_read_count(end, "line");
    problem->end_column = json_read_count(end, "column");
}

static void read_suggestion(Problems *problems, const json_t *suggestion, Finding *finding) {
    g_autofree char *text = json_read_text(suggestion, "text");
    Fix *fix = fix_new("Suggested by the tool", FIX_UNSAFE);
    Problem place = {0};
    Region region;

    read_range(json_object_get(suggestion, "range"), &place);
    if (place.end_line == 0) { /* "the same as the start": an insertion */
        place.end_line = place.line;
        place.end_column = place.column;
    }
    if (problems_edit_region(problems, finding, &place, &region))
        fix_add(fix, region, text != NULL ? text : "");
    problems_add_fix(finding, fix);
}

/* Severities are words or the enum's numbers. */
static bool read_severity(const json_t *value, Severity *ret_severity) {
    static const Severity numbers[] = {SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE};

    if (json_is_string(value))
        return problems_severity(json_string_value(value), json_string_length(value), ret_severity);
    if (json_integer_value(value) <= 0 || json_integer_value(value) >= (json_int_t)G_N_ELEMENTS(numbers))
        return false;
    *ret_severity = numbers[json_integer_value(value)];
    return true;
}

/* Its own, else that of `all`, which may be NULL. */
static Severity severity_of(const json_t *diagnostic, const json_t *all) {
    Severity severity = SEVERITY_WARNING;

    if (!read_severity(json_object_get(diagnostic, "severity"), &severity))
        (void)read_severity(json_object_get(all, "severity"), &severity);
    return severity;
}

static bool read_diagnostic(Problems *problems, const json_t *diagnostic, const json_t *all, GError **error) {
    const json_t *location = json_object_get(diagnostic, "location"), *code, *suggestion;
    g_autofree char *path = json_read_text(location, "path"),
                    *message = json_read_text(diagnostic, "message"), *value = NULL, *url = NULL;
    Problem problem = {.path = path, .message = message, .severity = severity_of(diagnostic, all)};
    Finding *finding;
    RuleInfo *rule;
    gsize i;

    if (path == NULL || message == NULL)
        return problems_unreadable(error, "a diagnostic lacks its message or its location's path");
    code = json_object_get(diagnostic, "code");
    value = json_read_text(code, "value");
    problem.code = value;
    url = json_read_text(code, "url");
    read_range(json_object_get(location, "range"), &problem);
    if (!problems_add(problems, &problem, &finding, error) || finding == NULL)
        return *error == NULL;
    rule = check_rule(problems->result, finding->rule);
    if (url != NULL && rule->help_uri == NULL && g_str_has_prefix(url, "https://"))
        rule->help_uri = text_line(url, -1, 500);
    json_array_foreach(json_object_get(diagnostic, "suggestions"), i, suggestion) {
        read_suggestion(problems, suggestion, finding);
    }
    return true;
}

static bool read_one(Problems *problems, const json_t *diagnostic, const json_t *all, GError **error) {
    g_autoptr(GError) wrong = NULL;

    if (read_diagnostic(problems, diagnostic, all, &wrong))
        return true;
    g_propagate_error(error, g_steal_pointer(&wrong));
    return false;
}

static bool read_result(Problems *problems, const json_t *all, const json_t *diagnostics, GError **error) {
    const json_t *diagnostic;
    gsize i;

    if (!json_is_array(diagnostics))
        return problems_unreadable(error, "its diagnostics are no list");
    json_array_foreach(diagnostics, i, diagnostic) {
        if (!read_one(problems, diagnostic, all, error))
            return false;
    }
    return true;
}

static bool read_lines(Problems *problems, const char *text, gsize len, GError **error) {
    const char *end = text + len;

    for (const char *p = text; p < end; p += line_length(p, end) + 1) {
        gsize n = line_length(p, end);
        json_error_t why;
        json_auto_t *diagnostic = NULL;

        if (n == 0 || (n == 1 && *p == '\r'))
            continue;
        diagnostic = json_loadb(p, n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &why);
        if (!json_is_object(diagnostic))
            return problems_unreadable(error, "%s",
                                       diagnostic == NULL ? why.text : "expected an object a line");
        if (!read_one(problems, diagnostic, NULL, error))
            return false;
    }
    return true;
}

bool rdjsonl_read(Problems *problems, const char *text, gsize len, GError **error) {
    json_auto_t *all = json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    const json_t *diagnostics = json_object_get(all, "diagnostics");

    problems->unit = UNIT_BYTES;
    return diagnostics != NULL ? read_result(problems, all, diagnostics, error)
                               : read_lines(problems, text, len, error);
}
