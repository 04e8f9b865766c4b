/* The sandbox and the supervisor over real programs. Each program says by its exit code or output what it
 * saw. */
#include "exec/supervisor.h"
#include "exec/tool.h"
#include "exec/user.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static Command *shell(const char *script) {
    Command *command = command_new();
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    const char *env[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};

    command->argv = g_strdupv((char **)argv);
    command->env = g_strdupv((char **)env);
    command->cwd = g_strdup("/tmp");
    command->limits.wall_ms = 10000;
    return command;
}

static CommandResult *run(const Command *command) {
    g_autoptr(Supervisor) supervisor = supervisor_new(2, -1);
    CommandResult *result;

    supervisor_start(supervisor, command);
    g_assert_true(supervisor_wait(supervisor));
    result = supervisor_take(supervisor, 0);
    if (result->status == STATUS_SETUP_ERROR)
        g_test_message("setup error: %s", result->error);
    return result;
}

static void assert_bytes(GBytes *bytes, const char *expected) {
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *text = g_strndup(size > 0 ? data : "", size);

    g_assert_cmpstr(text, ==, expected);
}

/* Runs a script and compares its whole output. */
static void assert_output(const char *script, const char *expected) {
    g_autoptr(Command) command = shell(script);
    g_autoptr(CommandResult) result = run(command);

    assert_bytes(result->err, "");
    assert_bytes(result->out, expected);
    g_assert_cmpint(result->status, ==, STATUS_SUCCESS);
}

static void assert_status(const char *script, CommandStatus status) {
    g_autoptr(Command) command = shell(script);
    g_autoptr(CommandResult) result = run(command);

    g_assert_cmpstr(command_status_name(result->status), ==, command_status_name(status));
}

static void test_output(void) {
    g_autoptr(Command) command = shell("echo out; echo err >&2; exit 7");
    g_autoptr(CommandResult) result = run(command);
    g_autofree char *text = command_result_text(command, result);

    assert_bytes(result->out, "out\n");
    assert_bytes(result->err, "err\n");
    g_assert_cmpint(result->status, ==, STATUS_EXECUTION_ERROR);
    g_assert_cmpint(result->exit_code, ==, 7);
    g_assert_cmpstr(text, ==, "ended with exit code 7");
}

static void test_input(void) {
    g_autoptr(Command) command = shell("cat; cat");
    g_autoptr(CommandResult) result = NULL;

    command->input = g_bytes_new_static("one\ntwo\n", 8);
    result = run(command);
    assert_bytes(result->out, "one\ntwo\n");
    assert_output("cat", "");
}

static void test_signals(void) {
    g_autoptr(Command) command = shell("kill -SEGV $$");
    g_autoptr(CommandResult) result = run(command);

    g_assert_cmpint(result->status, ==, STATUS_SIGNALED);
    g_assert_cmpint(result->signal, ==, SIGSEGV);
    assert_status("kill -TERM $$", STATUS_SIGNALED);
    assert_status("exit 0", STATUS_SUCCESS);
    assert_status("exit 255", STATUS_EXECUTION_ERROR);
}

static void test_timeout(void) {
    g_autoptr(Command) command = shell("trap '' TERM; sleep 100 & echo started; wait");
    g_autoptr(CommandResult) result = NULL;

    command->limits.wall_ms = 300;
    result = run(command);
    g_assert_cmpint(result->status, ==, STATUS_TIMEOUT);
    assert_bytes(result->out, "started\n");
    g_assert_cmpuint(result->metrics.wall_us, >=, 300000);
    g_assert_cmpuint(result->metrics.wall_us, <, 2000000);
}

/* A grandchild that holds stdout open does not hold the result. */
static void test_orphan(void) {
    g_autoptr(Command) command = shell("sleep 100 & echo done");
    g_autoptr(CommandResult) result = run(command);

    g_assert_cmpint(result->status, ==, STATUS_SUCCESS);
    assert_bytes(result->out, "done\n");
    g_assert_cmpuint(result->metrics.wall_us, <, 2000000);
}

