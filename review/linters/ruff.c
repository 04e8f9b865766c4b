/* Ruff: `ruff check --output-format json`, and its log. Of a notebook, a place is in a cell: notebook.h.
 *
 * JSON alone does not do: a file that Ruff leaves out (force-exclude), or cannot open while E902 is not
 * selected, is simply not in it. With --verbose the log on stderr names each file that is opened
 * ("Checking: PATH") and counts them ("Checked N files"); only where both agree a file counts as looked at.
 * E902 is selected on top of whatever the team selects, so that a file that cannot be read is in the JSON.
 *
 * --force-exclude makes the team's `exclude` hold for files that are named, as Ruff's own hook for pre-commit
 * does. Of what is left out then --isolated tells whose wish that is: what Ruff looks at without any
 * configuration, the configuration excludes. What it leaves out even then (Ruff has a list of folders such as
 * "dist" and "venv") a change could hide in: that stays undecided. */
#include "review/linters/output.h"

#include "exec/text.h"
#include "review/linters/json_read.h"
#include "review/linters/notebook.h"

#include <jansson.h>
#include <string.h>

/* Ruff, as pyflakes' and pycodestyle's successor, has their codes. */
static const SeverityEntry severities[] = {
    {(char *)"F", SEVERITY_ERROR},
    {(char *)"E9", SEVERITY_ERROR},
    {(char *)"invalid-syntax", SEVERITY_ERROR},
    {(char *)"*", SEVERITY_WARNING},
    {NULL, SEVERITY_OFF},
};

static void ruff_arguments(GPtrArray *argv, const char *const *args, const char *single G_GNUC_UNUSED) {
    /* An option that takes a value and stands twice is an error to Ruff, so the policy cannot change the
     * format by mistake. Fixing would write; a team's `fix = true` is for its developers. */
    static const char *const ours[] = {"--output-format", "json", "--no-cache",      "--no-fix",
                                       "--no-fix-only",   "-v",   "--extend-select", "E902"};

    g_ptr_array_add(argv, g_strdup("check"));
    if (!g_strv_contains(args, "--force-exclude") && !g_strv_contains(args, "--no-force-exclude"))
        g_ptr_array_add(argv, g_strdup("--force-exclude"));
    for (; *args != NULL; args++)
        g_ptr_array_add(argv, g_strdup(*args));
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
        g_ptr_array_add(argv, g_strdup(ours[i]));
}

/* McCabe's cyclomatic complexity. What stands on the command line wins over the team's configuration. */
static void ruff_limit_complexity(GPtrArray *argv, guint most) {
    g_ptr_array_add(argv, g_strdup("--extend-select"));
    g_ptr_array_add(argv, g_strdup("C901"));
    g_ptr_array_add(argv, g_strdup("--config"));
    g_ptr_array_add(argv, g_strdup_printf("lint.mccabe.max-complexity=%u", most));
}

/* One output on its way. */
typedef struct {
    const LinterOutput *output;
    const PathNames *names;
    LinterAccount *account;
    CheckResult *result; /* NULL where only the files are of interest */
    GHashTable *failed;  /* set of path: could not be looked at, by the JSON or the log */
    guint checked;       /* how many files the log counts */
    GHashTable *told;    /* set of path: has a diagnostic */
    Notebook *notebook;  /* of `notebook_path`, the one that was looked at last; owned; NULL: it is none */
    const char *notebook_path;
} Reader;

static void fail_file(Reader *reader, const char *path, const char *message) {
    g_autofree char *why = g_strconcat("could not look at it: ", message, NULL);

    if (reader->result != NULL)
        check_fail_file(reader->result, path, why);
    g_hash_table_add(reader->failed, (char *)path);
}

static bool unreadable(GError **error, const char *what) {
    g_autofree char *line = text_line(what, -1, 300);

    g_set_error(error, LINTER_ERROR, 0, "its output cannot be read: %s", line);
    return false;
}

static bool read_count(const json_t *object, const char *key, guint *ret_count) {
    json_int_t value = json_integer_value(json_object_get(object, key));

    if (value < 1 || value > G_MAXINT32)
        return false;
    *ret_count = (guint)value;
    return true;
}

static bool read_place(const json_t *place, guint *ret_line, guint *ret_column) {
    return read_count(place, "row", ret_line) && read_count(place, "column", ret_column);
}

static bool read_region(const json_t *object, Region *ret_region) {
    Region *r = ret_region;

    return read_place(json_object_get(object, "location"), &r->start_line, &r->start_column) &&
           read_place(json_object_get(object, "end_location"), &r->end_line, &r->end_column) &&
           (r->end_line > r->start_line ||
            (r->end_line == r->start_line && r->end_column >= r->start_column));
}

