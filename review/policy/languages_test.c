/* What a policy says of languages, and of the places that jobs run in. */
#include "review/policy/fixture.h"

static Policy *parse_rest(const char *text, char **ret_errors) {
    g_autofree char *whole = g_strconcat("version: 1\nlinters: {}\nrules: off\n", text, NULL);
    g_autoptr(YamlErrors) errors = yaml_errors_new("p");
    Policy *policy = policy_parse(whole, strlen(whole), "p", &words, errors);

    *ret_errors = yaml_errors_text(errors);
    return policy;
}

static Policy *parse_valid(const char *text) {
    g_autofree char *errors = NULL;
    Policy *policy = parse_rest(text, &errors);

    g_assert_cmpstr(errors, ==, "");
    g_assert_nonnull(policy);
    return policy;
}

static void assert_error(const char *text, const char *wanted) {
    g_autofree char *errors = NULL;
    g_autoptr(Policy) policy = parse_rest(text, &errors);

    g_assert_cmpstr(errors, ==, wanted);
    g_assert_null(policy);
}

static const char lua[] = "languages: {lua: {files: [\"*.lua\"], run: [lua, \"{file}\"]}}\n";

static void test_language(void) {
    g_autoptr(Policy) policy = parse_valid(lua);
    const LanguagePolicy *language = policy_language_find(policy, "lua");
    g_auto(GStrv) names = policy_language_names(policy, languages);
    g_autofree char *all = g_strjoinv(" ", names), *run = g_strjoinv(" ", language->run);

    g_assert_cmpstr(all, ==, "python shell javascript c lua");
    g_assert_cmpstr(run, ==, "lua {file}");
    g_assert_true(policy_language_of_file(policy, "src/a.lua") == language);
    g_assert_null(policy_language_of_file(policy, "src/a.py"));
    g_assert_null(policy_language_find(policy, "python"));
}

/* Wherever it stands in the file. */
static void test_language_of_a_job(void) {
    g_autofree char *after = g_strconcat("run: [{name: a, files: [x], lang: lua}]\n", lua, NULL);
    g_autofree char *before = g_strconcat(lua, "run: [{name: a, files: [x], lang: lua}]\n", NULL);
    g_autoptr(Policy) a = parse_valid(after), b = parse_valid(before);

    g_assert_cmpstr(((const JobPolicy *)a->jobs->pdata[0])->lang, ==, "lua");
    g_assert_cmpstr(((const JobPolicy *)b->jobs->pdata[0])->lang, ==, "lua");
    assert_error("run: [{name: a, files: [x], lang: lua}]\n",
                 "p:4:35: run[0].lang: no such language 'lua'; expected python, shell, javascript or c");
}

static void test_language_errors(void) {
    assert_error("languages: {lua: {files: [x]}}\n",
                 "p:4:18: languages.lua: 'run' is missing: how a file is run, such as [lua, \"{file}\"]");
    assert_error("languages: {lua: {run: [lua, \"{file}\"]}}\n",
                 "p:4:18: languages.lua: 'files' is missing: patterns of its files' names");
    assert_error("languages: {lua: {files: [x], run: [lua]}}\n",
                 "p:4:36: languages.lua.run: '{file}' is missing: it stands for the file that is run");
    assert_error("languages: {lua: {files: [], run: [lua, \"{file}\"]}}\n",
                 "p:4:26: languages.lua.files: expected at least one pattern, found an empty list");
    assert_error("languages: {python: {files: [x], run: [\"{file}\"]}}\n",
                 "p:4:13: languages: 'python' is a language already; choose another name");
    assert_error("languages: {lua: {files: [x], run: [\"{file}\"], compile: [a]}}\n",
                 "p:4:48: languages.lua: unknown key 'compile'; expected files or run");
}

static void test_places(void) {
    g_autoptr(Policy) policy = parse_valid(
        "run:\n  - {name: a, files: [x], lang: python, venv: .venv}\n  - {name: b, files: [x], lang: c, "
        "sanitize: true}\n  - {name: c, command: [make], root: /srv/root, outputs: [a, b/c]}\n");
    const JobPolicy *a = policy->jobs->pdata[0], *b = policy->jobs->pdata[1], *c = policy->jobs->pdata[2];

    g_assert_cmpstr(a->venv, ==, ".venv");
    g_assert_true(b->sanitize);
    g_assert_cmpstr(c->root, ==, "/srv/root");
    g_assert_cmpstr(c->outputs[1], ==, "b/c");
    g_assert_null(a->outputs);
}

static void test_place_errors(void) {
    assert_error("run: [{name: a, files: [x], lang: c, venv: v}]\n",
                 "p:4:44: run[0].venv: 'venv' goes with 'lang' python");
    assert_error("run: [{name: a, command: [make], venv: v}]\n",
                 "p:4:40: run[0].venv: 'venv' goes with 'lang' python");
    assert_error("run: [{name: a, files: [x], lang: python, sanitize: true}]\n",
                 "p:4:53: run[0].sanitize: 'sanitize' goes with 'lang' c");
    assert_error("run: [{name: a, files: [x], lang: python, venv: v, root: r}]\n",
                 "p:4:58: run[0].root: 'root' and 'venv' exclude each other");
    assert_error("run: [{name: a, command: [make], outputs: [/etc/passwd]}]\n",
                 "p:4:44: run[0].outputs[0]: a path in the work directory is relative");
    assert_error("run: [{name: a, command: [make], outputs: [a/../../b]}]\n",
                 "p:4:44: run[0].outputs[0]: a path without '.', '..' and empty parts is needed");
    assert_error("run: [{name: a, command: [make], outputs: [.GIT/hooks/pre-commit]}]\n",
                 "p:4:44: run[0].outputs[0]: nothing is written into '.git'");
}

static void test_show(void) {
    g_autoptr(Policy) policy =
        parse_valid("languages: {lua: {files: [\"*.lua\"], run: [lua, \"{file}\"]}}\nrun:\n  - {name: a, "
                    "files: [x], lang: python, venv: .venv}\n  - {name: b, files: [x], lang: c, sanitize: "
                    "true, outputs: [a, b/c]}\n  - {name: c, command: [make], root: /srv/root}\n");
    g_autofree char *shown = policy_show(policy);
    g_autoptr(YamlErrors) errors = yaml_errors_new("shown");
    g_autoptr(Policy) again = policy_parse(shown, strlen(shown), "p", &words, errors);
    g_autofree char *shown_again = policy_show(again);

    g_assert_cmpstr(shown, ==, shown_again);
    g_assert_nonnull(strstr(shown, "    outputs: [a, \"b/c\"]\n"));
    g_assert_nonnull(strstr(shown, "    sanitize: true\n"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/languages/language", test_language);
    g_test_add_func("/languages/of-a-job", test_language_of_a_job);
    g_test_add_func("/languages/errors", test_language_errors);
    g_test_add_func("/languages/places", test_places);
    g_test_add_func("/languages/place-errors", test_place_errors);
    g_test_add_func("/languages/show", test_show);
    return g_test_run();
}
