/* From an ended process of a linter to what it looked at, found, and failed at. */
#include "review/linters/private.h"

#include "review/linters/output.h"

#include <string.h>

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

void taken_clear(Taken *taken) {
    g_free(taken->out);
    g_free(taken->err);
}

/* Without namespaces a tool sees what it is shown where that is on the host. */
static const char *cwd_of(const LinterRun *run, const CommandResult *ended) {
    return ended->isolation != NULL && ended->isolation->tier == TIER_LANDLOCK ? run->root : LINTER_ROOT;
}

void run_take(const LinterRun *run, const Process *process, const CommandResult *ended, Taken *ret_taken) {
    ret_taken->output = (LinterOutput){.paths = process->paths,
                                       .exit_code = ended->exit_code,
                                       .root = run->root,
                                       .cwd = cwd_of(run, ended),
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

/* The files of a process are undecided: of one that was started for a single file that one, else all of the
 * linter's. */
static void fail_process(LinterRun *run, const Process *process, const char *why, const char *remedy) {
    bool one_by_one = run->policy->custom != NULL && run->policy->custom->one_by_one;
    g_autofree char *text = remedy != NULL ? g_strdup_printf("%s; remedy: %s", why, remedy) : g_strdup(why);

    if (process->single || one_by_one)
        check_fail_file(run->result, process->paths->pdata[0], text);
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

    process_set_arguments(run, again, run->linter->ask);
    process_start(run, again, supervisor);
    (void)supervisor_wait(supervisor);
    ended = supervisor_take(supervisor, again->number);
    if (ended->status != STATUS_SUCCESS && ended->status != STATUS_EXECUTION_ERROR)
        return;
    run_take(run, again, ended, &taken);
    run->linter->read_left_out(&taken.output, left_out);
    take_left_out(process, left_out, account);
}

void run_finish_process(LinterRun *run, Process *process, Supervisor *supervisor) {
    g_autoptr(CommandResult) ended = supervisor_take(supervisor, process->number);
    g_autoptr(LinterAccount) account = linter_account_new();
    g_autoptr(GError) error = NULL;
    g_auto(Taken) taken = {0};

    if (!ended_well(run, process, ended))
        return;
    run->result->ran = true;
    run->result->exit_code = MAX(run->result->exit_code, ended->exit_code);
    run_take(run, process, ended, &taken);
    if (!linter_read(run->linter, &taken.output, account, run->result, &error)) {
        fail_process(run, process, error->message, NULL);
        return;
    }
    if (run->linter->ask != NULL && is_short(process, account))
        ask_left_out(run, process, account, supervisor);
    linter_account(process->paths, account, run->result);
}
