#include "exec/text.h"

#include <string.h>

/* What a person must not be shown as it is: controls, and the characters that reorder or hide text (bidi
 * controls, zero-width characters other than joiners, the line and paragraph separators, tags). */
static bool is_hidden(gunichar c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) || (c & 0xfffe) == 0xfffe;
}

static void append_escape(GString *out, gunichar c) {
    if (c < 0x100)
        g_string_append_printf(out, "\\x%02x", c);
    else if (c < 0x10000)
        g_string_append_printf(out, "\\u%04x", c);
    else
        g_string_append_printf(out, "\\U%08x", c);
}

/* Reads one character of `p`..`end`; an invalid byte is U+FFFD. Returns the place behind it. */
static const char *next_char(const char *p, const char *end, gunichar *ret_char) {
    gunichar c = *p != '\0' ? g_utf8_get_char_validated(p, end - p) : 0;

    *ret_char = c == (gunichar)-1 || c == (gunichar)-2 ? 0xfffd : c;
    return *ret_char == c && c != 0 ? g_utf8_next_char(p) : p + 1;
}

static char *clean(const char *bytes, gssize len, gsize most, bool block) {
    const char *end = bytes + (len < 0 ? (gssize)strlen(bytes) : len);
    GString *out = g_string_new(NULL);

    for (const char *p = bytes; p < end;) {
        gsize before = out->len;
        gunichar c;

        if (*p == '\r' && p + 1 < end && p[1] == '\n')
            p++;
        p = next_char(p, end, &c);
        if (c == '\n' || c == '\t')
            g_string_append_c(out, block ? (char)c : ' ');
        else if (is_hidden(c))
            append_escape(out, c);
        else
            g_string_append_unichar(out, c);
        if (out->len > most) {
            g_string_truncate(out, before);
            g_string_append(out, "…");
            break;
        }
    }
    return g_string_free(out, FALSE);
}

char *text_line(const char *bytes, gssize len, gsize most) {
    g_autofree char *line = clean(bytes, len, most, false);

    return g_strdup(g_strstrip(line));
}

char *text_block(const char *bytes, gssize len, gsize most) {
    return clean(bytes, len, most, true);
}

static void append_quoted_byte(GString *out, guchar byte) {
    static const char names[] = "\aa\bb\tt\nn\vv\ff\rr\"\"\\\\";

    for (const char *n = names; *n != '\0'; n += 2) {
        if ((guchar)*n == byte) {
            g_string_append_printf(out, "\\%c", n[1]);
            return;
        }
    }
    g_string_append_printf(out, "\\%03o", byte);
}

char *text_path(const char *path) {
    const char *end = path + strlen(path);
    g_autoptr(GString) out = g_string_new("\"");
    bool quoted = false;

    for (const char *p = path; p < end;) {
        gunichar c;
        const char *next = next_char(p, end, &c);

        if (is_hidden(c) || c == '"' || c == '\\' || (c == 0xfffd && next == p + 1)) {
            quoted = true;
            for (; p < next; p++)
                append_quoted_byte(out, (guchar)*p);
        } else {
            g_string_append_len(out, p, next - p);
        }
        p = next;
    }
    if (!quoted)
        return g_strdup(path);
    g_string_append_c(out, '"');
    return g_strdup(out->str);
}

char *text_path_uri(const char *path) {
    GString *out = g_string_new(NULL);

    for (const char *p = path; *p != '\0'; p++) {
        /* RFC 3986 2.3 unreserved; a colon is encoded everywhere, which makes 4.2's "./" prefix needless. */
        if (g_ascii_isalnum(*p) || strchr("-._~/", *p) != NULL)
            g_string_append_c(out, *p);
        else
            g_string_append_printf(out, "%%%02X", (guchar)*p);
    }
    return g_string_free(out, FALSE);
}

/* The optimal string alignment distance (Levenshtein's with adjacent transpositions), on bytes, ignoring
 * case. */
static guint distance(const char *a, const char *b) {
    enum { MOST = 64 };
    gsize la = strlen(a), lb = strlen(b);
    guint rows[3][MOST + 1];

    if (la > MOST || lb > MOST)
        return G_MAXUINT;
    for (gsize j = 0; j <= lb; j++)
        rows[0][j] = (guint)j;
    for (gsize i = 1; i <= la; i++) {
        guint *row = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];

        row[0] = (guint)i;
        for (gsize j = 1; j <= lb; j++) {
            char ca = g_ascii_tolower(a[i - 1]), cb = g_ascii_tolower(b[j - 1]);

            row[j] = MIN(MIN(above[j] + 1, row[j - 1] + 1), above[j - 1] + (ca != cb));
            if (i > 1 && j > 1 && ca == g_ascii_tolower(b[j - 2]) && g_ascii_tolower(a[i - 2]) == cb)
                row[j] = MIN(row[j], above2[j - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

const char *text_suggest(const char *word, const char *const *known) {
    const char *best = NULL;
    guint best_distance = G_MAXUINT;

    for (; *known != NULL; known++) {
        guint d = distance(word, *known);

        if (d < best_distance) {
            best_distance = d;
            best = *known;
        }
    }
    /* A third of the word may be wrong: `rnu` is `run`, `foo` is not `fix`. */
    return best != NULL && best_distance <= MAX(strlen(word), strlen(best)) / 3 ? best : NULL;
}

char *text_did_you_mean(const char *word, const char *const *known) {
    const char *meant = text_suggest(word, known);

    return meant != NULL ? g_strdup_printf(" (did you mean '%s'?)", meant) : g_strdup("");
}

char *text_count(guint64 n, const char *noun) {
    return g_strdup_printf("%" G_GUINT64_FORMAT " %s%s", n, noun, n == 1 ? "" : "s");
}

int text_compare(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}
