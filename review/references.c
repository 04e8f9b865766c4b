#include "review/references.h"

#include "review/imports.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <string.h>

#define HEAD_BYTES 256u /* in which a #! line is looked for */
#define LONGEST 1024u   /* of a name that is told */

/* By the tools' own documentation. */
const char *const reference_settings[] = {
    "extend",       "extends",        "parent_config", /* Ruff; ESLint, Stylelint, yamllint, tsc; SwiftLint */
    "plugin",       "plugins",        "load-plugins",
    "load_plugins",           /* mypy, ESLint, Prettier; Pylint */
    "extension",    "report", /* Flake8's local plugins */
    "parser",       "processor",      "formatter",
    "customRules",                    /* ESLint; markdownlint-cli2 */
    "require",      "inherit_from",   /* RuboCop */
    "includes",     "bootstrapFiles", /* PHPStan */
    "paths",        "mypy_path",      "init-hook",
    "library_path", /* Flake8's local plugins, mypy, Pylint, SQLFluff */
    NULL,
};

/* Those of them that name folders of modules. */
static const char *const folder_settings[] = {"paths", "mypy_path", "init-hook", "library_path", NULL};

typedef struct {
    ReferenceFound found;
    gpointer data;
} Sink;

static void tell(const Sink *sink, ReferenceKind kind, const char *name, gsize len) {
    g_autofree char *copy = NULL;

    if (len == 0 || len > LONGEST || memchr(name, '\0', len) != NULL)
        return;
    copy = g_strndup(name, len);
    sink->found(kind, copy, sink->data);
}

/* Code. */

static void tell_import(const char *module, const char *member, gpointer data) {
    g_autofree char *name = NULL;

    if (member != NULL)
        name = g_strconcat(module, g_str_has_suffix(module, ".") ? "" : ".", member, NULL);
    tell(data, REFERENCE_MODULE, member != NULL ? name : module, strlen(member != NULL ? name : module));
}

/* Whether a string goes on with "./" or "../". */
static bool is_relative(const char *at, const char *end) {
    gsize dots = 0;

    while (at + dots < end && dots < 3 && at[dots] == '.')
        dots++;
    return (dots == 1 || dots == 2) && at + dots < end && at[dots] == '/';
}

static void find_strings(const char *at, const char *end, const Sink *sink) {
    for (; at < end; at++) {
        const char *close;

        if (strchr("\"'`", *at) == NULL || *at == '\0' || !is_relative(at + 1, end))
            continue;
        close = memchr(at + 1, *at, MIN((gsize)(end - at - 1), LONGEST + 1));
        if (close != NULL)
            tell(sink, REFERENCE_PATH, at + 1, (gsize)(close - at - 1));
    }
}

static gsize word_length(const char *at, const char *end) {
    const char *start = at;

    while (at < end && *at != '\0' && strchr(" \t\r\n\"';&|()", *at) == NULL)
        at++;
    return (gsize)(at - start);
}

static const char *line_end(const char *at, const char *end) {
    const char *newline = memchr(at, '\n', (gsize)(end - at));

    return newline != NULL ? newline : end;
}

/* `tools/lib.sh`, `"$here/lib.sh"`, `"$(dirname "$0")/lib.sh"`: of what begins with variables and commands,
 * the rest is told. */
static void tell_sourced(const char *at, const char *end, const Sink *sink) {
    const char *rest = at;

    while (rest < end && strchr(" \t\"'", *rest) != NULL && *rest != '\0')
        rest++;
    if (rest < end && *rest == '$') {
        for (const char *close = rest; close < end; close++)
            if (*close == ')' || *close == '}')
                rest = close;
        rest = memchr(rest, '/', (gsize)(end - rest));
        if (rest == NULL)
            return;
        rest++;
    }
    tell(sink, REFERENCE_WORD, rest, word_length(rest, end));
}

static void find_sourced(const char *at, const char *end, const Sink *sink) {
    while (at < end) {
        gsize len = word_length(at, end);
        bool sources = (len == 1 && *at == '.') || (len == 6 && memcmp(at, "source", 6) == 0);

        at += MAX(len, 1);
        if (sources) {
            tell_sourced(at, line_end(at, end), sink);
            at = line_end(at, end);
        }
    }
}

/* Settings. */

typedef struct {
    const char *at, *end; /* the value */
} Value;

static bool is_name(char c) {
    return g_ascii_isalnum(c) || c == '_' || c == '-';
}

