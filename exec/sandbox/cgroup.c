#include "exec/sandbox/cgroup.h"

#include "exec/sandbox/cgroup_descend.h"
#include "exec/sandbox/cgroup_find.h"
#include "exec/sandbox/cgroup_remove.h"
#include "exec/sandbox/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "sallyport-"
#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* How long a group that still holds a process is tried to be removed. */
#define REMOVE_US (1 * G_USEC_PER_SEC)
#define REMOVE_STEP_US (2 * G_USEC_PER_SEC / 1000)

/* More than the limit, for the sandbox's init, which is in the group as well. */
#define INIT_PROCESSES 1
#define INIT_MEMORY (1U << 20)

enum {
    READ_MEMORY_PEAK,
    READ_MEMORY_KILLS,
    READ_MEMORY_NOW,
    READ_PIDS_PEAK,
    READ_PIDS_EVENTS,
    READ_CPU,
    READ_CPU_USER,
    READ_CPU_SYSTEM,
    READINGS /* their number */
};

typedef struct {
    char *path; /* of this process's folder */
    int parent_fd, fd;
    bool memory, pids, cpu; /* which of them it has */
} Hierarchy;

struct CgroupRoot {
    int version;
    guint count;
    Hierarchy hierarchies[CGROUP_HIERARCHIES];
    char *folders[CGROUP_HIERARCHIES + 1];
    guint64 next;
    bool swept;
    GQueue *left; /* of names (char *) that are to be removed */
};

struct Cgroup {
    CgroupRoot *root;
    char *name;
    int fds[CGROUP_HIERARCHIES];   /* of its folders; -1 */
    int procs[CGROUP_HIERARCHIES]; /* of their cgroup.procs; -1 */
    int readings[READINGS];        /* of the files that are read; -1 */
};

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool write_at(int folder, const char *name, const char *text) {
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC), saved;
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    saved = errno;
    close_fd(&fd);
    errno = saved;
    return written;
}

static bool write_number(int folder, const char *name, guint64 number) {
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);

    return write_at(folder, name, text);
}

static bool read_at(int folder, const char *name, char *buffer, gsize size) {
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, buffer, size - 1) : -1;

    close_fd(&fd);
    buffer[MAX(n, 0)] = '\0';
    return n > 0;
}

/* The number behind a word at the beginning of a line: "oom_kill 3". */
static guint64 number_behind(const char *text, const char *word) {
    gsize len = strlen(word);

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, len) == 0 && line[len] == ' ')
            return g_ascii_strtoull(line + len + 1, NULL, 10);
    }
    return 0;
}

/* A folder is its process's as long as that holds the lock on it. */
static void sweep(int parent) {
    int fd = fcntl(parent, F_DUPFD_CLOEXEC, 0);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        int stale = g_str_has_prefix(entry->d_name, PREFIX) ? openat(parent, entry->d_name, FOLDER) : -1;

        if (stale >= 0 && flock(stale, LOCK_EX | LOCK_NB) == 0)
            (void)cgroup_remove(parent, entry->d_name);
        close_fd(&stale);
    }
    if (folder != NULL)
        closedir(folder);
}

/* This process's folder in `parent`. Whoever sweeps in between takes it for stale: then it is made again. */
static bool make_folder(Hierarchy *hierarchy, const char *parent) {
    hierarchy->parent_fd = open(parent, FOLDER);
    if (hierarchy->parent_fd < 0)
        return false;
    for (int attempt = 0; attempt < 5; attempt++) {
        g_autofree char *name = g_strdup_printf(PREFIX "%d-%08x", (int)getpid(), g_random_int());
        struct stat st, now;

        if (mkdirat(hierarchy->parent_fd, name, 0755) != 0)
            return false;
        hierarchy->fd = openat(hierarchy->parent_fd, name, FOLDER);
        if (hierarchy->fd >= 0 && flock(hierarchy->fd, LOCK_EX | LOCK_NB) == 0 &&
            fstat(hierarchy->fd, &st) == 0 && fstatat(hierarchy->parent_fd, name, &now, 0) == 0 &&
            st.st_ino == now.st_ino) {
            hierarchy->path = g_build_filename(parent, name, NULL);
            return true;
        }
        close_fd(&hierarchy->fd);
    }
    errno = EBUSY;
    return false;
}

static bool add(CgroupRoot *root, const char *parent, Hierarchy kind) {
    Hierarchy *hierarchy = &root->hierarchies[root->count];

    *hierarchy = kind;
    hierarchy->parent_fd = hierarchy->fd = -1;
    root->count++;
    if (!make_folder(hierarchy, parent))
        return false;
    root->folders[root->count - 1] = hierarchy->path;
    return true;
}

