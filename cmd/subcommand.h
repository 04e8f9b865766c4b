/* subcommand.h: a verb that consists of further ones: `sallyport policy check`. */
#pragma once

typedef struct {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *summary;
} Subcommand;

/* Runs what argv[1] names of the table, which ends with an element without a name; or prints the usage, of
 * which `about` is what the verb is about. Returns the exit status. */
int subcommand_run(const char *verb, const char *about, const Subcommand *table, int argc, char **argv);
