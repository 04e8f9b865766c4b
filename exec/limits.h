/* limits.h: what a child process may use, as numbers: the words of the policy's `limits`.
 *
 * Plain data with defaults. Who enforces what stands in sandbox.h. 0 is never "unlimited": every field has a
 * value. */
#pragma once

#include <glib.h>

typedef struct {
    guint64 wall_ms;    /* wall-clock time, from the start of the program */
    guint64 cpu_ms;     /* user and system time; enforced in whole seconds, rounded up */
    guint64 memory;     /* bytes of private writable memory of one process */
    guint64 processes;  /* processes and threads at one time */
    guint64 output;     /* bytes of stdout, and of stderr, that are kept; more ends the job */
    guint64 disk;       /* bytes in the private /tmp */
    guint64 file_size;  /* bytes of one file */
    guint64 open_files; /* descriptors of one process */
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
