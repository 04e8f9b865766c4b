#include "review/builtin.h"

#include "exec/cancel.h"
#include "review/trust.h"
#include "rules/encoding.h"
#include "rules/hygiene.h"
#include "rules/scan_pool.h"

#include <string.h>
#include <sys/stat.h>

/* What is to be scanned, in bytes. From here on threads are worth starting, and a database that is there is
 * worth loading: both take a millisecond or two, in which PCRE2 alone takes a pattern over so much. */
#define MUCH_BYTES (128u << 10)
/* From here on a database is worth making: that takes as long as to run its patterns over half of it. */
#define VERY_MUCH_BYTES (1u << 20)

/* A file that waits until it is known how it is scanned. */
typedef struct {
    const char *path;
    GBytes *bytes;
    bool binary;
} Waiting;

typedef struct {
    const Checks *checks;
    CheckResult *result;
    Hygiene *hygiene;
    bool wants_binary; /* one of the rules does */
    GArray *waiting;   /* of Waiting */
    gsize bytes;       /* of those that wait */
    Prefilter *prefilter;
    ScanPool *pool; /* NULL: they wait still */
} Scan;

static void waiting_clear(gpointer waiting) {
    g_bytes_unref(((Waiting *)waiting)->bytes);
}

static bool wants_binary(const RuleSet *rules) {
    for (guint i = 0; i < rules->rules->len; i++) {
        const Rule *rule = rules->rules->pdata[i];

        if (rule->regex != NULL && rule->regex->binary)
            return true;
    }
    return false;
}

/* A database from the cache, or, where it is worth that, made anew. */
static bool load_database(const Scan *scan, Prefilter *prefilter) {
    g_autofree char *key = prefilter_key(prefilter, NULL);
    Cache *cache = scan->checks->cache;
    g_autoptr(GBytes) bytes = key != NULL && cache != NULL ? cache_get(cache, key) : NULL;

    if (key == NULL)
        return false;
    if (bytes != NULL && prefilter_load(prefilter, bytes))
        return true;
    g_clear_pointer(&bytes, g_bytes_unref);
    if (scan->bytes >= VERY_MUCH_BYTES)
        bytes = prefilter_compile(prefilter, NULL);
    if (bytes != NULL && cache != NULL)
        cache_put(cache, key, bytes);
    return bytes != NULL;
}

/* Without one the same is found, more slowly. */
static void start(Scan *scan) {
    const Checks *checks = scan->checks;
    guint threads = checks->parallel > 0 ? checks->parallel : g_get_num_processors();

    if (scan->bytes >= MUCH_BYTES) {
        g_autoptr(Prefilter) prefilter = prefilter_new(checks->rules);

        if (load_database(scan, prefilter))
            scan->prefilter = g_steal_pointer(&prefilter);
    }
    scan->pool = scan_pool_new(checks->rules, scan->prefilter,
                               scan->bytes >= MUCH_BYTES ? MIN(threads, g_get_num_processors()) : 1);
    for (guint i = 0; i < scan->waiting->len; i++) {
        const Waiting *waiting = &g_array_index(scan->waiting, Waiting, i);

        scan_pool_add(scan->pool, waiting->path, waiting->bytes, waiting->binary);
    }
    g_array_set_size(scan->waiting, 0);
}

static void add_file(Scan *scan, const char *path, GBytes *bytes, bool binary) {
    const Waiting waiting = {.path = path, .bytes = bytes, .binary = binary};

    g_ptr_array_add(scan->result->paths, g_strdup(path));
    if (scan->pool != NULL) {
        scan_pool_add(scan->pool, path, bytes, binary);
        return;
    }
    (void)g_bytes_ref(bytes);
    g_array_append_val(scan->waiting, waiting);
    scan->bytes += g_bytes_get_size(bytes);
    if (scan->bytes >= VERY_MUCH_BYTES)
        start(scan);
}

static bool read_link(const char *path, char **ret_target, gpointer change, GError **error) {
    guint32 mode;

    if (!change_mode(change, path, &mode, error))
        return false;
    *ret_target = S_ISLNK(mode) ? change_read_link(change, path, error) : NULL;
    return *ret_target != NULL || !S_ISLNK(mode);
}

static GBytes *read_file(const char *path, gpointer change, GError **error) {
    return change_read(change, path, error);
}

typedef struct {
    void (*each)(const char *path, gpointer data);
    gpointer data;
} Listing;

static bool list_one(const char *path, guint32 mode, gpointer data) {
    const Listing *listing = data;

    (void)mode;
    listing->each(path, listing->data);
    return true;
}

