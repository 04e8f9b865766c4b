#include "exec/supervisor.h"

#include "exec/outputs.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/remedy.h"
#include "exec/sandbox/sandbox.h"
#include "exec/text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program may write this many times what is kept before it is stopped; what is beyond the limit is only
 * counted. */
#define OUTPUT_FACTOR 16

/* How often the CPU time of a control group is looked at. */
#define TICK_US (50 * G_USEC_PER_SEC / 1000)

/* How long nothing happens before the time is used for what can be done ahead. */
#define REST_US (1 * G_USEC_PER_SEC / 1000)

/* How long output may still come after everything in the sandbox is dead. The pipes end with the last process
 * that holds them, so this only bounds a kernel that is slow. */
#define DRAIN_US (2 * G_USEC_PER_SEC)

typedef enum { WAITING, RUNNING, DRAINING, ENDED } TaskState;

typedef struct {
    const Command *command;
    TaskState state;
    SandboxChild child;
    gint64 started_us, ended_us; /* monotonic */
    gint64 next_tick_us;         /* when its control group is looked at */
    GByteArray *out, *err;
    guint64 out_total, err_total; /* bytes that were read, kept or not */
    WireReport report;            /* the first that told of a failure or the end; kind 0: none yet */
    int work_fd;                  /* the work directory, where it was asked for; else -1 */
    bool built;                   /* what comes before the program is done */
    CommandStatus cause;          /* why it was killed, where it was; else STATUS_SUCCESS */
    CommandResult *result;
} Task;

struct Supervisor {
    guint parallel;
    int cancel_fd;
    Sandbox *sandbox;
    GPtrArray *tasks; /* of Task */
    guint running;
    bool rested; /* since the last start */
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
    sandbox_kill(&task->child);
}

