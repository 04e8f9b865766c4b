/* How long a program takes from our own process, start to end. `make bench` runs it and reads what it prints:
 *
 *     supervisor_bench RUNS
 *
 * Four ways to run /bin/true, in turn: vfork and exec without anything around it; the same in namespaces of
 * its own, with a root that has nothing but /usr, which is what the kernel takes for the least of a sandbox;
 * a sandbox for it alone, made and taken down; and a sandbox that is kept for many, of which the next one's
 * place is made in the pause before. Milliseconds, as a JSON object of lists. */
#include "exec/supervisor.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
static void run_function(int (*function)(void *), int flags) {
    static char stack[65536] __attribute__((aligned(16)));
    int status;
    pid_t pid = clone(function, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD | flags, NULL);

    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        g_error("%s did not run", PROGRAM);
}

static void run_bare(Supervisor *unused) {
    (void)unused;
    run_function(exec_program, 0);
}

/* A disk of its own over one that is there, and on it /usr, read-only. */
static int enter_root(void) {
    const char *over = "/tmp";

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", over, "tmpfs", 0, NULL) != 0 || chdir(over) != 0 || mkdir("usr", 0755) != 0 ||
        symlink("usr/bin", "bin") != 0 || symlink("usr/lib", "lib") != 0 ||
        symlink("usr/lib64", "lib64") != 0 || mount("/usr", "usr", NULL, MS_BIND, NULL) != 0 ||
        mount(NULL, "usr", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0)
        return -1;
    return syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 ? chdir("/") : -1;
}

static int exec_in_root(void *unused) {
    return enter_root() == 0 ? exec_program(unused) : 126;
}

static void run_in_namespaces(Supervisor *unused) {
    (void)unused;
    run_function(exec_in_root, CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET |
                                   (geteuid() != 0 ? CLONE_NEWUSER : 0));
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
        {"in namespaces, by hand", run_in_namespaces},
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
