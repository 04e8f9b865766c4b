#include "review/linters/rate.h"

/* The severity of a code where the policy's map has nothing to say of it. */
static Severity default_severity(const Linter *linter, const char *code) {
    g_autoptr(GArray) map = g_array_new(FALSE, FALSE, sizeof(SeverityEntry));
    Severity severity = SEVERITY_ERROR;

    for (const SeverityEntry *entry = linter->severity; entry->prefix != NULL; entry++)
        g_array_append_vals(map, entry, 1);
    (void)severity_map_get(map, linter->name, code, &severity);
    return severity;
}

/* What the policy's map says of a finding. A syntax error is a matter of E9 or of its own name, whatever the
 * tool calls it: {"*": warning} is said of what a linter finds, not of a file that it cannot look into. */
static void rate_by_policy(const LinterPolicy *policy, Finding *finding) {
    const GArray *map = policy->severity;
    const char *name = policy->name;

    if (!finding_is_syntax_error(finding))
        (void)severity_map_get(map, name, finding->code, &finding->severity);
    else if (!severity_map_get_named(map, name, finding->code, &finding->severity))
        (void)severity_map_get_named(map, name, "E999", &finding->severity);
}

void rate_findings(const Linter *linter, const LinterPolicy *policy, CheckResult *result) {
    for (guint i = 0; i < result->findings->len; i++) {
        Finding *finding = result->findings->pdata[i];
        RuleInfo *rule = check_rule(result, finding->rule);

        if (linter->severity != NULL)
            finding->severity = rule->severity = default_severity(linter, finding->code);
        rate_by_policy(policy, finding);
    }
}
