#include "cmd/rules.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/annotation.h"
#include "rules/comment.h"
#include "rules/example.h"
#include "rules/scan.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_BYTES = 512 }; /* in which a #! line is looked for */

/* The tests at work. */
typedef struct {
    RuleSet *rules; /* the packs', and those of the rule files that are named */
    Scanner *scanner;
    bool strict;
    GPtrArray *failures; /* of TestFailure */
    guint examples, annotations, rule_count;
    json_t *files;  /* what was found, of each source; NULL: not wanted */
    bool bad_input; /* an error was told */
    bool undecided;
} Tests;

typedef struct {
    char *path, *shown;
    GBytes *bytes;
} TestFile;

static void test_file_free(TestFile *file) {
    g_free(file->path);
    g_free(file->shown);
    if (file->bytes != NULL)
        g_bytes_unref(file->bytes);
    g_free(file);
}

static const char *text_of(const TestFile *file, gsize *ret_len) {
    const char *text = g_bytes_get_data(file->bytes, ret_len);

    return text != NULL ? text : "";
}

static const char *language_of(const TestFile *file) {
    gsize len;
    const char *text = text_of(file, &len);

    return rule_language_of(file->path, text, MIN(len, HEAD_BYTES));
}

/* Whether a line begins with that key. */
static bool has_key(const char *text, gsize len, const char *key) {
    gsize size = strlen(key);

    for (const char *p = text; p != NULL && len - (gsize)(p - text) >= size;) {
        if (memcmp(p, key, size) == 0)
            return true;
        p = memchr(p, '\n', len - (gsize)(p - text));
        p = p != NULL ? p + 1 : NULL;
    }
    return false;
}

/* YAML with a list of rules is a rule file, but where its comments speak of rules. */
static bool is_rule_file(const TestFile *file) {
    static const char *const words[] = {"ruleid:", "ok:", "todoruleid:", "todook:"};
    gsize len;
    const char *text = text_of(file, &len);

    if (strcmp(language_of(file), "yaml") != 0 || !has_key(text, len, "rules:"))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GArray) comments = comment_find("yaml", text, len, words[i], 1);

        if (comments->len > 0)
            return false;
    }
    return true;
}

static void try_rules(Tests *tests, const RuleSet *rules) {
    for (guint i = 0; i < rules->rules->len; i++)
        tests->examples += rule_try_examples(rules->rules->pdata[i], tests->failures);
    tests->rule_count += rules->rules->len;
}

/* Adds the file's rules; one that is a pack of the program takes its place. */
static void add_rule_file(Tests *tests, const TestFile *file, GHashTable *replaced) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(file->shown);
    gsize len;
    const char *text = text_of(file, &len);

    if (!rule_set_add_text(tests->rules, text, len, errors)) {
        g_autofree char *all = yaml_errors_text(errors);

        cmd_error_lines(all);
        tests->bad_input = true;
        return;
    }
    for (guint i = 0; i < tests->rules->rules->len; i++) {
        const Rule *rule = tests->rules->rules->pdata[i];

        if (rule->pack != NULL)
            g_hash_table_add(replaced, rule->pack);
    }
}

static void add_packs(Tests *tests, GHashTable *replaced) {
    for (const char *const *pack = rule_pack_names(); *pack != NULL; pack++) {
        g_autoptr(YamlErrors) errors = yaml_errors_new("rules");

        if (strcmp(*pack, "default") == 0 || g_hash_table_contains(replaced, *pack) ||
            rule_set_add_pack(tests->rules, *pack, errors))
            continue;
        g_autofree char *all = yaml_errors_text(errors);

        cmd_error_lines(all);
        tests->bad_input = true;
    }
}

static json_t *json_place(const char *rule, guint line) {
    return json_pack("{s:s, s:i}", "rule", rule, "line", (int)line);
}

/* What was found in a source, and what was expected. */
static void add_json(const Tests *tests, const TestFile *file, const GPtrArray *annotations,
                     const CheckResult *result) {
    json_t *found = json_array(), *expected = json_array(), *object = json_object();
    gsize len, lines = 0;
    const char *text = text_of(file, &len);

    for (gsize i = 0; i < len; i++)
        lines += text[i] == '\n';
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        json_t *place = json_place(finding->rule, finding->region.start_line);

        json_object_set_new(place, "severity", json_string(severity_name(finding->severity)));
        json_array_append_new(found, place);
    }
    for (guint i = 0; i < annotations->len; i++) {
        const Annotation *annotation = annotations->pdata[i];
        json_t *place = json_place(annotation->rule, annotation->line);

        json_object_set_new(place, "finds", json_boolean(annotation->finds));
        json_object_set_new(place, "todo", json_boolean(annotation->todo));
        json_array_append_new(expected, place);
    }
    json_object_set_new(object, "path", json_string(file->shown));
    json_object_set_new(object, "language", json_string(language_of(file)));
    json_object_set_new(object, "lines", json_integer((json_int_t)lines));
    json_object_set_new(object, "findings", found);
    json_object_set_new(object, "expected", expected);
    json_array_append_new(tests->files, object);
}

