#include "review/clang.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/compile_commands.h"
#include "review/includes.h"
#include "review/linters/version.h"
#include "review/snapshot.h"
#include "rules/clang/client.h"
#include "rules/clang/places.h"
#include "rules/rule.h"

#include <string.h>

#define INFORMATION_URI "https://clang.llvm.org"

struct ClangCheck {
    const Policy *policy;
    GPtrArray *rules; /* of const Rule: those that clang is asked of */
    Change *change;
    CheckResult *result;
    GPtrArray *paths;   /* of char *, of those that are parsed, */
    GPtrArray *texts;   /* of GBytes, */
    GPtrArray *sources; /* and of ClangSource, beside each other */
    Snapshot *snapshot;
    ClangRun *run; /* NULL: not started */
};

static bool wants_functions(const Policy *policy) {
    return policy->gate.max_complexity > 0 || policy->gate.max_cognitive > 0;
}

/* Whether the policy turns the rule off, and for no file on again. */
static bool is_off(const Policy *policy, const Rule *rule) {
    Severity severity;

    if (!severity_map_get(policy->rule_severity, CLANG_CHECK, rule->info->id, &severity) ||
        severity != SEVERITY_OFF)
        return false;
    for (guint i = 0; i < policy->overrides->len; i++) {
        const OverridePolicy *override = policy->overrides->pdata[i];

        if (severity_map_get(override->severity, CLANG_CHECK, rule->info->id, &severity) &&
            severity != SEVERITY_OFF)
            return false;
    }
    return true;
}

/* Those of the kinds c_ast and clang that are in force. */
static GPtrArray *rules_of(const Policy *policy, const RuleSet *set) {
    GPtrArray *rules = g_ptr_array_new();

    for (guint i = 0; i < set->rules->len; i++) {
        const Rule *rule = set->rules->pdata[i];

        if (rule->clang != NULL && !is_off(policy, rule))
            g_ptr_array_add(rules, (gpointer)rule);
    }
    return rules;
}

bool clang_check_goes_by(const Policy *policy, const RuleSet *set, const char *path) {
    g_autoptr(GPtrArray) rules = rules_of(policy, set);

    return (wants_functions(policy) || rules->len > 0) && g_strv_contains(compile_commands_paths(), path);
}

ClangCheck *clang_check_new(const Policy *policy, const RuleSet *set, Change *change) {
    g_autoptr(GPtrArray) rules = rules_of(policy, set);
    ClangCheck *check;

    if (!wants_functions(policy) && rules->len == 0)
        return NULL;
    check = g_new0(ClangCheck, 1);
    check->policy = policy;
    check->rules = g_steal_pointer(&rules);
    check->change = change;
    check->result = check_result_new(CLANG_CHECK);
    check->result->information_uri = g_strdup(INFORMATION_URI);
    check->paths = g_ptr_array_new();
    check->texts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    check->sources = g_ptr_array_new_with_free_func((GDestroyNotify)clang_source_free);
    return check;
}

bool clang_check_wants(const char *path) {
    const char *language = rule_language_of(path, "", 0);

    return strcmp(language, "c") == 0 || strcmp(language, "cpp") == 0;
}

/* The rules that look at a file, of guint. */
static GArray *rules_for(const ClangCheck *check, const char *path, GBytes *bytes) {
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);

    for (guint i = 0; i < check->rules->len; i++)
        if (rule_is_for(check->rules->pdata[i], path, rule_language_of(path, "", 0), text != NULL ? text : "",
                        len))
            g_array_append_val(numbers, i);
    return numbers;
}

void clang_check_add(ClangCheck *check, const char *path, GBytes *bytes) {
    g_autoptr(GArray) rules = rules_for(check, path, bytes);
    g_autofree char *why = NULL;
    char *copy;

    if (rules->len == 0 && !wants_functions(check->policy))
        return;
    copy = g_strdup(path);
    g_ptr_array_add(check->result->paths, copy);
    if (g_bytes_get_size(bytes) > CAP_CLANG_FILE_BYTES) {
        why = g_strdup_printf("it is larger than %u MiB", CAP_CLANG_FILE_BYTES >> 20);
        check_fail_file(check->result, path, why);
        return;
    }
    g_ptr_array_add(check->paths, copy);
    g_ptr_array_add(check->texts, g_bytes_ref(bytes));
}

