/* Row four: processes, memory, CPU time, disk, inodes, sparse files, core dumps, output without end. Each is
 * bounded, so that where nothing stops it, it does no harm: 400 processes, 320 MB, 4 s. */
#include "testdata/threats/threats.h"

#include <pthread.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define PROCESSES 400
#define MEGABYTES 320
#define SECONDS 4
#define MEGABYTE (1UL << 20)

/* More than LIMIT is what it was not to get. */
static void report(const char *name, unsigned long count, const char *what) {
    char text[64];

    (void)snprintf(text, sizeof text, "%lu %s", count, what);
    if (count > (unsigned long)number_of_scene("LIMIT"))
        got(name, text);
    else
        printf("%s: %s, no more\n", name, text);
    (void)fflush(stdout);
    _exit(1);
}

static void by_fork(const char *name) {
    unsigned long count = 0;

    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            (void)sleep(SECONDS);
            _exit(0);
        }
        count += pid > 0;
    }
    (void)usleep(300 * 1000);
    report(name, count, "processes");
    (void)kill(0, SIGKILL);
}

/* Each of them makes others, and goes. */
static void by_relay(const char *name) {
    const time_t end = time(NULL) + SECONDS;

    for (int i = 0; i < 8; i++)
        if (fork() == 0)
            break;
    while (time(NULL) < end) {
        pid_t pid = fork();

        if (pid > 0)
            _exit(0);
        if (pid < 0)
            (void)usleep(1000);
    }
    got(name, "its full time");
}

static void *wait_there(void *data) {
    (void)sleep(SECONDS);
    return data;
}

static void by_threads(const char *name) {
    unsigned long count = 0;
    pthread_attr_t attr;
    pthread_t thread;

    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, 32768);
    for (int i = 0; i < PROCESSES; i++)
        count += pthread_create(&thread, &attr, wait_there, NULL) == 0;
    (void)usleep(300 * 1000);
    report(name, count, "threads");
}

