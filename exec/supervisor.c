#include "exec/supervisor.h"

#include "exec/sandbox/sandbox.h"
#include "exec/text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long output may still come after everything in the sandbox is dead. The pipes end with the last process
 * that holds them, so this only bounds a kernel that is slow. */
#define DRAIN_US (2 * G_USEC_PER_SEC)

typedef enum { WAITING, RUNNING, DRAINING, ENDED } TaskState;

typedef struct {
    const Command *command;
    TaskState state;
    SandboxChild child;
    gint64 started_us, ended_us; /* monotonic */
    GByteArray *out, *err;
    guint64 out_total, err_total; /* bytes that were read, kept or not */
    GByteArray *reports;          /* bytes of SandboxReport */
    CommandStatus cause;          /* why it was killed, where it was; else STATUS_SUCCESS */
    CommandResult *result;
} Task;

struct Supervisor {
    guint parallel;
    int cancel_fd;
    Sandbox *sandbox;
    GPtrArray *tasks; /* of Task */
    guint running;
};

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void kill_task(Task *task, CommandStatus cause) {
    if (task->state != RUNNING)
        return;
    if (task->cause == STATUS_SUCCESS)
        task->cause = cause;
    (void)syscall(SYS_pidfd_send_signal, task->child.pidfd, SIGKILL, NULL, 0);
}

static void task_free(Task *task) {
    if (task->state == RUNNING) {
        kill_task(task, STATUS_CANCELLED);
        (void)waitpid(task->child.pid, NULL, 0);
    }
    close_fd(&task->child.pidfd);
    close_fd(&task->child.out_fd);
    close_fd(&task->child.err_fd);
    close_fd(&task->child.report_fd);
    g_byte_array_unref(task->out);
    g_byte_array_unref(task->err);
    g_byte_array_unref(task->reports);
    command_result_free(task->result);
    g_free(task);
}

Supervisor *supervisor_new(guint parallel, int cancel_fd) {
    Supervisor *supervisor = g_new0(Supervisor, 1);

    supervisor->parallel = MAX(parallel, 1);
    supervisor->cancel_fd = cancel_fd;
    supervisor->sandbox = sandbox_new();
    supervisor->tasks = g_ptr_array_new_with_free_func((GDestroyNotify)task_free);
    return supervisor;
}

void supervisor_free(Supervisor *supervisor) {
    if (supervisor == NULL)
        return;
    g_ptr_array_unref(supervisor->tasks);
    sandbox_free(supervisor->sandbox);
    g_free(supervisor);
}

static CommandResult *result_new(Task *task) {
    CommandResult *result = g_new0(CommandResult, 1);

    result->out_total = task->out_total;
    result->err_total = task->err_total;
    result->out = g_bytes_new(task->out->data, MIN(task->out->len, task->command->limits.output));
    result->err = g_bytes_new(task->err->data, MIN(task->err->len, task->command->limits.output));
    result->metrics.wall_us = (guint64)MAX(task->ended_us - task->started_us, 0);
    result->exit_code = -1;
    return result;
}

static void start_task(Supervisor *supervisor, Task *task) {
    g_autoptr(GError) error = NULL;

    task->started_us = task->ended_us = g_get_monotonic_time();
    if (sandbox_spawn(supervisor->sandbox, task->command, &task->child, &error)) {
        task->state = RUNNING;
        supervisor->running++;
        return;
    }
    task->state = ENDED;
    task->result = result_new(task);
    task->result->status = STATUS_SETUP_ERROR;
    task->result->error = text_line(error->message, -1, 512);
    task->result->remedy = g_strdup(sandbox_remedy(error->message, error->code));
}

static void start_waiting(Supervisor *supervisor) {
    for (guint i = 0; i < supervisor->tasks->len && supervisor->running < supervisor->parallel; i++) {
        Task *task = supervisor->tasks->pdata[i];

        if (task->state == WAITING)
            start_task(supervisor, task);
    }
}

