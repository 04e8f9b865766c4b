/* limits.c: a program that uses more than it may, in the way that its first argument names; the second is how
 * much. What is of memory is in megabytes. What it could not do is its exit code, 1. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEGABYTE ((size_t)1 << 20)

static int end_by(long number) {
    (void)signal((int)number, SIG_DFL);
    (void)raise((int)number);
    return 0; /* a signal that does nothing */
}

static int map(long count, int flags) {
    size_t size = (size_t)count * MEGABYTE;
    /* cppcheck-suppress invalidFunctionArg ; a mapping without a file has no descriptor */
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

    if (memory == MAP_FAILED)
        return 1;
    for (size_t i = 0; i < size; i += 4096)
        memory[i] = 1;
    (void)usleep(200000);
    return 0;
}

static int use_private(long count) {
    return map(count, MAP_PRIVATE);
}

static int use_shared(long count) {
    return map(count, MAP_SHARED);
}

/* In many small pieces, which malloc keeps. */
static int use_heap(long count) {
    for (long i = 0; i < count * 256; i++) {
        char *piece = malloc(4096);

        if (piece == NULL)
            return 1;
        memset(piece, 1, 4096);
    }
    (void)usleep(200000);
    return 0;
}

static void *burn(void *unused) {
    (void)unused;
    for (volatile unsigned long i = 0;; i++)
        ;
    return NULL;
}

static void *idle(void *unused) {
    (void)unused;
    (void)pause();
    return NULL;
}

static int start_threads(long count, void *(*function)(void *)) {
    pthread_t thread;

    for (long i = 0; i < count; i++)
        if (pthread_create(&thread, NULL, function, NULL) != 0)
            return 1;
    return 0;
}

static int burn_in_threads(long count) {
    (void)start_threads(count - 1, burn);
    (void)burn(NULL);
    return 0;
}

static int burn_in_children(long count) {
    for (long i = 0; i < count; i++)
        if (fork() == 0)
            (void)burn(NULL);
    while (wait(NULL) > 0)
        ;
    return 0;
}

/* One after the other: none of them is over the limit itself. */
static int burn_in_turn(long count) {
    for (long i = 0; i < count; i++) {
        if (fork() == 0) {
            while (clock() < CLOCKS_PER_SEC / 4)
                ;
            _exit(0);
        }
        (void)wait(NULL);
    }
    return 0;
}

static int idle_threads(long count) {
    return start_threads(count, idle);
}

static int idle_threads_for_long(long count) {
    int status = start_threads(count, idle);

    (void)usleep(300000);
    return status;
}

static int fork_children(long count) {
    for (long i = 0; i < count; i++) {
        pid_t pid = fork();

        if (pid < 0)
            return 1;
        if (pid == 0)
            (void)pause();
    }
    return 0;
}

static int write_files(long count) {
    char name[64];

    for (long i = 0; i < count; i++) {
        int fd;

        (void)snprintf(name, sizeof name, "%ld", i);
        fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return 1;
        close(fd);
    }
    return 0;
}

static int fill(const char *folder, long count) {
    static char block[1 << 20];
    char name[4096];

    memset(block, 'x', sizeof block);
    for (long i = 0; i < count; i++) {
        int fd;
        ssize_t n;

        (void)snprintf(name, sizeof name, "%s/%ld", folder, i);
        fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        n = fd >= 0 ? write(fd, block, sizeof block) : -1;
        if (fd >= 0)
            close(fd);
        if (n != (ssize_t)sizeof block)
            return 1;
    }
    (void)usleep(300000);
    return 0;
}

static int fill_work(long count) {
    return fill(".", count);
}

static int fill_tmp(long count) {
    return fill(getenv("TMPDIR"), count);
}

/* `count` MB of nothing. */
static int make_sparse(long count) {
    int fd = open("sparse", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    return fd < 0 || ftruncate(fd, (off_t)((size_t)count * MEGABYTE)) != 0;
}

static int write_far(long count) {
    int fd = open("far", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    return fd < 0 || pwrite(fd, "x", 1, (off_t)((size_t)count * MEGABYTE)) != 1;
}

/* How many descriptors there can be, as the exit code. */
static int open_files(long unused) {
    int count = 0;

    (void)unused;
    while (dup(0) >= 0)
        count++;
    return errno == EMFILE ? count + 3 : 255;
}

static int deep(const volatile char *above, long left) {
    volatile char here[65536];

    here[0] = *above;
    memset((void *)here, 1, sizeof here);
    return left > 0 ? deep(here, left - 1) + here[1] : here[0];
}

/* `count` megabytes of stack. */
static int use_stack(long count) {
    volatile char first = 0;

    (void)deep(&first, count * 16);
    return 0;
}

static int trace(long unused) {
    (void)unused;
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 1;
}

static int load_module(long unused) {
    (void)unused;
    return syscall(SYS_init_module, NULL, 0, "") == 0 ? 0 : 1;
}

/* Bytes to stdout. */
static int write_bytes(long count) {
    static char block[4096];

    memset(block, 'x', sizeof block);
    while (count > 0) {
        ssize_t n = write(1, block, count < (long)sizeof block ? (size_t)count : sizeof block);

        if (n <= 0)
            return 1;
        count -= n;
    }
    return 0;
}

static int write_errors(long count) {
    return dup2(2, 1) < 0 ? 1 : write_bytes(count);
}

static int end_with(long code) {
    return (int)code;
}

static int do_abort(long unused) {
    (void)unused;
    abort();
}

static int sleep_ms(long count) {
    return usleep((useconds_t)count * 1000);
}

/* Seconds are burnt in user mode, in kernel mode. */
static int burn_user_ms(long count) {
    while (clock() < count * (CLOCKS_PER_SEC / 1000))
        for (volatile int i = 0; i < 100000; i++)
            ;
    return 0;
}

static int burn_system_ms(long count) {
    static char block[1 << 20];
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    while (clock() < count * (CLOCKS_PER_SEC / 1000))
        if (read(fd, block, sizeof block) <= 0)
            return 1;
    return 0;
}

/* Each of these gives up the processor once. */
static int give_way(long count) {
    const struct timespec pause = {.tv_nsec = 1000};

    for (long i = 0; i < count; i++)
        (void)nanosleep(&pause, NULL);
    return 0;
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int (*function)(long);
    } ways[] = {
        {"exit", end_with},
        {"signal", end_by},
        {"abort", do_abort},
        {"sleep", sleep_ms},
        {"private", use_private},
        {"shared", use_shared},
        {"heap", use_heap},
        {"burn", burn_in_threads},
        {"burn-children", burn_in_children},
        {"burn-in-turn", burn_in_turn},
        {"burn-user", burn_user_ms},
        {"burn-system", burn_system_ms},
        {"give-way", give_way},
        {"threads", idle_threads},
        {"threads-for-long", idle_threads_for_long},
        {"fork", fork_children},
        {"files", write_files},
        {"fill-work", fill_work},
        {"fill-tmp", fill_tmp},
        {"sparse", make_sparse},
        {"far", write_far},
        {"open-files", open_files},
        {"stack", use_stack},
        {"ptrace", trace},
        {"module", load_module},
        {"bytes", write_bytes},
        {"errors", write_errors},
    };

    for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof *ways; i++)
        if (strcmp(argv[1], ways[i].name) == 0)
            return ways[i].function(argc > 2 ? strtol(argv[2], NULL, 10) : 0);
    return 99;
}
