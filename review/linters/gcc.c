/* The lines of compilers, which many linters can print:
 *
 *   PATH:LINE:COLUMN: SEVERITY: MESSAGE [CODE]
 *
 * (GCC's manual, "Formatting of diagnostic messages"; the GNU coding standards, "Formatting Error Messages".)
 * Column, severity and code may be missing, and the line where a severity says that it is no prose. Between
 * these lines stands whatever a tool wants to show: source lines, summaries. */
#include "review/linters/formats.h"

#include "review/linters/output.h"

#include <string.h>

/* One line on its way. */
typedef struct {
    const char *p, *end;
    const char *path; /* a given file's */
    char *name;       /* or what else stands in its place */
    guint line, column;
    bool numbered; /* it has a line, though maybe not one that can be */
    bool rated;
    bool is_context; /* "a.cc:5:22:   required from here": how GCC came to what it says next */
    Severity severity;
} Line;

static void skip_spaces(Line *line) {
    while (line->p < line->end && *line->p == ' ')
        line->p++;
}

/* A number, and the colon behind it. One that no line and no column has (-1, or too large) is 0: not known.
 * What is said there must not get lost. */
static bool read_number(Line *line, guint *ret_number) {
    const char *digits = line->p, *behind, *read;

    digits += digits < line->end && *digits == '-';
    for (behind = digits; behind < line->end && g_ascii_isdigit(*behind);)
        behind++;
    if (behind == digits || behind == line->end || *behind != ':')
        return false;
    if (!output_number(line->p, line->end, ret_number, &read))
        *ret_number = 0;
    line->p = behind + 1;
    return true;
}

/* The name of a file that was not given: all before the first ":LINE:". */
static bool read_name(Line *line) {
    const char *start = line->p;

    for (const char *p = start; (p = memchr(p, ':', (gsize)(line->end - p))) != NULL; p++) {
        line->p = p + 1;
        if (p > start && read_number(line, &line->line)) {
            line->name = g_strndup(start, (gsize)(p - start));
            return true;
        }
    }
    return false;
}

/* "warning:", "fatal error:". */
static void read_severity(Line *line) {
    const char *colon = memchr(line->p, ':', (gsize)(line->end - line->p));

    skip_spaces(line);
    if (colon == NULL || colon < line->p)
        return;
    line->rated = problems_severity(line->p, (gsize)(colon - line->p), &line->severity);
    if (line->rated)
        line->p = colon + 1;
    skip_spaces(line);
}

/* What stands in brackets at the end, without the compilers' -W; NULL where that is no code. Cuts it off the
 * message. */
static char *take_code(char *message) {
    gsize len = strlen(message);
    char *open = strrchr(message, '['), *code, *comma;
    gsize code_len = open != NULL ? strcspn(open + 1, "]") : 0;

    if (open == NULL || message[len - 1] != ']' || open + 1 + code_len != message + len - 1 ||
        code_len == 0 || code_len > 200 || strcspn(open + 1, " \t\"'`()") < code_len)
        return NULL;
    code = g_strndup(open + 1, code_len);
    *open = '\0';
    g_strchomp(message);
    comma = strchr(code, ','); /* clang-tidy: [bugprone-x,-warnings-as-errors] */
    if (comma != NULL && comma > code)
        *comma = '\0';
    if (g_str_has_prefix(code, "-W"))
        memmove(code, code + 2, strlen(code + 2) + 1);
    if (g_str_has_prefix(code, "error="))
        memmove(code, code + 6, strlen(code + 6) + 1);
    return code;
}

static bool add(Problems *problems, const Line *line, GError **error) {
    g_autofree char *message = g_strchomp(g_strndup(line->p, (gsize)(line->end - line->p)));
    g_autofree char *code = take_code(message);
    const Problem problem = {.path = line->path != NULL ? line->path : line->name,
                             .line = line->line,
                             .column = line->column,
                             .severity = line->rated ? line->severity : SEVERITY_WARNING,
                             .code = code,
                             .message = message};

    return problems_add(problems, &problem, NULL, error);
}

/* Whether the line tells a problem. Of a file that was not given, only what has the whole form is taken for
 * one: prose has colons and numbers too, and cppcheck's "nofile:0:0:" is no place. */
static bool is_problem(const Problems *problems, const Line *line) {
    if (line->path != NULL)
        return line->rated || (line->numbered && !line->is_context);
    return problems->output->single || (line->rated && line->line > 0);
}

static bool read_lines(Problems *problems, const char *text, gsize len, GError **error) {
    const char *end = text + len, *p = text;
    bool good = true;

    while (good && p < end) {
        Line line = {.p = p};
        gsize used = 0;

        line.path = problems_path_at(problems, p, len - (gsize)(p - text), ":", &used);
        line.p += line.path != NULL ? used : 0;
        line.end = line.p + line_length(line.p, end);
        p = line.end + 1;
        if (line.path != NULL)
            line.numbered = read_number(&line, &line.line);
        else if (!read_name(&line))
            continue;
        if (line.numbered || line.name != NULL)
            (void)read_number(&line, &line.column);
        line.is_context = line.end - line.p > 2 && memcmp(line.p, "  ", 2) == 0;
        read_severity(&line);
        if (is_problem(problems, &line))
            good = add(problems, &line, error);
        g_free(line.name);
    }
    return good;
}

/* Without the colours that a tool was told to print wherever its output goes: ESC [ ... m, ESC [ K (ECMA-48,
 * 5.4). */
static GString *plain(const char *text, gsize len) {
    GString *out = g_string_sized_new(len);

    for (gsize i = 0; i < len; i++) {
        if (text[i] != '\033' || i + 1 == len || text[i + 1] != '[') {
            g_string_append_c(out, text[i]);
            continue;
        }
        for (i += 2; i < len && (text[i] < '@' || text[i] > '~');)
            i++;
    }
    return out;
}

bool gcc_read(Problems *problems, const char *text, gsize len, GError **error) {
    g_autoptr(GString) unpainted = memchr(text, '\033', len) != NULL ? plain(text, len) : NULL;

    return unpainted != NULL ? read_lines(problems, unpainted->str, unpainted->len, error)
                             : read_lines(problems, text, len, error);
}
