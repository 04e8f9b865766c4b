/* What the processes of a job use, added up from /proc: proc_pid_stat(5). Without a pid
 * namespace they are found from this process downwards (proc_pid_task_children(5)); what lost its parent has
 * become a child of this one. Memory is the proportional share (proc_pid_smaps(5), Pss) where the cheap sum
 * (proc_pid_status(5)), which counts shared pages for each process, says that it matters. */
#include "exec/sandbox/init/init.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <unistd.h>

#define MOST_PIDS 32768

typedef struct {
    pid_t pids[MOST_PIDS];
    size_t count;
} Pids;

static bool read_file(const char *path, char *buffer, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t done = 0;
    ssize_t n = 1;

    if (fd < 0)
        return false;
    while (n > 0 && done < size - 1) {
        n = read(fd, buffer + done, size - 1 - done);
        done += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    buffer[done] = '\0';
    return done > 0;
}

static bool read_of(pid_t pid, const char *name, char *buffer, size_t size) {
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return read_file(path, buffer, size);
}

static void add_children_of_thread(const char *process, const char *thread, Pids *pids) {
    static char text[65536];
    char path[320];

    (void)snprintf(path, sizeof path, "%s/%s/children", process, thread);
    if (!read_file(path, text, sizeof text))
        return;
    for (char *at = text, *end; pids->count < MOST_PIDS; at = end) {
        long pid = strtol(at, &end, 10);

        if (end == at)
            return;
        pids->pids[pids->count++] = (pid_t)pid;
    }
}

/* A process is a child of the thread that has forked it. */
static void add_children(const char *process, Pids *pids) {
    DIR *threads = opendir(process);
    const struct dirent *entry;

    while (threads != NULL && (entry = readdir(threads)) != NULL)
        if (entry->d_name[0] != '.')
            add_children_of_thread(process, entry->d_name, pids);
    if (threads != NULL)
        closedir(threads);
}

/* From then on it cannot fork, whoever lets it go on. Whether that is new. */
static bool freeze(pid_t pid) {
    const struct rlimit none = {0};
    struct rlimit before = none;
    bool is_new = prlimit(pid, RLIMIT_NPROC, &none, &before) == 0 && before.rlim_max != 0;

    (void)kill(pid, SIGSTOP);
    return is_new;
}

/* What is to be frozen is before its children are looked for: there will be no more of them. What is to be
 * killed, after: then they are no longer its own. Returns how many have been frozen. Ends with more than
 * `most`.
 */
static size_t find_below(Pids *pids, int signal, size_t most) {
    size_t frozen = 0;
    char path[64];

    add_children("/proc/self/task", pids);
    for (size_t i = 0; i < pids->count && pids->count <= most; i++) {
        (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pids->pids[i]);
        frozen += signal == SIGSTOP && freeze(pids->pids[i]);
        add_children(path, pids);
        if (signal == SIGKILL)
            (void)kill(pids->pids[i], SIGKILL);
    }
    return frozen;
}

/* In a pid namespace of its own, this process is the first, and all others are the job's. */
static void find_others(Pids *pids) {
    DIR *proc = opendir("/proc");
    const struct dirent *entry;

    while (proc != NULL && (entry = readdir(proc)) != NULL && pids->count < MOST_PIDS) {
        long pid = strtol(entry->d_name, NULL, 10);

        if (pid > 1)
            pids->pids[pids->count++] = (pid_t)pid;
    }
    if (proc != NULL)
        closedir(proc);
}

/* Those above `most` are not looked for. */
static const Pids *find_processes(size_t most) {
    static Pids pids;

    pids.count = 0;
    if (getpid() == 1)
        find_others(&pids);
    else
        (void)find_below(&pids, 0, most);
    return &pids;
}

size_t watch_count(size_t most) {
    return find_processes(most)->count;
}

/* A bomb is faster than who kills one process after the other: each end makes room for the next. So all of it
 * stands still before any of it ends. */
void watch_end_all(void) {
    static Pids pids;

    do
        pids.count = 0;
    while (find_below(&pids, SIGSTOP, MOST_PIDS) > 0);
    pids.count = 0;
    (void)find_below(&pids, SIGKILL, MOST_PIDS);
}

/* The number that stands `index` words further on; 0 where the text ends before it. */
static uint64_t number_at(const char *text, int index) {
    for (text += strspn(text, " "); index > 0 && *text != '\0'; index--) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return strtoull(text, NULL, 10);
}

static uint64_t number_behind(const char *text, const char *word) {
    const char *at = strstr(text, word);

    return at != NULL ? number_at(at + strlen(word), 0) : 0;
}

/* Counts what is shared for each of those that have it. */
static void add_resident(pid_t pid, Sample *sample) {
    static char text[65536]; /* a line names all of its groups */

    if (!read_of(pid, "status", text, sizeof text))
        return;
    sample->anonymous += number_behind(text, "\nRssAnon:\t") * 1024;
    sample->shared += number_behind(text, "\nRssShmem:\t") * 1024;
}

static void add_proportional(pid_t pid, Sample *sample) {
    char text[4096];

    if (!read_of(pid, "smaps_rollup", text, sizeof text))
        return;
    sample->anonymous += number_behind(text, "\nPss_Anon:") * 1024;
    sample->shared += number_behind(text, "\nPss_Shmem:") * 1024;
}

/* Segments of System V, whether a process has them or not; in an ipc namespace of its own, all are the job's.
 */
static uint64_t segment_bytes(void) {
    struct shm_info info;

    if (getpid() != 1 || shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info) < 0)
        return 0;
    return (uint64_t)info.shm_rss * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void add_times(pid_t pid, Sample *sample) {
    char text[1024];
    const char *at;

    if (!read_of(pid, "stat", text, sizeof text) || (at = strrchr(text, ')')) == NULL)
        return;
    /* Behind the name the fields are counted from the third on: the 14th to the 17th are times, the 20th is
     * the number of threads. */
    for (int field = 14; field <= 17; field++)
        sample->cpu_us += number_at(at + 1, field - 3) * (1000000U / (uint64_t)sysconf(_SC_CLK_TCK));
    sample->processes += number_at(at + 1, 20 - 3);
}

/* What is a bomb is not looked at for longer than it takes to see that. */
void watch_sample(uint64_t memory_limit, uint64_t process_limit, Sample *ret_sample) {
    const Pids *pids = find_processes(process_limit);
    const uint64_t segments = segment_bytes();

    memset(ret_sample, 0, sizeof *ret_sample);
    ret_sample->processes = pids->count;
    if (pids->count > process_limit)
        return;
    ret_sample->processes = 0;
    for (size_t i = 0; i < pids->count; i++) {
        add_times(pids->pids[i], ret_sample);
        add_resident(pids->pids[i], ret_sample);
    }
    if (ret_sample->anonymous + ret_sample->shared > memory_limit) {
        ret_sample->anonymous = ret_sample->shared = 0;
        for (size_t i = 0; i < pids->count; i++)
            add_proportional(pids->pids[i], ret_sample);
    }
    ret_sample->shared = ret_sample->shared > segments ? ret_sample->shared : segments;
}
