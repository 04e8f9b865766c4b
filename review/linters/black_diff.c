#include "review/linters/black_diff.h"

#include "exec/text.h"
#include "review/linters/output.h"
#include "review/linters/source.h"

#include <string.h>

/* Of a header's name at most so much is looked at. */
#define MOST_NAME 65536u

/* Lines first..first+old-1 of the file become `new` lines, `text`. */
typedef struct {
    guint first, old, new;
    GString *text;
} Run;

/* The place in the output, and the file that its diff is of. */
typedef struct {
    const LinterOutput *output;
    const PathNames *names;
    CheckResult *result;
    GHashTable *with_diff;
    const char *p, *end;

    const char *path; /* an element of the given paths; NULL where the header names none of them */
    Source *source;   /* NULL without a path, or where it cannot be read */
    const char *eol;  /* how lines end in this diff and in what Black writes */
    GPtrArray *all;   /* of Run: those of the file so far */
    bool fits;        /* the file is what the diff says it is */
} Reader;

static void run_free(gpointer data) {
    Run *run = data;

    g_string_free(run->text, TRUE);
    g_free(run);
}

static bool unreadable(const Reader *reader, GError **error) {
    g_autofree char *line = text_line(reader->p, (gssize)line_length(reader->p, reader->end), 300);

    g_set_error(error, LINTER_ERROR, 0, "its output cannot be read at: %s", line);
    return false;
}

static bool skip(Reader *reader, const char *words) {
    gsize len = strlen(words);

    if ((gsize)(reader->end - reader->p) < len || memcmp(reader->p, words, len) != 0)
        return false;
    reader->p += len;
    return true;
}

/* "\t2026-11-22 23:29:27.562853+00:00" and an end of line: `*eol` where it is set already, else any. */
static bool skip_time(Reader *reader, const char **eol) {
    static const char *const eols[] = {"\r\n", "\n", "\r"};

    if (!skip(reader, "\t"))
        return false;
    while (reader->p < reader->end && *reader->p != '\0' && strchr("0123456789-:. +", *reader->p) != NULL)
        reader->p++;
    if (*eol != NULL)
        return skip(reader, *eol);
    for (gsize i = 0; i < G_N_ELEMENTS(eols); i++) {
        if (skip(reader, eols[i])) {
            *eol = eols[i];
            return true;
        }
    }
    return false;
}

/* What stands behind a header's first name, if that is `name`. */
static bool read_rest_of_header(Reader *reader, const char *name) {
    const char *second = reader->output->single ? "STDOUT" : name;

    reader->eol = NULL;
    return skip_time(reader, &reader->eol) && skip(reader, "+++ ") && skip(reader, second) &&
           skip_time(reader, &reader->eol) && g_str_has_prefix(reader->p, "@@ ");
}

/* "--- a.py\tTIME", "+++ a.py\tTIME". A name may hold tabs and newlines: the one is taken for which all the
 * rest is as it must be. A file with a byte order mark has a diff with one. */
static bool read_header(Reader *reader) {
    const char *start, *from;
    gsize window;

    (void)skip(reader, "\xef\xbb\xbf");
    if (!skip(reader, "--- "))
        return false;
    start = from = reader->p;
    window = MIN((gsize)(reader->end - start), MOST_NAME);
    while ((from = memchr(from, '\t', window - (gsize)(from - start))) != NULL) {
        g_autofree char *name = g_strndup(start, (gsize)(from - start));

        reader->p = from;
        if (read_rest_of_header(reader, name)) {
            reader->path = reader->output->single ? reader->output->paths->pdata[0]
                                                  : path_names_get(reader->names, name, strlen(name));
            return true;
        }
        from++;
    }
    reader->p = start;
    return false;
}

/* "12,3" or "12": where a range of lines begins, and how many there are. Of an empty range the line before it
 * is named. */
static bool read_range(Reader *reader, guint *ret_first, guint *ret_count) {
    *ret_count = 1;
    if (!output_number(reader->p, reader->end, ret_first, &reader->p))
        return false;
    if (skip(reader, ",") && !output_number(reader->p, reader->end, ret_count, &reader->p))
        return false;
    *ret_first += *ret_count == 0 ? 1 : 0;
    return *ret_first > 0;
}

/* The next line, without its end; false at the end of the output. */
static bool read_line(Reader *reader, const char **ret_line, gsize *ret_len) {
    gsize eol_len = strlen(reader->eol);
    const char *found = memmem(reader->p, (gsize)(reader->end - reader->p), reader->eol, eol_len);

    if (found == NULL)
        return false;
    *ret_line = reader->p;
    *ret_len = (gsize)(found - reader->p);
    reader->p = found + eol_len;
    return true;
}