/* Starting. */

static bool lay_out_files(const ClangCheck *check, GError **error) {
    for (guint i = 0; i < check->paths->len; i++)
        if (!snapshot_add_review(check->snapshot, check->paths->pdata[i], 0100644, check->texts->pdata[i],
                                 error))
            return false;
    return true;
}

/* Its flags stand in order of preference: those of the compile commands, then what is inferred. */
static bool add_source(const ClangCheck *check, Includes *includes, const CompileCommands *commands,
                       guint number, GError **error) {
    const char *path = check->paths->pdata[number];
    ClangSource *source = clang_source_new(path, includes_language(includes, path));
    bool has_flags;

    source->wants_functions = wants_functions(check->policy);
    g_array_unref(source->rules);
    source->rules = rules_for(check, path, check->texts->pdata[number]);
    g_ptr_array_add(check->sources, source);
    has_flags = compile_commands_flags(commands, path, source->flags, &source->language);
    return includes_lay_out(includes, path, has_flags, source->flags, error);
}

static bool lay_out(ClangCheck *check, GError **error) {
    g_autoptr(Includes) includes = NULL;
    g_autoptr(CompileCommands) commands = NULL;
    g_autoptr(GError) own = NULL;

    check->snapshot = snapshot_new(error);
    if (check->snapshot == NULL || !lay_out_files(check, error))
        return false;
    includes = includes_new(check->change, check->snapshot, error);
    commands = includes != NULL ? compile_commands_load(check->change, &own) : NULL;
    if (own != NULL)
        g_propagate_error(error, g_steal_pointer(&own));
    if (includes == NULL || (error != NULL && *error != NULL))
        return false;
    for (guint i = 0; i < check->paths->len; i++)
        if (!add_source(check, includes, commands, i, error))
            return false;
    return true;
}

void clang_check_start(ClangCheck *check, guint parallel, Supervisor *supervisor) {
    ClangRequest request = {.sources = check->sources,
                            .rules = check->rules,
                            .require = check->policy->require,
                            .parallel = parallel};
    g_autoptr(GError) error = NULL;

    if (check->paths->len == 0)
        return;
    if (!lay_out(check, &error)) {
        check_fail(check->result, error->message, NULL);
        return;
    }
    request.root = snapshot_review_path(check->snapshot);
    check->run = clang_start(&request, supervisor);
}

/* Findings. */

/* What both rules have in common. */
typedef struct {
    const char *id, *name, *summary, *help, *help_uri, *says;
} ComplexityRule;

static const ComplexityRule cyclomatic = {
    "c.complexity",
    "complex-function",
    "A function has more decisions than the policy allows.",
    "Cyclomatic complexity is the number of ways through a function, and so of the tests that it needs. Move "
    "parts of "
    "it into functions of their own, or replace its decisions by a table.",
    "https://en.wikipedia.org/wiki/Cyclomatic_complexity",
    "is too complex",
};
static const ComplexityRule cognitive = {
    "c.cognitive-complexity",
    "hard-to-follow-function",
    "A function is harder to follow than the policy allows.",
    "Cognitive complexity counts what interrupts the reader, and more so the deeper it is nested. Return "
    "early, and move "
    "what is nested into functions of their own.",
    "https://www.sonarsource.com/resources/cognitive-complexity/",
    "is too hard to follow",
};

static void describe(CheckResult *result, const ComplexityRule *rule) {
    RuleInfo *info = check_rule(result, rule->id);

    if (info->name != NULL)
        return;
    info->name = g_strdup(rule->name);
    info->summary = g_strdup(rule->summary);
    info->help = g_strdup(rule->help);
    info->help_uri = g_strdup(rule->help_uri);
    info->severity = SEVERITY_ERROR;
}

void clang_check_describe(CheckResult *result) {
    describe(result, &cyclomatic);
    describe(result, &cognitive);
}

