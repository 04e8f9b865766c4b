/* Row one: reading the host's files, ~/.ssh, the repository outside of the snapshot. */
#include "testdata/threats/threats.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static void read_path(const char *name, const char *before, const char *path) {
    char whole[4096];

    (void)snprintf(whole, sizeof whole, "%s%s", before, path);
    show(name, open(whole, O_RDONLY));
}

static void open_plainly(const char *name) {
    static const char *const of_host[] = {"/etc/shadow",          "/etc/machine-id",   "/root/.bash_history",
                                          "/etc/ssh/sshd_config", "/var/log/dpkg.log", "/boot/grub/grub.cfg"};

    read_path(name, "", of_scene("CANARY"));
    read_path(name, "", of_scene("SSH_KEY"));
    read_path(name, "", of_scene("REPOSITORY_FILE"));
    for (size_t i = 0; i < sizeof of_host / sizeof *of_host; i++)
        read_path(name, "", of_host[i]);
}

static void by_dots(const char *name) {
    read_path(name, "../../../../../../../..", of_scene("CANARY"));
    read_path(name, "../", "secret");
    read_path(name, "/tree/../..", of_scene("CANARY"));
}

static void by_proc(const char *name) {
    static const char *const links[] = {"self/root", "self/cwd/../../../../..", "1/root", "1/cwd/../..",
                                        "self/task/../../1/root"};
    char link[256], pid[64];

    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        (void)snprintf(link, sizeof link, "/proc/%s", links[i]);
        read_path(name, link, of_scene("CANARY"));
    }
    (void)snprintf(pid, sizeof pid, "/proc/%s/root", of_scene("BYSTANDER"));
    read_path(name, pid, of_scene("CANARY"));
    (void)snprintf(pid, sizeof pid, "/proc/%s/cwd/", of_scene("BYSTANDER"));
    read_path(name, pid, "secret");
}

static void by_path_descriptor(const char *name) {
    int fd = open(of_scene("CANARY"), O_PATH);
    char link[64];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (fd >= 0)
        read_path(name, "", link);
    else
        (void)tell(name, -1);
}

static void by_openat2(const char *name) {
    struct open_how how = {.flags = O_RDONLY};

    show(name, (int)syscall(SYS_openat2, AT_FDCWD, of_scene("CANARY"), &how, sizeof how));
}

static void by_links(const char *name) {
    if (symlink(of_scene("CANARY"), "symbolic") == 0)
        read_path(name, "", "symbolic");
    if (tell(name, linkat(AT_FDCWD, of_scene("CANARY"), AT_FDCWD, "hard", 0)))
        read_path(name, "", "hard");
}

static void by_moving(const char *name) {
    if (tell(name, rename(of_scene("REPOSITORY_FILE"), "moved")))
        read_path(name, "", "moved");
}

static void by_directory(const char *name) {
    static const char *const folders[] = {"FOLDER", "HOME_FOLDER", "REPOSITORY"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        DIR *folder = opendir(of_scene(folders[i]));
        const struct dirent *entry;

        if (folder == NULL)
            (void)tell(name, -1);
        while (folder != NULL && (entry = readdir(folder)) != NULL)
            got(name, entry->d_name);
        if (folder != NULL)
            closedir(folder);
    }
}

static void by_walking(const char *name) {
    if (chdir(of_scene("FOLDER")) == 0)
        read_path(name, "./", "secret");
    else
        (void)tell(name, -1);
    (void)!chdir(of_scene("WORK"));
}

static void by_executing(const char *name) {
    const char *script = of_scene("SCRIPT");
    char *argv[] = {(char *)script, NULL}, *env[] = {NULL};
    pid_t pid = fork();

    if (pid == 0) {
        (void)execve(script, argv, env);
        (void)tell(name, -1);
        _exit(1);
    }
    (void)waitpid(pid, NULL, 0);
}

/* Names of files that come and go, in a folder that cannot be read. */
static void by_watching(const char *name) {
    char events[4096];
    struct pollfd wait = {.fd = inotify_init1(IN_NONBLOCK), .events = POLLIN};
    ssize_t n = -1;

    if (!tell(name, inotify_add_watch(wait.fd, of_scene("FOLDER"), IN_CREATE | IN_MOVED_TO | IN_OPEN)))
        return;
    while (poll(&wait, 1, 500) > 0 && (n = read(wait.fd, events, sizeof events)) > 0)
        for (ssize_t i = 0; i < n;) {
            const struct inotify_event *event = (const struct inotify_event *)(void *)(events + i);

            if (event->len > 0)
                got(name, event->name);
            i += (ssize_t)sizeof *event + event->len;
            wait.events = 0; /* one turn is enough */
        }
}

static void by_attribute(const char *name) {
    char value[256];
    ssize_t n = getxattr(of_scene("CANARY"), "user.secret", value, sizeof value - 1);

    value[n > 0 ? n : 0] = '\0';
    if (n > 0)
        got(name, value);
    else
        (void)tell(name, -1);
}

/* What Landlock does not judge; namespaces hide it. */
static void is_there(const char *name) {
    struct stat st;

    (void)tell(name, stat(of_scene("CANARY"), &st));
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"open", open_plainly, false},   {"dots", by_dots, false},
        {"proc", by_proc, false},        {"path-descriptor", by_path_descriptor, false},
        {"openat2", by_openat2, false},  {"links", by_links, false},
        {"rename", by_moving, false},    {"directory", by_directory, false},
        {"chdir", by_walking, false},    {"execute", by_executing, false},
        {"inotify", by_watching, false}, {"attribute", by_attribute, false},
        {"stat", is_there, false},       {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
