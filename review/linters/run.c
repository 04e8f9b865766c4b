/* linter_start() and linter_finish(): from a linter, its policy and files to processes, and back. */
#include "review/linters/linter.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "exec/tool.h"
#include "review/linters/output.h"
#include "review/linters/rate.h"
#include "review/linters/version.h"

#include <string.h>

/* What a linter may use beside its time: that bounds the rest. */
#define MEMORY ((guint64)2 << 30)
#define PROCESSES 512u
/* Files with a name that the tool cannot print have a process each: not for any number of them. */
#define MOST_SINGLE 32u

typedef struct {
    Command *command;
    guint number;     /* the supervisor's */
    GPtrArray *paths; /* of char *, the run's */
    bool single;
} Process;

struct LinterRun {
    const Linter *linter;
    const LinterPolicy *policy;
    const GPtrArray *beside;
    char *root, *search_path;
    Tool *tool; /* NULL: not found, nothing was started */
    CheckResult *result;
    GPtrArray *processes; /* of Process */
    Process *version;     /* NULL where its version is known without it */
};

static void process_free(Process *process) {
    if (process == NULL)
        return;
    command_free(process->command);
    g_ptr_array_unref(process->paths);
    g_free(process);
}

static void run_free(LinterRun *run) {
    g_free(run->root);
    g_free(run->search_path);
    tool_free(run->tool);
    check_result_free(run->result);
    g_ptr_array_unref(run->processes);
    process_free(run->version);
    g_free(run);
}

static void fail(LinterRun *run, const char *remedy, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void fail(LinterRun *run, const char *remedy, const char *format, ...) {
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    check_fail(run->result, what, remedy);
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

static Process *process_new(const LinterRun *run, GPtrArray *paths, bool single) {
    Process *process = g_new0(Process, 1);

    process->command = command_of(run);
    process->paths = g_ptr_array_ref(paths);
    process->single = single;
    return process;
}

/* What stands before the files, of the policy's own linters also behind them; `extra` may be NULL. */
static GPtrArray *arguments(const LinterRun *run, const char *single, const char *extra) {
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
    GPtrArray *argv = arguments(run, single, extra);

    for (guint i = 0; i < process->paths->len; i++)
        g_ptr_array_add(argv, process->single && run->linter->single_by_stdin
                                  ? g_strdup("-")
                                  : g_strconcat(run->linter->path_prefix, process->paths->pdata[i], NULL));
    return argv;
}

static void set_arguments(const LinterRun *run, Process *process, const char *extra) {
    g_autoptr(GPtrArray) argv =
        run->policy->custom != NULL ? own_arguments(run, process) : known_arguments(run, process, extra);

    g_ptr_array_add(argv, NULL);
    process->command->argv = (GStrv)g_ptr_array_steal(argv, NULL);
}

static void start(LinterRun *run, Process *process, Supervisor *supervisor) {
    process->number = supervisor_start(supervisor, process->command);
    g_ptr_array_add(run->processes, process);
}

/* What an argument takes of the room that execve(2) gives: its text and its pointer. */
static gsize room(const char *argument) {
    return strlen(argument) + 1 + sizeof(char *);
}

/* Starts the tool over many files, several times where their names are too long for one, or where it is to
 * be given one at a time. */
static void start_many(LinterRun *run, const GPtrArray *paths, Supervisor *supervisor) {
    g_autoptr(GPtrArray) head = arguments(run, NULL, run->linter->ask);
    bool one_by_one = run->policy->custom != NULL && run->policy->custom->one_by_one;
    gsize fixed = 0, used = 0;
    Process *process = NULL;

    for (guint i = 0; i < head->len; i++)
        fixed += room(head->pdata[i]);
    for (guint i = 0; i <= paths->len; i++) {
        gsize size = i < paths->len ? room(paths->pdata[i]) + strlen(run->linter->path_prefix) : 0;

        if (process != NULL && (i == paths->len || one_by_one || used + size > CAP_ARGV_BYTES)) {
            set_arguments(run, process, NULL);
            start(run, process, supervisor);
            process = NULL;
        }
        if (i == paths->len)
            break;
        if (process == NULL) {
            g_autoptr(GPtrArray) own = g_ptr_array_new();

            process = process_new(run, own, false);
            used = fixed;
        }
        g_ptr_array_add(process->paths, paths->pdata[i]);
        used += size;
    }
}

/* The folder of the configuration that is nearest above a file; newly allocated, "." where there is none. */
static char *config_folder(const LinterRun *run, const char *path) {
    char *folder = g_path_get_dirname(path);

    while (strcmp(folder, ".") != 0) {
        for (const char *const *name = run->linter->config_files; *name != NULL; name++) {
            g_autofree char *config = g_build_filename(run->root, folder, *name, NULL);

            if (g_file_test(config, G_FILE_TEST_EXISTS))
                return folder;
        }
        char *above = g_path_get_dirname(folder);

        g_free(folder);
        folder = above;
    }
    return folder;
}

/* What it says of a file is to be the same whatever is given beside, also since it is kept. */
static void start_by_config(LinterRun *run, const GPtrArray *paths, Supervisor *supervisor) {
    g_autoptr(GHashTable) by_folder =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) groups = g_ptr_array_new(); /* in order of their first files */

    for (guint i = 0; i < paths->len; i++) {
        char *folder = config_folder(run, paths->pdata[i]);
        GPtrArray *group = g_hash_table_lookup(by_folder, folder);

        if (group == NULL) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_folder, folder, group);
        } else {
            g_free(folder);
        }
        g_ptr_array_add(group, paths->pdata[i]);
    }
    for (guint i = 0; i < groups->len; i++)
        start_many(run, groups->pdata[i], supervisor);
}

