/* The database with what says how it is to be used: see Prefilter.unfit. The windows are in hits.c. */
#include "rules/prefilter_private.h"

#include "rules/vectorscan.h"

#include <string.h>

/* With another meaning of the expressions, or other flags, the databases of before are of no use. */
#define FORMAT "1"
/* Expressions that the library does not take, before it is done without. */
#define MOST_UNFIT 200u

/* The words of `require_any`, one of which must be there: for a pattern of which nothing else is known. */
static char *expression_of_words(GStrv words) {
    GString *text = g_string_new("(?:");

    for (char **word = words; *word != NULL; word++) {
        for (const char *byte = *word; *byte != '\0'; byte++)
            g_string_append_printf(text, "\\x%02x", (guint8)*byte);
        g_string_append_c(text, word[1] != NULL ? '|' : ')');
    }
    return g_string_free(text, FALSE);
}

static Candidate candidate_of(const Rule *rule) {
    const RegexRule *regex = rule->regex;
    Candidate candidate = {.kind = CANDIDATE_NONE};

    if (regex != NULL) {
        g_autoptr(Shape) shape = shape_read(regex->source, strlen(regex->source));

        candidate = candidate_plan(shape, regex->window > 0 ? regex->window : SHAPE_NO_END);
        if (candidate.kind != CANDIDATE_NONE && regex->whole)
            candidate.kind = CANDIDATE_FILE;
    }
    if (candidate.kind == CANDIDATE_NONE && rule->require_any != NULL && *rule->require_any != NULL) {
        candidate.kind = CANDIDATE_FILE;
        candidate.expression = expression_of_words(rule->require_any);
    }
    return candidate;
}

Prefilter *prefilter_new(const RuleSet *rules) {
    Prefilter *prefilter = g_new0(Prefilter, 1);

    prefilter->rules = rules->rules->len;
    prefilter->candidates = g_new0(Candidate, prefilter->rules + 1);
    for (guint i = 0; i < prefilter->rules; i++)
        prefilter->candidates[i] = candidate_of(rules->rules->pdata[i]);
    /* What the expressions leave out where case does not count. */
    prefilter->candidates[prefilter->rules].kind = CANDIDATE_FILE;
    prefilter->candidates[prefilter->rules].expression = g_strdup("(?:\\xe2\\x84\\xaa|\\xc5\\xbf)");
    return prefilter;
}

guint prefilter_count(const Prefilter *prefilter) {
    guint count = 0;

    for (guint i = 0; i < prefilter->rules; i++)
        count += prefilter->candidates[i].kind != CANDIDATE_NONE;
    return count;
}

static void forget(Candidate *candidate) {
    candidate->kind = CANDIDATE_NONE;
    g_clear_pointer(&candidate->expression, g_free);
}

#ifdef SALLYPORT_VECTORSCAN

void prefilter_free(Prefilter *prefilter) {
    if (prefilter == NULL)
        return;
    for (guint i = 0; i <= prefilter->rules; i++)
        forget(&prefilter->candidates[i]);
    g_free(prefilter->candidates);
    if (prefilter->database != NULL)
        hs_free_database(prefilter->database);
    g_free(prefilter);
}

static guint flags_of(const Candidate *candidate) {
    return HS_FLAG_PREFILTER | HS_FLAG_DOTALL | (candidate->kind == CANDIDATE_FILE ? HS_FLAG_SINGLEMATCH : 0);
}

static bool set_error(GError **error, const char *what) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "Vectorscan: %s", what);
    return false;
}

char *prefilter_key(const Prefilter *prefilter, GError **error) {
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (!vectorscan_load(error))
        return NULL;
    if (hs_valid_platform() != HS_SUCCESS) {
        set_error(error, "this processor lacks what it needs");
        return NULL;
    }
    g_checksum_update(sum, (const guchar *)hs_version(), -1);
    for (guint i = 0; i <= prefilter->rules; i++) {
        const Candidate *candidate = &prefilter->candidates[i];
        g_autofree char *line = NULL;

        if (candidate->kind == CANDIDATE_NONE)
            continue;
        line = g_strdup_printf("\n%u %u %s", i, flags_of(candidate), candidate->expression);
        g_checksum_update(sum, (const guchar *)line, -1);
    }
    return g_strconcat("vectorscan " FORMAT " ", g_checksum_get_string(sum), NULL);
}

