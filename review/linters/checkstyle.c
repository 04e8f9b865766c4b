/* Checkstyle's report, which many linters can write:
 *
 *   <checkstyle version="8">
 *     <file name="a.js">
 *       <error line="1" column="7" severity="warning" message="..." source="eslint.rules.no-unused-vars"/>
 *     </file>
 *   </checkstyle>
 *
 * <exception> is what Checkstyle writes of a file that it broke over. Elements of other names are passed
 * over.
 */
#include "review/linters/formats.h"

#include "exec/text.h"
#include "review/linters/output.h"

#include <string.h>

/* Deeper than any of them nests; GMarkup itself has no bound. */
#define MOST_DEPTH 16u

typedef struct {
    Problems *problems;
    char *file; /* of the <file> that is open */
    guint depth;
    bool whole; /* </checkstyle> was there */
} Report;

static const char *attribute(const char *const *names, const char *const *values, const char *name) {
    for (; *names != NULL; names++, values++)
        if (strcmp(*names, name) == 0)
            return *values;
    return NULL;
}

/* A line or column, 0 where it is missing or, as some write it, -1 or "undefined". */
static guint number(const char *text) {
    const char *end;
    guint value;

    return text != NULL && output_number(text, text + strlen(text), &value, &end) && *end == '\0' ? value : 0;
}

/* "ShellCheck.SC2086" and "eslint.rules.no-var" are named after tool and kind, Java's rules after a package.
 * Others, as "Squiz.Commenting.FileComment.Missing", have all their words. */
static const char *code_of(const char *source) {
    static const char *const packages[] = {"com.", "org.", "net.", "io."};
    static const char *const tools[] = {"ShellCheck.", "eslint.rules."};
    const char *dot = source != NULL ? strchr(source, '.') : NULL;

    if (dot == NULL)
        return source;
    for (gsize i = 0; i < G_N_ELEMENTS(packages); i++)
        if (g_str_has_prefix(source, packages[i]))
            return strrchr(source, '.') + 1;
    for (gsize i = 0; i < G_N_ELEMENTS(tools); i++)
        if (g_str_has_prefix(source, tools[i]))
            return source + strlen(tools[i]);
    return source;
}

static void read_error(Report *report, const char *const *names, const char *const *values, GError **error) {
    const char *severity = attribute(names, values, "severity");
    Problem problem = {
        .path = report->file,
        .line = number(attribute(names, values, "line")),
        .column = number(attribute(names, values, "column")),
        .severity = SEVERITY_WARNING,
        .code = code_of(attribute(names, values, "source")),
        .message = attribute(names, values, "message"),
    };

    if (severity != NULL)
        (void)problems_severity(severity, strlen(severity), &problem.severity);
    if (report->file == NULL)
        problems_unreadable(error, "an <error> stands outside of a <file>");
    else
        problems_add(report->problems, &problem, NULL, error);
}

static void start_element(GMarkupParseContext *context G_GNUC_UNUSED, const char *element, const char **names,
                          const char **values, gpointer data, GError **error) {
    Report *report = data;
    const char *name;

    if (report->depth++ == 0 && strcmp(element, "checkstyle") != 0) {
        problems_unreadable(error, "expected <checkstyle>, found <%s>", element);
    } else if (report->depth > MOST_DEPTH) {
        problems_unreadable(error, "its elements are nested deeper than %u", MOST_DEPTH);
    } else if (strcmp(element, "file") == 0) {
        name = attribute(names, values, "name");
        g_free(report->file);
        report->file = g_strdup(name);
        if (name == NULL)
            problems_unreadable(error, "a <file> has no name");
    } else if (strcmp(element, "error") == 0) {
        read_error(report, names, values, error);
    } else if (strcmp(element, "exception") == 0) {
        g_autofree char *shown = text_path(report->file != NULL ? report->file : "");

        g_set_error(error, LINTER_ERROR, 0, "it could not look at %s", shown);
    }
}

static void end_element(GMarkupParseContext *context G_GNUC_UNUSED, const char *element, gpointer data,
                        GError **error G_GNUC_UNUSED) {
    Report *report = data;

    if (strcmp(element, "file") == 0)
        g_clear_pointer(&report->file, g_free);
    if (--report->depth == 0)
        report->whole = true;
}

bool checkstyle_read(Problems *problems, const char *text, gsize len, GError **error) {
    static const GMarkupParser parser = {.start_element = start_element, .end_element = end_element};
    Report report = {.problems = problems};
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &report, NULL);
    g_autoptr(GError) why = NULL;
    bool good;

    /* It says nothing of what its columns count; who writes it runs on Java or JavaScript, mostly. */
    problems->unit = UNIT_UTF16;
    good = g_markup_parse_context_parse(context, text, (gssize)len, &why) &&
           g_markup_parse_context_end_parse(context, &why);

    g_free(report.file);
    if (good && report.whole)
        return true;
    if (why != NULL && why->domain == LINTER_ERROR)
        g_propagate_error(error, g_steal_pointer(&why));
    else
        problems_unreadable(error, "%s", why != NULL ? why->message : "it is empty");
    return false;
}
