#include "rules/clang/client.h"

#include "exec/caps.h"
#include "rules/clang/image.h"
#include "rules/clang/wire.h"

#include <string.h>

#define WORKER "sallyport-clang"
#define STACK ((guint64)256 << 20) /* what is nested deeply is parsed by recursion */
#define PROCESSES 64u

struct ClangRun {
    GPtrArray *sources;
    GPtrArray *rules; /* may be NULL */
    char *root;
    Tier require;
    guint parallel;
    ClangResult *result;
    Command *command; /* the one that runs, or was the last */
    GArray *asked;    /* of guint: what it was asked for */
    guint number;     /* the supervisor's */
    guint starts;
};

ClangSource *clang_source_new(const char *path, const char *language) {
    ClangSource *source = g_new0(ClangSource, 1);

    source->path = g_strdup(path);
    source->language = language;
    source->flags = g_ptr_array_new_with_free_func(g_free);
    source->wants_functions = true;
    source->rules = g_array_new(FALSE, FALSE, sizeof(guint));
    return source;
}

void clang_source_free(ClangSource *source) {
    g_free(source->path);
    g_ptr_array_unref(source->flags);
    g_array_unref(source->rules);
    g_free(source);
}

static void add_string(GByteArray *bytes, const char *string) {
    g_byte_array_append(bytes, (const guint8 *)string, (guint)strlen(string) + 1);
}

/* The rules are JSON already. */
static void add_rules(GByteArray *bytes, const GPtrArray *rules) {
    g_autoptr(GString) list = g_string_new("[");

    for (guint i = 0; rules != NULL && i < rules->len; i++)
        g_string_append_printf(list, "%s%s", i > 0 ? "," : "", ((const Rule *)rules->pdata[i])->clang);
    g_string_append_c(list, ']');
    add_string(bytes, list->str);
}

static void add_wanted(GByteArray *bytes, const ClangSource *source) {
    g_autoptr(GString) wanted = g_string_new(source->wants_functions ? "f" : "");

    for (guint i = 0; i < source->rules->len; i++)
        g_string_append_printf(wanted, ",%u", g_array_index(source->rules, guint, i));
    add_string(bytes, wanted->str);
}

static GBytes *request_of(const ClangRun *run) {
    GByteArray *bytes = g_byte_array_new();

    add_rules(bytes, run->rules);

    for (guint i = 0; i < run->asked->len; i++) {
        const ClangSource *source = run->sources->pdata[g_array_index(run->asked, guint, i)];

        add_string(bytes, source->path);
        add_string(bytes, source->language);
        add_wanted(bytes, source);
        for (guint j = 0; j < source->flags->len; j++)
            add_string(bytes, source->flags->pdata[j]);
        add_string(bytes, "");
    }
    return g_byte_array_free_to_bytes(bytes);
}

static Command *command_of(const ClangRun *run, guint parallel) {
    /* No crash of libclang is to be caught within it: what it would leave behind is not known. */
    static const char *const env[] = {"PATH=/usr/bin:/bin",
                                      "HOME=/tmp",
                                      "LANG=C.UTF-8",
                                      "LC_ALL=C.UTF-8",
                                      "LIBCLANG_DISABLE_CRASH_RECOVERY=1",
                                      "LIBCLANG_NOTHREADS=1",
                                      NULL};
    Command *command = command_new();
    g_autoptr(GBytes) image = clang_image();

    command->argv = g_new0(char *, 3);
    command->argv[0] = g_strdup(COMMAND_WORK "/" WORKER);
    command->argv[1] = g_strdup_printf("%u", parallel);
    command->env = g_strdupv((char **)env);
    command->input = request_of(run);
    command->work.wanted = true;
    command_add_file(command, WORKER, image, true);
    command_add_mount(command, run->root, CLANG_SOURCE);
    command->cwd = g_strdup(CLANG_SOURCE);
    command->require = run->require;
    command->limits.wall_ms =
        MIN(CAP_TIMEOUT_MS, (guint64)(run->asked->len + 1) * (CAP_CLANG_WALL_MS + 1000));
    command->limits.cpu_ms = CAP_TIMEOUT_MS; /* each file has its own limit */
    command->limits.memory = (guint64)(parallel + 1) * CAP_CLANG_MEMORY;
    command->limits.processes = PROCESSES;
    command->limits.stack = STACK;
    command->limits.output = CAP_LINTER_OUTPUT;
    return command;
}

