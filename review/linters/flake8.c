/* Flake8, read by a format of ours: a record a violation, with ASCII's separators between its fields.
 *
 *   RS path US row US column US code US text LF
 *
 * That alone does not do: Flake8 leaves out, without a word, what its configuration excludes, and its exit
 * code is 1 for a violation and for a crash. So --benchmark is wanted, whose last lines count the files, and
 * -v, whose log counts the violations that were reported: only where both are there and agree with the
 * records, the files count as looked at. Records cannot be forged by a message that holds separators without
 * the count giving it away. Everything here is in Flake8 since 3.8. */
#include "review/linters/output.h"
#include "review/linters/source.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

#define RS "\x1e"
#define US "\x1f"

static const SeverityEntry severities[] = {
    {(char *)"F", SEVERITY_ERROR},
    {(char *)"E9", SEVERITY_ERROR},
    {(char *)"*", SEVERITY_WARNING},
    {NULL, SEVERITY_OFF},
};

static void flake8_arguments(GPtrArray *argv, const char *const *args, const char *single) {
    for (; *args != NULL; args++)
        g_ptr_array_add(argv, g_strdup(*args));
    g_ptr_array_add(argv, g_strdup("-v"));
    g_ptr_array_add(argv, g_strdup("--benchmark"));
    g_ptr_array_add(argv, g_strconcat("--format=" RS, single != NULL ? "" : "%(path)s",
                                      US "%(row)d" US "%(col)d" US "%(code)s" US "%(text)s", NULL));
}

/* One output on its way. */
typedef struct {
    const LinterOutput *output;
    const PathNames *names;
    LinterAccount *account;
    CheckResult *result;
    guint records;
    Source *source; /* of `source_path`, the file that was looked at last; owned */
    const char *source_path;
} Reader;

typedef struct {
    const char *path;
    guint row, column;
    const char *code, *text;
} Record;

static bool unreadable(GError **error, const char *line, gsize len) {
    g_autofree char *shown = text_line(line, (gssize)len, 300);

    g_set_error(error, LINTER_ERROR, 0, "its output cannot be read at: %s", shown);
    return false;
}

#define PYCODESTYLE "https://pycodestyle.pycqa.org/en/latest/intro.html#error-codes"
#define PYFLAKES "https://flake8.pycqa.org/en/latest/user/error-codes.html"

/* What the groups of codes are about, from the tools' own lists; a plugin's codes are its own matter. */
static const struct {
    const char *prefix, *summary, *uri;
} groups[] = {
    {"E1", "pycodestyle: the indentation is not the one that PEP 8 asks for", PYCODESTYLE},
    {"E2", "pycodestyle: white space is missing, or too much", PYCODESTYLE},
    {"E3", "pycodestyle: the number of blank lines is not the one that PEP 8 asks for", PYCODESTYLE},
    {"E4", "pycodestyle: imports stand one a line, at the top of the file", PYCODESTYLE},
    {"E5", "pycodestyle: the line is too long, or broken without need", PYCODESTYLE},
    {"E7", "pycodestyle: the statement can be written more plainly", PYCODESTYLE},
    {"E902", "pycodestyle: the file cannot be split into tokens", PYCODESTYLE},
    {"E999", "Python cannot parse the file", PYFLAKES},
    {"W1", "pycodestyle: tabs in the indentation", PYCODESTYLE},
    {"W2", "pycodestyle: white space at the end of a line, or no line end at the end of the file",
     PYCODESTYLE},
    {"W3", "pycodestyle: blank lines at the end of the file", PYCODESTYLE},
    {"W5", "pycodestyle: a line break beside a binary operator", PYCODESTYLE},
    {"W6", "pycodestyle: Python is about to drop this", PYCODESTYLE},
    {"F4", "Pyflakes: an import that is unused, hidden, or not where it belongs", PYFLAKES},
    {"F5", "Pyflakes: a format string and its arguments do not go together", PYFLAKES},
    {"F6", "Pyflakes: an expression that does not do what it seems to", PYFLAKES},
    {"F7", "Pyflakes: a statement where Python does not allow it", PYFLAKES},
    {"F8", "Pyflakes: a name that is undefined, unused, or defined twice", PYFLAKES},
    {"F9", "Pyflakes: a statement that has no effect", PYFLAKES},
    {"C901", "mccabe: the function has too many ways through it", "https://github.com/PyCQA/mccabe"},
};