static void clear(CgroupRoot *root) {
    for (guint i = 0; i < root->count; i++) {
        Hierarchy *hierarchy = &root->hierarchies[i];
        g_autofree char *name = hierarchy->path != NULL ? g_path_get_basename(hierarchy->path) : NULL;

        if (name != NULL)
            (void)cgroup_remove(hierarchy->parent_fd, name);
        close_fd(&hierarchy->fd);
        close_fd(&hierarchy->parent_fd);
        g_clear_pointer(&hierarchy->path, g_free);
        root->folders[i] = NULL;
    }
    root->count = 0;
}

/* Has a group hand on memory and pids to the ones in it, and makes the folder there. */
static bool divide(CgroupRoot *root, int group, const char *path) {
    static const char wanted[] = "+memory +pids";
    bool divided = write_at(group, "cgroup.subtree_control", wanted);

    if ((!divided && errno != EBUSY) ||
        !add(root, path, (Hierarchy){.memory = true, .pids = true, .cpu = true}))
        return false;
    if (!divided && (!cgroup_descend(group, root->hierarchies[0].fd) ||
                     !write_at(group, "cgroup.subtree_control", wanted))) {
        errno = EBUSY;
        return false;
    }
    return write_at(root->hierarchies[0].fd, "cgroup.subtree_control", wanted);
}

static bool has_controllers(int group) {
    char text[256];
    g_auto(GStrv) names = NULL;

    if (!read_at(group, "cgroup.controllers", text, sizeof text))
        return false;
    names = g_strsplit(g_strchomp(text), " ", -1);
    return g_strv_contains((const char *const *)names, "memory") &&
           g_strv_contains((const char *const *)names, "pids");
}

/* Version 2: this process's own group, else the nearest above it that can be divided, and from which memory
 * and pids can be handed on. A process can only be moved by who may write to cgroup.procs of a group above
 * both. `ret_obstacle`: the group that was the likeliest; NULL where there is none. */
static bool open_unified(CgroupRoot *root, const char *groups, const char *mounts, char **ret_obstacle) {
    g_autofree char *top = NULL, *own = cgroup_find(groups, mounts, NULL, &top);
    int error = ENOENT;

    for (char *at = g_strdup(own), *above; at != NULL; at = above) {
        int fd = open(at, FOLDER);
        bool fits = fd >= 0 && has_controllers(fd);
        bool divided = fits && faccessat(fd, "cgroup.procs", W_OK, 0) == 0 && divide(root, fd, at);

        if (fits && !divided && *ret_obstacle == NULL) {
            error = errno;
            *ret_obstacle = g_strdup(at);
        }
        close_fd(&fd);
        above = !divided && strlen(at) > strlen(top) ? g_path_get_dirname(at) : NULL;
        g_free(at);
        if (divided)
            return true;
        clear(root);
    }
    errno = error;
    return false;
}

/* Version 1: a hierarchy for each. */
static bool open_legacy(CgroupRoot *root, const char *groups, const char *mounts) {
    static const struct {
        const char *controller;
        Hierarchy kind;
    } wanted[] = {
        {"memory", {.memory = true}},
        {"pids", {.pids = true}},
        {"cpuacct", {.cpu = true}},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autofree char *own = cgroup_find(groups, mounts, wanted[i].controller, NULL);

        if (own == NULL && wanted[i].kind.cpu)
            continue; /* then time is watched by rlimits and by what the init sums up */
        errno = ENOENT;
        if (own == NULL || !add(root, own, wanted[i].kind))
            return false;
    }
    return true;
}

CgroupRoot *cgroup_open(GError **error) {
    g_autoptr(CgroupRoot) root = g_new0(CgroupRoot, 1);
    g_autofree char *groups = NULL, *mounts = NULL, *obstacle = NULL, *legacy = NULL, *step = NULL;
    int saved;

    root->left = g_queue_new();
    if (!g_file_get_contents("/proc/self/cgroup", &groups, NULL, error) ||
        !g_file_get_contents("/proc/self/mountinfo", &mounts, NULL, error))
        return NULL;
    root->version = 2;
    if (open_unified(root, groups, mounts, &obstacle))
        return g_steal_pointer(&root);
    saved = errno;
    legacy = cgroup_find(groups, mounts, "memory", NULL);
    if (obstacle == NULL && legacy != NULL) {
        root->version = 1;
        if (open_legacy(root, groups, mounts))
            return g_steal_pointer(&root);
        saved = errno;
        obstacle = g_steal_pointer(&legacy);
    }
    step = obstacle != NULL
               ? g_strdup_printf("make a control group of version %d in %s", root->version, obstacle)
               : g_strdup("find a control group with memory and pids");
    errno = saved;
    (void)sandbox_set_error(error, step);
    return NULL;
}

