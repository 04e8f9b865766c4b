/* linter_start() and linter_finish(): from a linter, its policy and files to processes, and back. */
#include "review/linters/private.h"

#include "review/linters/rate.h"
#include "review/linters/version.h"

#include <string.h>

static void run_free(LinterRun *run) {
    g_free(run->root);
    g_free(run->search_path);
    tool_free(run->tool);
    check_result_free(run->result);
    g_ptr_array_unref(run->processes);
    process_free(run->version);
    g_free(run);
}

void run_fail(LinterRun *run, const char *remedy, const char *format, ...) {
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    check_fail(run->result, what, remedy);
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
        run_fail(run, remedy, "%s", error->message);
    else
        run_fail(run, remedy, "version %s is %s: the policy asks for %s", version, is[fit], wanted);
    return false;
}

static void fail_missing(LinterRun *run) {
    const CustomLinter *custom = run->policy->custom;
    g_autofree char *remedy = g_strdup_printf(
        "install it (pip install %s), or take it out of the policy's linters", run->policy->name);

    if (custom == NULL)
        run_fail(run, remedy, "not found on the PATH");
    else
        run_fail(run, "install it, or take it out of the policy's linters", "there is no program '%s'%s",
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
    run->tool = tool_find(linter_policy_program(policy), run->search_path);
    if (run->tool == NULL) {
        fail_missing(run);
        return run;
    }
    ask_version(run, supervisor);
    if (check_version(run))
        run_start_all(run, supervisor);
    return run;
}

/* The version that --version prints. Without one, the linter's result stands, but not against a policy that
 * asks for some version. */
static void finish_version(LinterRun *run, Supervisor *supervisor) {
    g_autoptr(CommandResult) ended = supervisor_take(supervisor, run->version->number);
    g_auto(Taken) taken = {0};

    run_take(run, run->version, ended, &taken);
    if (ended->status == STATUS_SUCCESS)
        run->result->version = version_in(taken.out);
    if (run->result->version != NULL)
        check_version(run);
    else if (run->policy->version != NULL)
        run_fail(run, NULL, "does not say its version, and the policy asks for %s", run->policy->version);
}

CheckResult *linter_finish(LinterRun *run, Supervisor *supervisor) {
    guint started = run->processes->len; /* asking adds more */
    CheckResult *result;

    if (run->version != NULL)
        finish_version(run, supervisor);
    for (guint i = 0; i < started; i++)
        run_finish_process(run, run->processes->pdata[i], supervisor);
    rate_findings(run->linter, run->policy, run->result);
    g_ptr_array_sort(run->result->findings, finding_compare);
    result = g_steal_pointer(&run->result);
    run_free(run);
    return result;
}
