#include "review/checks.h"

#include "exec/supervisor.h"
#include "exec/text.h"
#include "review/builtin.h"
#include "review/clang.h"
#include "review/configuration.h"
#include "review/linters/cached.h"
#include "review/modules.h"
#include "review/needs.h"
#include "review/own_program.h"
#include "review/snapshot.h"
#include "review/suppression.h"
#include "review/tree_path.h"
#include "rules/encoding.h"

#include <string.h>

/* How much of a file is looked at to see its #! line. */
#define HEAD_BYTES 256u

/* What one of the policy's linters looks at. */
typedef struct {
    const LinterPolicy *policy;
    GHashTable *named;   /* set of path: its configuration beside that of its own names; NULL: unknown */
    GPtrArray *paths;    /* of char * */
    bool apart;          /* it sees other files than the rest do: see lay_out(), and needs.h */
    Snapshot *own;       /* then */
    GPtrArray *beside;   /* then: of char *, the other files of the change that are laid out there */
    GPtrArray *steering; /* of char *: files that it would look at if they did not steer it, and differ */
} LinterFiles;

/* The checks at work. */
typedef struct {
    const Checks *given;
    Snapshot *snapshot;
    Modules *modules; /* that the files of the snapshot import */
    Supervisor *supervisor;
    GPtrArray *linters;  /* of LinterFiles, in the policy's order */
    GPtrArray *laid_out; /* of char *: the paths of the change that the linters see */
    GPtrArray *runs;     /* of CachedRun */
    ClangCheck *clang;   /* NULL: not wanted */
    GPtrArray *results;  /* of CheckResult */
} Work;

GBytes *checks_read(const Checks *checks, LedgerEntry *entry) {
    g_autoptr(GError) error = NULL;
    GBytes *bytes = change_read(checks->change, entry->file->path, &error);
    const char *text;
    gsize len;

    if (bytes == NULL) {
        ledger_fail(entry, "content", error->message);
        return NULL;
    }
    /* So that triage need not read every file once more. */
    text = g_bytes_get_data(bytes, &len);
    entry->no_suppressions =
        len == 0 || (memmem(text, len, SUPPRESSION_WORD, strlen(SUPPRESSION_WORD)) == NULL &&
                     !encoding_is_utf16(text, len));
    return bytes;
}

char *checks_pair(const char *check, const char *path) {
    return g_strjoin("\037", check, path, NULL); /* no check has a control character in its name */
}

bool checks_asked(const Checks *checks, const char *check, const char *path) {
    g_autofree char *pair = checks->only != NULL ? checks_pair(check, path) : NULL;

    return pair == NULL || g_hash_table_contains(checks->only, pair);
}

static void linter_files_free(LinterFiles *files) {
    g_clear_pointer(&files->named, g_hash_table_unref);
    g_ptr_array_unref(files->paths);
    snapshot_free(files->own);
    g_ptr_array_unref(files->beside);
    g_ptr_array_unref(files->steering);
    g_free(files);
}

static bool is_config_of(const LinterFiles *linter, const char *path) {
    return g_strv_contains(linter_policy_config(linter->policy), tree_path_name(path)) ||
           (linter->named != NULL && g_hash_table_contains(linter->named, path));
}

/* Whether the trusted side has other bytes, or none. What cannot be read is told where it is laid out. */
static bool differs(const Work *work, const char *path, GBytes *bytes) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) trusted = change_trusted(work->given->change, path, &error);

    return trusted == NULL || !g_bytes_equal(trusted, bytes);
}

/* Whether the file steers a linter, which then has the trusted version of it: `linter` itself, or another
 * one.
 */
static bool steers(const Work *work, const LinterFiles *linter, bool itself, const char *path) {
    for (guint i = 0; i < work->linters->len; i++) {
        const LinterFiles *other = work->linters->pdata[i];

        if ((other == linter) == itself && is_config_of(other, path))
            return true;
    }
    return false;
}

/* Notes an entry in the lists of those linters that look at such files, and lays it out for them. What cannot
 * be laid out is on the lists all the same.
 *
 * A linter that checks configuration files is to see what the change makes of them, while those that they
 * steer get the trusted version: so it has a folder apart. Its own configuration it cannot look at where the
 * change has another one: both cannot lie in the same place. */
static void lay_out(const Work *work, LedgerEntry *entry, GError **error) {
    const char *path = entry->file->path;
    g_autoptr(GBytes) bytes = checks_read(work->given, entry);
    bool wanted = false;
    gsize len;
    const char *text;

    if (bytes == NULL) /* the entry says why */
        return;
    text = g_bytes_get_data(bytes, &len);
    for (guint i = 0; i < work->linters->len; i++) {
        LinterFiles *linter = work->linters->pdata[i];

        if (!checks_asked(work->given, linter->policy->name, path) ||
            !linter_policy_wants(linter->policy, path, text != NULL ? text : "", MIN(len, HEAD_BYTES)))
            continue;
        if (steers(work, linter, true, path) && differs(work, path, bytes)) {
            g_ptr_array_add(linter->steering, (gpointer)path);
            continue;
        }
        linter->apart = linter->apart || (steers(work, linter, false, path) && differs(work, path, bytes));
        g_ptr_array_add(linter->paths, g_strdup(path));
        wanted = true;
    }
    if (!wanted || *error != NULL ||
        !snapshot_add_review(work->snapshot, path, entry->file->mode, bytes, error))
        return;
    g_ptr_array_add(work->laid_out, (gpointer)path);
    modules_add_file(work->modules, path, text != NULL ? text : "", len);
}

