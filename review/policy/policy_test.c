/* What a policy says, what it says by default, and how it is shown. */
#include "review/policy/fixture.h"

#include "exec/caps.h"

static void assert_is_default(const Policy *policy) {
    assert_strings(policy->exclude, "");
    g_assert_cmpuint(policy->linters->len, ==, 3);
    g_assert_cmpstr(linter_at(policy, 0)->name, ==, "ruff");
    g_assert_cmpstr(linter_at(policy, 2)->name, ==, "black");
    g_assert_null(linter_at(policy, 0)->version);
    assert_strings(linter_at(policy, 0)->args, "");
    g_assert_cmpuint(linter_at(policy, 0)->severity->len, ==, 0);
    g_assert_cmpuint(linter_at(policy, 0)->timeout_ms, ==, CAP_LINTER_TIMEOUT_MS);
    assert_strings(policy->packs, "default");
    assert_strings(policy->rule_files, "");
    g_assert_cmpuint(policy->rule_severity->len, ==, 0);
    g_assert_cmpint(policy->gate.scope, ==, SCOPE_CHANGED_LINES);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_ERROR], ==, 0);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_WARNING], ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_NOTE], ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.allow_per_file, ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.allow_rules->len, ==, 0);
    g_assert_cmpuint(policy->gate.max_complexity, ==, 0);
    g_assert_null(policy->gate.baseline);
    g_assert_cmpuint(policy->overrides->len, ==, 0);
    g_assert_true(policy->suppress.comments);
    g_assert_cmpuint(policy->suppress.require, ==, SUPPRESS_REASON);
    g_assert_cmpint(policy->suppress.unused, ==, SEVERITY_WARNING);
    g_assert_cmpuint(policy->jobs->len, ==, 0);
    g_assert_cmpint(policy->require, ==, TIER_NAMESPACES);
    g_assert_cmpuint(policy->reports->len, ==, 0);
}

static void test_default(void) {
    g_autoptr(Policy) built_in = policy_default(&words);
    g_autoptr(Policy) shortest = parse("version: 1\n");
    g_autoptr(Policy) emptied = parse("version: 1\nexclude:\nrules:\noverrides:\ngate: {allow: , "
                                      "allow_rules: }\nsuppress:\nrun:\nsandbox:\n"
                                      "reports:\n");

    assert_is_default(built_in);
    g_assert_true(built_in->is_default);
    g_assert_cmpstr(built_in->source, ==, "the built-in default");
    assert_is_default(shortest);
    g_assert_false(shortest->is_default);
    g_assert_cmpstr(shortest->source, ==, POLICY_FILE);
    assert_is_default(emptied);
}

static const char whole[] =
    "version: 1\n"
    "exclude: [\"vendor/**\", \"*.min.js\"]\n"
    "linters:\n"
    "  ruff: {version: \">=0.14\", args: [--select, \"E,F\", \"\"], severity: {F: error, E9: error, \"*\": "
    "note}}\n"
    "  flake8: off\n"
    "  black: {severity: note, timeout: 90s}\n"
    "rules:\n"
    "  packs: [python, secrets]\n"
    "  files: [\".sallyport/rules/*.yaml\"]\n"
    "  severity: {python.eval: off}\n"
    "gate:\n"
    "  scope: changed-files\n"
    "  allow: {error: 1, warning: 50, note: unlimited}\n"
    "  allow_per_file: 7\n"
    "run:\n"
    "  - name: unit\n"
    "    files: [\"tests/test_*.py\"]\n"
    "    lang: python\n"
    "    needs: changed\n"
    "    limits: {wall: 30s, cpu: 20s, memory: 256M, processes: 64, output: 1M, disk: 32M, file_size: 2M,"
    " open_files: 99}\n"
    "    network: loopback\n"
    "    env: {ZED: \"\", PYTHONHASHSEED: \"0\", N: 5}\n"
    "  - name: build.all\n"
    "    command: [make, -C, src]\n"
    "    needs: [src/, Makefile]\n"
    "sandbox: {require: full}\n"
    "reports: {sarif: build/a.sarif, junit: build/a.xml}\n";

