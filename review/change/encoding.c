/* Files of the work tree that .gitattributes say are in another encoding there than in git:
 * working-tree-encoding (gitattributes(5)). libgit2 does not know it, and would call each such file changed,
 * and most of them binary. */
#include "review/change/private.h"

#include <string.h>

typedef struct {
    const char *name, *iconv;
    const char *marks[2]; /* one of which it begins with; or, where `is_bare`, none of which */
    gsize mark_len;
    bool is_bare;
} Encoding;

/* git's has_prohibited_utf_bom() and is_missing_required_utf_bom() (its utf8.c). */
static const Encoding table[] = {
    {"UTF-16", "UTF-16", {"\xff\xfe", "\xfe\xff"}, 2, false},
    {"UTF-16LE-BOM", "UTF-16", {"\xff\xfe", "\xfe\xff"}, 2, false},
    {"UTF-16LE", "UTF-16LE", {"\xff\xfe", "\xfe\xff"}, 2, true},
    {"UTF-16BE", "UTF-16BE", {"\xff\xfe", "\xfe\xff"}, 2, true},
    {"UTF-32", "UTF-32", {"\xff\xfe\0\0", "\0\0\xfe\xff"}, 4, false},
    {"UTF-32LE", "UTF-32LE", {"\xff\xfe\0\0", "\0\0\xfe\xff"}, 4, true},
    {"UTF-32BE", "UTF-32BE", {"\xff\xfe\0\0", "\0\0\xfe\xff"}, 4, true},
};

/* "utf16le" as well as "UTF-16LE". */
static bool is_named(const char *name, const char *wanted) {
    gsize prefix = strlen("UTF-");

    if (g_ascii_strncasecmp(name, "UTF", 3) == 0 && name[3] != '-' && name[3] != '\0')
        return g_ascii_strcasecmp(name + 3, wanted + prefix) == 0 && g_str_has_prefix(wanted, "UTF-");
    return g_ascii_strcasecmp(name, wanted) == 0;
}

static const Encoding *find_encoding(const char *name) {
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (is_named(name, table[i].name))
            return &table[i];
    return NULL;
}

static bool begins_with_mark(const Encoding *encoding, const char *data, gsize len) {
    for (gsize i = 0; i < G_N_ELEMENTS(encoding->marks); i++)
        if (len >= encoding->mark_len && memcmp(data, encoding->marks[i], encoding->mark_len) == 0)
            return true;
    return false;
}

static GBytes *set_undecodable(GError **error, const char *name, const char *why) {
    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                "its working-tree-encoding (.gitattributes) is '%.40s': %s", name, why);
    return NULL;
}

static GBytes *decode(const char *name, GBytes *bytes, GError **error) {
    const Encoding *encoding = find_encoding(name);
    gsize len, written;
    const char *data = g_bytes_get_data(bytes, &len);
    char *text;

    if (encoding != NULL && begins_with_mark(encoding, data, len) == encoding->is_bare)
        return set_undecodable(error, name,
                               encoding->is_bare ? "it must not begin with a byte order mark"
                                                 : "it must begin with a byte order mark");
    text = g_convert(data, (gssize)len, "UTF-8", encoding != NULL ? encoding->iconv : name, NULL, &written,
                     NULL);
    if (text == NULL)
        return set_undecodable(error, name, "its bytes are not that, or there is no such encoding here");
    return g_bytes_new_take(text, written);
}

GBytes *work_decode(Change *change, const char *path, GBytes *bytes, GError **error) {
    const char *value = NULL;

    if (git_attr_get(&value, change->repo, GIT_ATTR_CHECK_FILE_THEN_INDEX, path, "working-tree-encoding") <
        0) {
        change_git_error(error, "cannot read its attributes");
        return NULL;
    }
    if (GIT_ATTR_IS_TRUE(value) || GIT_ATTR_IS_FALSE(value))
        return set_undecodable(error, GIT_ATTR_IS_TRUE(value) ? "true" : "false", "that is no encoding");
    if (!GIT_ATTR_HAS_VALUE(value) || *value == '\0' || is_named(value, "UTF-8") ||
        g_bytes_get_size(bytes) == 0)
        return g_bytes_ref(bytes);
    return decode(value, bytes, error);
}
