#include "rules/check.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <stdlib.h>
#include <string.h>

CheckResult *check_result_new(const char *name) {
    CheckResult *result = g_new0(CheckResult, 1);

    result->name = g_strdup(name);
    result->paths = g_ptr_array_new_with_free_func(g_free);
    result->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    result->rules = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)rule_info_free);
    result->failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    result->left_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return result;
}

void check_result_free(CheckResult *result) {
    if (result == NULL)
        return;
    g_free(result->name);
    g_free(result->version);
    g_free(result->information_uri);
    g_ptr_array_unref(result->paths);
    g_ptr_array_unref(result->findings);
    g_hash_table_unref(result->rules);
    g_hash_table_unref(result->failures);
    g_hash_table_unref(result->left_out);
    g_free(result->failure);
    g_free(result->remedy);
    g_free(result);
}

void check_fail(CheckResult *result, const char *failure, const char *remedy) {
    if (result->failure != NULL)
        return;
    result->failure = text_line(failure, -1, CAP_MESSAGE_BYTES);
    result->remedy = remedy != NULL ? text_line(remedy, -1, CAP_MESSAGE_BYTES) : NULL;
}

void check_fail_file(CheckResult *result, const char *path, const char *why) {
    if (!g_hash_table_contains(result->failures, path))
        g_hash_table_insert(result->failures, g_strdup(path), text_line(why, -1, CAP_MESSAGE_BYTES));
}

const char *check_failure_of(const CheckResult *result, const char *path) {
    return result->failure != NULL ? result->failure : g_hash_table_lookup(result->failures, path);
}

RuleInfo *check_rule(CheckResult *result, const char *id) {
    RuleInfo *info = g_hash_table_lookup(result->rules, id);

    if (info == NULL) {
        info = rule_info_new(id);
        g_hash_table_insert(result->rules, info->id, info);
    }
    return info;
}

void check_leave_out(CheckResult *result, const char *path, const char *why) {
    guint at;

    g_hash_table_insert(result->left_out, g_strdup(path), text_line(why, -1, CAP_MESSAGE_BYTES));
    if (g_ptr_array_find_with_equal_func(result->paths, path, g_str_equal, &at))
        g_ptr_array_remove_index(result->paths, at);
}

void check_merge(CheckResult *result, CheckResult *other) {
    GHashTableIter iter;
    gpointer key, value;

    g_ptr_array_extend_and_steal(result->findings, g_steal_pointer(&other->findings));
    other->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    g_hash_table_iter_init(&iter, other->failures);
    while (g_hash_table_iter_next(&iter, &key, &value))
        check_fail_file(result, key, value);
    g_hash_table_iter_init(&iter, other->rules);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (g_hash_table_contains(result->rules, key))
            continue;
        g_hash_table_iter_steal(&iter);
        g_hash_table_insert(result->rules, key, value);
    }
}

bool check_was_given(const CheckResult *result, const char *path) {
    return result->paths->len > 0 &&
           bsearch(&path, result->paths->pdata, result->paths->len, sizeof(char *), text_compare) != NULL;
}
