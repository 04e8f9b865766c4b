#include "cmd/run.h"
#include "cmd/cmd.h"

#include "ci/report/run_result.h"
#include "exec/cancel.h"
#include "exec/outputs.h"
#include "exec/session.h"
#include "exec/supervisor.h"
#include "exec/text.h"

#include <string.h>
#include <unistd.h>

/* The status of a shell for what a signal has ended. */
#define SIGNAL_STATUS 128

/* What a policy says of a repository's files is not for this one: an excluded name would else run without a
 * review, and the jobs are others. */
static Policy *load_policy(const RunFlags *flags) {
    g_autoptr(Change) nowhere = change_from_code(POLICY_FILE, "", 0);
    g_autoptr(GError) error = NULL;
    Policy *policy = cmd_load_policy(flags->policy, nowhere, &error);

    if (policy == NULL) {
        cmd_error_lines(error->message);
        return NULL;
    }
    g_ptr_array_set_size(policy->jobs, 0);
    g_ptr_array_set_size(policy->reports, 0);
    g_strfreev(policy->exclude);
    policy->exclude = g_new0(char *, 1);
    return policy;
}

/* NULL where it could not be reviewed at all (said on stderr). Takes the policy. */
static Review *review_code(const RunFlags *flags, Policy *policy, const RunCode *code, int cancel_fd,
                           bool color) {
    ReviewOptions options = {
        .search_path = g_getenv("PATH"),
        .review_all = true,
        .cancel_fd = cancel_fd,
    };
    const ReportOptions look = {.color = color, .quiet = flags->quiet, .verbose = flags->verbose};
    g_autoptr(Policy) own = policy;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    Review *review;

    if (!cmd_today(&options.today))
        return NULL;
    review = review_run(g_steal_pointer(&own), change_from_code(code->name, code->text, code->len), &options,
                        &error);
    if (review == NULL) {
        cmd_error_lines(error->message);
    } else if (review->verdict != VERDICT_PASSED || flags->verbose) {
        report_text.write(review, &look, text);
        cmd_write(STDERR_FILENO, text->str, text->len);
    }
    return review;
}

static void print_json(const CommandResult *result) {
    g_autofree char *text = run_result_json(result);

    cmd_write(STDOUT_FILENO, text, strlen(text));
}

/* The code was not let in: it was rejected, or the review could not do its work. */
static int not_let_in(const RunFlags *flags, const Review *review) {
    const char *reason = review->reasons->len > 0 ? review->reasons->pdata[0] : "no reason is known";
    g_autofree char *text = g_strdup_printf("the review is undecided: %s", reason);
    g_autoptr(CommandResult) undecided = command_result_not_started(text);

    if (flags->json)
        print_json(review->verdict == VERDICT_REJECTED ? NULL : undecided);
    return cmd_exit_status(review->verdict);
}

static void show_stream(int fd, GBytes *bytes, guint64 total) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);

    /* A program's output may hold escape sequences: a terminal must not obey them, a file gets what was
     * written. */
    if (len > 0 && isatty(fd)) {
        g_autofree char *text = text_block(data, (gssize)len, G_MAXSIZE);

        cmd_write(fd, text, strlen(text));
    } else if (len > 0) {
        cmd_write(fd, data, len);
    }
    if (total > len)
        cmd_error("%s cut after %" G_GSIZE_FORMAT " of %" G_GUINT64_FORMAT " bytes",
                  fd == STDOUT_FILENO ? "stdout" : "stderr", len, total);
}

static int exit_status(const RunFlags *flags, const CommandResult *result) {
    if (result->status == STATUS_SETUP_ERROR || result->status == STATUS_CANCELLED)
        return EXIT_UNDECIDED;
    if (!flags->exit_code)
        return result->status == STATUS_SUCCESS ? EXIT_PASSED : EXIT_REJECTED;
    if (result->status == STATUS_SUCCESS || result->status == STATUS_EXECUTION_ERROR)
        return result->exit_code;
    return SIGNAL_STATUS + (result->signal > 0 ? result->signal : 9);
}

/* Isolation that is less than this program can give is said aloud, where somebody may read it. */
static void show_isolation(const RunFlags *flags, const CommandResult *result) {
    const char *remedy = NULL;
    g_autofree char *shortfall =
        result->isolation != NULL ? isolation_shortfall(result->isolation, TIER_FULL, &remedy) : NULL;

    if (shortfall != NULL && result->status != STATUS_SETUP_ERROR && !flags->quiet &&
        (flags->verbose || isatty(STDERR_FILENO)))
        cmd_error("isolation: %s", shortfall);
}

static void show_result(const RunFlags *flags, const Command *command, const CommandResult *result) {
    g_autofree char *summary = command_result_text(command, result);

    show_isolation(flags, result);
    if (flags->json) {
        print_json(result);
        return;
    }
    show_stream(STDOUT_FILENO, result->out, result->out_total);
    show_stream(STDERR_FILENO, result->err, result->err_total);
    if (result->status != STATUS_SUCCESS)
        cmd_error("the program %s", summary);
    if (result->remedy != NULL)
        cmd_error("%s", result->remedy);
}

/* What was to come back; false (and said) where it did not. */
static bool fetch(const CommandResult *result) {
    g_autoptr(GError) error = NULL;
    bool all = true;

    if (result->outputs == NULL)
        return true;
    for (guint i = 0; i < result->outputs->len; i++) {
        const Output *output = result->outputs->pdata[i];

        if (output->error == NULL)
            continue;
        cmd_error("%s did not come back: %s", output->path, output->error);
        all = false;
    }
    if (outputs_write(result->outputs, ".", &error))
        return all;
    cmd_error("%s", error->message);
    return false;
}

