#include "exec/tool.h"

#include "exec/shebang.h"
#include "exec/shim.h"
#include "exec/text.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Links and interpreters are followed this far: env -> python -> the venv's python -> the system's. */
#define MOST_HOPS 16u

/* Work in progress of tool_find(). */
typedef struct {
    const char *search_path;
    GPtrArray *roots; /* of char *: host paths that the tool needs */
    char *modules;    /* the folder node_modules that it stands in, or NULL */
    guint hops;
} Closure;

static bool is_program(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static char *search(const char *name, const char *search_path) {
    g_auto(GStrv) folders = g_strsplit(search_path != NULL ? search_path : "", ":", -1);

    if (strchr(name, '/') != NULL)
        return g_path_is_absolute(name) && is_program(name) ? g_strdup(name) : NULL;
    for (char **folder = folders; *folder != NULL; folder++) {
        g_autofree char *path = g_build_filename(*folder, name, NULL);

        if (g_path_is_absolute(*folder) && is_program(path))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static bool is_below(const char *path, const char *folder) {
    gsize len = strlen(folder);

    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* Whether the sandbox shows it anyway: see root.c. */
static bool is_system(const char *path) {
    static const char *const shown[] = {"/usr",   "/bin",   "/sbin",   "/lib",
                                        "/lib32", "/lib64", "/libx32", "/etc/alternatives"};

    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++)
        if (is_below(path, shown[i]))
            return true;
    return false;
}

static void add_root(Closure *closure, const char *path) {
    if (!is_system(path) && g_file_test(path, G_FILE_TEST_EXISTS) &&
        !g_ptr_array_find_with_equal_func(closure->roots, path, g_str_equal, NULL))
        g_ptr_array_add(closure->roots, g_strdup(path));
}

static void add_part(Closure *closure, const char *prefix, const char *part) {
    g_autofree char *path = g_build_filename(prefix, part, NULL);

    add_root(closure, path);
}

/* Of a prefix such as ~/.local only what programs are made of, not its share/ or state/. */
static void add_prefix(Closure *closure, const char *prefix) {
    static const char *const parts[] = {"bin", "lib", "lib64", "libexec"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        add_part(closure, prefix, parts[i]);
}

static bool has_python(const char *folder) {
    static const char *const names[] = {"python3", "python"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        if (is_program(path))
            return true;
    }
    return false;
}

/* A virtual environment as a whole, and the prefix of the python that made it ("home = /opt/python/bin"):
 * with --copies no link leads there. A home without a python is none: the file could name any folder. */
static void add_venv(Closure *closure, const char *venv, const char *config) {
    g_auto(GStrv) lines = g_strsplit(config, "\n", -1);

    add_root(closure, venv);
    for (char **line = lines; *line != NULL; line++) {
        const char *equals = strchr(*line, '=');
        g_autofree char *home = equals != NULL ? g_strdup(equals + 1) : NULL;

        if (home != NULL && g_str_has_prefix(*line, "home") && g_path_is_absolute(g_strstrip(home)) &&
            has_python(home)) {
            g_autofree char *prefix = g_path_get_dirname(home);

            add_prefix(closure, prefix);
        }
    }
}

/* Go's and Java's trees are theirs alone, and needed as a whole. */
static bool is_own_tree(const char *prefix) {
    g_autofree char *go = g_build_filename(prefix, "src", "runtime", NULL);
    g_autofree char *java = g_build_filename(prefix, "lib", "modules", NULL);

    return g_file_test(go, G_FILE_TEST_IS_DIR) || g_file_test(java, G_FILE_TEST_IS_REGULAR);
}

/* Debian has Java's settings in /etc, and links to them. */
static void add_settings(Closure *closure, const char *prefix) {
    g_autofree char *settings = g_build_filename(prefix, "conf", "net.properties", NULL);
    g_autofree char *link = g_file_read_link(settings, NULL);
    g_autofree char *folder = link != NULL && g_path_is_absolute(link) ? g_path_get_dirname(link) : NULL;

    if (folder != NULL)
        add_root(closure, folder);
}

/* What belongs to a program file at this place. */
static void add_place(Closure *closure, const char *path) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *kind = g_path_get_basename(folder);
    g_autofree char *prefix = g_path_get_dirname(folder);
    g_autofree char *config_path = g_build_filename(prefix, "pyvenv.cfg", NULL);
    g_autofree char *config = NULL;
    const char *modules = strstr(path, "/node_modules/");

    if (modules != NULL && closure->modules == NULL)
        closure->modules = g_strndup(path, (gsize)(modules - path) + strlen("/node_modules"));
    if (is_system(path)) {
        add_settings(closure, prefix);
        return;
    }
    if (modules != NULL) {
        g_autofree char *all = g_strndup(path, (gsize)(modules - path) + strlen("/node_modules"));

        add_root(closure, all);
    } else if (g_file_get_contents(config_path, &config, NULL, NULL)) {
        add_venv(closure, prefix, config);
    } else if (strcmp(kind, "shims") == 0) {
        add_root(closure, prefix); /* pyenv, asdf: the shim looks for the version below its own root */
    } else if (strcmp(kind, "bin") == 0 && is_own_tree(prefix)) {
        add_root(closure, prefix);
        add_settings(closure, prefix);
    } else if (strcmp(kind, "bin") == 0 && strcmp(prefix, "/") != 0) {
        add_prefix(closure, prefix);
    } else {
        add_root(closure, path); /* a lone file: its folder may be anything, a home directory too */
    }
}

/* The interpreter of a script, found as the kernel or env(1) finds it. NULL for another file. */
static char *interpreter_of(const char *path, const char *search_path) {
    char head[256]; /* BINPRM_BUF_SIZE: all that the kernel looks at */
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, head, sizeof head) : -1;
    g_autofree char *word = len > 0 ? shebang_word(head, (gsize)len) : NULL;

    if (fd >= 0)
        close(fd);
    return word != NULL ? search(word, search_path) : NULL;
}

/* A shell script is there to start something else: most often what stands further on the PATH under its own
 * name. */
static void add_search_path(Closure *closure) {
    g_auto(GStrv) folders = g_strsplit(closure->search_path, ":", -1);

    for (char **folder = folders; *folder != NULL; folder++) {
        g_autofree char *name = g_path_get_basename(*folder);
        g_autofree char *program = g_build_filename(*folder, "program", NULL);

        if (g_path_is_absolute(*folder) && (strcmp(name, "bin") == 0 || strcmp(name, "shims") == 0))
            add_place(closure, program);
    }
}

static bool is_shell(const char *interpreter) {
    static const char *const shells[] = {"sh", "bash", "dash", "ash", "ksh", "zsh", NULL};
    g_autofree char *name = shebang_program(interpreter);

    return g_strv_contains(shells, name);
}

static void follow(Closure *closure, const char *path) {
    g_autofree char *link = g_file_read_link(path, NULL);
    g_autofree char *real = NULL;

    if (closure->hops++ >= MOST_HOPS)
        return;
    add_place(closure, path);
    if (link != NULL) {
        g_autofree char *folder = g_path_get_dirname(path);
        g_autofree char *next = g_canonicalize_filename(link, folder);

        follow(closure, next);
        return;
    }
    /* A folder on the way may be a link too (pyenv's versions/3.12 -> 3.12.4). */
    real = realpath(path, NULL);
    if (real != NULL && strcmp(real, path) != 0) {
        follow(closure, real);
        return;
    }
    g_autofree char *interpreter = interpreter_of(path, closure->search_path);
    if (interpreter != NULL && is_shell(interpreter))
        add_search_path(closure);
    if (interpreter != NULL)
        follow(closure, interpreter);
}

/* Mounts for the roots: sorted, so that a parent comes first, and without what lies below another. Node looks
 * for what a file imports in each folder node_modules from the file's own up to "/node_modules" (Node.js,
 * "Loading from node_modules folders"): there a configuration file finds the plugins that stand beside the
 * tool. */
static GPtrArray *mounts_of(const Closure *closure) {
    g_autoptr(Command) command = command_new();
    GPtrArray *roots = closure->roots;
    const char *last = NULL;

    g_ptr_array_sort(roots, text_compare);
    for (guint i = 0; i < roots->len; i++) {
        const char *root = roots->pdata[i];

        if (last != NULL && is_below(root, last))
            continue;
        command_add_mount(command, root, root);
        last = root;
    }
    if (closure->modules != NULL)
        command_add_mount(command, closure->modules, "/node_modules");
    return g_ptr_array_ref(command->mounts);
}

Tool *tool_find(const char *name, const char *search_path) {
    g_autofree char *path = search(name, search_path);
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func(g_free);
    Closure closure = {.search_path = search_path != NULL ? search_path : "", .roots = roots};
    Tool *tool;

    if (path == NULL)
        return NULL;
    g_autofree char *real = shim_resolve(path);
    if (real != NULL) {
        g_free(path);
        path = g_steal_pointer(&real);
    }
    follow(&closure, path);
    tool = g_new0(Tool, 1);
    tool->path = g_steal_pointer(&path);
    tool->mounts = mounts_of(&closure);
    g_free(closure.modules);
    return tool;
}

/* Whether it is a file that may be executed. */
static bool is_program_in(int root, const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    struct stat st;
    bool found = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0111) != 0;

    if (fd >= 0)
        close(fd);
    return found;
}

Tool *tool_find_in_root(const char *name, const char *root) {
    g_auto(GStrv) folders = g_strsplit(strchr(name, '/') != NULL ? "" : TOOL_SYSTEM_PATH, ":", -1);
    int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    Tool *tool = NULL;

    for (char **folder = folders; fd >= 0 && *folder != NULL; folder++) {
        g_autofree char *path = g_build_filename(*folder, name, NULL);

        if (!is_program_in(fd, path))
            continue;
        tool = g_new0(Tool, 1);
        tool->path = g_steal_pointer(&path);
        tool->mounts = g_ptr_array_new();
        break;
    }
    if (fd >= 0)
        close(fd);
    return tool;
}

void tool_free(Tool *tool) {
    if (tool == NULL)
        return;
    g_free(tool->path);
    g_ptr_array_unref(tool->mounts);
    g_free(tool);
}

void tool_mount(const Tool *tool, Command *command) {
    for (guint i = 0; i < tool->mounts->len; i++) {
        const Mount *mount = tool->mounts->pdata[i];

        command_add_mount(command, mount->source, mount->target);
    }
}