static void test_whole(void) {
    g_autoptr(Policy) policy = parse(whole);

    assert_strings(policy->exclude, "vendor/**|*.min.js");
    g_assert_cmpuint(policy->linters->len, ==, 2);
    g_assert_cmpstr(linter_at(policy, 0)->name, ==, "ruff");
    g_assert_cmpstr(linter_at(policy, 0)->version, ==, ">=0.14");
    assert_strings(linter_at(policy, 0)->args, "--select|E,F|");
    assert_entry(linter_at(policy, 0)->severity, 0, "F", SEVERITY_ERROR);
    assert_entry(linter_at(policy, 0)->severity, 1, "E9", SEVERITY_ERROR);
    assert_entry(linter_at(policy, 0)->severity, 2, "*", SEVERITY_NOTE);
    g_assert_cmpstr(linter_at(policy, 1)->name, ==, "black");
    assert_entry(linter_at(policy, 1)->severity, 0, "*", SEVERITY_NOTE);
    g_assert_cmpuint(linter_at(policy, 1)->timeout_ms, ==, 90000);
    assert_strings(policy->packs, "python|secrets");
    assert_strings(policy->rule_files, ".sallyport/rules/*.yaml");
    assert_entry(policy->rule_severity, 0, "python.eval", SEVERITY_OFF);
    g_assert_cmpint(policy->gate.scope, ==, SCOPE_CHANGED_FILES);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_ERROR], ==, 1);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_WARNING], ==, 50);
    g_assert_cmpuint(policy->gate.allow[SEVERITY_NOTE], ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.allow_per_file, ==, 7);
    g_assert_cmpint(policy->require, ==, TIER_FULL);
    g_assert_cmpuint(policy->reports->len, ==, 2);
    g_assert_cmpstr(((ReportPolicy *)policy->reports->pdata[1])->format, ==, "junit");
    g_assert_cmpstr(((ReportPolicy *)policy->reports->pdata[1])->file, ==, "build/a.xml");
}

static void test_jobs(void) {
    g_autoptr(Policy) policy = parse(whole);
    const JobPolicy *unit = policy->jobs->pdata[0], *build = policy->jobs->pdata[1];
    Limits standard = limits_default();

    g_assert_cmpuint(policy->jobs->len, ==, 2);
    g_assert_cmpstr(unit->name, ==, "unit");
    assert_strings(unit->files, "tests/test_*.py");
    g_assert_cmpstr(unit->lang, ==, "python");
    g_assert_null(unit->command);
    g_assert_cmpint(unit->needs, ==, NEEDS_CHANGED);
    g_assert_cmpuint(unit->limits.wall_ms, ==, 30000);
    g_assert_cmpuint(unit->limits.cpu_ms, ==, 20000);
    g_assert_cmpuint(unit->limits.memory, ==, 256 << 20);
    g_assert_cmpuint(unit->limits.processes, ==, 64);
    g_assert_cmpuint(unit->limits.output, ==, 1 << 20);
    g_assert_cmpuint(unit->limits.disk, ==, 32 << 20);
    g_assert_cmpuint(unit->limits.file_size, ==, 2 << 20);
    g_assert_cmpuint(unit->limits.open_files, ==, 99);
    g_assert_cmpint(unit->network, ==, NETWORK_LOOPBACK);
    assert_strings(unit->env, "N=5|PYTHONHASHSEED=0|ZED=");
    g_assert_cmpstr(build->name, ==, "build.all");
    g_assert_null(build->files);
    g_assert_null(build->lang);
    assert_strings(build->command, "make|-C|src");
    g_assert_cmpint(build->needs, ==, NEEDS_PATHS);
    assert_strings(build->needs_paths, "src/|Makefile");
    g_assert_cmpmem(&build->limits, sizeof(Limits), &standard, sizeof standard);
    g_assert_cmpint(build->network, ==, NETWORK_NONE);
    assert_strings(build->env, "");
}

static void test_needs_is_the_tree_if_not_said(void) {
    g_autoptr(Policy) policy = parse("version: 1\nrun: [{name: a, command: [make]}]\n");

    g_assert_cmpint(((JobPolicy *)policy->jobs->pdata[0])->needs, ==, NEEDS_TREE);
}

static void test_which_linters_run(void) {
    g_autoptr(Policy) none = parse("version: 1\nlinters: {}\n");
    g_autoptr(Policy) off = parse("version: 1\nlinters: off\n");
    g_autoptr(Policy) one = parse("version: 1\nlinters: {black: , ruff: {}, flake8: false}\n");

    g_assert_cmpuint(none->linters->len, ==, 0);
    g_assert_cmpuint(off->linters->len, ==, 0);
    g_assert_cmpuint(one->linters->len, ==, 2);
    g_assert_cmpstr(linter_at(one, 0)->name, ==, "black");
    g_assert_cmpstr(linter_at(one, 1)->name, ==, "ruff");
}

static void test_which_rules_run(void) {
    g_autoptr(Policy) off = parse("version: 1\nrules: off\n");
    g_autoptr(Policy) none = parse("version: 1\nrules: {packs: []}\n");
    g_autoptr(Policy) one = parse("version: 1\nrules: {packs: python, severity: warning}\n");

    assert_strings(off->packs, "");
    assert_strings(none->packs, "");
    assert_strings(one->packs, "python");
    assert_entry(one->rule_severity, 0, "*", SEVERITY_WARNING);
}

