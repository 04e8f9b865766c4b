#include "review/baseline.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/ledger.h"

#include <jansson.h>
#include <string.h>

typedef struct {
    char *rule, *path, *fingerprint;
    char *line_hash; /* NULL: another tool has written it */
    guint line;      /* 0: it does not say */
    bool used;
} Entry;

struct Baseline {
    bool all;               /* it has whatever there is */
    GPtrArray *entries;     /* of Entry */
    GHashTable *by_place;   /* key -> GPtrArray of Entry: by rule, fingerprint and path */
    GHashTable *by_line;    /* the same, by rule, hash of the line, and path */
    GHashTable *by_content; /* the same, by rule and fingerprint */
    GPtrArray *stale;       /* of char * */
};

static void entry_free(gpointer data) {
    Entry *entry = data;

    g_free(entry->rule);
    g_free(entry->path);
    g_free(entry->fingerprint);
    g_free(entry->line_hash);
    g_free(entry);
}

static GHashTable *index_new(void) {
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

static Baseline *baseline_new(void) {
    Baseline *baseline = g_new0(Baseline, 1);

    baseline->entries = g_ptr_array_new_with_free_func(entry_free);
    baseline->by_place = index_new();
    baseline->by_line = index_new();
    baseline->by_content = index_new();
    baseline->stale = g_ptr_array_new_with_free_func(g_free);
    return baseline;
}

Baseline *baseline_new_for_all(void) {
    Baseline *baseline = baseline_new();

    baseline->all = true;
    return baseline;
}

void baseline_free(Baseline *baseline) {
    if (baseline == NULL)
        return;
    g_hash_table_unref(baseline->by_place);
    g_hash_table_unref(baseline->by_line);
    g_hash_table_unref(baseline->by_content);
    g_ptr_array_unref(baseline->entries);
    g_ptr_array_unref(baseline->stale);
    g_free(baseline);
}

const GPtrArray *baseline_stale(const Baseline *baseline) {
    return baseline->stale;
}

/* Rules and fingerprints are without a newline, so keys are not mistaken for each other. `path` may be NULL.
 */
static char *key_of(const char *rule, const char *fingerprint, const char *path) {
    return g_strjoin("\n", rule, fingerprint, path, NULL);
}

/* Takes the key. */
static void index_add(GHashTable *index, char *key, Entry *entry) {
    GPtrArray *list = g_hash_table_lookup(index, key);

    if (list == NULL) {
        list = g_ptr_array_new();
        g_hash_table_insert(index, key, list);
    } else {
        g_free(key);
    }
    g_ptr_array_add(list, entry);
}

/* One result on its way; `where` is its place in the file: "runs[0].results[3]". */
typedef struct {
    const char *source, *where;
    GError **error;
} Place;

static bool malformed(const Place *place, const char *what) {
    g_set_error(place->error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                "%s: %s: %s (a baseline is written by 'sallyport check --all --write-baseline')",
                place->source, place->where, what);
    return false;
}

static const char *text_at(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL && *text != '\0' && strpbrk(text, "\r\n") == NULL ? text : NULL;
}

/* A URI of the repository as a path: NULL where it is none. */
static char *path_of(const char *uri) {
    g_autofree char *path = g_uri_unescape_string(uri, NULL);

    if (path == NULL || strstr(uri, "://") != NULL || g_path_is_absolute(path))
        return NULL;
    return g_strdup(g_str_has_prefix(path, "./") ? path + 2 : path);
}

static bool read_result(Baseline *baseline, const json_t *result, const Place *place) {
    const json_t *location =
        json_object_get(json_array_get(json_object_get(result, "locations"), 0), "physicalLocation");
    const char *uri = text_at(json_object_get(location, "artifactLocation"), "uri");
    const char *rule = text_at(result, "ruleId");
    const json_t *fingerprints = json_object_get(result, "partialFingerprints");
    const char *fingerprint = text_at(fingerprints, "primaryLocationLineHash");
    const char *line_hash = text_at(fingerprints, "sallyportLineHash/v1");
    json_int_t line = json_integer_value(json_object_get(json_object_get(location, "region"), "startLine"));
    g_autofree char *path = uri != NULL ? path_of(uri) : NULL;
    Entry *entry;

    if (rule == NULL)
        return malformed(place, "no ruleId");
    if (path == NULL)
        return malformed(place, "no location that is a path relative to the repository's root");
    if (fingerprint == NULL)
        return malformed(place, "no partialFingerprints.primaryLocationLineHash");
    if (baseline->entries->len == CAP_BASELINE_ENTRIES) {
        g_set_error(place->error, CHANGE_ERROR, CHANGE_ERROR_LIMIT, "%s: more than %u findings are in it",
                    place->source, CAP_BASELINE_ENTRIES);
        return false;
    }
    entry = g_new0(Entry, 1);
    entry->rule = g_strdup(rule);
    entry->path = g_steal_pointer(&path);
    entry->fingerprint = g_strdup(fingerprint);
    entry->line_hash = g_strdup(line_hash);
    entry->line = line > 0 && line < G_MAXINT32 ? (guint)line : 0;
    g_ptr_array_add(baseline->entries, entry);
    index_add(baseline->by_place, key_of(rule, fingerprint, entry->path), entry);
    if (line_hash != NULL)
        index_add(baseline->by_line, key_of(rule, line_hash, entry->path), entry);
    index_add(baseline->by_content, key_of(rule, fingerprint, NULL), entry);
    return true;
}

/* 3.14.23 of SARIF: `results` may be missing or null, where nothing was looked for. */
static bool read_run(Baseline *baseline, const json_t *run, gsize number, const char *source,
                     GError **error) {
    const json_t *results = json_object_get(run, "results");
    g_autofree char *head = g_strdup_printf("runs[%" G_GSIZE_FORMAT "].results", number);

    if (results == NULL || json_is_null(results))
        return json_is_object(run) || malformed(&(Place){source, head, error}, "no run");
    if (!json_is_array(results))
        return malformed(&(Place){source, head, error}, "expected a list");
    for (gsize i = 0; i < json_array_size(results); i++) {
        g_autofree char *where = g_strdup_printf("%s[%" G_GSIZE_FORMAT "]", head, i);

        if (!read_result(baseline, json_array_get(results, i), &(Place){source, where, error}))
            return false;
    }
    return true;
}

Baseline *baseline_parse(const char *text, gsize len, const char *source, GError **error) {
    g_autoptr(Baseline) baseline = baseline_new();
    json_error_t why;
    json_auto_t *log = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    const json_t *runs = json_object_get(log, "runs");
    g_autofree char *said = NULL;

    if (log == NULL) {
        said = text_line(why.text, -1, 300);
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s:%d:%d: this is no JSON: %s", source,
                    MAX(why.line, 1), MAX(why.column, 1), said);
        return NULL;
    }
    if (g_strcmp0(json_string_value(json_object_get(log, "version")), "2.1.0") != 0 || !json_is_array(runs)) {
        (void)malformed(&(Place){source, "version and runs", error}, "this is no SARIF 2.1.0");
        return NULL;
    }
    for (gsize i = 0; i < json_array_size(runs); i++)
        if (!read_run(baseline, json_array_get(runs, i), i, source, error))
            return NULL;
    return g_steal_pointer(&baseline);
}

