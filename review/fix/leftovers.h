/* leftovers.h: the account of the temporary files in the work tree, so that none stays behind: a run that was
 * killed has its removed by the next one.
 *
 * Order: leftovers_sweep() at the start of a run; leftovers_open() before the first temporary file;
 * leftovers_note() before each is made; leftovers_close() when all are gone. The account is a file in git's
 * folder, on which a lock (flock(2)) is held as long as its run lives. */
#pragma once

#include "review/change/change.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Leftovers Leftovers;

/* Removes what runs have left that are no more. */
void leftovers_sweep(const Change *change);

/* NULL with `error` set. */
Leftovers *leftovers_open(const Change *change, GError **error);
/* A name for a temporary file beside `path`, relative to the root, that is in the account from here on. Newly
 * allocated; NULL with `error` set. */
char *leftovers_note(Leftovers *leftovers, const char *path, GError **error);
/* Removes the account. */
void leftovers_close(Leftovers *leftovers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Leftovers, leftovers_close)
