#include "cmd/cmd.h"

#include "exec/cancel.h"
#include "exec/caps.h"
#include "exec/language.h"
#include "exec/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The flags as they were given. */
typedef struct {
    char *lang, *code, *input, *policy, *color;
    char *limits[8]; /* in the order of limit_flags */
    gboolean no_review, quiet, verbose, loopback;
    char **words; /* FILE or -, then what stood behind -- */
} Flags;

/* The flag of each limit, and its name in the policy. Output has none: -o is not of this verb, and the cap is
 * a matter of the policy. */
static const struct {
    const char *flag, *limit, *help, *argument;
} limit_flags[] = {
    {"timeout", "wall", "Wall-clock limit, such as 10s or 500ms", "TIME"},
    {"cpu", "cpu", "CPU time limit", "TIME"},
    {"memory", "memory", "Memory limit of a process, such as 256M", "SIZE"},
    {"processes", "processes", "Processes and threads at a time", "N"},
    {"disk", "disk", "Size of the private /tmp", "SIZE"},
    {"file-size", "file_size", "Size of one file", "SIZE"},
    {"open-files", "open_files", "Open files of a process", "N"},
};

/* A piece of code, and what it is taken for. */
typedef struct {
    char *name; /* the file's name without its folder, or snippet.py */
    char *text;
    gsize len;
    const Language *language;
} Code;

