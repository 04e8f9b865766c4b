#include "review/linters/cached.h"

#include "exec/text.h"
#include "review/linters/recall.h"

#include <string.h>

struct CachedRun {
    Cache *cache;
    LinterRun *run;     /* NULL: all is known */
    GHashTable *keys;   /* of the files that are not known: path -> key; NULL: nothing is to be kept */
    CheckResult *known; /* what was kept */
};

/* Whether it is kept what the linter finds in a file; `known` then has it. Notes the key where not. */
static bool is_known(CachedRun *run, const Recall *recall, const char *path) {
    g_autofree char *key = recall_key(recall, path);
    g_autoptr(GBytes) bytes = key != NULL ? cache_get(run->cache, key) : NULL;

    if (bytes != NULL && recall_unpack(bytes, path, run->known))
        return true;
    if (key != NULL)
        g_hash_table_insert(run->keys, g_strdup(path), g_steal_pointer(&key));
    return false;
}

CachedRun *cached_start(const CachedLinter *linter) {
    CachedRun *run = g_new0(CachedRun, 1);
    g_autoptr(Recall) recall =
        linter->cache != NULL ? recall_new(linter->policy, linter->root, linter->config, linter->search_path)
                              : NULL;
    g_autoptr(GPtrArray) unknown = g_ptr_array_new();

    run->cache = linter->cache;
    run->known = check_result_new(linter->policy->name);
    if (recall != NULL)
        run->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < linter->paths->len; i++)
        if (recall == NULL || !is_known(run, recall, linter->paths->pdata[i]))
            g_ptr_array_add(unknown, linter->paths->pdata[i]);
    if (unknown->len > 0)
        run->run = linter_start(linter->policy, unknown, linter->beside, linter->root, linter->search_path,
                                linter->supervisor);
    else
        run->known->information_uri = g_strdup(linter_information_uri(linter->policy));
    return run;
}

/* Findings of files that it was not given would be lost. */
static bool are_all_of_given(const CheckResult *result) {
    for (guint i = 0; i < result->findings->len; i++)
        if (!check_was_given(result, ((const Finding *)result->findings->pdata[i])->path))
            return false;
    return true;
}

static void keep(const CachedRun *run, const CheckResult *result) {
    GHashTableIter iter;
    gpointer path, key;

    if (run->keys == NULL || !are_all_of_given(result))
        return;
    g_hash_table_iter_init(&iter, run->keys);
    while (g_hash_table_iter_next(&iter, &path, &key)) {
        g_autoptr(GBytes) bytes = recall_pack(result, path);

        if (bytes != NULL)
            cache_put(run->cache, key, bytes);
    }
}

static void move_rule(gpointer id, gpointer rule, gpointer result) {
    if (g_hash_table_contains(((CheckResult *)result)->rules, id))
        rule_info_free(rule);
    else
        g_hash_table_insert(((CheckResult *)result)->rules, id, rule);
}

static gboolean steal_rule(gpointer id, gpointer rule, gpointer result) {
    move_rule(id, rule, result);
    return TRUE;
}

static gboolean steal_left_out(gpointer path, gpointer why, gpointer left_out) {
    g_hash_table_insert(left_out, path, why);
    return TRUE;
}

/* What was kept joins what was found. */
static void join(CheckResult *result, CheckResult *known) {
    g_ptr_array_extend_and_steal(result->findings, g_steal_pointer(&known->findings));
    known->findings = g_ptr_array_new();
    g_ptr_array_extend_and_steal(result->paths, g_steal_pointer(&known->paths));
    known->paths = g_ptr_array_new();
    g_hash_table_foreach_steal(known->rules, steal_rule, result);
    g_hash_table_foreach_steal(known->left_out, steal_left_out, result->left_out);
    if (result->version == NULL)
        result->version = g_steal_pointer(&known->version);
    result->ran = result->ran || known->ran;
    result->exit_code = MAX(result->exit_code, known->exit_code);
}

CheckResult *cached_finish(CachedRun *run, Supervisor *supervisor) {
    CheckResult *result = run->run != NULL ? linter_finish(run->run, supervisor) : NULL;

    if (result != NULL)
        keep(run, result);
    if (result == NULL)
        result = g_steal_pointer(&run->known);
    else
        join(result, run->known);
    g_ptr_array_sort(result->findings, finding_compare);
    g_ptr_array_sort(result->paths, text_compare);
    check_result_free(run->known);
    g_clear_pointer(&run->keys, g_hash_table_unref);
    g_free(run);
    return result;
}