static void test_output_limit(void) {
    g_autoptr(Command) command = shell("yes"), some = shell("head -c 5000 /dev/zero; echo err >&2; exit 3");
    g_autoptr(CommandResult) flood = NULL, more = NULL;

    command->limits.output = some->limits.output = 1000;
    flood = run(command);
    g_assert_cmpint(flood->status, ==, STATUS_OUTPUT_LIMIT);
    g_assert_cmpuint(g_bytes_get_size(flood->out), ==, 1000);
    g_assert_cmpuint(flood->out_total, >, 16000);
    /* A little too much is counted to the end. */
    more = run(some);
    g_assert_cmpint(more->status, ==, STATUS_OUTPUT_LIMIT);
    g_assert_cmpuint(g_bytes_get_size(more->out), ==, 1000);
    g_assert_cmpuint(more->out_total, ==, 5000);
    g_assert_cmpint(more->exit_code, ==, 3);
    assert_bytes(more->err, "err\n");
}

static void test_cpu_limit(void) {
    g_autoptr(Command) command = shell("while :; do :; done"),
                       many = shell("for i in 1 2 3 4; do "
                                    "while :; do :; done & done; wait");
    g_autoptr(CommandResult) one = NULL, all = NULL;

    command->limits.cpu_ms = many->limits.cpu_ms = 1000;
    one = run(command);
    g_assert_cmpint(one->status, ==, STATUS_CPU_LIMIT);
    /* Together, not each. */
    all = run(many);
    g_assert_cmpint(all->status, ==, STATUS_CPU_LIMIT);
    g_assert_cmpuint(all->metrics.user_us + all->metrics.system_us, <, 1500000);
}

static void test_memory_limit(void) {
    g_autoptr(Command) command =
        shell("/usr/bin/env perl -e '$x = \"x\" x (300 << 20); print length $x; sleep 2'");
    g_autoptr(Command) two =
        shell("for i in 1 2 3; do perl -e '$x = \"x\" x (60 << 20); sleep 2' & done; wait");
    g_autoptr(CommandResult) result = NULL, enough = NULL, together = NULL;

    command->limits.memory = two->limits.memory = 128 << 20;
    result = run(command);
    g_assert_cmpstr(command_status_name(result->status), ==, "memory_limit");
    together = run(two);
    g_assert_cmpstr(command_status_name(together->status), ==, "memory_limit");
    command->limits.memory = 1 << 30;
    enough = run(command);
    assert_bytes(enough->out, "314572800");
    g_assert_cmpuint(enough->metrics.memory_peak, >=, 300 << 20);
}

static void test_processes_limit(void) {
    g_autoptr(Command) command = shell("for i in 1 2 3 4 5 6 7 8; do sleep 0.2 & done; wait; echo all");
    g_autoptr(Command) bomb = shell("b() { b | b & }; b; sleep 1"),
                       just = shell("sleep 0.1 & sleep 0.1; echo all");
    g_autoptr(CommandResult) result = NULL, bombed = NULL, fits = NULL;

    command->limits.processes = 4;
    result = run(command);
    g_assert_cmpstr(command_status_name(result->status), ==, "process_limit");
    bombed = run(bomb);
    g_assert_cmpstr(command_status_name(bombed->status), ==, "process_limit");
    g_assert_cmpuint(bombed->metrics.processes_peak, >=, 256);
    just->limits.processes = 3;
    fits = run(just);
    assert_bytes(fits->out, "all\n");
    g_assert_cmpint(fits->status, ==, STATUS_SUCCESS);
    assert_output("for i in 1 2 3 4 5 6 7 8; do sleep 0.01 & done; wait; echo all", "all\n");
}

static void assert_disk_limit(const char *script) {
    g_autoptr(Command) command = shell(script);
    g_autoptr(CommandResult) result = NULL;

    command->limits.disk = 1 << 20;
    command->limits.inodes = 100;
    command->limits.file_size = 4 << 20;
    result = run(command);
    if (result->status != STATUS_DISK_LIMIT)
        g_test_message("%s", script);
    g_assert_cmpstr(command_status_name(result->status), ==, "disk_limit");
}