static bool keep(Session *session, const CommandResult *result) {
    g_autoptr(GError) error = NULL;

    if (session == NULL || result->status == STATUS_SETUP_ERROR || result->status == STATUS_CANCELLED)
        return true;
    if (result->keep_error != NULL)
        cmd_error("the session stays as it was: %s", result->keep_error);
    else if (session_keep(session, &error))
        return true;
    else
        cmd_error("the session could not be kept: %s", error->message);
    return false;
}

static CommandResult *run_in_sandbox(const Command *command, int cancel_fd) {
    g_autoptr(Supervisor) supervisor = supervisor_new(1, cancel_fd);
    guint number = supervisor_start(supervisor, command);

    (void)supervisor_wait(supervisor);
    return supervisor_take(supervisor, number);
}

/* The work directory of a session is what the last run has left. */
static bool open_session(const RunFlags *flags, int cancel_fd, Command *command, Session **ret_session,
                         GError **error) {
    if (flags->session == NULL)
        return true;
    *ret_session = session_open(flags->session, cancel_fd, error);
    if (*ret_session == NULL)
        return false;
    command->work.tree = g_strdup(session_tree(*ret_session));
    command->work.keep_fd = session_next(*ret_session, error);
    return command->work.keep_fd >= 0;
}

/* What it is run with is not there. */
static int not_started(const RunFlags *flags, const GError *error) {
    g_autoptr(CommandResult) result = command_result_not_started(error->message);

    if (flags->json)
        print_json(result);
    else
        cmd_error("%s", result->error);
    return EXIT_UNDECIDED;
}

static int run(const RunFlags *flags, const RunCode *code, Tier require, int cancel_fd) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Command) command = run_command_new(flags, code, &error);
    g_autoptr(CommandResult) result = NULL;
    g_autoptr(Session) session = NULL;
    bool good;

    if (command == NULL)
        return error != NULL ? not_started(flags, error) : EXIT_REQUEST;
    if (!open_session(flags, cancel_fd, command, &session, &error))
        return not_started(flags, error);
    command->require = require;
    result = run_in_sandbox(command, cancel_fd);
    show_result(flags, command, result);
    good = fetch(result);
    good = keep(session, result) && good;
    return good ? exit_status(flags, result) : MAX(exit_status(flags, result), EXIT_REJECTED);
}

static int list_sessions(void) {
    g_autoptr(GPtrArray) sessions = session_list();
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < sessions->len; i++) {
        const SessionInfo *info = sessions->pdata[i];
        g_autofree char *size = g_format_size_full(info->bytes, G_FORMAT_SIZE_IEC_UNITS);

        g_string_append_printf(text,
                               "%-20s %10s %6" G_GUINT64_FORMAT " files  used %" G_GINT64_FORMAT " min ago\n",
                               info->name, size, info->files, info->age_s / 60);
    }
    return cmd_write(STDOUT_FILENO, text->str, text->len) ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int end_session(const char *name) {
    g_autoptr(GError) error = NULL;

    if (session_remove(name, &error))
        return EXIT_PASSED;
    cmd_error("%s", error->message);
    return EXIT_REQUEST;
}

static int run_code(const RunFlags *flags, bool color, int cancel_fd) {
    g_autoptr(Policy) policy = load_policy(flags);
    g_autoptr(Review) review = NULL;
    g_auto(RunCode) code = {0};
    Tier require;

    if (policy == NULL || !run_code_read(flags, policy, &code))
        return EXIT_REQUEST;
    require = policy->require;
    if (flags->no_review)
        return run(flags, &code, require, cancel_fd);
    review = review_code(flags, g_steal_pointer(&policy), &code, cancel_fd, color);
    if (review == NULL)
        return EXIT_REQUEST;
    return review->verdict == VERDICT_PASSED ? run(flags, &code, require, cancel_fd)
                                             : not_let_in(flags, review);
}

/* There is nothing to review, but the policy says how much isolation is wanted. */
static int run_program(const RunFlags *flags, int cancel_fd) {
    g_autoptr(Policy) policy = load_policy(flags);

    return policy != NULL ? run(flags, NULL, policy->require, cancel_fd) : EXIT_REQUEST;
}

int cmd_run(int argc, char **argv) {
    g_auto(RunFlags) flags = {0};
    g_autoptr(GError) error = NULL;
    Limits limits = limits_default();
    bool color;
    int status, cancel_fd;

    if (!run_flags_parse(argc, argv, &flags, &status))
        return status;
    if (!cmd_color(flags.color, STDERR_FILENO, &color))
        return EXIT_REQUEST;
    if (flags.sessions)
        return list_sessions();
    if (flags.end_session != NULL)
        return end_session(flags.end_session);
    if (flags.session != NULL && !session_check_name(flags.session, &error)) {
        cmd_error("%s", error->message);
        return EXIT_REQUEST;
    }
    /* Before the review, which takes longer. */
    if (!run_flags_limits(&flags, &limits))
        return EXIT_REQUEST;
    cancel_fd = cancel_open();
    if (!flags.command)
        return run_code(&flags, color, cancel_fd);
    if (flags.words == NULL || flags.words[0] == NULL || flags.code != NULL || flags.lang != NULL) {
        cmd_error("--command takes a program and its arguments, and neither -c nor --lang");
        return EXIT_REQUEST;
    }
    return run_program(&flags, cancel_fd);
}
