#include "exec/shim.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

static char *if_program(char *path) {
    if (access(path, X_OK) == 0 && g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return path;
    g_free(path);
    return NULL;
}

/* ROOT/shims/NAME starts ROOT/versions/VERSION/bin/NAME; of several versions the first that has it. */
static char *resolve_pyenv(const char *path) {
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    g_autofree char *kind = g_path_get_basename(folder), *root = g_path_get_dirname(folder);
    g_autofree char *version_file = g_build_filename(root, "version", NULL);
    g_autofree char *versions = NULL;
    g_auto(GStrv) words = NULL;

    if (strcmp(kind, "shims") != 0)
        return NULL;
    if (g_getenv("PYENV_VERSION") != NULL)
        versions = g_strdup(g_getenv("PYENV_VERSION"));
    else if (!g_file_get_contents(version_file, &versions, NULL, NULL))
        return NULL;
    words = g_strsplit_set(versions, ": \n", -1);
    for (char **word = words; *word != NULL; word++) {
        char *program = **word != '\0' ? g_build_filename(root, "versions", *word, "bin", name, NULL) : NULL;

        if (program != NULL && (program = if_program(program)) != NULL)
            return program;
    }
    return NULL;
}

/* default_toolchain = "stable-x86_64-unknown-linux-gnu" */
static char *default_toolchain(const char *home) {
    g_autofree char *path = g_build_filename(home, "settings.toml", NULL);
    g_autofree char *settings = NULL;
    g_auto(GStrv) lines = NULL;

    if (g_getenv("RUSTUP_TOOLCHAIN") != NULL)
        return g_strdup(g_getenv("RUSTUP_TOOLCHAIN"));
    if (!g_file_get_contents(path, &settings, NULL, NULL))
        return NULL;
    lines = g_strsplit(settings, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) parts = g_strsplit(*line, "\"", 3);

        if (g_str_has_prefix(*line, "default_toolchain") && g_strv_length(parts) == 3)
            return g_strdup(parts[1]);
    }
    return NULL;
}

/* CARGO/bin/NAME is a link to rustup, and starts RUSTUP/toolchains/TOOLCHAIN/bin/NAME. */
static char *resolve_rustup(const char *path) {
    g_autofree char *link = g_file_read_link(path, NULL), *name = g_path_get_basename(path);
    g_autofree char *target = link != NULL ? g_path_get_basename(link) : NULL;
    g_autofree char *home = NULL, *toolchain = NULL;

    if (target == NULL || strcmp(target, "rustup") != 0)
        return NULL;
    home = g_getenv("RUSTUP_HOME") != NULL ? g_strdup(g_getenv("RUSTUP_HOME"))
                                           : g_canonicalize_filename("../../../.rustup", path);
    toolchain = default_toolchain(home);
    return toolchain != NULL ? if_program(g_build_filename(home, "toolchains", toolchain, "bin", name, NULL))
                             : NULL;
}

char *shim_resolve(const char *path) {
    char *program = resolve_pyenv(path);

    return program != NULL ? program : resolve_rustup(path);
}
