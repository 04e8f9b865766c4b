#include "cmd/cmd.h"

#include "ci/report/run_result.h"
#include "exec/language.h"
#include "exec/sandbox/remedy.h"
#include "exec/supervisor.h"
#include "exec/text.h"
#include "exec/tool.h"
#include "review/linters/linter.h"
#include "rules/clang/client.h"

#include <string.h>
#include <unistd.h>

#define WIDTH "%-18s"

static void add_detail(GString *text, const char *detail) {
    g_autofree char *line = detail != NULL ? text_line(detail, -1, 300) : NULL;

    if (line != NULL)
        g_string_append(text, line);
    g_string_append_c(text, '\n');
}

static void add_remedy(GString *text, const char *remedy) {
    if (remedy != NULL)
        g_string_append_printf(text, "  " WIDTH "       to get it: %s\n", "", remedy);
}

/* From the best down; the first that is to be had is the one in use. */
static void add_tiers(GString *text, const Isolation *isolation) {
    g_string_append_printf(text, "Sandbox: %s\n", tier_name(isolation->tier));
    for (Tier tier = TIER_FULL; tier > TIER_NONE; tier--) {
        const MechanismState *state;
        Mechanism obstacle = isolation_obstacle(isolation, tier, &state);

        g_string_append_printf(text, "  " WIDTH " ", tier_name(tier));
        if (obstacle == MECHANISMS) {
            g_string_append(text, tier == isolation->tier ? "yes    in use\n" : "yes\n");
            continue;
        }
        g_string_append_printf(text, "no     %s: ", mechanism_name(obstacle));
        add_detail(text, state->detail);
        add_remedy(text, state->remedy);
    }
}

static void add_mechanisms(GString *text, const Isolation *isolation) {
    g_string_append(text, "\nMechanisms\n");
    for (int i = 0; i < MECHANISMS; i++) {
        const MechanismState *state = &isolation->mechanisms[i];

        g_string_append_printf(text, "  " WIDTH " %s", mechanism_name((Mechanism)i),
                               state->applied ? "yes" : "no");
        g_string_append(text, state->detail != NULL ? (state->applied ? "    " : "     ") : "");
        add_detail(text, state->detail);
    }
}

/* What is said to be there is tried once. */
static bool add_trial(GString *text, Supervisor *supervisor) {
    g_autoptr(Command) command = command_new();
    g_autoptr(CommandResult) result = NULL;
    g_autofree char *summary = NULL;
    guint number;

    command->argv = g_strsplit("/bin/true", " ", -1);
    command->env = g_new0(char *, 1);
    command->require = MAX(supervisor_isolation(supervisor)->tier, TIER_LANDLOCK);
    number = supervisor_start(supervisor, command);
    (void)supervisor_wait(supervisor);
    result = supervisor_take(supervisor, number);
    if (result->status == STATUS_SUCCESS) {
        g_string_append_printf(text, "  /bin/true ran in it, in %.1f ms\n",
                               (double)result->metrics.wall_us / 1000);
        return true;
    }
    summary = command_result_text(command, result);
    g_string_append_printf(text, "  /bin/true %s\n", summary);
    add_remedy(text, result->remedy);
    return false;
}

/* NULL where it can be run: one whose interpreter may be too old is tried. Newly allocated. */
static char *why_not(Supervisor *supervisor, const Language *language) {
    const LanguageRun run = {.language = language, .file = "/dev/null", .search_path = g_getenv("PATH")};
    g_autoptr(Command) command = command_new();
    g_autoptr(CommandResult) result = NULL;
    g_autoptr(GError) error = NULL;
    guint number;

    if (!language_command(&run, command, &error))
        return g_strdup(error->message);
    if (!command->build_is_check)
        return NULL;
    number = supervisor_start(supervisor, command);
    (void)supervisor_wait(supervisor);
    result = supervisor_take(supervisor, number);
    return result->status == STATUS_SETUP_ERROR ? g_strdup(result->error) : NULL;
}

static void add_program(GString *text, const char *what, const char *const *programs) {
    for (const char *const *program = programs; *program != NULL; program++) {
        g_autoptr(Tool) tool = tool_find(*program, g_getenv("PATH"));
        g_autofree char *path = tool != NULL ? text_path(tool->path) : NULL;

        if (path != NULL) {
            g_string_append_printf(text, "  " WIDTH " yes    %s\n", what, path);
            return;
        }
    }
    g_string_append_printf(text, "  " WIDTH " no     %s is not on the PATH\n", what, programs[0]);
}

