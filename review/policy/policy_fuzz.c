/* Any bytes as a policy: either it has errors, or it shows itself and what is shown reads back to the same.
 */
#include "review/policy/fixture.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* NULL where the text is not a valid policy, which it may be with errors only. */
static Policy *parse_any(const char *text, size_t size) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    Policy *policy = policy_parse(text, size, POLICY_FILE, &words, errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_true((policy == NULL) == (errors->list->len > 0));
    g_assert_true(g_utf8_validate(all, -1, NULL));
    return policy;
}

/* Asks for codes of all sorts: what is asked does not matter, as long as the map answers. */
static void ask_severities(const GArray *map) {
    static const char *const codes[] = {"", "F", "F401", "FBT001", "python.eval", "syntax-error"};
    Severity severity;

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (severity_map_get(map, "ruff", codes[i], &severity))
            g_assert_cmpint(severity, <=, SEVERITY_ERROR);
        if (severity_map_get(map, "sallyport", codes[i], &severity))
            g_assert_cmpint(severity, <=, SEVERITY_ERROR);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    g_autoptr(Policy) policy = parse_any((const char *)data, size);
    g_autoptr(Policy) again = NULL;
    g_autofree char *shown = NULL, *shown_again = NULL;

    if (policy == NULL)
        return 0;
    ask_severities(policy->rule_severity);
    shown = policy_show(policy);
    again = parse_any(shown, strlen(shown));
    g_assert_nonnull(again);
    shown_again = policy_show(again);
    g_assert_cmpstr(shown, ==, shown_again);
    return 0;
}
