/* Black: `black --check --diff --verbose`. The diff is on stdout (black_diff.c); the log on stderr says of
 * each file what became of it, and its last line counts them: only where they agree, and the files with a
 * diff are those that would be reformatted, the files count as looked at.
 *
 * A file that Black cannot parse has an error in the log, and is a finding; one over which Black itself
 * failed is undecided. */
#include "review/linters/black_diff.h"
#include "review/linters/output.h"
#include "review/linters/source.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

#define INVALID_SYNTAX "invalid-syntax"

static const SeverityEntry severities[] = {
    {(char *)INVALID_SYNTAX, SEVERITY_ERROR},
    {(char *)"*", SEVERITY_NOTE},
    {NULL, SEVERITY_OFF},
};

static void black_arguments(GPtrArray *argv, const char *const *args, const char *single) {
    static const char *const ours[] = {"--check", "--diff", "--no-color", "-v"};

    for (; *args != NULL; args++)
        g_ptr_array_add(argv, g_strdup(*args));
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
        g_ptr_array_add(argv, g_strdup(ours[i]));
    if (single != NULL) {
        g_ptr_array_add(argv, g_strdup("--stdin-filename"));
        g_ptr_array_add(argv, g_strdup(single));
    }
}

typedef enum { WOULD_CHANGE, WOULD_STAY, WOULD_FAIL, OUTCOMES } Outcome;

/* One log on its way. */
typedef struct {
    const LinterOutput *output;
    const PathNames *names; /* as the log prints them */
    CheckResult *result;
    LinterAccount *account;
    GHashTable *changed;    /* set of path: would be reformatted */
    guint counts[OUTCOMES]; /* of lines in the log */
} Log;

/* Some versions print the whole path. */
static const char *path_at(const Log *log, const char *p, const char *end, const char *behind,
                           gsize *ret_used) {
    gsize cwd = strlen(log->output->cwd), skipped = 0;
    const char *path;

    if ((gsize)(end - p) > cwd && memcmp(p, log->output->cwd, cwd) == 0 && p[cwd] == '/')
        skipped = cwd + 1;
    path = path_names_at(log->names, p + skipped, (gsize)(end - p) - skipped, behind, ret_used);
    *ret_used += skipped;
    return path;
}

static void fail_file(const Log *log, const char *path, const char *what, const char *line, gsize len) {
    g_autofree char *message = text_line(line, (gssize)len, 500);
    g_autofree char *why = g_strconcat(what, ": ", message, NULL);

    check_fail_file(log->result, path, why);
}

static bool add_invalid(const Log *log, const char *path, Region region, const char *message,
                        GError **error) {
    RuleInfo *rule = output_add(log->result, INVALID_SYNTAX, path, region, message, error);

    if (rule != NULL && rule->summary == NULL)
        rule->summary = g_strdup("Black cannot format a file that it cannot parse.");
    return rule != NULL;
}

/* Whitespace to Python's str.strip(). */
static bool is_python_space(gunichar c) {
    return g_unichar_isspace(c) || (c >= 0x1c && c <= 0x1f) || c == 0x0b || c == 0x85;
}

/* How many lines, and then characters, of whitespace a file begins with. Black strips them before it parses,
 * and counts lines and columns from there (lib2to3_parse). */
static void leading_space(const Source *source, guint *ret_lines, guint *ret_columns) {
    *ret_lines = *ret_columns = 0;
    for (guint line = 1; line <= source_lines(source); line++) {
        gsize len, end_len;
        const char *text = source_line(source, line, &len, &end_len), *p = text;
        guint columns = 0;

        for (; p < text + len; p = g_utf8_next_char(p), columns++) {
            gunichar c = g_utf8_get_char_validated(p, text + len - p);

            if (c == (gunichar)-1 || c == (gunichar)-2 || !is_python_space(c)) {
                *ret_lines = line - 1;
                *ret_columns = columns;
                return;
            }
        }
    }
}

/* A syntax error at a place that Black gives, line from 1 and column from 0. */
static bool add_invalid_at(const Log *log, const char *path, guint line, guint column, const char *shown,
                           gsize shown_len, GError **error) {
    g_autoptr(GError) why = NULL;
    g_autoptr(Source) source = source_read(log->output->root, path, &why);
    g_autofree char *code = text_line(shown, (gssize)shown_len, 200);
    g_autofree char *message = *code != '\0' ? g_strconcat("Black cannot parse this: ", code, NULL)
                                             : g_strdup("Black cannot parse this");
    guint lines, columns;

    if (source == NULL) {
        fail_file(log, path, "could not look at it", why->message, strlen(why->message));
        return true;
    }
    leading_space(source, &lines, &columns);
    if (line == 1)
        column += columns;
    line = MIN(MAX(line, 1) + lines, (guint)G_MAXINT32);
    return add_invalid(log, path, (Region){line, column + 1, line, column + 2}, message, error);
}

