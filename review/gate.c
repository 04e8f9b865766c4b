#include "review/gate.h"

#include "exec/text.h"

static void add_reason(GPtrArray *reasons, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_reason(GPtrArray *reasons, const char *format, ...) {
    va_list args;

    va_start(args, format);
    g_ptr_array_add(reasons, g_strdup_vprintf(format, args));
    va_end(args);
}

static void count(const GPtrArray *findings, GPtrArray *ledger, guint counts[SEVERITY_ERROR + 1]) {
    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = findings->pdata[i];

        if (!finding_counts(finding))
            continue;
        counts[finding->severity]++;
        ledger_find(ledger, finding->path)->counts[finding->severity]++;
    }
}

/* "3 errors, 0 allowed: 3 too many (gate.allow.error)". */
static void add_limit(GPtrArray *reasons, const char *what, guint64 total, guint64 allowed, const char *key) {
    add_reason(reasons, "%s, %" G_GUINT64_FORMAT " allowed: %" G_GUINT64_FORMAT " too many (gate.%s)", what,
               allowed, total - allowed, key);
}

static void reject(LedgerEntry *entry) {
    entry->verdict = MAX(entry->verdict, VERDICT_REJECTED);
}

/* A limit over all files: each file that has a share in passing it is rejected. */
static void apply_total(const GatePolicy *gate, Severity severity, guint total, GPtrArray *ledger,
                        GPtrArray *reasons) {
    g_autofree char *what = text_count(total, severity_name(severity));
    g_autofree char *key = g_strconcat("allow.", severity_name(severity), NULL);

    if (total <= gate->allow[severity])
        return;
    add_limit(reasons, what, total, gate->allow[severity], key);
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        if (entry->counts[severity] > 0)
            reject(entry);
    }
}

static void apply_per_file(const GatePolicy *gate, LedgerEntry *entry, GPtrArray *reasons) {
    guint total =
        entry->counts[SEVERITY_NOTE] + entry->counts[SEVERITY_WARNING] + entry->counts[SEVERITY_ERROR];
    g_autofree char *count = text_count(total, "finding");
    g_autofree char *path = text_path(entry->file->path);
    g_autofree char *what = g_strdup_printf("%s in %s", count, path);

    if (total <= gate->allow_per_file)
        return;
    add_limit(reasons, what, total, gate->allow_per_file, "allow_per_file");
    reject(entry);
}

/* By any of the names that it has. */
static bool is_of_limit(const RuleLimit *limit, const Finding *finding) {
    bool fits = severity_key_fits(limit->rule, finding->tool, finding->code);

    for (guint i = 0; !fits && finding->also != NULL && i < finding->also->len; i++) {
        g_auto(GStrv) parts = g_strsplit(finding->also->pdata[i], ".", 2); /* "flake8.F401" */

        fits = severity_key_fits(limit->rule, parts[0], parts[1]);
    }
    return fits && finding_counts(finding);
}

/* A limit over all findings of a rule, whatever their severity. */
static void apply_rule(const RuleLimit *limit, const GPtrArray *findings, GPtrArray *ledger,
                       GPtrArray *reasons) {
    g_autofree char *count = NULL, *what = NULL;
    guint total = 0;

    for (guint i = 0; i < findings->len; i++)
        total += is_of_limit(limit, findings->pdata[i]);
    if (total <= limit->count)
        return;
    count = text_count(total, "finding");
    what = g_strdup_printf("%s of %s", count, limit->rule);
    add_limit(reasons, what, total, limit->count, "allow_rules");
    for (guint i = 0; i < findings->len; i++) {
        Finding *finding = findings->pdata[i];

        if (!is_of_limit(limit, finding))
            continue;
        finding->over_limit = true;
        reject(ledger_find(ledger, finding->path));
    }
}

/* A check that failed as a whole is told once for all its files. */
static bool is_told(const char *failure, const GPtrArray *checks) {
    for (guint i = 0; i < checks->len; i++) {
        const CheckResult *check = checks->pdata[i];
        g_autofree char *head = g_strconcat(check->name, ": ", NULL);

        if (check->failure != NULL && g_str_has_prefix(failure, head))
            return true;
    }
    return false;
}

static void apply_failures(LedgerEntry *entry, const GPtrArray *checks, GPtrArray *reasons) {
    g_autofree char *path = text_path(entry->file->path);

    for (guint i = 0; i < entry->failures->len; i++) {
        entry->verdict = VERDICT_UNDECIDED;
        if (!is_told(entry->failures->pdata[i], checks))
            add_reason(reasons, "%s undecided: %s", path, (const char *)entry->failures->pdata[i]);
    }
}

static void tell_failed_checks(const GPtrArray *checks, GPtrArray *reasons) {
    for (guint i = 0; i < checks->len; i++) {
        const CheckResult *check = checks->pdata[i];
        g_autofree char *files = text_count(check->paths->len, "file");

        if (check->failure != NULL)
            add_reason(reasons, "%s undecided: %s: %s", files, check->name, check->failure);
    }
}

Verdict gate_decide(const GatePolicy *gate, const GPtrArray *findings, GPtrArray *ledger,
                    const GPtrArray *checks, guint counts[SEVERITY_ERROR + 1], GPtrArray *reasons) {
    Verdict verdict = VERDICT_PASSED;

    count(findings, ledger, counts);
    tell_failed_checks(checks, reasons);
    for (Severity severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
        apply_total(gate, severity, counts[severity], ledger, reasons);
    for (guint i = 0; i < gate->allow_rules->len; i++)
        apply_rule(&g_array_index(gate->allow_rules, RuleLimit, i), findings, ledger, reasons);
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        apply_per_file(gate, entry, reasons);
        apply_failures(entry, checks, reasons);
        verdict = MAX(verdict, entry->verdict);
    }
    return verdict;
}
