/* clang_report(): what the worker has found, as findings. */
#include "rules/clang/client.h"

#include "exec/caps.h"
#include "rules/clang/places.h"

#include <string.h>

/* %{arg0}, %{callee}, ... NULL: there is no such word. */
static const char *word_of(const ClangFinding *finding, const char *name, gsize len) {
    if (len == strlen("callee") && strncmp(name, "callee", len) == 0)
        return finding->callee;
    if (len == strlen("function") && strncmp(name, "function", len) == 0)
        return finding->function;
    if (len == strlen("clang") && strncmp(name, "clang", len) == 0)
        return finding->says;
    if (len == strlen("arg0") && strncmp(name, "arg", 3) == 0 && g_ascii_isdigit(name[3])) {
        guint number = (guint)(name[3] - '0');

        return finding->args != NULL && number < finding->args->len ? finding->args->pdata[number] : NULL;
    }
    return NULL;
}

/* What is put in is not looked at again: it is the file's own words. */
static char *message_of(const Rule *rule, const ClangFinding *finding) {
    GString *message = g_string_new(NULL);
    const char *at = rule->message;

    for (const char *mark; (mark = strstr(at, "%{")) != NULL;) {
        const char *end = strchr(mark, '}');
        const char *word = end != NULL ? word_of(finding, mark + 2, (gsize)(end - mark - 2)) : NULL;

        if (end == NULL)
            break;
        g_string_append_len(message, at, mark - at);
        g_string_append(message, word != NULL ? word : "...");
        at = end + 1;
    }
    g_string_append(message, at);
    return g_string_free(message, FALSE);
}

static void add_fix(const Rule *rule, const ClangFinding *found, const Places *places, Finding *finding) {
    Fix *fix =
        fix_new(found->does != NULL && *found->does != '\0' ? found->does : found->says, rule->fix_kind);

    for (guint i = 0; i < found->edits->len; i++) {
        const ClangEdit *edit = found->edits->pdata[i];

        fix_add(fix, places_region(places, edit->start, edit->end), edit->text);
    }
    g_ptr_array_add(finding->fixes, fix);
}

/* All of it must lie within the text. */
static bool is_within(const ClangFinding *finding, gsize len) {
    if (finding->end > len)
        return false;
    for (guint i = 0; finding->edits != NULL && i < finding->edits->len; i++)
        if (((const ClangEdit *)finding->edits->pdata[i])->end > len)
            return false;
    return true;
}

static void fail_missed(const ClangFile *file, const GPtrArray *rules, const Places *places, const char *path,
                        CheckResult *result) {
    g_autofree char *why = g_strdup_printf("line %u: what rule %s looks for is called where clang does not "
                                           "understand the code; are headers missing?",
                                           places_line(places, file->missed_at),
                                           ((const Rule *)rules->pdata[file->missed])->info->id);

    check_fail_file(result, path, why);
}

void clang_report(const ClangFile *file, const GPtrArray *rules, const char *path, GBytes *text,
                  CheckResult *result) {
    g_autoptr(Places) places = places_new(text);

    for (guint i = 0; file->findings != NULL && i < file->findings->len; i++) {
        const ClangFinding *found = file->findings->pdata[i];
        const Rule *rule = rules->pdata[found->rule];
        g_autofree char *message = message_of(rule, found);
        Finding *finding;

        if (!is_within(found, places->len)) {
            check_fail_file(result, path, "clang's answer cannot be understood");
            return;
        }
        finding = finding_new(result->name, rule->info->id, rule->info->severity, path,
                              places_region(places, found->start, found->end), message);
        rule_describe(rule, result);
        if (found->edits != NULL)
            add_fix(rule, found, places, finding);
        g_ptr_array_add(result->findings, finding);
    }
    if (file->is_over) {
        g_autofree char *why =
            g_strdup_printf("rule %s matches more than %u times",
                            ((const Rule *)rules->pdata[file->over])->info->id, CAP_MATCHES_PER_FILE);

        check_fail_file(result, path, why);
    }
    if (file->is_missed)
        fail_missed(file, rules, places, path, result);
}
