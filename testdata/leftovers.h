/* leftovers.h: what a process of sallyport's may have left behind: folders, control groups.
 *
 * For *_test.c only. Everything is static, since a test is a program of its own. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* The entries of a folder whose names begin so; 0 where there is no folder. */
static inline guint count_entries(const char *path, const char *prefix) {
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    guint count = 0;

    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
        count += g_str_has_prefix(name, prefix);
    return count;
}

/* The folders in it, of any depth up to that, whose names begin so. */
static inline guint count_groups(const char *path, const char *prefix, guint depth) {
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    guint count = 0;

    while (folder != NULL && depth > 0 && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);

        if (!g_file_test(inner, G_FILE_TEST_IS_DIR) || g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            continue;
        count += g_str_has_prefix(name, prefix);
        count += count_groups(inner, prefix, depth - 1);
    }
    return count;
}

/* The control groups of a process: their names begin with its pid. */
static inline guint groups_of(pid_t pid) {
    g_autofree char *prefix = g_strdup_printf("sallyport-%d-", (int)pid);

    return count_groups("/sys/fs/cgroup", prefix, 6);
}