/* "1:6" and what stands behind it. */
static bool read_place(const char **p, const char *end, guint *ret_line, guint *ret_column) {
    if (!output_number(*p, end, ret_line, p) || *p == end || **p != ':')
        return false;
    return output_number(*p + 1, end, ret_column, p);
}

/* "Cannot parse for target version Python 3.13: 1:6:     def f(:", as versions before 26 say it. */
static bool is_parse_error(const char *message, const char *end, guint *ret_line, guint *ret_column,
                           const char **ret_shown) {
    static const char words[] = "cannot parse";
    const char *p = message;

    if ((gsize)(end - p) < strlen(words) || g_ascii_strncasecmp(p, words, strlen(words)) != 0)
        return false;
    p = memmem(p, (gsize)(end - p), ": ", 2);
    if (p == NULL)
        return false;
    p += 2;
    if (!read_place(&p, end, ret_line, ret_column))
        return false;
    *ret_shown = p < end && *p == ':' ? p + 1 : p;
    return true;
}

/* "...failed to parse source file AST: cannot assign to literal (<unknown>, line 3)": Python's own parser
 * refused what Black's had taken. `ret_shown` is what Python said. */
static bool is_ast_error(const char *message, const char *end, guint *ret_line, const char **ret_shown) {
    static const char words[] = "parse source file AST: ", place[] = "(<unknown>, line ";
    const char *said = memmem(message, (gsize)(end - message), words, strlen(words)), *at;

    if (said == NULL)
        return false;
    *ret_shown = said + strlen(words);
    at = memmem(said, (gsize)(end - said), place, strlen(place));
    return at != NULL && output_number(at + strlen(place), end, ret_line, &at);
}

/* What Python's tokenize says of a file whose bytes are not what they are declared to be: a syntax error as
 * well. */
static bool is_encoding_error(const char *message, const char *end) {
    static const char *const starts[] = {"invalid or missing encoding declaration",
                                         "unknown encoding: ", "encoding problem: "};
    static const char decode[] = " codec can't decode ";

    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        if ((gsize)(end - message) >= strlen(starts[i]) && memcmp(message, starts[i], strlen(starts[i])) == 0)
            return true;
    return memmem(message, (gsize)(end - message), decode, strlen(decode)) != NULL;
}

/* "error: cannot format PATH: MESSAGE". */
static bool read_cannot_format(Log *log, const char *path, const char *message, const char *end,
                               GError **error) {
    const char *line_end = message + line_length(message, end), *shown = NULL;
    guint line = 0, column = 0;

    if (is_parse_error(message, line_end, &line, &column, &shown))
        return add_invalid_at(log, path, line, column, shown, (gsize)(line_end - shown), error);
    if (is_ast_error(message, line_end, &line, &shown)) {
        g_autofree char *said = text_line(shown, line_end - shown, CAP_MESSAGE_BYTES);
        g_autofree char *text = g_strconcat("Python cannot parse this: ", said, NULL);

        return add_invalid(log, path, (Region){line, 0, line, 0}, text, error);
    }
    if (is_encoding_error(message, line_end)) {
        g_autofree char *said = text_line(message, line_end - message, CAP_MESSAGE_BYTES);
        g_autofree char *text = g_strconcat("Black cannot read this file: ", said, NULL);

        return add_invalid(log, path, (Region){0}, text, error);
    }
    fail_file(log, path, "failed", message, (gsize)(line_end - message));
    return true;
}

/* "error: cannot parse[ for ...]: PATH:1:6", and on the next line the code, as version 26 says it. */
static bool read_cannot_parse(Log *log, const char *path, const char *place, const char *end,
                              GError **error) {
    const char *p = place, *next;
    guint line, column;

    if (!read_place(&p, end, &line, &column)) {
        fail_file(log, path, "failed", place, line_length(place, end));
        return true;
    }
    p += line_length(p, end);
    next = p < end ? p + 1 : p;
    return add_invalid_at(log, path, line, column, next, line_length(next, end), error);
}

static bool starts_with(const char *p, const char *end, const char *words) {
    return (gsize)(end - p) >= strlen(words) && memcmp(p, words, strlen(words)) == 0;
}

