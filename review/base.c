#include "review/base.h"

#include "exec/text.h"
#include "review/clang.h"
#include "review/linters/linter.h"
#include "review/match.h"
#include "review/match_text.h"
#include "review/suppress.h"
#include "rules/encoding.h"

#include <string.h>

/* What is wanted, or not known, of a check and a file of the old version. */
typedef GHashTable Pairs; /* set of checks_pair() */

typedef struct {
    const Checks *head;
    Change *before;
    GPtrArray *candidates; /* of Finding, of the new version: those that may be old */
    GPtrArray *base;       /* of Finding, of the old version */
    Pairs *wanted, *unknown;
    guint today;
    GPtrArray *notes;
} Work;

bool base_is_wanted(const GatePolicy *gate, const Change *change) {
    switch (change_source(change)) {
    case CHANGE_BASE:
        return gate->scope == SCOPE_CHANGED_LINES && gate->match_base != MATCH_BASE_NEVER;
    case CHANGE_STAGED:
    case CHANGE_WORKTREE:
    case CHANGE_PATCH:
        return gate->scope == SCOPE_CHANGED_LINES && gate->match_base == MATCH_BASE_ALWAYS;
    case CHANGE_ALL:
    case CHANGE_CODE:
        return false;
    }
    return false;
}

/* A rule on changes says something of the change, and not of one version; one on suppressions is found later.
 * A file that cannot be parsed was not looked at. */
static bool is_comparable(const Finding *finding) {
    return finding->severity != SEVERITY_OFF && !finding_is_syntax_error(finding) &&
           !g_str_has_prefix(finding->rule, "change.") && !g_str_has_prefix(finding->rule, "suppress.");
}

static void want(const Work *work, const char *check, const char *path) {
    g_hash_table_add(work->wanted, checks_pair(check, path));
}

/* What is wanted. */

static bool touches(const Finding *finding, const ChangedFile *file) {
    return changed_file_touches(file, finding->region.start_line, finding->region.end_line);
}

/* Findings on new lines, by what their first lines say: "CHECK\037TEXT". They may have been moved. */
static GHashTable *moved_lines(const Work *work) {
    GHashTable *lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(MatchText) text = NULL;
    const char *path = NULL;

    for (guint i = 0; i < work->candidates->len; i++) {
        Finding *finding = work->candidates->pdata[i];
        g_autofree char *says = NULL;

        if (!touches(finding, change_find(work->head->change, finding->path)))
            continue;
        if (g_strcmp0(path, finding->path) != 0) { /* they stand file by file, mostly */
            g_autoptr(GBytes) bytes = encoding_text(change_read(work->head->change, finding->path, NULL));

            path = finding->path;
            g_clear_pointer(&text, match_text_free);
            text = bytes != NULL ? match_text_new(bytes) : NULL;
        }
        says =
            text != NULL ? match_text_of(text, finding->region.start_line, finding->region.start_line) : NULL;
        if (says != NULL)
            g_hash_table_insert(lines, checks_pair(finding->tool, says), finding);
    }
    return lines;
}

/* Wants each old file that says what one of the lines says. */
static void want_moved(const Work *work) {
    g_autoptr(GHashTable) lines = moved_lines(work);
    const GPtrArray *files = change_files(work->before);

    for (guint i = 0; g_hash_table_size(lines) > 0 && i < files->len; i++) {
        const char *path = ((const ChangedFile *)files->pdata[i])->path;
        g_autoptr(GBytes) bytes = encoding_text(change_read(work->before, path, NULL));
        g_autoptr(MatchText) text = bytes != NULL ? match_text_new(bytes) : NULL;
        GHashTableIter iter;
        gpointer line, finding;

        g_hash_table_iter_init(&iter, lines);
        while (text != NULL && g_hash_table_iter_next(&iter, &line, &finding))
            if (match_text_has(text, strchr(line, '\037') + 1))
                want(work, ((const Finding *)finding)->tool, path);
    }
}

