#include "cmd/subcommand.h"

#include "cmd/cmd.h"
#include "exec/text.h"

#include <string.h>
#include <unistd.h>

static int print_usage(const char *verb, const char *about, const Subcommand *table) {
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "Usage: sallyport %s SUBCOMMAND [OPTION...]\n\n%s\n\nSubcommands:\n", verb,
                           about);
    for (; table->name != NULL; table++)
        g_string_append_printf(text, "  %-8s %s\n", table->name, table->summary);
    g_string_append_printf(text, "\n'sallyport %s SUBCOMMAND --help' shows the options of one.\n", verb);
    return cmd_write(STDOUT_FILENO, text->str, text->len) ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int unknown(const char *verb, const char *word, const Subcommand *table) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *shown = text_line(word, -1, 64), *meant = NULL;

    for (; table->name != NULL; table++)
        g_ptr_array_add(names, (gpointer)table->name);
    g_ptr_array_add(names, NULL);
    meant = text_did_you_mean(word, (const char *const *)names->pdata);
    cmd_error("%s has no %s '%s'%s (see 'sallyport %s --help')", verb, *word == '-' ? "option" : "subcommand",
              shown, meant, verb);
    return EXIT_REQUEST;
}

int subcommand_run(const char *verb, const char *about, const Subcommand *table, int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : NULL;

    if (word == NULL) {
        cmd_error("%s what? (see 'sallyport %s --help')", verb, verb);
        return EXIT_REQUEST;
    }
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        return print_usage(verb, about, table);
    for (const Subcommand *one = table; one->name != NULL; one++)
        if (strcmp(one->name, word) == 0)
            return one->main(argc - 1, argv + 1);
    return unknown(verb, word, table);
}