static int compare_names(gconstpointer a, gconstpointer b) {
    return strcmp(a, b);
}

/* A linter's configuration, beside what it looks at. */
static bool lay_out_config(const Work *work, const LinterFiles *linter, Snapshot *snapshot, GError **error) {
    g_autoptr(GList) named = g_list_sort(g_hash_table_get_keys(linter->named), compare_names);

    if (!snapshot_add_config(snapshot, work->given->change, linter_policy_config(linter->policy), error))
        return false;
    for (const GList *path = named; path != NULL; path = path->next)
        if (!snapshot_add_config_file(snapshot, work->given->change, path->data, error))
            return false;
    return true;
}

/* What it says of a file that it needs and that has changed counts, as of one that it looks at. */
static void list_beside(const Work *work, LinterFiles *linter) {
    for (guint i = 0; i < work->given->ledger->len; i++) {
        const LedgerEntry *entry = work->given->ledger->pdata[i];

        if (ledger_is_reviewable(entry) && needs_wants(linter->policy, entry->file->path) &&
            !g_hash_table_contains(linter->named, entry->file->path))
            g_ptr_array_add(linter->beside, entry->file->path);
    }
}

/* Lays out a linter's files once more, for it alone. */
static bool lay_out_apart(const Work *work, LinterFiles *linter, GError **error) {
    linter->own = snapshot_new(error);
    list_beside(work, linter);
    for (guint i = 0; linter->own != NULL && i < linter->paths->len; i++) {
        const char *path = linter->paths->pdata[i];
        g_autoptr(GBytes) bytes = change_read(work->given->change, path, error);

        if (bytes == NULL || !snapshot_add_review(linter->own, path,
                                                  change_find(work->given->change, path)->mode, bytes, error))
            return false;
    }
    return linter->own != NULL && lay_out_config(work, linter, linter->own, error) &&
           (!needs_more(linter->policy) ||
            needs_lay_out(linter->policy, linter->own, work->given->change, error)) &&
           modules_lay_out(work->modules, linter->own, work->given->change, error);
}

/* Fills the lists, whatever happens; what went wrong first is in `error`. */
static void lay_out_all(Work *work, GError **error) {
    const Checks *given = work->given;
    g_autoptr(Modules) modules = modules_new();

    work->modules = modules;
    work->snapshot = snapshot_new(error);
    for (guint i = 0; i < work->linters->len && *error == NULL; i++) {
        LinterFiles *linter = work->linters->pdata[i];

        linter->named = configuration_find(given->change, linter->policy, error);
    }
    for (guint i = 0; i < given->ledger->len; i++) {
        LedgerEntry *entry = given->ledger->pdata[i];

        if (ledger_is_reviewable(entry))
            lay_out(work, entry, error);
    }
    for (guint i = 0; i < work->linters->len && *error == NULL; i++) {
        LinterFiles *linter = work->linters->pdata[i];

        if (linter->paths->len > 0 && linter->apart)
            (void)lay_out_apart(work, linter, error);
        else if (linter->paths->len > 0)
            (void)lay_out_config(work, linter, work->snapshot, error);
    }
    if (*error == NULL)
        (void)modules_lay_out(modules, work->snapshot, given->change, error);
    work->modules = NULL;
}

/* A linter that could not even be started over its files: they are undecided all the same. */
static void fail_linter(Work *work, const char *name, GPtrArray *paths, const char *why) {
    CheckResult *result = check_result_new(name);

    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(result->paths, g_strdup(paths->pdata[i]));
    check_fail(result, why, NULL);
    g_ptr_array_add(work->results, result);
}

static bool comes_with_repository(Work *work, const LinterFiles *linter) {
    g_autofree char *program = own_program(work->given->change, linter_policy_program(linter->policy),
                                           work->given->search_path),
                    *shown = NULL, *why = NULL;

    if (program == NULL)
        return false;
    shown = text_path(program);
    why = g_strdup_printf("%s is a file of the repository, which a change can write; install it elsewhere",
                          shown);
    fail_linter(work, linter->policy->name, linter->paths, why);
    return true;
}

static void start_linter(Work *work, const LinterFiles *linter) {
    const Snapshot *snapshot = linter->own != NULL ? linter->own : work->snapshot;
    const GPtrArray *beside = linter->own != NULL ? linter->beside : work->laid_out;

    const CachedLinter cached = {
        .cache = work->given->cache,
        .policy = linter->policy,
        .paths = linter->paths,
        .beside = beside,
        .root = snapshot_review_path(snapshot),
        .config = snapshot_config(snapshot),
        .search_path = work->given->search_path,
        .supervisor = work->supervisor,
    };

    g_ptr_array_add(work->runs, cached_start(&cached));
}

