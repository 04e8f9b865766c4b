#include "cmd/baseline.h"
#include "cmd/cmd.h"
#include "cmd/fix.h"

#include "exec/cancel.h"
#include "exec/caps.h"
#include "exec/text.h"
#include "review/fix/leftovers.h"
#include "rules/rule.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The flags as they were given. */
typedef struct {
    gboolean staged, worktree, all, no_run, no_cache, quiet, verbose, timings, strict_baseline, fix, diff;
    char *write_baseline, *explain; /* "" without a value */
    char *base, *head, *patch, *policy, *color;
    char **outputs, **paths;
    char *trust;
    int jobs;
} Flags;

/* One report to write: -o FORMAT[=FILE], or the policy's. */
typedef struct {
    const ReportFormat *format;
    char *file; /* NULL: stdout */
} Target;

static void flags_clear(Flags *flags) {
    g_free(flags->write_baseline);
    g_free(flags->explain);
    g_free(flags->base);
    g_free(flags->head);
    g_free(flags->patch);
    g_free(flags->policy);
    g_free(flags->trust);
    g_free(flags->color);
    g_strfreev(flags->outputs);
    g_strfreev(flags->paths);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flags, flags_clear)

static void target_free(Target *target) {
    g_free(target->file);
    g_free(target);
}

static bool parse_flags(int argc, char **argv, Flags *flags, int *ret_status) {
    static const char *const optional[] = {"--write-baseline=", "--explain=", NULL};
    const GOptionEntry entries[] = {
        {"staged", 0, 0, G_OPTION_ARG_NONE, &flags->staged, "Review what is in the index, against HEAD",
         NULL},
        {"worktree", 0, 0, G_OPTION_ARG_NONE, &flags->worktree,
         "Review the work tree, untracked files included, against HEAD (the default)", NULL},
        {"base", 0, 0, G_OPTION_ARG_FILENAME, &flags->base, "Review what came since the merge base with REV",
         "REV"},
        {"head", 0, 0, G_OPTION_ARG_FILENAME, &flags->head, "With --base: up to REV (default: HEAD)", "REV"},
        {"trust", 0, 0, G_OPTION_ARG_FILENAME, &flags->trust,
         "With --base: whose policy and configuration hold, base (the default) or head", "WHOM"},
        {"apply", 0, 0, G_OPTION_ARG_FILENAME, &flags->patch,
         "Review HEAD as it would be with a patch (-: from stdin); no file is touched", "PATCH"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &flags->all, "Review every file of HEAD, all lines", NULL},
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &flags->policy, "Use this policy instead of " POLICY_FILE,
         "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->outputs,
         "Write a report: text, sarif or junit; to stdout, or to FILE (may be repeated)", "FORMAT[=FILE]"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &flags->jobs, "Run at most N linters or jobs at a time", "N"},
        {"no-cache", 0, 0, G_OPTION_ARG_NONE, &flags->no_cache,
         "Start all linters, whatever is known from earlier runs", NULL},
        {"no-run", 0, 0, G_OPTION_ARG_NONE, &flags->no_run, "Review only: run none of the policy's jobs",
         NULL},
        {"fix", 0, 0, G_OPTION_ARG_NONE, &flags->fix,
         "Apply the safe fixes of what counts to the work tree, with --staged to the index too", NULL},
        {"diff", 0, 0, G_OPTION_ARG_NONE, &flags->diff,
         "Print these fixes as a patch instead of the report, and write nothing", NULL},
        {"write-baseline", 0, 0, G_OPTION_ARG_FILENAME, &flags->write_baseline,
         "With --all: write what would count into the policy's gate.baseline, or into FILE", "[FILE]"},
        {"strict-baseline", 0, 0, G_OPTION_ARG_NONE, &flags->strict_baseline,
         "Reject where the baseline has entries that no longer occur", NULL},
        {"explain", 0, 0, G_OPTION_ARG_FILENAME, &flags->explain,
         "Text: what each step of triage did to each finding, or to those in PATH[:LINE]", "[PATH[:LINE]]"},
        {"timings", 0, 0, G_OPTION_ARG_NONE, &flags->timings,
         "Report the jobs' times in milliseconds (two runs then differ)", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &flags->quiet, "Text: only what speaks against passing", NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &flags->verbose,
         "Text: who looked at which file, findings out of scope", NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &flags->color, "auto, always or never", "WHEN"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &flags->paths, NULL, "[PATH...]"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };

    cmd_optional_values(argc, argv, optional);
    return cmd_options(
        &argc, &argv, entries, "check", "- review a change, and run the policy's jobs where it passes",
        "Reviews the changed files of a git repository with the linters and the built-in rules of its\n"
        "policy, then runs the policy's jobs in a sandbox, if the review has passed. With PATHs, only\n"
        "what lies there.",
        "The text report goes to stdout, unless another format does.\n\n"
        "Examples:\n"
        "  sallyport check --staged                       before a commit\n"
        "  sallyport check --base main -o sarif=a.sarif   a branch, in CI\n"
        "  sallyport check --apply fix.patch              a patch, before it is applied\n"
        "  sallyport check --all --no-run src             what is there, without running it\n\n"
        "Exit status: 0 passed, 1 rejected, 2 the request is wrong, 3 undecided.",
        ret_status);
}

