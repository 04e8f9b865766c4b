/* What a run is said to have used, against programs whose use is known, in each tier. */
#include "exec/supervisor.h"

#include "exec/language.h"
#include "testdata/limits.h"
#include "testdata/tiers.h"

#include <string.h>

#define MEGABYTE ((guint64)1 << 20)
#define PAGE 4096

/* By one supervisor for all: what one run has used must not be in the next one's. */
typedef struct {
    Supervisor *supervisor;
    GBytes *program;
} Runner;

static CommandResult *run(const Runner *runner, const char *arguments) {
    g_autoptr(Command) command = command_new();
    g_autofree char *argv = g_strconcat(COMMAND_WORK "/limits ", arguments, NULL);
    CommandResult *result;
    guint task;

    command->require = TIER_LANDLOCK;
    command->work.wanted = true;
    command->filter = FILTER_NATIVE;
    command->argv = g_strsplit(argv, " ", -1);
    command->env = language_environment("/usr/bin:/bin", NULL);
    command->limits.wall_ms = 20000;
    command_add_file(command, "limits", runner->program, true);
    task = supervisor_start(runner->supervisor, command);
    g_assert_true(supervisor_wait(runner->supervisor));
    result = supervisor_take(runner->supervisor, task);
    if (result->status != STATUS_SUCCESS) {
        g_autofree char *text = command_result_text(command, result);

        g_test_message("%s: %s %s", arguments, text, result->error);
    }
    g_assert_cmpstr(command_status_name(result->status), ==, "success");
    return result;
}

static void expect_between(const char *what, guint64 value, guint64 least, guint64 most) {
    if (value >= least && value <= most)
        return;
    g_test_message("%s: %" G_GUINT64_FORMAT " is not within %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
                   what, value, least, most);
    g_test_fail();
}

/* Times in milliseconds; from others on the machine only the wall's may come. */
static void check_times(const Runner *runner) {
    g_autoptr(CommandResult) asleep = run(runner, "sleep 300");
    g_autoptr(CommandResult) user = run(runner, "burn-user 300");
    g_autoptr(CommandResult) kernel = run(runner, "burn-system 300");

    expect_between("sleep: wall", asleep->metrics.wall_us / 1000, 300, 1300);
    expect_between("sleep: cpu", (asleep->metrics.user_us + asleep->metrics.system_us) / 1000, 0, 100);
    expect_between("user: wall", user->metrics.wall_us / 1000, 290, 5000);
    expect_between("user: user", user->metrics.user_us / 1000, 200, 450);
    expect_between("user: system", user->metrics.system_us / 1000, 0, 150);
    expect_between("kernel: system", kernel->metrics.system_us / 1000, 150, 450);
    expect_between("kernel: both", (kernel->metrics.user_us + kernel->metrics.system_us) / 1000, 290, 500);
}

static void check_memory(const Runner *runner) {
    g_autoptr(CommandResult) nothing = run(runner, "exit 0");
    g_autoptr(CommandResult) memory = run(runner, "private 64");
    g_autoptr(CommandResult) shared = run(runner, "shared 32");

    expect_between("nothing: memory", nothing->metrics.memory_peak, PAGE, 16 * MEGABYTE);
    expect_between("private: memory", memory->metrics.memory_peak, 64 * MEGABYTE, 80 * MEGABYTE);
    expect_between("shared: memory", shared->metrics.memory_peak, 32 * MEGABYTE, 48 * MEGABYTE);
    /* A huge page is one fault for 512. */
    expect_between("private: faults", memory->metrics.minor_faults,
                   nothing->metrics.minor_faults + 64 * MEGABYTE / PAGE / 512,
                   nothing->metrics.minor_faults + 64 * MEGABYTE / PAGE + 1000);
    expect_between("nothing: faults", nothing->metrics.minor_faults, 10, 2000);
    expect_between("nothing: major faults", nothing->metrics.major_faults, 0, 200);
}

static void check_switches(const Runner *runner) {
    g_autoptr(CommandResult) nothing = run(runner, "exit 0");
    g_autoptr(CommandResult) some = run(runner, "give-way 500");

    expect_between("nothing: switches", nothing->metrics.voluntary_switches, 0, 100);
    expect_between("some: switches", some->metrics.voluntary_switches, 490, 700);
}

static void check_processes(const Runner *runner) {
    g_autoptr(CommandResult) one = run(runner, "sleep 100");
    g_autoptr(CommandResult) threads = run(runner, "threads-for-long 9");

    expect_between("one: processes", one->metrics.processes_peak, 1, 1);
    expect_between("threads: processes", threads->metrics.processes_peak, 10, 10);
}

static void check_bytes(const Runner *runner) {
    g_autoptr(CommandResult) nothing = run(runner, "exit 0");
    g_autoptr(CommandResult) disk = run(runner, "fill-work 5");
    g_autoptr(CommandResult) tmp = run(runner, "fill-tmp 3");
    g_autoptr(CommandResult) written = run(runner, "bytes 12345");
    g_autoptr(CommandResult) errors = run(runner, "errors 54321");
    guint64 before = nothing->metrics.disk_bytes;

    expect_between("work: disk", disk->metrics.disk_bytes, before + 5 * MEGABYTE,
                   before + 5 * MEGABYTE + 65536);
    expect_between("tmp: disk", tmp->metrics.disk_bytes, before + 3 * MEGABYTE,
                   before + 3 * MEGABYTE + 65536);
    g_assert_cmpuint(written->out_total, ==, 12345);
    g_assert_cmpuint(written->err_total, ==, 0);
    g_assert_cmpuint(errors->out_total, ==, 0);
    g_assert_cmpuint(errors->err_total, ==, 54321);
}

static void test_metrics(const Place *place) {
    g_autoptr(Supervisor) supervisor = supervisor_new(1, -1);
    g_autoptr(GBytes) program = limits_program();
    const Runner runner = {supervisor, program};

    (void)place;
    check_times(&runner);
    check_memory(&runner);
    check_switches(&runner);
    check_processes(&runner);
    check_bytes(&runner);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    tiers_add("/metrics", test_metrics);
    return g_test_run();
}
