/* The baseline: what is read of it, and which findings it has. */
#include "review/baseline.h"

#include "review/change/fixture.h"
#include "review/fingerprint.h"
#include "review/ledger.h"

#define RESULT(rule, uri, hash)                                                                              \
    "{\"ruleId\": \"" rule "\", \"message\": {\"text\": \"m\"}, \"locations\": [{\"physicalLocation\": "     \
    "{\"artifactLocation\": {\"uri\": \"" uri "\"}, \"region\": {\"startLine\": 3}}}], "                     \
    "\"partialFingerprints\": {\"primaryLocationLineHash\": \"" hash "\"}}"
#define LOG(results) "{\"version\": \"2.1.0\", \"runs\": [{\"results\": [" results "]}]}"

static Baseline *parse(const char *text) {
    g_autoptr(GError) error = NULL;
    Baseline *baseline = baseline_parse(text, strlen(text), "b.sarif", &error);

    g_assert_no_error(error);
    return baseline;
}

static void assert_malformed(const char *text, const char *message) {
    g_autoptr(GError) error = NULL;

    g_assert_null(baseline_parse(text, strlen(text), "b.sarif", &error));
    g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE);
    if (!g_str_has_prefix(error->message, message))
        g_error("\"%s\" does not begin with \"%s\"", error->message, message);
}

static void test_malformed(void) {
    assert_malformed("", "b.sarif:1:1: this is no JSON: ");
    assert_malformed("{\n  \"version\": \"2.1.0\",\n", "b.sarif:3:1: this is no JSON: ");
    assert_malformed("[]", "b.sarif: version and runs: this is no SARIF 2.1.0 (a baseline is written by");
    assert_malformed("{\"version\": \"2.0.0\", \"runs\": []}", "b.sarif: version and runs: ");
    assert_malformed("{\"version\": \"2.1.0\", \"runs\": {}}", "b.sarif: version and runs: ");
    assert_malformed("{\"version\": \"2.1.0\", \"runs\": [{}, 5]}", "b.sarif: runs[1].results: no run");
    assert_malformed("{\"version\": \"2.1.0\", \"runs\": [{\"results\": 5}]}",
                     "b.sarif: runs[0].results: expected a list");
    assert_malformed(LOG(RESULT("r.1", "a.py", "1:1") ", {}"), "b.sarif: runs[0].results[1]: no ruleId");
    assert_malformed(LOG(RESULT("", "a.py", "1:1")), "b.sarif: runs[0].results[0]: no ruleId");
    assert_malformed(LOG(RESULT("r.1", "a.py", "")),
                     "b.sarif: runs[0].results[0]: no partialFingerprints.primaryLocationLineHash");
    assert_malformed(LOG(RESULT("r.1", "file:///a.py", "1:1")), "b.sarif: runs[0].results[0]: no location");
    assert_malformed(LOG(RESULT("r.1", "/a.py", "1:1")), "b.sarif: runs[0].results[0]: no location");
    assert_malformed(LOG(RESULT("r.1", "a%00.py", "1:1")), "b.sarif: runs[0].results[0]: no location");
    assert_malformed("{\"version\": \"2.1.0\", \"version\": \"2.1.0\", \"runs\": []}", "b.sarif:1:");
}

/* As other tools may write it. */
static void test_nothing_in_it(void) {
    g_autoptr(Baseline) no_runs = parse("{\"version\": \"2.1.0\", \"runs\": []}");
    g_autoptr(Baseline) no_results =
        parse("{\"version\": \"2.1.0\", \"runs\": [{}, {\"results\": null}, {\"results\": []}]}");

    g_assert_cmpuint(baseline_stale(no_runs)->len, ==, 0);
    g_assert_cmpuint(baseline_stale(no_results)->len, ==, 0);
}

static void test_too_large(void) {
    g_autoptr(GString) text = g_string_new("{\"version\": \"2.1.0\", \"runs\": [{\"results\": [");
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i <= CAP_BASELINE_ENTRIES; i++)
        g_string_append(text, i > 0 ? "," RESULT("r", "a", "1") : RESULT("r", "a", "1"));
    g_string_append(text, "]}]}");
    g_assert_null(baseline_parse(text->str, text->len, "b.sarif", &error));
    g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT);
    g_assert_cmpstr(error->message, ==, "b.sarif: more than 100000 findings are in it");
}

/* ---- matching */

/* The review of the repository in the current directory, in which each finding is "RULE PATH LINE". */
typedef struct {
    Policy *policy;
    Change *change;
    GPtrArray *ledger, *findings;
} Case;

