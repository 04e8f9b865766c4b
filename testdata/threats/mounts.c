/* Row three: writing outside, mounts, device nodes, programs with the set-user-ID bit. */
#include "testdata/threats/threats.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#define OPEN_TREE_CLONE_FLAG 1

static void write_over(const char *name) {
    static const int flags[] = {O_WRONLY, O_WRONLY | O_APPEND, O_RDWR, O_WRONLY | O_TRUNC};

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        int fd = open(of_scene("CANARY"), flags[i]);

        if (tell(name, fd) && write(fd, "written over", 12) < 0)
            (void)tell(name, -1);
        if (fd >= 0)
            close(fd);
    }
    (void)tell("truncate", truncate(of_scene("CANARY"), 3));
}

static void change(const char *name) {
    const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    const char *canary = of_scene("CANARY");

    (void)tell(name, chmod(canary, 04777));
    (void)tell("chown", chown(canary, getuid(), getgid()));
    (void)tell("utimens", utimensat(AT_FDCWD, canary, times, 0));
    (void)tell("setxattr", setxattr(canary, "user.threat", "x", 1, 0));
    (void)tell("chmod-folder", chmod(of_scene("FOLDER"), 0700));
}

static void replace(const char *name) {
    int fd = open("own", O_WRONLY | O_CREAT, 0644);

    if (fd >= 0)
        close(fd);
    (void)tell(name, rename("own", of_scene("CANARY")));
    (void)tell("unlink", unlink(of_scene("SSH_KEY")));
    (void)tell("rmdir", rmdir(of_scene("EMPTY_FOLDER")));
}

/* Where names of the scene's TOKEN are looked for afterwards. */
static void create(const char *name) {
    static const char *const folders[] = {
        "/",        "/usr",  "/usr/bin",         "/etc", "/dev", "/run",  "/var/tmp",
        "/var/lib", "/home", "/usr/lib",         "/srv", "/opt", "/proc", "/proc/self",
        "/.disk",   "/tree", "/etc/ld.so.conf.d"};
    char path[4096];

    for (size_t i = 0; i <= sizeof folders / sizeof *folders; i++) {
        const char *folder = i == 0 ? of_scene("FOLDER") : folders[i - 1];

        (void)snprintf(path, sizeof path, "%s/%s", folder, of_scene("TOKEN"));
        (void)tell(name, open(path, O_WRONLY | O_CREAT, 0644));
        (void)strncat(path, ".d", sizeof path - strlen(path) - 1);
        (void)tell("mkdir", mkdir(path, 0755));
        (void)strncat(path, "l", sizeof path - strlen(path) - 1);
        (void)tell("symlink", symlink("/", path));
    }
}

static void mount_old(const char *name) {
    (void)tell(name, mount("tmpfs", "/usr", "tmpfs", 0, NULL));
    (void)tell("mount-proc", mount("proc", "/proc", "proc", 0, NULL));
    (void)tell("bind", mount("/usr", "/tmp", NULL, MS_BIND, NULL));
    (void)tell("remount", mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL));
    (void)tell("propagation", mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL));
    (void)tell("umount", umount2("/proc", MNT_DETACH));
    (void)tell("umount-root", umount2("/", MNT_DETACH));
}

static void mount_new(const char *name) {
    struct {
        unsigned long long set, clear, propagation, user;
    } attr = {.clear = 1};
    long fs = syscall(SYS_fsopen, "tmpfs", 0);

    (void)tell(name, fs);
    (void)tell("fsconfig", syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0));
    (void)tell("fsmount", syscall(SYS_fsmount, fs, 0, 0));
    (void)tell("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE_FLAG));
    (void)tell("move_mount", syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/usr", 0));
    (void)tell("mount_setattr", syscall(SYS_mount_setattr, AT_FDCWD, "/usr", 0, &attr, sizeof attr));
}

static void other_root(const char *name) {
    (void)mkdir("root", 0755);
    (void)tell(name, syscall(SYS_pivot_root, ".", "."));
    (void)tell("chroot", chroot("root"));
}

static void new_node(const char *name) {
    static const struct {
        mode_t type;
        unsigned major, minor;
    } nodes[] = {{S_IFCHR, 1, 1}, {S_IFCHR, 1, 11}, {S_IFCHR, 5, 0}, {S_IFBLK, 254, 0}, {S_IFBLK, 8, 0}};
    char path[64];

    for (unsigned i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        (void)snprintf(path, sizeof path, "node-%u", i);
        if (tell(name, mknod(path, nodes[i].type | 0666, makedev(nodes[i].major, nodes[i].minor))))
            (void)tell("open-node", open(path, O_RDONLY));
    }
}

static void old_node(const char *name) {
    static const char *const nodes[] = {
        "/dev/mem", "/dev/kmem",    "/dev/port",           "/dev/vda",  "/dev/sda",    "/dev/loop-control",
        "/dev/tty", "/dev/ptmx",    "/dev/net/tun",        "/dev/fuse", "/dev/kvm",    "/dev/vsock",
        "/dev/rtc", "/dev/console", "/dev/mapper/control", "/dev/tty0", "/dev/uinput", "/dev/pts/0"};
    char what[64];

    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        (void)snprintf(what, sizeof what, "%s %s", name, nodes[i]);
        (void)tell(what, open(nodes[i], O_RDWR | O_NOCTTY | O_NONBLOCK));
    }
}

static int start(const char *program, const char *argument) {
    char *argv[] = {(char *)program, (char *)argument, NULL}, *env[] = {NULL};
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        (void)execve(program, argv, env);
        _exit(127);
    }
    (void)waitpid(pid, &status, 0);
    return status;
}

/* The scene has a copy of this program with the bit set, which belongs to root where the scene's maker is. */
static void with_bit(const char *name) {
    if (start(of_scene("SETUID"), "--whoami") == 127 << 8)
        (void)tell(name, -1);
    (void)tell("setuid", setresuid(0, 0, 0));
    (void)tell("setgid", setresgid(0, 0, 0));
}

static void more_rights(const char *name) {
    (void)tell(name, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0));
    (void)tell("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    (void)tell("securebits", prctl(PR_SET_SECUREBITS, 0, 0, 0, 0));
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"write", write_over, false}, {"change", change, false},         {"replace", replace, false},
        {"create", create, false},    {"set-user-id", with_bit, false},  {"capabilities", more_rights, false},
        {"mknod", new_node, false},   {"device", old_node, false},       {"mount", mount_old, false},
        {"fsopen", mount_new, false}, {"pivot_root", other_root, false}, {NULL, NULL, false},
    };

    if (argc == 2 && strcmp(argv[1], "--whoami") == 0) {
        if (geteuid() != getuid() || getegid() != getgid())
            got("set-user-id", "another user's rights");
        return 0;
    }
    return threats_main(attacks, argc, argv);
}
