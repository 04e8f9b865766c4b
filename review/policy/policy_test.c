#include "review/policy/policy.h"

#include "exec/caps.h"

#include <string.h>

static const char *const linters[] = {"ruff", "flake8", "black", NULL};
static const char *const packs[] = {"default", "python", "secrets", NULL};
static const char *const languages[] = {"python", "shell", NULL};
static const char *const formats[] = {"text", "sarif", "junit", NULL};
static const char *const complexity[] = {"ruff", NULL};
static const PolicyWords words = {
    .linters = linters,
    .packs = packs,
    .languages = languages,
    .formats = formats,
    .complexity = complexity,
};

static Policy *parse(const char *text) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    Policy *policy = policy_parse(text, strlen(text), POLICY_FILE, &words, errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, "");
    g_assert_nonnull(policy);
    return policy;
}

static void assert_errors(const char *text, const char *wanted) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    g_autoptr(Policy) policy = policy_parse(text, strlen(text), POLICY_FILE, &words, errors);
    g_autofree char *all = yaml_errors_text(errors);

    g_assert_cmpstr(all, ==, wanted);
    g_assert_null(policy);
}

/* The errors of one key of the one job of a policy. */
static void assert_job_error(const char *line, const char *wanted) {
    g_autofree char *text =
        g_strdup_printf("version: 1\nrun:\n  - name: j\n    command: [make]\n    %s\n", line);
    g_autofree char *whole = g_strconcat(".sallyport.yaml:", wanted, NULL);

    assert_errors(text, whole);
}

static void assert_strings(GStrv strings, const char *joined) {
    g_autofree char *all = g_strjoinv("|", strings);

    g_assert_cmpstr(all, ==, joined);
}

static const LinterPolicy *linter_at(const Policy *policy, guint index) {
    g_assert_cmpuint(index, <, policy->linters->len);
    return policy->linters->pdata[index];
}

static void assert_entry(const GArray *map, guint index, const char *prefix, Severity severity) {
    const SeverityEntry *entry = &g_array_index(map, SeverityEntry, index);

    g_assert_cmpuint(index, <, map->len);
    g_assert_cmpstr(entry->prefix, ==, prefix);
    g_assert_cmpint(entry->severity, ==, severity);
}

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

static void test_unknown_keys(void) {
    assert_errors("version: 1\n\nlinterz:\n  ruff: {}\n",
                  ".sallyport.yaml:3:1: unknown key 'linterz' (did you mean 'linters'?)");
    assert_errors(
        "version: 1\nfixes: {safe: true}\n",
        ".sallyport.yaml:2:1: unknown key 'fixes'; expected version, exclude, linters, rules, overrides, "
        "gate, suppress, languages, run, sandbox or reports");
    assert_errors(
        "version: 1\n"
        "overides: []\n"
        "linters: {ruff: {argz: []}}\n"
        "rules: {pack: []}\n"
        "gate: {scop: everything, allow: {errors: 1}, complexity: 15}\n"
        "run: [{name: a, command: [b], need: tree, limits: {ram: 1M}}]\n"
        "sandbox: {requires: full}\n",
        ".sallyport.yaml:2:1: unknown key 'overides' (did you mean 'overrides'?)\n"
        ".sallyport.yaml:3:18: linters.ruff: unknown key 'argz' (did you mean 'args'?)\n"
        ".sallyport.yaml:4:9: rules: unknown key 'pack' (did you mean 'packs'?)\n"
        ".sallyport.yaml:5:8: gate: unknown key 'scop' (did you mean 'scope'?)\n"
        ".sallyport.yaml:5:34: gate.allow: unknown key 'errors' (did you mean 'error'?)\n"
        ".sallyport.yaml:5:46: gate: unknown key 'complexity' (did you mean 'max_complexity'?)\n"
        ".sallyport.yaml:6:31: run[0]: unknown key 'need' (did you mean 'needs'?)\n"
        ".sallyport.yaml:6:52: run[0].limits: unknown key 'ram'; expected wall, cpu, memory, processes, "
        "output, disk, inodes, file_size, open_files or stack\n"
        ".sallyport.yaml:7:11: sandbox: unknown key 'requires' (did you mean 'require'?)");
}

