#include "rules/finding.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

static const char *const severity_names[] = {"off", "note", "warning", "error"};

const char *severity_name(Severity severity) {
    return severity_names[severity];
}

bool severity_parse(const char *word, Severity *ret_severity) {
    for (gsize i = 0; i < G_N_ELEMENTS(severity_names); i++) {
        if (strcmp(word, severity_names[i]) == 0) {
            *ret_severity = (Severity)i;
            return true;
        }
    }
    return false;
}

bool finding_tool_is_own(const char *tool) {
    return g_strcmp0(tool, "sallyport") == 0 || g_strcmp0(tool, "clang") == 0;
}

Finding *finding_new(const char *tool, const char *code, Severity severity, const char *path, Region region,
                     const char *message) {
    Finding *finding = g_new0(Finding, 1);

    finding->tool = g_strdup(tool);
    finding->code = text_line(code, -1, CAP_MESSAGE_BYTES);
    finding->rule =
        finding_tool_is_own(tool) ? g_strdup(finding->code) : g_strconcat(tool, ".", finding->code, NULL);
    finding->severity = severity;
    finding->path = g_strdup(path);
    finding->region = region;
    finding->message = text_line(message, -1, CAP_MESSAGE_BYTES);
    finding->fixes = g_ptr_array_new_with_free_func((GDestroyNotify)fix_free);
    return finding;
}

void finding_free(Finding *finding) {
    if (finding == NULL)
        return;
    g_free(finding->tool);
    g_free(finding->code);
    g_free(finding->rule);
    g_free(finding->message);
    g_free(finding->path);
    g_ptr_array_unref(finding->fixes);
    if (finding->suppression != NULL)
        g_free(finding->suppression->justification);
    g_free(finding->suppression);
    g_free(finding->line_text);
    g_free(finding->fingerprint);
    g_free(finding->line_hash);
    g_clear_pointer(&finding->also, g_ptr_array_unref);
    g_clear_pointer(&finding->notes, g_ptr_array_unref);
    g_free(finding);
}

char *finding_rules(const Finding *finding) {
    GString *rules = g_string_new(finding->rule);

    for (guint i = 0; finding->also != NULL && i < finding->also->len; i++)
        g_string_append_printf(rules, ", %s", (const char *)finding->also->pdata[i]);
    return g_string_free(rules, FALSE);
}

bool finding_counts(const Finding *finding) {
    return finding->new_code && !finding->unchanged && finding->suppression == NULL;
}

bool finding_is_called(const Finding *finding, const char *rule) {
    return strcmp(finding->rule, rule) == 0 || strcmp(finding->code, rule) == 0;
}

void finding_suppress(Finding *finding, guint line, char *justification) {
    g_return_if_fail(finding->suppression == NULL);
    finding->suppression = g_new0(Suppression, 1);
    finding->suppression->line = line;
    finding->suppression->justification = justification;
}

static void note_free(gpointer data) {
    FindingNote *note = data;

    g_free(note->text);
    g_free(note);
}

void finding_add_note(Finding *finding, const char *step, char *text) {
    FindingNote *note = g_new0(FindingNote, 1);

    note->step = step;
    note->text = text;
    if (finding->notes == NULL)
        finding->notes = g_ptr_array_new_with_free_func(note_free);
    g_ptr_array_add(finding->notes, note);
}

bool finding_is_syntax_error(const Finding *finding) {
    static const char *const codes[] = {"invalid-syntax", "E999", "E901", "E902", NULL};

    return g_strv_contains(codes, finding->code);
}

bool finding_is_out_of_reach(const Finding *finding) {
    return finding->of_change || finding_is_syntax_error(finding);
}

static int compare_uint(guint a, guint b) {
    return (a > b) - (a < b);
}

static int compare_regions(const Region *a, const Region *b) {
    int order = compare_uint(a->start_line, b->start_line);

    if (order == 0)
        order = compare_uint(a->start_column, b->start_column);
    if (order == 0)
        order = compare_uint(a->end_line, b->end_line);
    if (order == 0)
        order = compare_uint(a->end_column, b->end_column);
    return order;
}

int finding_compare(gconstpointer a, gconstpointer b) {
    const Finding *x = *(Finding *const *)a, *y = *(Finding *const *)b;
    int order = strcmp(x->path, y->path);

    if (order == 0)
        order = compare_regions(&x->region, &y->region);
    if (order == 0)
        order = strcmp(x->rule, y->rule);
    if (order == 0)
        order = strcmp(x->message, y->message);
    return order;
}

static void edit_free(Edit *edit) {
    g_free(edit->text);
    g_free(edit);
}

Fix *fix_new(const char *description, FixKind kind) {
    Fix *fix = g_new0(Fix, 1);

    fix->description = text_line(description, -1, CAP_MESSAGE_BYTES);
    fix->kind = kind;
    fix->edits = g_ptr_array_new_with_free_func((GDestroyNotify)edit_free);
    return fix;
}

void fix_add(Fix *fix, Region region, const char *text) {
    Edit *edit = g_new0(Edit, 1);

    edit->region = region;
    edit->text = g_utf8_make_valid(text, -1);
    g_ptr_array_add(fix->edits, edit);
}

void fix_free(Fix *fix) {
    if (fix == NULL)
        return;
    g_free(fix->description);
    g_ptr_array_unref(fix->edits);
    g_free(fix);
}

RuleInfo *rule_info_new(const char *id) {
    RuleInfo *info = g_new0(RuleInfo, 1);

    info->id = g_strdup(id);
    info->severity = SEVERITY_WARNING;
    return info;
}

void rule_info_free(RuleInfo *info) {
    if (info == NULL)
        return;
    g_free(info->id);
    g_free(info->name);
    g_free(info->summary);
    g_free(info->help);
    g_free(info->help_markdown);
    g_free(info->help_uri);
    g_free(info->precision);
    if (info->cwe != NULL)
        g_array_unref(info->cwe);
    g_free(info);
}
