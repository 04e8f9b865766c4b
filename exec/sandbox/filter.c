/* The filter is a tree over the numbers of system calls, so that none takes more than some ten steps, and few
 * instructions, since the kernel's work on loading it grows with their number: 100 microseconds instead of
 * 300 for what libseccomp makes of the same list. The machine is that of the kernel's documentation,
 * networking/filter.rst. */
#include "exec/sandbox/filter.h"

#include "exec/sandbox/filter_table.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define X32_BIT 0x40000000U
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no filter for this architecture yet"
#endif

/* struct termios2 comes with a header that does not go with this one's: asm/termbits.h. */
#define TCGETS_2 0x802c542aU

#define ALLOW SECCOMP_RET_ALLOW
#define TELL SECCOMP_RET_USER_NOTIF
#define ERROR(number) (SECCOMP_RET_ERRNO | (number))

/* System calls that follow each other and have one rule. */
typedef struct {
    guint first;
    CallRule rule;
} Run;

/* One of the two ways of a comparison. */
typedef struct {
    guint at;
    bool if_true;
} Jump;

typedef struct {
    const FilterOptions *options;
    GArray *code;              /* of struct sock_filter */
    GArray *runs;              /* of Run, without gaps */
    GArray *jumps[CALL_RULES]; /* of Jump: those that lead to a rule */
} Builder;

static guint emit(Builder *builder, guint16 code, guint8 if_true, guint8 if_false, guint32 k) {
    const struct sock_filter instruction = {.code = code, .jt = if_true, .jf = if_false, .k = k};

    g_array_append_val(builder->code, instruction);
    return builder->code->len - 1;
}

/* A comparison has eight bits for each of its ways. The tree and all rules are shorter than that; if they
 * ever were not, no filter is better than a wrong one. */
static void set_way(Builder *builder, Jump jump, guint target) {
    struct sock_filter *instruction = &g_array_index(builder->code, struct sock_filter, jump.at);
    guint way = target - jump.at - 1;

    if (way > G_MAXUINT8)
        g_error("the seccomp filter has become too long");
    *(jump.if_true ? &instruction->jt : &instruction->jf) = (guint8)way;
}

static void give(Builder *builder, guint32 action) {
    emit(builder, BPF_RET | BPF_K, 0, 0, action);
}

static void load(Builder *builder, gsize offset) {
    emit(builder, BPF_LD | BPF_W | BPF_ABS, 0, 0, (guint32)offset);
}

/* Both architectures are little-endian. */
static void load_low(Builder *builder, int argument) {
    load(builder, offsetof(struct seccomp_data, args) + (gsize)argument * 8);
}

static void load_high(Builder *builder, int argument) {
    load(builder, offsetof(struct seccomp_data, args) + (gsize)argument * 8 + 4);
}

/* "if what is loaded is `value`: `action`" */
static void if_equal(Builder *builder, guint32 value, guint32 action) {
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
    give(builder, action);
}

/* "if what is loaded is one of these: `action`" */
static void if_any(Builder *builder, const guint32 *values, guint count, guint32 action) {
    for (guint i = 0; i < count; i++)
        emit(builder, BPF_JMP | BPF_JEQ | BPF_K, (guint8)(count - 1 - i), i + 1 < count ? 0 : 1, values[i]);
    give(builder, action);
}

static void emit_clone(Builder *builder) {
    const guint32 namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                               CLONE_NEWPID | CLONE_NEWNET;

    load_low(builder, 0);
    emit(builder, BPF_JMP | BPF_JSET | BPF_K, 0, 1, namespaces);
    give(builder, TELL);
    give(builder, ALLOW);
}

/* Of a terminal, which stdin may be, no more than looking at it: without ISIG no Ctrl-C ended anything, and
 * with TIOCSTI a program would type. The kernel looks at the low half only; the second byte says what it is
 * for: ioctl_tty(2). */
static void emit_ioctl(Builder *builder) {
    static const guint32 harmless[] = {TCGETS,  TCGETS_2, TIOCGPGRP, TIOCOUTQ, TIOCGWINSZ, FIONREAD,
                                       FIONBIO, TIOCGSID, FIONCLEX,  FIOCLEX,  FIOASYNC,   FIOQSIZE};

    load_low(builder, 1);
    emit(builder, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xff00);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0x5400);
    give(builder, ALLOW);
    load_low(builder, 1);
    if_any(builder, harmless, G_N_ELEMENTS(harmless), ALLOW);
    give(builder, TELL);
}

/* A network namespace does not cover all families (vsock), and opens the code of many; so does a protocol of
 * the internet's that few have ever used (SCTP, DCCP, L2TP). The last one of these is what Go asks for. */
