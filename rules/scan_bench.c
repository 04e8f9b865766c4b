/* Scans all files below a folder with the rules of a file, for `make bench`.
 *
 *   scan_bench [--read | --plain] [--threads N] [--database FILE] RULES FOLDER
 *
 * --read only reads them: the least that can be done. --plain does without the prefilter. --database keeps
 * the prefilter's database from run to run, as the cache does. Prints how much it was, and what was found;
 * ends with 1 where that is nothing, as ripgrep does: a run that did not look would be the fastest. */
#include "exec/caps.h"
#include "rules/scan_pool.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* What has a NUL byte in so many is binary, and passed over, as by a review. */
#define BINARY_BYTES 8000u

typedef struct {
    gboolean read, plain;
    int threads;
    char *database;
} Options;

static RuleSet *load_rules(const char *path) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(path);
    g_autofree char *text = NULL;
    RuleSet *rules = rule_set_new();
    gsize len;

    if (g_file_get_contents(path, &text, &len, NULL) && rule_set_add_text(rules, text, len, errors))
        return rules;
    g_autofree char *all = yaml_errors_text(errors);
    g_printerr("%s: %s\n", path, all);
    exit(2);
}

static void load_database(Prefilter *prefilter, const char *file) {
    g_autofree char *text = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize len;

    if (file != NULL && g_file_get_contents(file, &text, &len, NULL)) {
        bytes = g_bytes_new_take(g_steal_pointer(&text), len);
        if (prefilter_load(prefilter, bytes))
            return;
        g_clear_pointer(&bytes, g_bytes_unref);
    }
    bytes = prefilter_compile(prefilter, &error);
    if (bytes == NULL) {
        g_printerr("%s\n", error->message);
        exit(3);
    }
    if (file != NULL)
        g_file_set_contents(file, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL);
}

/* Every regular file below the folder, in order of names. Their bytes in all. */
static guint64 scan_all(const char *folder, ScanPool *pool, const Options *options) {
    char *const roots[] = {(char *)folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    guint64 bytes = 0;

    for (FTSENT *entry; walk != NULL && (entry = fts_read(walk)) != NULL;) {
        char *text;
        gsize len;

        if (entry->fts_info != FTS_F || entry->fts_statp->st_size > CAP_FILE_BYTES ||
            !g_file_get_contents(entry->fts_path, &text, &len, NULL))
            continue;
        bytes += len;
        g_autoptr(GBytes) content = g_bytes_new_take(text, len);
        if (!options->read && memchr(text, '\0', MIN(len, BINARY_BYTES)) == NULL)
            scan_pool_add(pool, entry->fts_path, content, false);
    }
    fts_close(walk);
    return bytes;
}

/* Whether anything was found, where it was looked for. */
static bool scan(const Options *options, const char *file, const char *folder) {
    g_autoptr(RuleSet) rules = load_rules(file);
    g_autoptr(Prefilter) prefilter = options->plain || options->read ? NULL : prefilter_new(rules);
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(ScanPool) pool = NULL;
    struct rusage usage;
    guint64 bytes;

    if (prefilter != NULL)
        load_database(prefilter, options->database);
    pool = scan_pool_new(rules, prefilter, options->read ? 1 : (guint)options->threads);
    bytes = scan_all(folder, pool, options);
    scan_pool_finish(pool, result);
    getrusage(RUSAGE_SELF, &usage);
    printf("%u rules, %u with an expression; %.1f MB; %u findings, %u undecided; %ld KiB at most\n",
           rules->rules->len, prefilter != NULL ? prefilter_count(prefilter) : 0, (double)bytes / 1e6,
           result->findings->len, g_hash_table_size(result->failures), usage.ru_maxrss);
    return options->read || result->findings->len > 0;
}

int main(int argc, char **argv) {
    Options options = {.threads = (int)g_get_num_processors()};
    const GOptionEntry entries[] = {
        {"read", 0, 0, G_OPTION_ARG_NONE, &options.read, NULL, NULL},
        {"plain", 0, 0, G_OPTION_ARG_NONE, &options.plain, NULL, NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, NULL, NULL},
        {"database", 0, 0, G_OPTION_ARG_FILENAME, &options.database, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("RULES FOLDER");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 3 || options.threads < 1) {
        g_printerr("scan_bench: %s\n", error != NULL ? error->message : "expected RULES FOLDER");
        return 2;
    }
    bool found = scan(&options, argv[1], argv[2]);
    g_free(options.database);
    return found ? 0 : 1;
}
