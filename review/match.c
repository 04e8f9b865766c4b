#include "review/match.h"

#include "review/match_sides.h"
#include "rules/encoding.h"

#include <string.h>

/* So many of the same kind are looked at to find the nearest. */
#define MOST_ALIKE 1000u

/* A line that moves alone, with nothing beside it that it had before, goes no further. */
#define NEAR 20u

/* One finding, with all that pairs are made by. */
typedef struct {
    Finding *finding; /* of the old version it is only read */
    char *message;    /* see match_message() */
    GArray *numbers;
    const char *old_path; /* the file of the old version that its file was; NULL: there was none */
    guint old_line;       /* where it begins there; 0: it is of the file as a whole */
    bool touches;         /* of the new version: a line of it is new */
    bool stays;           /* of the old version: its line is there still */
    bool moves;           /* its line is new, or lost: it may have gone from one place to another */
    bool beside;          /* of the new version: a line above or below it is new */
    bool paired;
    char *says; /* see match_text_of() */
    const char *context, *above, *below;
} Item;

/* Both sides' findings. */
typedef struct {
    Sides sides;
    GPtrArray *head, *base; /* of Item */
} Matching;

static void item_free(Item *item) {
    g_free(item->message);
    g_array_unref(item->numbers);
    g_free(item->says);
    g_free(item);
}

static GHashTable *texts_new(void) {
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)match_text_free);
}

static MatchText *text_of(GHashTable *texts, Change *side, const char *path) {
    MatchText *text = g_hash_table_lookup(texts, path);
    g_autoptr(GBytes) bytes = text == NULL ? encoding_text(change_read(side, path, NULL)) : NULL;

    if (bytes != NULL) {
        text = match_text_new(bytes);
        g_hash_table_insert(texts, g_strdup(path), text);
    }
    return text;
}

MatchText *sides_new_text(const Sides *sides, const char *path) {
    return text_of(sides->new_texts, sides->change, path);
}

MatchText *sides_old_text(const Sides *sides, const char *path) {
    return text_of(sides->old_texts, sides->before, path);
}

static Item *item_new(Finding *finding, MatchText *text) {
    Item *item = g_new0(Item, 1);
    const Region *region = &finding->region;
    guint last = MAX(region->start_line, region->end_line);

    item->finding = finding;
    item->numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
    item->message = match_message(finding->message, finding->path, item->numbers);
    if (region->start_line == 0) {
        item->says = g_strdup("");
        item->context = item->above = item->below = "";
        return item;
    }
    item->says = match_text_of(text, region->start_line, last);
    item->context = match_text_context(text, region->start_line);
    item->above = match_text_beside(text, region->start_line, -1);
    item->below = match_text_beside(text, last, 1);
    return item;
}

static bool has_new_beside(const ChangedFile *file, MatchText *text, const Region *region) {
    guint above, below;

    if (region->start_line == 0)
        return false;
    above = match_text_line_beside(text, region->start_line, -1);
    below = match_text_line_beside(text, MAX(region->start_line, region->end_line), 1);
    return (above > 0 && changed_file_touches(file, above, above)) ||
           (below > 0 && changed_file_touches(file, below, below));
}

static void add_head(const Matching *matching, Finding *finding) {
    const ChangedFile *file = change_find(matching->sides.change, finding->path);
    MatchText *text = sides_new_text(&matching->sides, finding->path);
    const Region *region = &finding->region;
    Item *item;

    finding->age = AGE_NEW;
    if (file == NULL || text == NULL)
        return;
    item = item_new(finding, text);
    item->old_path = changed_file_old_path(file);
    item->touches = changed_file_touches(file, region->start_line, region->end_line);
    item->moves = item->touches;
    item->beside = has_new_beside(file, text, region);
    item->old_line = region->start_line > 0 ? changed_file_old_line(file, region->start_line) : 0;
    g_ptr_array_add(matching->head, item);
}

static void add_base(const Matching *matching, Finding *finding) {
    const ChangedFile *file = g_hash_table_lookup(matching->sides.files, finding->path);
    MatchText *text = sides_old_text(&matching->sides, finding->path);
    Item *item;

    if (file == NULL || text == NULL)
        return;
    item = item_new(finding, text);
    item->old_path = finding->path;
    item->old_line = finding->region.start_line;
    item->stays = item->old_line > 0 && !changed_file_lost(file, item->old_line);
    item->moves = !item->stays;
    g_ptr_array_add(matching->base, item);
}

/* The kinds of pairs: two findings of one key are one. NULL: it takes no part. Paths and rules have no
 * control characters that could be mistaken, messages neither. */

static char *key_same_line(const Item *item) {
    if (item->touches || item->old_path == NULL)
        return NULL;
    return g_strdup_printf("%u\x1f%s", item->old_line, item->old_path);
}

/* A line that stays where it was has not moved to another place, nor has one that was there before. */
static char *key_here(const Item *item, const char *beside) {
    return item->old_path != NULL && item->moves
               ? g_strdup_printf("%s\x1f%s\x1f%s", item->says, beside, item->old_path)
               : NULL;
}

/* Of blocks that are alike a diff may take one for another: what seems untouched may have moved with its
 * neighbours. */
static char *key_same_around(const Item *item) {
    return item->old_path != NULL && (item->moves || item->beside)
               ? g_strdup_printf("%s\x1f%s\x1f%s\x1f%s", item->says, item->above, item->below, item->old_path)
               : NULL;
}