static Case *case_new(ChangeSource source, const char *const *paths) {
    static const char *const none[] = {NULL};
    static const PolicyWords words = {.linters = none, .packs = none, .languages = none, .formats = none};
    g_autoptr(Match) exclude = match_new(NULL, NULL);
    Case *c = g_new0(Case, 1);

    c->policy = policy_default(&words);
    c->change = load_change(source, NULL, paths);
    c->ledger = ledger_new(c->change, exclude);
    c->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    return c;
}

static void case_free(Case *c) {
    g_ptr_array_unref(c->findings);
    g_ptr_array_unref(c->ledger);
    policy_free(c->policy);
    change_free(c->change);
    g_free(c);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

static void add(Case *c, const char *rule, const char *path, guint line) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = change_read(c->change, path, &error);
    Finding *finding = finding_new("sallyport", rule, SEVERITY_ERROR, path, (Region){line, 1, line, 2}, "m");
    g_autoptr(GPtrArray) lines = NULL;

    g_assert_no_error(error);
    lines = fingerprint_lines(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    finding->fingerprint = g_strdup(lines->pdata[line - 1]);
    finding->line_hash = g_strdup_printf("line %s", (char *)lines->pdata[line - 1]);
    finding->new_code = true;
    g_ptr_array_add(c->findings, finding);
}

/* "-" before a finding that is in the baseline; behind a bar what no longer occurs. */
static char *apply(Case *c, Baseline *baseline) {
    Triage triage = {.findings = c->findings,
                     .change = c->change,
                     .policy = c->policy,
                     .ledger = c->ledger,
                     .baseline = baseline};
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    baseline_apply(&triage, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < c->findings->len; i++) {
        const Finding *finding = c->findings->pdata[i];

        g_string_append_printf(out, "%s%s%s %s:%u", i > 0 ? ", " : "", finding_counts(finding) ? "" : "-",
                               finding->rule, finding->path, finding->region.start_line);
    }
    for (guint i = 0; i < baseline_stale(baseline)->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : " | ",
                               (const char *)baseline_stale(baseline)->pdata[i]);
    return g_string_free(out, FALSE);
}

static void assert_applied(Case *c, Baseline *baseline, const char *expected) {
    g_autofree char *got = apply(c, baseline);

    g_assert_cmpstr(got, ==, expected);
}

/* Without what no longer occurs. */
static void assert_matched(Case *c, Baseline *baseline, const char *expected) {
    g_autofree char *got = apply(c, baseline);

    *strstr(got, " | ") = '\0';
    g_assert_cmpstr(got, ==, expected);
}

/* A baseline of the findings of a case. */
static Baseline *baseline_of(const Case *c) {
    g_autoptr(GString) text = g_string_new("{\"version\": \"2.1.0\", \"runs\": [{\"results\": [");

    for (guint i = 0; i < c->findings->len; i++) {
        const Finding *finding = c->findings->pdata[i];
        g_autofree char *uri = text_path_uri(finding->path);

        g_string_append_printf(
            text,
            "%s{\"ruleId\": \"%s\", \"locations\": [{\"physicalLocation\": "
            "{\"artifactLocation\": {\"uri\": \"%s\"}, \"region\": {\"startLine\": %u}}}], "
            "\"partialFingerprints\": {\"primaryLocationLineHash\": \"%s\", \"sallyportLineHash/v1\": "
            "\"%s\"}}",
            i > 0 ? "," : "", finding->rule, uri, finding->region.start_line, finding->fingerprint,
            finding->line_hash);
    }
    g_string_append(text, "]}]}");
    return parse(text->str);
}

/* Lines that are far enough from each other to have nothing to do with each other's fingerprints. */
static void write_lines(const char *path, const char *words) {
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    g_autofree char *far = g_strnfill(120, '.');
    g_autoptr(GString) text = g_string_new(NULL);

    for (char **part = parts; *part != NULL; part++)
        g_string_append_printf(text, "%s%s\n", *part, far);
    write_text(path, text->str);
}

static void test_found_again(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) before = NULL, after = NULL;
    g_autoptr(Baseline) baseline = NULL;

    write_lines("a.py", "one two three");
    do_commit("first");
    before = case_new(CHANGE_ALL, NULL);
    add(before, "r.x", "a.py", 2);
    add(before, "r.y", "a.py", 3);
    baseline = baseline_of(before);
    write_lines("a.py", "zero one two three two");
    do_commit("second");
    after = case_new(CHANGE_ALL, NULL);
    add(after, "r.x", "a.py", 3); /* has moved */
    add(after, "r.z", "a.py", 4); /* another rule */
    add(after, "r.x", "a.py", 5); /* one more of the same */
    assert_applied(after, baseline, "-r.x a.py:3, r.z a.py:4, r.x a.py:5 | r.y in a.py, line 3");
}

