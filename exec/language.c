#include "exec/language.h"

#include "exec/shebang.h"

#include <string.h>

#define LANGUAGE_ERROR (g_quark_from_static_string("sallyport-language-error"))

/* Where a compiler puts what it has made. */
#define PROGRAM "/tmp/program"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct Language {
    const char *name;
    const char *const *extensions;
    const char *const *programs; /* interpreters or compilers; also the words of a #! line */
    const char *const *alone;    /* options for a piece of code that stands alone */
    const char *const *in_tree;  /* options for a file of a repository, whose own modules may be imported */
    const char *const *behind;   /* a compiler's arguments behind the file */
    const char *const *env;
    const char *include;       /* the option that the tree's root is given with; or NULL */
    const char *tree_variable; /* the variable that is set to the tree's root; or NULL */
    const char *const *check;  /* arguments for the program that find out whether it can; or NULL */
    const char *get;           /* how to get its tools */
    FilterProfile filter;      /* of the program, not of its compiler */
    bool is_compiled;
    guint64 memory, disk, inodes, file_size; /* the least that its tools need; 0: the default does */
};

#define MIB ((guint64)1 << 20)

/* Node strips types by itself from 22.6 on. Older ones say "bad option", which is no help. */
#define CAN_STRIP                                                                                            \
    "if (!process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')) {"                          \
    "console.error(`typescript: this Node (${process.version}) cannot run it; to get one that can: `"        \
    " + 'Node 22.6 or newer (https://nodejs.org)'); process.exit(1)}"

static const Language languages[] = {
    {
        /* -I: neither the environment nor the user's site-packages nor the current folder are looked at; for
         * a file of a repository only the environment's PYTHONPATH is wanted, which is set here. */
        .name = "python",
        .extensions = WORDS(".py", ".pyw"),
        .programs = WORDS("python3", "python"),
        .get = "apt-get install python3",
        .alone = WORDS("-I", "-B"),
        .in_tree = WORDS("-s", "-B"),
        .tree_variable = "PYTHONPATH",
        .filter = FILTER_PYTHON,
    },
    {
        .name = "bash",
        .extensions = WORDS(".sh", ".bash"),
        .programs = WORDS("bash", "sh"),
        .get = "apt-get install bash",
        .filter = FILTER_SHELL,
    },
    {
        .name = "javascript",
        .extensions = WORDS(".js", ".mjs", ".cjs"),
        .programs = WORDS("node", "nodejs"),
        .get = "apt-get install nodejs",
        .filter = FILTER_NODE,
    },
    {
        .name = "typescript",
        .extensions = WORDS(".ts", ".mts", ".cts"),
        .programs = WORDS("node", "nodejs"),
        .get = "Node 22.6 or newer (https://nodejs.org)",
        .alone = WORDS("--experimental-strip-types", "--no-warnings"),
        .in_tree = WORDS("--experimental-strip-types", "--no-warnings"),
        .check = WORDS("-e", CAN_STRIP),
        .filter = FILTER_NODE,
    },
    {
        .name = "c",
        .extensions = WORDS(".c"),
        .programs = WORDS("cc", "gcc", "clang"),
        .get = "apt-get install gcc libc6-dev",
        .alone = WORDS("-O1", "-g", "-o", PROGRAM),
        .in_tree = WORDS("-O1", "-g", "-o", PROGRAM),
        .behind = WORDS("-lm", "-pthread"),
        .include = "-I",
        .filter = FILTER_NATIVE,
        .is_compiled = true,
    },
    {
        .name = "c++",
        .extensions = WORDS(".cc", ".cpp", ".cxx", ".C"),
        .programs = WORDS("c++", "g++", "clang++"),
        .get = "apt-get install g++",
        .alone = WORDS("-O1", "-g", "-o", PROGRAM),
        .in_tree = WORDS("-O1", "-g", "-o", PROGRAM),
        .behind = WORDS("-pthread"),
        .include = "-I",
        .filter = FILTER_NATIVE,
        .is_compiled = true,
    },
    {
        /* Without a cache from before, it compiles its own library first. */
        .name = "go",
        .extensions = WORDS(".go"),
        .programs = WORDS("go"),
        .get = "apt-get install golang-go, or https://go.dev/dl",
        .alone = WORDS("build", "-o", PROGRAM),
        .in_tree = WORDS("build", "-o", PROGRAM),
        .env = WORDS("GOCACHE=/tmp/.go/cache", "GOPATH=/tmp/.go/path", "GOENV=off", "GOFLAGS=-buildvcs=false",
                     "GOPROXY=off", "GOTELEMETRY=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0"),
        .filter = FILTER_GENERAL,
        .is_compiled = true,
        .disk = 512 * MIB,
        .file_size = 256 * MIB,
    },
    {
        .name = "rust",
        .extensions = WORDS(".rs"),
        .programs = WORDS("rustc"),
        .get = "apt-get install rustc, or https://rustup.rs",
        .alone = WORDS("--edition=2021", "-g", "-o", PROGRAM),
        .in_tree = WORDS("--edition=2021", "-g", "-o", PROGRAM),
        .filter = FILTER_NATIVE,
        .is_compiled = true,
    },
    {
        .name = "java",
        .extensions = WORDS(".java"),
        .programs = WORDS("java"),
        .get = "apt-get install default-jdk-headless",
        .alone =
            WORDS("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxRAMPercentage=50"),
        .in_tree =
            WORDS("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxRAMPercentage=50"),
        .filter = FILTER_GENERAL,
    },
};

