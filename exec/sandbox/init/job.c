/* One job's first process: PID 1 of its pid namespace. It makes what the job does not share, starts the
 * program, reaps whatever ends in there, and reports. When it is gone, the kernel ends all others:
 * pid_namespaces(7). */
#include "exec/folder.h"
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* How often what is not limited by the kernel itself is looked at. */
#define SAMPLE_MS 20
#define OWN_FOLDERS 2      /* in the job's folder, that are not the program's */
#define DISK_SAMPLE_MS 250 /* where a directory has to be walked for it */
#define GROWTH_MS 4        /* where a bomb has nothing in its way */
#define GROWTH 24          /* processes of the whole machine, since the last look */

/* How often the end of what was killed is looked for, where nothing tells of it. */
#define END_MS 5

/* Without namespaces the kernel counts all processes of a user. How many others that may start meanwhile. */
#define OTHER_PROCESSES 128
#define MOST_OTHERS (1U << 22) /* PID_MAX_LIMIT */

typedef struct {
    const Base *base;
    const Place *place;
    const Job *job;
    Program *prepared; /* the program's process, waiting; NULL: none */
    pid_t program;
    int signals, listener, disk, ruleset; /* descriptors */
    int folder; /* without namespaces, that of the host which is the job's own; else -1 */
    uint64_t next_sample, next_walk; /* milliseconds of the monotonic clock */
    uint16_t tasks;                  /* of the machine, at the last sample */
    uint32_t reached;
    Refusals refusals;
    uint64_t processes_peak, memory_peak, disk_bytes;
    int wait_status;
    bool ended, told; /* the program has; the base is */
} Watch;

static bool is_alone(const Watch *watch) {
    return (watch->base->flags & BASE_NAMESPACES) != 0;
}

uint64_t job_clone_flags(const Base *base) {
    uint64_t flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;

    if ((base->flags & BASE_NAMESPACES) == 0)
        return 0;
    if ((base->flags & BASE_OWN_USER) != 0)
        flags |= CLONE_NEWUSER;
    if ((base->flags & BASE_OWN_NETWORK) != 0)
        flags |= CLONE_NEWNET;
    return flags;
}

static uint64_t now_ms(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The whole folder of the job: its work directory, and what it has for /tmp. */
static void walk_folder(Watch *watch, uint64_t now) {
    const uint64_t *limits = watch->place->limits;
    uint64_t files;

    if (now < watch->next_walk)
        return;
    folder_usage(watch->folder, &watch->disk_bytes, &files);
    watch->next_walk = now + DISK_SAMPLE_MS;
    if (watch->disk_bytes > limits[WIRE_DISK] || files > limits[WIRE_INODES] + OWN_FOLDERS)
        watch->reached |= REACHED_DISK | REACHED_END;
}

/* A disk that is full, or a directory of the host that has become too large. */
static void sample_disk(Watch *watch, uint64_t now) {
    struct statfs disk;

    if (watch->folder >= 0)
        walk_folder(watch, now);
    if (watch->disk < 0 || fstatfs(watch->disk, &disk) != 0)
        return;
    watch->disk_bytes = (uint64_t)(disk.f_blocks - disk.f_bfree) * (uint64_t)disk.f_bsize;
    if (disk.f_bavail == 0 || disk.f_ffree == 0)
        watch->reached |= REACHED_DISK;
}

static int end_at_once(void *data) {
    (void)data;
    _exit(0);
}

/* The kernel knows better than a look at those that come and go whether there may be one more. */
static bool can_start_process(void) {
    static char stack[16384] __attribute__((aligned(16)));
    pid_t pid = clone(end_at_once, stack + sizeof stack, CLONE_VM | CLONE_VFORK, NULL);

    return pid < 0 ? errno != EAGAIN : waitpid(pid, NULL, __WALL) == pid;
}

/* See limit_own_processes(). */
static bool are_too_many(const Watch *watch) {
    return (watch->place->flags & PLACE_COUNT) != 0 && !can_start_process();
}

static void note_processes(Watch *watch, uint64_t count) {
    const uint64_t limit = watch->place->limits[WIRE_PROCESSES];

    if (count >= limit / 4 && are_too_many(watch))
        count = limit + 1;
    if (count > limit)
        watch->reached |= REACHED_PROCESSES | REACHED_END;
    watch->processes_peak = count > watch->processes_peak ? count : watch->processes_peak;
}

/* The same rule as of cgroup.c: what is shared may be files on the disk, which has a limit of its own. */
static void sample_processes(Watch *watch) {
    const uint64_t *limits = watch->place->limits;
    Sample now;
    uint64_t memory;

    watch_sample(limits[WIRE_MEMORY], limits[WIRE_PROCESSES], &now);
    memory = now.anonymous + now.shared;
    note_processes(watch, now.processes);
    if (now.anonymous > limits[WIRE_MEMORY] || memory > limits[WIRE_MEMORY] + limits[WIRE_DISK])
        watch->reached |= REACHED_MEMORY | REACHED_END;
    if (now.cpu_us > limits[WIRE_CPU_MS] * 1000)
        watch->reached |= REACHED_CPU | REACHED_END;
    watch->memory_peak = memory > watch->memory_peak ? memory : watch->memory_peak;
}

/* How many processes and threads the machine has, which costs nearly nothing: sysinfo(2). */
static uint16_t count_tasks(void) {
    struct sysinfo info;

    return sysinfo(&info) == 0 ? info.procs : 0;
}

/* A bomb is not to have all the time between two samples. */
static bool has_grown(const Watch *watch) {
    return !is_alone(watch) && (int16_t)(count_tasks() - watch->tasks) > GROWTH;
}

/* Looks at what the kernel does not limit by itself. */
static void sample(Watch *watch, bool is_last) {
    uint64_t now = now_ms();

    if (now < watch->next_sample && !is_last && !has_grown(watch))
        return;
    watch->next_sample = now + SAMPLE_MS;
    watch->tasks = count_tasks();
    watch->next_walk = is_last ? 0 : watch->next_walk;
    sample_disk(watch, now);
    if ((watch->place->flags & PLACE_WATCH) != 0 && !is_last)
        sample_processes(watch);
}

/* Takes the end of every process that has ended. The program is still there to be counted as long as that is
 * not taken: a fork that was refused is often its last act. */
static void reap(Watch *watch) {
    siginfo_t info = {0};
    int status;

    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        if (info.si_pid == watch->program && (watch->place->flags & PLACE_WATCH) != 0)
            note_processes(watch, watch_count(watch->place->limits[WIRE_PROCESSES]));
        if (waitpid(info.si_pid, &status, 0) == watch->program) {
            watch->wait_status = status;
            watch->ended = true;
        }
        info.si_pid = 0;
    }
}

