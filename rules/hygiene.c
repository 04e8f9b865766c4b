#include "rules/hygiene.h"

#include "exec/text.h"
#include "rules/rule.h"

#include <string.h>

/* As many as the kernel follows (path_resolution(7)); a path with more leads nowhere. */
#define MOST_LINKS 40

#define HEAD_BYTES 256u /* in which a #! line is looked for */

/* A rule: its answer is a finding's message, newly allocated, or NULL. */
typedef struct {
    const char *id, *summary, *help;
    Severity severity;
    char *(*look)(const HygieneTree *tree, const HygieneFile *file, GError **error);
} HygieneRule;

/* change.hidden-source. */

static char *look_at_bytes(const HygieneTree *tree, const HygieneFile *file, GError **error) {
    /* Not what is data or prose, of which much is UTF-16. */
    static const char *const run[] = {
        "batch", "c",      "cmake",   "cpp",        "csharp",     "dart",  "dockerfile", "elixir", "erlang",
        "go",    "groovy", "haskell", "java",       "javascript", "julia", "kotlin",     "lisp",   "lua",
        "make",  "perl",   "php",     "powershell", "python",     "r",     "ruby",       "rust",   "scala",
        "shell", "sql",    "swift",   "terraform",  "typescript", "vb",    NULL};
    const char *language, *bytes;
    gsize len = 0;

    (void)tree, (void)error;
    if (file->binary == NULL && !file->pointer)
        return NULL;
    bytes = file->binary != NULL ? g_bytes_get_data(file->binary, &len) : "";
    language = rule_language_of(file->path, bytes, MIN(len, HEAD_BYTES));
    if (!g_strv_contains(run, language))
        return NULL;
    if (file->pointer)
        return g_strdup_printf(
            "This %s file is a git-lfs pointer, whose content is not here: no check has looked at it",
            language);
    return g_strdup_printf("A NUL byte makes this %s file binary to git: no check has looked at it",
                           language);
}

/* change.link-outside. The target is walked as the kernel would, one name after the other, within a tree that
 * is only read about: `at` is where one has come to. */

static void go_up(GString *at) {
    const char *slash = strrchr(at->str, '/');

    g_string_truncate(at, slash != NULL ? (gsize)(slash - at->str) : 0);
}

/* What is still to be walked: a link's target before the rest of the path. */
static void put_before(GString *rest, const char *target) {
    g_string_prepend_c(rest, '/');
    g_string_prepend(rest, target);
}

/* Takes the first name off `rest`; "" at its end, or between two slashes. */
static char *take_name(GString *rest) {
    gsize len = strcspn(rest->str, "/");
    char *name = g_strndup(rest->str, len);

    g_string_erase(rest, 0, (gssize)MIN(len + 1, rest->len));
    return name;
}

/* Goes on by one name. NULL, or where that leads. */
static const char *step(GString *at, const char *name) {
    if (*name == '\0' || strcmp(name, ".") == 0)
        return NULL;
    if (strcmp(name, "..") == 0) {
        if (at->len == 0)
            return "leaves the repository";
        go_up(at);
        return NULL;
    }
    if (g_ascii_strcasecmp(name, ".git") == 0)
        return "leads into .git, which is not of the repository's content";
    if (at->len > 0)
        g_string_append_c(at, '/');
    g_string_append(at, name);
    return NULL;
}

/* Walks `rest` from the root; `ret_why` NULL: it stays within the repository. */
static bool follow(const HygieneTree *tree, GString *at, GString *rest, const char **ret_why,
                   GError **error) {
    *ret_why = NULL;
    for (guint links = 0; rest->len > 0 && *ret_why == NULL;) {
        g_autofree char *name = take_name(rest), *target = NULL;

        *ret_why = step(at, name);
        if (*ret_why != NULL || at->len == 0)
            continue;
        if (!tree->read_link(at->str, &target, tree->data, error))
            return false;
        if (target == NULL)
            continue;
        if (++links > MOST_LINKS)
            return true;
        if (*target == '/')
            *ret_why = "leaves the repository: it is, or leads to, an absolute path";
        go_up(at);
        put_before(rest, target);
    }
    return true;
}

static char *look_at_link(const HygieneTree *tree, const HygieneFile *file, GError **error) {
    g_autofree char *target = NULL, *shown = NULL;
    g_autoptr(GString) at = g_string_new(NULL), rest = g_string_new(file->path);
    const char *why;

    if (!tree->read_link(file->path, &target, tree->data, error) || target == NULL)
        return NULL;
    if (!follow(tree, at, rest, &why, error) || why == NULL)
        return NULL;
    shown = text_path(target);
    return g_strdup_printf("The link's target, %s, %s", shown, why);
}

static const HygieneRule rules[] = {
    {.id = "change.hidden-source",
     .summary = "A source file with a NUL byte in it, or that git-lfs keeps, is reviewed by nobody",
     .help = "Git takes a file with a NUL byte among its first 8000 for binary, so that no check looks at "
             "it; shells "
             "and JavaScript engines run such a file all the same. What git-lfs keeps comes into being at "
             "checkout. "
             "Take the byte out, write the file in UTF-8, keep it in git, or, if it is no source, say so in "
             ".gitattributes (binary).",
     .severity = SEVERITY_ERROR,
     .look = look_at_bytes},
    {.id = "change.link-outside",
     .summary = "A symbolic link leads out of the repository",
     .help =
         "What such a link names is another file on every machine, or none, and nobody has reviewed it. A "
         "program that reads or writes through it leaves the repository. Let it point to a file of the "
         "repository, by a relative path, or keep it out of git.",
     .severity = SEVERITY_ERROR,
     .look = look_at_link},
};

static void add_finding(const HygieneRule *rule, const char *path, const char *message, CheckResult *result) {
    RuleInfo *info = check_rule(result, rule->id);

    if (info->summary == NULL) {
        info->summary = g_strdup(rule->summary);
        info->help = g_strdup(rule->help);
        info->precision = g_strdup("high");
        info->severity = rule->severity;
    }
    g_ptr_array_add(result->findings,
                    finding_new("sallyport", rule->id, rule->severity, path, (Region){0}, message));
}

void hygiene_check(const HygieneTree *tree, const HygieneFile *file, CheckResult *result) {
    const char *path = file->path;

    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *message = rules[i].look(tree, file, &error);

        if (message != NULL)
            add_finding(&rules[i], path, message, result);
        if (error == NULL)
            continue;
        if (!check_was_given(result, path)) /* else nobody would ask whether it has failed */
            g_ptr_array_add(result->paths, g_strdup(path));
        check_fail_file(result, path, error->message);
    }
}
