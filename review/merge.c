#include "review/merge.h"

#include "exec/text.h"

#include <string.h>

/* Of one code in one line. Minified code can have thousands, and then each tool's stay apart. */
#define MOST_ALIKE 100u

static bool is_name(const char *text, gsize len) {
    static const char *const constants[] = {"None", "True", "False", NULL};
    g_autofree char *word = g_strndup(text, len);

    return len > 0 &&
           strspn(word, "._"
                        "0123456789" G_CSET_a_2_z G_CSET_A_2_Z) == len &&
           !g_strv_contains(constants, word);
}

/* The name between the first quotes of a message: of what it speaks. What else stands in quotes, such as code
 * that would be better, is each tool's own way to put it. */
static const char *subject(const Finding *finding, gsize *ret_len) {
    const char *open = strpbrk(finding->message, "`'\"");
    const char *close = open != NULL ? strchr(open + 1, *open) : NULL;

    *ret_len = close != NULL ? (gsize)(close - open - 1) : 0;
    return close != NULL && is_name(open + 1, *ret_len) ? open + 1 : NULL;
}

/* Whether both messages quote something: `ret_same` says if it is the same. */
static bool compare_subjects(const Finding *a, const Finding *b, bool *ret_same) {
    gsize a_len, b_len;
    const char *of_a = subject(a, &a_len), *of_b = subject(b, &b_len);

    if (of_a == NULL || of_b == NULL)
        return false;
    *ret_same = a_len == b_len && memcmp(of_a, of_b, a_len) == 0;
    return true;
}

static bool is_mergeable(const Finding *finding) {
    Severity severity;

    return !finding_tool_is_own(finding->tool) && !severity_parse(finding->code, &severity);
}

/* What a tool suppresses itself says nothing of what another one finds. */
static bool is_silenced_by_tool(const Finding *finding) {
    return finding->suppression != NULL && finding->suppression->line == 0;
}

/* Equal of those that may be the same. No code has a control character in it (finding_new). */
static char *key_of(const Finding *finding) {
    return g_strdup_printf("%u\x1f%d\x1f%d\x1f%s\x1f%s", finding->region.start_line, finding->new_code,
                           is_silenced_by_tool(finding),
                           finding_is_syntax_error(finding) ? "syntax" : finding->code, finding->path);
}

/* Whether the tool already has its part in a finding. */
static bool names_tool(const Finding *finding, const char *tool) {
    gsize len = strlen(tool);

    if (strcmp(finding->tool, tool) == 0)
        return true;
    for (guint i = 0; finding->also != NULL && i < finding->also->len; i++) {
        const char *rule = finding->also->pdata[i];

        if (strncmp(rule, tool, len) == 0 && rule[len] == '.')
            return true;
    }
    return false;
}

static bool has_extent(const Finding *finding) {
    const Region *place = &finding->region;

    return place->end_line > place->start_line || place->end_column > place->start_column + 1;
}

/* Whether `a` is the one that stays. */
static bool goes_before(const Finding *a, const Finding *b) {
    if (a->severity != b->severity)
        return a->severity > b->severity;
    if ((a->fixes->len > 0) != (b->fixes->len > 0))
        return a->fixes->len > 0;
    if (has_extent(a) != has_extent(b))
        return has_extent(a);
    return strcmp(a->tool, b->tool) < 0;
}

/* A comment, or an entry of the baseline, that names one of them means the problem, and so all. */
static void share_silence(Finding *finding, Finding *other) {
    finding->unchanged = finding->unchanged || other->unchanged;
    if (finding->suppression == NULL)
        finding->suppression = g_steal_pointer(&other->suppression);
}

/* `other` goes up in `finding`. */
static void take(Finding *finding, Finding *other) {
    if (finding->also == NULL)
        finding->also = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(finding->also, g_strdup(other->rule));
    for (guint i = 0; other->also != NULL && i < other->also->len; i++)
        g_ptr_array_add(finding->also, g_strdup(other->also->pdata[i]));
    g_ptr_array_sort(finding->also, text_compare);
    if (finding->fixes->len == 0) {
        GPtrArray *none = finding->fixes;

        finding->fixes = other->fixes;
        other->fixes = none;
    }
    share_silence(finding, other);
    finding_free(other);
}

