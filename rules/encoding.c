#include "rules/encoding.h"

#include <string.h>

/* git looks for a NUL byte in this many (buffer_is_binary() in its xdiff-interface.c). */
#define BINARY_BYTES 8000u
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define MARK "\xef\xbb\xbf"

static bool has_mark(const char *bytes, gsize len, const char *mark, gsize mark_len) {
    return len >= mark_len && memcmp(bytes, mark, mark_len) == 0;
}

static gunichar unit_at(const char *bytes, gsize at, bool big) {
    guint8 first = (guint8)bytes[at], second = (guint8)bytes[at + 1];

    return big ? (gunichar)first << 8 | second : (gunichar)second << 8 | first;
}

/* The two marks. That of UTF-32 begins as one of them. */
static bool is_marked_utf16(const char *bytes, gsize len) {
    return len % 2 == 0 &&
           (has_mark(bytes, len, "\xfe\xff", 2) ||
            (has_mark(bytes, len, "\xff\xfe", 2) && !has_mark(bytes, len, "\xff\xfe\0\0", 4)));
}

bool encoding_is_utf16(const char *bytes, gsize len) {
    bool big;

    if (!is_marked_utf16(bytes, len))
        return false;
    big = (guint8)bytes[0] == 0xfe;
    for (gsize at = 2; at < MIN(len, BINARY_BYTES); at += 2)
        if (unit_at(bytes, at, big) == 0)
            return false;
    return true;
}

static char *decode_utf16(const char *bytes, gsize len, gsize *ret_len) {
    bool big = (guint8)bytes[0] == 0xfe;
    GString *text = g_string_sized_new(len / 2 + 64);

    for (gsize at = 2; at < len; at += 2) {
        gunichar unit = unit_at(bytes, at, big), low = 0;

        if (unit >= 0xd800 && unit < 0xdc00 && at + 2 < len)
            low = unit_at(bytes, at + 2, big);
        if (low >= 0xdc00 && low < 0xe000) {
            g_string_append_unichar(text, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            at += 2;
        } else if (unit >= 0xd800 && unit < 0xe000) {
            g_string_append(text, REPLACEMENT);
        } else if (unit == 0) {
            g_string_append_c(text, '\0');
        } else {
            g_string_append_unichar(text, unit);
        }
    }
    *ret_len = text->len;
    return g_string_free(text, FALSE);
}

/* How many bytes at the start are ASCII, about. Most of most files is, and this is the faster way over it. */
static gsize ascii_prefix(const char *text, gsize len) {
    gsize at = 0;

    for (; at + 32 <= len; at += 32) {
        guint64 words[4];

        memcpy(words, text + at, sizeof(words));
        if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) != 0)
            break;
    }
    return at;
}

/* Valid but for NUL bytes, which GLib takes for an end, and PCRE2 for characters. */
static bool is_valid(const char *text, gsize len, const char **ret_end) {
    const char *end = text + len;

    for (const char *from = text;; from = *ret_end) {
        while (from < end && *from == '\0')
            from++;
        from += ascii_prefix(from, (gsize)(end - from));
        if (g_utf8_validate_len(from, (gsize)(end - from), ret_end))
            return true;
        if (**ret_end != '\0')
            return false;
    }
}

static char *made_valid(const char *text, gsize len, const char *end, gsize *ret_len) {
    GString *valid = g_string_sized_new(len + 64);

    for (const char *from = text;;) {
        g_string_append_len(valid, from, end - from);
        if (end == text + len)
            break;
        g_string_append(valid, REPLACEMENT);
        from = end + 1;
        (void)is_valid(from, (gsize)(text + len - from), &end);
    }
    *ret_len = valid->len;
    return g_string_free(valid, FALSE);
}

void decode(const char *bytes, gsize len, Decoded *ret_decoded) {
    Decoded decoded = {.encoding = ENCODING_UTF8, .text = "", .len = len};
    const char *end;
    bool binary;

    if (bytes != NULL) /* GBytes gives NULL where there are none */
        decoded.text = bytes;
    if (encoding_is_utf16(decoded.text, len)) {
        decoded.encoding = ENCODING_UTF16;
        decoded.text = decoded.own = decode_utf16(decoded.text, len, &decoded.len);
        *ret_decoded = decoded;
        return;
    }
    binary = memchr(decoded.text, '\0', MIN(len, BINARY_BYTES)) != NULL;
    if (!is_valid(decoded.text, len, &end)) {
        decoded.encoding = ENCODING_BYTES;
        decoded.text = decoded.own = made_valid(decoded.text, len, end, &decoded.len);
    }
    if (binary)
        decoded.encoding = ENCODING_BINARY;
    if (has_mark(decoded.text, decoded.len, MARK, strlen(MARK))) {
        decoded.text += strlen(MARK);
        decoded.len -= strlen(MARK);
    }
    *ret_decoded = decoded;
}

void decoded_clear(Decoded *decoded) {
    g_clear_pointer(&decoded->own, g_free);
}

GBytes *encoding_text(GBytes *bytes) {
    gsize len = 0, text_len;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;
    char *text;

    if (len == 0 || !encoding_is_utf16(data, len))
        return bytes;
    text = decode_utf16(data, len, &text_len);
    g_bytes_unref(bytes);
    return g_bytes_new_take(text, text_len);
}

bool encoding_maps_back(Encoding encoding, const char *text, gsize len) {
    if (encoding == ENCODING_UTF8)
        return true;
    return encoding == ENCODING_BYTES && memmem(text, len, REPLACEMENT, strlen(REPLACEMENT)) == NULL;
}
