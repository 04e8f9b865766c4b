/* Commands that share a zygote know nothing of each other: neither of one that runs at the same time, nor of
 * what one before has left. */
#include "exec/supervisor.h"

#include "exec/language.h"
#include "testdata/tiers.h"

#include <string.h>

/* What there is of `make`, in the words that a reader of a failed test needs. */
#define LOOK                                                                                                 \
    "import ctypes, os, socket, time\n"                                                                      \
    "c = ctypes.CDLL(None, use_errno=True)\n"                                                                \
    "places = {'TMPDIR': os.environ['TMPDIR'], '/tmp': '/tmp', '/dev/shm': '/dev/shm', 'work': '.'}\n"       \
    "def look():\n"                                                                                          \
    "    seen = [name for name, at in places.items() if os.path.exists(at + '/left')]\n"                     \
    "    try:\n"                                                                                             \
    "        socket.socket(socket.AF_UNIX).connect('\\0sallyport-left'); seen.append('socket')\n"            \
    "    except OSError: pass\n"                                                                             \
    "    if c.shmget(77, 0, 0) >= 0: seen.append('segment')\n"                                               \
    "    me = os.getpid()\n"                                                                                 \
    "    for pid in range(max(2, me - 3000), me + 1000):\n"                                                  \
    "        try:\n"                                                                                         \
    "            if pid != me: os.kill(pid, 0); seen.append('process')\n"                                    \
    "        except OSError: pass\n"                                                                         \
    "    return sorted(set(seen))\n"

#define MAKE                                                                                                 \
    LOOK "for at in places.values():\n"                                                                      \
         "    try: open(at + '/left', 'w').write('x')\n"                                                     \
         "    except OSError: pass\n"                                                                        \
         "try:\n"                                                                                            \
         "    s = socket.socket(socket.AF_UNIX); s.bind('\\0sallyport-left'); s.listen()\n"                  \
         "except OSError: pass\n"                                                                            \
         "c.shmget(77, 4096, 0o1600)\n"                                                                      \
         "if os.fork() == 0: os.setsid(); time.sleep(100)\n"                                                 \
         "print(*look(), flush=True)\n"

#define STAY MAKE "time.sleep(1.5)\n"
#define LOOK_LATER LOOK "time.sleep(0.7)\nprint(*look())\n"
#define LOOK_NOW LOOK "print(*look())\n"

static Command *new_command(const char *code) {
    const LanguageRun run = {
        .language = language_find("python"), .file = COMMAND_WORK "/main.py", .search_path = "/usr/bin:/bin"};
    g_autoptr(GBytes) bytes = g_bytes_new_static(code, strlen(code));
    g_autoptr(GError) error = NULL;
    Command *command = command_new();

    command->require = TIER_LANDLOCK;
    command->work.wanted = true;
    command_add_file(command, "main.py", bytes, false);
    g_assert_true(language_command(&run, command, &error));
    return command;
}

static char *take(Supervisor *supervisor, guint task) {
    g_autoptr(CommandResult) result = supervisor_take(supervisor, task);
    gsize size;
    const char *err = g_bytes_get_data(result->err, &size);

    if (result->status != STATUS_SUCCESS)
        g_test_message("%s: %.*s", result->error, (int)size, size > 0 ? err : "");
    g_assert_cmpstr(command_status_name(result->status), ==, "success");
    return g_strndup(g_bytes_get_data(result->out, &size), g_bytes_get_size(result->out));
}

/* What the maker sees itself, so that it is known to be there to be seen. The rest is refused where it would
 * be the host's. */
static const char *all_of(Tier tier) {
    return tier == TIER_LANDLOCK ? "TMPDIR process work\n"
                                 : "/dev/shm /tmp TMPDIR process segment socket work\n";
}

/* The first of a kind has a sandbox of its own. */
static void use_up_first(Supervisor *supervisor) {
    g_autoptr(Command) command = new_command(LOOK_NOW);
    guint task = supervisor_start(supervisor, command);
    g_autofree char *out = NULL;

    g_assert_true(supervisor_wait(supervisor));
    out = take(supervisor, task);
    g_assert_cmpstr(out, ==, "\n");
}

static void test_in_turn(const Place *place) {
    g_autoptr(Supervisor) supervisor = supervisor_new(1, -1);
    g_autoptr(Command) maker = new_command(MAKE);
    g_autoptr(Command) looker = new_command(LOOK_NOW);

    use_up_first(supervisor);
    for (int i = 0; i < 3; i++) {
        guint made = supervisor_start(supervisor, maker), looked = supervisor_start(supervisor, looker);
        g_autofree char *seen_by_maker = NULL, *seen = NULL;

        g_assert_true(supervisor_wait(supervisor));
        seen_by_maker = take(supervisor, made);
        seen = take(supervisor, looked);
        g_assert_cmpstr(seen_by_maker, ==, all_of(place->tier));
        g_assert_cmpstr(seen, ==, "\n");
    }
}

static void test_at_a_time(const Place *place) {
    g_autoptr(Supervisor) supervisor = supervisor_new(2, -1);
    g_autoptr(Command) maker = new_command(STAY);
    g_autoptr(Command) looker = new_command(LOOK_LATER);
    g_autofree char *seen_by_maker = NULL, *seen = NULL;
    guint made, looked;

    use_up_first(supervisor);
    made = supervisor_start(supervisor, maker);
    looked = supervisor_start(supervisor, looker);
    g_assert_true(supervisor_wait(supervisor));
    seen_by_maker = take(supervisor, made);
    seen = take(supervisor, looked);
    g_assert_cmpstr(seen_by_maker, ==, all_of(place->tier));
    g_assert_cmpstr(seen, ==, "\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    tiers_add("/reuse/in-turn", test_in_turn);
    tiers_add("/reuse/at-a-time", test_at_a_time);
    return g_test_run();
}
