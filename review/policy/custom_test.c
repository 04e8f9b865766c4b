/* The policy's own linters: what a policy may say of them, and what of that reads back. */
#include "review/policy/fixture.h"

static void test_custom_linter(void) {
    g_autoptr(Policy) policy =
        parse("version: 1\nlinters:\n"
              "  ruff: {}\n"
              "  shellcheck: {files: [\"*.sh\", \"!x.sh\"], command: [shellcheck, \"{file}\", "
              "\"{files}\"], output: gcc,"
              " success: [0, 1, 4], severity: {SC1: error}, timeout: 5s, version: "
              "\">=0.9\", config: .shellcheckrc}\n"
              "  one: {files: a, command: [/bin/one, \"-f{file}\", \"{file}\"], "
              "output: {pattern: '(?<path>.+):'}}\n");
    const LinterPolicy *known = linter_at(policy, 0), *gcc = linter_at(policy, 1),
                       *one = linter_at(policy, 2);

    g_assert_null(known->custom);
    g_assert_cmpstr(gcc->name, ==, "shellcheck");
    assert_strings(gcc->custom->files, "*.sh|!x.sh");
    g_assert_true(match_path(gcc->custom->match, "sub/a.sh"));
    g_assert_false(match_path(gcc->custom->match, "x.sh"));
    assert_strings(gcc->custom->command, "shellcheck|{file}|{files}");
    g_assert_false(gcc->custom->one_by_one);
    g_assert_cmpint(gcc->custom->output, ==, OUTPUT_GCC);
    g_assert_cmpuint(gcc->custom->success->len, ==, 3);
    g_assert_cmpuint(g_array_index(gcc->custom->success, guint, 2), ==, 4);
    assert_strings(gcc->custom->config, ".shellcheckrc|shellcheckrc");
    g_assert_cmpstr(gcc->version, ==, ">=0.9");
    g_assert_cmpuint(gcc->timeout_ms, ==, 5000);
    assert_entry(gcc->severity, 0, "SC1", SEVERITY_ERROR);
    g_assert_cmpuint(gcc->severity->len, ==, 1);
    g_assert_true(one->custom->one_by_one);
    g_assert_cmpint(one->custom->output, ==, OUTPUT_PATTERN);
    g_assert_cmpstr(one->custom->pattern, ==, "(?<path>.+):");
    g_assert_cmpuint(one->custom->success->len, ==, 2);
    g_assert_cmpuint(g_array_index(one->custom->success, guint, 1), ==, 1);
    assert_strings(one->custom->config, "");
}

/* Well-known tools bring the names of their configuration, whatever starts them. */
static void test_custom_config(void) {
    g_autoptr(Policy) policy =
        parse("version: 1\nlinters:\n"
              "  yaml: {files: a, command: [env, /opt/bin/yamllint, -f, parsable, \"{files}\"], output: gcc, "
              "config: [own.yaml, .yamllint.yml]}\n"
              "  types: {files: a, command: [python3, -m, mypy, \"{files}\"], output: gcc}\n"
              "  mypy: {files: a, command: [other, \"{files}\"], output: gcc}\n");

    assert_strings(linter_at(policy, 0)->custom->config, "own.yaml|.yamllint.yml|.yamllint|.yamllint.yaml");
    assert_strings(linter_at(policy, 1)->custom->config, "mypy.ini|.mypy.ini|pyproject.toml|setup.cfg");
    assert_strings(linter_at(policy, 2)->custom->config, "");
}

/* The errors of one linter `l` of the policy's own; PLACE is behind the file's name. */
static void assert_custom_error(const char *keys, const char *wanted) {
    g_autofree char *text = g_strdup_printf("version: 1\nlinters:\n  l: {%s}\n", keys);

    assert_errors(text, wanted);
}

#define OTHERS "files: \"*\", output: gcc, "

static void test_custom_linter_command(void) {
    assert_custom_error(
        OTHERS "command: shellcheck",
        ".sallyport.yaml:3:41: linters.l.command: expected a program and its arguments, such as "
        "[shellcheck, -f, gcc, \"{files}\"], found 'shellcheck'");
    assert_custom_error(
        OTHERS "command: [tools/lint, \"{file}\"]",
        ".sallyport.yaml:3:42: linters.l.command[0]: expected the name of a program, which is "
        "looked up on the PATH, or an absolute path, found 'tools/lint'");
    assert_custom_error(
        OTHERS "command: [l, -q]",
        ".sallyport.yaml:3:41: linters.l.command: '{files}' is missing: it stands for all files, "
        "'{file}' for one of them at a time");
    assert_custom_error(
        OTHERS "command: [l, \"-i{files}\"]",
        ".sallyport.yaml:3:41: linters.l.command: '{files}' stands for several arguments, and "
        "cannot be a part of one");
    assert_custom_error(
        OTHERS "command: [l, \"{files}\", \"{files}\"]",
        ".sallyport.yaml:3:41: linters.l.command: '{files}' stands there 2 times; expected it once");
}

#undef OTHERS
#define OTHERS "files: \"*\", command: [l, \"{files}\"], "

