#include "rules/example.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/clang/client.h"
#include "rules/scan.h"

#include <string.h>

void rule_example_free(RuleExample *example) {
    g_free(example->path);
    g_free(example->text);
    change_example_free(example->change);
    g_free(example);
}

static void read_parts(const YamlNode *node, RuleExample *example, YamlErrors *errors) {
    static const char *const keys[] = {"path", "text", NULL};
    const YamlNode *path = yaml_get(node, "path"), *text = yaml_get(node, "text");

    if (!yaml_keys(node, keys, errors))
        return;
    if (path != NULL)
        yaml_string(path, &example->path, errors);
    if (text != NULL)
        yaml_string(text, &example->text, errors);
    else
        yaml_error(errors, node, "the key 'text' is missing");
}

void rule_example_read(const YamlNode *node, Rule *rule, bool bad, YamlErrors *errors) {
    RuleExample *example = g_new0(RuleExample, 1);

    g_ptr_array_add(rule->examples, example);
    example->bad = bad;
    example->line = node->line;
    if (rule->change != NULL)
        example->change = change_example_read(node, example, errors);
    else if (node->kind == YAML_MAPPING)
        read_parts(node, example, errors);
    else
        yaml_string(node, &example->text, errors);
}

char *rule_example_path(const RuleExample *example, const Rule *rule) {
    return example->path != NULL ? g_strdup(example->path) : rule_language_example(rule->languages[0]);
}

char *rule_example_show(const RuleExample *example) {
    return example->change != NULL ? change_example_show(example) : g_strdup(example->text);
}

bool rule_looks_at_text(const Rule *rule) {
    return rule->regex != NULL || rule->call != NULL || rule->clang != NULL;
}

static void test_failure_free(TestFailure *failure) {
    g_free(failure->file);
    g_free(failure->text);
    g_free(failure);
}

GPtrArray *test_failures_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)test_failure_free);
}

void test_failures_add(GPtrArray *failures, const char *file, guint line, char *text) {
    TestFailure *failure = g_new0(TestFailure, 1);

    failure->file = g_strdup(file);
    failure->line = line;
    failure->text = text;
    g_ptr_array_add(failures, failure);
}

/* How each kind of rule is run over an example; what it finds is in `result`. */

/* What scan.h runs. */
static bool is_scanned(const Rule *rule) {
    return rule->regex != NULL || rule->call != NULL;
}

static void try_scan(const Rule *rule, const RuleExample *example, CheckResult *result) {
    g_autoptr(GPtrArray) rules = g_ptr_array_new(), packs = g_ptr_array_new();
    const RuleSet alone = {.rules = rules, .packs = packs};
    g_autoptr(Scanner) scanner = NULL;
    g_autofree char *path = rule_example_path(example, rule);

    g_ptr_array_add(rules, (gpointer)rule);
    scanner = scanner_new(&alone);
    scan_file(scanner, path, example->text, strlen(example->text), result);
}

static bool is_of_change(const Rule *rule) {
    return rule->change != NULL;
}

static const struct {
    bool (*is)(const Rule *rule);
    void (*try)(const Rule *rule, const RuleExample *example, CheckResult *result);
} kinds[] = {
    {is_scanned, try_scan},
    {is_of_change, change_example_try},
};

static void judge_example(const Rule *rule, const RuleExample *example, const char *why, guint found,
                          GPtrArray *failures) {
    g_autofree char *whole = rule_example_show(example), *shown = text_line(whole, -1, 80);

    if (why != NULL)
        test_failures_add(failures, rule->file, example->line,
                          g_strdup_printf("%s could not be tried: %s", rule->info->id, why));
    else if (example->bad && found == 0)
        test_failures_add(failures, rule->file, example->line,
                          g_strdup_printf("%s finds nothing in a bad example: %s", rule->info->id, shown));
    else if (!example->bad && found > 0)
        test_failures_add(failures, rule->file, example->line,
                          g_strdup_printf("%s finds something in a good example: %s", rule->info->id, shown));
}

static void try_example(const Rule *rule, const RuleExample *example, GPtrArray *failures) {
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autofree char *path = rule_example_path(example, rule);
    const char *why;
    bool run = false;

    for (gsize i = 0; i < G_N_ELEMENTS(kinds) && !run; i++) {
        run = kinds[i].is(rule);
        if (run)
            kinds[i].try(rule, example, result);
    }
    why = run ? check_failure_of(result, path) : "nothing can run a rule of its kind";
    judge_example(rule, example, why, result->findings->len, failures);
}

/* Of C and C++, all at once: it takes a process to start. */
static void try_clang(const Rule *rule, GPtrArray *failures) {
    g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func((GDestroyNotify)clang_example_free);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < rule->examples->len; i++)
        g_ptr_array_add(asked,
                        clang_example_new(rule, ((const RuleExample *)rule->examples->pdata[i])->text));
    (void)clang_examples_run(asked, TIER_LANDLOCK, &error);
    for (guint i = 0; i < asked->len; i++) {
        const ClangExample *example = asked->pdata[i];

        judge_example(rule, rule->examples->pdata[i], error != NULL ? error->message : example->failure,
                      example->found, failures);
    }
}

guint rule_try_examples(const Rule *rule, GPtrArray *failures) {
    if (rule->clang != NULL)
        try_clang(rule, failures);
    else
        for (guint i = 0; i < rule->examples->len; i++)
            try_example(rule, rule->examples->pdata[i], failures);
    return rule->examples->len;
}