static void want_unmoved(const Work *work) {
    for (guint i = 0; i < work->candidates->len; i++) {
        const Finding *finding = work->candidates->pdata[i];
        const ChangedFile *file = change_find(work->head->change, finding->path);
        const char *old_path = changed_file_old_path(file);

        if (old_path != NULL && (finding->region.start_line == 0 || !touches(finding, file)))
            want(work, finding->tool, old_path);
    }
}

/* What a tool of the policy's own finds in one file may depend on all others that it sees. */
static void want_whole(const Work *work) {
    const GPtrArray *linters = work->head->policy->linters, *files = change_files(work->before);

    for (guint i = 0; i < linters->len; i++) {
        const LinterPolicy *linter = linters->pdata[i];
        bool any = false;

        for (guint j = 0; linter->custom != NULL && j < files->len; j++) {
            g_autofree char *pair = checks_pair(linter->name, ((const ChangedFile *)files->pdata[j])->path);

            any = any || g_hash_table_contains(work->wanted, pair);
        }
        for (guint j = 0; any && j < files->len; j++)
            want(work, linter->name, ((const ChangedFile *)files->pdata[j])->path);
    }
}

/* What is not known. */

static void note(const Work *work, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(const Work *work, const char *format, ...) {
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(work->notes, text_line(text, -1, CAP_MESSAGE_BYTES));
}

/* `why` NULL: it is told already. */
static void do_not_know(const Work *work, const char *check, const char *path, const char *why) {
    g_autofree char *pair = checks_pair(check, path), *shown = text_path(path);

    if (g_hash_table_contains(work->wanted, pair) &&
        g_hash_table_add(work->unknown, g_steal_pointer(&pair)) && why != NULL)
        note(work,
             "what %s found in %s before the change is not known, so all that it finds there counts: %s",
             check, shown, why);
}

/* Takes the findings of a check, and notes what it could not look at. */
static void take(const Work *work, CheckResult *check) {
    if (check->failure != NULL)
        note(work, "what %s found before the change is not known, so all that it finds counts: %s",
             check->name, check->failure);
    for (guint i = 0; i < check->paths->len; i++) {
        const char *path = check->paths->pdata[i], *why = check_failure_of(check, path);

        if (why != NULL)
            do_not_know(work, check->name, path, check->failure == NULL ? why : NULL);
    }
    for (guint i = 0; i < check->findings->len; i++) {
        const Finding *finding = check->findings->pdata[i];

        if (finding_is_syntax_error(finding))
            do_not_know(work, check->name, finding->path, finding->message);
    }
    g_ptr_array_extend_and_steal(work->base, g_steal_pointer(&check->findings));
    check->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
}

/* What the policy turned off by its old path, or a comment suppresses there, was not to be seen: where that
 * no longer holds it is new. */
static void silence(const Work *work, const GPtrArray *ledger, const GPtrArray *results) {
    g_autoptr(GError) error = NULL;
    Triage triage = {
        .findings = work->base,
        .change = work->before,
        .policy = work->head->policy,
        .ledger = ledger,
        .checks = results,
        .rules = work->head->rules,
        .today = work->today,
    };

    for (guint i = 0; i < work->base->len; i++)
        triage_grade(&triage, work->base->pdata[i]);
    g_ptr_array_sort(work->base, finding_compare);
    if (suppress_apply(&triage, &error))
        return;
    note(work, "what was suppressed before the change is not known, so all findings count: %s",
         error->message);
    g_ptr_array_set_size(work->base, 0);
}

/* A file that could not even be read is known to no check. */
static void take_unread(const Work *work, const LedgerEntry *entry) {
    const GPtrArray *linters = work->head->policy->linters;

    if (entry->skipped != NULL || entry->failures->len == 0 || entry->checks->len > 0)
        return;
    for (guint i = 0; i < linters->len; i++)
        do_not_know(work, ((const LinterPolicy *)linters->pdata[i])->name, entry->file->path,
                    entry->failures->pdata[0]);
    do_not_know(work, CLANG_CHECK, entry->file->path, entry->failures->pdata[0]);
    do_not_know(work, "sallyport", entry->file->path, entry->failures->pdata[0]);
}

static void forget_unknown(GPtrArray *findings, const Pairs *unknown) {
    for (guint i = findings->len; i-- > 0;) {
        const Finding *finding = findings->pdata[i];
        g_autofree char *pair = checks_pair(finding->tool, finding->path);

        if (!is_comparable(finding) || g_hash_table_contains((GHashTable *)unknown, pair))
            g_ptr_array_remove_index_fast(findings, i);
    }
    g_ptr_array_sort(findings, finding_compare);
}

/* A finding of which the check cannot tell whether it was there counts: it is taken out of the candidates, as
 * new. */
static void set_unknown_new(const Work *work) {
    for (guint i = work->candidates->len; i-- > 0;) {
        Finding *finding = work->candidates->pdata[i];
        const char *old_path = changed_file_old_path(change_find(work->head->change, finding->path));
        g_autofree char *pair = old_path != NULL ? checks_pair(finding->tool, old_path) : NULL;

        if (pair == NULL || !g_hash_table_contains(work->unknown, pair))
            continue;
        finding->age = AGE_NEW;
        g_ptr_array_remove_index(work->candidates, i);
    }
}

/* From above. */

/* Without a file in the change a finding counts as it is, and it is no candidate. */
static GPtrArray *candidates_of(const Checks *head, const GPtrArray *findings) {
    GPtrArray *candidates = g_ptr_array_new();

    for (guint i = 0; i < findings->len; i++) {
        Finding *finding = findings->pdata[i];

        if (is_comparable(finding) && change_find(head->change, finding->path) != NULL)
            g_ptr_array_add(candidates, finding);
    }
    g_ptr_array_sort(candidates, finding_compare);
    return candidates;
}

static bool review_before(const Work *work, const Match *exclude) {
    g_autoptr(GPtrArray) ledger = ledger_new(work->before, exclude);
    g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func((GDestroyNotify)check_result_free);
    Checks checks = *work->head;

    checks.change = work->before;
    checks.ledger = ledger;
    checks.only = work->wanted;
    if (!checks_run(&checks, results))
        return false;
    for (guint i = 0; i < results->len; i++)
        take(work, results->pdata[i]);
    for (guint i = 0; i < ledger->len; i++)
        take_unread(work, ledger->pdata[i]);
    silence(work, ledger, results);
    return true;
}

static Pairs *pairs_new(void) {
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static bool compare(const Work *work, const Match *exclude) {
    want_unmoved(work);
    want_moved(work);
    want_whole(work);
    if (g_hash_table_size(work->wanted) > 0 && !review_before(work, exclude))
        return false;
    forget_unknown(work->base, work->unknown);
    set_unknown_new(work);
    match_findings(work->candidates, work->base, work->head->change, work->before);
    return true;
}

bool base_compare(const Checks *head, const Match *exclude, guint today, const GPtrArray *findings,
                  GPtrArray *notes) {
    g_autoptr(GPtrArray) candidates = candidates_of(head, findings);
    g_autoptr(GPtrArray) base = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    g_autoptr(GHashTable) wanted = pairs_new(), unknown = pairs_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) before = candidates->len > 0 ? change_before(head->change, &error) : NULL;
    const Work work = {head, before, candidates, base, wanted, unknown, today, notes};

    if (before != NULL)
        return compare(&work, exclude);
    for (guint i = 0; i < candidates->len; i++)
        ((Finding *)candidates->pdata[i])->age = AGE_NEW;
    if (error != NULL)
        note(&work, "what was found before the change is not known, so all findings count: %s",
             error->message);
    return true;
}
