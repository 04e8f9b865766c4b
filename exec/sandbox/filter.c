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
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define X32_BIT 0x40000000U
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "no filter for this architecture yet"
#endif

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

static void emit_clone(Builder *builder) {
    const guint32 namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                               CLONE_NEWPID | CLONE_NEWNET;

    load_low(builder, 0);
    emit(builder, BPF_JMP | BPF_JSET | BPF_K, 0, 1, namespaces);
    give(builder, TELL);
    give(builder, ALLOW);
}

/* What writes into a terminal's input, or takes it over. The kernel looks at the low half only. */
static void emit_ioctl(Builder *builder) {
    load_low(builder, 1);
    if_equal(builder, TIOCSTI, TELL);
    if_equal(builder, TIOCLINUX, TELL);
    if_equal(builder, TIOCCONS, TELL);
    if_equal(builder, TIOCSETD, TELL);
    give(builder, ALLOW);
}

/* A network namespace does not cover all families (vsock), and opens the code of many. */
static void emit_socket(Builder *builder) {
    load_low(builder, 0);
    if_equal(builder, AF_UNIX, ALLOW);
    if_equal(builder, AF_INET, ALLOW);
    if_equal(builder, AF_INET6, ALLOW);
    give(builder, TELL);
}

static void emit_personality(Builder *builder) {
    load_low(builder, 0);
    if_equal(builder, PER_LINUX, ALLOW);
    if_equal(builder, ADDR_NO_RANDOMIZE, ALLOW);
    if_equal(builder, 0xffffffffU, ALLOW); /* asks */
    give(builder, TELL);
}

static void emit_mknod(Builder *builder, int argument) {
    load_low(builder, argument);
    emit(builder, BPF_ALU | BPF_AND | BPF_K, 0, 0, S_IFMT);
    if_equal(builder, 0, ALLOW);
    if_equal(builder, S_IFREG, ALLOW);
    if_equal(builder, S_IFIFO, ALLOW);
    if_equal(builder, S_IFSOCK, ALLOW);
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

static void emit_own(Builder *builder) {
    load_low(builder, 0);
    if_equal(builder, 0, ALLOW);
    give(builder, TELL);
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
    case CALL_OWN:
        emit_own(builder);
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
    CallTable table = filter_table(options->profile, options->network, options->shared_host);

    if (options->uncounted)
        table.of[SYS_memfd_create] = CALL_UNKNOWN;
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
    const CallTable table = filter_table(FILTER_GENERAL, NETWORK_NONE, false);
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
