#include "exec/sandbox/filter_table.h"

#include <sys/syscall.h>

/* Younger than the oldest headers that this is built with. */
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

enum {
    N = 1 << FILTER_NATIVE,
    S = 1 << FILTER_SHELL,
    P = 1 << FILTER_PYTHON,
    J = 1 << FILTER_NODE,
    G = 1 << FILTER_GENERAL,
    ALL = N | S | P | J | G,
    TOOLS = S | P | J | G, /* what starts other programs */
};

typedef struct {
    guint8 profiles;
    guint8 rule;        /* CallRule */
    guint8 shared_host; /* the same where there are no namespaces */
    const short *calls; /* ends with -1 */
} Group;

#define CALLS(...) (const short[]){__VA_ARGS__, -1}

/* No call stands in two groups of one profile. */
static const Group groups[] = {
    /* Files. */
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_read, SYS_write, SYS_close, SYS_fstat, SYS_statx, SYS_lseek, SYS_pread64, SYS_pwrite64,
           SYS_readv, SYS_writev, SYS_preadv, SYS_pwritev, SYS_preadv2, SYS_pwritev2, SYS_faccessat,
           SYS_faccessat2, SYS_pipe2, SYS_dup, SYS_dup3, SYS_sendfile, SYS_fcntl, SYS_flock, SYS_fsync,
           SYS_fdatasync, SYS_getdents64, SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_renameat2, SYS_mkdirat,
           SYS_linkat, SYS_unlinkat, SYS_symlinkat, SYS_readlinkat, SYS_umask, SYS_statfs, SYS_fstatfs,
           SYS_openat, SYS_openat2, SYS_close_range, SYS_copy_file_range, SYS_fadvise64, SYS_readahead)},
    /* Memory. */
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_mmap, SYS_mprotect, SYS_munmap, SYS_brk, SYS_mremap, SYS_madvise, SYS_msync, SYS_mincore,
           SYS_mlock, SYS_munlock, SYS_mlock2, SYS_mlockall, SYS_munlockall, SYS_membarrier)},
    /* Signals, time, waiting. */
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_rt_sigsuspend,
           SYS_sigaltstack, SYS_signalfd4, SYS_restart_syscall, SYS_nanosleep, SYS_clock_nanosleep,
           SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_times, SYS_getitimer, SYS_setitimer,
           SYS_timer_create, SYS_timer_settime, SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete,
           SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_ppoll, SYS_pselect6,
           SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd2)},
    {ALL, CALL_SIGNAL, CALL_SIGNAL, CALLS(SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo)},
    {ALL, CALL_SIGNAL_THREAD, CALL_SIGNAL_THREAD, CALLS(SYS_tgkill, SYS_rt_tgsigqueueinfo)},
    /* Processes and threads. */
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_execve, SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid, SYS_uname, SYS_getpid, SYS_getppid,
           SYS_gettid, SYS_getpgid, SYS_setpgid, SYS_setsid, SYS_getsid, SYS_getuid, SYS_getgid, SYS_geteuid,
           SYS_getegid, SYS_getgroups, SYS_getresuid, SYS_getresgid, SYS_capget, SYS_prctl,
           SYS_set_tid_address, SYS_set_robust_list, SYS_get_robust_list, SYS_futex, SYS_rseq,
           SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
           SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getpriority, SYS_getrlimit,
           SYS_getrusage, SYS_sysinfo, SYS_getcpu, SYS_getrandom)},
#ifdef __x86_64__
    /* Those that other architectures have under their newer names alone. */
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_stat, SYS_lstat, SYS_newfstatat, SYS_poll, SYS_select, SYS_access, SYS_pipe, SYS_dup2,
           SYS_pause, SYS_alarm, SYS_fork, SYS_vfork, SYS_getdents, SYS_rename, SYS_renameat, SYS_mkdir,
           SYS_rmdir, SYS_creat, SYS_link, SYS_unlink, SYS_symlink, SYS_readlink, SYS_open, SYS_getpgrp,
           SYS_time, SYS_arch_prctl, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_signalfd)},
    {ALL, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_chmod, SYS_utime, SYS_utimes, SYS_futimesat)},
    {TOOLS, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_chown, SYS_lchown)},
    {TOOLS, CALL_ALLOW, CALL_ALLOW, CALLS(SYS_inotify_init)},
    {TOOLS, CALL_MKNOD, CALL_MKNOD, CALLS(SYS_mknod)},
    {ALL, CALL_END, CALL_END, CALLS(SYS_iopl, SYS_ioperm, SYS_create_module)},
#else
    {ALL, CALL_ALLOW, CALL_ALLOW, CALLS(SYS_newfstatat)},