static void test_disk_limits(void) {
    g_autoptr(Command) command = shell("head -c 3000000 /dev/zero > /tmp/a 2>/dev/null; wc -c < /tmp/a");
    g_autoptr(CommandResult) result = NULL;

    assert_disk_limit("head -c 3000000 /dev/zero > /tmp/a");
    assert_disk_limit("head -c 3000000 /dev/zero > /dev/shm/a");
    assert_disk_limit("i=0; while [ $i -lt 200 ]; do : > /tmp/$i || exit 1; i=$((i + 1)); done");
    assert_disk_limit("truncate -s 1T /tmp/a");
    assert_disk_limit("exec perl -e 'open F, \">/tmp/a\"; seek F, 1 << 40, 0; print F 1; close F or exit 1'");
    /* Interpreters ignore the signal that a write beyond file_size brings. */
    assert_disk_limit("exec perl -e '$SIG{XFSZ} = \"IGNORE\"; open F, \">/tmp/a\"; sysseek F, 1 << 40, 0; "
                      "syswrite F, 1; exit 1'");
    /* What ended well has had enough. */
    command->limits.disk = 1 << 20;
    result = run(command);
    assert_bytes(result->out, "1048576\n");
    g_assert_cmpint(result->status, ==, STATUS_SUCCESS);
    g_assert_cmpuint(result->metrics.disk_bytes, ==, 1 << 20);
}