/* The whole, and its parts: "X = pkg.module:Class". */
static void tell_words(const Sink *sink, ReferenceKind kind, Value value) {
    const char *start = value.at;

    for (const char *at = value.at; at <= value.end; at++) {
        if (at < value.end && *at != '\0' && strchr(" \t\r\n\"',;:=[](){}", *at) == NULL)
            continue;
        tell(sink, kind, start, (gsize)(at - start));
        start = at + 1;
    }
}

/* What stands in quotes may hold blanks, and is a name as a whole. */
static void tell_quoted(const Sink *sink, ReferenceKind kind, Value value) {
    for (const char *at = value.at; at < value.end; at++) {
        const char *close;

        if (*at != '"' && *at != '\'')
            continue;
        close = memchr(at + 1, *at, (gsize)(value.end - at - 1));
        if (close == NULL)
            return;
        if (memchr(at, ' ', (gsize)(close - at)) != NULL)
            tell(sink, kind, at + 1, (gsize)(close - at - 1));
        at = close;
    }
}

static gsize indentation(const char *line, const char *end) {
    gsize n = 0;

    while (line + n < end && (line[n] == ' ' || line[n] == '\t'))
        n++;
    return n;
}

/* A value that is neither in quotes nor in brackets goes on over lines that are indented deeper, empty, or
 * elements of a YAML list. */
static const char *block_end(const char *key_line, const char *at, const char *end) {
    gsize depth = indentation(key_line, end);
    const char *stop = line_end(at, end);

    while (stop < end) {
        const char *line = stop + 1, *next = line_end(line, end);
        gsize inner = indentation(line, next);

        if (line + inner < next && line[inner] != '\r' && inner <= depth &&
            (inner < depth || line[inner] != '-'))
            break;
        stop = next;
    }
    return stop;
}

/* `last`: the last "]" of all, so that none is looked for in vain again and again; may be NULL. */
static Value value_at(const char *key_line, const char *at, const char *end, const char *last) {
    const char *close = NULL;

    at += indentation(at, end);
    if (at < last && *at == '[')
        close = memchr(at, ']', (gsize)(end - at));
    else if (at < end && (*at == '"' || *at == '\''))
        close = memchr(at + 1, *at, (gsize)(line_end(at, end) - at - 1));
    return (Value){at, close != NULL ? close + 1 : block_end(key_line, at, end)};
}

/* Where the value of the setting of this name starts: behind a "=" or ":"; NULL: it is none. */
static const char *value_start(const char *at, const char *end) {
    if (at < end && (*at == '"' || *at == '\''))
        at++;
    at += indentation(at, end);
    return at < end && (*at == '=' || *at == ':') ? at + 1 : NULL;
}

/* Tells what the setting names, and returns where it ends. */
static const char *read_setting(const char *name, const char *line, const char *at, const char *end,
                                const char *last, const Sink *sink) {
    ReferenceKind kind = g_strv_contains(folder_settings, name) ? REFERENCE_FOLDER : REFERENCE_WORD;
    Value value = value_at(line, at, end, last);

    tell_words(sink, kind, value);
    tell_quoted(sink, kind, value);
    return value.end;
}

static void find_settings(const char *text, const char *end, const char *const *settings, const Sink *sink) {
    const char *line = text, *last = memrchr(text, ']', (gsize)(end - text));

    for (const char *at = text; at < end; at++) {
        const char *start = at, *value = NULL;
        g_autofree char *name = NULL;

        if (*at == '\n')
            line = at + 1;
        if (!is_name(*at))
            continue;
        while (at < end && is_name(*at))
            at++;
        name = g_strndup(start, MIN((gsize)(at - start), LONGEST));
        if (g_strv_contains(settings, name))
            value = value_start(at, end);
        if (value != NULL)
            at = read_setting(name, line, value, end, last, sink);
        at--; /* what ends a name or a value may begin a line */
    }
}

void references_find(const char *path, const char *text, gsize len, const char *const *settings,
                     ReferenceFound found, gpointer data) {
    const char *language = rule_language_of(path, text, MIN(len, HEAD_BYTES));
    Sink sink = {found, data};

    if (strcmp(language, "python") == 0)
        imports_find(text, len, tell_import, &sink);
    else if (strcmp(language, "javascript") == 0 || strcmp(language, "typescript") == 0)
        find_strings(text, text + len, &sink);
    else if (strcmp(language, "shell") == 0)
        find_sourced(text, text + len, &sink);
    else
        find_settings(text, text + len, settings, &sink);
}