static bool trusts_head(const Flags *flags) {
    return g_strcmp0(flags->trust, "head") == 0;
}

static bool check_fix_flags(const Flags *flags) {
    if (flags->fix && !flags->diff && flags->patch != NULL)
        cmd_error("--apply touches no file, so --fix has nothing to write to; see the fixes with --diff");
    else if ((flags->fix || flags->diff) && flags->write_baseline != NULL)
        cmd_error("only one of --write-baseline and --fix or --diff can be given");
    else
        return true;
    return false;
}

static bool check_flags(const Flags *flags, ChangeSource *ret_source) {
    int given = flags->staged + flags->worktree + flags->all + (flags->base != NULL) + (flags->patch != NULL);

    if (given > 1)
        cmd_error("only one of --staged, --worktree, --base, --apply and --all can be given");
    else if (flags->head != NULL && flags->base == NULL)
        cmd_error("--head goes with --base");
    else if (flags->trust != NULL && flags->base == NULL)
        cmd_error("--trust goes with --base");
    else if (flags->trust != NULL && !trusts_head(flags) && strcmp(flags->trust, "base") != 0)
        cmd_error("--trust is base or head, not '%s'", flags->trust);
    else if (flags->jobs == 0 || flags->jobs < -1)
        cmd_error("--jobs takes a number from 1 on");
    else if (flags->write_baseline != NULL && (!flags->all || flags->paths != NULL))
        cmd_error("--write-baseline goes with --all and no PATH: a baseline is of all files");
    else if (flags->write_baseline != NULL && flags->strict_baseline)
        cmd_error("only one of --write-baseline and --strict-baseline can be given");
    else {
        *ret_source = flags->staged          ? CHANGE_STAGED
                      : flags->base != NULL  ? CHANGE_BASE
                      : flags->patch != NULL ? CHANGE_PATCH
                      : flags->all           ? CHANGE_ALL
                                             : CHANGE_WORKTREE;
        return check_fix_flags(flags);
    }
    return false;
}

static bool add_target(GPtrArray *targets, const char *format, const char *file) {
    const ReportFormat *found = report_find(format);
    Target *target;

    if (found == NULL) {
        g_autofree char *meant = text_did_you_mean(format, report_names());
        g_autofree char *all = g_strjoinv(", ", (char **)report_names());

        cmd_error("no such report format '%s'%s; there are %s", format, meant, all);
        return false;
    }
    target = g_new0(Target, 1);
    target->format = found;
    target->file = g_strdup(file);
    g_ptr_array_add(targets, target);
    return true;
}

/* -o FORMAT and -o FORMAT=FILE; at most one format can have stdout, and without one it is text; with --diff
 * the patch has it. */
static bool parse_outputs(char *const *outputs, bool diff, GPtrArray *targets) {
    guint to_stdout = 0;

    for (; outputs != NULL && *outputs != NULL; outputs++) {
        g_auto(GStrv) parts = g_strsplit(*outputs, "=", 2);
        const char *file = parts[0] != NULL ? parts[1] : NULL;

        if (file != NULL && *file == '\0') {
            cmd_error("-o %s: which file?", *outputs);
            return false;
        }
        if (!add_target(targets, parts[0] != NULL ? parts[0] : "", file))
            return false;
        to_stdout += file == NULL;
    }
    if (diff && to_stdout > 0) {
        cmd_error("with --diff the patch goes to stdout; give the reports a file: -o FORMAT=FILE");
        return false;
    }
    if (to_stdout > 1) {
        cmd_error("only one report can go to stdout; give the others a file: -o FORMAT=FILE");
        return false;
    }
    return diff || to_stdout == 1 || add_target(targets, "text", NULL);
}

