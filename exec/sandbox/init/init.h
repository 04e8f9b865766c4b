/* init.h: sallyport-init, the small program that becomes the first process of a sandbox. A program of its
 * own, so that what stands between the host and a job holds nothing of the host's: no secret, no environment,
 * some hundred kilobytes of static code. It is part of sallyport's file and started from memory (../image.c).
 *
 *   main.c     the socket: takes the base, then jobs, until the end of the socket
 *   base.c     what all jobs share: user, network and mount namespace, the root
 *   job.c      one job's first process: starts the program, waits, reports
 *   place.c    before that: the job's own namespaces, its disk, its work directory
 *   landlock.c what may be read and written, on top of the mounts or in their place
 *   program.c  from there to execve(2): descriptors, limits, capabilities, the filter
 *   watch.c    what the processes of a job use, where no control group counts it
 *   refuse.c   answers the system calls that the filter refuses
 *   wire.c     reading of messages
 *   janitor.c  another program in the same file: ../janitor.h
 *
 * One process, one thread; memory is taken from malloc and never given back by the short-lived ones. Any
 * failure ends the job with a report that names the step. */
#pragma once

#include "exec/sandbox/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NORETURN __attribute__((noreturn))

typedef struct {
    int kind; /* WireStep */
    char *target, *source, *text;
    int fd; /* of the opened source */
} Step;

/* See base.c. */
typedef struct {
    pid_t pid;
    int fd, error;
} Side;

typedef struct {
    uint64_t flags; /* WireBaseFlags */
    uid_t uid;
    gid_t gid;
    int landlock_abi;
    Step *steps;
    size_t count;
    int taken_fd; /* an eventfd: a job's process has taken its job; -1: nobody is to know */
    Side host;    /* unmounts the host's file system */
} Base;

typedef struct {
    char *path;
    char *bytes;
    size_t size;
    bool executable;
} File;

typedef struct {
    char *path;
    int rights; /* WireRights */
} Path;

/* What the place is made for, before the job is known. */
typedef struct {
    uint64_t flags; /* WirePlaceFlags */
    uint64_t limits[WIRE_LIMITS];
    char *filter;
    size_t filter_size;
    const uint8_t *deadly;
    size_t deadly_size;
    int join_fds[WIRE_MOST_FDS];
    int join_count;
    uint64_t most_processes; /* RLIMIT_NPROC; 0: a control group counts them */
} Place;

typedef struct {
    uint64_t flags; /* WireJobFlags */
    char *work, *tree, *cwd;
    char **build, **argv, **env;
    File *files;
    size_t file_count;
    Path *paths;
    size_t path_count;
    char *build_filter;
    size_t build_filter_size;
    int in_fd, out_fd, err_fd, report_fd;
} Job;

/* wire.c: one message. `ret_fds` are -1 behind the last. false at the end of the socket. What is malformed
 * ends this process. */
bool wire_receive(int socket, WireHeader *ret_header, char **ret_payload, int ret_fds[WIRE_MOST_FDS]);
void wire_read_base(char *payload, size_t size, Base *ret_base);
void wire_read_place(char *payload, size_t size, const int *fds, Place *ret_place);
void wire_read_job(char *payload, size_t size, const int *fds, Job *ret_job);
void wire_close(const int *fds);
bool wire_send(int socket, const void *message, size_t size, int fd);

#define SOCKET 3    /* to sallyport */
#define NOBODY (-1) /* has asked for a place yet: whoever asks next is told */

/* Reports the step, with errno, to `report_fd`, and ends the process. `detail` may be NULL. */
void fail(int report_fd, const char *step, const char *detail) NORETURN;
/* Takes the wish for the next place, and refuses it. */
void refuse_place(const char *step, const char *detail);

/* base.c: a network namespace takes longer than all others together, and needs nothing: it is made by a
 * process at the side. */
void base_start_network(Side *network);
/* The other namespaces: 0 or errno. */
int base_unshare(void);
/* The user, the root. Errors go to `report_fd`. */
void base_build(Base *base, const Side *network, int report_fd);
/* Waits until the host's file system is gone, before any program is started. With BASE_ONCE, base_build() has
 * not. */
void base_forget_host(const Base *base, int report_fd);
/* `path` below the directory `at`, with its parents; also used for a job's files. */
void make_directory(int at, const char *path, bool parents_only, int report_fd);

/* job.c: a job's process, from the clone on; it takes its job from the socket. */
void job_main(const Base *base) NORETURN;
/* The flags for clone(2) that this job wants. */
uint64_t job_clone_flags(const Base *base);

/* place.c: the namespaces of the job itself, and what it can write to. Returns a descriptor of its disk, or
 * -1 where there is no file system of its own. */
int place_make(const Base *base);
/* Control groups, the size of the disk. */
void place_limit(const Base *base, const Place *place);
/* Then what depends on the job: the work directory's content. */
void place_fill(const Base *base, const Job *job);
/* landlock.c: the ruleset that the program is confined by; -1 where there is no Landlock. */
int landlock_make(const Base *base, const Path *paths, size_t count, int report_fd);
/* The same for a place with namespaces. */
int landlock_make_for_place(const Base *base);

/* program.c: no execve(2) gives a capability any more. */
void program_drop_bounding_set(int report_fd);
/* The program's process. */
typedef struct Program Program;
/* Starts it, as a child of this one, up to where the job has to be known, with the ruleset of landlock.c; for
 * a place with namespaces. */
Program *program_prepare(const Place *place, int ruleset);
/* Now it is known: returns when the program is being executed. The listener of the filter's notifications is
 * this process's own from then on. Its pid. */
pid_t program_go(Program *program, const Job *job, int *ret_listener);
/* It is not wanted. May be NULL. */
void program_drop(Program *program);
/* Both in one; `is_build`: what comes before the program. */
pid_t program_start(const Place *place, const Job *job, bool is_build, int ruleset, int *ret_listener);
/* Gives up all capabilities, but the one to see in proc what has made itself undumpable: who watches needs
 * it. */
void program_drop_own_capabilities(void);

/* janitor.c: not a sandbox's first process, but who cleans up behind sallyport. */
void janitor_main(char **arguments) NORETURN;

/* watch.c: a sample of all processes below this one. Where the memory seems to be over the limit, it is
 * counted exactly; where there are too many processes, not at all. */
typedef struct {
    uint64_t anonymous,
        shared; /* memory: of the processes alone; what others may have as well, and files on a tmpfs */
    uint64_t processes, cpu_us;
} Sample;
void watch_sample(uint64_t memory_limit, uint64_t process_limit, Sample *ret_sample);
/* How many processes there are; that there are more than `most` is enough. */
size_t watch_count(size_t most);
/* Without a pid namespace: ends each of them, so that none can come after. Their ends are still to be taken.
 */
void watch_end_all(void);

/* refuse.c: answers one notification. Returns whether it ends the program. */
typedef struct {
    int denied; /* -1 */
    uint32_t count;
    int32_t calls[WIRE_REFUSED];
    bool file_size;        /* a truncate(2) beyond the limit */
    bool sent_size_signal; /* SIGXFSZ, by a process */
} Refusals;
bool refuse_one(int listener, const Place *place, Refusals *refusals);