/* Findings of one key, by where they stand in the list; one that went up in another is NULL there. */
typedef struct {
    GPtrArray *findings;
    const GArray *at; /* of guint */
} Alike;

static Finding **slot(const Alike *alike, guint i) {
    return (Finding **)&alike->findings->pdata[g_array_index(alike->at, guint, i)];
}

typedef bool (*Same)(const Alike *alike, const Finding *a, const Finding *b);

static bool same_place(const Alike *alike G_GNUC_UNUSED, const Finding *a, const Finding *b) {
    bool same;

    return a->region.start_column > 0 && a->region.start_column == b->region.start_column &&
           (!compare_subjects(a, b, &same) || same);
}

/* That a file cannot be parsed is one problem, in whatever words and wherever in the line each tool says so.
 */
static bool same_syntax_error(const Alike *alike G_GNUC_UNUSED, const Finding *a,
                              const Finding *b G_GNUC_UNUSED) {
    return finding_is_syntax_error(a);
}

static bool same_subject(const Alike *alike G_GNUC_UNUSED, const Finding *a, const Finding *b) {
    bool same;

    return compare_subjects(a, b, &same) && same;
}

/* How many of them have a part of that tool's. */
static guint count_of(const Alike *alike, const char *tool) {
    guint count = 0;

    for (guint i = 0; i < alike->at->len; i++)
        count += *slot(alike, i) != NULL && names_tool(*slot(alike, i), tool);
    return count;
}

static bool only_ones(const Alike *alike, const Finding *a, const Finding *b) {
    bool same;

    return count_of(alike, a->tool) == 1 && count_of(alike, b->tool) == 1 &&
           (!compare_subjects(a, b, &same) || same);
}

/* Merges each pair that is the same. */
static void merge_by(const Alike *alike, Same same) {
    for (guint i = 0; i < alike->at->len; i++) {
        for (guint j = i + 1; j < alike->at->len; j++) {
            Finding **a = slot(alike, i), **b = slot(alike, j);

            if (*a == NULL || *b == NULL || names_tool(*a, (*b)->tool) || names_tool(*b, (*a)->tool) ||
                !same(alike, *a, *b))
                continue;
            if (goes_before(*a, *b)) {
                take(*a, g_steal_pointer(b));
            } else {
                take(*b, g_steal_pointer(a));
            }
        }
    }
}

static GHashTable *group(const GPtrArray *findings) {
    GHashTable *groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);

    for (guint i = 0; i < findings->len; i++) {
        g_autofree char *key = is_mergeable(findings->pdata[i]) ? key_of(findings->pdata[i]) : NULL;
        GArray *at = key != NULL ? g_hash_table_lookup(groups, key) : NULL;

        if (key == NULL)
            continue;
        if (at == NULL) {
            at = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(groups, g_steal_pointer(&key), at);
        }
        g_array_append_val(at, i);
    }
    return groups;
}

/* Takes out what is NULL, and keeps the order. */
static void close_ranks(GPtrArray *findings) {
    guint kept = 0;

    for (guint i = 0; i < findings->len; i++)
        if (findings->pdata[i] != NULL)
            findings->pdata[kept++] = findings->pdata[i];
    for (guint i = kept; i < findings->len; i++)
        findings->pdata[i] = NULL; /* they stand further in front */
    g_ptr_array_set_size(findings, (gint)kept);
}

void merge_findings(GPtrArray *findings) {
    static const Same sames[] = {same_place, same_subject, only_ones, same_syntax_error};
    g_autoptr(GHashTable) groups = group(findings);
    GHashTableIter iter;
    gpointer at;

    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, NULL, &at)) {
        const Alike alike = {findings, at};

        for (gsize i = 0; alike.at->len > 1 && alike.at->len <= MOST_ALIKE && i < G_N_ELEMENTS(sames); i++)
            merge_by(&alike, sames[i]);
    }
    close_ranks(findings);
}
