#include "review/triage.h"

#include "review/baseline.h"
#include "review/linters/linter.h"
#include "review/merge.h"
#include "review/overrides.h"
#include "review/place.h"
#include "review/suppress.h"

#include <string.h>

/* The policy's `rules.severity`. The linters' own maps were applied where their codes are known. */
static void grade_by_rule(const Triage *triage, Finding *finding) {
    const Linter *linter = linter_find(finding->tool);

    if (strcmp(finding->tool, "sallyport") == 0 &&
        severity_map_get(triage->policy->rule_severity, finding->tool, finding->code, &finding->severity))
        triage_note(triage, finding, "%s, by rules.severity", severity_name(finding->severity));
    if (triage->policy->gate.max_complexity > 0 && linter != NULL &&
        g_strcmp0(finding->code, linter->complexity_code) == 0) {
        finding->severity = SEVERITY_ERROR;
        triage_note(triage, finding, "error, by gate.max_complexity");
    }
}

static bool step_severity(Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++) {
        triage_note(triage, triage->findings->pdata[i], "comes as %s",
                    severity_name(((const Finding *)triage->findings->pdata[i])->severity));
        grade_by_rule(triage, triage->findings->pdata[i]);
    }
    return true;
}

static bool step_off(Triage *triage, GError **error) {
    (void)error;
    for (guint i = triage->findings->len; i-- > 0;) {
        Finding *finding = triage->findings->pdata[i];

        if (finding->severity != SEVERITY_OFF)
            continue;
        triage_note(triage, finding, "dropped: its severity is off");
        triage_drop(triage, i); /* they are sorted afterwards */
    }
    return true;
}

static bool step_sort(Triage *triage, GError **error) {
    (void)error;
    g_ptr_array_sort(triage->findings, finding_compare);
    for (guint i = triage->findings->len; i-- > 1;) {
        Finding *finding = triage->findings->pdata[i];

        if (finding_compare(&triage->findings->pdata[i - 1], &triage->findings->pdata[i]) != 0)
            continue;
        triage_note(triage, finding, "dropped: it is said twice");
        triage_drop(triage, i);
    }
    g_ptr_array_sort(triage->findings, finding_compare); /* what was dropped has left its place to another */
    return true;
}

/* By its age. What is suppressed no longer was not there to be seen. */
static bool is_new(const Triage *triage, Finding *finding) {
    bool shows = finding->age == AGE_SILENT && finding->suppression == NULL;

    triage_note(triage, finding,
                finding->age == AGE_NEW ? "new: the base does not have it"
                : shows                 ? "new: in the base it is suppressed"
                                        : "old: the base has it too, so it does not count");
    return finding->age == AGE_NEW || shows;
}

static bool in_scope(const Triage *triage, Finding *finding) {
    const ChangedFile *file = change_find(triage->change, finding->path);
    bool touched;

    /* A syntax error counts wherever it is reported, which is often far behind the line that caused it. */
    if (triage->policy->gate.scope != SCOPE_CHANGED_LINES || finding_is_syntax_error(finding)) {
        triage_note(triage, finding, "in scope, wherever it stands");
        return true;
    }
    if (finding->age != AGE_UNKNOWN)
        return is_new(triage, finding);
    touched = file == NULL || finding->of_change ||
              changed_file_touches(file, finding->region.start_line, finding->region.end_line);
    triage_note(triage, finding,
                touched ? "in scope: it touches a changed line"
                        : "old: it touches no changed line, so it does not count");
    return touched;
}

static bool step_scope(Triage *triage, GError **error) {
    (void)error;
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];

        finding->new_code = in_scope(triage, finding);
    }
    return true;
}

/* Last: what is off or old by the one tool's name says nothing of the other's. */
static bool step_merge(Triage *triage, GError **error) {
    (void)error;
    if (triage->policy->gate.merge_duplicates)
        merge_findings(triage->findings);
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        g_autofree char *rules = finding->also != NULL ? finding_rules(finding) : NULL;

        if (rules != NULL)
            triage_note(triage, finding, "one finding of %s%s", rules,
                        finding->suppression != NULL ? ", suppressed with one of them"
                        : finding->unchanged         ? ", in the baseline with one of them"
                                                     : "");
    }
    return true;
}

static const TriageStep steps[] = {
    {"severity", step_severity}, {"overrides", overrides_apply}, {"off", step_off},
    {"sort", step_sort},         {"suppress", suppress_apply},   {"scope", step_scope},
    {"place", place_findings},   {"baseline", baseline_apply},   {"secrets", place_mask_secrets},
    {"merge", step_merge},
};

/* For who asks: each step is told, also one that had nothing to do. */
static void note_untouched(const Triage *triage) {
    for (guint i = 0; triage->dropped != NULL && i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        const FindingNote *last =
            finding->notes != NULL ? finding->notes->pdata[finding->notes->len - 1] : NULL;

        if (last == NULL || strcmp(last->step, triage->step) != 0)
            triage_note(triage, finding, "nothing to do");
    }
}

bool triage_run(Triage *triage, GError **error) {
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        triage->step = steps[i].name;
        if (!steps[i].run(triage, error))
            return false;
        note_untouched(triage);
    }
    return true;
}

void triage_note(const Triage *triage, Finding *finding, const char *format, ...) {
    va_list args;

    if (triage->dropped == NULL)
        return;
    va_start(args, format);
    finding_add_note(finding, triage->step, g_strdup_vprintf(format, args));
    va_end(args);
}

void triage_drop(Triage *triage, guint index) {
    Finding *finding = g_ptr_array_steal_index_fast(triage->findings, index);

    if (triage->dropped != NULL)
        g_ptr_array_add(triage->dropped, finding);
    else
        finding_free(finding);
}

void triage_grade(const Triage *triage, Finding *finding) {
    grade_by_rule(triage, finding);
    overrides_grade(triage, finding);
}
