#include "review/match_text.h"

#include "review/fingerprint.h"

#include <string.h>

struct MatchText {
    GBytes *bytes;
    GArray *starts;      /* of gsize: where each line begins, and one more: the end */
    char **lines;        /* what each line says, by line - 1; NULL until it is asked for */
    GPtrArray *contexts; /* of char *, likewise */
    GHashTable *said;    /* set of `lines`, likewise */
};

MatchText *match_text_new(GBytes *bytes) {
    MatchText *text = g_new0(MatchText, 1);
    gsize len, at = 0;
    const char *data = g_bytes_get_data(bytes, &len);

    text->bytes = g_bytes_ref(bytes);
    text->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    while (at < len) {
        const char *newline = memchr(data + at, '\n', len - at);

        g_array_append_val(text->starts, at);
        at = newline != NULL ? (gsize)(newline - data) + 1 : len;
    }
    if (len == 0)
        g_array_append_val(text->starts, at);
    g_array_append_val(text->starts, len);
    text->lines = g_new0(char *, text->starts->len - 1);
    return text;
}

void match_text_free(MatchText *text) {
    if (text == NULL)
        return;
    g_bytes_unref(text->bytes);
    for (guint i = 0; i + 1 < text->starts->len; i++)
        g_free(text->lines[i]);
    g_free(text->lines);
    g_array_unref(text->starts);
    g_clear_pointer(&text->contexts, g_ptr_array_unref);
    g_clear_pointer(&text->said, g_hash_table_unref);
    g_free(text);
}

static guint last_line(const MatchText *text) {
    return text->starts->len - 1;
}

static const char *line_of(const MatchText *text, guint line, gsize *ret_len) {
    gsize from = g_array_index(text->starts, gsize, line - 1), to = g_array_index(text->starts, gsize, line);
    const char *data = g_bytes_get_data(text->bytes, NULL);

    *ret_len = to - from;
    return data != NULL ? data + from : "";
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The line without its blanks, as a hash; "" where nothing is left. Belongs to the text. */
static const char *said_by(MatchText *text, guint line) {
    g_autoptr(GString) kept = NULL;
    const char *start;
    gsize len;

    if (text->lines[line - 1] != NULL)
        return text->lines[line - 1];
    start = line_of(text, line, &len);
    kept = g_string_sized_new(len + 1);
    for (gsize i = 0; i < len; i++)
        if (!is_blank(start[i]))
            g_string_append_c(kept, start[i]);
    text->lines[line - 1] =
        kept->len > 0 ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, kept->str, (gssize)kept->len)
                      : g_strdup("");
    return text->lines[line - 1];
}

char *match_text_of(MatchText *text, guint first, guint last) {
    g_autoptr(GChecksum) checksum = NULL;
    guint from = CLAMP(first, 1, last_line(text)), to = CLAMP(last, from, last_line(text));

    if (from == to)
        return g_strdup(said_by(text, from));
    checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint line = from; line <= to; line++) {
        g_checksum_update(checksum, (const guchar *)said_by(text, line), -1);
        g_checksum_update(checksum, (const guchar *)"\n", 1);
    }
    return g_strdup(g_checksum_get_string(checksum));
}

guint match_text_line_beside(MatchText *text, guint line, int step) {
    for (gint64 at = (gint64)line + step; at >= 1 && at <= last_line(text); at += step)
        if (*said_by(text, (guint)at) != '\0')
            return (guint)at;
    return 0;
}

const char *match_text_beside(MatchText *text, guint line, int step) {
    guint at = match_text_line_beside(text, line, step);

    return at > 0 ? said_by(text, at) : "";
}

const char *match_text_context(MatchText *text, guint line) {
    if (text->contexts == NULL) {
        gsize len;
        const char *data = g_bytes_get_data(text->bytes, &len);

        text->contexts = fingerprint_lines(data != NULL ? data : "", len);
        for (guint i = 0; i < text->contexts->len; i++) /* how often it came before does not matter here */
            *strchr(text->contexts->pdata[i], ':') = '\0';
    }
    return text->contexts->pdata[CLAMP(line, 1, text->contexts->len) - 1];
}

bool match_text_has(MatchText *text, const char *line) {
    if (text->said == NULL) {
        text->said = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 1; i <= last_line(text); i++)
            g_hash_table_add(text->said, (gpointer)said_by(text, i));
    }
    return g_hash_table_contains(text->said, line);
}
