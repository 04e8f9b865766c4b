/* How long a program takes from our own process, start to end. `make bench` runs it and reads what it prints:
 *
 *     supervisor_bench RUNS
 *
 * Three ways to run /bin/true, in turn: vfork and exec without anything around it; a sandbox for it alone,
 * made and taken down; and a sandbox that is kept for many, of which the next one's place is made in the
 * pause before. Milliseconds, as a JSON object of lists. */
#include "exec/supervisor.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "/bin/true"

/* Between two runs: what the kernel clears away behind one is not to fall on the next. */
#define PAUSE_US 20000

static Command *make_command(void) {
    Command *command = command_new();

    command->argv = g_new0(char *, 2);
    command->argv[0] = g_strdup(PROGRAM);
    command->env = g_new0(char *, 1);
    command->filter = FILTER_NATIVE;
    return command;
}

static void run_in(Supervisor *supervisor) {
    g_autoptr(Command) command = make_command();
    guint number = supervisor_start(supervisor, command);
    g_autoptr(CommandResult) result = NULL;

    (void)supervisor_wait(supervisor);
    result = supervisor_take(supervisor, number);
    if (result->status != STATUS_SUCCESS)
        g_error("%s: %s", command_status_name(result->status), result->error);
}

static int exec_program(void *unused) {
    char *const argv[] = {(char *)PROGRAM, NULL}, *const env[] = {NULL};

    (void)unused;
    (void)execve(PROGRAM, argv, env);
    _exit(127);
}

/* vfork(2), with a stack that is not this function's. */
static void run_bare(Supervisor *unused) {
    static char stack[65536] __attribute__((aligned(16)));
    int status;
    pid_t pid;

    (void)unused;
    pid = clone(exec_program, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        g_error("%s did not run", PROGRAM);
}

static void run_once(Supervisor *unused) {
    g_autoptr(Supervisor) supervisor = supervisor_new(1, -1);

    (void)unused;
    run_in(supervisor);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(Supervisor *);
    } ways[] = {
        {"vfork and exec", run_bare},
        {"a sandbox for it alone", run_once},
        {"a sandbox that is kept", run_in},
    };
    guint runs = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 200;
    g_autoptr(Supervisor) kept = supervisor_new(1, -1);
    GString *samples[G_N_ELEMENTS(ways)];

    for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
        samples[way] = g_string_new(NULL);
    run_in(kept); /* the first of its kind has a sandbox of its own */
    for (guint i = 0; i < MAX(runs, 1); i++) {
        for (gsize way = 0; way < G_N_ELEMENTS(ways); way++) {
            gint64 start, took;

            supervisor_rest(kept);
            g_usleep(PAUSE_US);
            start = g_get_monotonic_time();
            ways[way].run(kept);
            took = g_get_monotonic_time() - start;
            g_string_append_printf(samples[way], "%s%" G_GINT64_FORMAT ".%03d", i > 0 ? ", " : "",
                                   took / 1000, (int)(took % 1000));
        }
    }
    for (gsize way = 0; way < G_N_ELEMENTS(ways); way++) {
        (void)printf("%s\"%s\": [%s]", way > 0 ? ", " : "{", ways[way].name, samples[way]->str);
        g_string_free(samples[way], TRUE);
    }
    (void)printf("}\n");
    return 0;
}
