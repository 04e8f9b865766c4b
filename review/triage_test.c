/* Triage over one file of code: what counts, what is suppressed, what is dropped, and what is told of it. */
#include "review/triage.h"

#include "review/gate.h"

#include <string.h>

static const char *const linters[] = {"ruff", "flake8", NULL};
static const char *const packs[] = {"python", NULL};
static const char *const none[] = {NULL};
static const PolicyWords words = {
    .linters = linters, .packs = packs, .languages = none, .formats = none, .complexity = linters};

/* One file, as two linters and the built-in rules have looked at it. */
typedef struct {
    Policy *policy;
    Change *change;
    GPtrArray *ledger, *checks, *findings;
    RuleSet *rules;
    Triage triage;
} Case;

static CheckResult *add_check(Case *c, const char *name, const char *path) {
    CheckResult *check = check_result_new(name);

    g_ptr_array_add(check->paths, g_strdup(path));
    g_ptr_array_add(c->checks, check);
    ledger_add(c->ledger, check);
    return check;
}

static Case *case_new(const char *policy, const char *path, const char *code) {
    g_autofree char *text = g_strconcat("version: 1\n", policy, NULL);
    g_autoptr(YamlErrors) errors = yaml_errors_new("policy");
    g_autoptr(Match) exclude = match_new(NULL, NULL);
    Case *c = g_new0(Case, 1);
    g_autofree char *said = NULL;

    c->policy = policy_parse(text, strlen(text), "policy", &words, errors);
    said = yaml_errors_text(errors);
    g_assert_cmpstr(said, ==, "");
    c->change = change_from_code(path, code, strlen(code));
    c->ledger = ledger_new(c->change, exclude);
    c->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_result_free);
    c->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    c->rules = rule_set_new();
    g_assert_true(rule_set_add_pack(c->rules, "python", errors));
    add_check(c, "flake8", path);
    add_check(c, "ruff", path);
    add_check(c, "sallyport", path);
    ledger_close(c->ledger);
    c->triage = (Triage){.findings = c->findings,
                         .change = c->change,
                         .policy = c->policy,
                         .ledger = c->ledger,
                         .checks = c->checks,
                         .rules = c->rules,
                         .today = 20261124};
    return c;
}