/* The path of a line "CONTEXT: PATH:1:6", and the place behind its colon. */
static const char *path_behind_context(const Log *log, const char *p, const char *end,
                                       const char **ret_place) {
    const char *context_end = memmem(p, line_length(p, end), ": ", 2);
    const char *path;
    gsize used;

    if (context_end == NULL)
        return NULL;
    path = path_at(log, context_end + 2, end, ":", &used);
    *ret_place = context_end + 2 + used;
    return path;
}

/* "INTERNAL ERROR: Black 26.10.1 ... produced invalid code:", on the next line "cannot parse: PATH:1:6". */
static void read_internal_error(const Log *log, const char *p, const char *end) {
    gsize len = line_length(p, end);
    const char *next = p + MIN(len + 1, (gsize)(end - p)), *place;
    const char *path = path_behind_context(log, next, end, &place);

    if (path != NULL)
        fail_file(log, path, "failed", p, len);
}

/* What stands behind "error: ". An error of another form than these leaves its file unaccounted for. */
static bool read_error(Log *log, const char *p, const char *end, GError **error) {
    static const char cannot_format[] = "cannot format ";
    const char *path, *place;
    gsize used;

    log->counts[WOULD_FAIL]++;
    if (starts_with(p, end, cannot_format)) {
        path = path_at(log, p + strlen(cannot_format), end, ": ", &used);
        if (path == NULL)
            return true;
        g_hash_table_add(log->account->seen, (char *)path);
        return read_cannot_format(log, path, p + strlen(cannot_format) + used, end, error);
    }
    if (starts_with(p, end, "INTERNAL ERROR"))
        read_internal_error(log, p, end);
    path = starts_with(p, end, "cannot parse") ? path_behind_context(log, p, end, &place) : NULL;
    if (path == NULL)
        return true;
    g_hash_table_add(log->account->seen, (char *)path);
    return read_cannot_parse(log, path, place, end, error);
}

/* A line that begins with the path. Its end behind the path in `ret_used`. */
static bool read_outcome(Log *log, const char *p, const char *end, gsize *ret_used) {
    static const char *const stays[] = {" already well formatted, good job.\n",
                                        " wasn't modified on disk since last run.\n"};
    static const char excluded[] =
        "matches the --force-exclude regular expression"; /* which has no default */
    const char *path;

    for (gsize i = 0; i < G_N_ELEMENTS(stays); i++) {
        path = path_at(log, p, end, stays[i], ret_used);
        if (path != NULL) {
            log->counts[WOULD_STAY]++;
            g_hash_table_add(log->account->seen, (char *)path);
            return true;
        }
    }
    path = path_at(log, p, end, " ignored: ", ret_used);
    if (path != NULL && starts_with(p + *ret_used, end, excluded))
        g_hash_table_insert(log->account->left_out, (char *)path, (gpointer)CHECK_EXCLUDED);
    else if (path != NULL)
        fail_file(log, path, "left it out", p + *ret_used, line_length(p + *ret_used, end));
    return path != NULL;
}

static bool read_log(Log *log, GError **error) {
    static const char would[] = "would reformat ", failed[] = "error: ", found[] = "Found input source: ";
    const char *end = log->output->err + log->output->err_len, *p = log->output->err;
    bool good = true;

    while (good && p < end) {
        const char *path = NULL;
        gsize used = 0;

        if (starts_with(p, end, would)) {
            path = path_at(log, p + strlen(would), end, "\n", &used);
            log->counts[WOULD_CHANGE]++;
            used = path != NULL ? strlen(would) + used : 0;
        } else if (starts_with(p, end, failed)) {
            good = read_error(log, p + strlen(failed), end, error);
        } else if (!starts_with(p, end, found) && !read_outcome(log, p, end, &used)) {
            used = 0;
        }
        if (path != NULL) {
            g_hash_table_add(log->account->seen, (char *)path);
            g_hash_table_add(log->changed, (char *)path);
        }
        p += used > 0 ? used - 1 : 0;
        p += line_length(p, end) + 1;
    }
    return good;
}

/* "2 files would be reformatted, 1 file would be left unchanged.": the number before `words`; 0 where they
 * are not there. */
static guint count_of(const char *summary, const char *words) {
    const char *at = strstr(summary, words), *p = at;
    guint n = 0;

    if (at == NULL)
        return 0;
    while (p > summary && (p[-1] == ' ' || g_ascii_isalpha(p[-1])))
        p--;
    while (p > summary && g_ascii_isdigit(p[-1]))
        p--;
    (void)output_number(p, at, &n, &p);
    return n;
}

