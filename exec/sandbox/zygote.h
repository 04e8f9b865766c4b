/* zygote.h: a running sallyport-init, and jobs that it is asked to start. One for all commands that see the
 * same of the host, or for a single command. It ends, with all its jobs, when it is freed, or this process
 * ends in whatever way.
 *
 * Order: zygote_start(), then zygote_wait() at any time before the first zygote_place(), so that there is
 * time for other work while it builds; for each job zygote_place(), some time before zygote_spawn(). */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Zygote Zygote;

/* Starts one; `payload` is message_base()'s, `image` from image_open(). NULL with `error` set
 * (SANDBOX_ERROR), whose message names the step. */
Zygote *zygote_start(int image, bool namespaces, const GByteArray *payload, GError **error);
void zygote_free(Zygote *zygote);
/* Waits until it is ready; false with `error` set where it never will be. */
bool zygote_wait(Zygote *zygote, GError **error);

/* Has the next job's place made, by message_place(); the descriptors are those of control groups. Does not
 * wait: zygote_take_place() does, before zygote_drop() or zygote_spawn(), and returns the pidfd of who is in
 * there, or -1 with `error` set. */
bool zygote_place(Zygote *zygote, const GByteArray *payload, const int *fds, guint count, GError **error);
int zygote_take_place(Zygote *zygote, GError **error);
/* It is not wanted after all. */
bool zygote_drop(Zygote *zygote, GError **error);
/* Starts a job in its place, by message_job(); the descriptors are stdin, stdout, stderr, the report's
 * socket, where the rest is told. */
bool zygote_spawn(Zygote *zygote, const GByteArray *payload, const int *fds, guint count, GError **error);

/* The program's uid and gid with namespaces. See user.h for the host's. */
#define ZYGOTE_INSIDE_ID 1000

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Zygote, zygote_free)
