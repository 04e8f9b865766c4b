#include "review/fix/patch.h"

#include "exec/text.h"
#include "review/change/change.h"
#include "review/fix/lines.h"

#include <string.h>

#define CONTEXT 3u

/* A name is quoted with the folder of its side. One with a space in it is ended by a tab, as git does it:
 * what follows a blank could be a time. */
static void put_name(GString *patch, const char *head, const char *side, const char *path) {
    g_autofree char *name = g_strconcat(side, path, NULL), *quoted = text_path(name);

    g_string_append_printf(patch, "%s%s%s\n", head, quoted,
                           quoted[0] != '"' && strchr(quoted, ' ') != NULL ? "\t" : "");
}

static void put_header(GString *patch, const char *path) {
    g_autofree char *old_name = g_strconcat("a/", path, NULL), *new_name = g_strconcat("b/", path, NULL);
    g_autofree char *old_quoted = text_path(old_name), *new_quoted = text_path(new_name);

    g_string_append_printf(patch, "diff --git %s %s\n", old_quoted, new_quoted);
    put_name(patch, "--- ", "a/", path);
    put_name(patch, "+++ ", "b/", path);
}

static void put_lines(GString *patch, char sign, const Lines *lines, guint first, guint count) {
    for (guint line = first; line < first + count; line++) {
        gsize len;
        const char *text = lines_get(lines, line, &len);

        g_string_append_c(patch, sign);
        g_string_append_len(patch, text, (gssize)len);
        if (text[len - 1] != '\n')
            g_string_append(patch, "\n\\ No newline at end of file\n");
    }
}

/* A range without lines is named by the line before it. */
static void put_range(GString *patch, char sign, guint first, guint count) {
    g_string_append_printf(patch, "%c%u,%u ", sign, count > 0 ? first : first - 1, count);
}

/* Changes that share their context, as one hunk. */
static void put_hunk(GString *patch, const Lines *old, const Lines *new, const Hunk *hunks, guint count) {
    const Hunk *last = &hunks[count - 1];
    guint leading = MIN(CONTEXT, hunks[0].old_first - 1);
    guint old_end = last->old_first + last->old_count, new_end = last->new_first + last->new_count;
    guint trailing = MIN(CONTEXT, old->count + 1 - old_end);
    guint old_first = hunks[0].old_first - leading, new_first = hunks[0].new_first - leading, at = old_first;

    g_string_append(patch, "@@ ");
    put_range(patch, '-', old_first, old_end + trailing - old_first);
    put_range(patch, '+', new_first, new_end + trailing - new_first);
    g_string_append(patch, "@@\n");
    for (guint i = 0; i < count; i++) {
        put_lines(patch, ' ', old, at, hunks[i].old_first - at);
        put_lines(patch, '-', old, hunks[i].old_first, hunks[i].old_count);
        put_lines(patch, '+', new, hunks[i].new_first, hunks[i].new_count);
        at = hunks[i].old_first + hunks[i].old_count;
    }
    put_lines(patch, ' ', old, at, trailing);
}

bool fix_patch(const char *path, GBytes *before, GBytes *after, GString *patch, GError **error) {
    g_autoptr(GArray) hunks = change_compare(before, after, error);
    g_autoptr(Lines) old = lines_new(before), new = lines_new(after);
    const Hunk *all;
    guint count;

    if (hunks == NULL)
        return false;
    if (hunks->len > 0)
        put_header(patch, path);
    all = (const Hunk *)(const void *)hunks->data;
    for (guint first = 0; first < hunks->len; first += count) {
        for (count = 1; first + count < hunks->len; count++) {
            const Hunk *last = &all[first + count - 1];

            if (all[first + count].old_first - (last->old_first + last->old_count) > 2 * CONTEXT)
                break;
        }
        put_hunk(patch, old, new, all + first, count);
    }
    return true;
}