/* An entry stands for one finding, also where two are on one line. */
static void test_one_for_one(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) before = NULL, after = NULL;
    g_autoptr(Baseline) baseline = NULL;

    write_lines("a.py", "one");
    do_commit("first");
    before = case_new(CHANGE_ALL, NULL);
    add(before, "r.x", "a.py", 1);
    baseline = baseline_of(before);
    after = case_new(CHANGE_ALL, NULL);
    add(after, "r.x", "a.py", 1);
    add(after, "r.x", "a.py", 1);
    assert_applied(after, baseline, "-r.x a.py:1, r.x a.py:1");
}

/* The line is as it was, and what follows it is not. */
static void test_by_line(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;
    g_autoptr(Baseline) baseline = parse(
        LOG("{\"ruleId\": \"r.x\", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": "
            "\"a.py\"}}}], \"partialFingerprints\": {\"primaryLocationLineHash\": \"other:1\", "
            "\"sallyportLineHash/v1\": \"same\"}}"));

    write_lines("a.py", "one two three");
    do_commit("first");
    c = case_new(CHANGE_ALL, NULL);
    for (guint line = 1; line <= 3; line++) {
        Finding *finding;

        add(c, "r.x", "a.py", line);
        finding = c->findings->pdata[line - 1];
        g_free(finding->line_hash);
        finding->line_hash = g_strdup(line == 1 ? "another" : "same");
    }
    assert_applied(c, baseline, "r.x a.py:1, -r.x a.py:2, r.x a.py:3");
}

static void test_renamed_and_copied(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) before = NULL, after = NULL;
    g_autoptr(Baseline) baseline = NULL;

    write_lines("gone.py", "one two");
    write_lines("kept.py", "three");
    do_commit("first");
    before = case_new(CHANGE_ALL, NULL);
    add(before, "r.x", "gone.py", 1);
    add(before, "r.y", "gone.py", 2);
    add(before, "r.x", "kept.py", 1);
    baseline = baseline_of(before);
    do_git("mv", "gone.py", "sub name.py");
    write_lines("copy.py", "three");
    do_commit("second");
    after = case_new(CHANGE_ALL, NULL);
    add(after, "r.x", "copy.py", 1); /* the file that it is of is still there */
    add(after, "r.x", "kept.py", 1);
    add(after, "r.x", "sub name.py", 1);
    assert_applied(after, baseline,
                   "r.x copy.py:1, -r.x kept.py:1, -r.x sub name.py:1 | r.y in gone.py, line 2");
}

/* What follows every line is another, so that the lines alone remain. */
static void add_lines(Case *c, const char *path, const char *hashes) {
    g_auto(GStrv) words = g_strsplit(hashes, " ", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        Finding *finding;

        add(c, "r.x", path, i + 1);
        finding = c->findings->pdata[c->findings->len - 1];
        g_free(finding->line_hash);
        finding->line_hash = g_strdup(words[i]);
    }
}

static void test_renamed_and_edited(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) before = NULL, after = NULL;
    g_autoptr(Baseline) baseline = NULL;

    write_lines("few.py", "1 2");
    write_lines("half.py", "3 4 5 6 7 8");
    write_lines("less.py", "11 12 13 14 15 16 17");
    write_lines("name.py", "9 10");
    do_commit("first");
    before = case_new(CHANGE_ALL, NULL);
    add_lines(before, "few.py", "a b");
    add_lines(before, "half.py", "c c e f g h");
    add_lines(before, "less.py", "i j k l m n o");
    add_lines(before, "name.py", "p q");
    baseline = baseline_of(before);
    do_git("rm", "-q", "-r", ".");
    write_lines("few2.py", "21 22");
    write_lines("half2.py", "23 24 25 26");
    write_lines("less2.py", "27 28 29");
    write_lines("sub/name.py", "30 31");
    do_commit("second");
    after = case_new(CHANGE_ALL, NULL);
    add_lines(after, "few2.py", "a b");
    add_lines(after, "half2.py", "c e c c"); /* half of them, each once */
    add_lines(after, "less2.py", "i j k");   /* less than half */
    add_lines(after, "sub/name.py", "q x");
    assert_matched(after, baseline,
                   "r.x few2.py:1, r.x few2.py:2, -r.x half2.py:1, -r.x half2.py:2, -r.x half2.py:3, "
                   "r.x half2.py:4, r.x less2.py:1, r.x less2.py:2, r.x less2.py:3, -r.x sub/name.py:1, "
                   "r.x sub/name.py:2");
}