/* Asks for what has no answer yet. */
static void start(ClangRun *run, guint parallel, Supervisor *supervisor) {
    g_array_set_size(run->asked, 0);
    for (guint i = 0; i < run->sources->len; i++) {
        const ClangFile *file = run->result->files->pdata[i];

        if (file->functions == NULL && file->failure == NULL)
            g_array_append_val(run->asked, i);
    }
    command_free(run->command);
    run->command = command_of(run, parallel);
    run->number = supervisor_start(supervisor, run->command);
    run->starts++;
}

ClangRun *clang_start(const ClangRequest *request, Supervisor *supervisor) {
    ClangRun *run = g_new0(ClangRun, 1);
    guint processors = g_get_num_processors(), wanted = request->parallel;

    run->sources = g_ptr_array_ref(request->sources);
    run->rules = request->rules != NULL ? g_ptr_array_ref(request->rules) : NULL;
    run->root = g_strdup(request->root);
    run->require = request->require;
    run->parallel = CLAMP(wanted > 0 ? MIN(wanted, processors) : processors, 1, CAP_CLANG_PARALLEL);
    run->result = clang_result_new(request->sources->len, run->rules != NULL ? run->rules->len : 0);
    run->asked = g_array_new(FALSE, FALSE, sizeof(guint));
    start(run, run->parallel, supervisor);
    return run;
}

/* The first file that was asked for and has no answer; NULL: all have. */
static ClangFile *first_open(const ClangRun *run) {
    for (guint i = 0; i < run->asked->len; i++) {
        ClangFile *file = run->result->files->pdata[g_array_index(run->asked, guint, i)];

        if (file->functions == NULL && file->failure == NULL)
            return file;
    }
    return NULL;
}

static void fail_open(const ClangRun *run, const char *why) {
    for (ClangFile *file = first_open(run); file != NULL; file = first_open(run))
        file->failure = g_strdup(why);
}

/* What a worker that has ended leaves open. Started for one file at a time, it is the first of them that it
 * was at when it ended; it has no second chance. */
static void settle(ClangRun *run, const CommandResult *ended, guint answered, Supervisor *supervisor) {
    g_autofree char *how = command_result_text(run->command, ended);
    g_autofree char *why = g_strdup_printf("clang %s", how);

    if (ended->status == STATUS_CANCELLED || ended->status == STATUS_SETUP_ERROR ||
        (run->result->version == NULL && answered == 0)) {
        if (run->result->failure == NULL) {
            run->result->failure = g_strdup(how);
            run->result->remedy = g_strdup(ended->remedy);
        }
        fail_open(run, why);
        return;
    }
    if (run->starts > 1)
        first_open(run)->failure = g_strdup(why);
    if (run->starts >= CAP_CLANG_STARTS)
        fail_open(run, why);
    if (first_open(run) != NULL)
        start(run, 1, supervisor);
}

static void finish(ClangRun *run, Supervisor *supervisor) {
    g_autoptr(CommandResult) ended = supervisor_take(supervisor, run->number);
    guint starts = run->starts, answered = 0;
    gsize len = 0;
    const char *bytes = ended->out != NULL ? g_bytes_get_data(ended->out, &len) : NULL;

    if (bytes != NULL)
        answered = clang_read(bytes, len, run->asked, run->result);
    run->result->ran = run->result->ran || run->result->version != NULL;
    if (run->result->failure != NULL)
        fail_open(run, run->result->failure);
    if (first_open(run) != NULL || (run->sources->len == 0 && run->result->version == NULL))
        settle(run, ended, answered, supervisor);
    if (run->starts > starts) {
        (void)supervisor_wait(supervisor);
        finish(run, supervisor); /* CAP_CLANG_STARTS deep at most */
    }
}

ClangResult *clang_finish(ClangRun *run, Supervisor *supervisor) {
    ClangResult *result;

    finish(run, supervisor);
    result = run->result;
    g_ptr_array_unref(run->sources);
    if (run->rules != NULL)
        g_ptr_array_unref(run->rules);
    command_free(run->command);
    g_array_unref(run->asked);
    g_free(run->root);
    g_free(run);
    return result;
}
