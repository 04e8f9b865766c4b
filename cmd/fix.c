#include "cmd/fix.h"

#include "cmd/cmd.h"
#include "exec/cancel.h"
#include "exec/text.h"

#include <unistd.h>

static void tell(const Fixes *fixes, bool diff, const char *where) {
    g_autoptr(GPtrArray) left = fixes_left(fixes);
    g_autofree char *findings_text = NULL, *files_text = NULL;
    guint findings, files, refused;

    fixes_count(fixes, &findings, &files, &refused);
    for (guint i = 0; i < left->len; i++)
        cmd_error("%s", (const char *)left->pdata[i]);
    if (findings == 0 && refused == 0) {
        cmd_error("nothing to fix");
        return;
    }
    findings_text = text_count(findings, "finding");
    files_text = text_count(files, "file");
    cmd_error("%s %s in %s%s", diff ? "would fix" : "fixed", findings_text, files_text, where);
}

/* What is fixed in the index or the work tree is what was reviewed last. A file that could not be written is
 * there as it was, and with it its findings. */
static Review *finish(Fixes *fixes, Review *last, FixPass pass, gpointer data, GError **error) {
    g_autoptr(Review) own = last;
    guint findings, files, refused;

    fixes_count(fixes, &findings, &files, &refused);
    return refused == 0 ? g_steal_pointer(&own) : pass(NULL, data, error);
}

static Review *write_fixes(Fixes *fixes, Review *first, Review *last, FixPass pass, gpointer data,
                           GError **error) {
    g_autoptr(Review) own_first = first, own_last = last;
    Review *now = last != NULL ? last : first;
    ChangeSource source = change_source(now->change);
    bool in_place = source == CHANGE_STAGED || source == CHANGE_WORKTREE;

    if (!fixes_write(fixes, now->change, error))
        return NULL;
    tell(fixes, false, in_place ? "" : " of the work tree; they count until they are committed");
    if (!in_place)
        return g_steal_pointer(&own_first);
    if (last == NULL)
        return finish(fixes, g_steal_pointer(&own_first), pass, data, error);
    return finish(fixes, g_steal_pointer(&own_last), pass, data, error);
}

static Review *print_patch(const Fixes *fixes, Review *first, GError **error) {
    g_autoptr(Review) own = first;
    g_autoptr(GString) patch = g_string_new(NULL);

    if (!fixes_patch(fixes, patch, error))
        return NULL;
    if (!cmd_write(STDOUT_FILENO, patch->str, patch->len)) {
        g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "the patch could not be written");
        return NULL;
    }
    tell(fixes, true, "");
    return g_steal_pointer(&own);
}

Review *fix_run(bool diff, int cancel_fd, FixPass pass, gpointer data, GError **error) {
    g_autoptr(Fixes) fixes = fixes_new();
    g_autoptr(Review) first = pass(fixes, data, error), last = NULL;

    if (first == NULL)
        return NULL;
    while (!cancel_wanted(cancel_fd) && fixes_plan(fixes, last != NULL ? last : first)) {
        g_clear_pointer(&last, review_free);
        last = pass(fixes, data, error);
        if (last == NULL)
            return NULL;
    }
    if (cancel_wanted(cancel_fd)) /* nothing is written of what was not reviewed to its end */
        return last != NULL ? g_steal_pointer(&last) : g_steal_pointer(&first);
    if (diff)
        return print_patch(fixes, g_steal_pointer(&first), error);
    return write_fixes(fixes, g_steal_pointer(&first), g_steal_pointer(&last), pass, data, error);
}