guint supervisor_start(Supervisor *supervisor, const Command *command) {
    Task *task = g_new0(Task, 1);

    task->command = command;
    task->child = (SandboxChild){.pid = -1, .pidfd = -1, .out_fd = -1, .err_fd = -1, .report_fd = -1};
    task->out = g_byte_array_new();
    task->err = g_byte_array_new();
    task->reports = g_byte_array_new();
    g_ptr_array_add(supervisor->tasks, task);
    start_waiting(supervisor);
    return supervisor->tasks->len - 1;
}

/* Takes what is there. At the end of the pipe, closes it. Never keeps more than `most` bytes and one read. */
static void read_pipe(int *fd, GByteArray *bytes, gsize most, guint64 *total, bool *ret_over) {
    guint8 buffer[65536];

    while (*fd >= 0) {
        ssize_t n = read(*fd, buffer, sizeof buffer);

        if (n > 0) {
            *total += (guint64)n;
            if (bytes->len <= most)
                g_byte_array_append(bytes, buffer, (guint)n);
            if (bytes->len > most) {
                *ret_over = true;
                return;
            }
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close_fd(fd);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

static void read_task(Task *task) {
    gsize most = task->command->limits.output;
    bool over = false, junk = false;
    guint64 reported = 0;

    read_pipe(&task->child.out_fd, task->out, most, &task->out_total, &over);
    read_pipe(&task->child.err_fd, task->err, most, &task->err_total, &over);
    read_pipe(&task->child.report_fd, task->reports, 16 * sizeof(SandboxReport), &reported, &junk);
    if (over)
        kill_task(task, STATUS_OUTPUT_LIMIT);
}

static void set_setup_error(CommandResult *result, const char *step, int error) {
    g_autofree char *text = g_strdup_printf("%s: %s", step, g_strerror(error));

    result->status = STATUS_SETUP_ERROR;
    result->error = text_line(text, -1, 512);
    result->remedy = g_strdup(sandbox_remedy(step, error));
}

static guint64 microseconds(const struct timeval *time) {
    return (guint64)time->tv_sec * G_USEC_PER_SEC + (guint64)time->tv_usec;
}

static void set_metrics(Metrics *metrics, const struct rusage *usage) {
    metrics->user_us = microseconds(&usage->ru_utime);
    metrics->system_us = microseconds(&usage->ru_stime);
    metrics->memory_peak = (guint64)usage->ru_maxrss * 1024;
    metrics->minor_faults = (guint64)usage->ru_minflt;
    metrics->major_faults = (guint64)usage->ru_majflt;
    metrics->voluntary_switches = (guint64)usage->ru_nvcsw;
    metrics->involuntary_switches = (guint64)usage->ru_nivcsw;
}

static CommandStatus signal_status(const Command *command, const CommandResult *result) {
    if (result->signal == SIGSYS)
        return STATUS_DENIED;
    if (result->signal == SIGXCPU ||
        (result->signal == SIGKILL &&
         result->metrics.user_us + result->metrics.system_us >= command->limits.cpu_ms * 1000))
        return STATUS_CPU_LIMIT;
    return STATUS_SIGNALED;
}

static void set_wait_status(const Command *command, CommandResult *result, int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        result->signal = WTERMSIG(wait_status);
        result->status = signal_status(command, result);
    } else {
        result->exit_code = WEXITSTATUS(wait_status);
        result->status = result->exit_code == 0 ? STATUS_SUCCESS : STATUS_EXECUTION_ERROR;
    }
}

/* How it ended: what killed it, if that was this program; else what the sandbox's init has reported. An init
 * that ended without a word is an error of the sandbox, not of the program. */
static void conclude(Task *task) {
    const SandboxReport *report = (const SandboxReport *)(const void *)task->reports->data;
    CommandResult *result = task->result = result_new(task);
    bool reported = task->reports->len >= sizeof *report;

    if (reported && report->kind == REPORT_ENDED)
        set_metrics(&result->metrics, &report->usage);
    if (reported && report->kind == REPORT_FAILED)
        set_setup_error(result, report->step, report->error);
    else if (task->cause != STATUS_SUCCESS)
        result->status = task->cause;
    else if (reported)
        set_wait_status(task->command, result, report->wait_status);
    else
        set_setup_error(result, "the sandbox ended without a report", ECHILD);
}

static void end_task(Supervisor *supervisor, Task *task) {
    read_task(task);
    (void)waitpid(task->child.pid, NULL, 0);
    task->ended_us = g_get_monotonic_time();
    task->state = DRAINING;
    supervisor->running--;
}

static bool drained(const Task *task, gint64 now) {
    return (task->child.out_fd < 0 && task->child.err_fd < 0 && task->child.report_fd < 0) ||
           now - task->ended_us > DRAIN_US;
}

static gint64 deadline_us(const Task *task) {
    return task->state == RUNNING ? task->started_us + (gint64)task->command->limits.wall_ms * 1000
                                  : task->ended_us + DRAIN_US;
}

static bool is_alive(const Task *task) {
    return task->state == RUNNING || task->state == DRAINING;
}

static void add_poll(GArray *polls, int fd) {
    struct pollfd p = {.fd = fd, .events = POLLIN};

    if (fd >= 0)
        g_array_append_val(polls, p);
}

/* Waits until something happens, at most until the next deadline; false where it is the wish to stop. */
static bool wait_for_event(Supervisor *supervisor) {
    g_autoptr(GArray) polls = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
    gint64 next = G_MAXINT64, wait_ms;

    add_poll(polls, supervisor->cancel_fd);
    for (guint i = 0; i < supervisor->tasks->len; i++) {
        const Task *task = supervisor->tasks->pdata[i];

        if (!is_alive(task))
            continue;
        add_poll(polls, task->child.out_fd);
        add_poll(polls, task->child.err_fd);
        add_poll(polls, task->child.report_fd);
        add_poll(polls, task->state == RUNNING ? task->child.pidfd : -1);
        /* A task that was killed for its deadline ends by its pidfd. */
        if (task->cause == STATUS_SUCCESS || task->state == DRAINING)
            next = MIN(next, deadline_us(task));
    }
    wait_ms = next == G_MAXINT64 ? -1 : MAX((next - g_get_monotonic_time() + 999) / 1000, 0);
    (void)poll((struct pollfd *)(void *)polls->data, polls->len, (int)MIN(wait_ms, G_MAXINT));
    return supervisor->cancel_fd < 0 || g_array_index(polls, struct pollfd, 0).revents == 0;
}

static bool has_ended(const Task *task) {
    struct pollfd p = {.fd = task->child.pidfd, .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

static void advance(Supervisor *supervisor, Task *task) {
    gint64 now;

    if (!is_alive(task))
        return;
    read_task(task);
    if (task->state == RUNNING && has_ended(task))
        end_task(supervisor, task);
    now = g_get_monotonic_time();
    if (task->state == RUNNING && now >= deadline_us(task))
        kill_task(task, STATUS_TIMEOUT);
    if (task->state == DRAINING && drained(task, now)) {
        conclude(task);
        task->state = ENDED;
    }
}

static void cancel_all(Supervisor *supervisor) {
    for (guint i = 0; i < supervisor->tasks->len; i++) {
        Task *task = supervisor->tasks->pdata[i];

        kill_task(task, STATUS_CANCELLED);
        if (task->state == WAITING) {
            task->result = result_new(task);
            task->result->status = STATUS_CANCELLED;
            task->state = ENDED;
        }
    }
}

static bool all_ended(const Supervisor *supervisor) {
    for (guint i = 0; i < supervisor->tasks->len; i++)
        if (((const Task *)supervisor->tasks->pdata[i])->state != ENDED)
            return false;
    return true;
}

bool supervisor_wait(Supervisor *supervisor) {
    bool wanted = true;

    for (start_waiting(supervisor); !all_ended(supervisor); start_waiting(supervisor)) {
        if (!wait_for_event(supervisor) && wanted) {
            wanted = false;
            cancel_all(supervisor);
            supervisor->cancel_fd = -1; /* it stays readable: waiting for it again would spin */
        }
        for (guint i = 0; i < supervisor->tasks->len; i++)
            advance(supervisor, supervisor->tasks->pdata[i]);
    }
    return wanted;
}

CommandResult *supervisor_take(Supervisor *supervisor, guint number) {
    Task *task = supervisor->tasks->pdata[number];

    g_return_val_if_fail(task->state == ENDED && task->result != NULL, NULL);
    return g_steal_pointer(&task->result);
}
