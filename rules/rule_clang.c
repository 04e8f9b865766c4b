/* Rules of the kind clang: what clang itself warns of.
 *
 *   clang:
 *     flag: [parentheses]      # of -W, by the name that clang gives in brackets
 *     says: PATTERN            # only warnings that say this
 *     fixit:                   # its fix-it is the finding's fix: that of the warning, or of a note that
 *       {says: PATTERN, safe: true}   # says this; only with `safe` it is applied
 *
 * In messages, %{clang} is what clang says. */
#include "rules/rule_read.h"

#include <jansson.h>

/* What may be asked for: -W with that name. Each is the name by which clang tells of the warning, and has
 * been there since version 13. */
static const char *const flags[] = {
    "absolute-value",
    "address",
    "address-of-packed-member",
    "alloca",
    "array-bounds",
    "array-bounds-pointer-arithmetic",
    "assign-enum",
    "bitfield-constant-conversion",
    "bitwise-op-parentheses",
    "bool-operation",
    "cast-qual",
    "comma",
    "constant-conversion",
    "dangling",
    "dangling-else",
    "dangling-field",
    "dangling-gsl",
    "delete-abstract-non-virtual-dtor",
    "delete-incomplete",
    "delete-non-abstract-non-virtual-dtor",
    "div-by-zero",
    "division-by-zero",
    "empty-body",
    "enum-conversion",
    "float-equal",
    "for-loop-analysis",
    "format",
    "format-extra-args",
    "format-insufficient-args",
    "format-nonliteral",
    "format-security",
    "format-zero-length",
    "fortify-source",
    "implicit-fallthrough",
    "int-conversion",
    "int-to-pointer-cast",
    "logical-not-parentheses",
    "logical-op-parentheses",
    "memset-transposed-args",
    "missing-braces",
    "misleading-indentation",
    "non-pod-varargs",
    "nonnull",
    "null-arithmetic",
    "null-dereference",
    "parentheses",
    "parentheses-equality",
    "pointer-bool-conversion",
    "pointer-sign",
    "return-local-addr",
    "return-stack-address",
    "return-type",
    "self-assign",
    "shadow",
    "shift-count-negative",
    "shift-count-overflow",
    "shift-op-parentheses",
    "sign-compare",
    "sizeof-array-argument",
    "sizeof-array-decay",
    "sizeof-array-div",
    "sizeof-pointer-div",
    "sizeof-pointer-memaccess",
    "sometimes-uninitialized",
    "string-compare",
    "string-plus-char",
    "string-plus-int",
    "strlcpy-strlcat-size",
    "strncat-size",
    "suspicious-bzero",
    "switch",
    "tautological-compare",
    "tautological-constant-out-of-range-compare",
    "tautological-overlap-compare",
    "tautological-pointer-compare",
    "tautological-unsigned-zero-compare",
    "unevaluated-expression",
    "uninitialized",
    "unreachable-code",
    "unsequenced",
    "unused-comparison",
    "unused-result",
    "unused-value",
    "varargs",
    "visibility",
    "vla",
    "xor-used-as-pow",
    NULL,
};

/* Which of the fix-its: clang often offers two, and tells of each in a note. */
static void read_fixit(const YamlNode *node, Rule *rule, json_t *json, YamlErrors *errors) {
    static const char *const keys[] = {"says", "safe", NULL};
    const YamlNode *says, *safe;
    bool is_safe = false;

    if (node == NULL || !yaml_keys(node, keys, errors))
        return;
    says = yaml_get(node, "says");
    safe = yaml_get(node, "safe");
    json_object_set_new(json, "fixit", says != NULL ? rule_read_pattern(says, errors) : json_string(""));
    if (safe != NULL)
        (void)yaml_bool(safe, &is_safe, errors);
    rule->fix_kind = is_safe ? FIX_SAFE : FIX_UNSAFE;
}

void rule_read_clang(const YamlNode *node, Rule *rule, YamlErrors *errors) {
    static const char *const keys[] = {"flag", "says", "fixit", NULL};
    const YamlNode *flag, *says;
    json_t *json;

    if (!yaml_keys(node, keys, errors))
        return;
    rule_check_c_languages(node, rule, errors);
    json = json_object();
    flag = rule_required(node, "flag", errors);
    if (flag != NULL)
        json_object_set_new(json, "flags", rule_read_words(flag, flags, errors));
    says = yaml_get(node, "says");
    if (says != NULL)
        json_object_set_new(json, "says", rule_read_pattern(says, errors));
    read_fixit(yaml_get(node, "fixit"), rule, json, errors);
    rule->clang = json_dumps(json, JSON_COMPACT);
    json_decref(json);
}
