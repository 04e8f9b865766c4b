/* What a linter found in one file, as bytes and back. */
#include "review/linters/recall.h"

#include <string.h>

#define REGION "(uuuu)"
#define EDIT "(" REGION "s)"
#define FIX "(sua" EDIT ")"
#define FINDING "(sus" REGION "m(ums)a" FIX ")" /* code, severity, message, region, suppression, fixes */
#define RULE "(smsmsmsmsmsmsduau)"              /* the members of RuleInfo in their order */
#define RESULT "(msimsa" FINDING "a" RULE ")"   /* version, exit code, why it is left out, findings, rules */

/* Writing. */

static GVariant *region_pack(const Region *region) {
    return g_variant_new(REGION, region->start_line, region->start_column, region->end_line,
                         region->end_column);
}

static GVariant *fix_pack(const Fix *fix) {
    GVariantBuilder edits;

    g_variant_builder_init(&edits, G_VARIANT_TYPE("a" EDIT));
    for (guint i = 0; i < fix->edits->len; i++) {
        const Edit *edit = fix->edits->pdata[i];

        g_variant_builder_add(&edits, "(@" REGION "s)", region_pack(&edit->region), edit->text);
    }
    return g_variant_new("(sua" EDIT ")", fix->description, (guint)fix->kind, &edits);
}

static GVariant *finding_pack(const Finding *finding) {
    const Suppression *suppression = finding->suppression;
    GVariantBuilder fixes;

    g_variant_builder_init(&fixes, G_VARIANT_TYPE("a" FIX));
    for (guint i = 0; i < finding->fixes->len; i++)
        g_variant_builder_add_value(&fixes, fix_pack(finding->fixes->pdata[i]));
    return g_variant_new("(sus@" REGION "m(ums)a" FIX ")", finding->code, (guint)finding->severity,
                         finding->message, region_pack(&finding->region), suppression != NULL,
                         suppression != NULL ? suppression->line : 0,
                         suppression != NULL ? suppression->justification : NULL, &fixes);
}

static GVariant *rule_pack(const RuleInfo *rule) {
    GVariantBuilder cwe;

    g_variant_builder_init(&cwe, G_VARIANT_TYPE("au"));
    for (guint i = 0; rule->cwe != NULL && i < rule->cwe->len; i++)
        g_variant_builder_add(&cwe, "u", g_array_index(rule->cwe, guint, i));
    return g_variant_new(RULE, rule->id, rule->name, rule->summary, rule->help, rule->help_markdown,
                         rule->help_uri, rule->precision, rule->security_severity, (guint)rule->severity,
                         &cwe);
}

/* The findings of one file, and their rules. */
static void add_all(const CheckResult *result, const char *path, GVariantBuilder *findings,
                    GVariantBuilder *rules, guint *ret_count) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        const RuleInfo *rule = g_hash_table_lookup(result->rules, finding->rule);

        if (strcmp(finding->path, path) != 0)
            continue;
        g_variant_builder_add_value(findings, finding_pack(finding));
        if (rule != NULL && g_hash_table_add(seen, finding->rule))
            g_variant_builder_add_value(rules, rule_pack(rule));
        ++*ret_count;
    }
}

GBytes *recall_pack(const CheckResult *result, const char *path) {
    GVariantBuilder findings, rules;
    g_autoptr(GVariant) packed = NULL;
    const char *left_out = g_hash_table_lookup(result->left_out, path);
    guint count = 0;

    if (!result->ran || check_failure_of(result, path) != NULL ||
        (left_out == NULL && !check_was_given(result, path)) ||
        (result->version != NULL && !g_utf8_validate(result->version, -1, NULL)))
        return NULL;
    g_variant_builder_init(&findings, G_VARIANT_TYPE("a" FINDING));
    g_variant_builder_init(&rules, G_VARIANT_TYPE("a" RULE));
    add_all(result, path, &findings, &rules, &count);
    /* With the exit code that it would have had for this file alone: an exit code says that there are
     * findings. */
    packed = g_variant_ref_sink(g_variant_new(RESULT, result->version, count > 0 ? result->exit_code : 0,
                                              left_out, &findings, &rules));
    return g_variant_get_data_as_bytes(packed);
}

/* Reading. What is kept has a hash beside it, so that this is what was written; yet nothing here relies on
 * it. */

static bool region_unpack(GVariant *packed, Region *ret_region) {
    g_variant_get(packed, REGION, &ret_region->start_line, &ret_region->start_column, &ret_region->end_line,
                  &ret_region->end_column);
    g_variant_unref(packed);
    return true;
}

