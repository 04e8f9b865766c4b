/* The files are not parsed, but split at lines that can be nothing but the header of a section, in TOML as in
 * Python's configparser: "[name]" from the first column on. (In TOML such a line could otherwise be an array
 * in an array, but no bare name is a value. In configparser a line that is not indented continues none.)
 * Whatever else begins with a bracket may be a header, and then what follows matters. What would make it
 * doubtful where lines or keys begin, makes all of the file matter. */
#include "review/sections.h"

#include <string.h>

static const char *const of_others_in_pyproject[] = {"build-system",
                                                     "dependency-groups",
                                                     "project.",
                                                     "tool.bumpversion",
                                                     "tool.cibuildwheel",
                                                     "tool.commitizen",
                                                     "tool.coverage.",
                                                     "tool.flit.",
                                                     "tool.hatch.",
                                                     "tool.maturin",
                                                     "tool.pdm",
                                                     "tool.pdm.",
                                                     "tool.poetry",
                                                     "tool.poetry.",
                                                     "tool.pytest.",
                                                     "tool.scikit-build.",
                                                     "tool.semantic_release",
                                                     "tool.setuptools",
                                                     "tool.setuptools.",
                                                     "tool.setuptools_scm",
                                                     "tool.towncrier",
                                                     "tool.tox",
                                                     "tool.tox.",
                                                     "tool.uv",
                                                     "tool.uv.",
                                                     NULL};

static const char *const of_others_in_ini[] = {
    "aliases",     "bdist_wheel", "build_ext",   "coverage:", "egg_info", "gh-actions",
    "gh-actions:", "metadata",    "options",     "options.",  "pytest",   "sdist",
    "testenv",     "testenv:",    "tool:pytest", "tox",       "tox:",     NULL};

/* The names; one that ends with a "." or a ":" is the beginning of many. NULL: another file. */
static const char *const *others_of(const char *path) {
    g_autofree char *name = g_path_get_basename(path);

    if (strcmp(name, "pyproject.toml") == 0)
        return of_others_in_pyproject;
    return strcmp(name, "setup.cfg") == 0 || strcmp(name, "tox.ini") == 0 ? of_others_in_ini : NULL;
}

/* A string of many lines; an end of a line that is one to Python alone; a byte that ends a string in C. */
static bool is_doubtful(const char *text, gsize len) {
    for (gsize i = 0; i < len; i++)
        if (text[i] == '\0' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n')))
            return true;
    return len > 0 && (memmem(text, len, "\"\"\"", 3) != NULL || memmem(text, len, "'''", 3) != NULL);
}

static bool is_of_others(const char *name, const char *const *others) {
    for (; *others != NULL; others++) {
        char last = (*others)[strlen(*others) - 1];

        if (strcmp(name, *others) == 0 || ((last == '.' || last == ':') && g_str_has_prefix(name, *others)))
            return true;
    }
    return false;
}

/* The name in "[name]" or "[[name]]", newly allocated; NULL where the line is not just that. */
static char *header_name(const char *line) {
    const char *name = line + strspn(line, "[");
    gsize brackets = (gsize)(name - line), len = strcspn(name, "]");

    if (brackets < 1 || brackets > 2 || len == 0 || strspn(name + len, "]") != brackets ||
        name[len + brackets + strspn(name + len + brackets, " \t\r")] != '\0')
        return NULL;
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isalnum(name[i]) && strchr("-_.:", name[i]) == NULL)
            return NULL;
    return g_strndup(name, len);
}

/* Ruff and Black go by requires-python, whose key may be written with escapes. */
static bool matters_in_project(const char *line) {
    return strstr(line, "requires-python") != NULL || strchr(line, '\\') != NULL;
}

static char *relevant(const char *text, const char *const *others) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(NULL);
    bool matters = true, in_project = false;

    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *name = header_name(*line);

        if ((*line)[strspn(*line, " \t")] == '[') {
            matters = name == NULL || !is_of_others(name, others);
            in_project = others == of_others_in_pyproject && g_strcmp0(name, "project") == 0;
        }
        if (matters && (*line)[strspn(*line, " \t\r")] != '\0' && (!in_project || matters_in_project(*line)))
            g_string_append_printf(out, "%s\n", *line);
    }
    return g_string_free(out, FALSE);
}

bool sections_same(const char *path, GBytes *old, GBytes *new) {
    const char *const *others = others_of(path);
    gsize old_len, new_len;
    const char *old_text = g_bytes_get_data(old, &old_len), *new_text = g_bytes_get_data(new, &new_len);
    g_autofree char *old_part = NULL, *new_part = NULL, *old_copy = NULL, *new_copy = NULL;

    if (others == NULL || is_doubtful(old_text, old_len) || is_doubtful(new_text, new_len))
        return g_bytes_equal(old, new);
    old_copy = g_strndup(old_text != NULL ? old_text : "", old_len);
    new_copy = g_strndup(new_text != NULL ? new_text : "", new_len);
    old_part = relevant(old_copy, others);
    new_part = relevant(new_copy, others);
    return strcmp(old_part, new_part) == 0;
}
