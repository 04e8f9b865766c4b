#include "exec/sandbox/root.h"

#include <string.h>
#include <sys/stat.h>

static void step_free(RootStep *step) {
    g_free(step->target);
    g_free(step->source);
    g_free(step->text);
    g_free(step);
}

static void add(GPtrArray *steps, WireStep kind, const char *target, const char *source, const char *text) {
    RootStep *step = g_new0(RootStep, 1);

    step->kind = kind;
    step->target = g_strdup(target);
    step->source = g_strdup(source);
    step->text = g_strdup(text);
    g_ptr_array_add(steps, step);
}

static void add_bind_if_there(GPtrArray *steps, const char *path) {
    struct stat st;

    if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode))
        add(steps, STEP_BIND, path, path, NULL);
}

/* /bin and its like are links into /usr where /usr is merged, and folders of their own elsewhere. */
static void add_system_folder(GPtrArray *steps, const char *path) {
    g_autofree char *link = g_file_read_link(path, NULL);

    if (link != NULL)
        add(steps, STEP_LINK, path, NULL, link);
    else
        add_bind_if_there(steps, path);
}

static void add_system(GPtrArray *steps) {
    static const char *const folders[] = {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"};
    static const char *const files[] = {"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
                                        "/etc/alternatives", "/etc/ssl/openssl.cnf"};

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        add_system_folder(steps, folders[i]);
    add(steps, STEP_DIRECTORY, "/etc", NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        add_bind_if_there(steps, files[i]);
    add(steps, STEP_FILE, "/etc/passwd", NULL, "user:x:1000:1000::/tmp:/bin/sh\n");
    add(steps, STEP_FILE, "/etc/group", NULL, "user:x:1000:\n");
    add(steps, STEP_FILE, "/etc/hosts", NULL, "127.0.0.1 localhost\n::1 localhost\n");
    add(steps, STEP_FILE, "/etc/nsswitch.conf", NULL, "passwd: files\ngroup: files\nhosts: files\n");
}

static void add_devices(GPtrArray *steps) {
    static const char *const nodes[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++)
        add(steps, STEP_DEVICE, nodes[i], nodes[i], NULL);
    add(steps, STEP_LINK, "/dev/fd", NULL, "/proc/self/fd");
    add(steps, STEP_LINK, "/dev/stdin", NULL, "/proc/self/fd/0");
    add(steps, STEP_LINK, "/dev/stdout", NULL, "/proc/self/fd/1");
    add(steps, STEP_LINK, "/dev/stderr", NULL, "/proc/self/fd/2");
}

/* Where each command's own parts go: see init/place.c. */
static const char *const places[] = {"/tmp", "/dev/shm", COMMAND_WORK, "/.disk", "/.none"};

static void add_places(GPtrArray *steps) {
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        add(steps, STEP_DIRECTORY, places[i], NULL, NULL);
    add(steps, STEP_PROC, "/proc", "/proc", NULL);
}

static bool is_in_place(const Command *command, const char *path) {
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        gsize len = strlen(places[i]);

        if (strcmp(places[i], COMMAND_WORK) == 0 && !command->work.wanted)
            continue;
        if (strncmp(path, places[i], len) == 0 && (path[len] == '/' || path[len] == '\0'))
            return true;
    }
    return false;
}

/* What would be hidden by a command's own disk is kept aside, for each command to be put back on top. */
static void add_mount(GPtrArray *steps, const Command *command, guint number) {
    const Mount *mount = command->mounts->pdata[number];
    g_autofree char *aside = g_strdup_printf("/.over/%u", number);

    if (!is_in_place(command, mount->target)) {
        add(steps, STEP_BIND, mount->target, mount->source, NULL);
        return;
    }
    add(steps, STEP_BIND, aside, mount->source, NULL);
    add(steps, STEP_OVER, mount->target, NULL, aside);
}

GPtrArray *root_steps(const Command *command) {
    GPtrArray *steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);

    if (command->root != NULL)
        add(steps, STEP_ROOT, "/", command->root, NULL);
    else
        add_system(steps);
    add_devices(steps);
    add_places(steps);
    for (guint i = 0; i < command->mounts->len; i++)
        add_mount(steps, command, i);
    if (command->work.wanted && command->work.tree != NULL)
        add(steps, STEP_BIND, WIRE_TREE, command->work.tree, NULL);
    return steps;
}
