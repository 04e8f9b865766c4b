#include "review/overrides.h"

static bool speaks_of(const OverridePolicy *override, const Finding *finding, Severity *ret_severity) {
    if (!match_path(override->match, finding->path))
        return false;
    return finding_is_syntax_error(finding)
               ? severity_map_get_named(override->severity, finding->tool, finding->code, ret_severity)
               : severity_map_get(override->severity, finding->tool, finding->code, ret_severity);
}

void overrides_grade(const Triage *triage, Finding *finding) {
    const GPtrArray *overrides = triage->policy->overrides;

    for (guint i = overrides->len; i-- > 0;) {
        if (!speaks_of(overrides->pdata[i], finding, &finding->severity))
            continue;
        triage_note(triage, finding, "%s, by overrides[%u]", severity_name(finding->severity), i);
        return;
    }
}

bool overrides_apply(Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++)
        overrides_grade(triage, triage->findings->pdata[i]);
    return true;
}