/* Starts the tool over one file whose name it cannot print. */
static void start_single(LinterRun *run, char *path, Supervisor *supervisor) {
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    Process *process = process_new(run, own, true);

    g_ptr_array_add(own, path);
    set_arguments(run, process, NULL);
    if (run->linter->single_by_stdin) {
        g_autofree char *name = g_build_filename(run->root, path, NULL);
        char *text;
        gsize len;

        if (!g_file_get_contents(name, &text, &len, NULL)) {
            check_fail_file(run->result, path, "the file cannot be read again");
            process_free(process);
            return;
        }
        process->command->input = g_bytes_new_take(text, len);
    }
    start(run, process, supervisor);
}

static bool can_print(const Linter *linter, const char *path) {
    if (linter->needs_utf8 && !g_utf8_validate(path, -1, NULL))
        return false;
    for (const char *p = path; linter->needs_line && *p != '\0'; p++)
        if (g_ascii_iscntrl(*p))
            return false;
    return true;
}

static void start_all(LinterRun *run, Supervisor *supervisor) {
    const GPtrArray *paths = run->result->paths;
    g_autoptr(GPtrArray) many = g_ptr_array_new();
    guint single = 0;

    for (guint i = 0; i < paths->len; i++) {
        char *path = paths->pdata[i];

        if (strcmp(path, "-") == 0)
            check_fail_file(run->result, path, "its name would mean standard input to the linter");
        else if (can_print(run->linter, path))
            g_ptr_array_add(many, path);
        else if (single++ < MOST_SINGLE)
            start_single(run, path, supervisor);
        else
            check_fail_file(
                run->result, path,
                run->linter->needs_line
                    ? "its name is no line of UTF-8, which the linter may not be able to print, and "
                      "there are too many such files"
                    : "its name is not UTF-8, which the linter cannot print, and there are too many "
                      "such files");
    }
    if (run->linter->one_config)
        start_by_config(run, many, supervisor);
    else
        start_many(run, many, supervisor);
}

/* The program of the policy's own linters is only asked where the policy has something to say of it. */
static void ask_version(LinterRun *run, Supervisor *supervisor) {
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autofree char *program = g_path_get_basename(run->tool->path);
    const char *argv[] = {run->tool->path, "--version", NULL};

    run->result->version = version_installed(program, run->tool->path);
    if (run->result->version != NULL || (run->policy->custom != NULL && run->policy->version == NULL))
        return;
    run->version = process_new(run, none, false);
    run->version->command->argv = g_strdupv((char **)argv);
    run->version->number = supervisor_start(supervisor, run->version->command);
}

/* Whether the version, where it is known, is one that the policy asks for. */
static bool check_version(LinterRun *run) {
    static const char *const is[] = {
        [VERSION_TOO_OLD] = "too old", [VERSION_TOO_NEW] = "too new", [VERSION_OTHER] = "not what is wanted"};
    const char *name = run->policy->name, *wanted = run->policy->version, *version = run->result->version;
    g_autoptr(GError) error = NULL;
    g_autofree char *remedy = NULL;
    VersionFit fit;

    if (wanted == NULL || version == NULL)
        return true;
    fit = version_compare(version, wanted, &error);
    if (fit == VERSION_FITS)
        return true;
    if (run->policy->custom != NULL)
        remedy = g_strdup_printf("install one that fits, or change linters.%s.version in the policy", name);
    else
        remedy =
            g_strdup_printf("install one that fits (pip install '%s%s'), or change linters.%s.version in "
                            "the policy",
                            name, wanted, name);
    if (error != NULL)
        fail(run, remedy, "%s", error->message);
    else
        fail(run, remedy, "version %s is %s: the policy asks for %s", version, is[fit], wanted);
    return false;
}