static FixKind fix_kind(const char *applicability) {
    if (strcmp(applicability, "safe") == 0)
        return FIX_SAFE;
    return strcmp(applicability, "unsafe") == 0 ? FIX_UNSAFE : FIX_DISPLAY_ONLY;
}

static bool is_notebook(const char *path) {
    return g_str_has_suffix(path, ".ipynb");
}

/* NULL where it cannot be read: then nothing is known of its lines. */
static const Notebook *notebook_of(Reader *reader, const char *path) {
    g_autofree char *name = g_build_filename(reader->output->root, path, NULL), *text = NULL;
    gsize len;

    if (reader->notebook_path == path)
        return reader->notebook;
    g_clear_pointer(&reader->notebook, notebook_free);
    reader->notebook_path = path;
    if (g_file_get_contents(name, &text, &len, NULL))
        reader->notebook = notebook_new(text, len);
    return reader->notebook;
}

/* Adds what one edit puts in the place of what; of a notebook, in `cell`. false where that is not there. */
static bool add_edit(const Reader *reader, guint cell, Region region, const char *text, Fix *fix) {
    if (cell > 0)
        return reader->notebook != NULL && notebook_add_edit(reader->notebook, cell, region, text, fix);
    fix_add(fix, region, text);
    return true;
}

/* Adds a diagnostic's fix, if it has one; false where it is not as expected. A fix that holds a NUL, or is
 * not to be found in the notebook, is left out. */
static bool read_fix(const Reader *reader, const json_t *json, guint cell, Finding *finding) {
    g_autofree char *message = json_read_text(json, "message"),
                    *applicability = json_read_text(json, "applicability");
    const json_t *edits = json_object_get(json, "edits"), *edit;
    g_autoptr(Fix) fix = NULL;
    gsize i;

    if (json == NULL || json_is_null(json))
        return true;
    if (applicability == NULL || !json_is_array(edits))
        return false;
    fix = fix_new(message != NULL ? message : "Fix by Ruff", fix_kind(applicability));
    json_array_foreach(edits, i, edit) {
        const json_t *content = json_object_get(edit, "content");
        Region region;

        if (!json_is_string(content) || !read_region(edit, &region))
            return false;
        if (strlen(json_string_value(content)) != json_string_length(content))
            return true;
        if (!add_edit(reader, cell, region, json_string_value(content), fix))
            return true;
    }
    g_ptr_array_add(finding->fixes, g_steal_pointer(&fix));
    return true;
}

static void fill_rule(RuleInfo *rule, const json_t *json) {
    g_autofree char *url = json_read_text(json, "url"), *name = json_read_text(json, "name");

    if (rule->help_uri == NULL && url != NULL && g_str_has_prefix(url, "https://"))
        rule->help_uri = text_line(url, -1, 500);
    if (rule->name == NULL && name != NULL)
        rule->name = text_line(name, -1, 200);
    if (rule->summary == NULL && rule->name != NULL)
        rule->summary = g_strdup_printf("Ruff's rule %s", rule->name);
}

/* The given path of an absolute name. */
static const char *path_of(const Reader *reader, const char *filename) {
    gsize cwd = strlen(reader->output->cwd);

    if (strncmp(filename, reader->output->cwd, cwd) != 0 || filename[cwd] != '/')
        return NULL;
    return path_names_get(reader->names, filename + cwd + 1, strlen(filename + cwd + 1));
}

/* Not a finding, but a file that was not looked at: it could not be read, or Ruff broke over it. Content that
 * is not UTF-8 is E902 as well, and a finding. */
static bool is_failure(const char *code, const char *message) {
    if (strcmp(code, "panic") == 0)
        return true;
    return (strcmp(code, "E902") == 0 || strcmp(code, "io-error") == 0) &&
           strstr(message, "(os error ") != NULL;
}

/* Where a diagnostic of a notebook lies in its file, and where in its cell, for those that see it in cells.
 * What is of no cell is of the notebook as a whole. */
static void place_in_notebook(Reader *reader, const char *path, guint cell, Region *region, char **message) {
    const Notebook *notebook = notebook_of(reader, path);
    guint row = region->start_line;
    char *placed;

    if (cell == 0 || notebook == NULL || !notebook_region(notebook, cell, *region, region))
        *region = (Region){0};
    if (cell == 0)
        return;
    placed = g_strdup_printf("%s (cell %u, line %u)", *message, cell, row);
    g_free(*message);
    *message = placed;
}

