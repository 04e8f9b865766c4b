#include "review/linters/problems.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/linters/output.h"

#include <string.h>
#include <sys/stat.h>

struct ProblemFiles {
    GPtrArray *paths; /* of char *, not owned: those that a finding may be of */
    PathNames *names;
    Source *source; /* of `source_path`, the file that was looked at last */
    const char *source_path;
};

Problems *problems_new(const LinterOutput *output, CheckResult *result) {
    Problems *problems = g_new0(Problems, 1);
    struct ProblemFiles *files = problems->files = g_new0(struct ProblemFiles, 1);

    problems->output = output;
    problems->result = result;
    files->paths = g_ptr_array_new();
    for (guint i = 0; i < output->paths->len; i++)
        g_ptr_array_add(files->paths, output->paths->pdata[i]);
    for (guint i = 0; output->beside != NULL && i < output->beside->len; i++)
        if (!check_was_given(result, output->beside->pdata[i]))
            g_ptr_array_add(files->paths, output->beside->pdata[i]);
    files->names = path_names_new(files->paths, NULL);
    return problems;
}

void problems_free(Problems *problems) {
    if (problems == NULL)
        return;
    source_free(problems->files->source);
    path_names_free(problems->files->names);
    g_ptr_array_unref(problems->files->paths);
    g_free(problems->files);
    g_free(problems);
}

bool problems_unreadable(GError **error, const char *format, ...) {
    g_autofree char *what = NULL, *line = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    line = text_line(what, -1, 500);
    g_set_error(error, LINTER_ERROR, 0, "its output cannot be read: %s", line);
    return false;
}

/* The name relative to the root, newly allocated; NULL where it lies outside. */
static char *below_root(const LinterOutput *output, const char *name) {
    g_autofree char *full = g_canonicalize_filename(name, output->cwd);
    gsize cwd = strlen(output->cwd);

    if (strncmp(full, output->cwd, cwd) != 0 || full[cwd] != '/')
        return NULL;
    return g_strdup(full + cwd + 1);
}

static bool is_there(const LinterOutput *output, const char *path) {
    g_autofree char *full = g_build_filename(output->root, path, NULL);
    struct stat st;

    return lstat(full, &st) == 0;
}

/* Whether a file of the tool's own may be a copy of one that it was given. */
static bool has_name_of_given(const LinterOutput *output, const char *path) {
    g_autofree char *name = g_path_get_basename(path);

    for (guint i = 0; i < output->paths->len; i++) {
        g_autofree char *given = g_path_get_basename(output->paths->pdata[i]);

        if (strcmp(name, given) == 0)
            return true;
    }
    return false;
}

/* Whether a place outside of the root is one that a tool can see: a system header, a module of the tool's, a
 * file of its own. What the sandbox shows is there on the host, too, but for two folders; and /proc has other
 * names for what lies below the root. */
