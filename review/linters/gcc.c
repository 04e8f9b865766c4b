/* The lines of compilers, which many linters can print:
 *
 *   PATH:LINE:COLUMN: SEVERITY: MESSAGE [CODE]
 *
 * (GCC's manual, "Formatting of diagnostic messages"; the GNU coding standards, "Formatting Error Messages".)
 * Column, severity and code may be missing, and the line where a severity says that it is no prose. A place
 * may be a range, and the severity may stand in brackets: each tool has its own way, and an error that was
 * taken for a warning would pass. Between these lines stands whatever a tool wants to show: source lines,
 * summaries. */
#include "review/linters/formats.h"

#include "exec/text.h"
#include "review/linters/output.h"

#include <string.h>

/* One line on its way. */
typedef struct {
    const char *p, *end;
    const char *path; /* a given file's */
    char *name;       /* or what else stands in its place */
    guint line, column, end_line, end_column;
    bool numbered; /* it has a line, though maybe not one that can be */
    bool rated;
    bool is_context; /* "a.cc:5:22:   required from here": how GCC came to what it says next */
    Severity severity;
} Line;

static void skip_spaces(Line *line) {
    while (line->p < line->end && *line->p == ' ')
        line->p++;
}

/* One that no line and no column has (-1, or too large) is 0: not known. What is said there must not get
 * lost.
 */
static bool read_number(const char **p, const char *end, guint *ret_number) {
    const char *digits = *p, *behind, *read;

    digits += digits < end && *digits == '-';
    for (behind = digits; behind < end && g_ascii_isdigit(*behind);)
        behind++;
    if (behind == digits)
        return false;
    if (!output_number(*p, end, ret_number, &read))
        *ret_number = 0;
    *p = behind;
    return true;
}

/* A place written as `form` has it: L, C for line and column, l, c for those of its last character. */
static bool read_form(Line *line, const char *form) {
    const char *p = line->p;
    guint l = 0, c = 0, last_l = 0, last_c = 0;

    for (; *form != '\0'; form++) {
        guint *number = *form == 'L' ? &l : *form == 'C' ? &c : *form == 'l' ? &last_l : &last_c;

        if (!g_ascii_isalpha(*form)) {
            if (p == line->end || *p++ != *form)
                return false;
        } else if (!read_number(&p, line->end, number)) {
            return false;
        }
    }
    line->line = l;
    line->column = c;
    line->end_line = last_l;
    line->end_column = last_c > 0 ? last_c + 1 : 0;
    line->p = p;
    return true;
}

/* The place, and the colon behind it. */
static bool read_place(Line *line) {
    static const char *const forms[] = {"L:C:l:c:",                 /* mypy --show-error-end */
                                        "L:C-c:",   "(L,C)-(l,c):", /* GHC */
                                        "L.C-l.c:", "L.C-c:",       /* the GNU coding standards; Bison */
                                        "L.C:",     "L-l:",         "L:C:", "L:"};

    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
        if (read_form(line, forms[i]))
            return true;
    return false;
}

/* The name of a file that was not given: all before the first ":LINE:" or the like. */
static bool read_name(Line *line) {
    const char *start = line->p;

    for (const char *p = start; (p = memchr(p, ':', (gsize)(line->end - p))) != NULL; p++) {
        line->p = p + 1;
        if (p > start && read_place(line)) {
            line->name = g_strndup(start, (gsize)(p - start));
            return true;
        }
    }
    return false;
}

/* "warning:", "fatal error:"; "[error]", which yamllint has. Before it may stand the ranges that clang tells:
 * "{1:5-1:9}{1:12-1:13}:". */