static void task_free(Task *task) {
    if (task->state == RUNNING) {
        struct pollfd p = {.fd = task->child.pidfd, .events = POLLIN};

        kill_task(task, STATUS_CANCELLED);
        (void)poll(&p, 1, DRAIN_US / 1000);
    }
    sandbox_child_clear(&task->child);
    close_fd(&task->work_fd);
    g_byte_array_unref(task->out);
    g_byte_array_unref(task->err);
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

const Isolation *supervisor_isolation(Supervisor *supervisor) {
    return sandbox_isolation(supervisor->sandbox);
}

static CommandResult *result_new(const Supervisor *supervisor, const Task *task) {
    CommandResult *result = g_new0(CommandResult, 1);

    if (task->state != WAITING)
        result->isolation = isolation_ref(sandbox_isolation(supervisor->sandbox));
    result->out_total = task->out_total;
    result->err_total = task->err_total;
    result->out = g_bytes_new(task->out->data, MIN(task->out->len, task->command->limits.output));
    result->err = g_bytes_new(task->err->data, MIN(task->err->len, task->command->limits.output));
    result->metrics.wall_us = (guint64)MAX(task->ended_us - task->started_us, 0);
    result->exit_code = -1;
    return result;
}

static const char *remedy_of(const Supervisor *supervisor, const Task *task, const GError *error) {
    const char *remedy = NULL;
    g_autofree char *shortfall =
        isolation_shortfall(sandbox_isolation(supervisor->sandbox), task->command->require, &remedy);

    return shortfall != NULL ? remedy : remedy_here(error->message, error->code);
}

static void start_task(Supervisor *supervisor, Task *task) {
    g_autoptr(GError) error = NULL;

    task->started_us = task->ended_us = g_get_monotonic_time();
    if (sandbox_spawn(supervisor->sandbox, task->command, &task->child, &error)) {
        task->state = RUNNING;
        task->next_tick_us = task->started_us + TICK_US;
        supervisor->running++;
        supervisor->rested = false;
        return;
    }
    task->state = ENDED;
    task->result = result_new(supervisor, task);
    task->result->status = STATUS_SETUP_ERROR;
    task->result->error = text_line(error->message, -1, 512);
    task->result->remedy = g_strdup(remedy_of(supervisor, task, error));
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
    task->child = (SandboxChild){.pidfd = -1, .out_fd = -1, .err_fd = -1, .report_fd = -1};
    task->work_fd = -1;
    task->out = g_byte_array_new();
    task->err = g_byte_array_new();
    g_ptr_array_add(supervisor->tasks, task);
    start_waiting(supervisor);
    return supervisor->tasks->len - 1;
}

/* Takes what is there; keeps at most `most` bytes. At the end of the pipe, closes it. */
static void read_pipe(int *fd, GByteArray *bytes, gsize most, guint64 *total) {
    guint8 buffer[65536];

    while (*fd >= 0) {
        ssize_t n = read(*fd, buffer, sizeof buffer);

        if (n > 0) {
            gsize room = most - MIN(most, bytes->len);

            *total += (guint64)n;
            g_byte_array_append(bytes, buffer, (guint)MIN((gsize)n, room));
            if (*total > most * OUTPUT_FACTOR)
                return;
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close_fd(fd);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* The first report of a failure counts, else that of the end. */
static void read_reports(Task *task) {
    WireReport report;
    bool end = false;
    int work;

    while (task->child.report_fd >= 0 && sandbox_receive(&task->child, &report, &work, &end)) {
        if (report.kind == REPORT_WORK && work >= 0) {
            close_fd(&task->work_fd);
            task->work_fd = work;
        } else {
            close_fd(&work);
        }
        task->built |= report.kind == REPORT_BUILT;
        if (report.kind == REPORT_FAILED || (report.kind == REPORT_ENDED && task->report.kind == 0))
            task->report = report;
    }
    if (end)
        close_fd(&task->child.report_fd);
}

static void read_task(Task *task) {
    guint64 most = task->command->limits.output;

    read_pipe(&task->child.out_fd, task->out, most, &task->out_total);
    read_pipe(&task->child.err_fd, task->err, most, &task->err_total);
    read_reports(task);
    if (MAX(task->out_total, task->err_total) > most * OUTPUT_FACTOR)
        kill_task(task, STATUS_OUTPUT_LIMIT);
}

static void set_setup_error(CommandResult *result, const char *step, int error) {
    g_autofree char *text = g_strdup_printf("%s: %s", step, g_strerror(error));

    result->status = STATUS_SETUP_ERROR;
    result->error = text_line(text, -1, 512);
    result->remedy = g_strdup(remedy_here(step, error));
}

static void set_metrics(Metrics *metrics, const WireReport *report) {
    metrics->user_us = report->user_us;
    metrics->system_us = report->system_us;
    metrics->memory_peak = MAX(report->largest_rss, report->memory_peak);
    metrics->minor_faults = report->minor_faults;
    metrics->major_faults = report->major_faults;
    metrics->voluntary_switches = report->voluntary_switches;
    metrics->involuntary_switches = report->involuntary_switches;
    metrics->disk_bytes = report->disk_bytes;
}

static void set_wait_status(const Task *task, CommandResult *result) {
    int wait_status = task->report.wait_status;

    if (WIFSIGNALED(wait_status)) {
        result->signal = WTERMSIG(wait_status);
        result->status = STATUS_SIGNALED;
    } else {
        result->exit_code = WEXITSTATUS(wait_status);
        result->status = result->exit_code == 0 ? STATUS_SUCCESS : STATUS_EXECUTION_ERROR;
    }
}

/* A shell tells so of the signal that has ended a program of its: sh(1), $?. */
static bool is_ended_by_size(const Task *task, const CommandResult *result) {
    return (task->report.reached & SENT_SIZE) == 0 &&
           (result->signal == SIGXFSZ ||
            (task->command->filter == FILTER_SHELL && result->exit_code == 128 + SIGXFSZ));
}

/* The limit that was reached, however the program took it; STATUS_SUCCESS: none. A disk that is full is no
 * matter to a program that ended well; one that it should not have had is. */
static CommandStatus reached_limit(const Task *task, const CommandResult *result, const CgroupUsage *usage) {
    const Limits *limits = &task->command->limits;
    guint32 reached = task->report.reached;
    guint64 cpu_us = MAX(usage->cpu_us, result->metrics.user_us + result->metrics.system_us);

    if (task->report.kind == REPORT_ENDED && task->report.denied >= 0)
        return STATUS_DENIED;
    if (usage->memory_kills > 0 || (reached & REACHED_MEMORY) != 0)
        return STATUS_MEMORY_LIMIT;
    if (usage->fork_refusals > 0 || (reached & REACHED_PROCESSES) != 0)
        return STATUS_PROCESS_LIMIT;
    if (cpu_us >= limits->cpu_ms * 1000 || (reached & REACHED_CPU) != 0)
        return STATUS_CPU_LIMIT;
    if (is_ended_by_size(task, result) ||
        ((reached & REACHED_DISK) != 0 && (result->status != STATUS_SUCCESS || (reached & REACHED_END) != 0)))
        return STATUS_DISK_LIMIT;
    if (MAX(task->out_total, task->err_total) > limits->output)
        return STATUS_OUTPUT_LIMIT;
    return STATUS_SUCCESS;
}

static void set_group_metrics(Metrics *metrics, const CgroupUsage *usage) {
    metrics->memory_peak = MAX(usage->memory_peak, metrics->memory_peak);
    metrics->processes_peak = MAX(usage->processes_peak, metrics->processes_peak);
    if (usage->cpu_us > 0) {
        metrics->user_us = usage->user_us;
        metrics->system_us = usage->system_us;
    }
}

static void set_all_metrics(const Task *task, Metrics *metrics, const CgroupUsage *usage) {
    if (task->report.kind == REPORT_ENDED)
        set_metrics(metrics, &task->report);
    metrics->processes_peak = MAX(task->report.processes_peak, 1);
    set_group_metrics(metrics, usage);
}

/* What looks whether the program can be run here has said no. */
static void set_refusal(CommandResult *result) {
    gsize len;
    const char *text = g_bytes_get_data(result->err, &len);
    g_autofree char *line = text_line(text, (gssize)len, 512);

    result->status = STATUS_SETUP_ERROR;
    result->exit_code = -1;
    result->error = g_strdup(*g_strstrip(line) != '\0' ? line : "its interpreter cannot run it");
    g_bytes_unref(result->err);
    result->err = g_bytes_new(NULL, 0);
    result->err_total = 0;
}

static void take_work(const Task *task, CommandResult *result) {
    const WorkDirectory *work = &task->command->work;

    if (task->work_fd >= 0 && work->outputs != NULL)
        result->outputs = outputs_collect(task->work_fd, task->command);
    if (work->keep_fd >= 0)
        result->keep_error = task->work_fd >= 0 ? outputs_keep(task->work_fd, task->command)
                                                : g_strdup("there was no work directory");
}

/* How it ended: what killed it, if that was this program; else the limit that it reached; else what the
 * sandbox's init has reported. An init that ended without a word is an error of the sandbox, not of the
 * program, unless the kernel killed it for memory. */
static void conclude(const Supervisor *supervisor, Task *task) {
    CommandResult *result = task->result = result_new(supervisor, task);
    CgroupUsage usage = {0};
    CommandStatus limit;

    if (task->child.group != NULL)
        cgroup_usage(task->child.group, &usage);
    set_all_metrics(task, &result->metrics, &usage);
    if (task->report.kind == REPORT_FAILED) {
        set_setup_error(result, task->report.step, task->report.error);
        return;
    }
    if (task->report.kind == REPORT_ENDED)
        set_wait_status(task, result);
    result->in_build = task->command->build != NULL && !task->built;
    limit = reached_limit(task, result, &usage);
    if (task->cause != STATUS_SUCCESS)
        result->status = task->cause;
    else if (limit != STATUS_SUCCESS)
        result->status = limit;
    else if (task->report.kind != REPORT_ENDED)
        set_setup_error(result, "the sandbox ended without a report", ECHILD);
    if (result->status == STATUS_DENIED)
        result->denied = filter_call_name(task->report.denied);
    else if (result->status == STATUS_EXECUTION_ERROR && result->in_build && task->command->build_is_check)
        set_refusal(result);
    take_work(task, result);
}

static void end_task(Supervisor *supervisor, Task *task) {
    read_task(task);
    task->ended_us = g_get_monotonic_time();
    task->state = DRAINING;
    supervisor->running--;
}

static bool drained(const Task *task, gint64 now) {
    return (task->child.out_fd < 0 && task->child.err_fd < 0 &&
            (task->child.report_fd < 0 || task->report.kind == REPORT_ENDED)) ||
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
    gint64 next = G_MAXINT64, now = g_get_monotonic_time(), wait_ms;

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
        if (task->state == RUNNING && task->child.group != NULL)
            next = MIN(next, MAX(task->next_tick_us, now));
    }
    if (!supervisor->rested)
        next = MIN(next, now + REST_US);
    wait_ms = next == G_MAXINT64 ? -1 : MAX((next - now + 999) / 1000, 0);
    if (poll((struct pollfd *)(void *)polls->data, polls->len, (int)MIN(wait_ms, G_MAXINT)) == 0)
        supervisor_rest(supervisor);
    return supervisor->cancel_fd < 0 || g_array_index(polls, struct pollfd, 0).revents == 0;
}

/* With its report, the init has nothing left to do but to end; without one, it must be gone. */
static bool has_ended(const Task *task) {
    struct pollfd p = {.fd = task->child.pidfd, .events = POLLIN};

    return task->report.kind == REPORT_ENDED || poll(&p, 1, 0) == 1;
}

/* What the kernel counts, but does not end the program for. */
static void check_group(Task *task, gint64 now) {
    const Limits *limits = &task->command->limits;
    CgroupUsage usage;

    if (task->child.group == NULL || now < task->next_tick_us)
        return;
    task->next_tick_us = now + TICK_US;
    cgroup_usage(task->child.group, &usage);
    if (usage.cpu_us > limits->cpu_ms * 1000)
        kill_task(task, STATUS_CPU_LIMIT);
    else if (usage.memory_kills > 0 || cgroup_memory_now(task->child.group) > limits->memory)
        kill_task(task, STATUS_MEMORY_LIMIT);
    else if (usage.fork_refusals > 0)
        kill_task(task, STATUS_PROCESS_LIMIT);
}

static void advance(Supervisor *supervisor, Task *task) {
    gint64 now;

    if (!is_alive(task))
        return;
    read_task(task);
    if (task->state == RUNNING && has_ended(task))
        end_task(supervisor, task);
    now = g_get_monotonic_time();
    if (task->state == RUNNING)
        check_group(task, now);
    if (task->state == RUNNING && now >= deadline_us(task))
        kill_task(task, STATUS_TIMEOUT);
    if (task->state == DRAINING && drained(task, now)) {
        conclude(supervisor, task);
        sandbox_child_clear(&task->child);
        close_fd(&task->work_fd);
        task->state = ENDED;
    }
}

static void cancel_all(Supervisor *supervisor) {
    for (guint i = 0; i < supervisor->tasks->len; i++) {
        Task *task = supervisor->tasks->pdata[i];

        kill_task(task, STATUS_CANCELLED);
        if (task->state == WAITING) {
            task->result = result_new(supervisor, task);
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

void supervisor_rest(Supervisor *supervisor) {
    if (!supervisor->rested)
        sandbox_rest(supervisor->sandbox);
    supervisor->rested = true;
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