static Fix *fix_unpack(GVariant *packed) {
    g_autoptr(GVariantIter) edits = NULL;
    const char *description, *text;
    GVariant *place;
    guint kind;
    Fix *fix;

    g_variant_get(packed, "(&sua" EDIT ")", &description, &kind, &edits);
    fix = kind <= FIX_DISPLAY_ONLY ? fix_new(description, (FixKind)kind) : NULL;
    while (fix != NULL && g_variant_iter_next(edits, "(@" REGION "&s)", &place, &text)) {
        Region region;

        region_unpack(place, &region);
        fix_add(fix, region, text);
    }
    return fix;
}

static Finding *finding_unpack(GVariant *packed, const char *tool, const char *path) {
    g_autoptr(GVariantIter) fixes = NULL;
    g_autofree char *justification = NULL;
    const char *code, *message;
    gboolean is_suppressed;
    GVariant *place, *fix;
    guint severity, line;
    Finding *finding;
    Region region;

    g_variant_get(packed, "(&su&s@" REGION "m(ums)a" FIX ")", &code, &severity, &message, &place,
                  &is_suppressed, &line, &justification, &fixes);
    region_unpack(place, &region);
    if (severity > SEVERITY_ERROR)
        return NULL;
    finding = finding_new(tool, code, (Severity)severity, path, region, message);
    if (is_suppressed)
        finding_suppress(finding, line, g_steal_pointer(&justification));
    while ((fix = g_variant_iter_next_value(fixes)) != NULL) {
        Fix *one = fix_unpack(fix);

        if (one != NULL)
            g_ptr_array_add(finding->fixes, one);
        g_variant_unref(fix);
    }
    return finding;
}

static void rule_unpack(GVariant *packed, CheckResult *result) {
    g_autoptr(GVariantIter) cwe = NULL;
    g_autofree char *id = NULL;
    RuleInfo read = {0}, *rule;
    guint severity, number;

    g_variant_get(packed, RULE, &id, &read.name, &read.summary, &read.help, &read.help_markdown,
                  &read.help_uri, &read.precision, &read.security_severity, &severity, &cwe);
    rule = check_rule(result, id);
    read.id = rule->id;
    read.severity = (Severity)MIN(severity, SEVERITY_ERROR);
    if (g_variant_iter_n_children(cwe) > 0)
        read.cwe = g_array_new(FALSE, FALSE, sizeof(guint));
    while (g_variant_iter_next(cwe, "u", &number))
        g_array_append_val(read.cwe, number);
    g_free(rule->name);
    g_free(rule->summary);
    g_free(rule->help);
    g_free(rule->help_markdown);
    g_free(rule->help_uri);
    g_free(rule->precision);
    g_clear_pointer(&rule->cwe, g_array_unref);
    *rule = read;
}

static bool findings_unpack(GVariantIter *packed, const char *path, CheckResult *result) {
    guint before = result->findings->len;
    GVariant *one;

    while ((one = g_variant_iter_next_value(packed)) != NULL) {
        Finding *finding = finding_unpack(one, result->name, path);

        g_variant_unref(one);
        if (finding == NULL) {
            g_ptr_array_set_size(result->findings, (gint)before);
            return false;
        }
        g_ptr_array_add(result->findings, finding);
    }
    return true;
}

bool recall_unpack(GBytes *bytes, const char *path, CheckResult *result) {
    g_autoptr(GVariant) packed =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(RESULT), bytes, FALSE));
    g_autoptr(GVariantIter) findings = NULL, rules = NULL;
    g_autofree char *version = NULL, *left_out = NULL;
    GVariant *rule;
    gint32 exit_code;

    if (!g_variant_is_normal_form(packed))
        return false;
    g_variant_get(packed, RESULT, &version, &exit_code, &left_out, &findings, &rules);
    if (!findings_unpack(findings, path, result))
        return false;
    while ((rule = g_variant_iter_next_value(rules)) != NULL) {
        rule_unpack(rule, result);
        g_variant_unref(rule);
    }
    if (result->version == NULL)
        result->version = g_steal_pointer(&version);
    result->ran = true;
    result->exit_code = MAX(result->exit_code, exit_code);
    g_ptr_array_add(result->paths, g_strdup(path));
    if (left_out != NULL)
        check_leave_out(result, path, left_out);
    return true;
}
