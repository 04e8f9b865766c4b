/* Row two: the environment, what proc tells of others, and what it tells, and takes, of the kernel. */
#include "testdata/threats/threats.h"

#include <dirent.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/utsname.h>

static void own_environment(const char *name) {
    for (char **variable = environ; *variable != NULL; variable++)
        if (strncmp(*variable, "SECRET", 6) == 0)
            got(name, *variable);
}

static void read_of(const char *name, long pid, const char *file) {
    char path[128], what[160];

    (void)snprintf(path, sizeof path, "/proc/%ld/%s", pid, file);
    (void)snprintf(what, sizeof what, "%s of %s", name, path);
    show(what, open(path, O_RDONLY));
}

/* Where its environment is, it says itself. */
static void read_memory(const char *name, long pid) {
    char path[64], line[512];
    unsigned long from = 0, end;
    FILE *maps;
    int memory;

    (void)snprintf(path, sizeof path, "/proc/%ld/maps", pid);
    maps = fopen(path, "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        if (strstr(line, "[stack]") != NULL)
            from = strtoul(line, NULL, 16);
    if (maps != NULL)
        fclose(maps);
    (void)snprintf(path, sizeof path, "/proc/%ld/mem", pid);
    memory = open(path, O_RDONLY);
    if (memory < 0 || from == 0) {
        (void)tell(name, -1);
        return;
    }
    for (end = from + (1UL << 18); from < end; from += 4095) {
        char part[4096] = "";

        if (pread(memory, part, sizeof part - 1, (off_t)from) <= 0)
            continue;
        for (size_t i = 0; i + 6 < sizeof part; i++)
            if (memcmp(part + i, "SECRET", 6) == 0)
                got(name, part + i);
    }
    close(memory);
}

static void of_one(const char *name, long pid) {
    static const char *const files[] = {"environ", "cmdline", "maps", "stack", "syscall", "io", "fd/9"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        read_of(name, pid, files[i]);
    read_memory(name, pid);
}

static void of_others(const char *name) {
    const long known[] = {1, getppid(), number_of_scene("BYSTANDER"), number_of_scene("SUPERVISOR")};
    DIR *proc = opendir("/proc");
    const struct dirent *entry;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        of_one(name, known[i]);
    while (proc != NULL && (entry = readdir(proc)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10);

        if (pid > 0 && pid != getpid())
            of_one(name, pid);
    }
    if (proc != NULL)
        closedir(proc);
}

/* Never more than opened: some of it would be done at once. */
static void of_kernel(const char *name) {
    static const char *const read_only[] = {"/proc/kallsyms",
                                            "/proc/kmsg",
                                            "/dev/kmsg",
                                            "/proc/kcore",
                                            "/proc/keys",
                                            "/proc/cmdline",
                                            "/proc/modules",
                                            "/proc/interrupts",
                                            "/proc/net/tcp",
                                            "/proc/net/unix",
                                            "/proc/mounts",
                                            "/proc/timer_list",
                                            "/proc/sys/kernel/core_pattern",
                                            "/sys/kernel/notes",
                                            "/sys/fs/cgroup/memory/tasks",
                                            "/sys/class/net/lo/address"};
    static const char *const writable[] = {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",
                                           "/proc/sysrq-trigger",           "/proc/sys/kernel/hostname",
                                           "/proc/sys/vm/drop_caches",      "/proc/1/oom_score_adj",
                                           "/proc/self/oom_score_adj",      "/proc/self/uid_map",
                                           "/sys/kernel/uevent_helper",     "/sys/fs/cgroup/cgroup.procs"};
    char what[128];

    for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++) {
        (void)snprintf(what, sizeof what, "%s %s", name, read_only[i]);
        show(what, open(read_only[i], O_RDONLY | O_NONBLOCK));
    }
    for (size_t i = 0; i < sizeof writable / sizeof *writable; i++) {
        (void)snprintf(what, sizeof what, "%s write %s", name, writable[i]);
        (void)tell(what, open(writable[i], O_WRONLY));
    }
}

static void of_log(const char *name) {
    char text[4096];
    int n = klogctl(3, text, sizeof text - 1);

    text[n > 0 ? n : 0] = '\0';
    if (n > 0)
        got(name, text);
    else
        (void)tell(name, -1);
}

static void of_host(const char *name) {
    struct utsname host;

    if (uname(&host) == 0)
        printf("%s: this is <%s>\n", name, host.nodename);
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"environment", own_environment, false},
        {"process", of_others, false},
        {"kernel", of_kernel, false},
        {"log", of_log, false},
        {"nodename", of_host, false},
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