static bool add_policy_reports(const Review *review, bool diff, GPtrArray *targets) {
    const char *root = change_root(review->change);

    if (diff ||
        change_source(review->change) == CHANGE_PATCH) /* no file is touched but what the user names */
        return true;
    for (guint i = 0; i < review->policy->reports->len; i++) {
        const ReportPolicy *report = review->policy->reports->pdata[i];
        g_autofree char *path = g_build_filename(root != NULL ? root : ".", report->file, NULL);

        if (cmd_has_link(root != NULL ? root : ".", report->file)) {
            cmd_error("reports.%s: %s: not written through a symbolic link", report->format, report->file);
            return false;
        }
        if (!add_target(targets, report->format, path))
            return false;
    }
    return true;
}

static bool write_reports(const Review *review, const GPtrArray *targets, const Flags *flags, bool color) {
    bool written = true;

    for (guint i = 0; i < targets->len; i++) {
        const Target *target = targets->pdata[i];
        const ReportOptions options = {
            .color = color && target->file == NULL,
            .quiet = flags->quiet,
            .verbose = flags->verbose,
            .timings = flags->timings,
            .explain = flags->explain,
        };
        g_autoptr(GString) text = g_string_new(NULL);

        target->format->write(review, &options, text);
        if (target->file != NULL)
            written &= cmd_write_file(target->file, text);
        else
            written &= cmd_write(STDOUT_FILENO, text->str, text->len);
    }
    return written;
}

/* The policy comes from the base, which may surprise somebody who has just written one. */
static void tell_policy(const Policy *policy, const Change *change, const Flags *flags) {
    const char *base = change_trusted_from(change), *root = change_root(change);
    g_autofree char *here = root != NULL ? g_build_filename(root, POLICY_FILE, NULL) : NULL;

    if (flags->policy == NULL && policy->is_default && base != NULL && here != NULL &&
        g_file_test(here, G_FILE_TEST_EXISTS))
        cmd_error("note: %s has no " POLICY_FILE
                  ", so the built-in default holds; the one here takes effect once it is "
                  "merged (or with -p)",
                  base);
}

/* One run of the verb: with fixes there are several passes. */
typedef struct {
    const Flags *flags;
    ChangeSource source;
    ReviewOptions options;
    GBytes *patch;  /* of --apply, read once */
    bool told;      /* the notes were given */
    char *baseline; /* the file that it is to be written to; NULL where it is not */
} Run;

static void run_clear(Run *run) {
    g_clear_pointer(&run->patch, g_bytes_unref);
    g_free(run->baseline);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static bool load_patch(Run *run, Change *change, GError **error) {
    const char *file = run->flags->patch;
    bool is_stdin = strcmp(file, "-") == 0;
    g_autofree char *shown = text_path(is_stdin ? "stdin" : file);

    if (run->patch == NULL)
        run->patch = cmd_read_bytes(is_stdin ? "/dev/stdin" : file, CAP_PATCH_BYTES, error);
    if (run->patch == NULL)
        return false;
    if (change_load_patch(change, run->patch, (const char *const *)run->flags->paths, error))
        return true;
    g_prefix_error(error, "%s: ", shown);
    return false;
}

static bool load_change(Run *run, Change *change, GError **error) {
    const Flags *flags = run->flags;

    if (run->source == CHANGE_PATCH)
        return load_patch(run, change, error);
    if (trusts_head(flags) && !run->told)
        cmd_error("note: --trust head: the change is reviewed by its own policy and configuration");
    if (trusts_head(flags))
        change_trust_head(change);
    if (flags->fix && !flags->diff && change_root(change) == NULL) {
        g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                            "--fix: there is no work tree; see the fixes with --diff");
        return false;
    }
    return change_load(change, run->source, flags->base, flags->head, (const char *const *)flags->paths,
                       error);
}

static guint count_python(const GPtrArray *ledger) {
    guint count = 0;

    for (guint i = 0; i < ledger->len; i++) {
        const LedgerEntry *entry = ledger->pdata[i];

        count += entry->file->status != FILE_DELETED && !entry->excluded &&
                 strcmp(rule_language_of(entry->file->path, "", 0), "python") == 0;
    }
    return count;
}

/* Nobody shall think that a limit is kept where it is not measured. */
static void tell_complexity(const Review *done) {
    const GatePolicy *gate = &done->policy->gate;
    guint count = gate->max_complexity > 0 || gate->max_cognitive > 0 ? count_python(done->ledger) : 0;
    const char *why = gate->max_complexity > 0 ? policy_complexity_gap(done->policy) : NULL;
    g_autofree char *files = text_count(count, "file");

    if (count > 0 && why != NULL)
        cmd_error("note: gate.max_complexity is not measured in %s of Python: %s", files, why);
    if (count > 0 && gate->max_cognitive > 0)
        cmd_error("note: gate.max_complexity.cognitive is measured in C and C++ alone, not in %s of Python",
                  files);
}

