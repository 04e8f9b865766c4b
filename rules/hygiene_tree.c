/* What else there is in the tree: paths that are the same to some file systems, and files that belong to each
 * other. The tree is listed once, and only where a rule asks for it. */
#include "exec/text.h"
#include "rules/hygiene_look.h"

#include <string.h>

/* As a file system has it to which neither case nor Unicode's forms count. */
static char *fold(const char *path, gsize len) {
    g_autofree char *copy = g_strndup(path, len), *composed = NULL;

    if (g_str_is_ascii(copy))
        return g_ascii_strdown(copy, -1);
    composed = g_utf8_normalize(copy, -1, G_NORMALIZE_DEFAULT); /* NULL: no UTF-8 */
    return composed != NULL ? g_utf8_casefold(composed, -1) : g_steal_pointer(&copy);
}

static void add_folded(Hygiene *hygiene, const char *path, gsize len) {
    g_autofree char *folded = fold(path, len);
    const char *one = g_hash_table_lookup(hygiene->folded, folded);

    if (one == NULL)
        g_hash_table_insert(hygiene->folded, g_steal_pointer(&folded), g_strndup(path, len));
    else if ((strlen(one) != len || strncmp(one, path, len) != 0) &&
             !g_hash_table_contains(hygiene->twice, folded))
        g_hash_table_insert(hygiene->twice, g_steal_pointer(&folded), g_strndup(path, len));
}

static void add_path(const char *path, gpointer data) {
    g_hash_table_add(((Hygiene *)data)->paths, g_strdup(path));
}

static bool list_paths(Look *look) {
    Hygiene *hygiene = look->hygiene;
    const HygieneTree *tree = hygiene->tree;

    if (hygiene->paths != NULL)
        return true;
    hygiene->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (tree->list(add_path, hygiene, tree->data, &look->error))
        return true;
    g_clear_pointer(&hygiene->paths, g_hash_table_unref);
    return false;
}

/* With the folders of each path. */
static bool fold_paths(Look *look) {
    Hygiene *hygiene = look->hygiene;
    g_autoptr(GPtrArray) paths = NULL;
    GHashTableIter iter;
    gpointer path;

    if (hygiene->folded != NULL)
        return true;
    if (!list_paths(look))
        return false;
    hygiene->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    hygiene->twice = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    paths = g_ptr_array_new();
    g_hash_table_iter_init(&iter, hygiene->paths);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        g_ptr_array_add(paths, path);
    g_ptr_array_sort(paths, text_compare); /* so that which one is named does not depend on the table */
    for (guint i = 0; i < paths->len; i++) {
        const char *each = paths->pdata[i];

        for (const char *slash = strchr(each, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
            add_folded(hygiene, each, (gsize)(slash - each));
        add_folded(hygiene, each, strlen(each));
    }
    return true;
}

/* Another path that is the same as the first `len` bytes of this one, or NULL. */
static const char *same_as(const Hygiene *hygiene, const char *path, gsize len) {
    g_autofree char *folded = fold(path, len);
    const char *one = g_hash_table_lookup(hygiene->folded, folded);

    if (one != NULL && strlen(one) == len && strncmp(one, path, len) == 0)
        one = g_hash_table_lookup(hygiene->twice, folded);
    return one;
}

bool look_conflict(Look *look) {
    const char *path = look->file->path, *slash = path;
    const char *other = NULL;

    if (!fold_paths(look))
        return false;
    do {
        slash = strchr(slash + 1, '/');
        other = same_as(look->hygiene, path, slash != NULL ? (gsize)(slash - path) : strlen(path));
    } while (slash != NULL && other == NULL);
    if (other == NULL)
        return false;
    g_autofree char *shown = text_path(other);
    g_string_append_printf(look->detail, "there is %s, too", shown);
    return true;
}

/* Partners. */

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Whether `path` is a partner by its name and its place. */
static bool is_partner(const char *path, const char *file, const ChangePartner *partner, guint where) {
    gsize folder = (gsize)(name_of(file) - file), other = (gsize)(name_of(path) - path);

    if (!g_strv_contains((const char *const *)partner->partners, name_of(path)) ||
        strncmp(path, file, MIN(folder, other)) != 0)
        return false;
    return folder == other || (where == PARTNER_BELOW && other > folder) ||
           (where == PARTNER_ABOVE && other < folder);
}

static const char *find_partner(Look *look, const ChangePartner *partner, guint where) {
    const char *found = NULL;
    GHashTableIter iter;
    gpointer path;

    g_hash_table_iter_init(&iter, look->hygiene->paths);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        if (is_partner(path, look->file->path, partner, where) && (found == NULL || strcmp(path, found) < 0))
            found = path;
    return found;
}

static bool is_partner_changed(const Look *look, const ChangePartner *partner, guint where) {
    const GPtrArray *changed = look->hygiene->tree->changed;

    for (guint i = 0; changed != NULL && i < changed->len; i++)
        if (is_partner(changed->pdata[i], look->file->path, partner, where))
            return true;
    return false;
}

static bool judge_partner(Look *look, const ChangeCondition *condition, const ChangePartner *partner) {
    const char *found;

    if (condition->number == PARTNER_UNCHANGED && is_partner_changed(look, partner, condition->where))
        return false;
    if (!list_paths(look))
        return false;
    found = find_partner(look, partner, condition->where);
    if ((found != NULL) != (condition->number == PARTNER_UNCHANGED))
        return false;
    if (found != NULL) {
        g_autofree char *shown = text_path(found);

        g_string_append_printf(look->detail, "%s is as it was", shown);
    } else {
        g_autofree char *all = g_strjoinv(" or ", partner->partners);

        g_string_append_printf(look->detail, "there is no %s", all);
    }
    return true;
}

bool look_partner(Look *look, const ChangeCondition *condition) {
    const char *name = name_of(look->file->path);

    for (guint i = 0; i < condition->partners->len; i++) {
        const ChangePartner *partner = condition->partners->pdata[i];

        if (strcmp(partner->name, name) == 0)
            return judge_partner(look, condition, partner);
    }
    return false;
}