static bool remove_name(const CgroupRoot *root, const char *name) {
    bool removed = true;

    for (guint i = 0; i < root->count; i++)
        if (unlinkat(root->hierarchies[i].fd, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
            removed = false;
    return removed;
}

static void remove_left(CgroupRoot *root) {
    for (guint i = g_queue_get_length(root->left); i > 0; i--) {
        char *name = g_queue_pop_head(root->left);

        if (remove_name(root, name))
            g_free(name);
        else
            g_queue_push_tail(root->left, name);
    }
}

static void sweep_once(CgroupRoot *root) {
    for (guint i = 0; i < root->count && !root->swept; i++)
        sweep(root->hierarchies[i].parent_fd);
    root->swept = true;
}

void cgroup_root_free(CgroupRoot *root) {
    gint64 deadline = g_get_monotonic_time() + REMOVE_US;

    if (root == NULL)
        return;
    sweep_once(root);
    for (remove_left(root); !g_queue_is_empty(root->left) && g_get_monotonic_time() < deadline;
         remove_left(root))
        g_usleep(REMOVE_STEP_US);
    g_queue_free_full(root->left, g_free);
    clear(root);
    g_free(root);
}

int cgroup_version(const CgroupRoot *root) {
    return root->version;
}

const char *const *cgroup_folders(const CgroupRoot *root) {
    return (const char *const *)root->folders;
}

/* Files in /tmp and the work directory are memory, and have a limit of their own. What is over the limit of
 * memory alone cgroup_usage() tells. */
static bool set_memory(const CgroupRoot *root, int fd, const Limits *limits) {
    guint64 most = limits->memory + limits->disk + INIT_MEMORY;

    if (root->version == 2) {
        (void)write_number(fd, "memory.swap.max", 0); /* not there without swap */
        return write_number(fd, "memory.max", most);
    }
    if (!write_number(fd, "memory.limit_in_bytes", most))
        return false;
    (void)write_number(fd, "memory.memsw.limit_in_bytes", most);
    return true;
}

static bool make_one(Cgroup *group, guint index) {
    const Hierarchy *hierarchy = &group->root->hierarchies[index];
    int fd;

    if (mkdirat(hierarchy->fd, group->name, 0755) != 0)
        return false;
    fd = group->fds[index] = openat(hierarchy->fd, group->name, FOLDER);
    /* A thread that moves itself alone does not make the kernel wait for a grace period, which is some 10 ms
     * on an idle machine: cgroup_procs_write_start() in kernel/cgroup/cgroup.c. Version 2 has no such file.
     */
    group->procs[index] =
        fd >= 0 ? openat(fd, group->root->version == 1 ? "tasks" : "cgroup.procs", O_WRONLY | O_CLOEXEC) : -1;
    return group->procs[index] >= 0;
}

/* What is read of a group, by version. */
static const char *const readings[2][READINGS] = {
    {
        [READ_MEMORY_PEAK] = "memory.max_usage_in_bytes",
        [READ_MEMORY_KILLS] = "memory.oom_control",
        [READ_MEMORY_NOW] = "memory.stat",
        [READ_PIDS_PEAK] = "pids.peak", /* Linux 6.1 */
        [READ_PIDS_EVENTS] = "pids.events",
        [READ_CPU] = "cpuacct.usage",
        [READ_CPU_USER] = "cpuacct.usage_user",
        [READ_CPU_SYSTEM] = "cpuacct.usage_sys",
    },
    {
        [READ_MEMORY_PEAK] = "memory.peak", /* Linux 5.19 */
        [READ_MEMORY_KILLS] = "memory.events",
        [READ_MEMORY_NOW] = "memory.stat",
        [READ_PIDS_PEAK] = "pids.peak",
        [READ_PIDS_EVENTS] = "pids.events",
        [READ_CPU] = "cpu.stat",
    },
};

static bool has_reading(const Hierarchy *hierarchy, int reading) {
    return reading >= READ_CPU         ? hierarchy->cpu
           : reading >= READ_PIDS_PEAK ? hierarchy->pids
                                       : hierarchy->memory;
}

/* The files that tell of the group stay open: that is most of what a reading takes. */
static void open_readings(Cgroup *group) {
    const CgroupRoot *root = group->root;

    for (int reading = 0; reading < READINGS; reading++)
        for (guint i = 0; i < root->count && readings[root->version - 1][reading] != NULL; i++)
            if (has_reading(&root->hierarchies[i], reading))
                group->readings[reading] =
                    openat(group->fds[i], readings[root->version - 1][reading], O_RDONLY | O_CLOEXEC);
}

/* One without limits; NULL with errno. */
static Cgroup *make_group(CgroupRoot *root) {
    g_autoptr(Cgroup) group = g_new0(Cgroup, 1);

    group->root = root;
    group->name = g_strdup_printf("%" G_GUINT64_FORMAT, root->next++);
    for (guint i = 0; i < CGROUP_HIERARCHIES; i++)
        group->fds[i] = group->procs[i] = -1;
    for (int reading = 0; reading < READINGS; reading++)
        group->readings[reading] = -1;
    for (guint i = 0; i < root->count; i++)
        if (!make_one(group, i))
            return NULL;
    return g_steal_pointer(&group);
}

static bool set_limits(const Cgroup *group, const Limits *limits) {
    for (guint i = 0; i < group->root->count; i++) {
        const Hierarchy *hierarchy = &group->root->hierarchies[i];

        if ((hierarchy->memory && !set_memory(group->root, group->fds[i], limits)) ||
            (hierarchy->pids && !write_number(group->fds[i], "pids.max", limits->processes + INIT_PROCESSES)))
            return false;
    }
    return true;
}

Cgroup *cgroup_new(CgroupRoot *root, const Limits *limits, GError **error) {
    g_autoptr(Cgroup) group = make_group(root);

    if (group == NULL || !set_limits(group, limits)) {
        (void)sandbox_set_error(error, "make a control group");
        return NULL;
    }
    open_readings(group);
    return g_steal_pointer(&group);
}

guint cgroup_join_fds(const Cgroup *group, int ret_fds[CGROUP_HIERARCHIES]) {
    for (guint i = 0; i < group->root->count; i++)
        ret_fds[i] = group->procs[i];
    return group->root->count;
}

static const char *read_text(const Cgroup *group, int reading, char *buffer, gsize size) {
    ssize_t n = group->readings[reading] >= 0 ? pread(group->readings[reading], buffer, size - 1, 0) : -1;

    buffer[MAX(n, 0)] = '\0';
    return buffer;
}

static guint64 read_value(const Cgroup *group, int reading) {
    char text[64];

    return g_ascii_strtoull(read_text(group, reading, text, sizeof text), NULL, 10);
}

static guint64 read_behind(const Cgroup *group, int reading, const char *word) {
    char text[8192] = {0};

    return number_behind(read_text(group, reading, text, sizeof text), word);
}

static void read_cpu(const Cgroup *group, CgroupUsage *usage) {
    char text[1024];

    if (group->root->version == 1) {
        usage->cpu_us = read_value(group, READ_CPU) / 1000;
        usage->user_us = read_value(group, READ_CPU_USER) / 1000;
        usage->system_us = read_value(group, READ_CPU_SYSTEM) / 1000;
        return;
    }
    (void)read_text(group, READ_CPU, text, sizeof text);
    usage->cpu_us = number_behind(text, "usage_usec");
    usage->user_us = number_behind(text, "user_usec");
    usage->system_us = number_behind(text, "system_usec");
}

void cgroup_usage(Cgroup *group, CgroupUsage *ret_usage) {
    guint64 peak = read_value(group, READ_PIDS_PEAK);

    *ret_usage = (CgroupUsage){
        .memory_peak = read_value(group, READ_MEMORY_PEAK),
        .memory_kills = read_behind(group, READ_MEMORY_KILLS, "oom_kill"),
        .processes_peak = peak - MIN(peak, INIT_PROCESSES),
        .fork_refusals = read_behind(group, READ_PIDS_EVENTS, "max"),
    };
    read_cpu(group, ret_usage);
}

guint64 cgroup_memory_now(Cgroup *group) {
    return read_behind(group, READ_MEMORY_NOW, group->root->version == 2 ? "anon" : "rss");
}

void cgroup_rest(CgroupRoot *root) {
    remove_left(root);
    sweep_once(root);
}

void cgroup_free(Cgroup *group) {
    if (group == NULL)
        return;
    for (guint i = 0; i < CGROUP_HIERARCHIES; i++) {
        close_fd(&group->procs[i]);
        close_fd(&group->fds[i]);
    }
    for (int reading = 0; reading < READINGS; reading++)
        close_fd(&group->readings[reading]);
    g_queue_push_tail(group->root->left, group->name);
    g_free(group);
}