static void test_all_errors_in_one_go(void) {
    assert_errors(
        "version: 2\n"
        "exclude: {a: b}\n"
        "linters: {ruf: {}, ruff: {timeout: 0s}}\n"
        "rules:\n"
        "  packs: [default, pyhton]\n"
        "gate: [1]\n"
        "gate: {}\n",
        ".sallyport.yaml:1:10: version: expected the number 1, found '2'\n"
        ".sallyport.yaml:2:10: exclude: expected a list of strings, found a mapping\n"
        ".sallyport.yaml:3:11: linters: no such linter 'ruf' (did you mean 'ruff'?); expected ruff, flake8 "
        "or black, or one of your own with 'files', 'command' and 'output'\n"
        ".sallyport.yaml:3:36: linters.ruff.timeout: expected a time from 1ms to 24h, such as 500ms, 30s, "
        "2m or 1h, found '0s'\n"
        ".sallyport.yaml:5:20: rules.packs[1]: no such pack 'pyhton' (did you mean 'python'?)\n"
        ".sallyport.yaml:6:7: gate: expected a mapping ('key: value'), found a list\n"
        ".sallyport.yaml:7:1: the key 'gate' stands twice, first at line 6");
}

static void test_version(void) {
    assert_errors("", ".sallyport.yaml:1:1: 'version' is missing: begin the file with 'version: 1'");
    assert_errors("gate: {}\n",
                  ".sallyport.yaml:1:1: 'version' is missing: begin the file with 'version: 1'");
    assert_errors("version: \"1\"\n", ".sallyport.yaml:1:10: version: expected the number 1, found \"1\"");
    assert_errors("version:\n", ".sallyport.yaml:1:9: version: expected the number 1, found nothing");
    assert_errors("version: 1.0\n", ".sallyport.yaml:1:10: version: expected the number 1, found '1.0'");
    assert_errors("just text\n", ".sallyport.yaml:1:1: expected a mapping ('key: value'), found 'just text'");
}

static void test_linter_errors(void) {
    assert_errors(
        "version: 1\nlinters: {pylint: {}}\n",
        ".sallyport.yaml:2:11: linters: no such linter 'pylint'; expected ruff, flake8 or black, or "
        "one of your own with 'files', 'command' and 'output'");
    assert_errors(
        "version: 1\nlinters:\n",
        ".sallyport.yaml:2:9: linters: expected a mapping such as {ruff: {}}; '{}' runs no linter, and "
        "without the key all are run, found nothing");
    assert_errors("version: 1\nlinters: {ruff: [a]}\n",
                  ".sallyport.yaml:2:17: linters.ruff: expected a mapping ('key: value'), found a list");
    assert_errors(
        "version: 1\nlinters: {ruff: {version: latest, args: --fix, severity: {E*: error, F: bad}}}\n",
        ".sallyport.yaml:2:27: linters.ruff.version: expected versions such as \">=0.14\", \"==0.17.*\" or "
        "\">=0.14,<1\", found 'latest'\n"
        ".sallyport.yaml:2:41: linters.ruff.args: expected a list of arguments, such as [python3, -m, "
        "unittest], found '--fix'\n"
        ".sallyport.yaml:2:59: linters.ruff.severity: expected a code or its beginning, such as F401, E9 or "
        "python.eval, or \"*\" for all, found 'E*'\n"
        ".sallyport.yaml:2:73: linters.ruff.severity.F: expected error, warning, note or off, found 'bad'");
}

static void assert_shown(const Policy *policy, const char *part) {
    g_autofree char *shown = policy_show(policy);
    g_autoptr(Policy) again = parse(shown);
    g_autofree char *shown_again = policy_show(again);

    g_assert_cmpstr(shown, ==, shown_again);
    if (strstr(shown, part) == NULL)
        g_error("no \"%s\" in \"%s\"", part, shown);
}

static void test_overrides(void) {
    g_autoptr(Policy) policy = parse("version: 1\n"
                                     "overrides:\n"
                                     "  - files: [\"tests/**\", \"!tests/keep.py\"]\n"
                                     "    severity: {python.eval: off, flake8.E501: note}\n"
                                     "  - {files: \"*.pyi\", severity: warning}\n");
    const OverridePolicy *first = policy->overrides->pdata[0], *second = policy->overrides->pdata[1];

    assert_strings(first->files, "tests/**|!tests/keep.py");
    g_assert_true(match_path(first->match, "tests/a/b.py"));
    g_assert_false(match_path(first->match, "tests/keep.py"));
    assert_entry(first->severity, 0, "python.eval", SEVERITY_OFF);
    assert_entry(first->severity, 1, "flake8.E501", SEVERITY_NOTE);
    assert_entry(second->severity, 0, "*", SEVERITY_WARNING);
    assert_shown(policy, "overrides:\n"
                         "  - files: [\"tests/**\", \"!tests/keep.py\"]\n"
                         "    severity: {python.eval: off, flake8.E501: note}\n"
                         "  - files: [\"*.pyi\"]\n"
                         "    severity: {\"*\": warning}\n");
}