const char *const *language_names(void) {
    static const char *const names[] = {"python", "bash", "javascript", "typescript", "c",
                                        "c++",    "go",   "rust",       "java",       NULL};

    G_STATIC_ASSERT(G_N_ELEMENTS(names) == G_N_ELEMENTS(languages) + 1);
    return names;
}

const Language *language_find(const char *name) {
    for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
        if (strcmp(languages[i].name, name) == 0)
            return &languages[i];
    return NULL;
}

const Language *language_meant(const char *word) {
    g_autofree char *name = g_ascii_strdown(word, -1);
    g_autofree char *extension = g_strconcat(".", name, NULL);
    const Language *language = language_find(name);

    for (gsize i = 0; language == NULL && i < G_N_ELEMENTS(languages); i++)
        if (g_strv_contains(languages[i].programs, name) ||
            g_strv_contains(languages[i].extensions, extension))
            language = &languages[i];
    return language;
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

const char *language_name(const Language *language) {
    return language->name;
}

const char *language_extension(const Language *language) {
    return language->extensions[0];
}

const char *const *language_programs(const Language *language) {
    return language->programs;
}

const char *language_how_to_get(const Language *language) {
    return language->get;
}

const char *const *language_names_with_venv(void) {
    static const char *const names[] = {"python", NULL};

    return names;
}

const char *const *language_names_with_sanitizers(void) {
    static const char *const names[] = {"c", "c++", NULL};

    return names;
}

static void raise_limit(guint64 *limit, guint64 standard, guint64 least) {
    if (*limit == standard && standard < least)
        *limit = least;
}

void language_raise_limits(const Language *language, Limits *limits) {
    const Limits standard = limits_default();

    raise_limit(&limits->memory, standard.memory, language->memory);
    raise_limit(&limits->disk, standard.disk, language->disk);
    raise_limit(&limits->inodes, standard.inodes, language->inodes);
    raise_limit(&limits->file_size, standard.file_size, language->file_size);
}

static GStrv set_all(GStrv env, const char *const *variables) {
    for (; variables != NULL && *variables != NULL; variables++) {
        const char *equals = strchr(*variables, '=');
        g_autofree char *name = g_strndup(*variables, (gsize)(equals - *variables));

        env = g_environ_setenv(env, name, equals + 1, TRUE);
    }
    return env;
}

GStrv language_environment(const char *search_path, const char *const *extra) {
    g_auto(GStrv) env = g_new0(char *, 1);

    env = g_environ_setenv(env, "PATH", search_path != NULL ? search_path : TOOL_SYSTEM_PATH, TRUE);
    env = g_environ_setenv(env, "HOME", "/tmp", TRUE);
    env = g_environ_setenv(env, "TMPDIR", "/tmp", TRUE);
    env = g_environ_setenv(env, "LANG", "C.UTF-8", TRUE);
    env = g_environ_setenv(env, "TZ", "UTC", TRUE);
    return set_all(g_steal_pointer(&env), extra);
}

/* DIR/bin/python, with its prefix and that of the python that it was made with. */
static Tool *find_venv_python(const LanguageRun *run, GError **error) {
    g_autofree char *config = g_build_filename(run->venv, "pyvenv.cfg", NULL);
    g_autofree char *program = g_build_filename(run->venv, "bin", "python", NULL);
    g_autoptr(Tool) tool = NULL;

    if (!g_file_test(config, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, LANGUAGE_ERROR, 0, "%s: not a virtual environment: there is no pyvenv.cfg in it",
                    run->venv);
        return NULL;
    }
    tool = tool_find(program, run->search_path);
    if (tool == NULL)
        g_set_error(error, LANGUAGE_ERROR, 0, "%s: no program, or its python is gone", program);
    return g_steal_pointer(&tool);
}

static Tool *find_program(const LanguageRun *run, GError **error) {
    const Language *language = run->language;

    if (run->venv != NULL && run->root == NULL)
        return find_venv_python(run, error);
    for (const char *const *program = language->programs; *program != NULL; program++) {
        g_autoptr(Tool) tool = run->root != NULL ? tool_find_in_root(*program, run->root)
                                                 : tool_find(*program, run->search_path);

        if (tool != NULL)
            return g_steal_pointer(&tool);
    }
    if (run->root != NULL)
        g_set_error(error, LANGUAGE_ERROR, 0, "%s: no %s in %s", language->name, language->programs[0],
                    run->root);
    else
        g_set_error(error, LANGUAGE_ERROR, 0, "%s: no %s on the PATH; to get it: %s", language->name,
                    language->programs[0], language->get);
    return NULL;
}

static void set_environment(const LanguageRun *run, Command *command) {
    const Language *language = run->language;
    g_autofree char *path = run->venv != NULL ? g_strdup_printf("%s/bin:%s", run->venv, run->search_path)
                                              : g_strdup(run->search_path);

    command->env = language_environment(run->root != NULL ? TOOL_SYSTEM_PATH : path, NULL);
    if (run->venv != NULL)
        command->env = g_environ_setenv(command->env, "VIRTUAL_ENV", run->venv, TRUE);
    if (run->tree != NULL && language->tree_variable != NULL)
        command->env = g_environ_setenv(command->env, language->tree_variable, run->tree, TRUE);
    if (run->sanitize) /* to look for leaks it would have to trace itself */
        command->env = g_environ_setenv(command->env, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
    command->env = set_all(command->env, language->env);
    command->env = set_all(command->env, run->env);
}

static void add_words(GStrvBuilder *argv, const char *const *words) {
    if (words != NULL)
        g_strv_builder_addv(argv, (const char **)words);
}

static GStrv program_argv(const LanguageRun *run, const char *program) {
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    g_strv_builder_add(argv, program);
    add_words(argv, run->tree != NULL ? run->language->in_tree : run->language->alone);
    if (run->sanitize)
        g_strv_builder_add_many(argv, "-fsanitize=address,undefined", "-fno-omit-frame-pointer", NULL);
    if (run->tree != NULL && run->language->include != NULL) {
        g_strv_builder_add(argv, run->language->include);
        g_strv_builder_add(argv, run->tree);
    }
    g_strv_builder_add(argv, run->file);
    add_words(argv, run->language->behind);
    if (!run->language->is_compiled)
        add_words(argv, run->args);
    return g_strv_builder_end(argv);
}

static GStrv check_argv(const LanguageRun *run, const char *program) {
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    g_strv_builder_add(argv, program);
    add_words(argv, run->language->check);
    return g_strv_builder_end(argv);
}

static GStrv compiled_argv(const LanguageRun *run) {
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();

    g_strv_builder_add(argv, PROGRAM);
    add_words(argv, run->args);
    return g_strv_builder_end(argv);
}

bool language_command(const LanguageRun *run, Command *command, GError **error) {
    const Language *language = run->language;
    g_autoptr(Tool) tool = find_program(run, error);

    if (tool == NULL)
        return false;
    command->argv = program_argv(run, tool->path);
    if (language->is_compiled) {
        command->build = command->argv;
        command->argv = compiled_argv(run);
    } else if (language->check != NULL) {
        command->build = check_argv(run, tool->path);
        command->build_is_check = true;
    }
    command->filter = run->sanitize ? FILTER_GENERAL : language->filter;
    command->root = g_strdup(run->root);
    set_environment(run, command);
    tool_mount(tool, command);
    return true;
}
