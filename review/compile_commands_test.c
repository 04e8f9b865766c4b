/* What is taken of a compilation database, and what is not. */
#include "review/compile_commands.h"

#include <string.h>

static char *flags_of(const char *text, const char *path, const char *root) {
    g_autoptr(GError) error = NULL;
    g_autoptr(CompileCommands) commands = compile_commands_parse(text, strlen(text), root, &error);
    g_autoptr(GPtrArray) flags = g_ptr_array_new_with_free_func(g_free);
    const char *language = "?";
    g_autofree char *words = NULL;

    g_assert_no_error(error);
    if (!compile_commands_flags(commands, path, flags, &language))
        return g_strdup("none");
    g_ptr_array_add(flags, NULL);
    words = g_strjoinv(" ", (char **)flags->pdata);
    return g_strconcat(language, ": ", words, NULL);
}

/* The flags of a.c at the root, compiled by such a command in /repo/build. */
static void assert_command(const char *command, const char *expected) {
    g_autofree char *text = g_strdup_printf(
        "[{\"directory\": \"/repo/build\", \"file\": \"../a.c\", \"command\": \"cc %s\"}]", command);
    g_autofree char *said = flags_of(text, "a.c", "/repo");

    g_assert_cmpstr(said, ==, expected);
}

static void test_flags(void) {
    assert_command("-I../include -I . -isystem ../x -iquote../q -idirafter /repo/y",
                   "?: -I./include -I./build -isystem./x -iquote./q -idirafter./y");
    assert_command("-DA -D B=1 '-DC=\\\"x y\\\"' -UD -std=gnu11 -x c++ -fno-rtti -m32",
                   "cpp: -DA -DB=1 -DC=\"x y\" -UD -std=gnu11 -fno-rtti -m32");
    assert_command("-xc -O2 -Wall -g -c -o a.o ../a.c", "c: ");
    assert_command("-I/usr/include/glib-2.0 -isystem/usr/lib/x/../y",
                   "?: -I/usr/include/glib-2.0 -isystem/usr/lib/y");
}

/* None of it reads, writes or runs anything. */
static void test_hostile(void) {
    assert_command("-MF ../x -MMD -MFout -MT x -Xclang -header-include-file -Xclang /tmp/out", "?: ");
    assert_command("@../flags -include /etc/hostname -include../x.h -imacros x --config=x -fplugin=x.so",
                   "?: ");
    assert_command("-I/etc -I../../etc -isystem /home/x -I/usr/../etc -I=/x -I/usr -I", "?: ");
    assert_command("-Wp,-MD,x -Wl,-o,x -Wa,x -B/x -specs=x -fmodules -fmodule-map-file=x -load x", "?: ");
    assert_command(
        "-std=c11;x -std= -x cuda -D -U 1x -D-x -fsanitize-blacklist=x -ivfsoverlay x --sysroot=/x", "?: ");
    assert_command("-Xclang -DA -o -DB -DC", "?: -DC");
}

static void test_entries(void) {
    static const char text[] =
        "[7, {\"file\": \"b.c\"}, {\"file\": \"a.c\", \"arguments\": [\"cc\", \"-DONE\", 7, \"-DTWO\"]},"
        " {\"file\": \"a.c\", \"arguments\": [\"cc\", \"-DSECOND\"]},"
        " {\"directory\": \"/elsewhere\", \"file\": \"c.c\", \"arguments\": [\"cc\", \"-Iinc\"]},"
        " {\"file\": \"/elsewhere/d.c\", \"arguments\": [\"cc\", \"-Iinc\"]},"
        " {\"file\": \"../e.c\", \"arguments\": [\"cc\", \"-Iinc\"]},"
        " {\"file\": \"f.c\", \"arguments\": []}, {\"file\": \"g.c\", \"command\": \"cc 'unclosed\"}]";
    static const char *const expected[][2] = {
        {"a.c", "?: -DONE -DTWO"}, {"b.c", "none"}, {"c.c", "?: -I./inc"}, {"d.c", "none"},
        {"e.c", "none"},           {"f.c", "none"}, {"g.c", "none"}};

    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *said = flags_of(text, expected[i][0], "/repo");
        g_autofree char *rootless = flags_of(text, expected[i][0], NULL);

        g_assert_cmpstr(said, ==, expected[i][1]);
        g_assert_cmpstr(rootless, ==, expected[i][1]);
    }
}

static void assert_wrong(const char *text, const char *expected) {
    g_autoptr(GError) error = NULL;

    g_assert_null(compile_commands_parse(text, strlen(text), "/repo", &error));
    g_assert_true(g_str_has_prefix(error->message, expected));
}

static void test_wrong(void) {
    assert_wrong("{}", "is not a list of commands");
    assert_wrong("[", "line 1: ");
    assert_wrong("", "line 1: ");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compile_commands/flags", test_flags);
    g_test_add_func("/compile_commands/hostile", test_hostile);
    g_test_add_func("/compile_commands/entries", test_entries);
    g_test_add_func("/compile_commands/wrong", test_wrong);
    return g_test_run();
}