/* Since 0.16 there are rules without a code, which have their name alone; before 0.12 a syntax error had
 * neither.
 */
static char *code_of(const json_t *json) {
    g_autofree char *code = json_read_text(json, "code"), *name = json_read_text(json, "name");

    if (code != NULL && *code != '\0')
        return g_steal_pointer(&code);
    return name != NULL && *name != '\0' ? g_steal_pointer(&name) : g_strdup("invalid-syntax");
}

/* The number of its cell; 0 where it has none. */
static guint cell_of(const json_t *json) {
    guint cell;

    return read_count(json, "cell", &cell) ? cell : 0;
}

static bool read_diagnostic(Reader *reader, const json_t *json, GError **error) {
    g_autofree char *filename = json_read_text(json, "filename"), *message = json_read_text(json, "message"),
                    *code = code_of(json);
    const char *path = filename != NULL ? path_of(reader, filename) : NULL;
    guint cell = cell_of(json);
    Region region;
    RuleInfo *rule;

    if (filename == NULL || message == NULL || !read_region(json, &region))
        return unreadable(error, "a diagnostic lacks its file, message or place");
    if (path == NULL) {
        g_autofree char *shown = text_path(filename);
        g_autofree char *what = g_strconcat("it names a file that was not given: ", shown, NULL);

        return unreadable(error, what);
    }
    g_hash_table_add(reader->told, (char *)path);
    if (is_failure(code, message)) {
        fail_file(reader, path, message);
        return true;
    }
    if (is_notebook(path))
        place_in_notebook(reader, path, cell, &region, &message);
    rule = output_add(reader->result, code, path, region, message, error);
    if (rule == NULL)
        return false;
    fill_rule(rule, json);
    return read_fix(reader, json_object_get(json, "fix"), cell, output_last(reader->result)) ||
           unreadable(error, "a fix lacks its edits");
}

static bool read_diagnostics(Reader *reader, GError **error) {
    const LinterOutput *output = reader->output;
    json_error_t why;
    json_t *list = json_loadb(output->out, output->out_len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &why);
    bool good = json_is_array(list) || unreadable(error, list == NULL ? why.text : "expected a list");

    for (gsize i = 0; good && i < json_array_size(list); i++)
        good = read_diagnostic(reader, json_array_get(list, i), error);
    json_decref(list);
    return good;
}

static const char *behind(const char *line, gsize len, const char *words) {
    const char *found = memmem(line, len, words, strlen(words));

    return found != NULL ? found + strlen(words) : NULL;
}

/* "[...][DEBUG] Checking: /snapshot/a.py": the path may hold a newline. Returns where it ends, or `rest`. */
static const char *read_checking(Reader *reader, const char *rest, const char *end) {
    gsize cwd = strlen(reader->output->cwd), used;
    const char *path;

    if ((gsize)(end - rest) <= cwd || memcmp(rest, reader->output->cwd, cwd) != 0 || rest[cwd] != '/')
        return rest;
    rest += cwd + 1;
    path = path_names_at(reader->names, rest, (gsize)(end - rest), "\n", &used);
    if (path == NULL)
        return rest;
    g_hash_table_add(reader->account->seen, (char *)path);
    return rest + used - 1;
}

/* "warning: Failed to lint a.py: MESSAGE"; here the path is relative. Returns where it ends, or `rest`. */
static const char *read_failed(Reader *reader, const char *rest, const char *end) {
    gsize used;
    const char *path = path_names_at(reader->names, rest, (gsize)(end - rest), ": ", &used);
    g_autofree char *message = NULL;

    if (path == NULL)
        return rest; /* then the counts do not agree */
    rest += used;
    message = text_line(rest, (gssize)line_length(rest, end), 500);
    fail_file(reader, path, message);
    return rest;
}

static void read_log(Reader *reader) {
    const char *end = reader->output->err + reader->output->err_len, *p = reader->output->err;

    while (p < end) {
        gsize len = line_length(p, end);
        const char *checking = behind(p, len, "[DEBUG] Checking: ");
        const char *checked = behind(p, len, "[DEBUG] Checked ");
        const char *failed = behind(p, len, "Failed to lint ");
        const char *panicked = behind(p, len, "Panicked while linting ");

        if (checking != NULL)
            p = read_checking(reader, checking, end);
        else if (checked != NULL)
            (void)output_number(checked, end, &reader->checked, &checked);
        else if (failed != NULL || panicked != NULL)
            p = read_failed(reader, failed != NULL ? failed : panicked, end);
        p += line_length(p, end) + 1;
    }
}