static void test_anchors(void) {
    g_autoptr(Policy) policy = parse("version: 1\n"
                                     "run:\n"
                                     "  - {name: a, command: [make], limits: &small {wall: 5s}}\n"
                                     "  - {name: b, command: [make, b], limits: *small}\n");

    g_assert_cmpuint(((JobPolicy *)policy->jobs->pdata[1])->limits.wall_ms, ==, 5000);
}

static void test_sandbox(void) {
    g_autoptr(Policy) partial = parse("version: 1\nsandbox: {require: partial}\n");
    g_autoptr(Policy) namespaces = parse("version: 1\nsandbox: {require: namespaces}\n");

    g_assert_cmpint(partial->require, ==, TIER_NAMESPACES);
    g_assert_cmpint(namespaces->require, ==, TIER_NAMESPACES);
    assert_errors("version: 1\nsandbox: {require: ful}\n",
                  ".sallyport.yaml:2:20: sandbox.require: expected full, namespaces, landlock or partial, "
                  "found 'ful' (did you "
                  "mean 'full'?)");
    assert_errors("version: 1\nsandbox: full\n",
                  ".sallyport.yaml:2:10: sandbox: expected a mapping ('key: value'), found 'full'");
}

static void assert_shows_itself(const char *text) {
    g_autoptr(Policy) policy = parse(text);
    g_autofree char *shown = policy_show(policy);
    g_autoptr(Policy) again = parse(shown);
    g_autofree char *shown_again = policy_show(again);

    g_assert_cmpstr(shown, ==, shown_again);
}

static void test_show(void) {
    g_autoptr(Policy) policy = parse(whole);
    g_autofree char *shown = policy_show(policy);

    g_assert_cmpstr(shown, ==,
                    "version: 1\n"
                    "exclude: [\"vendor/**\", \"*.min.js\"]\n"
                    "linters:\n"
                    "  ruff:\n"
                    "    version: \">=0.14\"\n"
                    "    args: [\"--select\", \"E,F\", \"\"]\n"
                    "    severity: {F: error, E9: error, \"*\": note}\n"
                    "    timeout: 1m\n"
                    "  black:\n"
                    "    args: []\n"
                    "    severity: {\"*\": note}\n"
                    "    timeout: 90s\n"
                    "rules:\n"
                    "  packs: [python, secrets]\n"
                    "  files: [\".sallyport/rules/*.yaml\"]\n"
                    "  severity: {python.eval: off}\n"
                    "overrides: []\n"
                    "gate:\n"
                    "  scope: changed-files\n"
                    "  allow: {error: 1, warning: 50, note: unlimited}\n"
                    "  allow_per_file: 7\n"
                    "  merge_duplicates: true\n"
                    "  match_base: auto\n"
                    "  allow_rules: {}\n"
                    "suppress:\n"
                    "  inline: true\n"
                    "  require: [reason]\n"
                    "  unused: warning\n"
                    "languages: {}\n"
                    "run:\n"
                    "  - name: unit\n"
                    "    files: [\"tests/test_*.py\"]\n"
                    "    lang: python\n"
                    "    needs: changed\n"
                    "    limits: {wall: 30s, cpu: 20s, memory: 256M, processes: 64, output: 1M, disk: 32M, "
                    "inodes: 16384, file_size: 2M, open_files: 99, stack: 8M}\n"
                    "    network: loopback\n"
                    "    env: {\"N\": \"5\", PYTHONHASHSEED: \"0\", ZED: \"\"}\n"
                    "  - name: build.all\n"
                    "    command: [make, \"-C\", src]\n"
                    "    needs: [\"src/\", Makefile]\n"
                    "    limits: {wall: 1m, cpu: 1m, memory: 1G, processes: 256, output: 1M, disk: 64M, "
                    "inodes: 16384, file_size: 64M, open_files: 1024, stack: 8M}\n"
                    "    network: none\n"
                    "    env: {}\n"
                    "sandbox:\n"
                    "  require: full\n"
                    "reports:\n"
                    "  sarif: \"build/a.sarif\"\n"
                    "  junit: \"build/a.xml\"\n");
    assert_shows_itself(whole);
    assert_shows_itself("version: 1\n");
    assert_shows_itself("version: 1\nlinters: off\nrules: off\nsandbox: {require: partial}\n");
    assert_shows_itself("version: 1\nexclude: [\"a\\nb\", \"\\u2028\", \"\\\"q\\\"\", 'true', \"\\e\"]\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/default", test_default);
    g_test_add_func("/policy/whole", test_whole);
    g_test_add_func("/policy/jobs", test_jobs);
    g_test_add_func("/policy/needs", test_needs_is_the_tree_if_not_said);
    g_test_add_func("/policy/which-linters", test_which_linters_run);
    g_test_add_func("/policy/which-rules", test_which_rules_run);
    g_test_add_func("/policy/anchors", test_anchors);
    g_test_add_func("/policy/sandbox", test_sandbox);
    g_test_add_func("/policy/show", test_show);
    return g_test_run();
}
