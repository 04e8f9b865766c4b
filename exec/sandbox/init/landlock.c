/* What a program may read and write, by landlock(7): on top of the mounts, or, where there are no namespaces,
 * in their place. */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock's rights by the ABI that brought them, for kernel headers that are older than the kernel:
 * landlock(7), "Landlock features". */
#define FS_REFER (1ULL << 13)
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define NET_BIND_AND_CONNECT 3ULL
#define SCOPE_ABSTRACT_AND_SIGNAL 3ULL
#define FS_OF_FILES                                                                                          \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE)
#define FS_READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* struct landlock_ruleset_attr as of ABI 6. */
typedef struct {
    uint64_t fs, net, scoped;
} Ruleset;

static uint64_t all_rights(int abi) {
    uint64_t rights = (1ULL << 13) - 1;

    if (abi >= 2)
        rights |= FS_REFER;
    if (abi >= 3)
        rights |= FS_TRUNCATE;
    if (abi >= 5)
        rights |= FS_IOCTL_DEV;
    return rights;
}

static void allow_path(int ruleset, int abi, const Path *path, int report_fd) {
    struct landlock_path_beneath_attr rule = {.parent_fd = open(path->path, O_PATH | O_CLOEXEC)};
    uint64_t all = all_rights(abi);
    struct stat st;

    if (rule.parent_fd < 0 && errno == ENOENT)
        return;
    if (rule.parent_fd < 0 || fstat(rule.parent_fd, &st) != 0)
        fail(report_fd, "open", path->path);
    rule.allowed_access = path->rights == PATH_READ ? FS_READ : all;
    if (!S_ISDIR(st.st_mode))
        rule.allowed_access &= FS_OF_FILES | (all & (FS_TRUNCATE | FS_IOCTL_DEV));
    if (path->rights == PATH_DEVICE)
        rule.allowed_access &= ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        fail(report_fd, "Landlock rule for", path->path);
    close(rule.parent_fd);
}

int landlock_make(const Base *base, const Path *paths, size_t count, int report_fd) {
    int abi = base->landlock_abi, ruleset;
    Ruleset attr = {.fs = all_rights(abi)};
    size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? offsetof(Ruleset, scoped) : offsetof(Ruleset, net);

    if (abi == 0)
        return -1;
    if (abi >= 4 && (base->flags & BASE_NO_CONNECT) != 0)
        attr.net = NET_BIND_AND_CONNECT;
    if (abi >= 6)
        attr.scoped = SCOPE_ABSTRACT_AND_SIGNAL;
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
    if (ruleset < 0)
        fail(report_fd, "landlock_create_ruleset", NULL);
    for (size_t i = 0; i < count; i++)
        allow_path(ruleset, abi, &paths[i], report_fd);
    return ruleset;
}

/* Everything may be read, three places written. */
int landlock_make_for_place(const Base *base) {
    static const Path paths[] = {
        {"/", PATH_READ},           {WIRE_WORK, PATH_WRITE},    {"/tmp", PATH_WRITE},
        {"/dev/shm", PATH_WRITE},   {"/dev/null", PATH_DEVICE}, {"/dev/zero", PATH_DEVICE},
        {"/dev/full", PATH_DEVICE},
    };

    return landlock_make(base, paths, sizeof paths / sizeof *paths, NOBODY);
}
