/* What the jobs of one base share: a user, a mount, a network, an ipc and a uts namespace, and a root that
 * nobody can write to. bubblewrap.c is the model for the order of the steps; the new mount interface
 * (open_tree(2) and its kin, Linux 5.2; mount_setattr(2), 5.12) makes it shorter. */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* mount_setattr(2), open_tree(2), move_mount(2): not every C library has these, nor goes with
 * <linux/mount.h>.
 */
typedef struct {
    uint64_t attr_set, attr_clr, propagation, userns_fd;
} MountAttr;

#define ATTR_RDONLY 0x1
#define ATTR_NOSUID 0x2
#define ATTR_NODEV 0x4
#define TREE_CLONE 0x1
#define TREE_RECURSIVE 0x8000 /* AT_RECURSIVE */
#define MOVE_FROM_FD 0x4
#define MOVE_TO_FD 0x40

/* What takes long in the kernel is done by a process at the side, which shares this one's memory and
 * descriptors, while this one goes on. */
static void start_side(Side *side, int (*work)(void *), char *stack_end) {
    *side = (Side){.fd = -1};
    side->pid = clone(work, stack_end, CLONE_VM | CLONE_FILES | SIGCHLD, side);
    side->error = side->pid < 0 ? errno : 0;
}

/* 0 or errno. SIGCHLD is ignored: waitpid(2) then returns when it is gone, and fails. */
static int wait_for_side(const Side *side) {
    while (side->pid > 0 && waitpid(side->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return side->error;
}

static int make_network(void *data) {
    Side *network = data;
    int folder = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (folder >= 0 && unshare(CLONE_NEWNET) == 0)
        network->fd = openat(folder, "net", O_RDONLY | O_CLOEXEC);
    network->error = network->fd < 0 ? errno : 0;
    if (folder >= 0)
        close(folder);
    _exit(0);
}

void base_start_network(Side *network) {
    static char stack[16384] __attribute__((aligned(16)));

    start_side(network, make_network, stack + sizeof stack);
}

static void enter_network(const Side *network, int report_fd) {
    errno = wait_for_side(network);
    if (network->fd < 0 || setns(network->fd, CLONE_NEWNET) != 0)
        fail(report_fd, "create namespaces: network", NULL);
    close(network->fd);
}

/* Takes the host's file system, on top of the root that this process is in, away. */
static int unmount_host(void *data) {
    Side *host = data;

    host->error = umount2(".", MNT_DETACH) == 0 ? 0 : errno;
    _exit(0);
}

static void start_unmount(Side *host) {
    static char stack[16384] __attribute__((aligned(16)));

    start_side(host, unmount_host, stack + sizeof stack);
}

void base_forget_host(const Base *base, int report_fd) {
    if ((base->flags & BASE_NAMESPACES) == 0)
        return;
    errno = wait_for_side(&base->host);
    if (errno != 0)
        fail(report_fd, "unmount the old root", NULL);
}

/* The user and the pid namespace are this process's since the clone. */
int base_unshare(void) {
    return unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) == 0 ? 0 : errno;
}

/* Opened while this process still is the host's user by file ownership: a tree below a home directory of mode
 * 0700 could not be reached afterwards. What is opened is a detached copy, mounted where it belongs by
 * attach(). */
static void open_sources(const Base *base, int report_fd) {
    for (size_t i = 0; i < base->count; i++) {
        Step *step = &base->steps[i];

        if (step->source[0] == '\0')
            continue;
        step->fd =
            (int)syscall(SYS_open_tree, AT_FDCWD, step->source, TREE_CLONE | O_CLOEXEC | TREE_RECURSIVE);
        if (step->fd < 0)
            fail(report_fd, "open", step->source);
    }
}

/* The ids inside. With no id 0 in the map the kernel keeps the capabilities over this change. */
static void become_user(const Base *base, int report_fd) {
    /* An ordinary user's child cannot give up that user's further groups: user_namespaces(7), setgroups. */
    if (setgroups(0, NULL) != 0 && (base->flags & BASE_DROP_GROUPS) != 0)
        fail(report_fd, "setgroups", NULL);
    if (setresgid(base->gid, base->gid, base->gid) != 0)
        fail(report_fd, "setresgid", NULL);
    if (setresuid(base->uid, base->uid, base->uid) != 0)
        fail(report_fd, "setresuid", NULL);
}

/* Opens below `at`, taking it for the root: a link of a root file system that is not ours leads nowhere else.
 */
static int open_in(int at, const char *path, uint64_t flags, uint64_t mode) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_IN_ROOT};

    return (int)syscall(SYS_openat2, at, path, &how, sizeof how);
}

