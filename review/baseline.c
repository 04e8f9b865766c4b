#include "review/baseline.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/baseline_entries.h"

#include <jansson.h>
#include <string.h>

static void entry_free(gpointer data) {
    Entry *entry = data;

    g_free(entry->rule);
    g_free(entry->path);
    g_free(entry->fingerprint);
    g_free(entry->line_hash);
    g_free(entry);
}

GHashTable *entries_index_new(void) {
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

static Baseline *baseline_new(void) {
    Baseline *baseline = g_new0(Baseline, 1);

    baseline->entries = g_ptr_array_new_with_free_func(entry_free);
    baseline->by_place = entries_index_new();
    baseline->by_line = entries_index_new();
    baseline->by_content = entries_index_new();
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

/* Rules and fingerprints are without a newline, so keys are not mistaken for each other. */
char *entries_key(const char *rule, const char *fingerprint, const char *path) {
    return g_strjoin("\n", rule, fingerprint, path, NULL);
}

void entries_index_add(GHashTable *index, char *key, Entry *entry) {
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
    entries_index_add(baseline->by_place, entries_key(rule, fingerprint, entry->path), entry);
    if (line_hash != NULL)
        entries_index_add(baseline->by_line, entries_key(rule, line_hash, entry->path), entry);
    entries_index_add(baseline->by_content, entries_key(rule, fingerprint, NULL), entry);
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
