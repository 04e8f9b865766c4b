#include "exec/language.h"

#include "exec/shebang.h"

#include <string.h>

#define LANGUAGE_ERROR (g_quark_from_static_string("sallyport-language-error"))

/* -I: neither the environment nor the user's site-packages nor the current folder are looked at; for a file
 * of a repository only the environment's PYTHONPATH is wanted, which is set here. */
static const Language languages[] = {
    {
        .name = "python",
        .extension = ".py",
        .extensions = (const char *const[]){".py", ".pyw", NULL},
        .programs = (const char *const[]){"python3", "python", NULL},
        .alone = (const char *const[]){"-I", "-B", NULL},
        .in_tree = (const char *const[]){"-s", "-B", NULL},
        .tree_variable = "PYTHONPATH",
    },
    {
        .name = "bash",
        .extension = ".sh",
        .extensions = (const char *const[]){".sh", ".bash", NULL},
        .programs = (const char *const[]){"bash", "sh", NULL},
        .alone = (const char *const[]){NULL},
        .in_tree = (const char *const[]){NULL},
    },
    {
        .name = "javascript",
        .extension = ".js",
        .extensions = (const char *const[]){".js", ".mjs", ".cjs", NULL},
        .programs = (const char *const[]){"node", "nodejs", NULL},
        .alone = (const char *const[]){NULL},
        .in_tree = (const char *const[]){NULL},
    },
};

const char *const *language_names(void) {
    static const char *const names[] = {"python", "bash", "javascript", NULL};

    G_STATIC_ASSERT(G_N_ELEMENTS(names) == G_N_ELEMENTS(languages) + 1);
    return names;
}

const Language *language_find(const char *name) {
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
        if (strcmp(languages[i].name, name) == 0)
            return &languages[i];
    return NULL;
}

static const Language *language_of_head(const char *head, gsize len) {
    g_autofree char *word = shebang_word(head, len);
    g_autofree char *name = word != NULL ? shebang_program(word) : NULL;

    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(languages); i++) {
        for (const char *const *program = languages[i].programs; *program != NULL; program++) {
            g_autofree char *plain = shebang_program(*program);

            if (strcmp(name, plain) == 0)
                return &languages[i];
        }
    }
    return NULL;
}

const Language *language_of_file(const char *path, const char *head, gsize len) {
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
        for (const char *const *extension = languages[i].extensions; *extension != NULL; extension++)
            if (g_str_has_suffix(path, *extension))
                return &languages[i];
    return language_of_head(head, len);
}

GStrv language_environment(const char *search_path, const char *const *extra) {
    g_auto(GStrv) env = g_new0(char *, 1);

    env = g_environ_setenv(env, "PATH", search_path != NULL ? search_path : "/usr/bin:/bin", TRUE);
    env = g_environ_setenv(env, "HOME", "/tmp", TRUE);
    env = g_environ_setenv(env, "TMPDIR", "/tmp", TRUE);
    env = g_environ_setenv(env, "LANG", "C.UTF-8", TRUE);
    env = g_environ_setenv(env, "TZ", "UTC", TRUE);
    for (; extra != NULL && *extra != NULL; extra++) {
        const char *equals = strchr(*extra, '=');
        g_autofree char *name = g_strndup(*extra, (gsize)(equals - *extra));

        env = g_environ_setenv(env, name, equals + 1, TRUE);
    }
    return g_steal_pointer(&env);
}

static Tool *find_interpreter(const Language *language, const char *search_path, GError **error) {
    for (const char *const *program = language->programs; *program != NULL; program++) {
        g_autoptr(Tool) tool = tool_find(*program, search_path);

        if (tool != NULL)
            return g_steal_pointer(&tool);
    }
    g_set_error(error, LANGUAGE_ERROR, 0, "%s: no %s on the PATH", language->name, language->programs[0]);
    return NULL;
}

bool language_command(const Language *language, const char *file, const char *tree, const char *const *args,
                      const char *search_path, const char *const *env, Command *command, GError **error) {
    const char *const *options = tree != NULL ? language->in_tree : language->alone;
    g_autoptr(Tool) tool = find_interpreter(language, search_path, error);
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    if (tool == NULL)
        return false;
    g_strv_builder_add(argv, tool->path);
    g_strv_builder_addv(argv, (const char **)options);
    g_strv_builder_add(argv, file);
    if (args != NULL)
        g_strv_builder_addv(argv, (const char **)args);
    command->argv = g_strv_builder_end(argv);
    command->env = language_environment(search_path, env);
    if (tree != NULL && language->tree_variable != NULL &&
        g_environ_getenv(command->env, language->tree_variable) == NULL)
        command->env = g_environ_setenv(command->env, language->tree_variable, tree, TRUE);
    tool_mount(tool, command);
    return true;
}
