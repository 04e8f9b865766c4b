/* The examples of the rules of C and C++, through the worker. */
#include "rules/clang/client.h"
#include "rules/example.h"

#include <glib.h>
#include <string.h>

typedef struct {
    RuleSet *set;
    GPtrArray *examples; /* of ClangExample */
    GArray *is_bad;      /* of bool, beside them */
} Pack;

static void add(const Pack *pack, const Rule *rule) {
    for (guint i = 0; i < rule->examples->len; i++) {
        const RuleExample *example = rule->examples->pdata[i];

        g_ptr_array_add(pack->examples, clang_example_new(rule, example->text));
        g_array_append_val(pack->is_bad, example->bad);
    }
}

static void test_examples(void) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("packs");
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(GPtrArray) examples = g_ptr_array_new_with_free_func((GDestroyNotify)clang_example_free);
    g_autoptr(GArray) is_bad = g_array_new(FALSE, FALSE, sizeof(bool));
    Pack pack = {set, examples, is_bad};
    g_autoptr(GError) error = NULL;

    g_assert_true(rule_set_add_pack(set, "default", errors));
    for (guint i = 0; i < set->rules->len; i++) {
        const Rule *rule = set->rules->pdata[i];

        if (rule->clang != NULL)
            add(&pack, rule);
    }
    g_assert_true(clang_examples_run(examples, TIER_LANDLOCK, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < examples->len; i++) {
        const ClangExample *example = examples->pdata[i];
        bool bad = g_array_index(is_bad, bool, i);

        if (example->failure == NULL && (example->found > 0) == bad)
            continue;
        g_test_message("%s %s: %s\n%s", example->rule->info->id, bad ? "should find" : "should not find",
                       example->failure != NULL ? example->failure : "", example->text);
        g_test_fail();
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clang/pack/examples", test_examples);
    return g_test_run();
}
