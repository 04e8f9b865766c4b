#include "cmd/cmd.h"

#include "exec/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *summary;
} Verb;

static const Verb verbs[] = {
    {"check", cmd_check, "Review a change, and run the policy's jobs where it passes"},
    {"run", cmd_run, "Review one piece of code, and run it where it passes"},
    {"policy", cmd_policy, "Write, validate or show the policy"},
    {"rules", cmd_rules, "List, explain or test the built-in rules"},
    {"doctor", cmd_doctor, "What this machine offers, what is missing, and how to get it"},
};

static int print_usage(void) {
    g_autoptr(GString) text =
        g_string_new("sallyport reviews a change, and runs in a sandbox only what has passed.\n\n"
                     "Usage: sallyport VERB [OPTION...]\n\nVerbs:\n");

    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_string_append_printf(text, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
    g_string_append(text,
                    "\nOptions:\n"
                    "  -h, --help     Show this help; 'sallyport VERB --help' that of a verb\n"
                    "  -V, --version  Show the version\n\n"
                    "Exit status: 0 passed, 1 rejected, 2 the request is wrong, 3 undecided (a check or the\n"
                    "sandbox could not do its work).\n");
    return cmd_write(STDOUT_FILENO, text->str, text->len) ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int print_version(void) {
    const char *text = "sallyport " SALLYPORT_VERSION "\n";

    return cmd_write(STDOUT_FILENO, text, strlen(text)) ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int unknown_verb(const char *word) {
    const char *names[G_N_ELEMENTS(verbs) + 1] = {NULL};
    g_autofree char *shown = text_line(word, -1, 64);
    g_autofree char *meant = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        names[i] = verbs[i].name;
    meant = text_did_you_mean(word, names);
    cmd_error("no such %s '%s'%s (see 'sallyport --help')", *word == '-' ? "option" : "verb", shown, meant);
    return EXIT_REQUEST;
}

static int run_verb(const char *name, int argc, char **argv) {
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return verbs[i].main(argc, argv);
    return unknown_verb(name);
}

/* `sallyport help VERB` is `sallyport VERB --help`. */
static int help(int argc, char **argv) {
    char *args[] = {argc > 1 ? argv[1] : NULL, (char *)"--help", NULL};

    return argc > 1 ? run_verb(argv[1], 2, args) : print_usage();
}

/* Started without one of these, a file that is opened later would take its place, and be written to. */
static void open_standard_streams(void) {
    int fd;

    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : NULL;

    open_standard_streams();
    if (word == NULL) {
        cmd_error("which verb? (see 'sallyport --help')");
        return EXIT_REQUEST;
    }
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        return print_usage();
    if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
        return print_version();
    if (strcmp(word, "help") == 0)
        return help(argc - 1, argv + 1);
    return run_verb(word, argc - 1, argv + 1);
}