static void judge(CheckResult *result, const ComplexityRule *rule, guint is, guint most, const char *path,
                  const ClangFunction *function, Region region) {
    g_autofree char *message = NULL;

    if (most == 0 || is <= most)
        return;
    message = g_strdup_printf("`%s` %s (%u > %u)", function->name, rule->says, is, most);
    describe(result, rule);
    g_ptr_array_add(result->findings,
                    finding_new(CLANG_CHECK, rule->id, SEVERITY_ERROR, path, region, message));
}

static int compare_functions(gconstpointer a, gconstpointer b) {
    const ClangFunction *left = *(ClangFunction *const *)a, *right = *(ClangFunction *const *)b;

    return (left->start > right->start) - (left->start < right->start);
}

/* Says of a file that it was not understood, and where. */
static void fail_lost(const ClangCheck *check, const char *path, const Places *places, const ClangFile *file,
                      const char *what) {
    g_autofree char *where =
        file->error != NULL ? g_strdup_printf("line %u: %s", places_line(places, file->error_at), file->error)
                            : NULL;
    g_autofree char *why =
        g_strdup_printf("%s%s%s", what, where != NULL ? ": " : "", where != NULL ? where : "");

    check_fail_file(check->result, path, why);
}

static void judge_file(const ClangCheck *check, const char *path, GBytes *bytes, const ClangFile *file) {
    const GatePolicy *gate = &check->policy->gate;
    g_autoptr(Places) places = places_new(bytes);

    g_ptr_array_sort(file->functions, compare_functions);
    for (guint i = 0; i < file->functions->len; i++) {
        const ClangFunction *function = file->functions->pdata[i];
        Region region = places_region(places, function->start, function->end);

        judge(check->result, &cyclomatic, function->cyclomatic, gate->max_complexity, path, function, region);
        judge(check->result, &cognitive, function->cognitive, gate->max_cognitive, path, function, region);
        if (gate->max_cognitive > 0 && function->lost && function->cognitive <= gate->max_cognitive) {
            g_autofree char *what =
                g_strdup_printf("the cognitive complexity of `%s` is not known", function->name);

            fail_lost(check, path, places, file, what);
        }
    }
    if (file->is_unparsed) {
        g_autofree char *what =
            g_strdup_printf("what stands on line %u cannot be understood as part of a function",
                            places_line(places, file->unparsed));

        fail_lost(check, path, places, file, what);
    }
}

/* Who has no libclang can also do without what asks for it. */
static char *remedy_of(const ClangCheck *check, const char *remedy) {
    if (remedy == NULL || check->rules->len == 0)
        return g_strdup(remedy);
    return g_strdup_printf("%s, or leave the pack 'c' out of the policy's rules.packs%s", remedy,
                           wants_functions(check->policy) ? " and max_complexity out of its gate" : "");
}

static void take(const ClangCheck *check, const ClangResult *found) {
    g_autofree char *remedy = remedy_of(check, found->remedy);

    check->result->ran = found->ran;
    if (found->version != NULL)
        check->result->version = version_in(found->version);
    if (found->failure != NULL)
        check_fail(check->result, found->failure, remedy);
    for (guint i = 0; i < check->paths->len; i++) {
        const char *path = check->paths->pdata[i];
        const ClangFile *file = found->files->pdata[i];

        if (file->failure != NULL)
            check_fail_file(check->result, path, file->failure);
        else
            judge_file(check, path, check->texts->pdata[i], file);
        if (file->failure == NULL)
            clang_report(file, check->rules, path, check->texts->pdata[i], check->result);
    }
    g_ptr_array_sort(check->result->findings, finding_compare);
}

CheckResult *clang_check_finish(ClangCheck *check, Supervisor *supervisor) {
    CheckResult *result;

    if (check == NULL)
        return NULL;
    if (check->run != NULL) {
        g_autoptr(ClangResult) found = clang_finish(check->run, supervisor);

        take(check, found);
    }
    result = check->result;
    if (result->paths->len == 0)
        g_clear_pointer(&result, check_result_free);
    snapshot_free(check->snapshot);
    g_ptr_array_unref(check->rules);
    g_ptr_array_unref(check->paths);
    g_ptr_array_unref(check->texts);
    g_ptr_array_unref(check->sources);
    g_free(check);
    return result;
}