static void case_free(Case *c) {
    g_ptr_array_unref(c->findings);
    g_clear_pointer(&c->triage.dropped, g_ptr_array_unref);
    g_ptr_array_unref(c->checks);
    g_ptr_array_unref(c->ledger);
    rule_set_free(c->rules);
    policy_free(c->policy);
    change_free(c->change);
    g_free(c);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

static Finding *add(Case *c, const char *tool, const char *code, guint first, guint last) {
    const ChangedFile *file = change_files(c->change)->pdata[0];
    Finding *finding =
        finding_new(tool, code, SEVERITY_ERROR, file->path, (Region){first, first > 0 ? 1 : 0, last, 2}, "m");

    g_ptr_array_add(c->findings, finding);
    return finding;
}

/* "ruff.F401@1 error", with "(why)" where it is suppressed and "-" before it where it does not count. */
static char *outcome(Case *c) {
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    triage_run(&c->triage, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < c->findings->len; i++) {
        const Finding *finding = c->findings->pdata[i];

        g_string_append_printf(out, "%s%s%s@%u %s", i > 0 ? ", " : "", finding_counts(finding) ? "" : "-",
                               finding->rule, finding->region.start_line, severity_name(finding->severity));
        if (finding->suppression != NULL)
            g_string_append_printf(out, " (%s)", finding->suppression->justification);
    }
    return g_string_free(out, FALSE);
}

static void assert_outcome(Case *c, const char *expected) {
    g_autofree char *got = outcome(c);

    g_assert_cmpstr(got, ==, expected);
}

/* ---- overrides */

static void assert_override(const char *overrides, const char *path, const char *tool, const char *code,
                            const char *expected) {
    g_autofree char *policy = g_strdup_printf("overrides: [%s]\n", overrides);
    g_autoptr(Case) c = case_new(policy, path, "x\n");

    add(c, tool, code, 1, 1);
    assert_outcome(c, expected);
}

static void test_overrides(void) {
    const char *two = "{files: a/, severity: {F: note}}, {files: '*.py', severity: {F401: warning, W: off}}";

    assert_override(two, "b/x.py", "ruff", "F401", "ruff.F401@1 warning");
    assert_override(two, "a/x.py", "ruff", "F401", "ruff.F401@1 warning"); /* the last one */
    assert_override(two, "a/x.py", "ruff", "F841", "ruff.F841@1 note");    /* of which the last is silent */
    assert_override(two, "a/x.py", "flake8", "W291", "");
    assert_override(two, "a/x.pyi", "flake8", "W291", "flake8.W291@1 error");
    assert_override("{files: ['*.py', '!a/**'], severity: {python: off}}", "b/x.py", "sallyport",
                    "python.eval", "");
    assert_override("{files: ['*.py', '!a/**'], severity: {python: off}}", "a/x.py", "sallyport",
                    "python.eval", "python.eval@1 error");
    assert_override("{files: '*', severity: {ruff.F401: note}}", "x.py", "flake8", "F401",
                    "flake8.F401@1 error");
}

/* They stand behind the severities of the rules, and can turn on what those turn off. */
static void test_overrides_and_rules(void) {
    g_autoptr(Case) c = case_new("rules: {severity: {python: off}}\n"
                                 "overrides: [{files: 'x*', severity: {python.eval: warning}}]\n",
                                 "x.py", "x\n");

    add(c, "sallyport", "python.eval", 1, 1);
    add(c, "sallyport", "python.exec", 1, 1);
    assert_outcome(c, "python.eval@1 warning");
}

/* A severity for everything is none for a file that nobody could read. */
static void test_overrides_and_syntax(void) {
    assert_override("{files: '*', severity: note}", "x.py", "ruff", "invalid-syntax",
                    "ruff.invalid-syntax@1 error");
    assert_override("{files: '*', severity: off}", "x.py", "flake8", "E999", "flake8.E999@1 error");
    assert_override("{files: '*', severity: {E9: warning}}", "x.py", "flake8", "E999",
                    "flake8.E999@1 warning");
}

static void test_complexity(void) {
    g_autoptr(Case) c = case_new("linters: {ruff: {severity: {C: note}}}\ngate: {max_complexity: 5}\n"
                                 "overrides: [{files: old/, severity: {C901: off}}]\n",
                                 "x.py", "x\n");
    g_autoptr(Case) old = case_new("linters: {ruff: {}}\ngate: {max_complexity: 5}\n"
                                   "overrides: [{files: old/, severity: {C901: off}}]\n",
                                   "old/x.py", "x\n");

    add(c, "ruff", "C901", 1, 1)->severity = SEVERITY_NOTE;
    assert_outcome(c, "ruff.C901@1 error");
    add(old, "ruff", "C901", 1, 1);
    assert_outcome(old, "");
}

/* ---- suppressions */

/* One finding of ruff.F401 on line 2 of this code. */
static void assert_suppression(const char *policy, const char *code, const char *expected) {
    g_autoptr(Case) c = case_new(policy, "x.py", code);

    add(c, "ruff", "F401", 2, 2);
    assert_outcome(c, expected);
}

static void test_places(void) {
    assert_suppression("", "a\nb  # sallyport: ignore[ruff.F401] -- why\n", "-ruff.F401@2 error (why)");
    assert_suppression("", "# sallyport: ignore[F401] -- why\nb\n", "-ruff.F401@2 error (why)");
    assert_suppression("", "a\nb\nc\n# sallyport: ignore-file[F401] -- why\n", "-ruff.F401@2 error (why)");
    /* not of the next line, where there is code before it */
    assert_suppression("", "a  # sallyport: ignore[F401] -- why\nb\n",
                       "suppress.unused@1 warning, ruff.F401@2 error");
    assert_suppression("", "a\nb\nc  # sallyport: ignore[F401] -- why\n",
                       "ruff.F401@2 error, suppress.unused@3 warning");
    assert_suppression("", "a\n\"# sallyport: ignore[F401] -- why\"\n", "ruff.F401@2 error");
}

static void test_names(void) {
    assert_suppression("", "a\nb  # sallyport: ignore[ruff.F40] -- why\n",
                       "ruff.F401@2 error, suppress.unused@2 warning");
    assert_suppression("", "a\nb  # sallyport: ignore[ruff] -- why\n",
                       "ruff.F401@2 error, suppress.unused@2 warning");
    assert_suppression("", "a\nb  # sallyport: ignore[flake8.F401, F401] -- why\n",
                       "-ruff.F401@2 error (why), suppress.unused@2 warning");
    assert_suppression("", "a\nb  # sallyport: ignore[*] -- why\n",
                       "ruff.F401@2 error, suppress.malformed@2 warning");
}

/* Of several lines: at either end. */
static void test_long_findings(void) {
    static const char *const codes[] = {"x  # sallyport: ignore[F401] -- why\n2\n3\n4\n",
                                        "1\n2\nx  # sallyport: ignore[F401] -- why\n4\n",
                                        "1\nx  # sallyport: ignore[F401] -- why\n3\n4\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autoptr(Case) c = case_new("", "x.py", codes[i]);

        add(c, "ruff", "F401", 1, 3);
        assert_outcome(c,
                       i < 2 ? "-ruff.F401@1 error (why)" : "ruff.F401@1 error, suppress.unused@2 warning");
    }
}

/* Of the file as a whole: only by ignore-file. */
static void test_file_findings(void) {
    g_autoptr(Case) line = case_new("", "x.py", "# sallyport: ignore[F401] -- why\n");
    g_autoptr(Case) file = case_new("", "x.py", "# sallyport: ignore-file[F401] -- why\n");

    add(line, "ruff", "F401", 0, 0);
    assert_outcome(line, "ruff.F401@0 error, suppress.unused@1 warning");
    add(file, "ruff", "F401", 0, 0);
    assert_outcome(file, "-ruff.F401@0 error (why)");
}

static void test_required(void) {
    const char *all = "suppress: {require: [reason, until, owner]}\n";

    assert_suppression("", "a\nb  # sallyport: ignore[F401]\n",
                       "ruff.F401@2 error, suppress.incomplete@2 warning");
    assert_suppression("suppress: {require: []}\n", "a\nb  # sallyport: ignore[F401] owner=ada\n",
                       "-ruff.F401@2 error (owner ada)");
    assert_suppression(all, "a\nb  # sallyport: ignore[F401] until=2027-01-01 -- why\n",
                       "ruff.F401@2 error, suppress.incomplete@2 warning");
    assert_suppression(all, "a\nb  # sallyport: ignore[F401] until=2027-01-01 owner=ada -- why\n",
                       "-ruff.F401@2 error (why; until 2027-01-01; owner ada)");
}

static void test_what_is_missing_is_told(void) {
    g_autoptr(Case) c =
        case_new("suppress: {require: [owner, until, reason]}\n", "x.py", "a  # sallyport: ignore[F401]\n");

    assert_outcome(c, "suppress.incomplete@1 warning");
    g_assert_cmpstr(((Finding *)c->findings->pdata[0])->message, ==,
                    "This suppresses nothing: the policy requires a reason (-- REASON) and a last day "
                    "(until=YYYY-MM-DD) and an owner (owner=NAME)");
}

/* The last day itself counts. */
static void test_expiry(void) {
    assert_suppression("", "a\nb  # sallyport: ignore[F401] until=2026-11-24 -- why\n",
                       "-ruff.F401@2 error (why; until 2026-11-24)");
    assert_suppression("", "a\nb  # sallyport: ignore[F401] until=2026-11-23 -- why\n",
                       "ruff.F401@2 error, suppress.expired@2 warning");
}

static void test_not_inline(void) {
    assert_suppression("suppress: {inline: false}\n", "a\nb  # sallyport: ignore[F401] -- why\n",
                       "ruff.F401@2 error");
}

/* ---- suppressions that suppress nothing */

static void assert_unused(const char *policy, const char *rule, const char *failed, const char *expected) {
    g_autofree char *code = g_strdup_printf("x  # sallyport: ignore[%s] -- why\n", rule);
    g_autoptr(Case) c = case_new(policy, "x.py", code);

    for (guint i = 0; i < c->checks->len; i++)
        if (g_strcmp0(((CheckResult *)c->checks->pdata[i])->name, failed) == 0)
            check_fail(c->checks->pdata[i], "crashed", NULL);
    assert_outcome(c, expected);
}

/* Only where everybody who could have found it has looked. */
static void test_unused(void) {
    assert_unused("", "ruff.F401", NULL, "suppress.unused@1 warning");
    assert_unused("", "ruff.F401", "ruff", "");
    assert_unused("", "ruff.F401", "flake8", "suppress.unused@1 warning");
    assert_unused("", "F401", "flake8", "");
    assert_unused("", "F401", NULL, "suppress.unused@1 warning");
    assert_unused("", "black.format", NULL, ""); /* black was not there */
    assert_unused("", "python.eval", NULL, "suppress.unused@1 warning");
    assert_unused("", "python.eval", "sallyport", "");
    assert_unused("", "secret.aws-key", NULL, ""); /* not in the packs of this policy */
    assert_unused("", "python.evl", NULL, "suppress.unused@1 warning");
    assert_unused("", "python", NULL, "suppress.unused@1 warning");
    assert_unused("", "pythons.eval", NULL, "");
}

static void test_severity_of_unused(void) {
    assert_unused("suppress: {unused: error}\n", "F401", NULL, "suppress.unused@1 error");
    assert_unused("suppress: {unused: off}\n", "F401", NULL, "");
    assert_unused("overrides: [{files: '*', severity: {suppress: note}}]\n", "F401", NULL,
                  "suppress.unused@1 note");
    assert_unused("rules: {severity: {suppress.unused: off}}\n", "F401", NULL, "");
}

/* Two comments of one finding: neither is unused. */
static void test_twice(void) {
    assert_suppression("",
                       "# sallyport: ignore-file[ruff.F401] -- file\nb  # sallyport: ignore[F401] -- line\n",
                       "-ruff.F401@2 error (file)");
}

/* A comment makes nobody blind, and nothing is known of what stands in such a file. */
static void test_syntax_error(void) {
    g_autoptr(Case) c =
        case_new("", "x.py", "# sallyport: ignore-file[ruff.invalid-syntax, F401, python.eval] -- why\n");

    add(c, "ruff", "invalid-syntax", 2, 2);
    assert_outcome(c, "ruff.invalid-syntax@2 error");
}

static void test_edited_policy(void) {
    g_autoptr(Case) c =
        case_new("", ".sallyport.yaml",
                 "# sallyport: ignore-file[change.policy-edited, change.linter-config-edited] -- why\n");

    add(c, "sallyport", "change.policy-edited", 0, 0)->of_change = true;
    add(c, "sallyport", "change.linter-config-edited", 0, 0)->of_change = true;
    assert_outcome(c, "change.linter-config-edited@0 error, change.policy-edited@0 error");
}

/* What is said of suppressions is not for suppressions. */
static void test_no_suppression_of_suppressions(void) {
    g_autoptr(Case) c = case_new(
        "", "x.py", "# sallyport: ignore-file[suppress.unused] -- why\nx  # sallyport: ignore[E501] -- z\n");

    assert_outcome(c, "suppress.malformed@1 warning, suppress.unused@2 warning");
}

static void test_rules_are_described(void) {
    g_autoptr(Case) c = case_new("", "x.py", "x  # sallyport: ignore\n");
    CheckResult *own = c->checks->pdata[2];
    const RuleInfo *rule;

    assert_outcome(c, "suppress.malformed@1 warning");
    rule = g_hash_table_lookup(own->rules, "suppress.malformed");
    g_assert_nonnull(rule);
    g_assert_cmpstr(rule->summary, ==, "A suppression that cannot be read");
    g_assert_null(g_hash_table_lookup(own->rules, "suppress.unused"));
}

/* ---- the rest */

static void test_said_twice(void) {
    g_autoptr(Case) c = case_new("gate: {merge_duplicates: false}\n", "x.py", "a\nb\nc\n");

    for (guint i = 0; i < 3; i++) {
        add(c, "ruff", "F401", 1 + i, 1 + i);
        add(c, "ruff", "F401", 1, 1);
        add(c, "flake8", "F401", 3, 3);
    }
    assert_outcome(c, "ruff.F401@1 error, ruff.F401@2 error, flake8.F401@3 error, ruff.F401@3 error");
}

/* Each step is told, also of what is dropped. */
static void test_explained(void) {
    g_autoptr(Case) c = case_new("overrides: [{files: '*', severity: {W: off, F: warning}}]\n", "x.py",
                                 "b  # sallyport: ignore[F401] -- why\n");
    g_autoptr(GString) told = g_string_new(NULL);
    const Finding *dropped;

    c->triage.dropped = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    add(c, "flake8", "W291", 1, 1);
    add(c, "ruff", "F401", 1, 1);
    assert_outcome(c, "-ruff.F401@1 warning (why)");
    for (guint i = 0; i < ((Finding *)c->findings->pdata[0])->notes->len; i++) {
        const FindingNote *note = ((Finding *)c->findings->pdata[0])->notes->pdata[i];

        g_string_append_printf(told, "%s: %s\n", note->step, note->text);
    }
    g_assert_cmpstr(told->str, ==,
                    "severity: comes as error\n"
                    "overrides: warning, by overrides[0]\n"
                    "off: nothing to do\n"
                    "sort: nothing to do\n"
                    "suppress: suppressed by the comment on line 1: why\n"
                    "scope: in scope: it touches a changed line\n"
                    "place: its fingerprint is daca837be3b96a13:1\n"
                    "baseline: nothing to do\n"
                    "secrets: nothing to do\n"
                    "merge: nothing to do\n");
    g_assert_cmpuint(c->triage.dropped->len, ==, 1);
    dropped = c->triage.dropped->pdata[0];
    g_assert_cmpstr(dropped->rule, ==, "flake8.W291");
    g_assert_cmpuint(dropped->notes->len, ==, 3);
    g_assert_cmpstr(((FindingNote *)dropped->notes->pdata[2])->text, ==, "dropped: its severity is off");
}

/* ---- the gate */

static void assert_gate(const char *gate, Verdict expected, const char *reasons) {
    g_autofree char *policy = g_strdup_printf("gate: %s\n", gate);
    g_autoptr(Case) c = case_new(policy, "x.py", "a\nb  # sallyport: ignore[F841] -- why\nc\n");
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
    guint counts[SEVERITY_ERROR + 1] = {0};
    g_autofree char *joined = NULL;

    add(c, "ruff", "F401", 1, 1);
    add(c, "flake8", "F401", 3, 3);
    add(c, "ruff", "F841", 2, 2); /* suppressed */
    add(c, "sallyport", "python.eval", 2, 2)->severity = SEVERITY_WARNING;
    g_free(outcome(c));
    g_assert_cmpint(gate_decide(&c->policy->gate, c->findings, c->ledger, c->checks, counts, said), ==,
                    expected);
    g_assert_cmpuint(counts[SEVERITY_ERROR], ==, 2);
    g_assert_cmpuint(counts[SEVERITY_WARNING], ==, 1);
    g_ptr_array_add(said, NULL);
    joined = g_strjoinv("\n", (char **)said->pdata);
    g_assert_cmpstr(joined, ==, reasons);
}

static void test_gate(void) {
    assert_gate("{}", VERDICT_REJECTED, "2 errors, 0 allowed: 2 too many (gate.allow.error)");
    assert_gate("{allow: {error: 1}}", VERDICT_REJECTED,
                "2 errors, 1 allowed: 1 too many (gate.allow.error)");
    assert_gate("{allow: {error: 2}}", VERDICT_PASSED, "");
    assert_gate("{allow: {error: 2}, allow_per_file: 2}", VERDICT_REJECTED,
                "3 findings in x.py, 2 allowed: 1 too many (gate.allow_per_file)");
    assert_gate("{allow: {error: 2}, allow_per_file: 3}", VERDICT_PASSED, "");
    assert_gate("{allow: {error: 2}, allow_rules: {F401: 1}}", VERDICT_REJECTED,
                "2 findings of F401, 1 allowed: 1 too many (gate.allow_rules)");
    assert_gate("{allow: {error: 2}, allow_rules: {ruff.F401: 1, F841: 0, F: 2}}", VERDICT_PASSED, "");
    assert_gate("{allow: {error: unlimited}, allow_rules: {python: 0, ruff.F401: 0}}", VERDICT_REJECTED,
                "1 finding of python, 0 allowed: 1 too many (gate.allow_rules)\n"
                "1 finding of ruff.F401, 0 allowed: 1 too many (gate.allow_rules)");
    /* A limit of a rule gives no leave that another limit does not give. */
    assert_gate("{allow_rules: {F401: 5}}", VERDICT_REJECTED,
                "2 errors, 0 allowed: 2 too many (gate.allow.error)");
}

/* One finding of two names counts once, at the limits of both. */
static void test_merged_at_the_gate(void) {
    g_autoptr(Case) c = case_new(
        "gate: {allow: {error: 1}, allow_rules: {ruff.F401: 0, flake8.F401: 0, F401: 1}}\n", "x.py", "a\n");
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
    guint counts[SEVERITY_ERROR + 1] = {0};

    add(c, "ruff", "F401", 1, 1);
    add(c, "flake8", "F401", 1, 1);
    assert_outcome(c, "flake8.F401@1 error");
    g_assert_cmpint(gate_decide(&c->policy->gate, c->findings, c->ledger, c->checks, counts, said), ==,
                    VERDICT_REJECTED);
    g_assert_cmpuint(counts[SEVERITY_ERROR], ==, 1);
    g_assert_cmpuint(said->len, ==, 2);
    g_assert_cmpstr(said->pdata[0], ==, "1 finding of ruff.F401, 0 allowed: 1 too many (gate.allow_rules)");
    g_assert_cmpstr(said->pdata[1], ==, "1 finding of flake8.F401, 0 allowed: 1 too many (gate.allow_rules)");
}

/* One finding: by whichever of its names. */
static void test_merge_and_suppression(void) {
    g_autoptr(Case) one = case_new("", "x.py", "x  # sallyport: ignore[ruff.F401] -- why\n");
    g_autoptr(Case) both = case_new("", "x.py", "x  # sallyport: ignore[F401] -- why\n");

    add(one, "ruff", "F401", 1, 1);
    add(one, "flake8", "F401", 1, 1);
    assert_outcome(one, "-flake8.F401@1 error (why)");
    add(both, "ruff", "F401", 1, 1);
    add(both, "flake8", "F401", 1, 1);
    assert_outcome(both, "-flake8.F401@1 error (why)");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/triage/overrides", test_overrides);
    g_test_add_func("/triage/overrides-and-rules", test_overrides_and_rules);
    g_test_add_func("/triage/overrides-and-syntax", test_overrides_and_syntax);
    g_test_add_func("/triage/complexity", test_complexity);
    g_test_add_func("/triage/suppress/places", test_places);
    g_test_add_func("/triage/suppress/names", test_names);
    g_test_add_func("/triage/suppress/long-findings", test_long_findings);
    g_test_add_func("/triage/suppress/file-findings", test_file_findings);
    g_test_add_func("/triage/suppress/required", test_required);
    g_test_add_func("/triage/suppress/missing", test_what_is_missing_is_told);
    g_test_add_func("/triage/suppress/expiry", test_expiry);
    g_test_add_func("/triage/suppress/not-inline", test_not_inline);
    g_test_add_func("/triage/suppress/unused", test_unused);
    g_test_add_func("/triage/suppress/severity-of-unused", test_severity_of_unused);
    g_test_add_func("/triage/suppress/twice", test_twice);
    g_test_add_func("/triage/suppress/syntax-error", test_syntax_error);
    g_test_add_func("/triage/suppress/edited-policy", test_edited_policy);
    g_test_add_func("/triage/suppress/of-suppressions", test_no_suppression_of_suppressions);
    g_test_add_func("/triage/suppress/described", test_rules_are_described);
    g_test_add_func("/triage/said-twice", test_said_twice);
    g_test_add_func("/triage/explained", test_explained);
    g_test_add_func("/triage/gate", test_gate);
    g_test_add_func("/triage/merged-at-the-gate", test_merged_at_the_gate);
    g_test_add_func("/triage/merge-and-suppression", test_merge_and_suppression);
    return g_test_run();
}
