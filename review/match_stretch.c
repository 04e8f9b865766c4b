/* Findings that are stretches of lines, such as what a formatter would write anew. A line that is added or
 * fixed between two of them joins or splits them, so they are compared line by line: what counts are the
 * lines that their fixes change, and where there are no fixes all of them. */
#include "review/match_sides.h"

#include "review/linters/linter.h"

/* A line, or the place in front of it. */
typedef struct {
    guint line;
    bool insertion;
} Spot;

bool match_is_stretch(const Finding *finding) {
    const Linter *linter = linter_find(finding->tool);

    return linter != NULL && linter->stretches && finding->region.start_line > 0;
}

static void add_lines(GArray *spots, const Region *region) {
    guint last = region->end_column == 1 && region->end_line > region->start_line ? region->end_line - 1
                                                                                  : region->end_line;

    for (guint line = region->start_line; line <= MAX(region->start_line, last); line++) {
        Spot spot = {line, false};

        g_array_append_val(spots, spot);
    }
}

static void add_edit(GArray *spots, const Region *region) {
    Spot spot = {region->start_line, true};

    if (region->start_line == region->end_line && region->start_column == region->end_column)
        g_array_append_val(spots, spot);
    else
        add_lines(spots, region);
}

/* Of Spot. */
static GArray *spots_of(const Finding *finding) {
    GArray *spots = g_array_new(FALSE, FALSE, sizeof(Spot));

    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = finding->fixes->pdata[i];

        for (guint j = 0; j < fix->edits->len; j++)
            add_edit(spots, &((const Edit *)fix->edits->pdata[j])->region);
    }
    if (spots->len == 0)
        add_lines(spots, &finding->region);
    return spots;
}

/* How often a spot of the old version is part of a finding, by one of these. */

static char *key_of_place(const Finding *finding, const Spot *spot, const char *old_path, guint old_line) {
    return g_strdup_printf("%s\x1f%d\x1f%u\x1f%s", finding->rule, spot->insertion, old_line, old_path);
}

static char *key_of_text(const Finding *finding, const Spot *spot, MatchText *text) {
    g_autofree char *says = match_text_of(text, spot->line, spot->line);

    return g_strdup_printf("%s\x1f%d\x1f%s", finding->rule, spot->insertion, says);
}

static void add(const Sides *sides, GHashTable *counts, const Finding *finding) {
    const ChangedFile *file = g_hash_table_lookup(sides->files, finding->path);
    MatchText *text = sides_old_text(sides, finding->path);
    g_autoptr(GArray) spots = spots_of(finding);

    for (guint i = 0; file != NULL && text != NULL && i < spots->len; i++) {
        const Spot *spot = &g_array_index(spots, Spot, i);
        char *key = changed_file_lost(file, spot->line)
                        ? key_of_text(finding, spot, text)
                        : key_of_place(finding, spot, finding->path, spot->line);
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));

        g_hash_table_insert(counts, key, GUINT_TO_POINTER(count + 1));
    }
}

/* Whether a finding of the old version has the spot as well, which then is used up. */
static bool take(const Sides *sides, GHashTable *counts, const Finding *finding, const ChangedFile *file,
                 const Spot *spot) {
    MatchText *text = sides_new_text(sides, finding->path);
    const char *old_path = changed_file_old_path(file);
    g_autofree char *key = NULL;
    guint count;

    if (changed_file_touches(file, spot->line, spot->line))
        key = text != NULL ? key_of_text(finding, spot, text) : NULL;
    else if (old_path != NULL)
        key = key_of_place(finding, spot, old_path, changed_file_old_line(file, spot->line));
    count = key != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) : 0;
    if (count > 0)
        g_hash_table_insert(counts, g_steal_pointer(&key), GUINT_TO_POINTER(count - 1));
    return count > 0;
}

static void judge(const Sides *sides, GHashTable *counts, Finding *finding) {
    const ChangedFile *file = change_find(sides->change, finding->path);
    g_autoptr(GArray) spots = spots_of(finding);

    finding->age = file != NULL ? AGE_OLD : AGE_NEW;
    for (guint i = 0; file != NULL && i < spots->len; i++)
        if (!take(sides, counts, finding, file, &g_array_index(spots, Spot, i)))
            finding->age = AGE_NEW;
}

void match_stretches(const Sides *sides, const GPtrArray *head, const GPtrArray *base) {
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < base->len; i++)
        if (match_is_stretch(base->pdata[i]))
            add(sides, counts, base->pdata[i]);
    for (guint i = 0; i < head->len; i++)
        if (match_is_stretch(head->pdata[i]))
            judge(sides, counts, head->pdata[i]);
}