static void fill_rule(RuleInfo *rule, const char *code) {
    if (rule->summary != NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        const char *rest = g_str_has_prefix(code, groups[i].prefix) ? code + strlen(groups[i].prefix) : "x";

        /* F4 is of F401, not of a plugin's F4X. */
        if (strspn(rest, "0123456789") != strlen(rest))
            continue;
        rule->summary = g_strdup(groups[i].summary);
        rule->help_uri = g_strdup(groups[i].uri);
        return;
    }
}

/* The file's text, for columns; NULL where it cannot be read, and then the file is undecided. */
static const Source *source_of(Reader *reader, const char *path) {
    g_autoptr(GError) error = NULL;

    if (reader->source_path == path)
        return reader->source;
    g_clear_pointer(&reader->source, source_free);
    reader->source_path = path;
    reader->source = source_read(reader->output->root, path, &error);
    if (reader->source == NULL)
        check_fail_file(reader->result, path, error->message);
    return reader->source;
}

/* pycodestyle looks at tokens and counts code points. Everything else looks at the syntax tree, whose columns
 * count bytes of UTF-8 (ast, `col_offset`). A syntax error's own column counts from 1, and Flake8 adds one
 * to it as to all others. */
static guint column_of(const Source *source, const Record *record) {
    bool is_tokens = (record->code[0] == 'E' || record->code[0] == 'W') && g_ascii_isdigit(record->code[1]);

    if (record->row > source_lines(source))
        return record->column;
    if (strcmp(record->code, "E999") == 0)
        return MAX(record->column, 2) - 1;
    return is_tokens ? record->column : source_column_of_byte(source, record->row, record->column);
}

/* The character that it points to, or the place where there is none. */
static Region region_of(const Source *source, const Record *record) {
    Region region = {record->row, 0, record->row, 0};

    if (record->row == 0)
        return (Region){0};
    region.start_column = MAX(column_of(source, record), 1);
    region.end_column = region.start_column;
    if (record->row <= source_lines(source) && region.start_column <= source_columns(source, record->row))
        region.end_column++;
    return region;
}

/* E902 is a file that cannot be read, unless it is one that cannot be split into tokens. */
static bool is_failure(const Record *record) {
    return strcmp(record->code, "E902") == 0 && !g_str_has_prefix(record->text, "TokenError");
}

static bool add_record(Reader *reader, const Record *record, GError **error) {
    const Source *source;
    RuleInfo *rule;

    reader->records++;
    g_hash_table_add(reader->account->seen, (char *)record->path);
    if (is_failure(record)) {
        g_autofree char *why = g_strconcat("could not look at it: ", record->text, NULL);

        check_fail_file(reader->result, record->path, why);
        return true;
    }
    source = source_of(reader, record->path);
    if (source == NULL)
        return true;
    rule = output_add(reader->result, record->code, record->path, region_of(source, record), record->text,
                      error);
    if (rule != NULL)
        fill_rule(rule, record->code);
    return rule != NULL;
}

/* A number and the separator behind it. */
static bool read_number(const char **p, const char *end, guint *ret_number) {
    if (!output_number(*p, end, ret_number, p) || *p == end || **p != US[0])
        return false;
    (*p)++;
    return true;
}

/* A word and the separator behind it, within the line. */
static bool read_word(const char **p, const char *end, char **ret_word) {
    const char *separator = memchr(*p, US[0], line_length(*p, end));

    if (separator == NULL || separator == *p)
        return false;
    *ret_word = g_strndup(*p, (gsize)(separator - *p));
    *p = separator + 1;
    return true;
}

/* The path, and in `p` the place behind it and its separator; NULL where none that was given stands there. */
static const char *read_path(const Reader *reader, const char **p, const char *end) {
    const GPtrArray *paths = reader->output->paths;
    const char *path;
    gsize used = 1;

    if (reader->output->single)
        path = paths->len == 1 && *p < end && **p == US[0] ? paths->pdata[0] : NULL;
    else
        path = path_names_at(reader->names, *p, (gsize)(end - *p), US, &used);
    *p += path != NULL ? used : 0;
    return path;
}

