/* janitor.h: nothing stays behind, however this process ends: a small process beside it removes what is still
 * there when it is gone, and has not said that all is well.
 *
 * Order: janitor_start(), then the folder is made, janitor_free() when it has been removed. The janitor is
 * sallyport-init; a signal for the terminal's foreground does not reach it. */
#pragma once

#include <glib.h>

typedef struct Janitor Janitor;

/* A path for a folder below TMPDIR, absolute and without links, which nobody has nor can foresee: its janitor
 * is there before the folder is. Newly allocated. */
char *janitor_new_path(void);

/* `image`: of image_open(). `folders`: directory trees; `groups`: of control groups, whose processes are
 * ended first. Absolute paths, NULL-terminated lists, either may be NULL. Only what is called sallyport-...
 * is ever removed. NULL with `error` set (SANDBOX_ERROR). */
Janitor *janitor_start(int image, const char *const *folders, const char *const *groups, GError **error);
/* All is well: it ends without doing anything. It is not waited for, as it is no child of this process. */
void janitor_free(Janitor *janitor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Janitor, janitor_free)