static void add_language(GString *text, Supervisor *supervisor, const char *name) {
    const Language *language = language_find(name);
    g_autofree char *why = why_not(supervisor, language);

    if (why == NULL) {
        add_program(text, name, language_programs(language));
        return;
    }
    g_string_append_printf(text, "  " WIDTH " no     ", name);
    add_detail(text, g_str_has_prefix(why, name) ? why + strlen(name) + 2 : why);
}

/* Whether the rules of C and C++ have what they need: it is asked of the worker, where it would run. */
static void add_libclang(GString *text, Supervisor *supervisor) {
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(ClangResult) result = NULL;
    const ClangRequest request = {.sources = none, .root = "/usr", .require = TIER_LANDLOCK};
    ClangRun *run = clang_start(&request, supervisor);

    (void)supervisor_wait(supervisor);
    result = clang_finish(run, supervisor);
    g_string_append(text, "\nRules of C and C++\n");
    g_string_append_printf(text, "  " WIDTH " %s", "libclang",
                           result->failure == NULL ? "yes    " : "no     ");
    add_detail(text, result->failure == NULL ? result->version : result->failure);
    if (result->failure != NULL)
        add_remedy(text, result->remedy);
}

static void add_programs(GString *text, Supervisor *supervisor) {
    g_string_append(text, "\nLinters\n");
    for (const Linter *const *linter = linter_all(); *linter != NULL; linter++)
        add_program(text, (*linter)->name, (const char *const[]){(*linter)->name, NULL});
    g_string_append(text, "\nLanguages\n");
    for (const char *const *name = language_names(); *name != NULL; name++)
        add_language(text, supervisor, *name);
}

/* For AppArmor the program is its path. */
static bool write_profile(void) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_file_read_link("/proc/self/exe", &error);
    g_autofree char *profile = path != NULL ? remedy_apparmor_profile(path) : NULL;

    if (profile == NULL) {
        cmd_error("%s", error->message);
        return false;
    }
    return cmd_write(STDOUT_FILENO, profile, strlen(profile));
}

static bool write_json(Supervisor *supervisor) {
    g_autoptr(GString) trial = g_string_new(NULL);
    const Isolation *isolation = supervisor_isolation(supervisor);
    bool works = add_trial(trial, supervisor) && isolation->tier >= TIER_NAMESPACES;
    json_t *object = json_object();
    g_autofree char *text = NULL;

    json_object_set_new(object, "version", json_integer(1));
    json_object_set_new(object, "works", json_boolean(works));
    json_object_set_new(object, "isolation", run_result_isolation(isolation));
    text = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    return cmd_write(STDOUT_FILENO, text, strlen(text)) && cmd_write(STDOUT_FILENO, "\n", 1) && works;
}

static bool write_text(Supervisor *supervisor) {
    g_autoptr(GString) text = g_string_new(NULL);
    const Isolation *isolation = supervisor_isolation(supervisor);
    bool works;

    add_tiers(text, isolation);
    works = add_trial(text, supervisor) && isolation->tier >= TIER_NAMESPACES;
    add_mechanisms(text, isolation);
    add_programs(text, supervisor);
    add_libclang(text, supervisor);
    return cmd_write(STDOUT_FILENO, text->str, text->len) && works;
}

int cmd_doctor(int argc, char **argv) {
    gboolean json = FALSE, profile = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Tell of the sandbox as JSON", NULL},
        {"apparmor-profile", 0, 0, G_OPTION_ARG_NONE, &profile,
         "Print the AppArmor profile that gives this program user namespaces", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Supervisor) supervisor = NULL;
    int status;

    if (!cmd_options(
            &argc, &argv, entries, "doctor", "- what this machine offers",
            "Tries the sandbox, and tells tier by tier what this machine gives, what is missing, and\n"
            "how to get it; then which linters and languages are there.",
            "Exit status: 0 the sandbox works with namespaces, which is what policies ask for by\n"
            "default; 3 it does not.",
            &status))
        return status;
    if (argc > 1) {
        cmd_error("doctor takes no arguments");
        return EXIT_REQUEST;
    }
    if (profile)
        return write_profile() ? EXIT_PASSED : EXIT_UNDECIDED;
    supervisor = supervisor_new(1, -1);
    return (json ? write_json(supervisor) : write_text(supervisor)) ? EXIT_PASSED : EXIT_UNDECIDED;
}
