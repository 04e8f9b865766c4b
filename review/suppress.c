#include "review/suppress.h"

#include "review/ledger.h"
#include "review/policy/policy.h"
#include "review/suppression.h"
#include "rules/encoding.h"

#include <string.h>

#define HEAD_BYTES 512u /* in which a #! line is looked for */

/* One file at work. Its findings stand from `first` to before `end`; what is added stands behind all. */
typedef struct {
    Triage *triage;
    const char *path;
    guint first, end;
} File;

static const struct {
    const char *id, *summary, *help;
} rules[] = {
    {"suppress.malformed", "A suppression that cannot be read",
     "It suppresses nothing. The form is: sallyport: ignore[RULE, RULE] until=YYYY-MM-DD owner=NAME -- "
     "REASON; "
     "or ignore-file[RULE] for the whole file."},
    {"suppress.incomplete", "A suppression that lacks what the policy requires",
     "It suppresses nothing until it says what suppress.require of the policy asks for."},
    {"suppress.expired", "A suppression whose last day is over",
     "It suppresses nothing any more: mend what it is about, or give it a new day."},
    {"suppress.unused", "A suppression that suppresses nothing",
     "There is no such finding there any more: take it away, or it will hide the next one."},
};

static void describe_to(CheckResult *check, gsize rule) {
    RuleInfo *info = check_rule(check, rules[rule].id);

    if (info->summary != NULL)
        return;
    info->summary = g_strdup(rules[rule].summary);
    info->help = g_strdup(rules[rule].help);
}

/* For reports, where there is a check of the rules that are part of the program. */
static void describe(const Triage *triage, gsize rule) {
    for (guint i = 0; i < triage->checks->len; i++) {
        CheckResult *check = triage->checks->pdata[i];

        if (strcmp(check->name, "sallyport") == 0)
            describe_to(check, rule);
    }
}

void suppress_describe(CheckResult *result) {
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        describe_to(result, i);
        check_rule(result, rules[i].id)->severity = SEVERITY_WARNING;
    }
}

static void add_finding(const File *file, const SuppressionComment *comment, const char *id,
                        Severity severity, const char *message) {
    Region region = {comment->line, comment->column, comment->line, comment->end_column};
    Finding *finding;

    if (comment->next_line > 0 && !comment->whole_file) { /* both lines: a change of either is one of it */
        region.end_line = comment->next_line;
        region.end_column = 0;
    }
    finding = finding_new("sallyport", id, severity, file->path, region, message);
    triage_note(file->triage, finding, "added as %s", severity_name(severity));
    triage_grade(file->triage, finding);
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        if (strcmp(rules[i].id, id) == 0)
            describe(file->triage, i);
    g_ptr_array_add(file->triage->findings, finding);
    if (finding->severity == SEVERITY_OFF)
        triage_drop(file->triage, file->triage->findings->len - 1);
}

/* "a reason (-- REASON) and an owner (owner=NAME)", or NULL where nothing is missing. */
static char *missing(const SuppressPolicy *policy, const SuppressionComment *comment) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new();

    if ((policy->require & SUPPRESS_REASON) != 0 && comment->reason == NULL)
        g_ptr_array_add(parts, (gpointer) "a reason (-- REASON)");
    if ((policy->require & SUPPRESS_UNTIL) != 0 && comment->until == 0)
        g_ptr_array_add(parts, (gpointer) "a last day (until=YYYY-MM-DD)");
    if ((policy->require & SUPPRESS_OWNER) != 0 && comment->owner == NULL)
        g_ptr_array_add(parts, (gpointer) "an owner (owner=NAME)");
    g_ptr_array_add(parts, NULL);
    return parts->len > 1 ? g_strjoinv(" and ", (char **)parts->pdata) : NULL;
}

/* Whether it holds; where it does not, that is a finding. */
static bool holds(const File *file, const SuppressionComment *comment) {
    const Triage *triage = file->triage;
    g_autofree char *lacks = NULL, *message = NULL;

    if (comment->wrong != NULL) {
        message = g_strdup_printf("This suppresses nothing: %s", comment->wrong);
        add_finding(file, comment, "suppress.malformed", SEVERITY_WARNING, message);
        return false;
    }
    lacks = missing(&triage->policy->suppress, comment);
    if (lacks != NULL) {
        message = g_strdup_printf("This suppresses nothing: the policy requires %s", lacks);
        add_finding(file, comment, "suppress.incomplete", SEVERITY_WARNING, message);
        return false;
    }
    if (comment->until != 0 && comment->until < triage->today) {
        g_autofree char *date = suppression_date(comment->until);

        message = g_strdup_printf("This suppresses nothing any more: its last day was %s", date);
        add_finding(file, comment, "suppress.expired", SEVERITY_WARNING, message);
        return false;
    }
    return true;
}

/* A finding of several lines may be suppressed at either end of it: in the middle of a string there is no
 * room for a comment. */
static bool is_for(const SuppressionComment *comment, const Finding *finding) {
    const Region *region = &finding->region;

    if (comment->whole_file)
        return true;
    if (region->start_line == 0)
        return false;
    return comment->line == region->start_line || comment->line == region->end_line ||
           (comment->next_line > 0 && comment->next_line == region->start_line);
}