/* Reads the record that begins behind RS; the end of its line, or NULL where it is none. */
static const char *read_record(Reader *reader, const char *start, const char *end, GError **error) {
    g_autofree char *code = NULL, *text = NULL;
    const char *p = start;
    Record record = {.path = read_path(reader, &p, end)};

    if (record.path == NULL || !read_number(&p, end, &record.row) || !read_number(&p, end, &record.column) ||
        !read_word(&p, end, &code)) {
        unreadable(error, start, line_length(start, end));
        return NULL;
    }
    text = text_line(p, (gssize)line_length(p, end), CAP_MESSAGE_BYTES);
    record.code = code;
    record.text = text;
    return add_record(reader, &record, error) ? p + line_length(p, end) : NULL;
}

/* "12         total files processed" and its like; true with the number for the files' line. */
static bool is_file_count(const char *line, gsize len, guint *ret_files) {
    static const char words[] = "total files processed";
    const char *end = line + len, *p;

    if (!output_number(line, end, ret_files, &p))
        return false;
    while (p < end && *p == ' ')
        p++;
    return (gsize)(end - p) == strlen(words) && memcmp(p, words, strlen(words)) == 0;
}

/* Behind the count of files --benchmark has one more line, and --count one: with more, or without the count,
 * it has crashed. */
static bool read_file_count(const LinterOutput *output, guint *ret_files) {
    const char *end = output->out + output->out_len;
    guint since = 3, files;

    for (const char *p = output->out; p < end; p += line_length(p, end) + 1) {
        since++;
        if (is_file_count(p, line_length(p, end), &files)) {
            *ret_files = files;
            since = 0;
        }
    }
    return since <= 2;
}

/* "... INFO     Found a total of 3 violations and reported 2". */
static bool read_reported(const LinterOutput *output, guint *ret_reported) {
    static const char first[] = "Found a total of ", second[] = " violations and reported ";
    const char *end = output->err + output->err_len;
    bool found = false;

    for (const char *p = output->err; p < end; p += line_length(p, end) + 1) {
        const char *at = memmem(p, line_length(p, end), first, strlen(first));
        guint total;

        if (at != NULL && output_number(at + strlen(first), end, &total, &at) && g_str_has_prefix(at, second))
            found = output_number(at + strlen(second), end, ret_reported, &at) || found;
    }
    return found;
}

/* Flake8 goes on without a configuration that it cannot read. */
static bool check_config(const LinterOutput *output, GError **error) {
    static const char words[] = "ignoring unparseable config";
    const char *found = memmem(output->err, output->err_len, words, strlen(words));
    g_autofree char *line = NULL;

    if (found == NULL)
        return true;
    line = text_line(found, (gssize)line_length(found, output->err + output->err_len), 500);
    g_set_error(error, LINTER_ERROR, 0, "it is %s", line);
    return false;
}

static bool crashed(const LinterOutput *output, GError **error) {
    g_autofree char *on_err = output_complaint(output->err, output->err_len);
    g_autofree char *on_out = output_complaint(output->out, output->out_len);
    const char *why = *on_err != '\0' ? on_err : on_out;

    g_set_error(error, LINTER_ERROR, 0, "ended with exit code %d before it was done%s%s", output->exit_code,
                *why != '\0' ? ": " : "", why);
    return false;
}

/* Lines behind a record belong to its text, or are the source line and statistics that the team's
 * configuration asks for; before the first only statistics can stand. What they hide, the counts show. */
static bool read_records(Reader *reader, GError **error) {
    const char *end = reader->output->out + reader->output->out_len, *p = reader->output->out;

    while (p != NULL && p < end) {
        if (*p == RS[0])
            p = read_record(reader, p + 1, end, error);
        p = p != NULL ? p + line_length(p, end) + 1 : NULL;
    }
    return p != NULL;
}