static bool list_tree(void (*each)(const char *path, gpointer each_data), gpointer each_data, gpointer change,
                      GError **error) {
    Listing listing = {each, each_data};

    return change_each_file(change, list_one, &listing, error);
}

static guint64 count_new_lines(const ChangedFile *file, GBytes *bytes) {
    gsize len = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;
    guint64 count = 0;

    for (gsize i = 0; file->all_new && i < len; i++)
        count += text[i] == '\n';
    for (guint i = 0; i < file->new_lines->len; i++) {
        const LineRange *range = &g_array_index(file->new_lines, LineRange, i);

        count += range->last - range->first + 1;
    }
    return count;
}

/* What a file is, whether anybody looks at what it holds or not. `bytes` are NULL where they were not read.
 */
static void check_hygiene(const Scan *scan, LedgerEntry *entry, GBytes *bytes) {
    const ChangedFile *changed = entry->file;
    g_autoptr(GError) error = NULL;
    HygieneFile file = {
        .path = changed->path,
        .status = file_status_name(changed->status),
        .mode = changed->mode,
        .old_mode = changed->old_mode,
        .binary = changed->binary,
        .has_nul = changed->has_nul,
        .pointer = changed->pointer && !changed->binary,
        .new_lines = count_new_lines(changed, bytes),
        .bytes = bytes,
    };

    if (S_ISREG(changed->mode) && !change_size(scan->checks->change, changed->path, &file.size, &error)) {
        ledger_fail(entry, "content", error->message);
        return;
    }
    hygiene_check(scan->hygiene, &file, scan->result);
}

/* A binary file is looked at where it is text all the same, in UTF-16, or where a rule asks for it. */
static void add_binary(Scan *scan, LedgerEntry *entry, GBytes *bytes) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    bool is_text = entry->file->has_nul && encoding_is_utf16(data != NULL ? data : "", len);

    if (!is_text && !scan->wants_binary)
        return;
    g_clear_pointer(&entry->skipped, g_free);
    add_file(scan, entry->file->path, bytes, !is_text);
}

static void scan_entry(Scan *scan, LedgerEntry *entry) {
    const Checks *checks = scan->checks;
    bool reviewable = ledger_is_reviewable(entry), undecided = entry->skipped == NULL && !reviewable;
    bool binary = ledger_is_binary(entry);
    g_autoptr(GBytes) bytes = NULL;

    if (reviewable || (binary && (entry->file->has_nul || scan->wants_binary)))
        bytes = checks_read(checks, entry);
    if (bytes != NULL && binary)
        add_binary(scan, entry, bytes);
    else if (bytes != NULL)
        add_file(scan, entry->file->path, bytes, false);
    if (undecided || (reviewable && bytes == NULL)) /* whatever else there is to say */
        return;
    if (!entry->excluded && hygiene_is_wanted(scan->hygiene))
        check_hygiene(scan, entry, bytes);
}

/* Whether it is judged as a change, and not as all that there is. */
static bool is_change(const Change *change) {
    return change_source(change) != CHANGE_ALL && change_source(change) != CHANGE_CODE;
}

static GPtrArray *changed_paths(const Change *change) {
    const GPtrArray *files = change_files(change);
    GPtrArray *paths = g_ptr_array_new();

    for (guint i = 0; i < files->len; i++)
        g_ptr_array_add(paths, ((const ChangedFile *)files->pdata[i])->path);
    return paths;
}

bool builtin_run(const Checks *checks, CheckResult *result) {
    g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    Change *change = checks->change;
    g_autoptr(GPtrArray) changed = changed_paths(change);
    const HygieneTree tree = {read_link, read_file, list_tree, change, is_change(change), changed};
    g_autoptr(Hygiene) hygiene = hygiene_new(checks->rules, &tree);
    Scan scan = {.checks = checks, .result = result, .hygiene = hygiene, .waiting = waiting};
    bool whole = true;

    scan.wants_binary = wants_binary(checks->rules);
    g_array_set_clear_func(waiting, waiting_clear);
    for (guint i = 0; i < checks->ledger->len && whole; i++) {
        LedgerEntry *entry = checks->ledger->pdata[i];

        if (checks_asked(checks, "sallyport", entry->file->path))
            scan_entry(&scan, entry);
        whole = !cancel_wanted(checks->cancel_fd);
    }
    if (whole && scan.pool == NULL)
        start(&scan);
    if (whole)
        scan_pool_finish(scan.pool, result);
    if (whole)
        hygiene_finish(hygiene, result);
    if (whole && rule_set_has_pack(checks->rules, "change"))
        trust_check(checks->policy, checks->rules, checks->change, result);
    scan_pool_free(scan.pool);
    prefilter_free(scan.prefilter);
    return whole;
}
