/* calls.h: what functions of C's library do to what they are given, as far as flow.h follows it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define CALL_ALL_FROM(n) (G_MAXUINT16 & ~((1u << (n)) - 1))

/* Arguments are bits, 1 << number. */
typedef struct {
    const char *name;
    bool gives_outside;  /* what comes back is from outside */
    guint16 outside;     /* so is what stands in these afterwards */
    guint16 to, from;    /* what stands in `to` afterwards is of `from` */
    guint16 gives;       /* what comes back is of these */
    bool is_fixed;       /* what comes back is the program's own: a message, say */
    gint8 size, size_by; /* an allocation: of the product of these, counted from 1; 0: none */
} Call;

/* NULL: nothing is known of it. */
const Call *call_find(const char *name);
/* Those that only look at what they are given. */
bool call_only_reads(const char *name);
