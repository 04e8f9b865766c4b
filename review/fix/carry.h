/* carry.h: takes a fix from the text that was reviewed over to the work tree's text, which may have other
 * line ends (core.autocrlf, eol) and, with --staged, edits that are not staged. */
#pragma once

#include <glib.h>

typedef struct {
    GBytes *reviewed; /* as git stores it */
    GBytes *fixed;    /* the same with its fixes */
    GBytes *stored;   /* the work tree's file as git would store it */
    GBytes *file;     /* the work tree's file itself */
} Carry;

typedef enum { CARRY_ERROR_TOUCHES, CARRY_ERROR_LINES } CarryError;

#define CARRY_ERROR (carry_error_quark())
GQuark carry_error_quark(void);

/* The work tree's file with the fixes, its line ends kept. NULL with `error` set where a fix touches lines
 * that differ between `reviewed` and `stored`, or that stand beside such (CARRY_ERROR_TOUCHES), or where the
 * lines of `stored` and `file` are not the same ones (CARRY_ERROR_LINES). Then nothing of it is to be
 * written. */
GBytes *carry_fixes(const Carry *carry, GError **error);
