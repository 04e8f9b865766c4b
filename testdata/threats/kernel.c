/* Row seven: the parts of the kernel that a sandboxed program has no business with. Arguments are such that
 * even a kernel that lets the caller through does nothing: a wrong magic number, an empty image, no name. */
#include "testdata/threats/threats.h"

#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#define NAMESPACES (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

static void keys(const char *name) {
    const char *token = of_scene("TOKEN");

    (void)tell(name, syscall(SYS_add_key, "user", token, "x", 1, KEY_SPEC_USER_KEYRING));
    (void)tell("add_key-process", syscall(SYS_add_key, "user", token, "x", 1, KEY_SPEC_PROCESS_KEYRING));
    (void)tell("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
    (void)tell("keyctl-session", syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL));
    (void)tell("request_key", syscall(SYS_request_key, "user", token, NULL, KEY_SPEC_USER_KEYRING));
}

static void io_uring(const char *name) {
    char parameters[256] = {0};

    (void)tell(name, syscall(SYS_io_uring_setup, 8, parameters));
    if (tell("io_uring_enter", syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0)) || errno == EBADF)
        got("io_uring_enter", "the kernel");
}

static void perf(const char *name) {
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .exclude_kernel = 1};

    (void)tell(name, syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static void fault(const char *name) {
    (void)tell(name, syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
}

static void secret_memory(const char *name) {
    (void)tell(name, syscall(SYS_memfd_secret, 0));
}

static void handles(const char *name) {
    struct {
        struct file_handle head;
        unsigned char bytes[128];
    } handle = {.head = {.handle_bytes = 128}};
    int mount;

    (void)tell(name, name_to_handle_at(AT_FDCWD, of_scene("WORK"), &handle.head, &mount, 0));
    (void)tell("open_by_handle_at", open_by_handle_at(AT_FDCWD, &handle.head, O_RDONLY));
}

/* Nothing is changed: the time is set to what it is. EPERM is the kernel's word, too. */
static void clocks(const char *name) {
    struct timespec now;
    struct timex change = {.modes = ADJ_OFFSET_SINGLESHOT};
    struct timeval time;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gettimeofday(&time, NULL);
    (void)tell(name, clock_settime(CLOCK_REALTIME, &now));
    (void)tell("settimeofday", settimeofday(&time, NULL));
    (void)tell("adjtimex", adjtimex(&change));
}

static void host_name(const char *name) {
    const char *token = of_scene("TOKEN");

    (void)tell(name, sethostname(token, strlen(token)));
    (void)tell("setdomainname", setdomainname(token, strlen(token)));
}

static void namespaces(const char *name) {
    static const int flags[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWNET,
                                CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP, NAMESPACES};

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        pid_t pid = (pid_t)syscall(SYS_clone, (unsigned long)flags[i] | 17UL, NULL, NULL, NULL, NULL);

        if (pid == 0)
            _exit(0);
        (void)tell(name, pid);
        (void)waitpid(pid, NULL, 0);
    }
    struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = 17};
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0)
        _exit(0);
    (void)tell("clone3", pid);
    (void)tell("setns", setns(open("/proc/self/ns/user", O_RDONLY), 0));
    (void)tell("unshare", unshare(CLONE_NEWUSER));
}

static void others(const char *name) {
    (void)tell(name, syscall(SYS_quotactl, 0, NULL, 0, NULL));
    (void)tell("acct", acct(of_scene("CANARY")));
    (void)tell("swapon", swapon(of_scene("CANARY"), 0));
    (void)tell("fanotify", syscall(SYS_fanotify_init, 0, O_RDONLY));
    (void)tell("personality", personality(0x0400000)); /* READ_IMPLIES_EXEC */
    (void)tell("syslog", syscall(SYS_syslog, 10, NULL, 0));
    (void)tell("set_mempolicy", syscall(SYS_set_mempolicy, 0, NULL, 0));
    (void)tell("lookup_dcookie", syscall(SYS_lookup_dcookie, 0, NULL, 0));
    (void)tell("vhangup", vhangup());
}

static void bpf(const char *name) {
    union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

    (void)tell(name, syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
}

static void kexec(const char *name) {
    (void)tell(name, syscall(SYS_kexec_load, 0, 0, NULL, 0));
}

static void kexec_file(const char *name) {
    (void)tell(name, syscall(SYS_kexec_file_load, -1, -1, 0, NULL, 0));
}

static void module(const char *name) {
    (void)tell(name, syscall(SYS_init_module, NULL, 0, ""));
}

static void module_file(const char *name) {
    (void)tell(name, syscall(SYS_finit_module, -1, "", 0));
}

static void no_module(const char *name) {
    (void)tell(name, syscall(SYS_delete_module, "", O_NONBLOCK));
}

static void restart(const char *name) {
    (void)tell(name, syscall(SYS_reboot, 0, 0, 0, NULL)); /* no magic numbers: never done */
}

#ifdef __x86_64__
static void ports(const char *name) {
    (void)tell(name, syscall(SYS_iopl, 3));
}

static void port(const char *name) {
    (void)tell(name, syscall(SYS_ioperm, 0x80, 1, 1));
}
#endif

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"add_key", keys, false},
        {"io_uring_setup", io_uring, false},
        {"perf_event_open", perf, false},
        {"userfaultfd", fault, false},
        {"memfd_secret", secret_memory, false},
        {"name_to_handle_at", handles, false},
        {"clock_settime", clocks, false},
        {"sethostname", host_name, false},
        {"namespace", namespaces, false},
        {"quotactl", others, false},
        {"bpf", bpf, true},
        {"kexec_load", kexec, true},
        {"kexec_file_load", kexec_file, true},
        {"init_module", module, true},
        {"finit_module", module_file, true},
        {"delete_module", no_module, true},
        {"reboot", restart, true},
#ifdef __x86_64__
        {"iopl", ports, true},
        {"ioperm", port, true},
#endif
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