#endif
    /* What Landlock does not judge: a file's owner, mode and times. */
    {ALL, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_fchmod, SYS_fchmodat, SYS_fchmodat2, SYS_utimensat)},
    {TOOLS, CALL_ALLOW, CALL_REFUSE,
     CALLS(SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr,
           SYS_lremovexattr, SYS_fremovexattr)},
    /* What they look at, or do to themselves. */
    {TOOLS, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_sync, SYS_syncfs, SYS_sync_file_range, SYS_splice, SYS_tee, SYS_vmsplice, SYS_execveat,
           SYS_memfd_create, SYS_inotify_init1, SYS_inotify_rm_watch, SYS_setuid, SYS_setgid, SYS_setreuid,
           SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setgroups, SYS_setfsuid, SYS_setfsgid, SYS_capset,
           SYS_ioprio_get, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_sched_rr_get_interval,
           SYS_sched_getattr, SYS_seccomp, SYS_landlock_create_ruleset, SYS_landlock_add_rule,
           SYS_landlock_restrict_self)},
    /* Nor what it has beside its content, and the names in a folder that is watched. */
    {TOOLS, CALL_ALLOW, CALL_UNKNOWN,
     CALLS(SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr, SYS_llistxattr, SYS_flistxattr)},
    {TOOLS, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_inotify_add_watch)},
    {G | J, CALL_ALLOW, CALL_ALLOW, CALLS(SYS_pkey_alloc, SYS_pkey_free, SYS_pkey_mprotect)},
    {G, CALL_ALLOW, CALL_ALLOW, CALLS(SYS_get_mempolicy, SYS_remap_file_pages)},
    /* IPC objects are the namespace's; without one they are the host's. */
    {G | P, CALL_ALLOW, CALL_REFUSE,
     CALLS(SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt, SYS_semget, SYS_semop, SYS_semctl, SYS_semtimedop,
           SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink, SYS_mq_timedsend,
           SYS_mq_timedreceive, SYS_mq_notify, SYS_mq_getsetattr)},
    /* Processes by their number. */
    {ALL, CALL_SETRLIMIT, CALL_SETRLIMIT, CALLS(SYS_setrlimit)},
    {ALL, CALL_PRLIMIT, CALL_PRLIMIT_OWN, CALLS(SYS_prlimit64)},
    {ALL, CALL_ALLOW, CALL_OWN, CALLS(SYS_sched_setaffinity)},
    {TOOLS, CALL_ALLOW, CALL_OWN, CALLS(SYS_sched_setparam, SYS_sched_setscheduler, SYS_sched_setattr)},
    {TOOLS, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_setpriority, SYS_ioprio_set)},
    /* Sockets; see filter_table() for a native program. */
    {ALL, CALL_SOCKET, CALL_REFUSE, CALLS(SYS_socket)},
    {ALL, CALL_SOCKET, CALL_PAIR, CALLS(SYS_socketpair)},
    {ALL, CALL_ALLOW, CALL_REFUSE, CALLS(SYS_bind, SYS_connect, SYS_listen, SYS_accept, SYS_accept4)},
    {ALL, CALL_ALLOW, CALL_ALLOW,
     CALLS(SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg, SYS_sendmmsg, SYS_recvmmsg, SYS_shutdown,
           SYS_getsockname, SYS_getpeername, SYS_setsockopt, SYS_getsockopt)},
    /* With conditions. */
    {ALL, CALL_CLONE, CALL_CLONE, CALLS(SYS_clone)},
    {ALL, CALL_IOCTL, CALL_IOCTL, CALLS(SYS_ioctl)},
    {ALL, CALL_PERSONALITY, CALL_PERSONALITY, CALLS(SYS_personality)},
    {TOOLS, CALL_MKNODAT, CALL_MKNODAT, CALLS(SYS_mknodat)},
    {ALL, CALL_TRUNCATE, CALL_TRUNCATE, CALLS(SYS_truncate, SYS_ftruncate)},
    {ALL, CALL_FALLOCATE, CALL_FALLOCATE, CALLS(SYS_fallocate)},
    {ALL, CALL_SIGACTION, CALL_SIGACTION, CALLS(SYS_rt_sigaction)},
    /* For administrators, or a way around what is here. */
    {ALL, CALL_REFUSE, CALL_REFUSE,
     CALLS(SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_mount_setattr,
           SYS_move_mount, SYS_open_tree, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_swapon,
           SYS_swapoff, SYS_acct, SYS_quotactl, SYS_quotactl_fd, SYS_sethostname, SYS_setdomainname,
           SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_keyctl, SYS_add_key,
           SYS_request_key, SYS_perf_event_open, SYS_userfaultfd, SYS_open_by_handle_at,
           SYS_name_to_handle_at, SYS_syslog, SYS_vhangup, SYS_fanotify_init, SYS_fanotify_mark,
           SYS_migrate_pages, SYS_move_pages, SYS_mbind, SYS_set_mempolicy, SYS_process_madvise,
           SYS_process_mrelease, SYS_kcmp)},
    {ALL, CALL_END, CALL_END,
     CALLS(SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd, SYS_bpf, SYS_kexec_load,
           SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot)},
};

static void set_all(CallTable *table, const short *calls, CallRule rule) {
    for (; *calls >= 0; calls++)
        table->of[*calls] = (guint8)rule;
}

CallTable filter_table(const FilterOptions *options) {
    /* What has no business with a network has none with its system calls. */
    static const short sockets[] = {SYS_socket, SYS_bind,    SYS_connect, SYS_listen,
                                    SYS_accept, SYS_accept4, -1};
    /* What stays in memory although no process has mapped it. Segments are counted: see init/watch.c. */
    static const short hidden_memory[] = {SYS_memfd_create, SYS_msgget, SYS_semget, -1};
    CallTable table = {{CALL_UNKNOWN}};

    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
        if ((groups[i].profiles & (1 << options->profile)) != 0)
            set_all(&table, groups[i].calls,
                    (CallRule)(options->shared_host ? groups[i].shared_host : groups[i].rule));
    if (options->profile == FILTER_NATIVE && options->network == NETWORK_NONE)
        set_all(&table, sockets, CALL_REFUSE);
    if (options->uncounted)
        set_all(&table, hidden_memory, CALL_UNKNOWN);
    return table;
}