static void test_work_directory(void) {
    g_autofree char *dir = g_dir_make_tmp("sallyport-test-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "a", NULL);
    g_autoptr(Command) command =
        shell("cat a sub/b; echo changed > a; echo new > c; mkdir d; ln -s /etc/passwd l; "
              "mkfifo f; cat a c; stat -c %a sub/b; pwd; rm sub/b");
    g_autoptr(GBytes) bytes = g_bytes_new_static("given\n", 6);
    const char *const outputs[] = {"c", "gone", "d", "l", "f", "sub/b", "../a", NULL};
    g_autoptr(GString) back = g_string_new(NULL);
    g_autoptr(CommandResult) result = NULL;
    g_autofree char *text = NULL;
    const User user = user_of_children();

    g_assert_true(g_file_set_contents(file, "content\n", -1, NULL));
    g_assert_cmpint(chown(dir, user.uid, user.gid), ==, 0);
    g_assert_cmpint(chown(file, user.uid, user.gid), ==, 0);
    g_clear_pointer(&command->cwd, g_free);
    command->work.wanted = true;
    command->work.tree = g_strdup(dir);
    command->work.outputs = g_strdupv((char **)outputs);
    command_add_file(command, "sub/b", bytes, true);
    result = run(command);
    assert_bytes(result->err, "");
    assert_bytes(result->out, "content\ngiven\nchanged\nnew\n755\n/snapshot\n");
    for (guint i = 0; i < result->outputs->len; i++) {
        const Output *output = result->outputs->pdata[i];

        g_string_append_printf(back, "%s: %s; ", output->path,
                               output->bytes != NULL ? "is back" : output->error);
    }
    g_assert_cmpstr(
        back->str, ==,
        "c: is back; gone: No such file or directory; d: not a regular file; "
        "l: Too many levels of symbolic links; f: not a regular file; sub/b: No such file or directory; "
        "../a: Invalid cross-device link; ");
    assert_bytes(((const Output *)result->outputs->pdata[0])->bytes, "new\n");
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "content\n");
    g_remove(file);
    g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void test_identity(void) {
    assert_output("id -u; id -g; hostname", "1000\n1000\nsallyport\n");
    assert_output("echo $$ | tr -d 0-9; ls /proc | grep -c '^[0-9]' | tr 0-9 n", "\nn\n");
    assert_output("grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status",
                  "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
                  "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n");
    assert_output("env | sort", "LANG=C.UTF-8\nPATH=/usr/bin:/bin\nPWD=/tmp\n");
    assert_output("ls /proc/self/fd", "0\n1\n2\n3\n");
    assert_output("test -e /proc/1/environ || echo hidden", "hidden\n");
}

static void test_file_system(void) {
    assert_output("for f in /etc/shadow /root /home /var /proc/kallsyms /proc/sys /sys; do test -e $f && "
                  "echo $f; done; true",
                  "");
    assert_output(
        "for d in / /etc /usr /usr/bin /dev /proc; do touch $d/x 2>/dev/null && echo $d; done; true", "");
    assert_output("cd /tmp && echo kept > a && cat a && ls -A /tmp", "kept\na\n");
    assert_output(
        "cat /dev/zero | head -c 2 | od -An -tx1; cat /proc/1/environ 2>/dev/null | tr -d '\\0'; true",
        " 00 00\n");
}

static void test_mounts(void) {
    g_autofree char *dir = g_dir_make_tmp("sallyport-test-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(dir, "a", NULL);
    g_autoptr(Command) command = shell(
        "cat /given/there/a; (echo x > /given/there/b; rm -f /given/there/a) 2>/dev/null; ls /given/there");
    g_autoptr(CommandResult) result = NULL;

    g_assert_cmpint(g_chmod(dir, 0755), ==, 0); /* root's sandbox reads as nobody */
    g_assert_true(g_file_set_contents(file, "content\n", -1, NULL));
    command_add_mount(command, dir, "/given/there");
    result = run(command);
    assert_bytes(result->out, "content\na\n");
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    g_remove(file);
    g_rmdir(dir);
}

static void test_network(void) {
    const char *script =
        "exec /usr/bin/perl -MIO::Socket::INET -e '"
        "$s = IO::Socket::INET->new(Listen => 1, LocalAddr => \"127.0.0.1\")"
        "  or print(\"no\"), exit;"
        "$c = IO::Socket::INET->new(PeerAddr => \"127.0.0.1\", PeerPort => $s->sockport, Timeout => 1);"
        "print $c ? \"yes\" : \"no\"'";
    g_autoptr(Command) command = shell(script);
    g_autoptr(CommandResult) without = run(command), with = NULL;

    assert_bytes(without->out, "no");
    command->network = NETWORK_LOOPBACK;
    with = run(command);
    assert_bytes(with->out, "yes");
}

static void test_filter(void) {
    assert_status("unshare -r true 2>/dev/null", STATUS_EXECUTION_ERROR);
    assert_status("mount -t tmpfs x /tmp 2>/dev/null", STATUS_EXECUTION_ERROR);
    assert_status("exec perl -e 'syscall(101, 0, 0, 0, 0)'", STATUS_DENIED); /* ptrace */
    assert_status("exec perl -e 'syscall(321, 0, 0, 0)'", STATUS_DENIED);    /* bpf */
    assert_output("perl -e 'syscall(435, 0, 0); print $!+0'", "38");         /* clone3: ENOSYS */
    assert_output("perl -e 'syscall(425, 0, 0); print $!+0'", "38");         /* io_uring_setup */
    assert_output("perl -e 'syscall(56, 0x10000011, 0, 0, 0, 0); print $!+0'",
                  "1");                                                /* clone(CLONE_NEWUSER) */
    assert_output("perl -e 'print socket(S, 40, 1, 0) ? 1 : 0'", "0"); /* AF_VSOCK */
    assert_output("perl -e 'print socket(S, 16, 3, 0) ? 1 : 0'", "0"); /* AF_NETLINK */
}

static void test_setup_errors(void) {
    g_autoptr(Command) missing = shell("true"), no_mount = shell("true"), no_dir = shell("true");
    g_autoptr(CommandResult) a = NULL, b = NULL, c = NULL;

    g_free(missing->argv[0]);
    missing->argv[0] = g_strdup("/no/such/program");
    a = run(missing);
    g_assert_cmpint(a->status, ==, STATUS_SETUP_ERROR);
    g_assert_cmpstr(a->error, ==, "start /no/such/program: No such file or directory");
    command_add_mount(no_mount, "/no/such/folder", "/x");
    b = run(no_mount);
    g_assert_cmpint(b->status, ==, STATUS_SETUP_ERROR);
    g_assert_cmpstr(b->error, ==, "open /no/such/folder: No such file or directory");
    g_free(no_dir->cwd);
    no_dir->cwd = g_strdup("/gone");
    c = run(no_dir);
    g_assert_cmpstr(c->error, ==, "chdir /gone: No such file or directory");
}

static void test_many_at_once(void) {
    g_autoptr(Supervisor) supervisor = supervisor_new(3, -1);
    g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func((GDestroyNotify)command_free);

    for (int i = 0; i < 20; i++) {
        g_autofree char *script = g_strdup_printf("exit %d", i);

        g_ptr_array_add(commands, shell(script));
        g_assert_cmpuint(supervisor_start(supervisor, commands->pdata[i]), ==, (guint)i);
    }
    g_assert_true(supervisor_wait(supervisor));
    for (int i = 0; i < 20; i++) {
        g_autoptr(CommandResult) result = supervisor_take(supervisor, (guint)i);

        g_assert_cmpint(result->exit_code, ==, i);
    }
}

static void test_cancel(void) {
    int fds[2];
    g_autoptr(Command) slow = shell("sleep 100"), waiting = shell("sleep 100");
    g_autoptr(CommandResult) a = NULL, b = NULL;

    g_assert_cmpint(pipe(fds), ==, 0);
    g_autoptr(Supervisor) supervisor = supervisor_new(1, fds[0]);
    supervisor_start(supervisor, slow);
    supervisor_start(supervisor, waiting);
    g_assert_cmpint(write(fds[1], "x", 1), ==, 1);
    g_assert_false(supervisor_wait(supervisor));
    a = supervisor_take(supervisor, 0);
    b = supervisor_take(supervisor, 1);
    g_assert_cmpint(a->status, ==, STATUS_CANCELLED);
    g_assert_cmpint(b->status, ==, STATUS_CANCELLED);
    close(fds[0]);
    close(fds[1]);
}

/* A file descriptor that is leaked shows as a number that rises. */
static void test_no_leak(void) {
    int before = dup(0), after;

    close(before);
    for (int i = 0; i < 20; i++)
        assert_status("exit 3", STATUS_EXECUTION_ERROR);
    after = dup(0);
    close(after);
    g_assert_cmpint(after, ==, before);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/supervisor/output", test_output);
    g_test_add_func("/supervisor/input", test_input);
    g_test_add_func("/supervisor/signals", test_signals);
    g_test_add_func("/supervisor/timeout", test_timeout);
    g_test_add_func("/supervisor/orphan", test_orphan);
    g_test_add_func("/supervisor/output-limit", test_output_limit);
    g_test_add_func("/supervisor/cpu-limit", test_cpu_limit);
    g_test_add_func("/supervisor/memory-limit", test_memory_limit);
    g_test_add_func("/supervisor/processes-limit", test_processes_limit);
    g_test_add_func("/supervisor/disk-limits", test_disk_limits);
    g_test_add_func("/supervisor/many-at-once", test_many_at_once);
    g_test_add_func("/supervisor/cancel", test_cancel);
    g_test_add_func("/supervisor/no-leak", test_no_leak);
    g_test_add_func("/sandbox/work-directory", test_work_directory);
    g_test_add_func("/sandbox/identity", test_identity);
    g_test_add_func("/sandbox/file-system", test_file_system);
    g_test_add_func("/sandbox/mounts", test_mounts);
    g_test_add_func("/sandbox/network", test_network);
    g_test_add_func("/sandbox/filter", test_filter);
    g_test_add_func("/sandbox/setup-errors", test_setup_errors);
    return g_test_run();
}
