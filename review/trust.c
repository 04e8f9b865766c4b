#include "review/trust.h"

#include "exec/text.h"
#include "review/clang.h"
#include "review/configuration.h"
#include "review/linters/linter.h"
#include "review/policy/config_names.h"
#include "review/sections.h"
#include "review/tree_path.h"
#include "rules/match.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
    const char *id, *summary, *help;
} TrustRule;

static const TrustRule policy_edited = {
    "change.policy-edited",
    "The change edits the policy that it is judged by",
    "The review went by the version before the change: the edit takes effect once it is merged. Look at it "
    "as "
    "at code: it decides what will count from then on.",
};

static const TrustRule config_edited = {
    "change.linter-config-edited",
    "The change edits the configuration of a linter",
    "The linter went by the version before the change: the edit takes effect once it is merged. Look at it "
    "as "
    "at code: it decides what will be found from then on, and some linters run code that their configuration "
    "names.",
};

static void describe(const TrustRule *rule, CheckResult *result) {
    RuleInfo *info = check_rule(result, rule->id);

    if (info->summary != NULL)
        return;
    info->summary = g_strdup(rule->summary);
    info->help = g_strdup(rule->help);
    info->precision = g_strdup("high");
    info->severity = SEVERITY_WARNING;
}

void trust_describe(CheckResult *result) {
    describe(&policy_edited, result);
    describe(&config_edited, result);
}

static void add(const TrustRule *rule, const char *path, const char *message, CheckResult *result) {
    Finding *finding = finding_new("sallyport", rule->id, SEVERITY_WARNING, path, (Region){0}, message);

    describe(rule, result);
    finding->of_change = true;
    g_ptr_array_add(result->findings, finding);
}

/* What is looked for. */
typedef struct {
    Change *change;
    const Policy *policy;
    const RuleSet *rules;
    Match *rule_files;
    GPtrArray *named; /* of GHashTable, by linter: see configuration.h */
} Steering;

/* "ruff, flake8": whose configuration the file is; NULL: nobody's. */
static char *linters_of(const Steering *steering, const char *path) {
    const char *name = tree_path_name(path);
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < steering->policy->linters->len; i++) {
        const LinterPolicy *linter = steering->policy->linters->pdata[i];

        if (g_strv_contains(linter_policy_config(linter), name) ||
            g_hash_table_contains(steering->named->pdata[i], path))
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", linter->name);
    }
    if (clang_check_goes_by(steering->policy, steering->rules, path))
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", CLANG_CHECK);
    return names->len > 0 ? g_string_free(g_steal_pointer(&names), FALSE) : NULL;
}

/* Whether the tool, as far as it is known, takes from a file of that name the sections that are named after
 * it. */
static bool goes_by_sections(const LinterPolicy *linter, const char *name) {
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    if (linter->custom == NULL)
        return true;
    for (char **argument = linter->custom->command; *argument != NULL; argument++) {
        g_autofree char *tool = g_path_get_basename(*argument);

        config_names_add(tool, names);
    }
    return g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
}

/* Whether the edit is of nothing that a linter goes by. What cannot be read is not. */
static bool is_of_others(const Steering *steering, const ChangedFile *file) {
    const char *name = tree_path_name(file->path);
    g_autoptr(GBytes) old = NULL, new = NULL;

    if (file->status != FILE_MODIFIED || !S_ISREG(file->mode))
        return false;
    for (guint i = 0; i < steering->policy->linters->len; i++) {
        const LinterPolicy *linter = steering->policy->linters->pdata[i];

        if (g_hash_table_contains(steering->named->pdata[i], file->path) ||
            (g_strv_contains(linter_policy_config(linter), name) && !goes_by_sections(linter, name)))
            return false;
    }
    old = change_read_old(steering->change, file, NULL);
    new = old != NULL ? change_read(steering->change, file->path, NULL) : NULL;
    return new != NULL &&sections_same(file->path, old, new);
}

static const char *what_happened(const ChangedFile *file, const char *path) {
    if (file->status == FILE_DELETED || (file->status == FILE_RENAMED && strcmp(path, file->path) != 0))
        return "taken away";
    return file->status == FILE_MODIFIED || file->status == FILE_TYPE_CHANGED ? "edited" : "brought in";
}

static void look_at(const Steering *steering, const ChangedFile *file, const char *path, const char *from,
                    CheckResult *result) {
    bool is_policy = strcmp(path, POLICY_FILE) == 0 ||
                     g_strcmp0(path, steering->policy->gate.baseline) == 0 ||
                     match_path(steering->rule_files, path);
    g_autofree char *linters = is_policy ? NULL : linters_of(steering, path), *shown = text_path(path);
    g_autofree char *message = NULL;

    if (!is_policy && (linters == NULL || is_of_others(steering, file)))
        return;
    message = g_strdup_printf("%s, which %s%s, is %s; the review went by the version of %s", shown,
                              is_policy ? "steers the review" : "configures ", is_policy ? "" : linters,
                              what_happened(file, path), from);
    add(is_policy ? &policy_edited : &config_edited, file->path, message, result);
}

/* Finds out what steers the review. */
static bool learn(Steering *steering, Change *change, GError **error) {
    steering->rule_files = match_new((const char *const *)steering->policy->rule_files, error);
    for (guint i = 0; steering->rule_files != NULL && i < steering->policy->linters->len; i++) {
        GHashTable *named = configuration_find(change, steering->policy->linters->pdata[i], error);

        if (named == NULL)
            return false;
        g_ptr_array_add(steering->named, named);
    }
    return steering->rule_files != NULL;
}

void trust_check(const Policy *policy, const RuleSet *rules, Change *change, CheckResult *result) {
    g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func((GDestroyNotify)g_hash_table_unref);
    Steering steering = {.change = change, .policy = policy, .rules = rules, .named = named};
    const char *from = change_trusted_from(change);
    g_autofree char *shown = from != NULL ? text_line(from, -1, 200) : NULL;
    const GPtrArray *files = change_files(change);
    g_autoptr(GError) error = NULL;

    if (from == NULL)
        return;
    if (!learn(&steering, change, &error))
        check_fail(result, error->message, NULL);
    for (guint i = 0; error == NULL && i < files->len; i++) {
        const ChangedFile *file = files->pdata[i];

        look_at(&steering, file, file->path, shown, result);
        if (file->status == FILE_RENAMED)
            look_at(&steering, file, file->old_path, shown, result);
    }
    match_free(steering.rule_files);
}
