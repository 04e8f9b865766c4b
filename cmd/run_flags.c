#include "cmd/cmd.h"
#include "cmd/run.h"

#include <string.h>

/* The flag of each limit, and its name in the policy. */
static const struct {
    const char *flag, *limit, *help, *argument;
} limit_flags[RUN_LIMITS] = {
    {"timeout", "wall", "Wall-clock limit, such as 10s or 500ms", "TIME"},
    {"cpu", "cpu", "CPU time limit", "TIME"},
    {"memory", "memory", "Memory limit, such as 256M", "SIZE"},
    {"processes", "processes", "Processes and threads at a time", "N"},
    {"output", "output", "Bytes of stdout, and of stderr, that are kept", "SIZE"},
    {"disk", "disk", "Size of the work directory and /tmp together", "SIZE"},
    {"inodes", "inodes", "Files and directories in there", "N"},
    {"file-size", "file_size", "Size of one file", "SIZE"},
    {"open-files", "open_files", "Open files of a process", "N"},
    {"stack", "stack", "Size of the stack", "SIZE"},
};

void run_flags_clear(RunFlags *flags) {
    char **all[] = {&flags->lang, &flags->code, &flags->input,   &flags->policy,     &flags->color,
                    &flags->venv, &flags->root, &flags->session, &flags->end_session};

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_free(*all[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(flags->limits); i++)
        g_free(flags->limits[i]);
    g_strfreev(flags->env);
    g_strfreev(flags->fetch);
    g_strfreev(flags->words);
}

static const char summary[] =
    "Reviews the code with the linters and rules of the policy (or the default), and runs it in a\n"
    "sandbox if the review has passed: no network, no files but its own, limits on everything. What it\n"
    "writes goes to stdout and stderr; what is to be said of it goes to stderr.";

static const char examples[] =
    "Examples:\n"
    "  sallyport run -c 'print(sum([1, 2, 3]))'\n"
    "  sallyport run --timeout 5s --memory 256M solve.py -- input.txt\n"
    "  sallyport run --lang bash - < script\n"
    "  sallyport run --session lab -c 'open(\"notes\", \"a\").write(\"one more\\n\")'\n"
    "  sallyport run --json --command -- make -C /usr/src/thing test\n\n"
    "Exit status: 0 it passed and succeeded, 1 the review rejected it or it failed, 2 the request is\n"
    "wrong, 3 undecided: the review or the sandbox could not do its work.";

bool run_flags_parse(int argc, char **argv, RunFlags *flags, int *ret_status) {
    const GOptionEntry entries[] = {
        {"lang", 0, 0, G_OPTION_ARG_FILENAME, &flags->lang, "The language, such as python, bash or c", "L"},
        {"code", 'c', 0, G_OPTION_ARG_FILENAME, &flags->code,
         "Run this text (python, unless --lang says else)", "CODE"},
        {"command", 0, 0, G_OPTION_ARG_NONE, &flags->command,
         "Run a program of this machine with its arguments; there is nothing to review", NULL},
        {"stdin", 0, 0, G_OPTION_ARG_FILENAME, &flags->input,
         "Give the program this file, or with - what comes in here, as its standard input", "FILE"},
        {"env", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->env,
         "Give it this variable; without =VALUE the one from here", "NAME[=VALUE]"},
        {"fetch", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->fetch,
         "Bring this file of its work directory back into the current one", "PATH"},
        {"loopback", 0, 0, G_OPTION_ARG_NONE, &flags->loopback, "Give it a loopback interface of its own",
         NULL},
        {"venv", 0, 0, G_OPTION_ARG_FILENAME, &flags->venv, "Run Python in this virtual environment", "DIR"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &flags->root, "Run in this root file system", "DIR"},
        {"sanitize", 0, 0, G_OPTION_ARG_NONE, &flags->sanitize,
         "Compile C and C++ with the address and undefined sanitizers", NULL},
        {"session", 0, 0, G_OPTION_ARG_FILENAME, &flags->session,
         "Keep the work directory for the next run of this name", "NAME"},
        {"sessions", 0, 0, G_OPTION_ARG_NONE, &flags->sessions, "List the sessions there are", NULL},
        {"end-session", 0, 0, G_OPTION_ARG_FILENAME, &flags->end_session, "Remove a session", "NAME"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &flags->json, "Print the result of the run as JSON", NULL},
        {"exit-code", 0, 0, G_OPTION_ARG_NONE, &flags->exit_code, "Exit with the program's own exit code",
         NULL},
        {"no-review", 0, 0, G_OPTION_ARG_NONE, &flags->no_review, "Run only", NULL},
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &flags->policy,
         "Review by this policy instead of the built-in default", "FILE"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &flags->quiet, "Of the review only what speaks against passing",
         NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &flags->verbose, "Show the review of code that passed, too",
         NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &flags->color, "auto, always or never", "WHEN"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->words, NULL, NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    GOptionEntry all[G_N_ELEMENTS(entries) + RUN_LIMITS];

    for (gsize i = 0; i < RUN_LIMITS; i++)
        all[i] = (GOptionEntry){
            limit_flags[i].flag,    0, 0, G_OPTION_ARG_FILENAME, &flags->limits[i], limit_flags[i].help,
            limit_flags[i].argument};
    memcpy(all + RUN_LIMITS, entries, sizeof entries);
    return cmd_options(&argc, &argv, all, "run",
                       "[-c CODE | FILE | - | --command] [-- ARG...] - review, then run, one piece of code",
                       summary, examples, ret_status);
}

bool run_flags_limits(const RunFlags *flags, Limits *limits) {
    for (gsize i = 0; i < G_N_ELEMENTS(limit_flags); i++) {
        g_autofree char *flag = g_strconcat("--", limit_flags[i].flag, NULL);

        if (flags->limits[i] == NULL)
            continue;
        g_autoptr(YamlErrors) errors = yaml_errors_new(flag);
        YamlNode node = {.kind = YAML_SCALAR, .where = (char *)"", .scalar = flags->limits[i], .plain = true};

        if (!policy_read_limit(&node, limit_flags[i].limit, limits, errors)) {
            g_autofree char *text = yaml_errors_text(errors);

            cmd_error_lines(text);
            return false;
        }
    }
    return true;
}
