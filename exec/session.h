/* session.h: work directories that stay between runs. Files only: no process outlives its run.
 *
 * They stand below $XDG_STATE_HOME/sallyport/sessions (~/.local/state/...), a folder each with the content in
 * "tree", and a lock beside it. Order: session_open(), which waits for whoever has it; run a command on
 * session_tree(), which has the work directory copied into session_next() at its end; session_keep() makes
 * that the session's content; session_close(). */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Session Session;

/* Whether it can be a session's name: letters, digits, '.', '_' and '-'. */
bool session_check_name(const char *name, GError **error);
/* Opens the session, or makes one. Waits for its turn; NULL with
 * `error` set, also where `cancel_fd` (-1: never) has become readable meanwhile. */
Session *session_open(const char *name, int cancel_fd, GError **error);
/* Absolute path of what there is of it. */
const char *session_tree(const Session *session);
/* An empty folder for what there will be; the session's. -1 with `error` set. */
int session_next(Session *session, GError **error);
bool session_keep(Session *session, GError **error);
void session_close(Session *session);

typedef struct {
    char *name;
    guint64 bytes, files;
    gint64 age_s; /* since its last run */
} SessionInfo;

/* Of SessionInfo, by name. Those that are too old (CAP_SESSION_AGE_S) are removed, here and by
 * session_open(). */
GPtrArray *session_list(void);
/* false with `error` set where there is none, or a run has it. */
bool session_remove(const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_close)