static void start_linters(Work *work) {
    const GPtrArray *linters = work->given->policy->linters;
    g_autoptr(GError) error = NULL;

    if (linters->len == 0)
        return;
    for (guint i = 0; i < linters->len; i++) {
        LinterFiles *linter = g_new0(LinterFiles, 1);

        linter->policy = linters->pdata[i];
        linter->paths = g_ptr_array_new_with_free_func(g_free);
        linter->apart = needs_more(linter->policy);
        linter->beside = g_ptr_array_new();
        linter->steering = g_ptr_array_new();
        g_ptr_array_add(work->linters, linter);
    }
    lay_out_all(work, &error);
    for (guint i = 0; i < work->linters->len; i++) {
        const LinterFiles *linter = work->linters->pdata[i];

        if (linter->paths->len > 0 && error != NULL)
            fail_linter(work, linter->policy->name, linter->paths, error->message);
        else if (linter->paths->len > 0 && !comes_with_repository(work, linter))
            start_linter(work, linter);
    }
}

/* What of the change is C or C++, where there are rules or a limit for that. */
static void start_clang(Work *work) {
    const GPtrArray *ledger = work->given->ledger;

    work->clang = clang_check_new(work->given->policy, work->given->rules, work->given->change);
    for (guint i = 0; work->clang != NULL && i < ledger->len; i++) {
        LedgerEntry *entry = ledger->pdata[i];
        const char *path = entry->file->path;
        g_autoptr(GBytes) bytes = NULL;

        if (!ledger_is_reviewable(entry) || !clang_check_wants(path) ||
            !checks_asked(work->given, CLANG_CHECK, path))
            continue;
        bytes = checks_read(work->given, entry);
        if (bytes != NULL)
            clang_check_add(work->clang, path, bytes);
    }
    if (work->clang != NULL)
        clang_check_start(work->clang, work->given->parallel, work->supervisor);
}

static bool run_builtin(const Work *work) {
    CheckResult *result = check_result_new("sallyport");

    result->version = g_strdup(SALLYPORT_VERSION);
    g_ptr_array_add(work->results, result);
    return builtin_run(work->given, result);
}

static int compare_checks(gconstpointer a, gconstpointer b) {
    return strcmp((*(CheckResult *const *)a)->name, (*(CheckResult *const *)b)->name);
}

static CheckResult *result_of(const Work *work, const char *name) {
    for (guint i = 0; i < work->results->len; i++)
        if (strcmp(((CheckResult *)work->results->pdata[i])->name, name) == 0)
            return work->results->pdata[i];
    g_ptr_array_add(work->results, check_result_new(name));
    return work->results->pdata[work->results->len - 1];
}

static void leave_out_steering(const Work *work) {
    for (guint i = 0; i < work->linters->len; i++) {
        const LinterFiles *linter = work->linters->pdata[i];

        for (guint j = 0; j < linter->steering->len; j++)
            check_leave_out(result_of(work, linter->policy->name), linter->steering->pdata[j],
                            "it steers this check, which goes by the version that is in force");
    }
}

static void finish(Work *work) {
    CheckResult *clang = clang_check_finish(work->clang, work->supervisor);

    if (clang != NULL)
        g_ptr_array_add(work->results, clang);
    for (guint i = 0; i < work->runs->len; i++)
        g_ptr_array_add(work->results, cached_finish(work->runs->pdata[i], work->supervisor));
    leave_out_steering(work);
    g_ptr_array_sort(work->results, compare_checks);
    for (guint i = 0; i < work->results->len; i++)
        ledger_add(work->given->ledger, work->results->pdata[i]);
    ledger_close(work->given->ledger);
}

/* How many processes at a time, where nothing is said of it: all linters, of which each may be asked for its
 * version too; but not a process for each of very many files. */
static guint default_parallel(const Checks *checks) {
    return MAX(2 * checks->policy->linters->len, g_get_num_processors());
}

bool checks_run(const Checks *checks, GPtrArray *ret_results) {
    g_autoptr(Supervisor) supervisor =
        supervisor_new(checks->parallel > 0 ? checks->parallel : default_parallel(checks), checks->cancel_fd);
    g_autoptr(GPtrArray) runs = g_ptr_array_new(), laid_out = g_ptr_array_new();
    g_autoptr(GPtrArray) linters = g_ptr_array_new_with_free_func((GDestroyNotify)linter_files_free);
    Work work = {.given = checks,
                 .supervisor = supervisor,
                 .linters = linters,
                 .laid_out = laid_out,
                 .runs = runs,
                 .results = ret_results};
    bool whole;

    start_linters(&work);
    start_clang(&work);
    whole = checks->rules->rules->len == 0 || run_builtin(&work);
    whole = supervisor_wait(supervisor) && whole;
    finish(&work);
    snapshot_free(work.snapshot);
    return whole;
}