static void emit_socket(Builder *builder) {
    static const guint32 internet[] = {AF_INET, AF_INET6};
    static const guint32 protocols[] = {
        0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_MPTCP};

    load_low(builder, 0);
    if_equal(builder, AF_UNIX, ALLOW);
    for (guint i = 0; i < G_N_ELEMENTS(internet); i++)
        emit(builder, BPF_JMP | BPF_JEQ | BPF_K, (guint8)(G_N_ELEMENTS(internet) - i), 0, internet[i]);
    give(builder, TELL);
    load_low(builder, 2);
    if_any(builder, protocols, G_N_ELEMENTS(protocols), ALLOW);
    give(builder, TELL);
}

/* A datagram socket sends to any name, also where it has another end: unix(7). */
static void emit_pair(Builder *builder) {
    static const guint32 connected[] = {SOCK_STREAM, SOCK_SEQPACKET};

    load_low(builder, 0);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AF_UNIX);
    give(builder, TELL);
    load_low(builder, 1);
    emit(builder, BPF_ALU | BPF_AND | BPF_K, 0, 0, ~(guint32)(SOCK_CLOEXEC | SOCK_NONBLOCK));
    if_any(builder, connected, G_N_ELEMENTS(connected), ALLOW);
    give(builder, TELL);
}

static void emit_personality(Builder *builder) {
    static const guint32 wanted[] = {PER_LINUX, ADDR_NO_RANDOMIZE, 0xffffffffU}; /* the last one asks */

    load_low(builder, 0);
    if_any(builder, wanted, G_N_ELEMENTS(wanted), ALLOW);
    give(builder, TELL);
}

static void emit_mknod(Builder *builder, int argument) {
    static const guint32 types[] = {0, S_IFREG, S_IFIFO, S_IFSOCK};

    load_low(builder, argument);
    emit(builder, BPF_ALU | BPF_AND | BPF_K, 0, 0, S_IFMT);
    if_any(builder, types, G_N_ELEMENTS(types), ALLOW);
    give(builder, TELL);
}

/* A size beyond the limit is told. A negative one the kernel refuses itself. */
static void emit_size(Builder *builder, int argument) {
    const guint64 most = builder->options->file_size;

    load_high(builder, argument);
    emit(builder, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x80000000U);
    give(builder, ALLOW);
    emit(builder, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (guint32)(most >> 32));
    give(builder, TELL);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (guint32)(most >> 32));
    give(builder, ALLOW);
    load_low(builder, argument);
    emit(builder, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (guint32)most);
    give(builder, TELL);
    give(builder, ALLOW);
}

/* SIGXFSZ and SIGXCPU end a program that reaches a limit: CPython, for one, would ignore the first. Its
 * wish "succeeds". */
static void emit_sigaction(Builder *builder) {
    load_low(builder, 0);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, SIGXFSZ);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SIGXCPU);
    give(builder, ALLOW);
    give(builder, ERROR(0));
}

/* Of SIGXFSZ it is to be known whether a process has sent it or the kernel, for the limit on files. */
static void emit_signal(Builder *builder, int argument) {
    load_low(builder, argument);
    if_equal(builder, SIGXFSZ, TELL);
    give(builder, ALLOW);
}

static void emit_own(Builder *builder) {
    load_low(builder, 0);
    if_equal(builder, 0, ALLOW);
    give(builder, TELL);
}

/* The limit on core dumps stays what it is (see init/program.c): whoever lowers it to 0 "succeeds". */
static void emit_setrlimit(Builder *builder) {
    load_low(builder, 0);
    if_equal(builder, RLIMIT_CORE, ERROR(0));
    give(builder, ALLOW);
}

static void emit_prlimit(Builder *builder, bool only_own) {
    if (only_own) {
        load_low(builder, 0);
        emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
        give(builder, TELL);
    }
    load_low(builder, 1);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, RLIMIT_CORE);
    give(builder, ALLOW);
    /* Without a new value it asks. */
    load_low(builder, 2);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
    load_high(builder, 2);
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    give(builder, ALLOW);
    give(builder, ERROR(0));
}

