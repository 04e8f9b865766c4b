#include "review/linters/tool_stamp.h"

#include "exec/shebang.h"
#include "exec/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_BYTES 256

static void add_text(GChecksum *checksum, const char *text) {
    g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text) + 1);
}

/* ctime cannot be set back by those who edit a file in place and keep its mtime. */
static bool add_file(GChecksum *checksum, const char *path) {
    g_autofree char *text = NULL;
    struct stat st;

    if (lstat(path, &st) != 0)
        return false;
    text = g_strdup_printf("%s\x1f%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "\x1f%o\x1f%" G_GINT64_FORMAT
                           "\x1f%" G_GINT64_FORMAT ".%ld\x1f%" G_GINT64_FORMAT ".%ld",
                           path, (guint64)st.st_dev, (guint64)st.st_ino, st.st_mode, (gint64)st.st_size,
                           (gint64)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (gint64)st.st_ctim.tv_sec,
                           st.st_ctim.tv_nsec);
    add_text(checksum, text);
    return true;
}

/* A program by its name and by what that leads to. */
static bool add_program(GChecksum *checksum, const char *path) {
    g_autofree char *real = realpath(path, NULL);

    add_text(checksum, path);
    return real != NULL && add_file(checksum, real);
}

/* The first bytes of a file; their number, or -1. */
static gssize read_head(const char *path, char *ret_head) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gssize len = fd >= 0 ? read(fd, ret_head, HEAD_BYTES) : -1;

    if (fd >= 0)
        close(fd);
    return len;
}

/* Packages. */

static bool is_edited_elsewhere(const char *folder, const char *name) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (g_str_has_prefix(name, "__editable__") || g_str_has_suffix(name, ".egg-link"))
        return true;
    if (!g_str_has_suffix(name, ".pth"))
        return false;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return true;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (g_path_is_absolute(*line) ||
            g_str_has_prefix(*line, "..")) /* a folder; site.py imports from it */
            return true;
    return false;
}

/* The names and the stat data of what is installed: pip makes a package's folder anew. */
static bool add_packages(GChecksum *checksum, const char *folder) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        if (strcmp(name, "__pycache__") != 0)
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, text_compare);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);

        if (is_edited_elsewhere(folder, names->pdata[i]) || !add_file(checksum, path))
            return false;
    }
    return true;
}

/* The packages of PREFIX/lib/python3.11 and the like. */
static bool add_prefix(GChecksum *checksum, const char *prefix) {
    static const char *const libs[] = {"lib", "lib64"}, *const kinds[] = {"site-packages", "dist-packages"};

    for (gsize i = 0; i < G_N_ELEMENTS(libs); i++) {
        g_autofree char *lib = g_build_filename(prefix, libs[i], NULL);
        g_autoptr(GDir) dir = g_file_test(lib, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(lib, 0, NULL);
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
            if (g_str_has_prefix(name, "python"))
                g_ptr_array_add(names, g_strdup(name));
        g_ptr_array_sort(names, text_compare);
        for (gsize j = 0; j < names->len * G_N_ELEMENTS(kinds); j++) {
            g_autofree char *packages =
                g_build_filename(lib, names->pdata[j / 2], kinds[j % G_N_ELEMENTS(kinds)], NULL);

            if (!add_packages(checksum, packages))
                return false;
        }
    }
    return true;
}

/* All that the sandbox shows of the host to this tool may be where it imports from. */
static bool add_environments(GChecksum *checksum, const Tool *tool) {
    if (!add_prefix(checksum, "/usr") || !add_prefix(checksum, "/usr/local"))
        return false;
    for (guint i = 0; i < tool->mounts->len; i++) {
        const Mount *mount = tool->mounts->pdata[i];
        g_autofree char *above = g_path_get_dirname(mount->source);

        add_text(checksum, mount->source);
        if (!add_prefix(checksum, mount->source) || !add_prefix(checksum, above))
            return false;
    }
    return true;
}

/* `word` is what the #! line names; env(1) looks it up on the same PATH in the sandbox. */
static bool add_python(GChecksum *checksum, const Tool *tool, const char *word, const char *search_path) {
    g_autofree char *program = shebang_program(word);
    g_autoptr(Tool) interpreter = strcmp(program, "python") == 0 ? tool_find(word, search_path) : NULL;

    return interpreter != NULL && add_program(checksum, interpreter->path) &&
           add_environments(checksum, tool);
}

bool tool_stamp(const Tool *tool, const char *search_path, GChecksum *checksum) {
    static const char elf[] = {0x7f, 'E', 'L', 'F'};
    g_autofree char *word = NULL;
    char head[HEAD_BYTES];
    gssize len = read_head(tool->path, head);

    if (len < (gssize)sizeof elf || !add_program(checksum, tool->path))
        return false;
    if (memcmp(head, elf, sizeof elf) == 0)
        return true;
    word = shebang_word(head, (gsize)len);
    return word != NULL && add_python(checksum, tool, word, search_path);
}