static void test_override_errors(void) {
    assert_errors(
        "version: 1\n"
        "overrides:\n"
        "  - files: []\n"
        "    severity: {F: eror}\n"
        "  - {files: 'a\\', severity: , rules: []}\n"
        "  - {severity: note}\n"
        "  - tests\n",
        ".sallyport.yaml:3:12: overrides[0].files: expected at least one pattern, found an empty list\n"
        ".sallyport.yaml:4:19: overrides[0].severity.F: expected error, warning, note or off, found "
        "'eror' (did you mean 'error'?)\n"
        ".sallyport.yaml:5:13: overrides[1].files: this is no valid pattern: a backslash at the end "
        "(write \\\\ for the character)\n"
        ".sallyport.yaml:5:29: overrides[1].severity: expected a severity, or a mapping such as {F: "
        "error, \"*\": warning}, found nothing\n"
        ".sallyport.yaml:5:31: overrides[1]: unknown key 'rules'; expected files or severity\n"
        ".sallyport.yaml:6:5: overrides[2]: 'files' is missing\n"
        ".sallyport.yaml:7:5: overrides[3]: expected a mapping ('key: value'), found 'tests'");
    assert_errors(
        "version: 1\noverrides: {files: a}\n",
        ".sallyport.yaml:2:12: overrides: expected a list such as [{files: [\"tests/**\"], severity: "
        "{python.eval: off}}], found a mapping");
}

static void test_suppress(void) {
    g_autoptr(Policy) policy =
        parse("version: 1\nsuppress: {inline: false, require: [owner, reason, until], unused: error}\n");
    g_autoptr(Policy) nothing = parse("version: 1\nsuppress: {require: [], unused: off}\n");

    g_assert_false(policy->suppress.comments);
    g_assert_cmpuint(policy->suppress.require, ==, SUPPRESS_REASON | SUPPRESS_UNTIL | SUPPRESS_OWNER);
    g_assert_cmpint(policy->suppress.unused, ==, SEVERITY_ERROR);
    assert_shown(policy, "suppress:\n  inline: false\n  require: [reason, until, owner]\n  unused: error\n");
    g_assert_cmpuint(nothing->suppress.require, ==, 0);
    g_assert_cmpint(nothing->suppress.unused, ==, SEVERITY_OFF);
    assert_shown(nothing, "suppress:\n  inline: true\n  require: []\n  unused: off\n");
    assert_errors(
        "version: 1\nsuppress: {inline: maybe, require: [reasn], unused: [], expired: error}\n",
        ".sallyport.yaml:2:20: suppress.inline: expected true or false, found 'maybe'\n"
        ".sallyport.yaml:2:37: suppress.require[0]: no such part of a suppression 'reasn' (did you mean "
        "'reason'?)\n"
        ".sallyport.yaml:2:53: suppress.unused: expected error, warning, note or off, found a list\n"
        ".sallyport.yaml:2:57: suppress: unknown key 'expired'; expected inline, require or unused");
}

static void test_gate_of_rules(void) {
    g_autoptr(Policy) policy = parse("version: 1\n"
                                     "gate:\n"
                                     "  allow_rules: {ruff.E501: 10, python: unlimited}\n"
                                     "  max_complexity: 15\n"
                                     "  baseline: .sallyport/baseline.sarif\n");
    const RuleLimit *limits = (const RuleLimit *)(gconstpointer)policy->gate.allow_rules->data;

    g_assert_cmpuint(policy->gate.allow_rules->len, ==, 2);
    g_assert_cmpstr(limits[0].rule, ==, "ruff.E501");
    g_assert_cmpuint(limits[0].count, ==, 10);
    g_assert_cmpuint(limits[1].count, ==, GATE_UNLIMITED);
    g_assert_cmpuint(policy->gate.max_complexity, ==, 15);
    g_assert_cmpuint(linter_at(policy, 0)->max_complexity, ==, 15); /* ruff */
    g_assert_cmpuint(linter_at(policy, 1)->max_complexity, ==, 0);
    g_assert_cmpstr(policy->gate.baseline, ==, ".sallyport/baseline.sarif");
    assert_shown(policy, "  allow_rules: {ruff.E501: 10, python: unlimited}\n"
                         "  max_complexity: 15\n"
                         "  baseline: \".sallyport/baseline.sarif\"\n");
}