static char *key_same_context(const Item *item) {
    return key_here(item, item->context);
}

static char *key_same_above(const Item *item) {
    return *item->above != '\0' ? key_here(item, item->above) : NULL;
}

static char *key_same_below(const Item *item) {
    return *item->below != '\0' ? key_here(item, item->below) : NULL;
}

static char *key_same_lines(const Item *item) {
    return key_here(item, "");
}

/* From one file to another goes neither what is of a file as a whole nor what stands on untouched lines. */
static char *key_moved(const Item *item, const char *beside) {
    return item->finding->region.start_line > 0 && item->moves && *beside != '\0'
               ? g_strdup_printf("%s\x1f%s", item->says, beside)
               : NULL;
}

static char *key_moved_context(const Item *item) {
    return key_moved(item, item->context);
}

static char *key_moved_above(const Item *item) {
    return key_moved(item, item->above);
}

static char *key_moved_below(const Item *item) {
    return key_moved(item, item->below);
}

/* One kind of pair. */
typedef struct {
    char *(*key)(const Item *item);
    guint most; /* lines between the two; 0: any */
} Kind;

static char *full_key(const Item *item, const Kind *kind) {
    g_autofree char *place = kind->key(item);

    return place != NULL ? g_strjoin("\x1f", item->finding->rule, item->message, place, NULL) : NULL;
}

/* Whether a measure in the message has grown. */
static bool is_worse(const Item *head, const Item *base) {
    for (guint i = 0; i < MIN(head->numbers->len, base->numbers->len); i++)
        if (g_array_index(head->numbers, guint64, i) > g_array_index(base->numbers, guint64, i))
            return true;
    return false;
}

static guint64 difference(guint a, guint b) {
    return a > b ? a - b : b - a;
}

/* How far apart they are: by lines, then by columns. */
static guint64 distance(const Item *head, const Item *base) {
    return difference(head->old_line, base->old_line) << 32 |
           difference(head->finding->region.start_column, base->finding->region.start_column);
}

/* Pairs a finding with the nearest of those that may be the same, and takes that out. */
static void pair(Item *head, GPtrArray *alike, guint most) {
    guint64 least = most > 0 ? (guint64)(most + 1) << 32 : G_MAXUINT64;
    guint nearest = MOST_ALIKE;
    Item *base;

    for (guint i = 0; i < MIN(alike->len, MOST_ALIKE); i++) {
        base = alike->pdata[i];
        if (is_worse(head, base) || distance(head, base) >= least)
            continue;
        least = distance(head, base);
        nearest = i;
    }
    if (nearest == MOST_ALIKE)
        return;
    base = alike->pdata[nearest];
    base->paired = true;
    g_ptr_array_remove_index(alike, nearest);
    head->paired = true;
    head->finding->age = base->finding->suppression != NULL ? AGE_SILENT : AGE_OLD;
}

static void pair_by(const Matching *matching, const Kind *kind) {
    g_autoptr(GHashTable) unpaired =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < matching->base->len; i++) {
        Item *item = matching->base->pdata[i];
        g_autofree char *name = item->paired ? NULL : full_key(item, kind);
        GPtrArray *alike = name != NULL ? g_hash_table_lookup(unpaired, name) : NULL;

        if (name != NULL && alike == NULL) {
            alike = g_ptr_array_new();
            g_hash_table_insert(unpaired, g_steal_pointer(&name), alike);
        }
        if (alike != NULL)
            g_ptr_array_add(alike, item);
    }
    for (guint i = 0; i < matching->head->len; i++) {
        Item *item = matching->head->pdata[i];
        g_autofree char *name = item->paired ? NULL : full_key(item, kind);
        GPtrArray *alike = name != NULL ? g_hash_table_lookup(unpaired, name) : NULL;

        if (alike != NULL)
            pair(item, alike, kind->most);
    }
}

/* From above. */

static void match_others(const Matching *matching, const GPtrArray *head, const GPtrArray *base) {
    static const Kind kinds[] = {{key_same_line, 0},     {key_same_context, 0}, {key_same_around, 0},
                                 {key_same_above, 0},    {key_same_below, 0},   {key_same_lines, NEAR},
                                 {key_moved_context, 0}, {key_moved_above, 0},  {key_moved_below, 0}};

    for (guint i = 0; i < base->len; i++)
        if (!match_is_stretch(base->pdata[i]))
            add_base(matching, base->pdata[i]);
    for (guint i = 0; i < head->len; i++)
        if (!match_is_stretch(head->pdata[i]))
            add_head(matching, head->pdata[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        pair_by(matching, &kinds[i]);
}

void match_findings(const GPtrArray *head, const GPtrArray *base, Change *change, Change *before) {
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    g_autoptr(GHashTable) files = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) new_texts = texts_new(), old_texts = texts_new();
    const Matching matching = {{change, before, files, new_texts, old_texts}, heads, bases};

    for (guint i = 0; i < change_files(change)->len; i++) {
        const ChangedFile *file = change_files(change)->pdata[i];
        const char *old_path = changed_file_old_path(file);

        if (old_path != NULL)
            g_hash_table_insert(files, (gpointer)old_path, (gpointer)file);
    }
    match_stretches(&matching.sides, head, base);
    match_others(&matching, head, base);
}