/* Of files that a review has not looked at it says nothing. */
static void test_stale_of_a_part(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) all = NULL, part = NULL, staged = NULL, undecided = NULL;
    g_autoptr(Baseline) first = NULL, second = NULL, third = NULL;

    write_lines("a.py", "one");
    write_lines("b.py", "two");
    write_lines("c.py", "three");
    do_commit("first");
    all = case_new(CHANGE_ALL, NULL);
    add(all, "r.x", "a.py", 1);
    add(all, "r.x", "b.py", 1);
    add(all, "r.x", "c.py", 1);
    first = baseline_of(all);
    second = baseline_of(all);
    third = baseline_of(all);
    part = case_new(CHANGE_ALL, PATHS("a.py"));
    assert_applied(part, first, " | r.x in a.py, line 1");
    do_git("rm", "-q", "b.py");
    do_git("mv", "c.py", "d.py");
    staged = case_new(CHANGE_STAGED, NULL);
    assert_applied(staged, second, " | r.x in b.py, line 1, r.x in c.py, line 1");
    undecided = case_new(CHANGE_ALL, PATHS("a.py"));
    ledger_fail(undecided->ledger->pdata[0], "ruff", "crashed");
    assert_applied(undecided, third, "");
}

static void test_paths_are_bytes(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) before = NULL, after = NULL;
    g_autoptr(Baseline) baseline = NULL;

    write_lines("a:b\n\xff%41.py", "one");
    do_commit("first");
    before = case_new(CHANGE_ALL, NULL);
    add(before, "r.x", "a:b\n\xff%41.py", 1);
    baseline = baseline_of(before);
    after = case_new(CHANGE_ALL, NULL);
    add(after, "r.x", "a:b\n\xff%41.py", 1);
    assert_applied(after, baseline, "-r.x a:b\n\xff%41.py:1");
}

static void test_for_all(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;
    g_autoptr(Baseline) baseline = baseline_new_for_all();

    write_lines("a.py", "one two");
    do_commit("first");
    c = case_new(CHANGE_ALL, NULL);
    add(c, "r.x", "a.py", 1);
    add(c, "r.x", "a.py", 2);
    finding_suppress(c->findings->pdata[1], 2, g_strdup("why"));
    g_free(apply(c, baseline));
    g_assert_true(((Finding *)c->findings->pdata[0])->unchanged);
    g_assert_false(((Finding *)c->findings->pdata[1])->unchanged); /* does not count as it is */
}

/* ---- loading */

static Baseline *load(ChangeSource source, const char *base, GError **error) {
    g_autoptr(Change) change = load_change(source, base, NULL);
    static const char *const none[] = {NULL};
    static const PolicyWords words = {.linters = none, .packs = none, .languages = none, .formats = none};
    g_autoptr(Policy) policy = policy_default(&words);

    policy->gate.baseline = g_strdup("b.sarif");
    return baseline_load(policy, change, error);
}

/* With a base it is the base's, whatever the change makes of it. */
static void test_from_the_base(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GError) error = NULL, gone = NULL;
    g_autoptr(Baseline) work_tree = NULL, base = NULL;

    write_text("b.sarif", LOG(""));
    do_commit("first");
    do_git("checkout", "-q", "-b", "feature");
    write_text("b.sarif", "no baseline");
    do_commit("second");
    base = load(CHANGE_BASE, "main", &error);
    g_assert_no_error(error);
    g_assert_nonnull(base);
    work_tree = load(CHANGE_WORKTREE, NULL, &error);
    g_assert_null(work_tree);
    g_assert_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE);
    g_assert_true(g_str_has_prefix(error->message, "b.sarif:1:"));
    do_git("rm", "-q", "b.sarif");
    g_assert_null(load(CHANGE_WORKTREE, NULL, &gone));
    g_assert_error(gone, CHANGE_ERROR, CHANGE_ERROR_NO_FILE);
    g_assert_true(g_str_has_prefix(gone->message, "gate.baseline: b.sarif: there is no such file"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/baseline/malformed", test_malformed);
    g_test_add_func("/baseline/nothing-in-it", test_nothing_in_it);
    g_test_add_func("/baseline/too-large", test_too_large);
    g_test_add_func("/baseline/found-again", test_found_again);
    g_test_add_func("/baseline/one-for-one", test_one_for_one);
    g_test_add_func("/baseline/by-line", test_by_line);
    g_test_add_func("/baseline/renamed-and-copied", test_renamed_and_copied);
    g_test_add_func("/baseline/renamed-and-edited", test_renamed_and_edited);
    g_test_add_func("/baseline/stale-of-a-part", test_stale_of_a_part);
    g_test_add_func("/baseline/paths-are-bytes", test_paths_are_bytes);
    g_test_add_func("/baseline/for-all", test_for_all);
    g_test_add_func("/baseline/from-the-base", test_from_the_base);
    return g_test_run();
}
