#include "review/job.h"

#include "exec/language.h"
#include "exec/shebang.h"
#include "exec/text.h"
#include "review/outputs.h"
#include "review/snapshot.h"
#include "rules/match.h"

#include <string.h>
#include <sys/stat.h>

/* What a job is made of before it can run. */
typedef struct {
    const JobPolicy *policy;
    const LanguagePolicy *language; /* of the policy's own; NULL */
    Tier require;
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
    g_clear_pointer(&result->lost, g_ptr_array_unref);
    g_free(result);
}

bool job_result_passed(const JobResult *result) {
    return result->result != NULL && result->result->status == STATUS_SUCCESS && result->lost == NULL;
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
static void set_setup_error(JobResult *result, const char *error) {
    result->result = command_result_not_started(error);
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

static JobPlan *plan_new(const Policy *all, const JobPolicy *policy, Change *change, GError **error) {
    g_autoptr(JobPlan) plan = g_new0(JobPlan, 1);

    plan->policy = policy;
    plan->require = all->require;
    plan->language = policy->lang != NULL ? policy_language_find(all, policy->lang) : NULL;
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

/* As a relative path, a name that begins with a dash would be an option. */
static char *replace_file(const char *argument, const char *path) {
    g_auto(GStrv) parts = g_strsplit(argument, "{file}", -1);
    g_autofree char *file =
        path != NULL ? g_strconcat(*path == '-' && *parts[0] == '\0' ? "./" : "", path, NULL) : NULL;

    return file != NULL ? g_strjoinv(file, parts) : g_strdup(argument);
}

/* A path of the policy, which is relative to the repository. */
static char *host_path(const JobPlan *plan, const char *path) {
    g_autofree char *here = g_get_current_dir();
    const char *root = change_root(plan->change);

    return path != NULL ? g_canonicalize_filename(path, root != NULL ? root : here) : NULL;
}

/* A script of the tree brings itself, but not the interpreter that its #! line asks for. */
static void mount_interpreter(const JobPlan *plan, const char *program, const char *search_path,
                              Command *command) {
    g_autofree char *path = g_canonicalize_filename(program, "/");
    g_autoptr(GBytes) bytes = change_read(plan->change, path + 1, NULL);
    gsize len = bytes != NULL ? MIN(g_bytes_get_size(bytes), 256) : 0;
    g_autofree char *word = len > 0 ? shebang_word(g_bytes_get_data(bytes, NULL), len) : NULL;
    g_autoptr(Tool) tool = word != NULL && command->root == NULL ? tool_find(word, search_path) : NULL;

    if (tool != NULL)
        tool_mount(tool, command);
}

/* The program is looked up as a shell would, one with a slash in the tree. NULL with `error` set. */
static char *find_program(const JobPlan *plan, const char *program, const char *search_path, Command *command,
                          GError **error) {
    g_autoptr(Tool) tool = NULL;

    if (strchr(program, '/') != NULL && !g_path_is_absolute(program)) {
        mount_interpreter(plan, program, search_path, command);
        return g_build_filename(COMMAND_WORK, program, NULL);
    }
    if (command->root != NULL && g_path_is_absolute(program))
        return g_strdup(program);
    tool =
        command->root != NULL ? tool_find_in_root(program, command->root) : tool_find(program, search_path);
    if (tool == NULL) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: not found %s%s", program,
                    command->root != NULL ? "in " : "on the PATH",
                    command->root != NULL ? command->root : "");
        return NULL;
    }
    tool_mount(tool, command);
    return g_strdup(tool->path);
}

/* [python3, -I, "{file}"] */
static bool set_own_command(const JobPlan *plan, char *const *words, const char *path,
                            const char *search_path, Command *command, GError **error) {
    g_autofree char *program = find_program(plan, words[0], search_path, command, error);
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    if (program == NULL)
        return false;
    g_strv_builder_add(argv, program);
    for (char *const *argument = words + 1; *argument != NULL; argument++) {
        g_autofree char *replaced = replace_file(*argument, path);

        g_strv_builder_add(argv, replaced);
    }
    command->argv = g_strv_builder_end(argv);
    command->env = language_environment(command->root != NULL ? TOOL_SYSTEM_PATH : search_path,
                                        (const char *const *)plan->policy->env);
    return true;
}

static bool set_language_command(const JobPlan *plan, const char *path, const char *search_path,
                                 Command *command, GError **error) {
    const JobPolicy *policy = plan->policy;
    const Language *language = language_find(policy->lang);
    /* As an absolute path, a name that begins with a dash is no option. */
    g_autofree char *file = g_build_filename(COMMAND_WORK, path, NULL);
    g_autofree char *venv = host_path(plan, policy->venv);
    const LanguageRun run = {
        .language = language,
        .file = file,
        .tree = COMMAND_WORK,
        .search_path = search_path,
        .env = (const char *const *)policy->env,
        .venv = venv,
        .root = command->root,
        .sanitize = policy->sanitize,
    };

    language_raise_limits(language, &command->limits);
    return language_command(&run, command, error);
}

static bool set_command(const JobPlan *plan, const char *path, const char *search_path, Command *command,
                        GError **error) {
    if (plan->policy->command != NULL)
        return set_own_command(plan, plan->policy->command, path, search_path, command, error);
    if (plan->language != NULL)
        return set_own_command(plan, plan->language->run, path, search_path, command, error);
    return set_language_command(plan, path, search_path, command, error);
}

static Command *command_of(const JobPlan *plan, const char *path, const char *search_path, GError **error) {
    g_autoptr(Command) command = command_new();

    command->require = plan->require;
    command->limits = plan->policy->limits;
    command->network = plan->policy->network;
    command->root = host_path(plan, plan->policy->root);
    command->work.wanted = true;
    command->work.tree = g_strdup(snapshot_tree_path(plan->snapshot));
    command->work.outputs = g_strdupv(plan->policy->outputs);
    return set_command(plan, path, search_path, command, error) ? g_steal_pointer(&command) : NULL;
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
        set_setup_error(run->result, error->message);
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

/* Behind how it ended. */
static void tell_lost(JobResult *result) {
    g_autoptr(GString) text = g_string_new(result->summary);

    for (guint i = 0; result->lost != NULL && i < result->lost->len; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? ", but " : "; ", (const char *)result->lost->pdata[i]);
    if (result->lost != NULL) {
        g_free(result->summary);
        result->summary = g_string_free(g_steal_pointer(&text), FALSE);
    }
}

/* Starts one job of the policy, in as many runs as it has files. */
static void start_one(const Policy *policy, const JobPolicy *job, Change *change, const char *search_path,
                      Supervisor *supervisor, GPtrArray *plans, GPtrArray *runs, GPtrArray *results) {
    g_autoptr(GError) error = NULL;
    JobPlan *plan = plan_new(policy, job, change, &error);

    if (plan == NULL) {
        JobResult *result = result_new(job, NULL);

        set_setup_error(result, error->message);
        g_ptr_array_add(results, result);
        return;
    }
    g_ptr_array_add(plans, plan);
    start_job(job, plan, search_path, supervisor, runs, results);
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

        if (skip != NULL)
            g_ptr_array_add(ret_results, skipped(job, skip));
        else
            start_one(policy, job, change, search_path, supervisor, plans, runs, ret_results);
    }
    whole = supervisor_wait(supervisor);
    for (guint i = 0; i < runs->len; i++)
        finish(runs->pdata[i], supervisor);
    job_outputs_write(ret_results, change);
    for (guint i = 0; i < ret_results->len; i++)
        tell_lost(ret_results->pdata[i]);
    return whole;
}
