#include "review/job.h"

#include "exec/language.h"
#include "exec/shebang.h"
#include "exec/text.h"
#include "review/snapshot.h"
#include "rules/match.h"

#include <string.h>
#include <sys/stat.h>

/* Where a job's files stand in the sandbox. */
#define JOB_ROOT "/snapshot"

/* What a job is made of before it can run. */
typedef struct {
    const JobPolicy *policy;
    Change *change;
    Match *files, *needs; /* NULL: everything */
    Snapshot *snapshot;
    GPtrArray *paths; /* of char *: that match `files` */
} JobPlan;

typedef struct {
    JobResult *result;
    Command *command;
    guint number; /* of the supervisor */
    bool started;
} JobRun;

void job_result_free(JobResult *result) {
    if (result == NULL)
        return;
    g_free(result->name);
    g_free(result->path);
    g_free(result->skipped);
    g_free(result->summary);
    command_result_free(result->result);
    g_free(result);
}

bool job_result_passed(const JobResult *result) {
    return result->result != NULL && result->result->status == STATUS_SUCCESS;
}

bool job_result_undecided(const JobResult *result) {
    return result->result != NULL &&
           (result->result->status == STATUS_SETUP_ERROR || result->result->status == STATUS_CANCELLED);
}

static JobResult *result_new(const JobPolicy *policy, const char *path) {
    JobResult *result = g_new0(JobResult, 1);
    g_autofree char *shown = path != NULL ? text_path(path) : NULL;

    result->policy = policy;
    result->name = shown != NULL ? g_strdup_printf("%s: %s", policy->name, shown) : g_strdup(policy->name);
    result->path = g_strdup(path);
    return result;
}

/* A job that could not be started is not one that failed. */
static void set_setup_error(JobResult *result, const char *error, const char *remedy) {
    result->result = g_new0(CommandResult, 1);
    result->result->status = STATUS_SETUP_ERROR;
    result->result->out = g_bytes_new(NULL, 0);
    result->result->err = g_bytes_new(NULL, 0);
    result->result->error = text_line(error, -1, 512);
    result->result->remedy = g_strdup(remedy);
    result->summary = g_strdup_printf("could not be started: %s", result->result->error);
}

static void plan_free(JobPlan *plan) {
    match_free(plan->files);
    match_free(plan->needs);
    snapshot_free(plan->snapshot);
    g_ptr_array_unref(plan->paths);
    g_free(plan);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JobPlan, plan_free)

/* Whether the job's tree holds a path. Its own files are always there. */
static bool is_wanted(const char *path, gpointer data) {
    const JobPlan *plan = data;

    switch (plan->policy->needs) {
    case NEEDS_TREE:
        return true;
    case NEEDS_CHANGED:
        return change_find(plan->change, path) != NULL;
    case NEEDS_PATHS:
        return match_path(plan->needs, path) || (plan->files != NULL && match_path(plan->files, path));
    }
    return false;
}

static bool collect(const char *path, guint32 mode, gpointer data) {
    JobPlan *plan = data;

    if (plan->files != NULL && S_ISREG(mode) && is_wanted(path, plan) && match_path(plan->files, path))
        g_ptr_array_add(plan->paths, g_strdup(path));
    return true;
}

static JobPlan *plan_new(const JobPolicy *policy, Change *change, GError **error) {
    g_autoptr(JobPlan) plan = g_new0(JobPlan, 1);

    plan->policy = policy;
    plan->change = change;
    plan->paths = g_ptr_array_new_with_free_func(g_free);
    if (policy->files != NULL && (plan->files = match_new((const char *const *)policy->files, error)) == NULL)
        return NULL;
    if (policy->needs == NEEDS_PATHS &&
        (plan->needs = match_new((const char *const *)policy->needs_paths, error)) == NULL)
        return NULL;
    if (!change_each_file(change, collect, plan, error))
        return NULL;
    if (policy->files != NULL && plan->paths->len == 0)
        return g_steal_pointer(&plan); /* nothing to run: no tree is wanted */
    plan->snapshot = snapshot_new(error);
    if (plan->snapshot == NULL || !snapshot_add_tree(plan->snapshot, change, is_wanted, plan, error))
        return NULL;
    return g_steal_pointer(&plan);
}

static char *replace_file(const char *argument, const char *path) {
    g_auto(GStrv) parts = g_strsplit(argument, "{file}", -1);

    return path != NULL ? g_strjoinv(path, parts) : g_strdup(argument);
}

/* A script of the tree brings itself, but not the interpreter that its #! line asks for. */
static void mount_interpreter(const JobPlan *plan, const char *program, const char *search_path,
                              Command *command) {
    g_autofree char *path = g_canonicalize_filename(program, "/");
    g_autoptr(GBytes) bytes = change_read(plan->change, path + 1, NULL);
    gsize len = bytes != NULL ? MIN(g_bytes_get_size(bytes), 256) : 0;
    g_autofree char *word = len > 0 ? shebang_word(g_bytes_get_data(bytes, NULL), len) : NULL;
    g_autoptr(Tool) tool = word != NULL ? tool_find(word, search_path) : NULL;

    if (tool != NULL)
        tool_mount(tool, command);
}