/* mkdirat(2) of the last part, in the folder that the rest leads to. */
static void make_one(int at, const char *path, size_t len, int report_fd) {
    char part[4096];
    const char *slash, *name;
    int folder;

    if (len >= sizeof part) {
        errno = ENAMETOOLONG;
        fail(report_fd, "mkdir", path);
    }
    memcpy(part, path, len);
    part[len] = '\0';
    slash = strrchr(part, '/');
    name = slash != NULL ? slash + 1 : part;
    if (slash != NULL)
        part[slash - part] = '\0';
    folder = slash != NULL && part[0] != '\0' ? open_in(at, part, O_PATH | O_DIRECTORY, 0) : at;
    if (folder < 0 || (mkdirat(folder, name, 0755) != 0 && errno != EEXIST))
        fail(report_fd, "mkdir", path);
    if (folder != at)
        close(folder);
}

void make_directory(int at, const char *path, bool parents_only, int report_fd) {
    while (*path == '/')
        path++;
    for (size_t i = 1; path[0] != '\0'; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        if (path[i] == '\0' && parents_only)
            return;
        make_one(at, path, i, report_fd);
        if (path[i] == '\0')
            return;
    }
}

static void make_file(int root, const char *path, const char *text, int report_fd) {
    int fd;

    make_directory(root, path, true, report_fd);
    fd = open_in(root, path, O_WRONLY | O_CREAT, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        fail(report_fd, "write", path);
    close(fd);
}

static void make_link(int root, const Step *step, int report_fd) {
    const char *name = strrchr(step->target, '/') + 1;
    char folder_path[4096];
    int folder;

    make_directory(root, step->target, true, report_fd);
    (void)stpncpy(folder_path, step->target, sizeof folder_path - 1);
    folder_path[name - step->target] = '\0';
    folder = open_in(root, folder_path, O_PATH | O_DIRECTORY, 0);
    if (folder < 0 || (symlinkat(step->text, folder, name) != 0 && errno != EEXIST))
        fail(report_fd, "symlink", step->target);
    close(folder);
}

/* What the source is mounted on. */
static void make_target(int root, const Step *step, int report_fd) {
    struct stat st;

    if (fstat(step->fd, &st) != 0)
        fail(report_fd, "stat", step->source);
    if (S_ISDIR(st.st_mode))
        make_directory(root, step->target, false, report_fd);
    else
        make_file(root, step->target, "", report_fd);
}

static void attach(int root, const Step *step, int report_fd) {
    MountAttr attr = {.attr_set = ATTR_NOSUID};
    int target;

    make_target(root, step, report_fd);
    if (step->kind == STEP_BIND)
        attr.attr_set |= ATTR_RDONLY | ATTR_NODEV;
    /* The host's proc is only there so that another may be mounted over it: what it allows must not be less.
     */
    if (step->kind != STEP_PROC &&
        syscall(SYS_mount_setattr, step->fd, "", AT_EMPTY_PATH | TREE_RECURSIVE, &attr, sizeof attr) != 0)
        fail(report_fd, "mount_setattr", step->source);
    target = open_in(root, step->target, O_PATH, 0);
    if (target < 0 || syscall(SYS_move_mount, step->fd, "", target, "", MOVE_FROM_FD | MOVE_TO_FD) != 0)
        fail(report_fd, "mount", step->target);
    close(target);
    close(step->fd);
    /* That of the base's own pid namespace; each job puts its own on top. */
    if (step->kind == STEP_PROC &&
        mount("proc", step->target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2,subset=pid") != 0)
        fail(report_fd, "mount", "/proc");
}

static void carry_out(int root, const Step *step, int report_fd) {
    switch (step->kind) {
    case STEP_DIRECTORY:
        make_directory(root, step->target, false, report_fd);
        return;
    case STEP_LINK:
        make_link(root, step, report_fd);
        return;
    case STEP_FILE:
        make_file(root, step->target, step->text, report_fd);
        return;
    case STEP_BIND:
    case STEP_DEVICE:
    case STEP_PROC:
        attach(root, step, report_fd);
        return;
    default: /* STEP_ROOT was there before, STEP_OVER comes with the job */
        return;
    }
}

/* Our own places in the upper layer: there they are folders and files, whatever the root file system has at
 * that name (a link, a FIFO, a folder that is not ours). */
static void make_places(const Base *base, int report_fd) {
    int upper = open("/tmp/upper", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (upper < 0)
        fail(report_fd, "open", "/tmp/upper");
    for (size_t i = 1; i < base->count; i++) {
        const Step *step = &base->steps[i];

        if (step->kind == STEP_DIRECTORY)
            make_directory(upper, step->target, false, report_fd);
        else if (step->kind == STEP_LINK)
            make_link(upper, step, report_fd);
        else if (step->fd >= 0)
            make_target(upper, step, report_fd);
    }
    close(upper);
}

/* A directory of the host as the root: an overlay of it and of a small tmpfs, so that there is a place for
 * what is mounted although nobody writes to it. */
static void overlay_root(const Base *base, int report_fd) {
    const Step *step = &base->steps[0];

    if (mkdir("/tmp/lower", 0755) != 0 || mkdir("/tmp/upper", 0755) != 0 || mkdir("/tmp/work", 0755) != 0 ||
        mkdir("/tmp/root", 0755) != 0)
        fail(report_fd, "mkdir", "for the root");
    make_places(base, report_fd);
    if (syscall(SYS_move_mount, step->fd, "", AT_FDCWD, "/tmp/lower", MOVE_FROM_FD) != 0)
        fail(report_fd, "mount", step->source);
    if (mount("overlay", "/tmp/root", "overlay", MS_NOSUID | MS_NODEV,
              "lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work,userxattr") != 0)
        fail(report_fd, "mount an overlay of", step->source);
    if (chdir("/tmp/root") != 0)
        fail(report_fd, "chdir", "/tmp/root");
}

/* The new root is built in a tmpfs over /tmp, which then becomes "/". pivot_root(".", ".") puts the old root
 * on top of the new one, where it is taken off again (pivot_root(2), NOTES). The rest is attached by paths
 * from the new root's own directory, which do not lead to what is on top of it. */
static void build_root(Base *base, int report_fd) {
    MountAttr attr = {.attr_set = ATTR_RDONLY};
    int root;

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        fail(report_fd, "make mounts private", NULL);
    if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1M,nr_inodes=16384") != 0)
        fail(report_fd, "mount", "a root");
    if (chdir("/tmp") != 0)
        fail(report_fd, "chdir", "/tmp");
    (void)umask(022);
    if (base->count > 0 && base->steps[0].kind == STEP_ROOT)
        overlay_root(base, report_fd);
    if (syscall(SYS_pivot_root, ".", ".") != 0)
        fail(report_fd, "pivot_root", NULL);
    start_unmount(&base->host);
    root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0 || chdir("/") != 0)
        fail(report_fd, "open", "/");
    for (size_t i = 0; i < base->count; i++)
        carry_out(root, &base->steps[i], report_fd);
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &attr, sizeof attr) != 0)
        fail(report_fd, "make the root read-only", NULL);
    if (sethostname("sallyport", 9) != 0)
        fail(report_fd, "sethostname", NULL);
    close(root);
}

void base_build(Base *base, const Side *network, int report_fd) {
    if ((base->flags & BASE_NAMESPACES) != 0)
        open_sources(base, report_fd);
    if ((base->flags & (BASE_NAMESPACES | BASE_DROP_GROUPS)) != 0)
        become_user(base, report_fd);
    if ((base->flags & BASE_NAMESPACES) != 0)
        build_root(base, report_fd);
    if ((base->flags & BASE_NAMESPACES) != 0)
        enter_network(network, report_fd);
    if ((base->flags & BASE_ONCE) == 0)
        base_forget_host(base, report_fd);
}
