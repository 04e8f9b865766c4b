/* What git-lfs commits in place of a large file: a few lines that name the content, which is elsewhere
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). A file that holds anything else is none: it
 * would not be reviewed. */
#include "review/change/private.h"

#include <string.h>

#define MOST_BYTES 1024 /* the specification's */

static bool is_version(const char *line) {
    return strcmp(line, "version https://git-lfs.github.com/spec/v1") == 0 ||
           strcmp(line, "version http://git-media.io/v/2") == 0;
}

static bool is_sha256(const char *text) {
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool is_extension(const char *line) {
    return g_str_has_prefix(line, "ext-") && g_ascii_isdigit(line[4]) && line[5] == '-' &&
           strstr(line, " sha256:") != NULL && is_sha256(strstr(line, " sha256:") + strlen(" sha256:")) &&
           strcspn(line, " ") == (gsize)(strstr(line, " sha256:") - line);
}

static bool is_size(const char *line) {
    const char *digits = line + strlen("size ");

    return g_str_has_prefix(line, "size ") && *digits != '\0' &&
           strspn(digits, "0123456789") == strlen(digits);
}

bool change_is_pointer(const char *bytes, gsize len) {
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint last;

    if (len > MOST_BYTES || len == 0 || bytes[len - 1] != '\n' || memchr(bytes, '\0', len) != NULL)
        return false;
    text = g_strndup(bytes, len);
    lines = g_strsplit(text, "\n", -1);
    last = g_strv_length(lines) - 1; /* behind the last newline */
    if (last < 3 || !is_version(lines[0]))
        return false;
    for (guint i = 1; i + 2 < last; i++)
        if (!is_extension(lines[i]))
            return false;
    return g_str_has_prefix(lines[last - 2], "oid sha256:") &&
           is_sha256(lines[last - 2] + strlen("oid sha256:")) && is_size(lines[last - 1]);
}
