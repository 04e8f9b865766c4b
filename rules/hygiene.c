#include "rules/hygiene.h"

#include "exec/text.h"
#include "rules/hygiene_look.h"
#include "rules/scan.h"

#include <string.h>

#define HEAD_BYTES 512u /* in which a #! line is looked for */

Hygiene *hygiene_new(const RuleSet *rules, const HygieneTree *tree) {
    Hygiene *hygiene = g_new0(Hygiene, 1);

    hygiene->tree = tree;
    hygiene->rules = g_ptr_array_new();
    for (guint i = 0; i < rules->rules->len; i++) {
        Rule *rule = rules->rules->pdata[i];

        if (rule->change != NULL && (tree->is_change || !rule->change->of_changes))
            g_ptr_array_add(hygiene->rules, rule);
    }
    return hygiene;
}

void hygiene_free(Hygiene *hygiene) {
    if (hygiene == NULL)
        return;
    g_ptr_array_unref(hygiene->rules);
    g_clear_pointer(&hygiene->paths, g_hash_table_unref);
    g_clear_pointer(&hygiene->folded, g_hash_table_unref);
    g_clear_pointer(&hygiene->twice, g_hash_table_unref);
    g_free(hygiene->largest);
    g_free(hygiene);
}

bool hygiene_is_wanted(const Hygiene *hygiene) {
    return hygiene->rules->len > 0;
}

/* Where a rule is of changes, no line of the file need be new; nor where the file as a whole is. */
static bool is_of_change(const Hygiene *hygiene, const Rule *rule, const char *status, guint line) {
    return rule->change->of_changes ||
           (hygiene->tree->is_change && line == 0 && strcmp(status, "modified") != 0);
}

static void add_finding(const Rule *rule, const char *path, guint line, const char *detail, bool of_change,
                        CheckResult *result) {
    g_autofree char *message =
        *detail != '\0' ? g_strdup_printf("%s: %s", rule->message, detail) : g_strdup(rule->message);
    Region region = {line, 0, line, 0};

    Finding *finding = finding_new("sallyport", rule->info->id, rule->info->severity, path, region, message);

    finding->of_change = of_change;
    rule_describe(rule, result);
    g_ptr_array_add(result->findings, finding);
}

/* Whether the rule looks at files of that language. A name tells it, or the first line. */
static bool is_for_language(Look *look, const Rule *rule) {
    const char *const *languages = (const char *const *)rule->languages;
    const char *path = look->file->path, *language, *bytes;
    gsize len = 0;

    if (g_strv_contains(languages, "any"))
        return true;
    language = rule_language_of(path, "", 0);
    if (strcmp(language, "text") == 0) {
        bytes = look_bytes(look, &len);
        language = rule_language_of(path, bytes != NULL ? bytes : "", MIN(len, HEAD_BYTES));
    }
    return g_strv_contains(languages, language);
}

/* Whether all of its conditions hold. The language may take reading the file: that comes last. */
static bool all_hold(Look *look, const Rule *rule) {
    const GPtrArray *conditions = rule->change->conditions;

    if (strcmp(look->file->status, "deleted") == 0 && !rule->change->of_deleted)
        return false;
    if (rule->exclude != NULL && match_path(rule->exclude, look->file->path))
        return false;
    for (guint i = 0; i < conditions->len; i++)
        if (!look_holds(look, conditions->pdata[i]) || look->error != NULL)
            return false;
    return is_for_language(look, rule) && look->error == NULL;
}

static void fail(const Rule *rule, const char *path, const GError *error, CheckResult *result) {
    g_autofree char *why = g_strdup_printf("rule %s: %s", rule->info->id, error->message);

    if (!check_was_given(result, path)) /* else nobody would ask whether it has failed */
        g_ptr_array_add(result->paths, g_strdup(path));
    check_fail_file(result, path, why);
}

static void count(Hygiene *hygiene, const HygieneFile *file) {
    hygiene->files++;
    hygiene->new_lines += file->new_lines;
    if (hygiene->largest != NULL && file->new_lines <= hygiene->largest_lines)
        return;
    g_free(hygiene->largest);
    hygiene->largest = g_strdup(file->path);
    hygiene->largest_lines = file->new_lines;
}

void hygiene_check(Hygiene *hygiene, const HygieneFile *file, CheckResult *result) {
    g_autoptr(GString) detail = g_string_new(NULL);
    Look look = {.hygiene = hygiene, .file = file, .detail = detail};

    count(hygiene, file);
    for (guint i = 0; i < hygiene->rules->len; i++) {
        const Rule *rule = hygiene->rules->pdata[i];

        if (rule->change->of_whole)
            continue;
        g_string_truncate(detail, 0);
        look.line = 0;
        if (all_hold(&look, rule))
            add_finding(rule, file->path, look.line, detail->str,
                        is_of_change(hygiene, rule, file->status, look.line), result);
        if (look.error != NULL)
            fail(rule, file->path, look.error, result);
        g_clear_error(&look.error);
    }
    if (look.bytes != NULL)
        g_bytes_unref(look.bytes);
}

/* Told of the file with the most new lines. */
void hygiene_finish(Hygiene *hygiene, CheckResult *result) {
    for (guint i = 0; i < hygiene->rules->len && hygiene->largest != NULL; i++) {
        const Rule *rule = hygiene->rules->pdata[i];
        const ChangeCondition *condition = rule->change->conditions->pdata[0];
        bool files = condition->kind == CHANGE_FILES_OVER;
        guint64 is = files ? hygiene->files : hygiene->new_lines;
        g_autofree char *detail = NULL, *what = NULL;

        if (!rule->change->of_whole || is <= condition->number)
            continue;
        what = text_count(is, files ? "file" : "new line");
        detail = g_strdup_printf("%s, over %" G_GUINT64_FORMAT, what, condition->number);
        add_finding(rule, hygiene->largest, 0, detail, true, result);
    }
}