static void check_line(Reader *reader, guint number, const char *line, gsize len) {
    gsize source_len, end_len;
    const char *text;

    if (reader->source == NULL)
        return;
    if (number > source_lines(reader->source)) {
        reader->fits = false;
        return;
    }
    text = source_line(reader->source, number, &source_len, &end_len);
    reader->fits = reader->fits && source_len == len && memcmp(text, line, len) == 0;
}

static Run *run_new(GPtrArray *runs, guint line) {
    Run *run = g_new0(Run, 1);

    run->first = line;
    run->text = g_string_new(NULL);
    g_ptr_array_add(runs, run);
    return run;
}

/* The run that a changed line before `line` belongs to: the last one, if it reaches up to there. */
static Run *run_at(GPtrArray *runs, guint line) {
    Run *run = runs->len > 0 ? runs->pdata[runs->len - 1] : NULL;

    return run != NULL && run->first + run->old == line ? run : run_new(runs, line);
}

static void add_line(const Reader *reader, Run *run, const char *line, gsize len) {
    run->new ++;
    g_string_append_len(run->text, line, (gssize)len);
    g_string_append(run->text, reader->eol);
}

/* Takes back the end of the line that was added last. */
static void unend_line(const Reader *reader, GPtrArray *runs) {
    Run *run = runs->len > 0 ? runs->pdata[runs->len - 1] : NULL;

    if (run != NULL && run->new > 0)
        g_string_truncate(run->text, run->text->len - strlen(reader->eol));
}

/* The lines of one hunk; false where there are fewer than its head says. */
static bool read_lines(Reader *reader, guint line, guint old, guint new, GPtrArray *runs) {
    char last = ' ';

    while (old > 0 || new > 0 || g_str_has_prefix(reader->p, "\\ No newline")) {
        const char *text;
        gsize len;

        if (!read_line(reader, &text, &len) || len == 0)
            return false;
        if (*text == '\\') {
            if (last == '+')
                unend_line(reader, runs);
        } else if (*text == '+' && new > 0) {
            add_line(reader, run_at(runs, line), text + 1, len - 1);
            new --;
        } else if ((*text == '-' && old > 0) || (*text == ' ' && old > 0 && new > 0)) {
            check_line(reader, line, text + 1, len - 1);
            if (*text == '-')
                run_at(runs, line)->old++;
            else
                new --;
            line++;
            old--;
        } else {
            return false;
        }
        last = *text;
    }
    return runs->len > 0;
}

/* The region of what a run replaces. The last line may have no end. */
static Region edit_region(const Source *source, const Run *run) {
    guint behind = run->first + run->old;
    Region region = {run->first, 1, behind, 1};
    gsize len, end_len;

    if (run->old == 0)
        return region;
    source_line(source, behind - 1, &len, &end_len);
    if (end_len == 0) {
        region.end_line = behind - 1;
        region.end_column = source_columns(source, behind - 1) + 1;
    }
    return region;
}

/* The lines that a hunk changes. Where it only adds, the lines on either side: whichever of them is new is
 * the reason. */
static Region hunk_region(const Source *source, const GPtrArray *runs) {
    const Run *first = runs->pdata[0], *last = runs->pdata[runs->len - 1];
    guint start = first->old > 0 ? first->first : MAX(first->first, 2) - 1;
    guint end = last->old > 0 ? last->first + last->old - 1 : MIN(last->first, source_lines(source));

    return (Region){start, 0, MAX(start, end), 0};
}

static char *these_lines(const char *verb, guint n) {
    return n == 1 ? g_strdup_printf("Black would %s this line", verb)
                  : g_strdup_printf("Black would %s these %u lines", verb, n);
}

static char *hunk_message(const GPtrArray *runs) {
    guint old = 0, new = 0;
    g_autofree char *lines = NULL;

    for (guint i = 0; i < runs->len; i++) {
        old += ((const Run *)runs->pdata[i])->old;
        new += ((const Run *)runs->pdata[i])->new;
    }
    if (old > 0)
        return these_lines(new > 0 ? "reformat" : "remove", old);
    lines = text_count(new, "line");
    return g_strdup_printf("Black would add %s here", lines);
}

static bool add_finding(Reader *reader, Region region, const char *message, Fix *fix, GError **error) {
    RuleInfo *rule = output_add(reader->result, BLACK_FORMAT, reader->path, region, message, error);

    if (rule == NULL) {
        fix_free(fix);
        return false;
    }
    if (rule->summary == NULL) {
        rule->summary = g_strdup("The layout is not the one that Black gives.");
        rule->help_uri =
            g_strdup("https://black.readthedocs.io/en/stable/the_black_code_style/current_style.html");
    }
    if (fix != NULL)
        g_ptr_array_add(output_last(reader->result)->fixes, fix);
    return true;
}