static bool read_all(Reader *reader, GError **error) {
    const LinterOutput *output = reader->output;
    guint files = 0, reported = 0;

    if ((output->exit_code != 0 && output->exit_code != 1) || !read_file_count(output, &files) ||
        !read_reported(output, &reported))
        return crashed(output, error);
    if (!check_config(output, error) || !read_records(reader, error))
        return false;
    if (reader->records != reported) {
        g_set_error(error, LINTER_ERROR, 0,
                    "its output cannot be read: it has %u violations, and flake8 says that it reported "
                    "%u (are `quiet` or `output-file` set?)",
                    reader->records, reported);
        return false;
    }
    if (files > output->paths->len || files < g_hash_table_size(reader->account->seen)) {
        g_set_error(error, LINTER_ERROR, 0, "it says that it looked at %u files, and was given %u", files,
                    output->paths->len);
        return false;
    }
    reader->account->unnamed = files - g_hash_table_size(reader->account->seen);
    return true;
}

static bool flake8_parse(const LinterOutput *output, LinterAccount *account, CheckResult *result,
                         GError **error) {
    g_autoptr(PathNames) names = path_names_new(output->paths, NULL);
    Reader reader = {.output = output, .names = names, .account = account, .result = result};
    bool good = read_all(&reader, error);

    source_free(reader.source);
    return good;
}

/* The name behind the quotation mark at `p`, and what is said of it; NULL where it is another one. */
static const char *skip_name(const char *p, const char *end, const char *name, bool *ret_left_out) {
    static const char is[] = "\" has been excluded\n", is_not[] = "\" has not been excluded\n";
    gsize len = strlen(name);

    if ((gsize)(end - p) < len || memcmp(p, name, len) != 0)
        return NULL;
    p += len;
    *ret_left_out = g_str_has_prefix(p, is);
    if (*ret_left_out)
        return p + strlen(is);
    return g_str_has_prefix(p, is_not) ? p + strlen(is_not) : NULL;
}

/* With -vv the log says of each file, in their order, «"/snapshot/a.py" has not been excluded», or that it
 * has been; where a pattern fits its last name, that alone stands there: «"a.py" has been excluded». What
 * does not go on in order is not believed. */
static void flake8_read_left_out(const LinterOutput *output, GHashTable *left_out) {
    static const char logger[] = "flake8.discover_files ", level[] = " DEBUG    \"";
    const char *end = output->err + output->err_len, *p = output->err;
    guint next = 0;

    while (p < end && next < output->paths->len) {
        const char *path = output->paths->pdata[next], *behind = NULL;
        const char *name = memmem(p, line_length(p, end), level, strlen(level));
        g_autofree char *shown = path_backslashed(path), *base = g_path_get_basename(shown),
                        *whole = g_strconcat(output->cwd, "/", shown, NULL);
        bool is_left_out = false;

        if (g_str_has_prefix(p, logger) && name != NULL) {
            behind = skip_name(name + strlen(level), end, whole, &is_left_out);
            if (behind == NULL)
                behind = skip_name(name + strlen(level), end, base, &is_left_out);
            if (behind == NULL)
                return;
            if (is_left_out)
                g_hash_table_add(left_out, (char *)path);
            next++;
        }
        p = behind != NULL ? behind : p + line_length(p, end) + 1;
    }
}

static const char *const suffixes[] = {".py", NULL};
static const char *const languages[] = {"python", NULL};
/* The last two are plugins': Flake8-pyproject, flake8-isort. */
static const char *const config_files[] = {"setup.cfg",      "tox.ini",    ".flake8",
                                           "pyproject.toml", ".isort.cfg", NULL};
static const char *const env[] = {NULL};

const Linter linter_flake8 = {
    .name = "flake8",
    .information_uri = "https://flake8.pycqa.org/",
    .suffixes = suffixes,
    .languages = languages,
    .config_files = config_files,
    .severity = severities,
    .env = env,
    .path_prefix = "",
    .needs_utf8 = true, /* UnicodeEncodeError, in the middle of its report */
    .imports = true,    /* of plugins, such as those that call isort */
    .runs_code = "local-plugins",
    .arguments = flake8_arguments,
    .parse = flake8_parse,
    .ask = "-vv",
    .read_left_out = flake8_read_left_out,
};
