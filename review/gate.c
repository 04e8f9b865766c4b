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

        if (!finding->new_code)
            continue;
        counts[finding->severity]++;
        ledger_find(ledger, finding->path)->counts[finding->severity]++;
    }
}

static void reject(LedgerEntry *entry) {
    entry->verdict = MAX(entry->verdict, VERDICT_REJECTED);
}

/* A limit over all files: each file that has a share in passing it is rejected. */
static void apply_total(const GatePolicy *gate, Severity severity, guint total, GPtrArray *ledger,
                        GPtrArray *reasons) {
    g_autofree char *what = text_count(total, severity_name(severity));

    if (total <= gate->allow[severity])
        return;
    add_reason(reasons, "%s, %" G_GUINT64_FORMAT " allowed (gate.allow.%s)", what, gate->allow[severity],
               severity_name(severity));
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        if (entry->counts[severity] > 0)
            reject(entry);
    }
}

static void apply_per_file(const GatePolicy *gate, LedgerEntry *entry, GPtrArray *reasons) {
    guint total =
        entry->counts[SEVERITY_NOTE] + entry->counts[SEVERITY_WARNING] + entry->counts[SEVERITY_ERROR];
    g_autofree char *what = text_count(total, "finding");
    g_autofree char *path = text_path(entry->file->path);

    if (total <= gate->allow_per_file)
        return;
    add_reason(reasons, "%s in %s, %" G_GUINT64_FORMAT " allowed (gate.allow_per_file)", what, path,
               gate->allow_per_file);
    reject(entry);
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
    for (guint i = 0; i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];

        apply_per_file(gate, entry, reasons);
        apply_failures(entry, checks, reasons);
        verdict = MAX(verdict, entry->verdict);
    }
    return verdict;
}