/* One attempt. An expression that the library does not take is forgotten, for another one. */
static bool compile(Prefilter *prefilter, bool *ret_again, GError **error) {
    g_autoptr(GArray) flags = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GPtrArray) expressions = g_ptr_array_new();
    hs_compile_error_t *failure = NULL;
    bool done;

    for (guint i = 0; i <= prefilter->rules; i++) {
        guint flag = flags_of(&prefilter->candidates[i]);

        if (prefilter->candidates[i].kind == CANDIDATE_NONE)
            continue;
        g_ptr_array_add(expressions, prefilter->candidates[i].expression);
        g_array_append_val(flags, flag);
        g_array_append_val(ids, i);
    }
    done = hs_compile_multi((const char *const *)expressions->pdata, (const guint *)(const void *)flags->data,
                            (const guint *)(const void *)ids->data, ids->len, HS_MODE_BLOCK, NULL,
                            &prefilter->database, &failure) == HS_SUCCESS;
    *ret_again = !done && failure != NULL && failure->expression >= 0;
    if (*ret_again)
        forget(&prefilter->candidates[g_array_index(ids, guint, failure->expression)]);
    else if (!done)
        set_error(error, failure != NULL ? failure->message : "out of memory");
    if (failure != NULL)
        hs_free_compile_error(failure);
    return done;
}

/* A database, behind the rules that have no expression in it: their count, and their places. */
static GBytes *pack(const Prefilter *prefilter, GError **error) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    char *serialized = NULL;
    gsize len = 0;
    guint32 count = 0;

    g_byte_array_append(bytes, (const guint8 *)&count, sizeof(count));
    for (guint32 i = 0; i <= prefilter->rules; i++) {
        if (prefilter->candidates[i].kind != CANDIDATE_NONE)
            continue;
        g_byte_array_append(bytes, (const guint8 *)&i, sizeof(i));
        count++;
    }
    memcpy(bytes->data, &count, sizeof(count));
    if (hs_serialize_database(prefilter->database, &serialized, &len) != HS_SUCCESS) {
        set_error(error, "the database cannot be stored");
        return NULL;
    }
    g_byte_array_append(bytes, (const guint8 *)serialized, (guint)len);
    free(serialized);
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

GBytes *prefilter_compile(Prefilter *prefilter, GError **error) {
    bool again = true;

    if (!vectorscan_load(error))
        return NULL;
    for (guint i = 0; i < MOST_UNFIT && again; i++)
        if (compile(prefilter, &again, error))
            return pack(prefilter, error);
    if (again)
        set_error(error, "too many of the expressions are of no use to it");
    return NULL;
}

bool prefilter_load(Prefilter *prefilter, GBytes *bytes) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    guint32 count, place;
    gsize head;

    if (len < sizeof(count) || !vectorscan_load(NULL))
        return false;
    memcpy(&count, data, sizeof(count));
    head = sizeof(count) + sizeof(place) * (gsize)count;
    if (count > prefilter->rules || len <= head ||
        hs_deserialize_database(data + head, len - head, &prefilter->database) != HS_SUCCESS)
        return false;
    for (guint i = 0; i < count; i++) {
        memcpy(&place, data + sizeof(count) + sizeof(place) * (gsize)i, sizeof(place));
        if (place < prefilter->rules)
            forget(&prefilter->candidates[place]);
    }
    return true;
}

#else

void prefilter_free(Prefilter *prefilter) {
    if (prefilter == NULL)
        return;
    for (guint i = 0; i <= prefilter->rules; i++)
        forget(&prefilter->candidates[i]);
    g_free(prefilter->candidates);
    g_free(prefilter);
}

char *prefilter_key(const Prefilter *prefilter, GError **error) {
    (void)prefilter;
    (void)vectorscan_load(error);
    return NULL;
}

GBytes *prefilter_compile(Prefilter *prefilter, GError **error) {
    (void)prefilter;
    (void)vectorscan_load(error);
    return NULL;
}

bool prefilter_load(Prefilter *prefilter, GBytes *bytes) {
    (void)prefilter;
    (void)bytes;
    return false;
}

#endif
