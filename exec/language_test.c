/* Which language a file or a word is of, and what becomes of a run. */
#include "exec/language.h"

#include <string.h>

static const char *of(const char *path, const char *head) {
    const Language *language = language_of_file(path, head, strlen(head));

    return language != NULL ? language_name(language) : "none";
}

static void test_of_file(void) {
    g_assert_cmpstr(of("a.py", ""), ==, "python");
    g_assert_cmpstr(of("a.b/c.bash", ""), ==, "bash");
    g_assert_cmpstr(of("a.C", ""), ==, "c++");
    g_assert_cmpstr(of("a.c", ""), ==, "c");
    g_assert_cmpstr(of("a.mts", ""), ==, "typescript");
    g_assert_cmpstr(of("a.py", "#!/bin/sh\n"), ==, "python");
    g_assert_cmpstr(of("tool", "#!/usr/bin/env -S node --no-warnings\n"), ==, "javascript");
    g_assert_cmpstr(of("tool", "#!/usr/bin/python3.12 -I\n"), ==, "python");
    g_assert_cmpstr(of("tool", "#!/bin/sh -e"), ==, "bash");
    g_assert_cmpstr(of("tool", "print(1)\n"), ==, "none");
    g_assert_cmpstr(of("tool", "#!/usr/bin/fish\n"), ==, "none");
}

static const char *meant(const char *word) {
    const Language *language = language_meant(word);

    return language != NULL ? language_name(language) : "none";
}

static void test_meant(void) {
    static const char *const words[][2] = {
        {"python", "python"}, {"PYTHON", "python"}, {"py", "python"},       {"python3", "python"},
        {"sh", "bash"},       {"js", "javascript"}, {"node", "javascript"}, {"ts", "typescript"},
        {"C", "c"},           {"gcc", "c"},         {"C++", "c++"},         {"cpp", "c++"},
        {"golang", "none"},   {"go", "go"},         {"rs", "rust"},         {"rustc", "rust"},
        {"java", "java"},     {"", "none"},         {".py", "none"},        {"pyton", "none"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_assert_cmpstr(meant(words[i][0]), ==, words[i][1]);
    for (const char *const *name = language_names(); *name != NULL; name++) {
        g_assert_cmpstr(meant(*name), ==, *name);
        g_assert_nonnull(language_how_to_get(language_find(*name)));
    }
    g_assert_null(language_find("py"));
}

static char *words_of(char *const *words) {
    return words != NULL ? g_strjoinv(" ", (char **)words) : g_strdup("");
}

static void test_command(void) {
    const LanguageRun run = {
        .language = language_find("c"),
        .file = "/snapshot/a.c",
        .tree = "/snapshot",
        .args = (const char *const[]){"one", "two words", NULL},
        .search_path = "/usr/bin:/bin",
        .env = (const char *const[]){"TZ=CET", "OWN=1", NULL},
        .sanitize = true,
    };
    g_autoptr(Command) command = command_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(language_command(&run, command, &error));
    g_assert_no_error(error);
    g_autofree char *build = words_of(command->build), *argv = words_of(command->argv),
                    *env = words_of(command->env);
    g_assert_cmpstr(build, ==,
                    "/usr/bin/cc -O1 -g -o /tmp/program -fsanitize=address,undefined "
                    "-fno-omit-frame-pointer -I /snapshot /snapshot/a.c -lm -pthread");
    g_assert_cmpstr(argv, ==, "/tmp/program one two words");
    g_assert_cmpstr(
        env, ==,
        "PATH=/usr/bin:/bin HOME=/tmp TMPDIR=/tmp LANG=C.UTF-8 TZ=CET ASAN_OPTIONS=detect_leaks=0 "
        "OWN=1");
    g_assert_cmpint(command->filter, ==, FILTER_GENERAL);
    g_assert_false(command->build_is_check);
}

/* Alone it is isolated; a file of a repository finds that repository's modules. */
static void test_python(void) {
    LanguageRun run = {
        .language = language_find("python"), .file = "/snapshot/a.py", .search_path = "/usr/bin"};
    g_autoptr(Command) alone = command_new(), in_tree = command_new();

    g_assert_true(language_command(&run, alone, NULL));
    run.tree = "/snapshot";
    g_assert_true(language_command(&run, in_tree, NULL));
    g_autofree char *first = words_of(alone->argv), *second = words_of(in_tree->argv);
    g_assert_cmpstr(first, ==, "/usr/bin/python3 -I -B /snapshot/a.py");
    g_assert_cmpstr(second, ==, "/usr/bin/python3 -s -B /snapshot/a.py");
    g_assert_null(g_environ_getenv(alone->env, "PYTHONPATH"));
    g_assert_cmpstr(g_environ_getenv(in_tree->env, "PYTHONPATH"), ==, "/snapshot");
    g_assert_null(alone->build);
}

static void test_missing(void) {
    const LanguageRun run = {.language = language_find("rust"), .file = "/a.rs", .search_path = "/nowhere"};
    g_autoptr(Command) command = command_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(language_command(&run, command, &error));
    g_assert_cmpstr(error->message, ==,
                    "rust: no rustc on the PATH; to get it: apt-get install rustc, or https://rustup.rs");
}

/* What nobody has asked for becomes what the tools need; what somebody has stays. */
static void test_limits(void) {
    Limits limits = limits_default(), asked = limits_default();

    asked.disk = 1 << 20;
    language_raise_limits(language_find("go"), &limits);
    language_raise_limits(language_find("go"), &asked);
    g_assert_cmpuint(limits.disk, ==, 512 << 20);
    g_assert_cmpuint(asked.disk, ==, 1 << 20);
    language_raise_limits(language_find("python"), &limits);
    g_assert_cmpuint(limits.disk, ==, 512 << 20);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/of-file", test_of_file);
    g_test_add_func("/language/meant", test_meant);
    g_test_add_func("/language/command", test_command);
    g_test_add_func("/language/python", test_python);
    g_test_add_func("/language/missing", test_missing);
    g_test_add_func("/language/limits", test_limits);
    return g_test_run();
}
