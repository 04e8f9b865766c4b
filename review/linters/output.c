#include "review/linters/output.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

struct PathNames {
    GHashTable *by_name; /* name -> path; NULL where two have it */
    gsize longest;
};

PathNames *path_names_new(const GPtrArray *paths, char *(*shown)(const char *path)) {
    PathNames *names = g_new0(PathNames, 1);

    names->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < paths->len; i++) {
        char *path = paths->pdata[i];
        char *name = shown != NULL ? shown(path) : g_strdup(path);

        names->longest = MAX(names->longest, strlen(name));
        if (g_hash_table_contains(names->by_name, name))
            path = NULL;
        g_hash_table_insert(names->by_name, name, path);
    }
    return names;
}

void path_names_free(PathNames *names) {
    if (names == NULL)
        return;
    g_hash_table_unref(names->by_name);
    g_free(names);
}

const char *path_names_get(const PathNames *names, const char *name, gsize len) {
    g_autofree char *key = NULL;

    if (len > names->longest || memchr(name, '\0', len) != NULL)
        return NULL;
    key = g_strndup(name, len);
    return g_hash_table_lookup(names->by_name, key);
}

const char *path_names_at(const PathNames *names, const char *text, gsize len, const char *behind,
                          gsize *ret_used) {
    gsize behind_len = strlen(behind), window = MIN(len, names->longest + behind_len);

    for (gsize from = 0; from < window;) {
        const char *found = memmem(text + from, window - from, behind, behind_len);
        gsize name_len = found != NULL ? (gsize)(found - text) : 0;
        const char *path = found != NULL ? path_names_get(names, text, name_len) : NULL;

        if (found == NULL)
            return NULL;
        if (path != NULL) {
            *ret_used = name_len + behind_len;
            return path;
        }
        from = name_len + 1;
    }
    return NULL;
}

/* How many bytes of what is not UTF-8 at `p` become one U+FFFD: as much of it as could begin a character (the
 * Unicode standard, 3.9, "U+FFFD Substitution of Maximal Subparts"), at least one. `p` ends with NUL. */
static gsize maximal_subpart(const char *p) {
    const guchar *b = (const guchar *)p;
    guchar least = b[0] == 0xe0 ? 0xa0 : b[0] == 0xf0 ? 0x90 : 0x80;
    guchar most = b[0] == 0xed ? 0x9f : b[0] == 0xf4 ? 0x8f : 0xbf;
    gsize want = b[0] >= 0xf5 || b[0] < 0xc2 ? 1 : b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2, n = 1;

    if (want > 1 && b[1] >= least && b[1] <= most)
        for (n = 2; n < want && (b[n] & 0xc0) == 0x80;)
            n++;
    return n;
}

char *path_lossy(const char *path) {
    GString *out = g_string_new(NULL);

    for (const char *p = path; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_unichar(out, 0xfffd);
            p += maximal_subpart(p);
        } else {
            g_string_append_unichar(out, c);
            p = g_utf8_next_char(p);
        }
    }
    return g_string_free(out, FALSE);
}

char *path_backslashed(const char *path) {
    GString *out = g_string_new(NULL);

    for (const char *p = path; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);

        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(out, "\\udc%02x", (guchar)*p++);
        } else {
            g_string_append_unichar(out, c);
            p = g_utf8_next_char(p);
        }
    }
    return g_string_free(out, FALSE);
}

RuleInfo *output_add(CheckResult *result, const char *code, const char *path, Region region,
                     const char *message, GError **error) {
    Finding *finding;

    if (result->findings->len >= CAP_LINTER_FINDINGS) {
        g_set_error(error, LINTER_ERROR, 0, "reported more than %u findings", CAP_LINTER_FINDINGS);
        return NULL;
    }
    finding = finding_new(result->name, code, SEVERITY_WARNING, path, region, message);
    g_ptr_array_add(result->findings, finding);
    return check_rule(result, finding->rule);
}

Finding *output_last(const CheckResult *result) {
    return result->findings->pdata[result->findings->len - 1];
}

gsize line_length(const char *p, const char *end) {
    const char *newline = memchr(p, '\n', (gsize)(end - p));

    return (gsize)((newline != NULL ? newline : end) - p);
}

static bool is_noise(const char *line, gsize len) {
    static const char *const starts[] = {"Usage:", "Try '", "Identified `", "Using configuration",
                                         "There was a critical error during execution of "};
    static const char *const parts[] = {"[DEBUG]", " DEBUG ", " INFO "};

    while (len > 0 && g_ascii_isspace(line[len - 1]))
        len--;
    if (len == 0)
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        if (len >= strlen(starts[i]) && memcmp(line, starts[i], strlen(starts[i])) == 0)
            return true;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (memmem(line, len, parts[i], strlen(parts[i])) != NULL)
            return true;
    return false;
}

char *output_complaint(const char *text, gsize len) {
    static const char traceback[] = "Traceback (most recent call last):";
    const char *end = text + len, *best = text;
    bool want_last = memmem(text, len, traceback, strlen(traceback)) != NULL;
    gsize best_len = 0;

    for (const char *p = text; p < end && (want_last || best_len == 0); p += line_length(p, end) + 1) {
        gsize n = line_length(p, end);

        if (!is_noise(p, n)) {
            best = p;
            best_len = n;
        }
    }
    return text_line(best, (gssize)best_len, 500);
}

bool output_number(const char *p, const char *end, guint *ret_number, const char **ret_end) {
    guint number = 0;
    const char *start = p;

    for (; p < end && g_ascii_isdigit(*p); p++) {
        if (number > G_MAXINT32 / 10)
            return false;
        number = number * 10 + (guint)(*p - '0');
    }
    if (p == start || number > G_MAXINT32)
        return false;
    *ret_number = number;
    *ret_end = p;
    return true;
}