Baseline *baseline_load(const Policy *policy, Change *change, GError **error) {
    const char *file = policy->gate.baseline, *from = change_trusted_from(change), *text;
    g_autofree char *shown = NULL, *source = NULL;
    g_autoptr(GError) own = NULL;
    g_autoptr(GBytes) bytes = NULL;
    gsize len;

    if (file == NULL || change_source(change) == CHANGE_CODE)
        return NULL;
    shown = text_path(file);
    source = from != NULL ? g_strdup_printf("%s:%s", from, shown) : g_strdup(shown);
    bytes = change_trusted(change, file, &own);
    if (own != NULL) {
        g_propagate_prefixed_error(error, g_steal_pointer(&own), "gate.baseline: %s: ", source);
        return NULL;
    }
    if (bytes == NULL) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_FILE,
                    "gate.baseline: %s: there is no such file (write it by 'sallyport check --all "
                    "--write-baseline', or take the key out of the policy)",
                    source);
        return NULL;
    }
    text = g_bytes_get_data(bytes, &len);
    return baseline_parse(text != NULL ? text : "", len, source, error);
}

static bool collect_path(const char *path, guint32 mode, gpointer data) {
    (void)mode;
    g_hash_table_add(data, g_strdup(path));
    return true;
}

/* The paths that are there, listed when they are first asked for. */
typedef struct {
    Change *change;
    GHashTable *paths; /* NULL: not listed yet */
} Tree;

static bool tree_list(Tree *tree, GError **error) {
    if (tree->paths != NULL)
        return true;
    tree->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return change_each_file(tree->change, collect_path, tree->paths, error);
}