static void test_gate_of_rules_errors(void) {
    assert_errors(
        "version: 1\n"
        "gate: {allow_rules: {\"*\": 1, E501: many}, max_complexity: 0, baseline: ../b.sarif}\n",
        ".sallyport.yaml:2:22: gate.allow_rules: expected a rule, or the beginning of its code, such "
        "as ruff.E501 or python, found '*'\n"
        ".sallyport.yaml:2:36: gate.allow_rules.E501: expected a whole number or 'unlimited', found "
        "'many'\n"
        ".sallyport.yaml:2:59: gate.max_complexity: expected a whole number from 1 to 10000, found '0'\n"
        ".sallyport.yaml:2:72: gate.baseline: a file may not leave the repository by '..'");
    assert_errors("version: 1\ngate: {allow_rules: [E501]}\n",
                  ".sallyport.yaml:2:21: gate.allow_rules: expected a mapping from rule to count, such as "
                  "{ruff.E501: 10}, found a list");
}

static void test_complexity(void) {
    g_autoptr(Policy) both = parse("version: 1\nlinters: {flake8: {}, ruff: {}}\n"
                                   "gate: {max_complexity: {cognitive: 25, cyclomatic: 15}}\n");
    g_autoptr(Policy) cognitive =
        parse("version: 1\nlinters: {ruff: {}}\ngate: {max_complexity: {cognitive: 25}}\n");
    g_autoptr(Policy) unmeasured = parse("version: 1\nlinters: {flake8: {}}\ngate: {max_complexity: 9}\n");

    g_assert_cmpuint(both->gate.max_complexity, ==, 15);
    g_assert_cmpuint(both->gate.max_cognitive, ==, 25);
    g_assert_cmpuint(linter_at(both, 0)->max_complexity, ==, 0);
    g_assert_cmpuint(linter_at(both, 1)->max_complexity, ==, 15); /* ruff */
    g_assert_true(policy_measures_complexity(both));
    assert_shown(both, "  max_complexity: {cyclomatic: 15, cognitive: 25}\n");
    g_assert_cmpuint(cognitive->gate.max_complexity, ==, 0);
    g_assert_cmpuint(cognitive->gate.max_cognitive, ==, 25);
    g_assert_false(policy_measures_complexity(cognitive));
    assert_shown(cognitive, "  max_complexity: {cognitive: 25}\n");
    g_assert_cmpuint(unmeasured->gate.max_complexity, ==, 9);
    g_assert_false(policy_measures_complexity(unmeasured));
    assert_errors(
        "version: 1\ngate: {max_complexity: {cyclomatic: 0, cognitive: many, cognitiv: 1}}\n",
        ".sallyport.yaml:2:37: gate.max_complexity.cyclomatic: expected a whole number from 1 to 10000, "
        "found '0'\n"
        ".sallyport.yaml:2:51: gate.max_complexity.cognitive: expected a whole number from 1 to 10000, "
        "found 'many'\n"
        ".sallyport.yaml:2:57: gate.max_complexity: unknown key 'cognitiv' (did you mean 'cognitive'?)");
    assert_errors("version: 1\ngate: {max_complexity: [15]}\n",
                  ".sallyport.yaml:2:24: gate.max_complexity: expected a whole number, or a mapping such as "
                  "{cyclomatic: 15, cognitive: 25}, found a list");
}

static void test_version_constraints(void) {
    g_autoptr(Policy) policy =
        parse("version: 1\nlinters: {ruff: {version: \"== 0.17.*\"}, black: {version: \">=20.8b1, <1\"}}\n");

    g_assert_cmpstr(linter_at(policy, 0)->version, ==, "== 0.17.*");
    assert_errors(
        "version: 1\nlinters: {ruff: {version: \">=\"}}\n",
        ".sallyport.yaml:2:27: linters.ruff.version: expected versions such as \">=0.14\", \"==0.17.*\" or "
        "\">=0.14,<1\", found \">=\"");
}

