/* What a policy may not say, and how that is told: every error in one go, each with its place. */
#include "review/policy/fixture.h"

/* The errors of one key of the one job of a policy. */
static void assert_job_error(const char *line, const char *wanted) {
    g_autofree char *text =
        g_strdup_printf("version: 1\nrun:\n  - name: j\n    command: [make]\n    %s\n", line);
    g_autofree char *whole = g_strconcat(".sallyport.yaml:", wanted, NULL);

    assert_errors(text, whole);
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
    return g_test_run();
}