/* The changes as a fix; NULL where the text is not UTF-8, which a report cannot hold. */
static Fix *fix_of(const Source *source, const GPtrArray *runs, const char *description) {
    Fix *fix = fix_new(description, FIX_SAFE);

    for (guint i = 0; i < runs->len; i++) {
        const Run *run = runs->pdata[i];

        if (!g_utf8_validate(run->text->str, (gssize)run->text->len, NULL)) {
            fix_free(fix);
            return NULL;
        }
        fix_add(fix, edit_region(source, run), run->text->str);
    }
    return fix;
}

static bool read_hunk(Reader *reader, GError **error) {
    g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(run_free);
    guint first, old, first_new, new;

    if (!skip(reader, "@@ -") || !read_range(reader, &first, &old) || !skip(reader, " +") ||
        !read_range(reader, &first_new, &new) || !skip(reader, " @@") || !skip(reader, reader->eol) ||
        !read_lines(reader, first, old, new, runs))
        return unreadable(reader, error);
    if (reader->source != NULL && first > source_lines(reader->source) + 1)
        reader->fits = false;
    if (reader->source == NULL || !reader->fits)
        return true;
    g_autofree char *message = hunk_message(runs);
    if (!add_finding(reader, hunk_region(reader->source, runs), message,
                     fix_of(reader->source, runs, "Reformat with Black"), error))
        return false;
    g_ptr_array_extend_and_steal(reader->all, g_steal_pointer(&runs));
    return true;
}

/* Lines outside of all hunks whose ends Black would change: it writes them all as the first one is. Where a
 * hunk adds lines between two of them, they are apart. */
static GPtrArray *lines_of_other_end(const Reader *reader) {
    GPtrArray *runs = g_ptr_array_new_with_free_func(run_free);
    const GPtrArray *all = reader->all;
    bool apart = false;
    guint next = 0;

    for (guint line = 1; line <= source_lines(reader->source); line++) {
        gsize len, end_len;
        const char *text = source_line(reader->source, line, &len, &end_len);
        Run *run;

        for (; next < all->len; next++, apart = true) {
            run = all->pdata[next];
            if (line < run->first + run->old)
                break;
        }
        if ((next < all->len && line >= ((const Run *)all->pdata[next])->first) || end_len == 0 ||
            (end_len == strlen(reader->eol) && memcmp(text + len, reader->eol, end_len) == 0))
            continue;
        run = apart ? run_new(runs, line) : run_at(runs, line);
        run->old++;
        add_line(reader, run, text, len);
        apart = false;
    }
    return runs;
}

static bool add_other_ends(Reader *reader, GError **error) {
    g_autoptr(GPtrArray) runs = lines_of_other_end(reader);
    const Run *first = runs->len > 0 ? runs->pdata[0] : NULL;

    if (first == NULL)
        return true;
    return add_finding(reader, (Region){first->first, 0, first->first + first->old - 1, 0},
                       "Black would end these lines as the first line ends",
                       fix_of(reader->source, runs, "End all lines alike"), error);
}

static void open_source(Reader *reader) {
    g_autoptr(GError) why = NULL;

    g_clear_pointer(&reader->source, source_free);
    g_ptr_array_set_size(reader->all, 0);
    reader->fits = true;
    if (reader->path == NULL)
        return;
    g_hash_table_add(reader->with_diff, (char *)reader->path);
    reader->source = source_read(reader->output->root, reader->path, &why);
    if (reader->source == NULL)
        check_fail_file(reader->result, reader->path, why->message);
}

/* The diff of one file. */
static bool read_diff(Reader *reader, GError **error) {
    if (!read_header(reader))
        return unreadable(reader, error);
    open_source(reader);
    while (g_str_has_prefix(reader->p, "@@ "))
        if (!read_hunk(reader, error))
            return false;
    if (reader->source == NULL)
        return true;
    if (reader->fits)
        return add_other_ends(reader, error);
    check_fail_file(reader->result, reader->path, "its diff does not fit the file");
    return true;
}

bool black_diff_read(const LinterOutput *output, CheckResult *result, GHashTable *with_diff, GError **error) {
    g_autoptr(PathNames) names = path_names_new(output->paths, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(run_free);
    Reader reader = {.output = output,
                     .names = names,
                     .result = result,
                     .with_diff = with_diff,
                     .p = output->out,
                     .end = output->out + output->out_len,
                     .all = all};
    bool good = true;

    while (good && reader.p < reader.end)
        good = read_diff(&reader, error);
    source_free(reader.source);
    return good;
}
