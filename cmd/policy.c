#include "cmd/cmd.h"
#include "cmd/subcommand.h"

#include "exec/text.h"
#include "review/linters/linter.h"
#include "rules/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What is in the repository that the policy is written for. */
typedef struct {
    Change *change;
    GHashTable *languages; /* a set of names of rule_language_of(), static text */
    GHashTable *linters;   /* a set of Linter that have something to look at */
} Contents;

/* The policy of `file`, or where it is NULL the one of the work tree. */
static Policy *load(const char *file, GError **error) {
    /* A file that is named needs no repository around it. */
    g_autoptr(Change) change = file != NULL ? change_from_code(POLICY_FILE, "", 0) : cmd_open_worktree(error);

    return change != NULL ? cmd_load_policy(file, change, error) : NULL;
}

static int print(const char *text) {
    return cmd_write(STDOUT_FILENO, text, strlen(text)) ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int policy_check(int argc, char **argv) {
    g_auto(GStrv) files = NULL;
    const GOptionEntry entries[] = {
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "[FILE]"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Policy) policy = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = NULL, *line = NULL;
    const char *file;
    int status;

    if (!cmd_options(&argc, &argv, entries, "policy check", "- validate a policy",
                     "Validates FILE, or the " POLICY_FILE
                     " of the work tree. All errors are told in one go, a\n"
                     "line each, with file, line and column.",
                     "Exit status: 0 valid, 2 not valid, or not there.", &status))
        return status;
    if (files != NULL && g_strv_length(files) > 1) {
        cmd_error("policy check takes one file");
        return EXIT_REQUEST;
    }
    file = files != NULL ? files[0] : NULL;
    policy = load(file, &error);
    if (policy == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    if (policy->is_default) {
        cmd_error("there is no " POLICY_FILE
                  " here, so the built-in default holds (see 'sallyport policy show'; "
                  "'sallyport policy init' writes a file)");
        return EXIT_REQUEST;
    }
    if (policy->gate.max_complexity > 0 && policy_complexity_gap(policy) != NULL)
        cmd_error("note: gate.max_complexity is not measured in Python: %s", policy_complexity_gap(policy));
    if (policy->gate.max_cognitive > 0)
        cmd_error("note: gate.max_complexity.cognitive is measured in C and C++ alone");
    shown = text_path(file != NULL ? file : POLICY_FILE);
    line = g_strdup_printf("%s: valid\n", shown);
    return print(line);
}

static int policy_show_verb(int argc, char **argv) {
    g_autofree char *file = NULL;
    const GOptionEntry entries[] = {
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &file, "Show this policy instead of " POLICY_FILE, "FILE"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Policy) policy = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = NULL, *source = NULL, *text = NULL;
    int status;

    if (!cmd_options(
            &argc, &argv, entries, "policy show", "- show the policy that holds",
            "Shows the policy of the work tree as YAML, with all defaults filled in. What comes out is a\n"
            "valid policy and means the same.",
            "Exit status: 0 shown, 2 the policy is not valid.", &status))
        return status;
    if (argc > 1) {
        cmd_error("policy show takes no argument '%s' (a file is named with -p)", argv[1]);
        return EXIT_REQUEST;
    }
    policy = load(file, &error);
    if (policy == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    source = text_line(policy->source, -1, 1000);
    shown = policy_show(policy);
    text = g_strdup_printf("# %s, with all defaults\n%s", source, shown);
    return print(text);
}

/* Scripts often have no extension: then the #! line tells what they are. */
static GBytes *head_of(Change *change, const char *path, guint32 mode) {
    g_autofree char *name = g_path_get_basename(path);

    return mode == 0100755 && strchr(name, '.') == NULL ? change_read(change, path, NULL) : NULL;
}

/* A ChangeEach. */
static bool note_file(const char *path, guint32 mode, gpointer data) {
    Contents *contents = data;
    g_autoptr(GBytes) bytes = NULL;
    const char *head = NULL;
    gsize len = 0;

    if (mode == 0120000) /* a symbolic link */
        return true;
    bytes = head_of(contents->change, path, mode);
    if (bytes != NULL)
        head = g_bytes_get_data(bytes, &len);
    len = MIN(len, 256);
    g_hash_table_add(contents->languages, (gpointer)rule_language_of(path, head != NULL ? head : "", len));
    for (const Linter *const *linter = linter_all(); *linter != NULL; linter++)
        if (linter_wants(*linter, path, head != NULL ? head : "", len))
            g_hash_table_add(contents->linters, (gpointer)*linter);
    return true;
}

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(a, b);
}

/* "# Languages found: c, python, shell." */
static void append_languages(GString *out, GHashTable *languages) {
    GList *names = g_list_sort(g_hash_table_get_keys(languages), compare_names);
    const char *head = "# Languages found: ";

    for (const GList *name = names; name != NULL; name = name->next) {
        if (strcmp(name->data, "text") == 0)
            continue;
        g_string_append_printf(out, "%s%s", head, (const char *)name->data);
        head = ", ";
    }
    g_string_append(out, *head == ',' ? ".\n\n" : "# No language was found yet.\n\n");
    g_list_free(names);
}

static void append_linters(GString *out, GHashTable *linters) {
    g_string_append(
        out, "\n# Which linters look at the files of their kind. Each may be given, within its braces,\n"
             "# version: \">=1.0\", args: [...], severity: {E9: error, \"*\": warning}, timeout: 60s.\n");
    if (g_hash_table_size(linters) == 0) {
        g_autofree char *known = yaml_word_list(linter_names());

        g_string_append_printf(out, "# There is nothing here yet for %s.\nlinters: {}\n", known);
        return;
    }
    g_string_append(out, "linters:\n");
    for (const Linter *const *linter = linter_all(); *linter != NULL; linter++)
        if (g_hash_table_contains(linters, *linter))
            g_string_append_printf(out, "  %s: {}\n", (*linter)->name);
}

/* An example of a job in the language that the repository is written in. */
static const char *job_example(GHashTable *languages) {
    static const struct {
        const char *language, *example;
    } examples[] = {
        {"python", "#   - name: unit\n"
                   "#     command: [python3, -m, unittest, discover]\n"},
        {"javascript", "#   - name: unit\n"
                       "#     files: [\"**/*.test.js\"]             # one run a matching file\n"
                       "#     command: [node, \"{file}\"]\n"},
        {"shell", "#   - name: syntax\n"
                  "#     files: [\"**/*.sh\"]                  # one run a matching file\n"
                  "#     command: [sh, -n, \"{file}\"]\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(examples); i++)
        if (g_hash_table_contains(languages, examples[i].language))
            return examples[i].example;
    return "#   - name: unit\n"
           "#     command: [make, test]\n";
}

static char *default_text(const Contents *contents) {
    GString *out =
        g_string_new("# The policy of sallyport(1): what is reviewed, what may pass, what is run.\n"
                     "# sallyport-policy(5) says what every key means; 'sallyport policy check' validates\n"
                     "# this file.\n");

    append_languages(out, contents->languages);
    g_string_append(out, "version: 1\n"
                         "\n"
                         "# Files that nothing looks at, as in .gitignore: [\"vendor/**\", \"*.min.js\"]\n"
                         "exclude: []\n");
    append_linters(out, contents->linters);
    g_string_append(out, "\n"
                         "# The built-in rules. A rule is turned off with severity: {python.eval: off}.\n"
                         "rules:\n"
                         "  packs: [default]\n"
                         "\n"
                         "# What may pass: how many findings on changed lines, by severity.\n"
                         "gate:\n"
                         "  scope: changed-lines                     # or changed-files, everything\n"
                         "  allow: {error: 0, warning: unlimited, note: unlimited}\n"
                         "\n"
                         "# What is run, in a sandbox, once the review has passed:\n"
                         "# run:\n");
    g_string_append(out, job_example(contents->languages));
    g_string_append(
        out, "#     limits: {wall: 60s, memory: 512M}\n"
             "\n"
             "# sandbox: {require: full}                  # refuse to run where isolation is not complete\n"
             "# reports: {sarif: build/sallyport.sarif, junit: build/sallyport.xml}\n");
    return g_string_free(out, FALSE);
}

/* The text of a policy for what is in the work tree of `change`. */
static char *make_default(Change *change, GError **error) {
    g_autoptr(GHashTable) languages = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) linters = g_hash_table_new(g_direct_hash, g_direct_equal);
    Contents contents = {change, languages, linters};

    return change_each_file(change, note_file, &contents, error) ? default_text(&contents) : NULL;
}

/* Writes the file where there is none: not even a broken link, which would lead elsewhere. */
static int write_new(const char *path, const char *shown, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool written;

    if (fd < 0 && errno == EEXIST) {
        cmd_error("%s is there already (--force writes it anew, --stdout only shows it)", shown);
        return EXIT_REQUEST;
    }
    if (fd < 0) {
        cmd_error("%s: %s", shown, g_strerror(errno));
        return EXIT_UNDECIDED;
    }
    written = cmd_write(fd, text, strlen(text));
    return close(fd) == 0 && written ? EXIT_PASSED : EXIT_UNDECIDED;
}

static int write_policy(const char *root, const char *text, bool force) {
    g_autofree char *path = g_build_filename(root, POLICY_FILE, NULL);
    g_autofree char *shown = text_path(path);
    g_autofree char *line = g_strdup_printf("%s: written\n", shown);
    int status = EXIT_PASSED;

    if (force) {
        g_autoptr(GString) whole = g_string_new(text);

        status = cmd_write_file(path, whole) ? EXIT_PASSED : EXIT_UNDECIDED;
    } else {
        status = write_new(path, shown, text);
    }
    return status == EXIT_PASSED ? print(line) : status;
}

static int policy_init(int argc, char **argv) {
    gboolean to_stdout = FALSE, force = FALSE;
    const GOptionEntry entries[] = {
        {"stdout", 0, 0, G_OPTION_ARG_NONE, &to_stdout, "Print it instead of writing the file", NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Write over a file that is there", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Change) change = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    int status;

    if (!cmd_options(&argc, &argv, entries, "policy init", "- write a first policy",
                     "Writes a commented " POLICY_FILE
                     " at the root of the work tree, for the languages that are\n"
                     "found in it.",
                     "Exit status: 0 written, 2 there is a policy already, or no work tree.", &status))
        return status;
    if (argc > 1) {
        cmd_error("policy init takes no argument '%s'", argv[1]);
        return EXIT_REQUEST;
    }
    change = cmd_open_worktree(&error);
    text = change != NULL ? make_default(change, &error) : NULL;
    if (text == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    return to_stdout ? print(text) : write_policy(change_root(change), text, force);
}

static const Subcommand subcommands[] = {
    {"init", policy_init, "Write a first policy for the languages of this repository"},
    {"check", policy_check, "Validate a policy"},
    {"show", policy_show_verb, "Show the policy that holds, with all defaults"},
    {NULL, NULL, NULL},
};

int cmd_policy(int argc, char **argv) {
    return subcommand_run("policy",
                          "The policy is the file " POLICY_FILE
                          " at the root of a repository: what is reviewed,\n"
                          "what may pass, what is run. See sallyport-policy(5).",
                          subcommands, argc, argv);
}