static bool check_baseline(const Flags *flags, const Policy *policy, const Change *change,
                           char **ret_baseline, GError **error) {
    if (flags->strict_baseline && policy->gate.baseline == NULL) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "--strict-baseline: %s names no gate.baseline",
                    policy->source);
        return false;
    }
    if (flags->write_baseline != NULL)
        *ret_baseline = baseline_target(flags->write_baseline, policy, change, error);
    return flags->write_baseline == NULL || *ret_baseline != NULL;
}

static void tell_cache(const Cache *cache, const Flags *flags) {
    g_autofree char *account = cache_account(cache);

    if (cache_damage(cache) != NULL)
        cmd_error("note: %s", cache_damage(cache));
    if (flags->verbose && cache_problem(cache) != NULL)
        cmd_error("note: %s", cache_problem(cache));
    if (flags->verbose && account != NULL)
        cmd_error("note: %s", account);
}

/* A run that touches no file removes none either. */
static void sweep(const Run *run, const Change *change) {
    if (run->source != CHANGE_PATCH && !run->flags->diff)
        leftovers_sweep(change);
}

static Review *pass(Fixes *fixes, gpointer data, GError **error) {
    Run *run = data;
    g_autofree char *directory = g_get_current_dir();
    g_autoptr(Change) change = change_open(directory, error);
    g_autoptr(Policy) policy = NULL;

    if (change == NULL)
        return NULL;
    sweep(run, change);
    if (!load_change(run, change, error) || (fixes != NULL && !fixes_amend(fixes, change, error)))
        return NULL;
    policy = cmd_load_policy(run->flags->policy, change, error);
    if (policy == NULL || (!run->told && !check_baseline(run->flags, policy, change, &run->baseline, error)))
        return NULL;
    if (!run->told)
        tell_policy(policy, change, run->flags);
    run->told = true;
    return review_run(g_steal_pointer(&policy), g_steal_pointer(&change), &run->options, error);
}

static Review *review_fixed(Run *run, GError **error) {
    Review *done;

    run->options.hold_jobs = true;
    done = fix_run(run->flags->diff, run->options.cancel_fd, pass, run, error);
    if (done != NULL && done->jobs->len == 0) /* one that was stopped has them as skipped */
        review_run_jobs(done, &run->options);
    return done;
}

static Review *review(Run *run, guint today, GError **error) {
    const Flags *flags = run->flags;
    g_autofree char *folder = flags->no_cache ? NULL : cmd_cache_folder();
    g_autoptr(Cache) cache = folder != NULL ? cache_new(folder, CAP_CACHE_BYTES) : NULL;
    Review *done;

    run->options = (ReviewOptions){
        .search_path = g_getenv("PATH"),
        .cache = cache,
        .parallel = (guint)MAX(flags->jobs, 0),
        .no_run = flags->no_run || flags->write_baseline != NULL || flags->diff,
        .cancel_fd = cancel_open(),
        .today = today,
        .explain = flags->explain != NULL,
        .strict_baseline = flags->strict_baseline,
        .write_baseline = flags->write_baseline != NULL,
    };
    done = flags->fix || flags->diff ? review_fixed(run, error) : pass(NULL, run, error);
    if (cache != NULL && run->told)
        tell_cache(cache, flags);
    return done;
}

int cmd_check(int argc, char **argv) {
    g_auto(Flags) flags = {.jobs = -1};
    g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func((GDestroyNotify)target_free);
    g_autoptr(Review) done = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(Run) run = {.flags = &flags};
    guint today;
    bool color;
    int status;

    if (!parse_flags(argc, argv, &flags, &status))
        return status;
    if (!check_flags(&flags, &run.source) || !cmd_color(flags.color, STDOUT_FILENO, &color) ||
        !parse_outputs(flags.outputs, flags.diff, targets) || !cmd_today(&today))
        return EXIT_REQUEST;
    done = review(&run, today, &error);
    if (done == NULL) {
        cmd_error_lines(error->message);
        return EXIT_REQUEST;
    }
    tell_complexity(done);
    if (!add_policy_reports(done, flags.diff, targets) || !write_reports(done, targets, &flags, color))
        return EXIT_UNDECIDED;
    if (run.baseline != NULL && !baseline_write(done, run.baseline))
        return EXIT_UNDECIDED;
    return cmd_exit_status(done->verdict);
}
