/* wire.h: what sallyport and sallyport-init (the small program that is the sandbox's first process) say to
 * each other. Both are made from one tree and run on one machine, so structs of numbers go over as
 * they are.
 *
 * Down, over a SOCK_STREAM socket: WireHeader, with the descriptors of the message as SCM_RIGHTS at its first
 * byte, then `size` bytes of payload: numbers of 8 bytes (WireNumber) and strings (a number, the length, then
 * the bytes and a NUL), in the order that stands below each kind. A list is a number, then its elements. The
 * first message is WIRE_BASE. Then comes, for each job, WIRE_PLACE, and when it is to start WIRE_JOB, or
 * WIRE_DROP where another place is wanted instead. With BASE_ONCE there is one job. WIRE_BASE and WIRE_PLACE
 * are answered on the socket by a WireReport: REPORT_READY (for a place with the pidfd of its init) or
 * REPORT_FAILED. The end of the socket is the end of everything.
 *
 * Up, over the job's own SOCK_SEQPACKET socket: WireReport. */
#pragma once

#include <stdint.h>

typedef uint64_t WireNumber;

enum {
    /* Numbers: flags (WireBaseFlags), uid, gid, the Landlock ABI (0: without). List of steps: kind, target,
     * source, text. */
    WIRE_BASE = 1,
    /* What of a job is known before its program is.
     * fds: the cgroup.procs to join (v1: several).
     * Numbers: flags (WirePlaceFlags), then the limits in the order of WireLimit. Strings of bytes: the
     * seccomp filter of the program, the bits of the deadly calls. */
    WIRE_PLACE = 2,
    /* fds: stdin, stdout, stderr, report.
     * Numbers: flags (WireJobFlags). Strings: work (the work directory's path), tree (path of what it shows,
     * or
     * ""), cwd. Lists: build (may be empty), argv, env (strings); files (path, bytes, executable); without
     * namespaces the paths for Landlock (path, rights). String of bytes: the seccomp filter of the build. */
    WIRE_JOB = 3,
    WIRE_DROP = 4, /* nothing */
};

typedef struct {
    uint32_t kind, size;
} WireHeader;

#define WIRE_MOST_FDS 8
#define WIRE_MOST_BYTES (1u << 30)

/* The places of a base with namespaces that each job has for itself, and of the tree that a work directory
 * shows. */
#define WIRE_WORK "/snapshot"
#define WIRE_TREE "/tree"

typedef enum {
    BASE_DROP_GROUPS = 1, /* started by root: no group of its may stay */
    BASE_NAMESPACES = 2,  /* else there are none to be had, and the job is confined by Landlock alone */
    /* Of each job: */
    BASE_OWN_USER = 4,     /* a user namespace of its own: RLIMIT_NPROC counts in it */
    BASE_OWN_NETWORK = 8,  /* a network of its own; else the base's empty one */
    BASE_LOOPBACK = 16,    /* and in it the loopback interface up */
    BASE_WORK = 32,        /* a work directory */
    BASE_TREE = 64,        /* that shows the tree */
    BASE_NO_CONNECT = 128, /* Landlock: neither bind(2) nor connect(2) of TCP */
    BASE_ONCE = 256,       /* for one job: what takes the base takes the job, too, and ends with it */
} WireBaseFlags;

typedef enum {
    PLACE_WATCH = 1, /* no control group: look after memory and CPU time */
    PLACE_COUNT = 2, /* limit the processes by RLIMIT_NPROC, which counts in the job's own user namespace */
} WirePlaceFlags;

typedef enum {
    JOB_WORK = 1,      /* there is a work directory */
    JOB_WANT_WORK = 2, /* and the caller wants a descriptor of it: REPORT_WORK */
} WireJobFlags;

typedef enum {
    WIRE_CPU_MS,
    WIRE_MEMORY,
    WIRE_PROCESSES,
    WIRE_DISK,
    WIRE_INODES,
    WIRE_FILE_SIZE,
    WIRE_OPEN_FILES,
    WIRE_STACK,
    WIRE_LIMITS /* their number */
} WireLimit;

typedef enum {
    STEP_DIRECTORY, /* make `target` and its parents */
    STEP_LINK,      /* a symbolic link `target` -> `text` */
    STEP_FILE,      /* a file that holds `text` */
    STEP_BIND,      /* the host's `source`, with what is mounted below it, read-only */
    STEP_DEVICE,    /* the same for a device node: not read-only, not nodev */
    STEP_ROOT,      /* the host's directory `source` is the root, under what the other steps add */
    STEP_PROC,      /* where each job's proc goes */
    STEP_OVER,      /* for each job: bind `text`, a path of the root, to `target`, which is on its own disk */
} WireStep;

typedef enum { PATH_READ, PATH_WRITE, PATH_DEVICE } WireRights;

typedef enum {
    REPORT_FAILED = 1, /* the sandbox or the program's start failed: step, error */
    REPORT_READY,      /* the base is, or the place */
    REPORT_WORK,       /* brings a descriptor of the work directory */
    REPORT_BUILT,      /* what comes before the program has ended well */
    REPORT_ENDED
} WireReportKind;

/* Which limit the program has reached. */
typedef enum {
    REACHED_CPU = 1,
    REACHED_MEMORY = 2,
    REACHED_PROCESSES = 4,
    REACHED_DISK = 8,
    REACHED_END = 16, /* and so the job was ended */
    SENT_SIZE = 32,   /* none: a process has sent the signal of the limit on files itself */
} WireReached;

#define WIRE_REFUSED 8

typedef struct {
    uint32_t kind;
    int32_t error;
    char step[120];
    int32_t wait_status;           /* of the program, as from waitpid(2) */
    int32_t denied;                /* the system call that has ended it, or -1 */
    uint32_t reached;              /* WireReached */
    uint32_t refusals;             /* how many calls were refused */
    int32_t refused[WIRE_REFUSED]; /* the first of them that differ, -1 behind the last */
    /* Of all processes, as by getrusage(2). */
    uint64_t user_us, system_us, largest_rss, minor_faults, major_faults;
    uint64_t voluntary_switches, involuntary_switches;
    uint64_t processes_peak; /* as seen in samples */
    uint64_t memory_peak;
    uint64_t disk_bytes;
} WireReport;