static Entry *first_unused(const GPtrArray *list, const GHashTable *there) {
    for (guint i = 0; list != NULL && i < list->len; i++) {
        Entry *entry = list->pdata[i];

        if (!entry->used && (there == NULL || !g_hash_table_contains((GHashTable *)there, entry->path)))
            return entry;
    }
    return NULL;
}

static void match(const Triage *triage, Finding *finding, Entry *entry, const char *how) {
    g_autofree char *path = text_path(entry->path);

    entry->used = true;
    finding->unchanged = true;
    triage_note(triage, finding, "in the baseline, %s %s: it does not count", how, path);
}

static void match_in_place(Triage *triage) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        g_autofree char *key = key_of(finding->rule, finding->fingerprint, finding->path);
        Entry *entry = first_unused(g_hash_table_lookup(triage->baseline->by_place, key), NULL);

        if (entry != NULL)
            match(triage, finding, entry, "in");
    }
}

/* A fingerprint reaches a hundred characters into what follows: an edit there leaves the line as it was. */
static void match_line(Triage *triage) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        g_autofree char *key = key_of(finding->rule, finding->line_hash, finding->path);
        Entry *entry = finding->unchanged
                           ? NULL
                           : first_unused(g_hash_table_lookup(triage->baseline->by_line, key), NULL);

        if (entry != NULL)
            match(triage, finding, entry, "by its line alone, in");
    }
}

/* Files that were renamed, or whose content has moved to another one. */
static bool match_elsewhere(Triage *triage, Tree *tree, GError **error) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];
        g_autofree char *key = key_of(finding->rule, finding->fingerprint, NULL);
        const GPtrArray *list =
            finding->unchanged ? NULL : g_hash_table_lookup(triage->baseline->by_content, key);
        Entry *entry;

        if (first_unused(list, NULL) == NULL)
            continue;
        if (!tree_list(tree, error))
            return false;
        entry = first_unused(list, tree->paths);
        if (entry != NULL)
            match(triage, finding, entry, "as that of a file that is gone,");
    }
    return true;
}

/* The paths of which this review can say that what is not found in them is not there. */
static GHashTable *judged_paths(const GPtrArray *ledger) {
    GHashTable *paths = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < ledger->len; i++) {
        const LedgerEntry *entry = ledger->pdata[i];

        if (entry->failures->len > 0)
            continue;
        g_hash_table_add(paths, entry->file->path);
        if (entry->file->status == FILE_RENAMED)
            g_hash_table_add(paths, entry->file->old_path);
    }
    return paths;
}

static bool find_stale(const Triage *triage, Tree *tree, GError **error) {
    Baseline *baseline = triage->baseline;
    g_autoptr(GHashTable) judged = judged_paths(triage->ledger);

    for (guint i = 0; i < baseline->entries->len; i++) {
        const Entry *entry = baseline->entries->pdata[i];
        g_autofree char *path = text_path(entry->path);
        bool is_judged = g_hash_table_contains(judged, entry->path);

        if (entry->used)
            continue;
        if (!is_judged && change_source(triage->change) == CHANGE_ALL) {
            if (!tree_list(tree, error))
                return false;
            is_judged = !g_hash_table_contains(tree->paths, entry->path);
        }
        if (is_judged) {
            g_autofree char *line =
                entry->line > 0 ? g_strdup_printf(", line %u", entry->line) : g_strdup("");
            g_autofree char *whole = g_strdup_printf("%s in %s%s", entry->rule, path, line);

            g_ptr_array_add(baseline->stale, text_line(whole, -1, CAP_MESSAGE_BYTES));
        }
    }
    return true;
}

static void accept_all(const Triage *triage) {
    for (guint i = 0; i < triage->findings->len; i++) {
        Finding *finding = triage->findings->pdata[i];

        finding->unchanged = finding_counts(finding);
        if (finding->unchanged)
            triage_note(triage, finding, "goes into the baseline");
    }
}

bool baseline_apply(Triage *triage, GError **error) {
    Tree tree = {.change = triage->change};
    bool done;

    if (triage->baseline == NULL)
        return true;
    if (triage->baseline->all) {
        accept_all(triage);
        return true;
    }
    match_in_place(triage);
    match_line(triage);
    done = match_elsewhere(triage, &tree, error) && find_stale(triage, &tree, error);
    g_clear_pointer(&tree.paths, g_hash_table_unref);
    return done;
}