/* Whether the files that are named are as many as the log counts. */
static bool counts_agree(const Reader *reader, GError **error) {
    guint named = g_hash_table_size(reader->account->seen);
    GHashTableIter failed;
    gpointer path;

    g_hash_table_iter_init(&failed, reader->failed);
    while (g_hash_table_iter_next(&failed, &path, NULL))
        named += g_hash_table_contains(reader->account->seen, path) ? 0 : 1;
    if (named == reader->checked)
        return true;
    g_set_error(error, LINTER_ERROR, 0, "its log cannot be read: it counts %u files and names %u",
                reader->checked, named);
    return false;
}

/* "ruff failed" is followed by lines "  Cause: ...", from the general to the particular. */
static char *complaint(const LinterOutput *output) {
    const char *end = output->err + output->err_len;
    g_autoptr(GString) causes = g_string_new(NULL);

    for (const char *p = output->err; p < end; p += line_length(p, end) + 1) {
        gsize len = line_length(p, end);
        const char *cause = g_str_has_prefix(p, "  Cause: ") ? behind(p, len, "  Cause: ") : NULL;

        if (cause != NULL && causes->len < 1000) {
            g_string_append(causes, causes->len > 0 ? ": " : "");
            g_string_append_len(causes, cause, p + len - cause);
        }
    }
    return causes->len > 0 ? text_line(causes->str, (gssize)causes->len, 1000)
                           : output_complaint(output->err, output->err_len);
}

/* A notebook of another language Ruff opens, and passes over. */
static void leave_out_foreign(Reader *reader) {
    for (guint i = 0; i < reader->output->paths->len; i++) {
        const char *path = reader->output->paths->pdata[i];
        const Notebook *notebook;

        if (!is_notebook(path) || g_hash_table_contains(reader->told, path) ||
            !g_hash_table_contains(reader->account->seen, path))
            continue;
        notebook = notebook_of(reader, path);
        if (notebook == NULL || notebook_is_python(notebook))
            continue;
        g_hash_table_remove(reader->account->seen, path);
        g_hash_table_insert(reader->account->left_out, (char *)path,
                            (gpointer) "a notebook of another language than Python");
    }
}

static bool read_all(Reader *reader, GError **error) {
    if (!read_diagnostics(reader, error))
        return false;
    read_log(reader);
    if (!counts_agree(reader, error))
        return false;
    leave_out_foreign(reader);
    return true;
}

static bool ruff_parse(const LinterOutput *output, LinterAccount *account, CheckResult *result,
                       GError **error) {
    g_autoptr(PathNames) names = path_names_new(output->paths, path_lossy);
    g_autoptr(GHashTable) failed = g_hash_table_new(g_str_hash, g_str_equal),
                          told = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = {.output = output,
                     .names = names,
                     .account = account,
                     .result = result,
                     .failed = failed,
                     .told = told};
    bool good;

    if (output->exit_code != 0 && output->exit_code != 1) { /* 2: it did not do its work */
        g_autofree char *why = complaint(output);

        g_set_error(error, LINTER_ERROR, 0, "ended with exit code %d%s%s", output->exit_code,
                    *why != '\0' ? ": " : "", why);
        return false;
    }
    good = read_all(&reader, error);
    notebook_free(reader.notebook);
    return good;
}

/* With --isolated. */
static void ruff_read_left_out(const LinterOutput *output, GHashTable *left_out) {
    g_autoptr(PathNames) names = path_names_new(output->paths, path_lossy);
    g_autoptr(GHashTable) failed = g_hash_table_new(g_str_hash, g_str_equal);
    LinterAccount account = {.seen = left_out};
    Reader reader = {.output = output, .names = names, .account = &account, .failed = failed};

    read_log(&reader);
}

static const char *const suffixes[] = {".py", ".pyi", ".ipynb", NULL};
static const char *const names[] = {"pyproject.toml", NULL}; /* RUF200 */
static const char *const languages[] = {"python", NULL};
static const char *const config_files[] = {"pyproject.toml", "ruff.toml", ".ruff.toml", NULL};
static const char *const env[] = {NULL};

const Linter linter_ruff = {
    .name = "ruff",
    .information_uri = "https://docs.astral.sh/ruff/",
    .suffixes = suffixes,
    .names = names,
    .languages = languages,
    .config_files = config_files,
    .severity = severities,
    .env = env,
    .path_prefix = "./", /* "@a.py" could be a file of arguments */
    .imports = true,
    .arguments = ruff_arguments,
    .complexity_code = "C901",
    .limit_complexity = ruff_limit_complexity,
    .parse = ruff_parse,
    .ask = "--isolated",
    .read_left_out = ruff_read_left_out,
};
