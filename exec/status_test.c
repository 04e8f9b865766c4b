/* How programs end, and when: each case in each tier, by a supervisor of its own and by one for all of them.
 */
#include "exec/supervisor.h"

#include "exec/language.h"
#include "testdata/limits.h"
#include "testdata/tiers.h"

#include <signal.h>
#include <string.h>

/* What an elapsed time may be longer than it has to. */
#define TOLERANCE_MS 300
#define HANG_MS 5000
#define ATTEMPTS 3
#define NO_TIME (-1)  /* is due: it takes as long as it takes */
#define SOME_CPUS 500 /* of the CPU time: it may be had from several at a time */

typedef struct {
    const char *name;
    const char *language; /* NULL: `code` are the arguments of testdata/limits.c */
    const char *code;
    const char *limits; /* "memory=256M wall=600" */
    CommandStatus status;
    int ended; /* the exit code, or the signal; -1: not looked at */
    gint64 due_ms;
    const char *out;    /* NULL: not looked at */
    const char *denied; /* with STATUS_DENIED */
    enum { EVERYWHERE, WITH_GROUPS, WITHOUT_GROUPS, WITH_NAMESPACES } where;
} Case;

/* Sleepers and what burns time have less than a default: a test waits for them. */
static const Case cases[] = {
    /* What a program ends with. */
    {"python: 1/0", "python", "print(1/0)", "", STATUS_EXECUTION_ERROR, 1, 0, "", NULL, EVERYWHERE},
    {"python: exit 0", "python", "print(6)", "", STATUS_SUCCESS, 0, 0, "6\n", NULL, EVERYWHERE},
    {"python: exit 7", "python", "raise SystemExit(7)", "", STATUS_EXECUTION_ERROR, 7, 0, "", NULL,
     EVERYWHERE},
    {"python: exit 255", "python", "import os; os._exit(255)", "", STATUS_EXECUTION_ERROR, 255, 0, "", NULL,
     EVERYWHERE},
    {"python: a syntax error", "python", "print(", "", STATUS_EXECUTION_ERROR, 1, 0, "", NULL, EVERYWHERE},
    {"python: abort", "python", "import os; os.abort()", "", STATUS_SIGNALED, SIGABRT, 0, "", NULL,
     EVERYWHERE},
    {"bash: exit 0", "bash", "echo $((1 + 1))", "", STATUS_SUCCESS, 0, 0, "2\n", NULL, EVERYWHERE},
    {"bash: exit 255", "bash", "exit 255", "", STATUS_EXECUTION_ERROR, 255, 0, "", NULL, EVERYWHERE},
    {"bash: no such command", "bash", "frobnicate", "", STATUS_EXECUTION_ERROR, 127, 0, "", NULL, EVERYWHERE},
    {"bash: killed by itself", "bash", "kill -KILL $$", "", STATUS_SIGNALED, SIGKILL, 0, "", NULL,
     EVERYWHERE},
    {"bash: killed in a pipe", "bash", "set -o pipefail; (kill -SEGV $BASHPID) | cat", "",
     STATUS_EXECUTION_ERROR, 128 + SIGSEGV, 0, "", NULL, EVERYWHERE},
    {"node: exit 0", "javascript", "console.log(6)", "", STATUS_SUCCESS, 0, 0, "6\n", NULL, EVERYWHERE},
    {"node: exit 7", "javascript", "process.exitCode = 7", "", STATUS_EXECUTION_ERROR, 7, 0, "", NULL,
     EVERYWHERE},
    {"node: an exception", "javascript", "null.x", "", STATUS_EXECUTION_ERROR, 1, 0, "", NULL, EVERYWHERE},
    {"node: abort", "javascript", "process.abort()", "", STATUS_SIGNALED, SIGABRT, 0, "", NULL, EVERYWHERE},
    {"c: compiled", "c", "int main(void) { return 7; }", "", STATUS_EXECUTION_ERROR, 7, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: not compiled", "c", "int main(void) { return x; }", "", STATUS_EXECUTION_ERROR, 1, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: exit 0", NULL, "exit 0", "", STATUS_SUCCESS, 0, 0, "", NULL, EVERYWHERE},
    {"c: exit 255", NULL, "exit 255", "", STATUS_EXECUTION_ERROR, 255, 0, "", NULL, EVERYWHERE},
    {"c: abort", NULL, "abort", "", STATUS_SIGNALED, SIGABRT, 0, "", NULL, EVERYWHERE},
    {"c: stack overflow", NULL, "stack 20", "", STATUS_SIGNALED, SIGSEGV, 0, "", NULL, EVERYWHERE},

    /* Time. */
    {"python: sleeps", "python", "import time; time.sleep(100)", "wall=400", STATUS_TIMEOUT, -1, 400, "",
     NULL, EVERYWHERE},
    {"bash: children that ignore SIGTERM", "bash",
     "trap '' TERM HUP INT; for i in 1 2 3; do (sleep 100; sleep 100) & done; echo on; sleep 100; wait",
     "wall=400", STATUS_TIMEOUT, -1, 400, "on\n", NULL, EVERYWHERE},
    {"bash: stopped", "bash", "echo on; kill -STOP $$", "wall=400", STATUS_TIMEOUT, -1, 400, "on\n", NULL,
     EVERYWHERE},
    {"bash: daemons", "bash",
     "(setsid sleep 100 &) ; (setsid setsid sleep 100 < /dev/null > /dev/null 2>&1 &); echo on", "",
     STATUS_SUCCESS, 0, 0, "on\n", NULL, EVERYWHERE},
    {"bash: sleep & holds stdout", "bash", "sleep 100 & echo on", "", STATUS_SUCCESS, 0, 0, "on\n", NULL,
     EVERYWHERE},
    {"node: a timer", "javascript", "setTimeout(() => {}, 100000)", "wall=400", STATUS_TIMEOUT, -1, 400, "",
     NULL, EVERYWHERE},
    {"c: sleeps", NULL, "sleep 100000", "wall=300", STATUS_TIMEOUT, -1, 300, "", NULL, EVERYWHERE},
    {"python: a loop", "python", "while True: pass", "cpu=1000", STATUS_CPU_LIMIT, -1, 1000, "", NULL,
     EVERYWHERE},
    {"python: a loop with SIGXCPU caught", "python",
     "import signal\ntry:\n    signal.signal(signal.SIGXCPU, lambda *a: None)\nexcept OSError: pass\nwhile "
     "True: pass",
     "cpu=1000", STATUS_CPU_LIMIT, -1, 1000, "", NULL, EVERYWHERE},
    {"bash: a child", "bash", "./limits burn 1; echo on", "cpu=1000", STATUS_CPU_LIMIT, -1, 1000, NULL, NULL,
     EVERYWHERE},
    {"c: many threads", NULL, "burn 4", "cpu=1000", STATUS_CPU_LIMIT, -1, SOME_CPUS, "", NULL, EVERYWHERE},
    {"c: many children", NULL, "burn-children 4", "cpu=1000", STATUS_CPU_LIMIT, -1, SOME_CPUS, "", NULL,
     EVERYWHERE},
    {"c: children in turn", NULL, "burn-in-turn 100", "cpu=1000", STATUS_CPU_LIMIT, -1, 1000, "", NULL,
     EVERYWHERE},

    /* Memory. */
    {"python: 512 MB", "python", "x = b'x' * (512 << 20)", "memory=256M", STATUS_MEMORY_LIMIT, -1, NO_TIME,
     "", NULL, EVERYWHERE},
    {"python: catches MemoryError", "python",
     "x = []\ntry:\n    while True: x.append(b'x' * (4 << 20))\nexcept MemoryError:\n    print('caught')",
     "memory=64M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"python: children", "python",
     "import os, time\nfor i in range(4):\n    if os.fork() == 0:\n        x = b'x' * (32 << 20); "
     "time.sleep(9)\n"
     "os.wait()",
     "memory=64M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"python: files without a name", "python",
     "import os, time\nfor i in range(8):\n    f = os.memfd_create('x')\n    for j in range(32):\n"
     "        os.write(f, b'x' * (1 << 20))\ntime.sleep(1)",
     "memory=64M disk=16M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, WITH_GROUPS},
    {"python: files without a name, which nobody would count", "python",
     "import os\ntry:\n    os.memfd_create('x')\nexcept OSError as e: print(e.strerror)", "", STATUS_SUCCESS,
     0, 0, "Function not implemented\n", NULL, WITHOUT_GROUPS},
    {"python: segments of System V", "python",
     "import ctypes, time\nc = ctypes.CDLL(None)\nc.shmat.restype = ctypes.c_void_p\nfor i in range(8):\n"
     "    a = c.shmat(c.shmget(0, 32 << 20, 0o600), None, 0)\n    ctypes.memset(a, 1, 32 << 20)\n"
     "    c.shmdt(ctypes.c_void_p(a))\ntime.sleep(1)",
     "memory=64M disk=16M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, WITH_NAMESPACES},
    {"bash: a string", "bash", "x=xxxxxxxx; while :; do x=$x$x; done", "memory=64M", STATUS_MEMORY_LIMIT, -1,
     NO_TIME, "", NULL, EVERYWHERE},
    {"node: the heap", "javascript", "const x = []; for (;;) x.push(new Array(1000).fill(x.length))",
     "memory=128M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"node: buffers", "javascript", "const x = []; for (;;) x.push(Buffer.alloc(1 << 20, 1))", "memory=128M",
     STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"c: mmap", NULL, "private 512", "memory=256M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"c: shared memory", NULL, "shared 512", "memory=256M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: malloc", NULL, "heap 128", "memory=64M", STATUS_MEMORY_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"c: enough memory", NULL, "private 48", "memory=64M", STATUS_SUCCESS, 0, NO_TIME, "", NULL, EVERYWHERE},
    {"c: memory and a full disk", NULL, "fill-tmp 16", "memory=8M disk=32M", STATUS_SUCCESS, 0, NO_TIME, "",
     NULL, EVERYWHERE},

    /* Processes. */
    {"bash: a fork bomb", "bash", "b() { b | b & }; b; sleep 2", "processes=64", STATUS_PROCESS_LIMIT, -1,
     NO_TIME, NULL, NULL, EVERYWHERE},
    {"python: threads", "python",
     "import threading, time\nfor i in range(40):\n    threading.Thread(target=time.sleep, "
     "args=(1,)).start()",
     "processes=16", STATUS_PROCESS_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"python: children", "python",
     "import os, time\nfor i in range(40):\n    if os.fork() == 0: time.sleep(9)", "processes=16",
     STATUS_PROCESS_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"node: children", "javascript",
     "for (let i = 0; i < 40; i++) require('child_process').spawn('sleep', ['1']).on('error', () => {})",
     "processes=32", STATUS_PROCESS_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"c: threads", NULL, "threads-for-long 40", "processes=16", STATUS_PROCESS_LIMIT, -1, 0, "", NULL,
     EVERYWHERE},
    /* Nobody but a control group sees what comes and goes within a millisecond. */
    {"c: threads, and an end at once", NULL, "threads 40", "processes=16", STATUS_PROCESS_LIMIT, -1, 0, "",
     NULL, WITH_GROUPS},
    {"c: children, and an end at once", NULL, "fork 40", "processes=16", STATUS_PROCESS_LIMIT, -1, 0, "",
     NULL, EVERYWHERE},
    {"c: as many threads as may be", NULL, "threads-for-long 15", "processes=16", STATUS_SUCCESS, 0, 300, "",
     NULL, EVERYWHERE},
    {"bash: as many children as may be", "bash", "for i in 1 2 3; do sleep 0.1 & done; wait; echo on",
     "processes=4", STATUS_SUCCESS, 0, 100, "on\n", NULL, EVERYWHERE},

    /* The disk. */
    {"bash: 1 TiB of nothing", "bash", "truncate -s 1T $TMPDIR/a", "", STATUS_DISK_LIMIT, -1, 0, "", NULL,
     EVERYWHERE},
    {"python: 1 TiB of nothing", "python", "import os\nopen('a', 'w').close()\nos.truncate('a', 1 << 40)", "",
     STATUS_DISK_LIMIT, -1, 0, "", NULL, EVERYWHERE},
    {"python: a write far away", "python",
     "f = open('a', 'wb', 0)\nf.seek(1 << 40)\ntry:\n    f.write(b'x')\nexcept OSError: raise SystemExit(1)",
     "", STATUS_DISK_LIMIT, -1, 0, "", NULL, EVERYWHERE},
    {"node: a write far away", "javascript",
     "const fs = require('fs'); fs.writeSync(fs.openSync('a', 'w'), 'x', 2 ** 40)", "", STATUS_DISK_LIMIT, -1,
     0, "", NULL, EVERYWHERE},
    {"c: 1 TiB of nothing", NULL, "sparse 1048576", "", STATUS_DISK_LIMIT, -1, 0, "", NULL, EVERYWHERE},
    {"c: a write far away", NULL, "far 1048576", "", STATUS_DISK_LIMIT, -1, 0, "", NULL, EVERYWHERE},
    /* Without namespaces they are on the host's disk, which may take its time. */
    {"python: 20,000 files", "python", "for i in range(20000): open(str(i), 'w').close()", "",
     STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL, WITH_NAMESPACES},
    {"python: too many files", "python", "for i in range(3000): open(str(i), 'w').close()", "inodes=2000",
     STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"c: too many files", NULL, "files 3000", "inodes=2000", STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: as many files as may be", NULL, "files 1900", "inodes=2000", STATUS_SUCCESS, 0, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: a full work directory", NULL, "fill-work 64", "disk=32M", STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL,
     EVERYWHERE},
    {"c: a full /tmp", NULL, "fill-tmp 64", "disk=32M", STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"bash: a full disk", "bash", "head -c 40000000 /dev/zero > $TMPDIR/a", "disk=16M", STATUS_DISK_LIMIT, -1,
     NO_TIME, "", NULL, EVERYWHERE},
    {"node: a full disk", "javascript",
     "const fs = require('fs'); for (let i = 0; i < 40; i++) fs.writeFileSync('f' + i, Buffer.alloc(1 << "
     "20))",
     "disk=16M", STATUS_DISK_LIMIT, -1, NO_TIME, "", NULL, EVERYWHERE},
    {"bash: file_size", "bash", "head -c 2000 /dev/zero > a", "file_size=1000", STATUS_DISK_LIMIT, -1, 0, "",
     NULL, EVERYWHERE},
    {"bash: just file_size", "bash", "head -c 1000 /dev/zero > a; wc -c < a", "file_size=1000",
     STATUS_SUCCESS, 0, 0, "1000\n", NULL, EVERYWHERE},

    /* Output. */
    {"bash: yes", "bash", "yes", "output=64K", STATUS_OUTPUT_LIMIT, -1, 0, NULL, NULL, EVERYWHERE},
    {"bash: yes, to stderr", "bash", "yes >&2", "output=64K", STATUS_OUTPUT_LIMIT, -1, 0, "", NULL,
     EVERYWHERE},
    {"python: to stderr", "python", "import sys\nsys.stderr.write('x' * 2000)", "output=1000",
     STATUS_OUTPUT_LIMIT, 0, 0, "", NULL, EVERYWHERE},
    {"node: a flood", "javascript", "for (;;) require('fs').writeSync(1, 'x'.repeat(4096))", "output=64K",
     STATUS_OUTPUT_LIMIT, -1, 0, NULL, NULL, EVERYWHERE},
    {"c: just the limit", NULL, "bytes 1000", "output=1000", STATUS_SUCCESS, 0, 0, NULL, NULL, EVERYWHERE},
    {"c: one byte more", NULL, "bytes 1001", "output=1000", STATUS_OUTPUT_LIMIT, 0, 0, NULL, NULL,
     EVERYWHERE},
    {"c: just the limit to stderr", NULL, "errors 1000", "output=1000", STATUS_SUCCESS, 0, 0, "", NULL,
     EVERYWHERE},
    {"c: one byte more to stderr", NULL, "errors 1001", "output=1000", STATUS_OUTPUT_LIMIT, 0, 0, "", NULL,
     EVERYWHERE},

    /* The other limits. */
    {"c: open files", NULL, "open-files", "open_files=32", STATUS_EXECUTION_ERROR, 32, 0, "", NULL,
     EVERYWHERE},
    {"python: open files", "python",
     "f = []\ntry:\n    while True: f.append(open('/dev/null'))\nexcept OSError as e: print(e.errno)",
     "open_files=32", STATUS_SUCCESS, 0, 0, "24\n", NULL, EVERYWHERE},
    {"c: the stack is enough", NULL, "stack 3", "stack=4M", STATUS_SUCCESS, 0, 0, "", NULL, EVERYWHERE},
    {"c: the stack is not", NULL, "stack 3", "stack=2M", STATUS_SIGNALED, SIGSEGV, 0, "", NULL, EVERYWHERE},

    /* System calls. */
    {"c: ptrace", NULL, "ptrace", "", STATUS_DENIED, -1, 0, "", "ptrace", EVERYWHERE},
    {"c: init_module", NULL, "module", "", STATUS_DENIED, -1, 0, "", "init_module", EVERYWHERE},
    {"python: bpf", "python", "import ctypes\nctypes.CDLL(None).syscall(321, 0, 0, 0)", "", STATUS_DENIED, -1,
     0, "", "bpf", EVERYWHERE},
    {"bash: a child's ptrace", "bash", "./limits ptrace; echo on; sleep 9", "", STATUS_DENIED, -1, 0, NULL,
     "ptrace", EVERYWHERE},
};

static guint64 number(const char *text) {
    char *end;
    guint64 value = g_ascii_strtoull(text, &end, 10);

    return *end == 'K' ? value << 10 : *end == 'M' ? value << 20 : value;
}

static void set_limits(const char *text, Limits *limits) {
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    limits->wall_ms = 8000;
    for (char **word = words; *word != NULL && **word != '\0'; word++) {
        g_auto(GStrv) parts = g_strsplit(*word, "=", 2);
        const LimitInfo *info = limit_infos;

        while (g_strcmp0(info->name, parts[0]) != 0)
            info++;
        *(guint64 *)(void *)((char *)limits + info->offset) = number(parts[1]);
    }
}

static void set_program(const Case *which, Command *command) {
    g_autofree char *argv = g_strdup_printf(COMMAND_WORK "/limits %s", which->code);

    command->argv = g_strsplit(argv, " ", -1);
    command->env = language_environment("/usr/bin:/bin", NULL);
    command->filter = FILTER_NATIVE;
}

static void set_code(const Case *which, Command *command) {
    const Language *language = language_find(which->language);
    g_autofree char *name = g_strconcat("main", language_extension(language), NULL);
    g_autofree char *file = g_build_filename(COMMAND_WORK, name, NULL);
    g_autoptr(GBytes) code = g_bytes_new_static(which->code, strlen(which->code));
    const LanguageRun run = {.language = language, .file = file, .search_path = "/usr/bin:/bin"};
    g_autoptr(GError) error = NULL;

    command_add_file(command, name, code, false);
    if (which->limits[0] == '\0')
        language_raise_limits(language, &command->limits);
    g_assert_true(language_command(&run, command, &error));
}

static Command *command_of(const Case *which, GBytes *program) {
    Command *command = command_new();

    command->require = TIER_LANDLOCK;
    command->work.wanted = true;
    set_limits(which->limits, &command->limits);
    if (which->language == NULL || strcmp(which->language, "bash") == 0)
        command_add_file(command, "limits", program, true);
    if (which->language == NULL)
        set_program(which, command);
    else
        set_code(which, command);
    return command;
}

typedef struct {
    const Place *place;
    GBytes *program;
    Supervisor *shared;  /* NULL: one for each case */
    GHashTable *bare_ms; /* by language: what the start of nothing takes here, now */
} Runner;

static CommandResult *run(const Runner *runner, const Command *command, gint64 *ret_elapsed_ms) {
    gint64 started = g_get_monotonic_time();
    Supervisor *supervisor = runner->shared != NULL ? runner->shared : supervisor_new(1, -1);
    guint task = supervisor_start(supervisor, command);
    CommandResult *result;

    (void)supervisor_wait(supervisor);
    result = supervisor_take(supervisor, task);
    if (runner->shared == NULL)
        supervisor_free(supervisor);
    *ret_elapsed_ms = (g_get_monotonic_time() - started) / 1000;
    return result;
}

/* What the start of a language takes on a machine that others use as well. */
static gint64 bare_ms(const Runner *runner, const Case *which) {
    const char *language = which->language != NULL ? which->language : "program";
    const Case nothing = {
        .language = which->language, .code = which->language != NULL ? "" : "exit 0", .limits = ""};
    gint64 elapsed, least = G_MAXINT64;

    if (which->language != NULL && strcmp(language, "c") == 0)
        return 0;
    if (g_hash_table_contains(runner->bare_ms, language))
        return GPOINTER_TO_INT(g_hash_table_lookup(runner->bare_ms, language));
    for (int i = 0; i < 3; i++) {
        g_autoptr(Command) command = command_of(&nothing, runner->program);
        g_autoptr(CommandResult) result = run(runner, command, &elapsed);

        if (result->status != STATUS_SUCCESS)
            g_test_message("%s: %s: %s", language, result->error,
                           (const char *)g_bytes_get_data(result->err, NULL));
        g_assert_cmpstr(command_status_name(result->status), ==, "success");
        least = MIN(least, elapsed);
    }
    g_hash_table_insert(runner->bare_ms, (gpointer)language, GINT_TO_POINTER((int)least));
    return least;
}

/* What is wrong with a result; NULL: nothing. */
static char *complaint(const Case *which, const Command *command, const CommandResult *result) {
    gsize size;
    const char *data = g_bytes_get_data(result->out, &size);
    g_autofree char *out = g_strndup(size > 0 ? data : "", MIN(size, 200));
    const char *err = g_bytes_get_data(result->err, &size);
    int ended = result->signal != 0 ? result->signal : result->exit_code;
    g_autofree char *text = command_result_text(command, result);

    if (result->status != which->status || (which->ended >= 0 && ended != which->ended))
        return g_strdup_printf("%s, ended with %d: %s\n# stderr: %.*s", command_status_name(result->status),
                               ended, text, (int)MIN(size, 300), size > 0 ? err : "");
    if (which->out != NULL && strcmp(out, which->out) != 0)
        return g_strdup_printf("stdout is '%s'", out);
    if (g_strcmp0(result->denied, which->denied) != 0)
        return g_strdup_printf("%s is named", result->denied);
    if (result->error != NULL)
        return g_strdup(result->error);
    return NULL;
}

/* What is due of CPU time is not to be had at once where others use the machine. */
static bool is_late(const Case *which, const Command *command, const CommandResult *result, gint64 bare,
                    gint64 elapsed) {
    gint64 due = which->due_ms;

    if (which->status == STATUS_CPU_LIMIT) {
        elapsed = (gint64)(result->metrics.user_us + result->metrics.system_us) / 1000;
        due = (gint64)command->limits.cpu_ms;
    }
    return elapsed > (due == NO_TIME ? HANG_MS : due + bare + TOLERANCE_MS);
}

/* The status at once, the time once in some attempts: others may use the machine. */
static void check(const Runner *runner, const Case *which) {
    gint64 bare = bare_ms(runner, which), elapsed = 0;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        g_autoptr(Command) command = command_of(which, runner->program);
        g_autoptr(CommandResult) result = run(runner, command, &elapsed);
        g_autofree char *wrong = complaint(which, command, result);

        if (wrong != NULL || (which->due_ms != NO_TIME && elapsed < which->due_ms)) {
            g_test_message("%s: %s: %s (after %d ms)", runner->place->name, which->name, wrong, (int)elapsed);
            g_test_fail();
            return;
        }
        if (!is_late(which, command, result, bare, elapsed))
            return;
    }
    g_test_message("%s: %s: took %d ms, due are %d, and %d for nothing", runner->place->name, which->name,
                   (int)elapsed, (int)which->due_ms, (int)bare);
    g_test_fail();
}

static bool is_for(const Case *which, Tier tier) {
    switch (which->where) {
    case WITH_GROUPS:
        return tier == TIER_FULL;
    case WITHOUT_GROUPS:
        return tier < TIER_FULL;
    case WITH_NAMESPACES:
        return tier >= TIER_NAMESPACES;
    default:
        return true;
    }
}

/* What a signal does that a program sends to itself: signal(7). Those of limits that were not reached are
 * signals as others are. */
static bool is_ignored(int number) {
    return number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH;
}

/* These stop it: "bash: stopped". Those of a terminal do nothing to it, in a group that nobody waits for. */
static bool is_stop(int number) {
    return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static void check_signals(const Runner *runner) {
    for (int number = 1; number <= SIGRTMAX; number++) {
        g_autofree char *code = g_strdup_printf("signal %d", number);
        const Case which = {
            .name = code,
            .code = code,
            .limits = "",
            .status = is_ignored(number) ? STATUS_SUCCESS : STATUS_SIGNALED,
            .ended = is_ignored(number) ? 0 : number,
            .out = "",
        };

        if (!is_stop(number) && (number < __SIGRTMIN || number >= SIGRTMIN)) /* between are the C library's */
            check(runner, &which);
    }
}

static void check_all(const Place *place, Supervisor *shared) {
    g_autoptr(GBytes) program = limits_program();
    g_autoptr(GHashTable) times = g_hash_table_new(g_str_hash, g_str_equal);
    const Runner runner = {place, program, shared, times};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        if (is_for(&cases[i], place->tier))
            check(&runner, &cases[i]);
    check_signals(&runner);
}

static void test_single(const Place *place) {
    check_all(place, NULL);
}

static void test_reused(const Place *place) {
    g_autoptr(Supervisor) supervisor = supervisor_new(1, -1);

    check_all(place, supervisor);
}

/* Each tier in both ways, and each user in each tier: all of both would take minutes. */
int main(int argc, char **argv) {
    static const char *const single[] = {"full/root", "namespaces/user", "landlock/root", NULL};
    static const char *const reused[] = {"full/root", "namespaces/root", "landlock/user", NULL};

    g_test_init(&argc, &argv, NULL);
    tiers_add_in("/status/single", test_single, single);
    tiers_add_in("/status/reused", test_reused, reused);
    return g_test_run();
}
