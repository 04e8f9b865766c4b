/* Where a symbolic link leads. The target is walked as the kernel would, one name after the other, within a
 * tree that is only read about: `at` is where one has come to. */
#include "exec/text.h"
#include "rules/hygiene_look.h"

#include <string.h>

/* As many as the kernel follows (path_resolution(7)); a path with more leads nowhere. */
#define MOST_LINKS 40

static void go_up(GString *at) {
    const char *slash = strrchr(at->str, '/');

    g_string_truncate(at, slash != NULL ? (gsize)(slash - at->str) : 0);
}

/* What is still to be walked: a link's target before the rest of the path. */
static void put_before(GString *rest, const char *target) {
    g_string_prepend_c(rest, '/');
    g_string_prepend(rest, target);
}

/* Takes the first name off `rest`; "" at its end, or between two slashes. */
static char *take_name(GString *rest) {
    gsize len = strcspn(rest->str, "/");
    char *name = g_strndup(rest->str, len);

    g_string_erase(rest, 0, (gssize)MIN(len + 1, rest->len));
    return name;
}

/* Goes on by one name. NULL, or where that leads. */
static const char *step(GString *at, const char *name) {
    if (*name == '\0' || strcmp(name, ".") == 0)
        return NULL;
    if (strcmp(name, "..") == 0) {
        if (at->len == 0)
            return "leaves the repository";
        go_up(at);
        return NULL;
    }
    if (g_ascii_strcasecmp(name, ".git") == 0)
        return "leads into .git, which is not of the repository's content";
    if (at->len > 0)
        g_string_append_c(at, '/');
    g_string_append(at, name);
    return NULL;
}

/* Walks `rest` from the root; `ret_why` NULL: it stays within the repository. */
static bool follow(const HygieneTree *tree, GString *at, GString *rest, const char **ret_why,
                   GError **error) {
    *ret_why = NULL;
    for (guint links = 0; rest->len > 0 && *ret_why == NULL;) {
        g_autofree char *name = take_name(rest), *target = NULL;

        *ret_why = step(at, name);
        if (*ret_why != NULL || at->len == 0)
            continue;
        if (!tree->read_link(at->str, &target, tree->data, error))
            return false;
        if (target == NULL)
            continue;
        if (++links > MOST_LINKS)
            return true;
        if (*target == '/')
            *ret_why = "leaves the repository: it is, or leads to, an absolute path";
        go_up(at);
        put_before(rest, target);
    }
    return true;
}

bool look_link_outside(Look *look) {
    const HygieneTree *tree = look->hygiene->tree;
    g_autofree char *target = NULL, *shown = NULL;
    g_autoptr(GString) at = g_string_new(NULL), rest = g_string_new(look->file->path);
    const char *why;

    if (!tree->read_link(look->file->path, &target, tree->data, &look->error) || target == NULL)
        return false;
    if (!follow(tree, at, rest, &why, &look->error) || why == NULL)
        return false;
    shown = text_path(target);
    g_string_append_printf(look->detail, "its target, %s, %s", shown, why);
    return true;
}
