/* One process of a linter: what it sees, what it may use, and what it is told. */
#include "review/linters/private.h"

#include "exec/caps.h"

/* What a linter may use beside its time: that bounds the rest. */
#define MEMORY ((guint64)2 << 30)
#define PROCESSES 512u

void process_free(Process *process) {
    if (process == NULL)
        return;
    command_free(process->command);
    g_ptr_array_unref(process->paths);
    g_free(process);
}

/* A tool that `pip install --user` put into PREFIX/bin finds its modules by the user's base folder, which
 * Python would look for in $HOME. Of a virtual environment's python, and of the system's, that is of no use,
 * and does no harm. */
static char *python_user_base(const char *tool) {
    g_autofree char *folder = g_path_get_dirname(tool);
    g_autofree char *prefix = g_path_get_dirname(folder);

    return g_strconcat("PYTHONUSERBASE=", prefix, NULL);
}

/* The whole environment, in which nothing is left to chance or to the caller's. */
static GStrv environment(const LinterRun *run) {
    static const char *const always[] = {"HOME=/tmp",
                                         "LANG=C.UTF-8",
                                         "LC_ALL=C.UTF-8",
                                         "TZ=UTC",
                                         "NO_COLOR=1",
                                         "PYTHONUTF8=1",
                                         "PYTHONIOENCODING=utf-8:surrogateescape",
                                         "PYTHONDONTWRITEBYTECODE=1",
                                         "PYTHONSAFEPATH=1",
                                         "PYTHONHASHSEED=0"};
    g_autoptr(GPtrArray) env = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(env, g_strconcat("PATH=", run->search_path, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
        g_ptr_array_add(env, g_strdup(always[i]));
    g_ptr_array_add(env, python_user_base(run->tool->path));
    for (const char *const *own = run->linter->env; *own != NULL; own++)
        g_ptr_array_add(env, g_strdup(*own));
    g_ptr_array_add(env, NULL);
    return (GStrv)g_ptr_array_steal(env, NULL);
}

/* A command of the tool, but for its arguments. */
static Command *command_of(const LinterRun *run) {
    Command *command = command_new();

    tool_mount(run->tool, command);
    command_add_mount(command, run->root, LINTER_ROOT);
    command->cwd = g_strdup(LINTER_ROOT);
    command->require = run->policy->require;
    command->env = environment(run);
    command->limits.wall_ms = run->policy->timeout_ms;
    command->limits.cpu_ms = CAP_TIMEOUT_MS; /* many threads use more than the wall-clock time, which rules */
    command->limits.memory = MEMORY;
    command->limits.processes = PROCESSES;
    command->limits.output = CAP_LINTER_OUTPUT;
    return command;
}

Process *process_new(const LinterRun *run, GPtrArray *paths, bool single) {
    Process *process = g_new0(Process, 1);

    process->command = command_of(run);
    process->paths = g_ptr_array_ref(paths);
    process->single = single;
    return process;
}

GPtrArray *process_arguments(const LinterRun *run, const char *single, const char *extra) {
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    g_ptr_array_add(argv, g_strdup(run->tool->path));
    if (run->policy->custom != NULL) {
        custom_arguments(argv, run->policy->custom, none);
        return argv;
    }
    run->linter->arguments(argv, (const char *const *)run->policy->args, single);
    if (run->policy->max_complexity > 0)
        run->linter->limit_complexity(argv, run->policy->max_complexity);
    if (extra != NULL)
        g_ptr_array_add(argv, g_strdup(extra));
    g_ptr_array_add(argv, g_strdup("--"));
    return argv;
}

static GPtrArray *own_arguments(const LinterRun *run, const Process *process) {
    GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(argv, g_strdup(run->tool->path));
    custom_arguments(argv, run->policy->custom, process->paths);
    return argv;
}

static GPtrArray *known_arguments(const LinterRun *run, const Process *process, const char *extra) {
    const char *single = process->single ? process->paths->pdata[0] : NULL;
    GPtrArray *argv = process_arguments(run, single, extra);

    for (guint i = 0; i < process->paths->len; i++)
        g_ptr_array_add(argv, process->single && run->linter->single_by_stdin
                                  ? g_strdup("-")
                                  : g_strconcat(run->linter->path_prefix, process->paths->pdata[i], NULL));
    return argv;
}

void process_set_arguments(const LinterRun *run, Process *process, const char *extra) {
    g_autoptr(GPtrArray) argv =
        run->policy->custom != NULL ? own_arguments(run, process) : known_arguments(run, process, extra);

    g_ptr_array_add(argv, NULL);
    process->command->argv = (GStrv)g_ptr_array_steal(argv, NULL);
}

void process_start(LinterRun *run, Process *process, Supervisor *supervisor) {
    process->number = supervisor_start(supervisor, process->command);
    g_ptr_array_add(run->processes, process);
}