/* Takes what has ended, without waiting; whether anything is left. */
static bool reap_rest(Watch *watch) {
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == watch->program && !watch->ended) {
            watch->wait_status = status;
            watch->ended = true;
        }
    }
    return pid == 0;
}

/* Ends what is left, and waits for it, so that all that was used is counted. What has lost its parent becomes
 * this process's own: as long as there is a child there may be more of them. */
static void end_all(Watch *watch) {
    struct pollfd poll_signals = {.fd = watch->signals, .events = POLLIN};
    struct signalfd_siginfo info;

    for (;;) {
        if (is_alone(watch))
            (void)kill(-1, SIGKILL);
        else
            watch_end_all();
        if (!reap_rest(watch))
            return;
        (void)poll(&poll_signals, 1, END_MS);
        (void)!read(watch->signals, &info, sizeof info);
    }
}

static uint64_t microseconds(const struct timeval *time) {
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

static void set_usage(WireReport *report) {
    struct rusage usage;

    if (getrusage(RUSAGE_CHILDREN, &usage) != 0)
        return;
    report->user_us = microseconds(&usage.ru_utime);
    report->system_us = microseconds(&usage.ru_stime);
    report->largest_rss = (uint64_t)usage.ru_maxrss * 1024;
    report->minor_faults = (uint64_t)usage.ru_minflt;
    report->major_faults = (uint64_t)usage.ru_majflt;
    report->voluntary_switches = (uint64_t)usage.ru_nvcsw;
    report->involuntary_switches = (uint64_t)usage.ru_nivcsw;
}

static void report_end(Watch *watch) {
    WireReport report = {
        .kind = REPORT_ENDED,
        .wait_status = watch->wait_status,
        .denied = watch->refusals.denied,
        .reached = watch->reached,
        .refusals = watch->refusals.count,
        .processes_peak = watch->processes_peak,
        .memory_peak = watch->memory_peak,
        .disk_bytes = watch->disk_bytes,
    };

    memcpy(report.refused, watch->refusals.calls, sizeof report.refused);
    set_usage(&report);
    (void)wire_send(watch->job->report_fd, &report, sizeof report, -1);
}

/* Until the program has ended, or has to be. */
static void look_after(Watch *watch) {
    struct pollfd polls[] = {
        {.fd = watch->signals, .events = POLLIN},
        {.fd = watch->listener, .events = POLLIN},
        {.fd = watch->job->report_fd}, /* its other end is closed: sallyport is gone */
    };
    bool is_over = false;

    while (!watch->ended && !is_over) {
        struct signalfd_siginfo info = {0};

        (void)poll(polls, 3, is_alone(watch) ? SAMPLE_MS : GROWTH_MS);
        if (polls[0].revents != 0)
            (void)!read(watch->signals, &info, sizeof info);
        if ((polls[1].revents & POLLIN) != 0)
            is_over = refuse_one(watch->listener, watch->place, &watch->refusals);
        else if (polls[1].revents != 0) /* nobody is left who could be refused anything */
            polls[1].fd = -1;
        is_over |= polls[2].revents != 0 || info.ssi_signo == SIGTERM;
        reap(watch);
        sample(watch, false);
        is_over |= (watch->reached & REACHED_END) != 0;
    }
    if (watch->refusals.file_size)
        watch->reached |= REACHED_DISK;
    if (watch->refusals.sent_size_signal)
        watch->reached |= SENT_SIZE;
}

/* SIGTERM is sallyport's way to end a job that has no pid namespace. */
static int open_signals(void) {
    sigset_t set;

    (void)signal(SIGCHLD, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void set_soft_limit(rlim_t most, int report_fd) {
    struct rlimit value;

    if (getrlimit(RLIMIT_NPROC, &value) != 0)
        fail(report_fd, "getrlimit", "processes");
    value.rlim_cur = most < value.rlim_max ? most : value.rlim_max;
    if (setrlimit(RLIMIT_NPROC, &value) != 0)
        fail(report_fd, "setrlimit", "processes");
}

static bool can_start_under(rlim_t most) {
    set_soft_limit(most, SOCKET);
    return can_start_process();
}

/* How many processes and threads this user has on the whole machine, of which proc may not show all: the
 * least limit with which one more can be started. 0: limits do not bind this user. */
static uint64_t count_of_user(void) {
    uint64_t too_few = 0, enough = 64;
    struct rlimit before;

    if (getrlimit(RLIMIT_NPROC, &before) != 0)
        fail(SOCKET, "getrlimit", "processes");
    for (; enough <= MOST_OTHERS && !can_start_under(enough); enough *= 2)
        too_few = enough;
    while (enough <= MOST_OTHERS && too_few + 1 < enough) {
        uint64_t middle = too_few + (enough - too_few) / 2;

        if (can_start_under(middle))
            enough = middle;
        else
            too_few = middle;
    }
    set_soft_limit(before.rlim_cur, SOCKET);
    return enough <= MOST_OTHERS ? enough : 0;
}

/* What the program gets. In a user namespace of the job's own it counts this process as well, and one more
 * than the limit is let in, so that who watches sees it passed. Where it counts the user's others, too, it
 * only keeps a bomb in bounds. */
static uint64_t most_processes(const Base *base, const Place *place) {
    if ((place->flags & PLACE_COUNT) != 0)
        return place->limits[WIRE_PROCESSES] + 2;
    return (base->flags & BASE_NAMESPACES) != 0
               ? 0
               : count_of_user() + place->limits[WIRE_PROCESSES] + OTHER_PROCESSES;
}

/* So that are_too_many() is told when there is one more than the limit. */
static void limit_own_processes(const Watch *watch) {
    if ((watch->place->flags & PLACE_COUNT) != 0)
        set_soft_limit(watch->place->most_processes, watch->job->report_fd);
}

/* The socket is the next one's now. Not before the program has started, if that does not take long. */
static void tell_base(Watch *watch) {
    const uint64_t one = 1;

    if (watch->base->taken_fd >= 0 && !watch->told)
        (void)!write(watch->base->taken_fd, &one, sizeof one);
    watch->told = true;
}

static void take_place(Place *ret_place) {
    WireHeader header;
    char *payload;
    int fds[WIRE_MOST_FDS];

    if (!wire_receive(SOCKET, &header, &payload, fds) || header.kind != WIRE_PLACE)
        _exit(0);
    wire_read_place(payload, header.size, fds, ret_place);
}

/* The place is ready: sallyport gets this process's pidfd. */
static void tell_ready(void) {
    const WireReport ready = {.kind = REPORT_READY, .denied = -1};
    int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

    if (pidfd < 0)
        fail(SOCKET, "pidfd_open", NULL);
    if (!wire_send(SOCKET, &ready, sizeof ready, pidfd))
        _exit(0);
    close(pidfd);
}

static void take_job(Watch *watch, Job *ret_job) {
    WireHeader header;
    char *payload;
    int fds[WIRE_MOST_FDS];

    if (!wire_receive(SOCKET, &header, &payload, fds))
        _exit(0);
    if (header.kind != WIRE_JOB) {
        tell_base(watch);
        _exit(0);
    }
    wire_read_job(payload, header.size, fds, ret_job);
    close(SOCKET);
}

static void start_program(Watch *watch, bool is_build) {
    if (watch->prepared != NULL && !is_build) {
        watch->program = program_go(watch->prepared, watch->job, &watch->listener);
        watch->prepared = NULL;
        return;
    }
    program_drop(watch->prepared);
    watch->prepared = NULL;
    watch->program = program_start(watch->place, watch->job, is_build, watch->ruleset, &watch->listener);
}

/* Runs what comes before the program, or that itself, to its end. Whether it ended well. */
static bool run_one(Watch *watch, bool is_build) {
    const Job *job = watch->job;

    watch->ended = false;
    start_program(watch, is_build);
    if (!is_build) {
        close(job->in_fd);
        close(job->out_fd);
        close(job->err_fd);
        tell_base(watch);
        program_drop_own_capabilities();
    }
    limit_own_processes(watch);
    look_after(watch);
    end_all(watch);
    close(watch->listener);
    return watch->wait_status == 0 && watch->reached == 0 && watch->refusals.denied < 0;
}

/* Where chmod(2) is refused, since Landlock does not judge it, a linker cannot make its result executable.
 * The file is in the job's own folder; a link on the way to it, or another name of it, is none of a compiler.
 */
static void make_executable(const Watch *watch) {
    const size_t len = (size_t)(strrchr(watch->job->work, '/') - watch->job->work);
    const char *path = watch->job->argv[0];
    struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    struct stat st;
    int fd;

    if (strncmp(path, watch->job->work, len) != 0 || path[len] != '/')
        return; /* it stands elsewhere */
    fd = (int)syscall(SYS_openat2, watch->folder, path + len + 1, &how, sizeof how);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && (st.st_mode & 0100) == 0)
        (void)fchmod(fd, (st.st_mode & 0777) | 0100);
    if (fd >= 0)
        close(fd);
}

/* The work directory stands in the job's folder. */
static int open_folder(const Job *job) {
    char *path = strndup(job->work, (size_t)(strrchr(job->work, '/') - job->work));
    int folder = path != NULL ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (folder < 0)
        fail(job->report_fd, "open", job->work);
    free(path);
    return folder;
}

static bool build(Watch *watch) {
    const WireReport built = {.kind = REPORT_BUILT, .denied = -1};

    if (watch->job->build[0] == NULL)
        return true;
    tell_base(watch);
    if (!run_one(watch, true))
        return false;
    if (!is_alone(watch))
        make_executable(watch);
    (void)wire_send(watch->job->report_fd, &built, sizeof built, -1);
    return true;
}

static void run(Watch *watch) {
    const Job *job = watch->job;

    place_fill(watch->base, job);
    if (!is_alone(watch))
        watch->folder = open_folder(job);
    if (!is_alone(watch))
        watch->ruleset = landlock_make(watch->base, job->paths, job->path_count, job->report_fd);
    if (build(watch))
        (void)run_one(watch, false);
    sample(watch, true);
    report_end(watch);
}

void job_main(const Base *base) {
    Place place;
    Job job;
    Watch watch = {.base = base, .place = &place, .job = &job, .folder = -1, .refusals = {.denied = -1}};

    memset(watch.refusals.calls, 0xff, sizeof watch.refusals.calls);
    watch.signals = open_signals();
    (void)prctl(PR_SET_NAME, "sallyport-job", 0, 0, 0);
    if (!is_alone(&watch) && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
        fail(NOBODY, "become a subreaper", NULL);
    program_drop_bounding_set(NOBODY);
    watch.disk = place_make(base);
    watch.ruleset = is_alone(&watch) ? landlock_make_for_place(base) : -1;
    take_place(&place);
    place_limit(base, &place);
    place.most_processes = most_processes(base, &place);
    if ((base->flags & BASE_ONCE) != 0)
        base_forget_host(base, SOCKET);
    if (is_alone(&watch))
        watch.prepared = program_prepare(&place, watch.ruleset);
    tell_ready();
    take_job(&watch, &job);
    watch.next_sample = now_ms() + SAMPLE_MS;
    run(&watch);
    _exit(0);
}
