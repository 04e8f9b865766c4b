/* The assembler takes the program in as it is (.incbin), so that no file has to be found, or can be put in
 * its place. */
#include "exec/sandbox/image.h"

#include "exec/sandbox/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SALLYPORT_INIT /* the Makefile says where it was built */
#define SALLYPORT_INIT "build/sallyport-init"
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

__asm__(".pushsection .rodata, \"a\"\n"
        ".hidden sallyport_init, sallyport_init_size\n"
        ".global sallyport_init, sallyport_init_size\n"
        "sallyport_init: .incbin \"" SALLYPORT_INIT "\"\n"
        ".balign 8\n"
        "sallyport_init_size: .quad sallyport_init_size - sallyport_init\n"
        ".popsection\n");
extern const char sallyport_init[] __attribute__((visibility("hidden")));
extern const guint64 sallyport_init_size __attribute__((visibility("hidden"))); /* with padding */

static bool write_all(int fd) {
    for (gsize done = 0; done < sallyport_init_size;) {
        ssize_t n = write(fd, sallyport_init + done, sallyport_init_size - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (gsize)n : 0;
    }
    return true;
}

int image_open(GError **error) {
    int fd = memfd_create("sallyport-init", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

    if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
        fd = memfd_create("sallyport-init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && write_all(fd) &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    sandbox_set_error(error, "make memory for sallyport-init");
    if (fd >= 0)
        close(fd);
    return -1;
}

typedef struct {
    int image, socket;
    char **argv;
    bool namespaces;
    char *inner_stack; /* its end; of start_orphan()'s child */
} Exec;

/* Capabilities in the new user namespace would be lost at execve(2), since the user is not root in there:
 * capabilities(7), ambient set. */
static bool keep_capabilities(void) {
    static const int needed[] = {
        CAP_SYS_ADMIN,                /* mounts, namespaces */
        CAP_SETUID,       CAP_SETGID, /* to become the user inside */
        CAP_SETPCAP,                  /* the bounding set */
        CAP_NET_ADMIN,                /* the loopback interface */
        CAP_SYS_PTRACE,               /* to see in proc what is not dumpable */
        CAP_DAC_OVERRIDE, CAP_CHOWN,  CAP_FOWNER,
        CAP_FSETID,       CAP_MKNOD, /* what an overlay does for its users */
    };
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        data[i].inheritable = data[i].permitted;
    if (syscall(SYS_capset, &header, data) != 0)
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, needed[i], 0, 0) != 0)
            return false;
    return true;
}

/* In the child, which shares this process's memory: system calls only. The socket becomes 3, nothing else of
 * this process stays open. */
static int exec_image(void *data) {
    const Exec *exec = data;
    char *env[] = {NULL};
    int image = fcntl(exec->image, F_DUPFD_CLOEXEC, 10), socket = fcntl(exec->socket, F_DUPFD_CLOEXEC, 10);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (image < 0 || socket < 0 || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        dup2(socket, 3) < 0 || dup3(image, 4, O_CLOEXEC) < 0 || syscall(SYS_close_range, 5, ~0U, 0) != 0)
        _exit(1);
    if (exec->namespaces && !keep_capabilities())
        _exit(1);
    (void)setsid();
    (void)syscall(SYS_execveat, 4, "", exec->argv, env, AT_EMPTY_PATH);
    _exit(1);
}

/* vfork(2), with namespaces: this process waits until the image is being executed. No signal may come in
 * between, since its handler would run in the shared memory. */
static pid_t start(int (*run)(void *), Exec *exec, int flags) {
    static const gsize stack_size = 65536;
    g_autofree char *stack = g_malloc(2 * stack_size);
    sigset_t all, before;
    pid_t pid;
    int saved;

    exec->inner_stack = stack + stack_size - 64;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = clone(run, stack + 2 * stack_size - 64, CLONE_VM | CLONE_VFORK | SIGCHLD | flags, exec);
    saved = errno;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return pid;
}

pid_t image_start(int image, char **argv, int socket, bool namespaces) {
    Exec exec = {.image = image, .argv = argv, .socket = socket, .namespaces = namespaces};

    return start(exec_image, &exec, namespaces ? CLONE_NEWUSER | CLONE_NEWPID : 0);
}

/* In a child that ends at once: its own child is then nobody's to wait for. */
static int start_orphan(void *data) {
    Exec *exec = data;

    return clone(exec_image, exec->inner_stack, CLONE_VM | CLONE_VFORK | SIGCHLD, exec) < 0 ? 1 : 0;
}

bool image_start_detached(int image, char **argv, int socket) {
    Exec exec = {.image = image, .argv = argv, .socket = socket};
    int status = 1;
    pid_t pid = start(start_orphan, &exec, 0);

    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return pid > 0 && status == 0;
}