static void emit_rule(Builder *builder, CallRule rule) {
    switch (rule) {
    case CALL_UNKNOWN:
        give(builder, ERROR(ENOSYS));
        return;
    case CALL_ALLOW:
        give(builder, ALLOW);
        return;
    case CALL_REFUSE:
        give(builder, TELL);
        return;
    case CALL_CLONE:
        emit_clone(builder);
        return;
    case CALL_IOCTL:
        emit_ioctl(builder);
        return;
    case CALL_SOCKET:
        emit_socket(builder);
        return;
    case CALL_PAIR:
        emit_pair(builder);
        return;
    case CALL_PERSONALITY:
        emit_personality(builder);
        return;
    case CALL_MKNOD:
        emit_mknod(builder, 1);
        return;
    case CALL_MKNODAT:
        emit_mknod(builder, 2);
        return;
    case CALL_TRUNCATE:
        emit_size(builder, 1);
        return;
    case CALL_FALLOCATE:
        emit_size(builder, 3);
        return;
    case CALL_SIGACTION:
        emit_sigaction(builder);
        return;
    case CALL_SIGNAL:
        emit_signal(builder, 1);
        return;
    case CALL_SIGNAL_THREAD:
        emit_signal(builder, 2);
        return;
    case CALL_OWN:
        emit_own(builder);
        return;
    case CALL_SETRLIMIT:
        emit_setrlimit(builder);
        return;
    case CALL_PRLIMIT:
    case CALL_PRLIMIT_OWN:
        emit_prlimit(builder, rule == CALL_PRLIMIT_OWN);
        return;
    default: /* no rule without a case may let anything through */
        give(builder, SECCOMP_RET_KILL_PROCESS);
        return;
    }
}

static guint emit_tree(Builder *builder, guint from, guint to);

/* One side of the comparison `at`. A run is what it is about: the way there is filled in by emit_rules(). */
static void emit_side(Builder *builder, guint at, bool if_true, guint from, guint to) {
    const Jump jump = {.at = at, .if_true = if_true};

    if (to - from == 1)
        g_array_append_val(builder->jumps[g_array_index(builder->runs, Run, from).rule], jump);
    else
        set_way(builder, jump, emit_tree(builder, from, to));
}

/* The number is loaded. Half of the runs on either side of each comparison. Returns where it begins. */
static guint emit_tree(Builder *builder, guint from, guint to) {
    guint middle = from + (to - from) / 2;
    guint at =
        emit(builder, BPF_JMP | BPF_JGE | BPF_K, 0, 0, g_array_index(builder->runs, Run, middle).first);

    emit_side(builder, at, false, from, middle);
    emit_side(builder, at, true, middle, to);
    return at;
}

static void emit_head(Builder *builder) {
    load(builder, offsetof(struct seccomp_data, arch));
    emit(builder, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
    give(builder, SECCOMP_RET_KILL_PROCESS);
    load(builder, offsetof(struct seccomp_data, nr));
#ifdef X32_BIT
    emit(builder, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
    give(builder, SECCOMP_RET_KILL_PROCESS);
#endif
}

static void emit_rules(Builder *builder) {
    for (int rule = 0; rule < CALL_RULES; rule++) {
        const GArray *jumps = builder->jumps[rule];

        for (guint i = 0; i < jumps->len; i++)
            set_way(builder, g_array_index(jumps, Jump, i), builder->code->len);
        if (jumps->len > 0)
            emit_rule(builder, (CallRule)rule);
    }
}

/* Two rules that give the same action are one run. */
static CallRule plain_rule(CallRule rule) {
    return rule == CALL_END ? CALL_REFUSE : rule;
}

static void find_runs(Builder *builder) {
    const FilterOptions *options = builder->options;
    const CallTable table = filter_table(options);

    for (guint number = 0; number <= FILTER_TABLE_END; number++) {
        CallRule rule = CALL_UNKNOWN;

        if (number < FILTER_TABLE_END)
            rule = plain_rule((CallRule)table.of[number]);
        if (number == 0 || g_array_index(builder->runs, Run, builder->runs->len - 1).rule != rule)
            g_array_append_vals(builder->runs, &(Run){number, rule}, 1);
    }
}

GBytes *filter_build(const FilterOptions *options) {
    Builder builder = {
        .options = options,
        .code = g_array_new(FALSE, FALSE, sizeof(struct sock_filter)),
        .runs = g_array_new(FALSE, FALSE, sizeof(Run)),
    };
    gsize size;
    gpointer code;

    for (int rule = 0; rule < CALL_RULES; rule++)
        builder.jumps[rule] = g_array_new(FALSE, FALSE, sizeof(Jump));
    find_runs(&builder);
    emit_head(&builder);
    (void)emit_tree(&builder, 0, builder.runs->len);
    emit_rules(&builder);
    for (int rule = 0; rule < CALL_RULES; rule++)
        g_array_unref(builder.jumps[rule]);
    g_array_unref(builder.runs);
    size = builder.code->len * sizeof(struct sock_filter);
    code = g_array_free(builder.code, FALSE);
    return g_bytes_new_take(code, size);
}

FilterCalls filter_deadly(void) {
    const CallTable table = filter_table(&(FilterOptions){.profile = FILTER_GENERAL});
    FilterCalls calls = {0};

    for (guint number = 0; number < FILTER_CALLS; number++)
        if (table.of[number] == CALL_END)
            calls.bits[number / 8] |= (guint8)(1U << (number % 8));
    return calls;
}

char *filter_call_name(int number) {
    char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    char *name = found != NULL ? g_strdup(found) : g_strdup_printf("system call %d", number);

    free(found);
    return name;
}
