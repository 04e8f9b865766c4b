#include "cmd/cmd.h"
#include "cmd/run.h"

#include "exec/outputs.h"
#include "exec/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* "NAME" is the one of this process. */
static GStrv environment(char **wanted) {
    g_autoptr(GStrvBuilder) env = g_strv_builder_new();

    for (; wanted != NULL && *wanted != NULL; wanted++) {
        const char *value = strchr(*wanted, '=') == NULL ? g_getenv(*wanted) : NULL;
        g_autofree char *own = value != NULL ? g_strconcat(*wanted, "=", value, NULL) : NULL;

        if (own != NULL || strchr(*wanted, '=') != NULL)
            g_strv_builder_add(env, own != NULL ? own : *wanted);
    }
    return g_strv_builder_end(env);
}

#define RUN_ERROR (g_quark_from_static_string("sallyport-run-error"))

static bool set_program(const char *name, Command *command, GError **error) {
    g_autoptr(Tool) tool = NULL;
    g_autofree char *path = strchr(name, '/') != NULL ? g_canonicalize_filename(name, NULL) : g_strdup(name);

    if (command->root != NULL && strchr(name, '/') != NULL) {
        command->argv[0] = g_strdup(name);
        return true;
    }
    tool = command->root != NULL ? tool_find_in_root(name, command->root) : tool_find(path, g_getenv("PATH"));
    if (tool == NULL) {
        g_set_error(error, RUN_ERROR, 0, "%s: no such program %s%s", name,
                    command->root != NULL       ? "in "
                    : strchr(name, '/') != NULL ? "here"
                                                : "on the PATH",
                    command->root != NULL ? command->root : "");
        return false;
    }
    command->argv[0] = g_strdup(tool->path);
    tool_mount(tool, command);
    return true;
}

/* A program and its arguments; `words[0]` is looked up. */
static bool set_words(char *const *words, const char *const *env, Command *command, GError **error) {
    guint count = g_strv_length((char **)words);

    command->argv = g_new0(char *, count + 1);
    command->env = language_environment(command->root != NULL ? TOOL_SYSTEM_PATH : g_getenv("PATH"), env);
    if (!set_program(words[0], command, error))
        return false;
    for (guint i = 1; i < count; i++)
        command->argv[i] = g_strdup(words[i]);
    return true;
}

/* Its arguments with {file} replaced, and those of the code behind them. */
static bool set_own_language(const RunCode *code, const char *const *env, Command *command, GError **error) {
    g_autofree char *file = g_build_filename(COMMAND_WORK, code->name, NULL);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) words = NULL;

    for (char *const *word = code->own->run; *word != NULL; word++) {
        g_auto(GStrv) parts = g_strsplit(*word, "{file}", -1);
        g_autofree char *replaced = g_strjoinv(file, parts);

        g_strv_builder_add(builder, replaced);
    }
    if (code->args != NULL)
        g_strv_builder_addv(builder, (const char **)code->args);
    words = g_strv_builder_end(builder);
    return set_words(words, env, command, error);
}

static bool set_language(const RunFlags *flags, const RunCode *code, const char *const *env, Command *command,
                         GError **error) {
    g_autofree char *file = g_build_filename(COMMAND_WORK, code->name, NULL);
    g_autofree char *venv = flags->venv != NULL ? g_canonicalize_filename(flags->venv, NULL) : NULL;
    const char *path = g_getenv("PATH");
    const LanguageRun run = {
        .language = code->language,
        .file = file,
        .args = (const char *const *)code->args,
        .search_path = path != NULL ? path : TOOL_SYSTEM_PATH,
        .env = env,
        .venv = venv,
        .root = command->root,
        .sanitize = flags->sanitize,
    };

    language_raise_limits(code->language, &command->limits);
    return language_command(&run, command, error);
}

/* A flag that says nothing to this language is a mistake, not something to pass over. */
static bool check_traits(const RunFlags *flags, const RunCode *code) {
    const char *name = code != NULL && code->language != NULL ? language_name(code->language) : "";

    if (flags->venv != NULL && !g_strv_contains(language_names_with_venv(), name))
        cmd_error("--venv is for Python");
    else if (flags->sanitize && !g_strv_contains(language_names_with_sanitizers(), name))
        cmd_error("--sanitize is for C and C++");
    else if (flags->venv != NULL && flags->root != NULL)
        cmd_error("--venv and --root exclude each other");
    else
        return true;
    return false;
}

static bool set_input(const RunFlags *flags, Command *command) {
    if (flags->input == NULL)
        return true;
    command->input_fd =
        strcmp(flags->input, "-") == 0 ? STDIN_FILENO : open(flags->input, O_RDONLY | O_CLOEXEC);
    if (command->input_fd < 0)
        cmd_error("%s: %s", flags->input, g_strerror(errno));
    return command->input_fd >= 0;
}

static bool set_outputs(const RunFlags *flags, Command *command) {
    for (char **path = flags->fetch; path != NULL && *path != NULL; path++) {
        const char *wrong = outputs_wrong_path(*path);

        if (wrong != NULL) {
            cmd_error("--fetch %s: %s", *path, wrong);
            return false;
        }
    }
    command->work.outputs = g_strdupv(flags->fetch);
    return true;
}

static bool set_root(const RunFlags *flags, Command *command) {
    if (flags->root == NULL)
        return true;
    command->root = g_canonicalize_filename(flags->root, NULL);
    if (g_file_test(command->root, G_FILE_TEST_IS_DIR))
        return true;
    cmd_error("--root %s: no such directory", flags->root);
    return false;
}

static bool set_program_of(const RunFlags *flags, const RunCode *code, const char *const *env,
                           Command *command, GError **error) {
    if (code == NULL)
        return set_words(flags->words, env, command, error);
    command_add_file(command, code->name, g_bytes_new(code->text, code->len), false);
    return code->own != NULL ? set_own_language(code, env, command, error)
                             : set_language(flags, code, env, command, error);
}

Command *run_command_new(const RunFlags *flags, const RunCode *code, GError **error) {
    g_auto(GStrv) env = environment(flags->env);
    g_autoptr(Command) command = command_new();

    command->work.wanted = true;
    command->network = flags->loopback ? NETWORK_LOOPBACK : NETWORK_NONE;
    if (run_flags_limits(flags, &command->limits) && check_traits(flags, code) && set_root(flags, command) &&
        set_outputs(flags, command) && set_input(flags, command) &&
        set_program_of(flags, code, (const char *const *)env, command, error))
        return g_steal_pointer(&command);
    return NULL;
}
