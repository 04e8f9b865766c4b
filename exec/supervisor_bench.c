/* How long a program takes from our own process, start to end: `make bench` has it print a line of JSON.
 *
 *     supervisor_bench RUNS
 *
 * Three ways to run /bin/true, in turn: vfork and exec without anything around it, the sandbox for a single
 * run (all of it is made and taken down), and the sandbox that is kept for many. Medians, in microseconds. */
#include "exec/supervisor.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "/bin/true"

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

static int compare(gconstpointer a, gconstpointer b) {
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;

    return left < right ? -1 : left > right;
}

static gint64 median(GArray *times) {
    g_array_sort(times, compare);
    return g_array_index(times, gint64, times->len / 2);
}

int main(int argc, char **argv) {
    static void (*const ways[])(Supervisor *) = {run_bare, run_once, run_in};
    guint runs = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 200;
    g_autoptr(Supervisor) kept = supervisor_new(1, -1);
    GArray *times[G_N_ELEMENTS(ways)];

    for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
        times[way] = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < MAX(runs, 1); i++) {
        for (gsize way = 0; way < G_N_ELEMENTS(ways); way++) {
            gint64 start = g_get_monotonic_time(), took;

            ways[way](kept);
            took = g_get_monotonic_time() - start;
            g_array_append_val(times[way], took);
        }
    }
    (void)printf("{\"bare\": %" G_GINT64_FORMAT ", \"once\": %" G_GINT64_FORMAT
                 ", \"kept\": %" G_GINT64_FORMAT "}\n",
                 median(times[0]), median(times[1]), median(times[2]));
    for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
        g_array_unref(times[way]);
    return 0;
}
