/* limits.h: what a child process may use, as numbers: the words of the policy's `limits`.
 *
 * Plain data with defaults. Who enforces what stands in sandbox.h. 0 is never "unlimited": every field has a
 * value. */
#pragma once

#include <glib.h>

typedef struct {
    guint64 wall_ms;    /* wall-clock time, from the start of the program */
    guint64 cpu_ms;     /* user and system time of all processes together */
    guint64 memory;     /* bytes of all processes together */
    guint64 processes;  /* processes and threads at one time */
    guint64 output;     /* bytes of stdout, and of stderr, that are kept */
    guint64 disk;       /* bytes in the work directory, /tmp and /dev/shm together */
    guint64 inodes;     /* files and directories in there */
    guint64 file_size;  /* bytes of one file */
    guint64 open_files; /* descriptors of one process */
    guint64 stack;      /* bytes of the main thread's stack */
} Limits;

/* The least and the most that a policy may ask for. */
typedef struct {
    const char *name; /* "wall", as in the policy */
    gsize offset;     /* of the field in Limits */
    enum { LIMIT_DURATION, LIMIT_SIZE, LIMIT_COUNT } kind;
    guint64 least, most, standard;
} LimitInfo;

extern const LimitInfo limit_infos[]; /* ends with a NULL name */

Limits limits_default(void);
