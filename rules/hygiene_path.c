/* Names that are not what they seem, or that not every system takes. Git's own list of what is .git on the
 * file systems of others is verify_path() of its read-cache.c, is_hfs_dotgit() and is_ntfs_dotgit(). */
#include "exec/text.h"
#include "rules/hygiene_look.h"

#include <string.h>

/* What HFS+ passes over in a name (git's utf8.c, next_hfs_char). */
static bool is_ignored_by_hfs(gunichar c) {
    return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x206a && c <= 0x206f) ||
           c == 0xfeff;
}

/* The name as the least particular of all file systems has it: in lower case, without what HFS+ passes over
 * and without the end that Windows cuts off. */
static char *plain_name(const char *name) {
    GString *plain = g_string_new(NULL);

    for (const char *p = name; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);

        if (c >= (gunichar)-2) { /* not UTF-8 */
            g_string_append_c(plain, *p++);
            continue;
        }
        if (!is_ignored_by_hfs(c))
            g_string_append_unichar(plain, c < 128 ? (gunichar)g_ascii_tolower((char)c) : c);
        p = g_utf8_next_char(p);
    }
    g_string_truncate(plain, strcspn(plain->str, ":")); /* an NTFS stream: .git::$INDEX_ALLOCATION */
    while (plain->len > 0 && strchr(". ", plain->str[plain->len - 1]) != NULL)
        g_string_truncate(plain, plain->len - 1);
    return g_string_free(plain, FALSE);
}

static bool is_git(const char *name) {
    g_autofree char *plain = plain_name(name);

    return strcmp(plain, ".git") == 0 || strcmp(plain, "git~1") == 0;
}

static bool is_dot_dot(const char *name) {
    return strcmp(name, "..") == 0 || strcmp(name, ".") == 0;
}

static bool has_control(const char *name) {
    for (const char *p = name; *p != '\0'; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f)
            return true;
    for (const char *p = name; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        bool valid = c < (gunichar)-2;

        if (valid &&
            ((c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)))
            return true; /* C1, and what turns the direction of a text */
        p = valid ? g_utf8_next_char(p) : p + 1;
    }
    return false;
}

static bool has_trailing(const char *name) {
    gsize len = strlen(name);

    return len > 0 && strchr(". ", name[len - 1]) != NULL && !is_dot_dot(name);
}

/* A name of Windows' devices, whatever its extension (Naming Files, Paths, and Namespaces; Microsoft). */
static bool is_device(const char *name) {
    static const char *const devices[] = {"con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4",
                                          "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
                                          "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", NULL};
    g_autofree char *lower = g_ascii_strdown(name, -1);

    lower[strcspn(lower, ".")] = '\0';
    g_strchomp(lower);
    return g_strv_contains(devices, lower);
}

static bool has_reserved(const char *name) {
    return strpbrk(name, "<>:\"|?*\\") != NULL;
}

static const struct {
    guint word;
    bool (*is)(const char *name);
    const char *says;
} problems[] = {
    {PATH_GIT, is_git, "is git's own folder on some file systems"},
    {PATH_DOT_DOT, is_dot_dot, "leads to another folder"},
    {PATH_CONTROL, has_control, "holds a control character"},
    {PATH_TRAILING, has_trailing, "ends with a dot or a blank, which Windows cuts off"},
    {PATH_DEVICE, is_device, "is the name of a device on Windows"},
    {PATH_RESERVED, has_reserved, "holds a character that Windows does not take"},
};

bool look_path(Look *look, guint64 words) {
    g_auto(GStrv) names = g_strsplit(look->file->path, "/", -1);

    for (char **name = names; *name != NULL; name++) {
        for (gsize i = 0; i < G_N_ELEMENTS(problems); i++) {
            g_autofree char *shown = NULL;

            if ((problems[i].word & words) == 0 || !problems[i].is(*name))
                continue;
            shown = text_path(*name);
            g_string_append_printf(look->detail, "%s %s", shown, problems[i].says);
            return true;
        }
    }
    return false;
}
