/* Any other tool, by the policy alone: how it is started (LinterPolicy.custom), and when it has done its
 * work.
 *
 * That such a tool looked at its files can only be seen by its exit code, which has to be one of those that
 * the policy names, and by output that can be read to the end. An exit code that is not 0 wants a reason: a
 * Python program ends with 1 for findings and for a crash, so without a finding, or with a traceback, it did
 * not do its work. */
#include "review/linters/formats.h"
#include "review/linters/output.h"

#include <string.h>

/* "./" keeps a name that begins with a dash, or with the "@" of a file of arguments, a name. */
static char *name_of(const char *path) {
    return g_strconcat("./", path, NULL);
}

void custom_arguments(GPtrArray *argv, const CustomLinter *custom, const GPtrArray *paths) {
    for (char **argument = custom->command + 1; *argument != NULL; argument++) {
        g_autofree char *first = paths->len > 0 ? name_of(paths->pdata[0]) : g_strdup("");

        if (strcmp(*argument, "{files}") == 0) {
            for (guint i = 0; i < paths->len; i++)
                g_ptr_array_add(argv, name_of(paths->pdata[i]));
        } else {
            g_autoptr(GString) text = g_string_new(*argument);

            if (custom->one_by_one)
                g_string_replace(text, "{file}", first, 0);
            g_ptr_array_add(argv, g_strdup(text->str));
        }
    }
}

static bool did_its_work(const LinterOutput *output) {
    const GArray *success = output->custom->success;

    for (guint i = 0; i < success->len; i++)
        if ((int)g_array_index(success, guint, i) == output->exit_code)
            return true;
    return false;
}

static bool has_traceback(const LinterOutput *output) {
    static const char traceback[] = "Traceback (most recent call last):";

    return memmem(output->err, output->err_len, traceback, strlen(traceback)) != NULL;
}

static bool fail(const LinterOutput *output, const char *what, GError **error) {
    g_autofree char *on_err = output_complaint(output->err, output->err_len);
    g_autofree char *on_out = output_complaint(output->out, output->out_len);
    const char *why = *on_err != '\0' ? on_err : on_out;

    g_set_error(error, LINTER_ERROR, 0, "ended with exit code %d%s%s%s", output->exit_code, what,
                *why != '\0' ? ": " : "", why);
    return false;
}

/* Compilers, and what follows their ways, print what they find on stderr. */
static bool read_lines(Problems *problems, const LinterOutput *output, GError **error) {
    g_autoptr(OutputPattern) pattern = NULL;

    if (output->custom->output == OUTPUT_GCC)
        return gcc_read(problems, output->out, output->out_len, error) &&
               gcc_read(problems, output->err, output->err_len, error);
    pattern = output_pattern_new(output->custom->pattern, error);
    return pattern != NULL && pattern_read(problems, pattern, output->out, output->out_len, error) &&
           pattern_read(problems, pattern, output->err, output->err_len, error);
}

static bool is_blank(const char *text, gsize len) {
    for (gsize i = 0; i < len; i++)
        if (!g_ascii_isspace(text[i]))
            return false;
    return true;
}

/* Whether all that it printed is on stderr. */
static bool is_on_err(const LinterOutput *output) {
    return is_blank(output->out, output->out_len) && !is_blank(output->err, output->err_len);
}

/* A document stands on one of the two streams, and is all that stands there. */
static bool read_document(Problems *problems, const LinterOutput *output, GError **error) {
    bool on_err = is_on_err(output);
    const char *text = on_err ? output->err : output->out;
    gsize len = on_err ? output->err_len : output->out_len;
    g_autofree char *complaint = NULL;
    g_autoptr(GError) wrong = NULL;
    bool good = output->custom->output == OUTPUT_SARIF ? sarif_read(problems, text, len, &wrong)
                                                       : checkstyle_read(problems, text, len, &wrong);

    if (good)
        return true;
    complaint = output_complaint(output->err, output->err_len);
    if (*complaint != '\0')
        g_set_error(error, LINTER_ERROR, 0, "%s; it says: %s", wrong->message, complaint);
    else
        g_propagate_error(error, g_steal_pointer(&wrong));
    return false;
}

/* A byte order mark is no part of a text (RFC 8259, 8.1, lets a reader of JSON pass over it). */
static void skip_mark(const char **text, gsize *len) {
    if (*len >= 3 && memcmp(*text, "\xef\xbb\xbf", 3) == 0) {
        *text += 3;
        *len -= 3;
    }
}

static bool read_output(Problems *problems, const LinterOutput *given, GError **error) {
    LinterOutput unmarked = *given;
    const LinterOutput *output = &unmarked;

    skip_mark(&unmarked.out, &unmarked.out_len);
    skip_mark(&unmarked.err, &unmarked.err_len);
    switch (output->custom->output) {
    case OUTPUT_GCC:
    case OUTPUT_PATTERN:
        return read_lines(problems, output, error);
    case OUTPUT_RDJSONL:
        return is_on_err(output) && memmem(output->err, output->err_len, "\"location\"", 10) != NULL
                   ? rdjsonl_read(problems, output->err, output->err_len, error)
                   : rdjsonl_read(problems, output->out, output->out_len, error);
    case OUTPUT_SARIF:
    case OUTPUT_CHECKSTYLE:
        return read_document(problems, output, error);
    }
    g_assert_not_reached();
}

static bool custom_parse(const LinterOutput *output, LinterAccount *account, CheckResult *result,
                         GError **error) {
    g_autoptr(Problems) problems = problems_new(output, result);

    if (!did_its_work(output))
        return fail(output, "", error);
    if (output->exit_code != 0 && has_traceback(output))
        return fail(output, "", error);
    if (!read_output(problems, output, error))
        return false;
    if (output->exit_code != 0 && problems->told == 0)
        return fail(output, ", and what it prints tells no finding", error);
    for (guint i = 0; i < output->paths->len; i++)
        g_hash_table_add(account->seen, output->paths->pdata[i]);
    return true;
}

static const char *const none[] = {NULL};
/* mypy, without it, breaks where it cannot write below the work directory. */
static const char *const env[] = {"MYPY_CACHE_DIR=/dev/null", NULL};

const Linter linter_custom = {
    .suffixes = none,
    .languages = none,
    .config_files = none,
    .env = env,
    .path_prefix = "./",
    .needs_utf8 = true,
    .needs_line = true,
    .imports = true,
    .parse = custom_parse,
};