static void fail_missing(LinterRun *run) {
    const CustomLinter *custom = run->policy->custom;
    g_autofree char *remedy = g_strdup_printf(
        "install it (pip install %s), or take it out of the policy's linters", run->policy->name);

    if (custom == NULL)
        fail(run, remedy, "not found on the PATH");
    else
        fail(run, "install it, or take it out of the policy's linters", "there is no program '%s'%s",
             custom->command[0], g_path_is_absolute(custom->command[0]) ? "" : " on the PATH");
}

LinterRun *linter_start(const LinterPolicy *policy, const GPtrArray *paths, const GPtrArray *beside,
                        const char *root, const char *search_path, Supervisor *supervisor) {
    LinterRun *run = g_new0(LinterRun, 1);

    run->linter = policy->custom != NULL ? &linter_custom : linter_find(policy->name);
    run->policy = policy;
    run->beside = beside;
    run->root = g_strdup(root);
    run->search_path = g_strdup(search_path != NULL ? search_path : "");
    run->processes = g_ptr_array_new_with_free_func((GDestroyNotify)process_free);
    run->result = check_result_new(policy->name);
    run->result->information_uri = g_strdup(linter_information_uri(policy));
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(run->result->paths, g_strdup(paths->pdata[i]));
    run->tool =
        tool_find(policy->custom != NULL ? policy->custom->command[0] : policy->name, run->search_path);
    if (run->tool == NULL) {
        fail_missing(run);
        return run;
    }
    ask_version(run, supervisor);
    if (check_version(run))
        start_all(run, supervisor);
    return run;
}

/* The output of a process as the readers want it: with a NUL behind it. */
typedef struct {
    char *out, *err;
    LinterOutput output;
} Taken;

static char *terminated(GBytes *bytes, gsize *ret_len) {
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, ret_len) : NULL;
    char *copy;

    if (data == NULL)
        *ret_len = 0;
    copy = g_malloc(*ret_len + 1);
    if (*ret_len > 0)
        memcpy(copy, data, *ret_len);
    copy[*ret_len] = '\0';
    return copy;
}

