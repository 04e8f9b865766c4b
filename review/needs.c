#include "review/needs.h"

#include "review/tree_path.h"

#include <string.h>
#include <sys/stat.h>

/* Links that lead to links. */
#define MOST_LINKS 8u

typedef struct {
    const LinterPolicy *policy;
    Snapshot *snapshot;
    Change *change;
    GError *error;
} Work;

bool needs_more(const LinterPolicy *policy) {
    return policy->custom != NULL && policy->custom->needs != NEEDS_CHANGED;
}

/* Its configuration is the trusted side's, or none. */
static bool is_config(const CustomLinter *custom, const char *path) {
    return g_strv_contains((const char *const *)custom->config, tree_path_name(path));
}

bool needs_wants(const LinterPolicy *policy, const char *path) {
    const CustomLinter *custom = policy->custom;

    return needs_more(policy) && !is_config(custom, path) &&
           (custom->needs == NEEDS_TREE || match_path(custom->needs_match, path));
}

/* Where the link leads, below the root; NULL where that is outside. */
static char *target_of(const char *path, const char *target) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_build_filename("/repository", folder, NULL);
    g_autofree char *full = g_canonicalize_filename(target, base);

    if (g_path_is_absolute(target) || !g_str_has_prefix(full, "/repository/"))
        return NULL;
    return g_strdup(full + strlen("/repository/"));
}

/* The file that a link leads to: its bytes, or NULL, without an error, where there is no such file. */
static GBytes *read_linked(Work *work, const char *path) {
    g_autofree char *at = g_strdup(path);

    for (guint i = 0; i < MOST_LINKS; i++) {
        g_autofree char *target = change_read_link(work->change, at, NULL), *next = NULL;
        guint32 mode = 0;

        next = target != NULL ? target_of(at, target) : NULL;
        if (next == NULL || !change_mode(work->change, next, &mode, NULL) || mode == 0)
            return NULL;
        if (S_ISREG(mode))
            return is_config(work->policy->custom, next) ? NULL : change_read(work->change, next, NULL);
        g_free(at);
        at = g_steal_pointer(&next);
    }
    return NULL;
}

static bool lay_out_link(Work *work, const char *path) {
    g_autoptr(GBytes) bytes = read_linked(work, path);

    return bytes == NULL || snapshot_add_review(work->snapshot, path, 0100644, bytes, &work->error);
}

static bool lay_out(const char *path, guint32 mode, gpointer data) {
    Work *work = data;

    if (!needs_wants(work->policy, path))
        return true;
    return S_ISLNK(mode) ? lay_out_link(work, path)
                         : snapshot_add_context(work->snapshot, work->change, path, &work->error);
}

bool needs_lay_out(const LinterPolicy *policy, Snapshot *snapshot, Change *change, GError **error) {
    Work work = {.policy = policy, .snapshot = snapshot, .change = change};

    if (change_each_file(change, lay_out, &work, &work.error))
        return true;
    g_propagate_error(error, work.error);
    return false;
}