static void test_custom_linter_errors(void) {
    assert_custom_error("output: gcc",
                        ".sallyport.yaml:3:6: linters.l: 'files' is missing: patterns of the files that "
                        "it looks at\n"
                        ".sallyport.yaml:3:6: linters.l: 'command' is missing: how it is started, such "
                        "as [shellcheck, -f, gcc, \"{files}\"]");
    assert_custom_error(
        "files: [], command: [l, \"{files}\"]",
        ".sallyport.yaml:3:6: linters.l: 'output' is missing: what it prints: gcc, sarif, checkstyle, "
        "rdjsonl or {pattern: ...}\n"
        ".sallyport.yaml:3:14: linters.l.files: expected at least one pattern, found an empty list");
    assert_custom_error(
        OTHERS "output: sarf, args: [-x]",
        ".sallyport.yaml:3:52: linters.l.output: expected gcc, sarif, checkstyle or rdjsonl, found "
        "'sarf' (did you mean 'sarif'?)\n"
        ".sallyport.yaml:3:58: linters.l: unknown key 'args'; expected version, severity, timeout, "
        "files, command, output, success, config, "
        "alone or needs");
    assert_custom_error(
        OTHERS "output: {pattern: '(?<line>\\d+)'}",
        ".sallyport.yaml:3:62: linters.l.output.pattern: the pattern has no group for the path, such "
        "as (?<path>[^:]+); expected groups are path (or file), line, column, end_line, end_column, "
        "severity, code and message");
    assert_custom_error(
        OTHERS "output: {pattern: '(?<path>'}",
        ".sallyport.yaml:3:62: linters.l.output.pattern: the pattern does not compile: missing closing "
        "parenthesis at offset 8");
    assert_custom_error(
        OTHERS "output: {}, success: 0",
        ".sallyport.yaml:3:52: linters.l.output: expected gcc, sarif, checkstyle, rdjsonl or "
        "{pattern: '^(?<path>[^:]+):(?<line>\\d+): (?<message>.*)$'}, found a mapping\n"
        ".sallyport.yaml:3:65: linters.l.success: expected a list of exit codes, such as [0, 1], found "
        "'0'");
    assert_custom_error(
        OTHERS "output: gcc, success: [256], config: [a/b]",
        ".sallyport.yaml:3:67: linters.l.success[0]: expected a whole number from 0 to 255, found "
        "'256'\n"
        ".sallyport.yaml:3:82: linters.l.config[0]: expected the name of a file, which is looked for "
        "in each folder from the root down, found 'a/b'");
    assert_custom_error(
        OTHERS "output: gcc, needs: []",
        ".sallyport.yaml:3:64: linters.l.needs: expected at least one pattern, found an empty list");
    assert_custom_error(OTHERS "output: gcc, alone: true, needs: tree",
                        ".sallyport.yaml:3:77: linters.l.needs: what a tool that is 'alone' finds in a file "
                        "depends on no others: it needs none");
    assert_errors(
        "version: 1\nlinters: {sallyport: {output: gcc}, a.b: {output: gcc}, clang: {output: gcc}}\n",
        ".sallyport.yaml:2:11: linters: 'sallyport' is the name of the built-in rules; choose another one\n"
        ".sallyport.yaml:2:37: linters: expected a name of at most 40 letters, digits, '_' and '-', found "
        "'a.b'\n"
        ".sallyport.yaml:2:57: linters: 'clang' is the name of the built-in rules for C and C++; choose "
        "another one");
}

static void test_shown(void) {
    g_autoptr(Policy) policy = parse("version: 1\nlinters:\n"
                                     "  a: {files: [x, 'y z'], command: [a, \"\", \"{files}\"], output: "
                                     "rdjsonl, success: [0], config: [c], alone: yes, needs: changed}\n"
                                     "  b: {files: x, command: [b, \"{file}\"], output: {pattern: "
                                     "\"^(?<path>'\\\\d+\\\"):\"}, timeout: 2s, needs: [\"*.h\", x/]}\n"
                                     "  c: {files: x, command: [c, \"{file}\"], output: gcc, needs: tree}\n");
    g_autofree char *shown = policy_show(policy);
    g_autoptr(Policy) again = parse(shown);
    g_autofree char *shown_again = policy_show(again);

    g_assert_nonnull(strstr(shown, "  a:\n"
                                   "    files: [x, \"y z\"]\n"
                                   "    command: [a, \"\", \"{files}\"]\n"
                                   "    output: rdjsonl\n"
                                   "    success: [0]\n"
                                   "    config: [c]\n"
                                   "    alone: true\n"
                                   "    needs: changed\n"
                                   "    severity: {}\n"
                                   "    timeout: 1m\n"));
    g_assert_cmpstr(shown, ==, shown_again);
    g_assert_cmpint(linter_at(again, 0)->custom->needs, ==, NEEDS_CHANGED);
    g_assert_cmpint(linter_at(again, 1)->custom->needs, ==, NEEDS_PATHS);
    g_assert_true(match_path(linter_at(again, 1)->custom->needs_match, "y/a.h"));
    g_assert_false(match_path(linter_at(again, 1)->custom->needs_match, "y/a.c"));
    g_assert_cmpint(linter_at(again, 2)->custom->needs, ==, NEEDS_TREE);
    g_assert_cmpstr(linter_at(again, 1)->custom->pattern, ==, linter_at(policy, 1)->custom->pattern);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/policy/custom", test_custom_linter);
    g_test_add_func("/policy/custom/config", test_custom_config);
    g_test_add_func("/policy/custom/shown", test_shown);
    g_test_add_func("/policy/custom/command", test_custom_linter_command);
    g_test_add_func("/policy/custom/errors", test_custom_linter_errors);
    return g_test_run();
}
