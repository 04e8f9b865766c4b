/* filter_table.h: which system calls a sandboxed program may make: the filter's table.
 *
 * Where it comes from: the default profile of moby (profiles/seccomp), from which was taken away what needs a
 * capability, and what no test of the interpreters misses; compared with minijail's and sandbox2's policies.
 */
#pragma once

#include "exec/sandbox/filter.h"

#include <glib.h>

/* What becomes of a call. Those with a condition look at its arguments: see filter.c. */
typedef enum {
    CALL_UNKNOWN, /* ENOSYS: programs fall back as on an older kernel */
    CALL_ALLOW,
    CALL_REFUSE, /* EPERM, noted: what an ordinary program may try */
    CALL_END,    /* ends the program: what no honest one calls here */
    CALL_CLONE,  /* allowed without a new namespace */
    CALL_IOCTL,
    CALL_SOCKET,
    CALL_PAIR, /* a socket that has its other end, and reaches no other */
    CALL_PERSONALITY,
    CALL_MKNOD,
    CALL_MKNODAT,
    CALL_TRUNCATE, /* told where the size is beyond the limit */
    CALL_FALLOCATE,
    CALL_SIGACTION, /* the signals of limits are not to be ignored */
    CALL_SIGNAL,    /* the signal of the limit on files is told, and sent */
    CALL_SIGNAL_THREAD,
    CALL_OWN,         /* of other processes: where they are the host's, allowed for pid 0 only */
    CALL_SETRLIMIT,   /* core dumps stay as they are */
    CALL_PRLIMIT,     /* the same by another name, */
    CALL_PRLIMIT_OWN, /* and for pid 0 only */
    CALL_RULES        /* their number */
} CallRule;

/* A bound for the numbers of system calls; what is beyond is unknown. */
#define FILTER_TABLE_END 512

typedef struct {
    guint8 of[FILTER_TABLE_END]; /* CallRule by number */
} CallTable;

/* The rules. */
CallTable filter_table(const FilterOptions *options);