/* Of memory that is no file's, -1 is the descriptor: mmap(2). */
static void fill(const char *name, int flags) {
    unsigned long count;

    for (count = 0; count < MEGABYTES; count++) {
        /* cppcheck-suppress invalidFunctionArg */
        char *part = mmap(NULL, MEGABYTE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

        if (part == MAP_FAILED)
            break;
        memset(part, 1, MEGABYTE);
        if (count % 16 == 0)
            (void)usleep(10 * 1000); /* what is watched takes its samples */
    }
    (void)usleep(300 * 1000);
    report(name, count, "MB");
}

static void private_memory(const char *name) {
    fill(name, MAP_PRIVATE);
}

static void shared_memory(const char *name) {
    fill(name, MAP_SHARED);
}

/* Each child less than the limit. */
static void divided_memory(const char *name) {
    for (int i = 0; i < 8; i++) {
        if (fork() != 0)
            continue;
        /* cppcheck-suppress invalidFunctionArg */
        char *part = mmap(NULL, 40 * MEGABYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        memset(part, 1, 40 * MEGABYTE);
        (void)usleep(800 * 1000);
        _exit(0);
    }
    while (wait(NULL) > 0)
        ;
    got(name, "320 MB");
}

/* Written, never mapped: no process shows it as its own. */
static void memory_file(const char *name) {
    static char part[MEGABYTE];
    unsigned long count = 0;

    memset(part, 1, sizeof part);
    for (int file = 0; file < 10; file++) {
        int fd = (int)syscall(SYS_memfd_create, "bomb", 0);

        if (fd < 0) {
            (void)tell(name, -1);
            return;
        }
        for (int i = 0; i < 32 && write(fd, part, sizeof part) == (ssize_t)sizeof part; i++)
            count++;
        (void)usleep(10 * 1000);
    }
    (void)usleep(300 * 1000);
    report(name, count, "MB");
}

static void ipc_memory(const char *name) {
    unsigned long count = 0;

    for (int i = 0; i < 10; i++) {
        int id = shmget(IPC_PRIVATE, 32 * MEGABYTE, IPC_CREAT | 0600);
        char *part = id >= 0 ? shmat(id, NULL, 0) : (void *)-1;

        if (part == (void *)-1) {
            (void)tell(name, -1);
            return;
        }
        memset(part, 1, 32 * MEGABYTE);
        count += 32;
        (void)shmdt(part);
        (void)usleep(10 * 1000);
    }
    (void)usleep(300 * 1000);
    report(name, count, "MB");
}

/* Queues hold little each, and there may be many. */
static void messages(const char *name) {
    static struct {
        long type;
        char text[8192];
    } message = {.type = 1};
    unsigned long bytes = 0;

    for (int i = 0; i < 10000; i++) {
        int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

        if (id < 0 && bytes == 0) {
            (void)tell(name, -1);
            return;
        }
        while (id >= 0 && msgsnd(id, &message, sizeof message.text, IPC_NOWAIT) == 0)
            bytes += sizeof message.text;
    }
    report(name, bytes / MEGABYTE, "MB");
}

static double cpu_seconds(void) {
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Two of them, each less than what ends a single one. */
static void processor(const char *name) {
    pid_t pid;

    (void)signal(SIGXCPU, SIG_IGN);
    pid = fork();
    while (cpu_seconds() < 0.9)
        ;
    if (pid == 0)
        _exit(0);
    (void)waitpid(pid, NULL, 0);
    got(name, "1.8 s");
}

static void disk(const char *name) {
    static const char *const folders[] = {".", "/tmp", "/dev/shm"};
    static char part[MEGABYTE];
    unsigned long count = 0;
    char path[64];

    memset(part, 1, sizeof part);
    for (int file = 0; file < 15; file++) {
        (void)snprintf(path, sizeof path, "%s/file-%d", folders[file % 3], file);
        int fd = open(path, O_WRONLY | O_CREAT, 0600);

        for (int i = 0; i < 8 && fd >= 0 && write(fd, part, sizeof part) > 0; i++) {
            count++;
            (void)usleep(1000);
        }
    }
    (void)usleep(500 * 1000);
    report(name, count, "MB");
}

static void inodes(const char *name) {
    unsigned long count = 0;
    char path[64];

    for (int file = 0; file < 5000; file++) {
        (void)snprintf(path, sizeof path, "file-%d", file);
        int fd = open(path, O_WRONLY | O_CREAT, 0600);

        count += fd >= 0;
        if (fd >= 0)
            close(fd);
    }
    (void)usleep(500 * 1000);
    report(name, count, "files");
}

static void sparse(const char *name) {
    int fd = open("sparse", O_WRONLY | O_CREAT, 0600);

    (void)signal(SIGXFSZ, SIG_IGN);
    (void)tell(name, pwrite(fd, "x", 1, 1LL << 40));
    (void)tell(name, ftruncate(fd, 1LL << 40));
    close(fd);
}

/* A limit that may be raised is none; and one of 0 lets the dump go to a pipe, where the host has one. */
static void core(const char *name) {
    struct rlimit all = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY}, none = {0, 1}, now = {0};

    (void)setrlimit(RLIMIT_CORE, &all);
    if (getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur > 1)
        got(name, "a limit of its own");
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)syscall(SYS_prlimit64, 0, RLIMIT_CORE, &none, NULL);
    (void)syscall(SYS_setrlimit, RLIMIT_CORE, &none);
    (void)getrlimit(RLIMIT_CORE, &now);
    printf("%s: the limit is %lu\n", name, (unsigned long)now.rlim_cur);
    (void)fflush(stdout);
    abort();
}

static void output(const char *name) {
    static char part[65536];
    const time_t end = time(NULL) + SECONDS;

    (void)name;
    memset(part, 'x', sizeof part);
    for (int i = 0; i < 1024 && time(NULL) < end; i++)
        if (write(1, part, sizeof part) < 0 || write(2, part, sizeof part) < 0)
            return;
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"fork", by_fork, false},
        {"relay", by_relay, false},
        {"threads", by_threads, false},
        {"memory", private_memory, false},
        {"shared", shared_memory, false},
        {"divided", divided_memory, false},
        {"memfd", memory_file, false},
        {"shm", ipc_memory, false},
        {"messages", messages, false},
        {"cpu", processor, false},
        {"disk", disk, false},
        {"inodes", inodes, false},
        {"sparse", sparse, false},
        {"core", core, false},
        {"output", output, false},
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
