#include "cmd/cmd.h"

#include "exec/language.h"
#include "exec/supervisor.h"
#include "exec/text.h"
#include "exec/tool.h"
#include "review/linters/linter.h"

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

static void add_programs(GString *text, Supervisor *supervisor) {
    g_string_append(text, "\nLinters\n");
    for (const Linter *const *linter = linter_all(); *linter != NULL; linter++)
        add_program(text, (*linter)->name, (const char *const[]){(*linter)->name, NULL});
    g_string_append(text, "\nLanguages\n");
    for (const char *const *name = language_names(); *name != NULL; name++)
        add_language(text, supervisor, *name);
}

int cmd_doctor(int argc, char **argv) {
    const GOptionEntry entries[] = {
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Supervisor) supervisor = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    bool works;
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
    supervisor = supervisor_new(1, -1);
    add_tiers(text, supervisor_isolation(supervisor));
    works = add_trial(text, supervisor) && supervisor_isolation(supervisor)->tier >= TIER_NAMESPACES;
    add_mechanisms(text, supervisor_isolation(supervisor));
    add_programs(text, supervisor);
    if (!cmd_write(STDOUT_FILENO, text->str, text->len))
        return EXIT_UNDECIDED;
    return works ? EXIT_PASSED : EXIT_UNDECIDED;
}