static bool is_there_outside(const LinterOutput *output, const char *name) {
    g_autofree char *full = g_canonicalize_filename(name, output->cwd);
    struct stat st;

    if (g_str_has_prefix(full, "/node_modules/"))
        return true;
    if (g_str_has_prefix(full, "/tmp/"))
        return !has_name_of_given(output, full);
    return !g_str_has_prefix(full, "/proc/") && lstat(full, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* The path of a problem; NULL in `ret_path` where it is passed over. `ret_below`: it is of a file below the
 * root. */
static bool resolve(const Problems *problems, const char *name, const char **ret_path, bool *ret_below,
                    GError **error) {
    const LinterOutput *output = problems->output;
    g_autofree char *below = *name != '\0' ? below_root(output, name) : g_strdup(""), *shown = NULL;

    *ret_below = below != NULL;
    *ret_path = below != NULL ? path_names_get(problems->files->names, below, strlen(below)) : NULL;
    if (*ret_path != NULL || (below == NULL && is_there_outside(output, name)) ||
        (below != NULL && *below != '\0' && is_there(output, below)))
        return true;
    if (output->single) { /* it was started for this file, whose name it cannot print */
        *ret_path = output->paths->pdata[0];
        return true;
    }
    shown = text_path(name);
    return problems_unreadable(error, "it names a file that is not there: %s", shown);
}

const char *problems_path_at(const Problems *problems, const char *text, gsize len, const char *behind,
                             gsize *ret_used) {
    const char *start = text, *end = text + len, *path;
    gsize cwd = strlen(problems->output->cwd);

    if (len > cwd && memcmp(start, problems->output->cwd, cwd) == 0 && start[cwd] == '/')
        start += cwd + 1;
    else
        while (end - start > 2 && memcmp(start, "./", 2) == 0)
            start += 2;
    path = path_names_at(problems->files->names, start, (gsize)(end - start), behind, ret_used);
    *ret_used += (gsize)(start - text);
    return path;
}

static const Source *source_of(Problems *problems, const char *path, GError **error) {
    struct ProblemFiles *files = problems->files;

    if (files->source_path != NULL && strcmp(files->source_path, path) == 0)
        return files->source;
    g_clear_pointer(&files->source, source_free);
    files->source_path = NULL;
    files->source = source_read(problems->output->root, path, error);
    if (files->source != NULL)
        files->source_path = path;
    return files->source;
}

static guint column_in_points(const Problems *problems, const Source *source, guint line, guint column) {
    if (column <= 1 || line == 0 || line > source_lines(source))
        return column;
    if (problems->unit == UNIT_BYTES)
        return source_column_of_byte(source, line, column);
    if (problems->unit == UNIT_UTF16)
        return source_column_of_utf16(source, line, column);
    return column;
}

/* How many characters a text has, as the unit counts them. */
static guint count_units(ColumnUnit unit, const char *text, gsize len) {
    guint units = 0;

    for (gsize i = 0; i < len; i++) {
        guchar c = (guchar)text[i];

        units += unit == UNIT_BYTES || (c & 0xc0) != 0x80;
        units += unit == UNIT_UTF16 && c >= 0xf0; /* a pair of surrogates */
    }
    return units;
}

/* The line in which an offset lies, and its column there. false behind the end. */
static bool find_offset(const Source *source, ColumnUnit unit, guint offset, guint *ret_line,
                        guint *ret_column) {
    for (guint line = 1; line <= source_lines(source); line++) {
        gsize len, end_len;
        const char *text = source_line(source, line, &len, &end_len);
        guint units = count_units(unit, text, len + end_len);

        if (offset < units || (offset == units && line == source_lines(source))) {
            *ret_line = line;
            *ret_column = offset + 1;
            return true;
        }
        offset -= units;
    }
    return false;
}

void problems_place(Problems *problems, Problem *problem, guint offset, guint length, bool bytes) {
    const ColumnUnit unit = bytes ? UNIT_BYTES : problems->unit;
    Problem found = *problem;
    const Source *source;
    const char *path;
    bool is_below;

    if (!resolve(problems, problem->path, &path, &is_below, NULL) || path == NULL)
        return;
    source = source_of(problems, path, NULL);
    if (source == NULL || !find_offset(source, unit, offset, &found.line, &found.column) ||
        !find_offset(source, unit, offset + length, &found.end_line, &found.end_column))
        return;
    if (length == 0)
        found.end_line = found.end_column = 0;
    if (bytes)
        found.column = found.end_column = 0;
    *problem = found;
}

/* In finding.h's terms. Without an end it is the character that the place points to, or where there is none
 * the place itself. */
static Region region_of(const Problems *problems, const Source *source, const Problem *p) {
    guint end_line = MAX(p->end_line, p->line), end_column;
    Region region = {p->line, column_in_points(problems, source, p->line, p->column), end_line, 0};

    if (p->line == 0)
        return (Region){0};
    if (p->column == 0)
        return region;
    if (p->end_column > 0) {
        end_column = column_in_points(problems, source, end_line, p->end_column);
    } else if (end_line > p->line) {
        end_column = end_line <= source_lines(source) ? source_columns(source, end_line) + 1 : 1;
    } else {
        end_column = region.start_column;
        if (p->line <= source_lines(source) && end_column <= source_columns(source, p->line))
            end_column++;
    }
    region.end_column = end_line == p->line ? MAX(end_column, region.start_column) : end_column;
    return region;
}

/* What is said of a file whose lines this tool may count as nobody else does: not of a place, but of the
 * file. Else a change could lead its findings away from its new lines. */
static char *message_of(const Problem *problem, const char *code, bool placed) {
    const char *message = problem->message != NULL && *problem->message != '\0' ? problem->message : code;

    if (placed || problem->line == 0)
        return g_strdup(message);
    return g_strdup_printf("%s (in line %u, as the tool counts them)", message, problem->line);
}

bool problems_add(Problems *problems, const Problem *problem, Finding **ret_finding, GError **error) {
    const char *code =
        problem->code != NULL && *problem->code != '\0' ? problem->code : severity_name(problem->severity);
    g_autofree char *message = NULL;
    const Source *source;
    const char *path;
    guint rules = g_hash_table_size(problems->result->rules);
    RuleInfo *rule;
    bool placed, is_below;

    if (ret_finding != NULL)
        *ret_finding = NULL;
    if (!resolve(problems, problem->path, &path, &is_below, error))
        return false;
    problems->told += is_below;
    if (path == NULL)
        return true;
    source = source_of(problems, path, error);
    if (source == NULL)
        return false;
    placed = source_lines_are_plain(source);
    message = message_of(problem, code, placed);
    rule = output_add(problems->result, code, path,
                      placed ? region_of(problems, source, problem) : (Region){0}, message, error);
    if (rule == NULL)
        return false;
    output_last(problems->result)->severity = problem->severity;
    if (g_hash_table_size(problems->result->rules) > rules)
        rule->severity = problem->severity;
    if (ret_finding != NULL)
        *ret_finding = output_last(problems->result);
    return true;
}

bool problems_edit_region(Problems *problems, const Finding *finding, const Problem *place,
                          Region *ret_region) {
    const Source *source = source_of(problems, finding->path, NULL);

    if (source == NULL || !source_lines_are_plain(source) || place->line == 0 || place->column == 0 ||
        place->end_column == 0 || MAX(place->end_line, place->line) > source_lines(source) + 1)
        return false;
    *ret_region = region_of(problems, source, place);
    return true;
}

static int compare_edits(gconstpointer a, gconstpointer b) {
    const Region *x = &(*(Edit *const *)a)->region, *y = &(*(Edit *const *)b)->region;

    if (x->start_line != y->start_line)
        return x->start_line < y->start_line ? -1 : 1;
    return (x->start_column > y->start_column) - (x->start_column < y->start_column);
}

static bool edits_overlap(const GPtrArray *edits) {
    for (guint i = 1; i < edits->len; i++) {
        const Region *before = &((const Edit *)edits->pdata[i - 1])->region;
        const Region *here = &((const Edit *)edits->pdata[i])->region;

        if (before->end_line > here->start_line ||
            (before->end_line == here->start_line && before->end_column > here->start_column))
            return true;
    }
    return false;
}

void problems_add_fix(Finding *finding, Fix *fix) {
    g_ptr_array_sort(fix->edits, compare_edits);
    if (fix->edits->len == 0 || edits_overlap(fix->edits))
        fix_free(fix);
    else
        g_ptr_array_add(finding->fixes, fix);
}

bool problems_severity(const char *word, gsize len, Severity *ret_severity) {
    static const struct {
        const char *word;
        Severity severity;
    } words[] = {
        {"error", SEVERITY_ERROR},
        {"fatal error", SEVERITY_ERROR},
        {"fatal", SEVERITY_ERROR},
        {"syntax error", SEVERITY_ERROR},
        {"parse error", SEVERITY_ERROR},
        {"internal error", SEVERITY_ERROR},
        {"internal compiler error", SEVERITY_ERROR}, /* GCC's, as the next one */
        {"sorry, unimplemented", SEVERITY_ERROR},
        {"severe", SEVERITY_ERROR},
        {"critical", SEVERITY_ERROR},
        {"blocker", SEVERITY_ERROR},
        {"high", SEVERITY_ERROR},
        {"e", SEVERITY_ERROR},
        {"f", SEVERITY_ERROR},
        {"warning", SEVERITY_WARNING},
        {"warn", SEVERITY_WARNING},
        {"medium", SEVERITY_WARNING},
        {"w", SEVERITY_WARNING},
        {"performance", SEVERITY_WARNING}, /* cppcheck's, which has its own words */
        {"portability", SEVERITY_WARNING},
        {"style", SEVERITY_NOTE},
        {"note", SEVERITY_NOTE},
        {"info", SEVERITY_NOTE},
        {"information", SEVERITY_NOTE},
        {"remark", SEVERITY_NOTE},
        {"low", SEVERITY_NOTE},
        {"hint", SEVERITY_NOTE},
        {"none", SEVERITY_NOTE},
        {"ignore", SEVERITY_NOTE},
        {"help", SEVERITY_NOTE},
        {"suggestion", SEVERITY_NOTE},
        {"convention", SEVERITY_NOTE},
        {"refactor", SEVERITY_NOTE},
        {"c", SEVERITY_NOTE},
        {"i", SEVERITY_NOTE},
        {"n", SEVERITY_NOTE},
        {"r", SEVERITY_NOTE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strlen(words[i].word) == len && g_ascii_strncasecmp(word, words[i].word, len) == 0) {
            *ret_severity = words[i].severity;
            return true;
        }
    }
    return false;
}