static void read_severity(Line *line) {
    const char *rest = line->p, *behind;
    char close = ':';

    if (rest < line->end && *rest == '{' &&
        (behind = memmem(rest, (gsize)(line->end - rest), "}:", 2)) != NULL)
        rest = behind + 2;
    rest += strspn(rest, " ");
    if (rest < line->end && *rest == '[') {
        rest++;
        close = ']';
    }
    behind = rest < line->end ? memchr(rest, close, (gsize)(line->end - rest)) : NULL;
    line->rated = behind != NULL && problems_severity(rest, (gsize)(behind - rest), &line->severity);
    if (line->rated)
        line->p = behind + 1;
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

/* "E501 line too long", "E0602: Undefined variable", "[F401] unused": what stands before the message, where
 * it is like those of Python's linters, ShellCheck or Hadolint: letters, and at least three digits. Takes it
 * off. */
static char *take_first_code(char *message) {
    bool bracket = *message == '[';
    const char *start = message + bracket, *digits = start + strspn(start, G_CSET_A_2_Z);
    const char *behind = digits + strspn(digits, G_CSET_DIGITS), *rest = behind;
    char *code;

    if (digits == start || behind - digits < 3 || behind - start > 20 ||
        (bracket ? *rest != ']' : *rest != ':' && *rest != ' '))
        return NULL;
    rest += bracket || *rest == ':';
    rest += strspn(rest, " ");
    if (*rest == '\0')
        return NULL;
    code = g_strndup(start, (gsize)(behind - start));
    memmove(message, rest, strlen(rest) + 1);
    return code;
}

/* ESLint's format "unix" has "[Error/no-var]" in the code's place, Stylelint's "[error]". */
static void take_severity(Line *line, char **code) {
    char *slash = *code != NULL ? strchr(*code, '/') : NULL, *rest;
    gsize len = slash != NULL ? (gsize)(slash - *code) : *code != NULL ? strlen(*code) : 0;

    if (line->rated || !problems_severity(*code, len, &line->severity))
        return;
    line->rated = true;
    rest = slash != NULL ? g_strdup(slash + 1) : NULL;
    g_free(*code);
    *code = rest;
}

static bool add(Problems *problems, Line *line, GError **error) {
    g_autofree char *message = g_strchomp(g_strndup(line->p, (gsize)(line->end - line->p)));
    g_autofree char *code = take_code(message);
    Problem problem = {.path = line->path != NULL ? line->path : line->name,
                       .line = line->line,
                       .column = line->column,
                       .end_line = line->end_line,
                       .end_column = line->end_column,
                       .message = message};

    take_severity(line, &code);
    if (code == NULL)
        code = take_first_code(message);
    problem.code = code;
    problem.severity = line->rated ? line->severity : SEVERITY_WARNING;

    return problems_add(problems, &problem, NULL, error);
}

/* Whether the line tells a problem. Of a file that was not given, only what has the whole form is taken for
 * one: prose has colons and numbers too. cppcheck's "nofile:0:0:" is no place, but an error there is one. */
static bool is_problem(const Problems *problems, const Line *line) {
    if (line->path != NULL)
        return line->rated || (line->numbered && !line->is_context);
    return problems->output->single || (line->rated && (line->line > 0 || line->severity == SEVERITY_ERROR));
}

/* "gcc: error: b.c: No such file or directory": what a program says of itself has its own name before it (the
 * GNU coding standards). Where it does not say by its exit code that all is well, it was not. */
static bool is_own_error(const Problems *problems, const Line *line) {
    Line rest = *line;
    gsize name = strspn(line->p, "+-_" G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS);

    if (problems->output->exit_code == 0 || name == 0 || line->p[name] != ':')
        return false;
    rest.p += name + 1;
    read_severity(&rest);
    return rest.rated && rest.severity == SEVERITY_ERROR;
}

static bool fail_own_error(const Line *line, GError **error) {
    g_autofree char *shown = text_line(line->p, line->end - line->p, 500);

    g_set_error(error, LINTER_ERROR, 0, "did not do all of its work: %s", shown);
    return false;
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
        if (line.path == NULL && is_own_error(problems, &line))
            return fail_own_error(&line, error);
        if (line.path != NULL)
            line.numbered = read_place(&line);
        else if (!read_name(&line))
            continue;
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