static void try_source(Tests *tests, const TestFile *file) {
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(GPtrArray) annotations = NULL;
    g_autofree char *wrong = NULL;
    gsize len;
    const char *text = text_of(file, &len), *why;

    annotations = annotation_read(tests->rules, language_of(file), text, len, &wrong);
    if (annotations == NULL || (annotations->len == 0 && !tests->strict)) {
        cmd_error("%s:%s", file->shown,
                  wrong != NULL
                      ? wrong
                      : " no comment in it says ruleid: or ok:, so it tests nothing (--strict: that "
                        "nothing is found)");
        tests->bad_input = true;
        return;
    }
    scan_file(tests->scanner, file->path, text, len, result);
    why = check_failure_of(result, file->path);
    if (why != NULL) {
        cmd_error("%s: undecided: %s", file->shown, why);
        tests->undecided = true;
    }
    tests->annotations += annotations->len;
    annotation_compare(annotations, result, file->shown, tests->strict, tests->failures);
    if (tests->files != NULL)
        add_json(tests, file, annotations, result);
}

/* All that are named; those that cannot be read are told. */
static GPtrArray *read_files(Tests *tests, char **paths) {
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)test_file_free);

    for (; paths != NULL && *paths != NULL; paths++) {
        TestFile *file = g_new0(TestFile, 1);

        g_ptr_array_add(files, file);
        file->path = g_strdup(*paths);
        file->shown = text_path(*paths);
        file->bytes = cmd_read(*paths, CAP_FILE_BYTES);
        tests->bad_input = tests->bad_input || file->bytes == NULL;
    }
    return files;
}

static void run_tests(Tests *tests, const GPtrArray *files) {
    g_autoptr(GHashTable) replaced = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) sources = g_ptr_array_new();

    for (guint i = 0; i < files->len && !tests->bad_input; i++) {
        TestFile *file = files->pdata[i];

        if (is_rule_file(file))
            add_rule_file(tests, file, replaced);
        else
            g_ptr_array_add(sources, file);
    }
    if (tests->bad_input)
        return;
    try_rules(tests, tests->rules);
    add_packs(tests, replaced);
    if (files->len == 0)
        try_rules(tests, tests->rules);
    tests->scanner = scanner_new(tests->rules);
    for (guint i = 0; i < sources->len; i++)
        try_source(tests, sources->pdata[i]);
}

static char *as_json(const Tests *tests) {
    json_t *top = json_object(), *failures = json_array();
    g_autofree char *text = NULL;

    for (guint i = 0; i < tests->failures->len; i++) {
        const TestFailure *failure = tests->failures->pdata[i];

        json_array_append_new(failures, json_pack("{s:s, s:i, s:s}", "path", failure->file, "line",
                                                  (int)failure->line, "text", failure->text));
    }
    json_object_set_new(top, "version", json_integer(1));
    json_object_set(top, "files", tests->files);
    json_object_set_new(top, "failures", failures);
    text = json_dumps(top, JSON_INDENT(1));
    json_decref(top);
    return g_strconcat(text, "\n", NULL);
}

static char *as_text(const Tests *tests) {
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *rules = text_count(tests->rule_count, "rule");
    g_autofree char *examples = text_count(tests->examples, "example");
    g_autofree char *annotations = text_count(tests->annotations, "annotation");
    g_autofree char *failed = text_count(tests->failures->len, "failure");

    for (guint i = 0; i < tests->failures->len; i++) {
        const TestFailure *failure = tests->failures->pdata[i];
        g_autofree char *clean = text_line(failure->text, -1, 1000);

        g_string_append_printf(text, "%s:%u: %s\n", failure->file, failure->line, clean);
    }
    g_string_append_printf(text, "%s, %s, %s: %s\n", rules, examples, annotations,
                           tests->failures->len > 0 ? failed : "all hold");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static int finish(const Tests *tests) {
    g_autofree char *text = NULL;

    if (tests->bad_input && tests->files == NULL)
        return EXIT_REQUEST;
    text = tests->files != NULL ? as_json(tests) : as_text(tests);
    if (!cmd_write(STDOUT_FILENO, text, strlen(text)) || tests->undecided)
        return EXIT_UNDECIDED;
    if (tests->bad_input)
        return EXIT_REQUEST;
    return tests->failures->len > 0 ? EXIT_REJECTED : EXIT_PASSED;
}

int rules_try(int argc, char **argv) {
    g_auto(GStrv) paths = NULL;
    gboolean json = FALSE, strict = FALSE;
    const GOptionEntry entries[] = {
        {"strict", 0, 0, G_OPTION_ARG_NONE, &strict,
         "What is found and no comment speaks of is a failure, too", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "As JSON, with all that is found in the sources", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;

    if (!cmd_options(&argc, &argv, entries, "rules test", "[FILE...] - try rules",
                     "Of a rule file (YAML), tries the examples of its rules. In any other file, comments\n"
                     "say what is to be found: 'ruleid: ID' that the next line has a finding of that rule,\n"
                     "'ok: ID' that it has none. Without FILE, the examples of all packs.",
                     "Exit status: 0 all hold, 1 some do not, 2 a file cannot be read, or a rule file is\n"
                     "not valid, 3 a source could not be looked at.",
                     &status))
        return status;
    Tests tests = {.rules = rule_set_new(), .strict = strict, .failures = test_failures_new()};
    g_autoptr(GPtrArray) files = read_files(&tests, paths);

    tests.files = json ? json_array() : NULL;
    run_tests(&tests, files);
    status = finish(&tests);
    scanner_free(tests.scanner);
    rule_set_free(tests.rules);
    g_ptr_array_unref(tests.failures);
    json_decref(tests.files);
    return status;
}