/* The last line of the log; NULL where it is no summary: then Black was not done. */
static char *summary_of(const LinterOutput *output) {
    static const char nothing[] = "No Python files are present to be formatted.";
    const char *start, *end = output->err + output->err_len;
    g_autofree char *last = NULL;

    while (end > output->err && g_ascii_isspace(end[-1]))
        end--;
    for (start = end; start > output->err && start[-1] != '\n';)
        start--;
    last = g_strndup(start, (gsize)(end - start));
    if (strstr(last, " would be ") == NULL && strstr(last, " would fail ") == NULL &&
        !g_str_has_prefix(last, nothing))
        return NULL;
    return g_steal_pointer(&last);
}

static bool check_counts(const Log *log, const char *summary, GError **error) {
    static const char *const words[OUTCOMES] = {" would be reformatted", " would be left unchanged",
                                                " would fail to reformat"};

    for (guint i = 0; i < OUTCOMES; i++) {
        if (count_of(summary, words[i]) == log->counts[i])
            continue;
        g_set_error(error, LINTER_ERROR, 0, "its log cannot be read: it counts %u that%s, and names %u",
                    count_of(summary, words[i]), words[i], log->counts[i]);
        return false;
    }
    return true;
}

/* The files with a diff must be those that would be reformatted. */
static void compare_with_diff(const Log *log, GHashTable *with_diff) {
    for (guint i = 0; i < log->output->paths->len; i++) {
        const char *path = log->output->paths->pdata[i];
        bool changed = g_hash_table_contains(log->changed, path);

        if (changed != g_hash_table_contains(with_diff, path))
            check_fail_file(log->result, path,
                            changed ? "would reformat it, and its diff cannot be read"
                                    : "printed a diff, and does not say that it would reformat it");
    }
}

static bool crashed(const LinterOutput *output, GError **error) {
    const char *end = output->err + output->err_len;
    g_autofree char *why = NULL;

    for (const char *p = output->err; p < end && why == NULL; p += line_length(p, end) + 1)
        if (starts_with(p, end, "Error: ") || starts_with(p, end, "Oh no! "))
            why = text_line(p, (gssize)line_length(p, end), 500);
    if (why == NULL)
        why = output_complaint(output->err, output->err_len);
    g_set_error(error, LINTER_ERROR, 0, "ended with exit code %d before it was done%s%s", output->exit_code,
                *why != '\0' ? ": " : "", why);
    return false;
}

/* A path as the log has it: click takes out what a terminal would take for a colour (strip_ansi()). */
static char *printed(const char *path) {
    g_autofree char *text = path_backslashed(path);
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0';) {
        const char *behind = p[0] == '\033' && p[1] == '[' ? p + 2 + strspn(p + 2, ";?" G_CSET_DIGITS) : p;

        if (behind > p && g_ascii_isalpha(*behind))
            p = behind + 1;
        else
            g_string_append_c(out, *p++);
    }
    return g_string_free(out, FALSE);
}

static bool black_parse(const LinterOutput *output, LinterAccount *account, CheckResult *result,
                        GError **error) {
    g_autoptr(PathNames) names = path_names_new(output->paths, printed);
    g_autoptr(GHashTable) changed = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) with_diff = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *summary = summary_of(output);
    Log log = {.output = output, .names = names, .result = result, .account = account, .changed = changed};

    if ((output->exit_code != 0 && output->exit_code != 1 && output->exit_code != 123) || summary == NULL)
        return crashed(output, error);
    if (!read_log(&log, error) || !check_counts(&log, summary, error) ||
        !black_diff_read(output, result, with_diff, error))
        return false;
    compare_with_diff(&log, with_diff);
    return true;
}

static const char *const suffixes[] = {".py", ".pyi", NULL};
static const char *const languages[] = {"python", NULL};
static const char *const config_files[] = {"pyproject.toml", NULL};
static const char *const env[] = {"BLACK_CACHE_DIR=/tmp/black", NULL};

const Linter linter_black = {
    .name = "black",
    .information_uri = "https://black.readthedocs.io/",
    .suffixes = suffixes,
    .languages = languages,
    .config_files = config_files,
    .severity = severities,
    .env = env,
    .path_prefix = "",
    .needs_utf8 = true,      /* its diff's header could not be encoded */
    .needs_no_escape = true, /* printed() may be another file's name, too */
    .single_by_stdin = true,
    .one_config = true, /* find_project_root() of the common folder */
    .stretches = true,
    .arguments = black_arguments,
    .parse = black_parse,
};
