/* Names in the headers of a patch: quoted as git quotes them, with or without a folder for the side. */
#include "review/patch/patch.h"

#include <string.h>

/* What git's quote_c_style() writes; sets `end` behind the closing quote. */
static char *unquote(const char *text, const char *limit, const char **end) {
    static const char letters[] = "abfnrtv\\\"", bytes[] = "\a\b\f\n\r\t\v\\\"";
    g_autoptr(GString) name = g_string_new(NULL);

    for (const char *at = text + 1; at < limit; at++) {
        const char *letter;

        if (*at == '"') {
            *end = at + 1;
            return memchr(name->str, '\0', name->len) == NULL ? g_string_free(g_steal_pointer(&name), FALSE)
                                                              : NULL;
        }
        if (*at != '\\') {
            g_string_append_c(name, *at);
            continue;
        }
        if (++at == limit)
            return NULL;
        if (limit - at >= 3 && at[0] >= '0' && at[0] <= '3' && at[1] >= '0' && at[1] <= '7' && at[2] >= '0' &&
            at[2] <= '7') {
            g_string_append_c(name, (char)((at[0] - '0') << 6 | (at[1] - '0') << 3 | (at[2] - '0')));
            at += 2;
            continue;
        }
        letter = *at != '\0' ? strchr(letters, *at) : NULL;
        if (letter == NULL)
            return NULL;
        g_string_append_c(name, bytes[letter - letters]);
    }
    return NULL;
}

char *patch_name(const char *text, gsize len) {
    const char *tab = memchr(text, '\t', len), *end;

    if (len > 0 && *text == '"')
        return unquote(text, text + len, &end);
    /* A time may follow a tab; git itself ends a name with spaces in it by one. */
    if (tab != NULL)
        len = (gsize)(tab - text);
    return len > 0 && memchr(text, '\0', len) == NULL ? g_strndup(text, len) : NULL;
}

const char *patch_behind_folder(const char *name) {
    const char *slash = strchr(name, '/');

    return slash != NULL ? slash + 1 : NULL;
}

/* a/ and b/, or those of diff.mnemonicPrefix (git-config(1)). */
static bool has_side_folder(const char *name) {
    return name[0] != '\0' && strchr("abciow", name[0]) != NULL && name[1] == '/';
}

char *patch_plain_name(const char *old_name, const char *new_name) {
    const char *one = old_name != NULL ? old_name : new_name, *old_rest, *new_rest;

    if (one == NULL)
        return NULL;
    if (old_name == NULL || new_name == NULL)
        return g_strdup(has_side_folder(one) ? one + 2 : one);
    if (strcmp(old_name, new_name) == 0)
        return g_strdup(old_name);
    old_rest = patch_behind_folder(old_name);
    new_rest = patch_behind_folder(new_name);
    return old_rest != NULL && g_strcmp0(old_rest, new_rest) == 0 ? g_strdup(old_rest) : NULL;
}

/* The name that begins or ends a line is quoted. */
static bool split_quoted(const char *text, gsize len, char **ret_old, char **ret_new) {
    const char *limit = text + len, *end = text;
    g_autofree char *old_name = NULL;

    if (*text == '"') {
        old_name = unquote(text, limit, &end);
    } else {
        end = memmem(text, len, " \"", 2);
        old_name = end != NULL ? g_strndup(text, (gsize)(end - text)) : NULL;
    }
    if (old_name == NULL || end >= limit || *end != ' ')
        return false;
    end++;
    *ret_new = patch_name(end, (gsize)(limit - end));
    if (*ret_new == NULL)
        return false;
    *ret_old = g_steal_pointer(&old_name);
    return true;
}

bool patch_split_names(const char *text, gsize len, char **ret_old, char **ret_new) {
    if (len == 0 || memchr(text, '\0', len) != NULL)
        return false;
    if (memchr(text, '"', len) != NULL && (*text == '"' || text[len - 1] == '"'))
        return split_quoted(text, len, ret_old, ret_new);
    /* Both are the same but for a first folder, so their lengths differ by no more than those folders do;
     * where there is one space only, that is it, whatever the names are. */
    for (const char *space = memchr(text, ' ', len); space != NULL;) {
        const char *next = memchr(space + 1, ' ', len - (gsize)(space + 1 - text));
        g_autofree char *old_name = g_strndup(text, (gsize)(space - text));
        g_autofree char *new_name = g_strndup(space + 1, len - (gsize)(space + 1 - text));
        g_autofree char *plain = patch_plain_name(old_name, new_name);

        if (plain != NULL || (next == NULL && memchr(text, ' ', len) == space)) {
            *ret_old = g_steal_pointer(&old_name);
            *ret_new = g_steal_pointer(&new_name);
            return true;
        }
        space = next;
    }
    return false;
}