static void taken_clear(Taken *taken) {
    g_free(taken->out);
    g_free(taken->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Taken, taken_clear)

static void take(const LinterRun *run, const Process *process, const CommandResult *ended, Taken *ret_taken) {
    ret_taken->output = (LinterOutput){.paths = process->paths,
                                       .exit_code = ended->exit_code,
                                       .root = run->root,
                                       .cwd = LINTER_ROOT,
                                       .single = process->single,
                                       .custom = run->policy->custom,
                                       .beside = run->beside};
    ret_taken->out = terminated(ended->out, &ret_taken->output.out_len);
    ret_taken->err = terminated(ended->err, &ret_taken->output.err_len);
    ret_taken->output.out = ret_taken->out;
    ret_taken->output.err = ret_taken->err;
}

/* Why a process did not end by itself, and how to mend it; NULL where it did. */
static char *why_not_ended(const LinterRun *run, const Process *process, const CommandResult *ended,
                           char **ret_remedy) {
    g_autofree char *how = command_result_text(process->command, ended), *first = NULL;
    const char *err;
    gsize len;

    switch (ended->status) {
    case STATUS_SUCCESS:
    case STATUS_EXECUTION_ERROR:
        return NULL;
    case STATUS_SETUP_ERROR:
        *ret_remedy = g_strdup(ended->remedy);
        return g_steal_pointer(&how);
    case STATUS_TIMEOUT:
        *ret_remedy = g_strdup_printf("raise linters.%s.timeout in the policy", run->policy->name);
        return g_steal_pointer(&how);
    default:
        err = ended->err != NULL ? g_bytes_get_data(ended->err, &len) : NULL;
        first = err != NULL ? output_complaint(err, len) : g_strdup("");
        return g_strdup_printf("%s%s%s", how, *first != '\0' ? ": " : "", first);
    }
}

/* The files of a process are undecided: of a single one that file, else all of the linter's. */
static void fail_process(LinterRun *run, const Process *process, const char *why, const char *remedy) {
    if (process->single)
        check_fail_file(run->result, process->paths->pdata[0], why);
    else
        check_fail(run->result, why, remedy);
}

static bool ended_well(LinterRun *run, const Process *process, const CommandResult *ended) {
    g_autofree char *remedy = NULL, *why = why_not_ended(run, process, ended, &remedy);

    if (why == NULL)
        return true;
    fail_process(run, process, why, remedy);
    return false;
}

/* Whether the files that it names and counts are all that it was given. */
static bool is_short(const Process *process, const LinterAccount *account) {
    guint named = 0;

    for (guint i = 0; i < process->paths->len; i++)
        named += g_hash_table_contains(account->seen, process->paths->pdata[i]) ||
                 g_hash_table_contains(account->left_out, process->paths->pdata[i]);
    return named + account->unnamed < process->paths->len;
}

/* Enters what it answers. Of a tool that only counts, that is only believed where it makes up the count: then
 * all others were looked at. */
static void take_left_out(const Process *process, GHashTable *left_out, LinterAccount *account) {
    guint seen = g_hash_table_size(account->seen);
    GHashTableIter iter;
    gpointer path;

    g_hash_table_iter_init(&iter, left_out);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        if (g_hash_table_contains(account->seen, path) || g_hash_table_contains(account->left_out, path))
            g_hash_table_iter_remove(&iter);
    if (account->unnamed > 0 && account->unnamed + seen + g_hash_table_size(left_out) != process->paths->len)
        return;
    for (guint i = 0; i < process->paths->len; i++) {
        path = process->paths->pdata[i];
        if (g_hash_table_contains(left_out, path))
            g_hash_table_insert(account->left_out, path, (gpointer)CHECK_EXCLUDED);
        else if (account->unnamed > 0)
            g_hash_table_add(account->seen, path);
    }
    account->unnamed = 0;
}

/* Starts the linter once more to hear which files it left out. */
static void ask_left_out(LinterRun *run, Process *process, LinterAccount *account, Supervisor *supervisor) {
    g_autoptr(GHashTable) left_out = g_hash_table_new(g_str_hash, g_str_equal);
    Process *again = process_new(run, process->paths, process->single);
    g_autoptr(CommandResult) ended = NULL;
    g_auto(Taken) taken = {0};

    set_arguments(run, again, run->linter->ask);
    start(run, again, supervisor);
    (void)supervisor_wait(supervisor);
    ended = supervisor_take(supervisor, again->number);
    if (ended->status != STATUS_SUCCESS && ended->status != STATUS_EXECUTION_ERROR)
        return;
    take(run, again, ended, &taken);
    run->linter->read_left_out(&taken.output, left_out);
    take_left_out(process, left_out, account);
}

static void finish_process(LinterRun *run, Process *process, Supervisor *supervisor) {
    g_autoptr(CommandResult) ended = supervisor_take(supervisor, process->number);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;
    g_auto(Taken) taken = {0};

    if (!ended_well(run, process, ended))
        return;
    run->result->ran = true;
    run->result->exit_code = MAX(run->result->exit_code, ended->exit_code);
    take(run, process, ended, &taken);
    if (!linter_read(run->linter, &taken.output, account, run->result, &error)) {
        fail_process(run, process, error->message, NULL);
        return;
    }
    if (run->linter->ask != NULL && is_short(process, account))
        ask_left_out(run, process, account, supervisor);
    linter_account(process->paths, account, run->result);
}

/* The version that --version prints. Without one, the linter's result stands, but not against a policy that
 * asks for some version. */
static void finish_version(LinterRun *run, Supervisor *supervisor) {
    g_autoptr(CommandResult) ended = supervisor_take(supervisor, run->version->number);
    g_auto(Taken) taken = {0};

    take(run, run->version, ended, &taken);
    if (ended->status == STATUS_SUCCESS)
        run->result->version = version_in(taken.out);
    if (run->result->version != NULL)
        check_version(run);
    else if (run->policy->version != NULL)
        fail(run, NULL, "does not say its version, and the policy asks for %s", run->policy->version);
}

CheckResult *linter_finish(LinterRun *run, Supervisor *supervisor) {
    guint started = run->processes->len; /* asking adds more */
    CheckResult *result;

    if (run->version != NULL)
        finish_version(run, supervisor);
    for (guint i = 0; i < started; i++)
        finish_process(run, run->processes->pdata[i], supervisor);
    rate_findings(run->linter, run->policy, run->result);
    g_ptr_array_sort(run->result->findings, finding_compare);
    result = g_steal_pointer(&run->result);
    run_free(run);
    return result;
}
