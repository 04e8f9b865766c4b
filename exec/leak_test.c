/* Many runs leave nothing behind: no descriptor, mount, control group, process or file, and no memory. */
#include "exec/supervisor.h"

#include "testdata/leftovers.h"
#include "testdata/tiers.h"

#include <dirent.h>
#include <string.h>

#define RUNS 1000
#define WARM_UP 100 /* what is kept for later is there by then */
#define SMALL_RUNS 200
#define AT_A_TIME 8
#define MOST_GROWTH (1U << 20) /* of memory, over all the runs */

static Command *new_command(void) {
    Command *command = command_new();

    command->argv = g_strsplit("/bin/true", " ", -1);
    command->env = g_strsplit("PATH=/bin", " ", -1);
    command->require = TIER_LANDLOCK;
    command->work.wanted = true;
    return command;
}

static guint count_lines(const char *path) {
    g_autofree char *text = NULL;
    guint count = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    return count;
}

static guint64 resident(void) {
    g_autofree char *text = NULL;
    const char *at;

    g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
    at = strstr(text, "RssAnon:");
    g_assert_nonnull(at);
    return g_ascii_strtoull(at + strlen("RssAnon:"), NULL, 10) * 1024;
}

static guint count_children(void) {
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
    g_auto(GStrv) words = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    words = g_strsplit(g_strchomp(text), " ", -1);
    return *text == '\0' ? 0 : g_strv_length(words);
}

typedef struct {
    guint descriptors, mounts, groups, folders;
} State;

static State look(void) {
    return (State){
        .descriptors = count_entries("/proc/self/fd", ""),
        .mounts = count_lines("/proc/self/mounts"),
        .groups = groups_of(getpid()),
        .folders = count_entries(tiers_tmp(), "sallyport-"),
    };
}

static void expect_same(const State *now, const State *before) {
    g_assert_cmpuint(now->descriptors, ==, before->descriptors);
    g_assert_cmpuint(now->mounts, ==, before->mounts);
    g_assert_cmpuint(now->groups, ==, before->groups);
    g_assert_cmpuint(now->folders, ==, before->folders);
}

static void take(Supervisor *supervisor, guint task) {
    g_autoptr(CommandResult) result = supervisor_take(supervisor, task);

    if (result->error != NULL)
        g_test_message("%s", result->error);
    g_assert_cmpstr(command_status_name(result->status), ==, "success");
}

static void run_some(Supervisor *supervisor, const Command *command, guint count, guint at_a_time) {
    for (guint done = 0; done < count; done += at_a_time) {
        guint first = supervisor_start(supervisor, command);

        for (guint i = 1; i < at_a_time; i++)
            (void)supervisor_start(supervisor, command);
        g_assert_true(supervisor_wait(supervisor));
        for (guint i = 0; i < at_a_time; i++)
            take(supervisor, first + i);
    }
}

/* In the middle, with all that a supervisor keeps; and without it. */
static void expect_no_leak(const Place *place, guint runs, guint at_a_time) {
    g_autoptr(Command) command = new_command();
    const State first = look();
    Supervisor *supervisor = supervisor_new(at_a_time, -1);
    State warm, now;
    guint64 memory;

    run_some(supervisor, command, WARM_UP, at_a_time);
    supervisor_rest(supervisor); /* what has ended is removed, the next one's place is there */
    warm = look();
    memory = resident();
    /* So it is known that they would be seen. */
    g_assert_cmpuint(warm.groups > 0, ==, place->tier == TIER_FULL);
    g_assert_cmpuint(warm.folders, ==, place->tier == TIER_LANDLOCK);
    run_some(supervisor, command, runs - runs % at_a_time, at_a_time);
    supervisor_rest(supervisor);
    now = look();
    expect_same(&now, &warm);
    g_assert_cmpuint(resident(), <, memory + MOST_GROWTH);
    supervisor_free(supervisor);
    now = look();
    expect_same(&now, &first);
}

static void test_in_a_row(const Place *place) {
    expect_no_leak(place, RUNS, 1);
}

static void test_at_a_time(const Place *place) {
    expect_no_leak(place, SMALL_RUNS, AT_A_TIME);
}

/* Each has a supervisor of its own, and so a sandbox that nobody else has. */
static void test_single(const Place *place) {
    g_autoptr(Command) command = new_command();
    State first = {0}, now;
    guint64 memory = 0;

    (void)place;
    for (guint i = 0; i < SMALL_RUNS; i++) {
        g_autoptr(Supervisor) supervisor = NULL;

        if (i == WARM_UP) {
            first = look();
            memory = resident();
        }
        supervisor = supervisor_new(1, -1);
        run_some(supervisor, command, 1, 1);
    }
    now = look();
    expect_same(&now, &first);
    g_assert_cmpuint(resident(), <, memory + MOST_GROWTH);
    tiers_expect_no_child();
    g_assert_cmpuint(count_children(), ==, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    tiers_add("/leak/in-a-row", test_in_a_row);
    tiers_add("/leak/at-a-time", test_at_a_time);
    tiers_add("/leak/single", test_single);
    return g_test_run();
}