/* Whether there is any that it suppresses, be it that another comment has done that already. */
static bool suppress(const File *file, const SuppressionComment *comment, const char *rule) {
    bool any = false;

    for (guint i = file->first; i < file->end; i++) {
        Finding *finding = file->triage->findings->pdata[i];

        if (!finding_is_called(finding, rule) || !is_for(comment, finding) ||
            finding_is_out_of_reach(finding))
            continue;
        any = true;
        if (finding->suppression != NULL)
            continue;
        finding_suppress(finding, comment->line, suppression_justification(comment));
        triage_note(file->triage, finding, "suppressed by the comment on line %u: %s", comment->line,
                    finding->suppression->justification != NULL ? finding->suppression->justification
                                                                : "it gives no reason");
    }
    return any;
}

/* Whether there is a built-in rule of that id, or others of its family: then it is a slip of the pen, such as
 * python.evl. */
static bool is_of_family(const RuleSet *set, const char *rule) {
    gsize len = strcspn(rule, ".") + 1;

    for (guint i = 0; i < set->rules->len; i++)
        if (strncmp(((const Rule *)set->rules->pdata[i])->info->id, rule, len) == 0)
            return true;
    return false;
}

/* Whether a check finds what is called so; of a code alone (F401) it cannot be told which one has it. */
static bool may_find(const Triage *triage, const CheckResult *check, const char *rule) {
    if (strchr(rule, '.') == NULL)
        return true;
    if (strcmp(check->name, "sallyport") == 0)
        return triage->rules != NULL && is_of_family(triage->rules, rule);
    return g_str_has_prefix(rule, check->name) && rule[strlen(check->name)] == '.';
}

/* Whether all checks that could have found it have looked at the file, and there is one. */
static bool was_looked_for(const File *file, const char *rule) {
    const GPtrArray *checks = file->triage->checks;
    bool any = false;

    for (guint i = 0; i < checks->len; i++) {
        const CheckResult *check = checks->pdata[i];

        if (!check_was_given(check, file->path) || !may_find(file->triage, check, rule))
            continue;
        if (check_failure_of(check, file->path) != NULL)
            return false;
        any = true;
    }
    return any;
}

/* A file that cannot be parsed has no other findings, whatever is in it. */
static bool is_unparsed(const File *file) {
    for (guint i = file->first; i < file->end; i++)
        if (finding_is_syntax_error(file->triage->findings->pdata[i]))
            return true;
    return false;
}

static void apply_comment(const File *file, const SuppressionComment *comment) {
    if (!holds(file, comment))
        return;
    for (char **rule = comment->rules; *rule != NULL; rule++) {
        g_autofree char *message = NULL;

        if (suppress(file, comment, *rule) || !was_looked_for(file, *rule) || is_unparsed(file))
            continue;
        message = g_strdup_printf("This suppresses nothing: there is no finding of %s %s", *rule,
                                  comment->whole_file ? "in this file" : "here");
        add_finding(file, comment, "suppress.unused", file->triage->policy->suppress.unused, message);
    }
}

/* false with `error` set where its text cannot be had, which nobody has told yet. */
static bool apply_file(const File *file, const LedgerEntry *entry, GError **error) {
    g_autoptr(GError) own = NULL;
    g_autoptr(GBytes) bytes = encoding_text(change_read(file->triage->change, file->path, &own));
    g_autoptr(GPtrArray) comments = NULL;
    const char *text, *language;
    gsize len;

    if (bytes == NULL) {
        if (entry->failures->len > 0 || entry->skipped != NULL)
            return true;
        g_propagate_error(error, g_steal_pointer(&own));
        return false;
    }
    text = g_bytes_get_data(bytes, &len);
    text = text != NULL ? text : "";
    language = rule_language_of(file->path, text, MIN(len, HEAD_BYTES));
    comments = suppression_find(language, text, len);
    for (guint i = 0; i < comments->len; i++)
        apply_comment(file, comments->pdata[i]);
    return true;
}

/* The ledger and the findings are both sorted by path: they are walked side by side. */
bool suppress_apply(Triage *triage, GError **error) {
    guint count = triage->findings->len, at = 0;

    for (guint i = 0; triage->policy->suppress.comments && i < triage->ledger->len; i++) {
        const LedgerEntry *entry = triage->ledger->pdata[i];
        File file = {.triage = triage, .path = entry->file->path};

        while (at < count && strcmp(((Finding *)triage->findings->pdata[at])->path, file.path) < 0)
            at++;
        file.first = at;
        while (at < count && strcmp(((Finding *)triage->findings->pdata[at])->path, file.path) == 0)
            at++;
        file.end = at;
        /* A tool may have something to say of a file that no check was given, as of a header. */
        if ((entry->skipped == NULL || file.first < file.end) && !entry->no_suppressions &&
            !apply_file(&file, entry, error))
            return false;
    }
    g_ptr_array_sort(triage->findings, finding_compare);
    return true;
}