static void test_pattern_errors(void) {
    assert_errors("version: 1\nexclude:\n  - 'ok/**'\n  - 'trailing\\'\n",
                  ".sallyport.yaml:4:5: exclude[1]: this is no valid pattern: a backslash at the end (write "
                  "\\\\ for the character)");
    assert_errors("version: 1\nexclude: ['', a]\n",
                  ".sallyport.yaml:2:11: exclude[0]: expected text that is not empty, found \"\"");
}

static void test_gate_errors(void) {
    assert_errors(
        "version: 1\ngate: {scope: lines, allow: {error: -1, warning: '5', note: }, allow_per_file: many}\n",
        ".sallyport.yaml:2:15: gate.scope: expected changed-lines, changed-files or everything, found "
        "'lines'\n"
        ".sallyport.yaml:2:37: gate.allow.error: expected a whole number or 'unlimited', found '-1'\n"
        ".sallyport.yaml:2:50: gate.allow.warning: expected a whole number or 'unlimited', found \"5\"\n"
        ".sallyport.yaml:2:61: gate.allow.note: expected a whole number or 'unlimited', found nothing\n"
        ".sallyport.yaml:2:80: gate.allow_per_file: expected a whole number or 'unlimited', found 'many'");
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

static void test_job_errors(void) {
    assert_errors(
        "version: 1\n"
        "run:\n"
        "  - files: [a]\n"
        "  - {name: a b, lang: pyton, command: [x]}\n"
        "  - {name: twice, lang: python}\n"
        "  - {name: twice, command: [python3, \"{file}\"]}\n"
        "  - {name: e, command: []}\n"
        "  - {name: f, command: make test}\n"
        "  - {name: g, command: ['', ~, [x]]}\n"
        "  - make\n",
        ".sallyport.yaml:3:5: run[0]: 'name' is missing: every job has a name of its own\n"
        ".sallyport.yaml:3:5: run[0]: 'command' is missing (or 'lang', with 'files')\n"
        ".sallyport.yaml:4:12: run[1].name: expected a name of at most 200 letters, digits, '.', '_' and "
        "'-', found 'a b'\n"
        ".sallyport.yaml:4:23: run[1].lang: no such language 'pyton' (did you mean 'python'?)\n"
        ".sallyport.yaml:4:23: run[1].lang: 'lang' and 'command' exclude each other\n"
        ".sallyport.yaml:4:23: run[1].lang: 'lang' needs the key 'files', which says what files to run\n"
        ".sallyport.yaml:5:25: run[2].lang: 'lang' needs the key 'files', which says what files to run\n"
        ".sallyport.yaml:6:12: run[3].name: another job has the name 'twice' already\n"
        ".sallyport.yaml:6:38: run[3].command[1]: '{file}' needs the key 'files', which says what files to "
        "run\n"
        ".sallyport.yaml:7:24: run[4].command: expected a program and its arguments, found an empty list\n"
        ".sallyport.yaml:8:24: run[5].command: expected a list of arguments, such as [python3, -m, "
        "unittest], found 'make test'\n"
        ".sallyport.yaml:9:25: run[6].command[0]: expected the name of a program, found \"\"\n"
        ".sallyport.yaml:9:29: run[6].command[1]: expected text, found nothing\n"
        ".sallyport.yaml:9:32: run[6].command[2]: expected text, found a list\n"
        ".sallyport.yaml:10:5: run[7]: expected a mapping ('key: value'), found 'make'");
    assert_errors("version: 1\nrun: {name: a}\n",
                  ".sallyport.yaml:2:6: run: expected a list of jobs ('- name: ...'), found a mapping");
    assert_errors("version: 1\nrun:\n  -\n",
                  ".sallyport.yaml:3:4: run[0]: 'name' is missing: every job has a name of its own\n"
                  ".sallyport.yaml:3:4: run[0]: 'command' is missing (or 'lang', with 'files')");
}

static void test_job_value_errors(void) {
    assert_job_error("limits: {wall: 0}",
                     "5:20: run[0].limits.wall: expected a time from 10ms to 24h, such as 500ms, "
                     "30s, 2m or 1h, found '0'");
    assert_job_error("limits: {memory: 1M}",
                     "5:22: run[0].limits.memory: expected a size from 4M to 1024G, such as "
                     "64K, 256M or 1G, found '1M'");
    assert_job_error("limits: {processes: 1M}",
                     "5:25: run[0].limits.processes: expected a whole number from 1 to 32768, found '1M'");
    assert_job_error("limits: [1]", "5:13: run[0].limits: expected a mapping ('key: value'), found a list");
    assert_job_error("network: host", "5:14: run[0].network: expected none or loopback, found 'host'");
    assert_job_error("needs: all", "5:12: run[0].needs: expected tree or changed, found 'all'");
    assert_job_error("needs: []", "5:12: run[0].needs: expected at least one pattern, found an empty list");
    assert_job_error("needs: {a: b}",
                     "5:12: run[0].needs: expected tree, changed or a list of patterns, found a mapping");
    assert_job_error("files: []", "5:12: run[0].files: expected at least one pattern, found an empty list");
    assert_job_error("env: {1A: b}",
                     "5:11: run[0].env: expected the name of an environment variable (letters, digits "
                     "and '_'), found '1A'");
    assert_job_error("env: {A=B: c}",
                     "5:11: run[0].env: expected the name of an environment variable (letters, digits "
                     "and '_'), found 'A=B'");
    assert_job_error("env: {A: }",
                     "5:14: run[0].env.A: expected text (\"\" where it is to be empty), found nothing");
    assert_job_error("env: [A=b]",
                     "5:10: run[0].env: expected a mapping such as {PYTHONHASHSEED: \"0\"}, found a list");
}

static void assert_report_error(const char *file, const char *wanted) {
    g_autofree char *text = g_strdup_printf("version: 1\nreports: {sarif: %s}\n", file);
    g_autofree char *error = g_strconcat(".sallyport.yaml:2:18: reports.sarif: ", wanted, NULL);

    assert_errors(text, error);
}

/* A policy may be somebody else's: its reports stay within the work tree and out of git's folder. */
static void test_report_files(void) {
    g_autoptr(Policy) policy = parse("version: 1\nreports: {sarif: ./a..b/.gitignore, junit: a/...}\n");

    g_assert_cmpuint(policy->reports->len, ==, 2);
    assert_report_error("../a", "a file may not leave the repository by '..'");
    assert_report_error("a/..", "a file may not leave the repository by '..'");
    assert_report_error("a/../../b", "a file may not leave the repository by '..'");
    assert_report_error("/tmp/a", "an absolute path is not allowed here (an option takes one)");
    assert_report_error(".git/hooks/pre-commit", "a file in '.git' is not allowed here");
    assert_report_error("sub/.GIT/config", "a file in '.git' is not allowed here");
    assert_report_error("build/", "this is a folder, not a file");
    assert_report_error("build/.", "this is a folder, not a file");
    assert_report_error("''", "expected text that is not empty, found \"\"");
    assert_report_error("\"a\\0b\"",
                        "a NUL character is not allowed\n"
                        ".sallyport.yaml:2:18: reports.sarif: expected text that is not empty, found "
                        "\"\"");
    assert_errors(
        "version: 1\nreports: {sarif: a, junit: ./a}\n",
        ".sallyport.yaml:2:28: reports.junit: the report 'sarif' is written into this file already");
    assert_errors("version: 1\nreports: {sarf: a}\n",
                  ".sallyport.yaml:2:11: reports: no such format 'sarf' (did you mean 'sarif'?)");
    assert_errors("version: 1\nreports: [sarif]\n",
                  ".sallyport.yaml:2:10: reports: expected a mapping from format to file, such as {sarif: "
                  "build/review.sarif}, found a list");
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

/* The severity that {KEY: note, ...} gives a code, or NULL. */
static const char *severity_of(const char *map, const char *tool, const char *code) {
    g_autofree char *text = g_strdup_printf("version: 1\nrules: {severity: %s}\n", map);
    g_autoptr(Policy) policy = parse(text);
    Severity severity;

    return severity_map_get(policy->rule_severity, tool, code, &severity) ? severity_name(severity) : NULL;
}

static void test_severity_of_codes(void) {
    const char *map = "{F: error, E: note, E9: error, PL: off, \"*\": warning, ruff.E501: off}";

    g_assert_cmpstr(severity_of(map, "ruff", "F401"), ==, "error");
    g_assert_cmpstr(severity_of(map, "ruff", "FBT001"), ==, "warning"); /* F is F and digits */
    g_assert_cmpstr(severity_of(map, "ruff", "E999"), ==, "error");
    g_assert_cmpstr(severity_of(map, "ruff", "E203"), ==, "note");
    g_assert_cmpstr(severity_of(map, "ruff", "PLR0913"), ==, "off");
    g_assert_cmpstr(severity_of(map, "ruff", "E501"), ==, "off");
    g_assert_cmpstr(severity_of(map, "flake8", "E501"), ==, "note");
    g_assert_cmpstr(severity_of("{F: error}", "ruff", "W291"), ==, NULL);
    g_assert_cmpstr(severity_of("{F401: error}", "ruff", "F40"), ==, NULL);
    g_assert_cmpstr(severity_of("{}", "ruff", "F401"), ==, NULL);
    g_assert_cmpstr(severity_of("{F: error}", "ruff", "F"), ==, "error");
    g_assert_cmpstr(severity_of("note", "black", "format"), ==, "note");
}

static void test_severity_of_tools(void) {
    g_assert_cmpstr(severity_of("{ruff: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{ruff: off}", "flake8", "F401"), ==, NULL);
    g_assert_cmpstr(severity_of("{ruff: off, F: error}", "ruff", "F401"), ==, "error");
    g_assert_cmpstr(severity_of("{\"*\": note, ruff: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{F401: note, ruff.F: off}", "ruff", "F401"), ==, "note");
    g_assert_cmpstr(severity_of("{F401: note, ruff.F401: off}", "ruff", "F401"), ==, "off");
    g_assert_cmpstr(severity_of("{ruff.F401: off, F401: note}", "ruff", "F401"), ==, "off");
}

static void test_severity_of_rules(void) {
    const char *map = "{python: note, python.eval: off, p: error}";

    g_assert_cmpstr(severity_of(map, "sallyport", "python.eval"), ==, "off");
    g_assert_cmpstr(severity_of(map, "sallyport", "python.evaluate"), ==, "note");
    g_assert_cmpstr(severity_of(map, "sallyport", "pythonic.thing"), ==, NULL);
    g_assert_cmpstr(severity_of("{secrets.aws: off}", "sallyport", "secrets.aws.key"), ==, "off");
    g_assert_cmpstr(severity_of("{sallyport.python: off}", "sallyport", "python.eval"), ==, "off");
}

/* Ten thousand mistakes are told as twenty, and quickly. */
static void test_many_errors(void) {
    g_autoptr(GString) text = g_string_new("version: 1\n");
    g_autoptr(YamlErrors) errors = yaml_errors_new(POLICY_FILE);
    g_autoptr(Policy) policy = NULL;
    g_autofree char *all = NULL;

    for (guint i = 0; i < 10000; i++)
        g_string_append_printf(text, "linter%u: x\n", i);
    policy = policy_parse(text->str, text->len, POLICY_FILE, &words, errors);
    all = yaml_errors_text(errors);
    g_assert_null(policy);
    g_assert_true(
        g_str_has_prefix(all, ".sallyport.yaml:2:1: unknown key 'linter0' (did you mean 'linters'?)\n"));
    g_assert_true(g_str_has_suffix(all, "\n.sallyport.yaml: and 9980 more errors"));
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
    g_test_add_func("/policy/errors/keys", test_unknown_keys);
    g_test_add_func("/policy/errors/all", test_all_errors_in_one_go);
    g_test_add_func("/policy/errors/version", test_version);
    g_test_add_func("/policy/errors/linters", test_linter_errors);
    g_test_add_func("/policy/errors/constraints", test_version_constraints);
    g_test_add_func("/policy/errors/patterns", test_pattern_errors);
    g_test_add_func("/policy/errors/gate", test_gate_errors);
    g_test_add_func("/policy/errors/jobs", test_job_errors);
    g_test_add_func("/policy/errors/job-values", test_job_value_errors);
    g_test_add_func("/policy/errors/many", test_many_errors);
    g_test_add_func("/policy/reports", test_report_files);
    g_test_add_func("/policy/show", test_show);
    g_test_add_func("/policy/severity/codes", test_severity_of_codes);
    g_test_add_func("/policy/severity/tools", test_severity_of_tools);
    g_test_add_func("/policy/severity/rules", test_severity_of_rules);
    g_test_add_func("/policy/overrides", test_overrides);
    g_test_add_func("/policy/override-errors", test_override_errors);
    g_test_add_func("/policy/suppress", test_suppress);
    g_test_add_func("/policy/gate-of-rules", test_gate_of_rules);
    g_test_add_func("/policy/gate-of-rules-errors", test_gate_of_rules_errors);
    g_test_add_func("/policy/complexity", test_complexity);
    return g_test_run();
}
