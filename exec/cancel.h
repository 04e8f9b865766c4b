/* cancel.h: the wish to stop (SIGINT, SIGTERM, SIGHUP) as a file descriptor instead of a signal handler.
 *
 * cancel_open() is called once, by the program's main(), before anything is started. From then on these
 * signals do not interrupt anything: whoever waits (supervisor.h) polls the descriptor too, ends its
 * children, and returns, so that what was made is removed in the ordinary way. */
#pragma once

#include <stdbool.h>

/* A signalfd(2), close-on-exec, or -1 where there is none (errno is set). The caller's. */
int cancel_open(void);
/* Whether a stop has been asked for, without waiting. The wish stays: it is never read away. */
bool cancel_wanted(int fd);