static void flags_clear(Flags *flags) {
    g_free(flags->lang);
    g_free(flags->code);
    g_free(flags->input);
    g_free(flags->policy);
    g_free(flags->color);
    for (gsize i = 0; i < G_N_ELEMENTS(flags->limits); i++)
        g_free(flags->limits[i]);
    g_strfreev(flags->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static void code_clear(Code *code) {
    g_free(code->name);
    g_free(code->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Code, code_clear)

static bool parse_flags(int argc, char **argv, Flags *flags, int *ret_status) {
    GOptionEntry entries[] = {
        {"lang", 0, 0, G_OPTION_ARG_FILENAME, &flags->lang, "The language: python, bash or javascript", "L"},
        {"code", 'c', 0, G_OPTION_ARG_FILENAME, &flags->code,
         "Run this text (python, unless --lang says else)", "CODE"},
        {"stdin", 0, 0, G_OPTION_ARG_FILENAME, &flags->input,
         "Give the program this file as its standard input", "FILE"},
        {"no-review", 0, 0, G_OPTION_ARG_NONE, &flags->no_review, "Run only", NULL},
        {"loopback", 0, 0, G_OPTION_ARG_NONE, &flags->loopback, "Give it a loopback interface of its own",
         NULL},
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &flags->policy,
         "Review by this policy instead of " POLICY_FILE, "FILE"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &flags->quiet, "Of the review only what speaks against passing",
         NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &flags->verbose, "Show the review of code that passed, too",
         NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &flags->color, "auto, always or never", "WHEN"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->words, NULL, NULL},
        [10 ... 10 + G_N_ELEMENTS(limit_flags)] = {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(limit_flags); i++)
        entries[10 + i] = (GOptionEntry){
            limit_flags[i].flag,    0, 0, G_OPTION_ARG_FILENAME, &flags->limits[i], limit_flags[i].help,
            limit_flags[i].argument};
    return cmd_options(
        &argc, &argv, entries, "run",
        "[-c CODE | FILE | -] [-- ARG...] - review, then run, one piece of code",
        "Reviews the code with the linters and rules of the policy (or the default), and runs it in a\n"
        "sandbox if the review has passed: no network, no files but its own, limits on everything. What it\n"
        "writes goes to stdout and stderr; what is to be said of it goes to stderr.",
        "Examples:\n"
        "  sallyport run -c 'print(sum([1, 2, 3]))'\n"
        "  sallyport run --timeout 5s --memory 256M solve.py -- input.txt\n"
        "  sallyport run --lang bash - < script\n\n"
        "Exit status: 0 it passed and succeeded, 1 the review rejected it or it failed, 2 the request is\n"
        "wrong, 3 undecided.",
        ret_status);
}

static bool read_code_file(const char *path, Code *code) {
    g_autoptr(GBytes) bytes = cmd_read(path, CAP_SNIPPET_BYTES);

    if (bytes == NULL)
        return false;
    code->text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    code->len = g_bytes_get_size(bytes);
    return true;
}

static bool set_language(const Flags *flags, Code *code) {
    if (flags->lang != NULL) {
        g_autofree char *meant = text_did_you_mean(flags->lang, language_names());
        g_autofree char *all = g_strjoinv(", ", (char **)language_names());

        code->language = language_find(flags->lang);
        if (code->language == NULL)
            cmd_error("no such language '%s'%s; there are %s", flags->lang, meant, all);
    } else if (code->name != NULL) {
        code->language = language_of_file(code->name, code->text, code->len);
        if (code->language == NULL)
            cmd_error("%s: neither its name nor a #! line says in which language it is; use --lang",
                      code->name);
    } else {
        code->language = language_of_file("", code->text, code->len);
        code->language = code->language != NULL ? code->language : language_find("python");
    }
    return code->language != NULL;
}

/* What is run: -c, a file, or stdin; words behind it are its arguments. */
static bool read_code(const Flags *flags, Code *code, char ***ret_args) {
    char **words = flags->words;

    if (flags->code != NULL) {
        /* A line, as from a file: without its end a linter would have something to say of it. */
        code->text = g_str_has_suffix(flags->code, "\n") ? g_strdup(flags->code)
                                                         : g_strconcat(flags->code, "\n", NULL);
        code->len = strlen(code->text);
        if (code->len > CAP_SNIPPET_BYTES) {
            cmd_error("-c: larger than the %u bytes that can be run", CAP_SNIPPET_BYTES);
            return false;
        }
    } else if (words == NULL || words[0] == NULL) {
        cmd_error("what is to be run? Give -c CODE, a FILE, or - for stdin (see 'sallyport run --help')");
        return false;
    } else if (strcmp(words[0], "-") == 0) {
        if (!read_code_file("/dev/stdin", code))
            return false;
        words++;
    } else if (read_code_file(words[0], code)) {
        code->name = g_path_get_basename(words[0]);
        words++;
    } else {
        return false;
    }
    *ret_args = words;
    if (memchr(code->text, '\0', code->len) != NULL) {
        cmd_error("not a text: there is a NUL byte in it, so it cannot be reviewed");
        return false;
    }
    if (!set_language(flags, code))
        return false;
    if (code->name == NULL)
        code->name = g_strconcat("snippet", code->language->extension, NULL);
    return true;
}

static bool set_limits(const Flags *flags, Limits *limits) {
    for (gsize i = 0; i < G_N_ELEMENTS(limit_flags); i++) {
        g_autofree char *flag = g_strconcat("--", limit_flags[i].flag, NULL);

        if (flags->limits[i] == NULL)
            continue;
        g_autoptr(YamlErrors) errors = yaml_errors_new(flag);
        YamlNode node = {.kind = YAML_SCALAR, .where = (char *)"", .scalar = flags->limits[i], .plain = true};

        if (!policy_read_limit(&node, limit_flags[i].limit, limits, errors)) {
            g_autofree char *text = yaml_errors_text(errors);

            cmd_error_lines(text);
            return false;
        }
    }
    return true;
}

/* The one job of the review: the code itself. The policy's own jobs, and its exclusions, are for a
 * repository's files: an excluded name would else run without a review. */
static bool make_job(const Flags *flags, const Code *code, char *const *args, Policy *policy) {
    JobPolicy *job = policy_job_new("run");

    g_ptr_array_set_size(policy->jobs, 0);
    g_ptr_array_add(policy->jobs, job);
    g_ptr_array_set_size(policy->reports, 0);
    g_strfreev(policy->exclude);
    policy->exclude = g_new0(char *, 1);
    job->files = g_new0(char *, 2);
    job->files[0] = g_strdup("*");
    job->lang = g_strdup(code->language->name);
    job->alone = true;
    job->args = g_strdupv((char **)args);
    job->network = flags->loopback ? NETWORK_LOOPBACK : NETWORK_NONE;
    if (flags->input != NULL && (job->input = cmd_read(flags->input, CAP_INPUT_BYTES)) == NULL)
        return false;
    return set_limits(flags, &job->limits);
}

static void show_stream(int fd, GBytes *bytes, guint64 total) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);

    /* A program's output may hold escape sequences: a terminal must not obey them, a file gets what was
     * written. */
    if (len > 0 && isatty(fd)) {
        g_autofree char *text = text_block(data, (gssize)len, G_MAXSIZE);

        cmd_write(fd, text, strlen(text));
    } else if (len > 0) {
        cmd_write(fd, data, len);
    }
    if (total > len)
        cmd_error("output cut after %" G_GSIZE_FORMAT " bytes", len);
}

static void show_job(const JobResult *job) {
    if (job->result == NULL)
        return;
    show_stream(STDOUT_FILENO, job->result->out, job->result->out_total);
    show_stream(STDERR_FILENO, job->result->err, job->result->err_total);
    if (!job_result_passed(job))
        cmd_error("the program %s", job->summary);
    if (job->result->remedy != NULL)
        cmd_error("%s", job->result->remedy);
}

static int run_only(const Policy *policy, Change *change, int cancel_fd) {
    g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_result_free);
    bool whole = jobs_run(policy, change, NULL, g_getenv("PATH"), 1, cancel_fd, jobs);
    const JobResult *job = jobs->pdata[0];

    show_job(job);
    if (!whole || job->result == NULL || job_result_undecided(job))
        return EXIT_UNDECIDED;
    return job_result_passed(job) ? EXIT_PASSED : EXIT_REJECTED;
}

