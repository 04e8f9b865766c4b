/* supervisor.h: any number of child processes in one poll(2) loop: pipes, pidfds, deadlines.
 *
 * Order: supervisor_new(), supervisor_start() for each command, supervisor_wait(), supervisor_take() each
 * result, supervisor_free() (which kills what still runs). A child runs from supervisor_start() on, so the
 * caller can do other work before it waits; at most `parallel` run at a time, the others wait their turn
 * inside of supervisor_wait(). No thread, no signal handler. */
#pragma once

#include "exec/command.h"
#include "exec/isolation.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Supervisor Supervisor;

/* `cancel_fd` becomes readable when everything is to end (see cancel.h); -1: never. Not owned. */
Supervisor *supervisor_new(guint parallel, int cancel_fd);
void supervisor_free(Supervisor *supervisor);

/* What this machine gives; found out by doing, at the first call or the first command. */
const Isolation *supervisor_isolation(Supervisor *supervisor);

/* Queues a command, and starts it if there is room. The command must live until its result is taken. Returns
 * its number: 0, 1, ... */
guint supervisor_start(Supervisor *supervisor, const Command *command);
/* Returns when all have ended; false where that was because of `cancel_fd` (the rest are then
 * STATUS_CANCELLED). */
bool supervisor_wait(Supervisor *supervisor);
/* There is time until the next command: makes ready what that will need, if it is like the last one, and
 * removes what ended ones have left. supervisor_wait() does so by itself while nothing else happens. */
void supervisor_rest(Supervisor *supervisor);
/* The result of one; the caller's. Each can be taken once, after supervisor_wait(). */
CommandResult *supervisor_take(Supervisor *supervisor, guint number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Supervisor, supervisor_free)
