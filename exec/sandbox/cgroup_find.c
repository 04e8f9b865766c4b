#include "exec/sandbox/cgroup_find.h"

#include <stdbool.h>
#include <string.h>

static bool has_word(const char *list, const char *word) {
    g_auto(GStrv) words = g_strsplit(list, ",", -1);

    return g_strv_contains((const char *const *)words, word);
}

/* "4:memory:/a/b"; of version 2 "0::/a/b". */
static char *path_of(const char *groups, const char *controller) {
    g_auto(GStrv) lines = g_strsplit(groups, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) parts = g_strsplit(*line, ":", 3);

        if (g_strv_length(parts) != 3)
            continue;
        if (controller == NULL ? strcmp(parts[0], "0") == 0 && *parts[1] == '\0'
                               : has_word(parts[1], controller))
            return g_strdup(parts[2]);
    }
    return NULL;
}

/* "35 31 0:32 ROOT MOUNTPOINT OPTIONS [TAG...] - TYPE SOURCE SUPEROPTIONS": proc_pid_mountinfo(5). */
static bool is_mount_of(char **words, const char *controller, const char **ret_root, const char **ret_point) {
    guint dash = 6, count = g_strv_length(words);

    while (dash < count && strcmp(words[dash], "-") != 0)
        dash++;
    if (dash + 3 >= count + (controller == NULL))
        return false;
    *ret_root = words[3];
    *ret_point = words[4];
    return controller == NULL
               ? strcmp(words[dash + 1], "cgroup2") == 0
               : strcmp(words[dash + 1], "cgroup") == 0 && has_word(words[dash + 3], controller);
}

/* The mount shows the hierarchy from `root` on, which is not its top in a container. A path that leads out of
 * there ("/../x" in a cgroup namespace) does not stand below the mount. */
static char *join(const char *root, const char *point, const char *path) {
    gsize len = strcmp(root, "/") == 0 ? 0 : strlen(root);

    if (strncmp(path, root, len) != 0 || (path[len] != '/' && path[len] != '\0') ||
        strstr(path, "/..") == path)
        return g_strdup(point);
    g_autofree char *joined = g_strconcat(point, path + len, NULL);

    return g_canonicalize_filename(joined, NULL);
}

char *cgroup_find(const char *groups, const char *mounts, const char *controller, char **ret_mount) {
    g_autofree char *path = path_of(groups, controller);
    g_auto(GStrv) lines = g_strsplit(mounts, "\n", -1);

    for (char **line = lines; path != NULL && *line != NULL; line++) {
        g_auto(GStrv) words = NULL;
        const char *root, *point;

        if (strstr(*line, " - cgroup") == NULL) /* most are something else */
            continue;
        words = g_strsplit(*line, " ", -1);
        if (g_strv_length(words) < 9 || !is_mount_of(words, controller, &root, &point))
            continue;
        g_autofree char *mount = g_strcompress(point), *top = g_strcompress(root); /* "\040" is a space */

        if (ret_mount != NULL)
            *ret_mount = g_strdup(mount);
        return join(top, mount, path);
    }
    return NULL;
}
