#include "review/linters/linter.h"

#include "exec/text.h"
#include "review/linters/source.h"
#include "rules/rule.h"

#include <string.h>

G_DEFINE_QUARK(sallyport-linter-error, linter_error)

static const Linter *const linters[] = {&linter_black, &linter_flake8, &linter_ruff, NULL};
static const char *const names[] = {"black", "flake8", "ruff", NULL};

const Linter *const *linter_all(void) {
    return linters;
}

const char *const *linter_names(void) {
    return names;
}

const char *const *linter_names_with_complexity(void) {
    static const char *const measuring[] = {"ruff", NULL};

    return measuring;
}

const Linter *linter_find(const char *name) {
    for (const Linter *const *linter = linters; *linter != NULL; linter++)
        if (strcmp((*linter)->name, name) == 0)
            return *linter;
    return NULL;
}

const SeverityEntry *linter_severity(const char *name) {
    return linter_find(name)->severity;
}

bool linter_wants(const Linter *linter, const char *path, const char *head, gsize len) {
    const char *slash = strrchr(path, '/');

    for (const char *const *suffix = linter->suffixes; *suffix != NULL; suffix++)
        if (g_str_has_suffix(path, *suffix))
            return true;
    if (linter->names != NULL && g_strv_contains(linter->names, slash != NULL ? slash + 1 : path))
        return true;
    /* A name with an ending speaks for itself: a stub is no script, whatever its first line. */
    if (len < 2 || memcmp(head, "#!", 2) != 0 || g_str_has_suffix(path, ".pyi"))
        return false;
    return g_strv_contains(linter->languages, rule_language_of(path, head, len));
}

bool linter_policy_wants(const LinterPolicy *policy, const char *path, const char *head, gsize len) {
    if (policy->custom != NULL)
        return match_path(policy->custom->match, path);
    return linter_wants(linter_find(policy->name), path, head, len);
}

const char *const *linter_policy_config(const LinterPolicy *policy) {
    if (policy->custom != NULL)
        return (const char *const *)policy->custom->config;
    return linter_find(policy->name)->config_files;
}

const char *linter_policy_program(const LinterPolicy *policy) {
    return policy->custom != NULL ? policy->custom->command[0] : policy->name;
}

const char *linter_information_uri(const LinterPolicy *policy) {
    return policy->custom != NULL ? NULL : linter_find(policy->name)->information_uri;
}

LinterAccount *linter_account_new(void) {
    LinterAccount *account = g_new0(LinterAccount, 1);

    account->seen = g_hash_table_new(g_str_hash, g_str_equal);
    account->left_out = g_hash_table_new(g_str_hash, g_str_equal);
    return account;
}

void linter_account_free(LinterAccount *account) {
    if (account == NULL)
        return;
    g_hash_table_unref(account->seen);
    g_hash_table_unref(account->left_out);
    g_free(account);
}

/* From the tool's lines to everybody's. */
static void translate(Finding *finding, const Source *source) {
    finding->region = source_finding_region(source, finding->region);
    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = finding->fixes->pdata[i];

        for (guint j = 0; j < fix->edits->len; j++) {
            Edit *edit = fix->edits->pdata[j];

            edit->region = source_region(source, edit->region);
        }
    }
}

/* Findings stand file by file, so that each file is read once. One that cannot be read is undecided, and
 * where its findings lie is not known. */
static void translate_all(const LinterOutput *output, CheckResult *result, guint first) {
    g_autoptr(Source) source = NULL;
    const char *path = NULL;

    for (guint i = first; i < result->findings->len; i++) {
        Finding *finding = result->findings->pdata[i];
        g_autoptr(GError) error = NULL;

        if (path == NULL || strcmp(finding->path, path) != 0) {
            path = finding->path;
            g_clear_pointer(&source, source_free);
            source = source_read(output->root, path, &error);
        }
        if (source != NULL) {
            translate(finding, source);
            continue;
        }
        check_fail_file(result, path, error != NULL ? error->message : "the file cannot be read again");
        finding->region = (Region){0};
        g_ptr_array_set_size(finding->fixes, 0);
    }
}

bool linter_read(const Linter *linter, const LinterOutput *output, LinterAccount *account,
                 CheckResult *result, GError **error) {
    guint first = result->findings->len;
    bool good = linter->parse(output, account, result, error);

    translate_all(output, result, first);
    if (!good) {
        g_hash_table_remove_all(account->seen);
        g_hash_table_remove_all(account->left_out);
        account->unnamed = 0;
    }
    return good;
}

static bool is_accounted_for(const LinterAccount *account, const char *path) {
    return g_hash_table_contains(account->seen, path) || g_hash_table_contains(account->left_out, path);
}

/* What is seen or failed after all stays. The paths may be those of the result, which go one by one. */
static void leave_out(const GPtrArray *paths, const LinterAccount *account, CheckResult *result) {
    g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free), reasons = g_ptr_array_new();

    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i], *why = g_hash_table_lookup(account->left_out, path);

        if (why == NULL || g_hash_table_contains(account->seen, path) ||
            g_hash_table_contains(result->failures, path))
            continue;
        g_ptr_array_add(left_out, g_strdup(path));
        g_ptr_array_add(reasons, (gpointer)why);
    }
    for (guint i = 0; i < left_out->len; i++)
        check_leave_out(result, left_out->pdata[i], reasons->pdata[i]);
}

static void find_missing(const GPtrArray *paths, const LinterAccount *account, CheckResult *result) {
    guint missing = 0;

    for (guint i = 0; i < paths->len; i++)
        missing += is_accounted_for(account, paths->pdata[i]) ? 0 : 1;
    if (missing <= account->unnamed)
        return;
    for (guint i = 0; i < paths->len; i++) {
        g_autofree char *why = NULL;

        if (is_accounted_for(account, paths->pdata[i]))
            continue;
        if (account->unnamed == 0)
            why = g_strdup("did not look at it: does it leave out such files by itself? Then exclude them in "
                           "the policy");
        else
            why = g_strdup_printf("looked at only %u of %u files, of which this is one", account->unnamed,
                                  missing);
        check_fail_file(result, paths->pdata[i], why);
    }
}

void linter_account(const GPtrArray *paths, const LinterAccount *account, CheckResult *result) {
    find_missing(paths, account, result);
    leave_out(paths, account, result);
}
