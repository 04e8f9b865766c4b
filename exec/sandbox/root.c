#include "exec/sandbox/root.h"

#include <string.h>
#include <sys/stat.h>

static void step_free(RootStep *step) {
    g_free(step->target);
    g_free(step->source);
    g_free(step->text);
    g_free(step);
}

static void add(GPtrArray *steps, RootKind kind, const char *target, const char *source, const char *text) {
    RootStep *step = g_new0(RootStep, 1);

    step->kind = kind;
    step->target = g_strdup(target);
    step->source = g_strdup(source);
    step->text = g_strdup(text);
    step->fd = -1;
    g_ptr_array_add(steps, step);
}

static void add_bind_if_there(GPtrArray *steps, const char *path) {
    struct stat st;

    if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode))
        add(steps, ROOT_BIND, path, path, NULL);
}

/* /bin and its like are links into /usr where /usr is merged, and folders of their own elsewhere. */
static void add_system_folder(GPtrArray *steps, const char *path) {
    g_autofree char *link = g_file_read_link(path, NULL);

    if (link != NULL)
        add(steps, ROOT_LINK, path, NULL, link);
    else
        add_bind_if_there(steps, path);
}

static void add_system(GPtrArray *steps) {
    static const char *const folders[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
    static const char *const files[] = {"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
                                        "/etc/alternatives"};

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        add_system_folder(steps, folders[i]);
    add(steps, ROOT_DIRECTORY, "/etc", NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        add_bind_if_there(steps, files[i]);
    add(steps, ROOT_FILE, "/etc/passwd", NULL, "user:x:1000:1000::/tmp:/bin/sh\n");
    add(steps, ROOT_FILE, "/etc/group", NULL, "user:x:1000:\n");
    add(steps, ROOT_FILE, "/etc/hosts", NULL, "127.0.0.1 localhost\n::1 localhost\n");
    add(steps, ROOT_FILE, "/etc/nsswitch.conf", NULL, "passwd: files\ngroup: files\nhosts: files\n");
}

static void add_devices(GPtrArray *steps) {
    static const char *const nodes[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++)
        add(steps, ROOT_DEVICE, nodes[i], nodes[i], NULL);
    add(steps, ROOT_LINK, "/dev/fd", NULL, "/proc/self/fd");
    add(steps, ROOT_LINK, "/dev/stdin", NULL, "/proc/self/fd/0");
    add(steps, ROOT_LINK, "/dev/stdout", NULL, "/proc/self/fd/1");
    add(steps, ROOT_LINK, "/dev/stderr", NULL, "/proc/self/fd/2");
}

GPtrArray *root_steps(const Command *command) {
    GPtrArray *steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
    /* An inode for each 4 KiB, as a disk would have it, and some for the empty files of small disks. */
    g_autofree char *private_tmp =
        g_strdup_printf("mode=1777,size=%" G_GUINT64_FORMAT ",nr_inodes=%" G_GUINT64_FORMAT,
                        command->limits.disk, command->limits.disk / 4096 + 128);

    add_system(steps);
    add_devices(steps);
    add(steps, ROOT_TMPFS, "/tmp", NULL, private_tmp);
    add(steps, ROOT_TMPFS, "/dev/shm", NULL, "mode=1777,size=64M,nr_inodes=4096");
    add(steps, ROOT_PROC, "/proc", NULL, NULL);
    for (guint i = 0; i < command->mounts->len; i++) {
        const Mount *mount = command->mounts->pdata[i];

        add(steps, ROOT_BIND, mount->target, mount->source, NULL);
    }
    if (command->work.wanted && command->work.tree != NULL)
        add(steps, ROOT_BIND, COMMAND_WORK, command->work.tree, NULL);
    else if (command->work.wanted)
        add(steps, ROOT_TMPFS, COMMAND_WORK, NULL, private_tmp);
    return steps;
}