/* [python3, -I, "{file}"]: the program is looked up as a shell would, one with a slash in the tree. */
static bool set_own_command(const JobPlan *plan, const char *path, const char *search_path, Command *command,
                            GError **error) {
    const char *program = plan->policy->command[0];
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    if (strchr(program, '/') != NULL && !g_path_is_absolute(program)) {
        g_autofree char *in_tree = g_build_filename(JOB_ROOT, program, NULL);

        g_strv_builder_add(argv, in_tree);
        mount_interpreter(plan, program, search_path, command);
    } else {
        g_autoptr(Tool) tool = tool_find(program, search_path);

        if (tool == NULL) {
            g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: not found on the PATH", program);
            return false;
        }
        g_strv_builder_add(argv, tool->path);
        tool_mount(tool, command);
    }
    for (char **argument = plan->policy->command + 1; *argument != NULL; argument++) {
        g_autofree char *replaced = replace_file(*argument, path);

        g_strv_builder_add(argv, replaced);
    }
    command->argv = g_strv_builder_end(argv);
    command->env = language_environment(search_path, (const char *const *)plan->policy->env);
    return true;
}

static bool set_language_command(const JobPlan *plan, const char *path, const char *search_path,
                                 Command *command, GError **error) {
    const Language *language = language_find(plan->policy->lang);
    /* As an absolute path, a name that begins with a dash is no option. */
    g_autofree char *file = g_build_filename(JOB_ROOT, path, NULL);

    return language_command(language, file, plan->policy->alone ? NULL : JOB_ROOT,
                            (const char *const *)plan->policy->args, search_path,
                            (const char *const *)plan->policy->env, command, error);
}

static Command *command_of(const JobPlan *plan, const char *path, const char *search_path, GError **error) {
    g_autoptr(Command) command = command_new();
    bool made = plan->policy->command != NULL ? set_own_command(plan, path, search_path, command, error)
                                              : set_language_command(plan, path, search_path, command, error);

    if (!made)
        return NULL;
    command->cwd = g_strdup(JOB_ROOT);
    command->limits = plan->policy->limits;
    command->network = plan->policy->network;
    command->input = plan->policy->input != NULL ? g_bytes_ref(plan->policy->input) : NULL;
    command_add_mount(command, snapshot_tree_path(plan->snapshot), JOB_ROOT);
    return g_steal_pointer(&command);
}

static void run_free(JobRun *run) {
    command_free(run->command);
    g_free(run);
}

/* Queues one run of a job. The result is in `results` already, in its place. */
static void start(const JobPlan *plan, const char *path, const char *search_path, Supervisor *supervisor,
                  GPtrArray *runs, GPtrArray *results) {
    g_autoptr(GError) error = NULL;
    JobRun *run = g_new0(JobRun, 1);

    run->result = result_new(plan->policy, path);
    run->command = command_of(plan, path, search_path, &error);
    g_ptr_array_add(results, run->result);
    g_ptr_array_add(runs, run);
    if (run->command == NULL) {
        set_setup_error(run->result, error->message, NULL);
        return;
    }
    run->number = supervisor_start(supervisor, run->command);
    run->started = true;
}

static JobResult *skipped(const JobPolicy *policy, const char *why) {
    JobResult *result = result_new(policy, NULL);

    result->skipped = g_strdup(why);
    return result;
}

static void start_job(const JobPolicy *policy, JobPlan *plan, const char *search_path, Supervisor *supervisor,
                      GPtrArray *runs, GPtrArray *results) {
    if (policy->files != NULL && plan->paths->len == 0)
        g_ptr_array_add(results, skipped(policy, "no file matches its `files`"));
    else if (policy->files == NULL)
        start(plan, NULL, search_path, supervisor, runs, results);
    for (guint i = 0; i < plan->paths->len; i++)
        start(plan, plan->paths->pdata[i], search_path, supervisor, runs, results);
}

static void finish(JobRun *run, Supervisor *supervisor) {
    if (!run->started)
        return;
    run->result->result = supervisor_take(supervisor, run->number);
    run->result->summary = command_result_text(run->command, run->result->result);
}

/* What the machine cannot give is refused before anything is started. */
static const char *refusal(const Policy *policy) {
    return policy->require == REQUIRE_FULL
               ? "the policy asks for `sandbox: {require: full}`, and limits by cgroup are not to be had"
               : NULL;
}

bool jobs_run(const Policy *policy, Change *change, const char *skip, const char *search_path, guint parallel,
              int cancel_fd, GPtrArray *ret_results) {
    g_autoptr(GPtrArray) plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
    g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)run_free);
    g_autoptr(Supervisor) supervisor =
        supervisor_new(parallel > 0 ? parallel : g_get_num_processors(), cancel_fd);
    bool whole;

    for (guint i = 0; i < policy->jobs->len; i++) {
        const JobPolicy *job = policy->jobs->pdata[i];
        g_autoptr(GError) error = NULL;
        JobPlan *plan;

        if (skip != NULL) {
            g_ptr_array_add(ret_results, skipped(job, skip));
            continue;
        }
        plan = refusal(policy) == NULL ? plan_new(job, change, &error) : NULL;
        if (plan == NULL) {
            JobResult *result = result_new(job, NULL);

            set_setup_error(result, error != NULL ? error->message : refusal(policy),
                            error != NULL ? NULL : "`require: partial` does without them");
            g_ptr_array_add(ret_results, result);
            continue;
        }
        g_ptr_array_add(plans, plan);
        start_job(job, plan, search_path, supervisor, runs, ret_results);
    }
    whole = supervisor_wait(supervisor);
    for (guint i = 0; i < runs->len; i++)
        finish(runs->pdata[i], supervisor);
    return whole;
}