static int review_and_run(const Flags *flags, Policy *policy, Change *change, int cancel_fd, bool color) {
    const ReviewOptions options = {
        .search_path = g_getenv("PATH"),
        .review_all = true,
        .cancel_fd = cancel_fd,
    };
    const ReportOptions look = {.color = color, .quiet = flags->quiet, .verbose = flags->verbose};
    g_autoptr(GError) error = NULL;
    g_autoptr(Review) review = review_run(policy, change, &options, &error);
    g_autoptr(GString) text = g_string_new(NULL);

    if (review == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    if (review->gate != VERDICT_PASSED || flags->verbose) {
        report_text.write(review, &look, text);
        cmd_write(STDERR_FILENO, text->str, text->len);
    }
    for (guint i = 0; i < review->jobs->len; i++)
        show_job(review->jobs->pdata[i]);
    return cmd_exit_status(review->verdict);
}

int cmd_run(int argc, char **argv) {
    g_auto(Flags) flags = {0};
    g_auto(Code) code = {0};
    g_autoptr(Change) change = NULL;
    g_autoptr(Policy) policy = NULL;
    g_autoptr(GError) error = NULL;
    char **args;
    bool color;
    int status, cancel_fd;

    if (!parse_flags(argc, argv, &flags, &status))
        return status;
    if (!cmd_color(flags.color, STDERR_FILENO, &color) || !read_code(&flags, &code, &args))
        return EXIT_REQUEST;
    change = change_from_code(code.name, code.text, code.len);
    policy = cmd_load_policy(flags.policy, change, &error);
    if (policy == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    if (!make_job(&flags, &code, args, policy))
        return EXIT_REQUEST;
    cancel_fd = cancel_open();
    if (flags.no_review)
        return run_only(policy, change, cancel_fd);
    return review_and_run(&flags, g_steal_pointer(&policy), g_steal_pointer(&change), cancel_fd, color);
}
