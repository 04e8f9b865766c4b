/* Binary patches, as git-diff(1) --binary writes them: lines of base 85 (git's base85.c), deflated by zlib,
 * which hold a file or a delta (gitformat-pack(5), "Deltified representation"). */
#include "review/patch/patch.h"

#include <string.h>
#include <zlib.h>

static const char alphabet[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/* A line begins with the count of its bytes: A to Z are 1 to 26, a to z 27 to 52. */
static gsize line_size(char first) {
    if (first >= 'A' && first <= 'Z')
        return (gsize)(first - 'A') + 1;
    return first >= 'a' && first <= 'z' ? (gsize)(first - 'a') + 27 : 0;
}

bool patch_base85_decode(const char *line, gsize len, GByteArray *bytes) {
    gsize size = len > 0 ? line_size(line[0]) : 0;

    if (size == 0 || len != 1 + (size + 3) / 4 * 5)
        return false;
    for (const char *group = line + 1; size > 0; group += 5) {
        guint64 value = 0;

        for (guint i = 0; i < 5; i++) {
            const char *digit = group[i] != '\0' ? strchr(alphabet, group[i]) : NULL;

            if (digit == NULL)
                return false;
            value = value * 85 + (guint64)(digit - alphabet);
        }
        if (value > G_MAXUINT32)
            return false;
        for (guint shift = 24; size > 0; shift -= 8) {
            guint8 byte = (guint8)(value >> shift);

            g_byte_array_append(bytes, &byte, 1);
            size--;
            if (shift == 0)
                break;
        }
    }
    return true;
}

/* As many bytes as it is said to be, and not one more is ever made. */
static GBytes *inflate_whole(const PatchBinary *binary) {
    g_autofree guint8 *out = g_malloc(binary->size + 1);
    uLongf size = binary->size + 1;

    if (uncompress(out, &size, binary->deflated->data, binary->deflated->len) != Z_OK || size != binary->size)
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&out), size);
}

/* A number in groups of seven bits, the lowest first. */
static bool read_size(const guint8 **at, const guint8 *end, gsize *ret_size) {
    gsize size = 0;

    for (guint shift = 0; *at < end && shift < 57; shift += 7) {
        guint8 byte = *(*at)++;

        size |= (gsize)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *ret_size = size;
            return true;
        }
    }
    return false;
}

/* The bytes of a number that the bits of `mask` say are there. */
static bool read_parts(const guint8 **at, const guint8 *end, guint mask, gsize *ret_value) {
    gsize value = 0;

    for (guint shift = 0; mask != 0; shift += 8, mask >>= 1) {
        if ((mask & 1) == 0)
            continue;
        if (*at == end)
            return false;
        value |= (gsize) * (*at)++ << shift;
    }
    *ret_value = value;
    return true;
}

/* One instruction: copy from `old`, or add what follows it. */
static bool step(const guint8 **at, const guint8 *end, const guint8 *old, gsize old_size, gsize most,
                 GByteArray *out) {
    guint8 code = *(*at)++;
    gsize offset = 0, size = code;

    if (code == 0)
        return false;
    if ((code & 0x80) != 0) {
        if (!read_parts(at, end, code & 0x0f, &offset) || !read_parts(at, end, (code >> 4) & 7, &size))
            return false;
        size = size == 0 ? 0x10000 : size;
        if (offset > old_size || size > old_size - offset || size > most - out->len)
            return false;
        g_byte_array_append(out, old + offset, (guint)size);
        return true;
    }
    if (size > (gsize)(end - *at) || size > most - out->len)
        return false;
    g_byte_array_append(out, *at, (guint)size);
    *at += size;
    return true;
}

static GBytes *apply_delta(GBytes *delta, GBytes *old, const char **ret_why) {
    gsize delta_size, old_size, from, to;
    const guint8 *at = g_bytes_get_data(delta, &delta_size), *base = g_bytes_get_data(old, &old_size), *end;
    g_autoptr(GByteArray) out = g_byte_array_new();

    *ret_why = "its binary delta is damaged";
    if (at == NULL)
        return NULL;
    end = at + delta_size;
    if (!read_size(&at, end, &from) || !read_size(&at, end, &to))
        return NULL;
    if (from != old_size) {
        *ret_why = "the file is another one than it was made for";
        return NULL;
    }
    if (to > CAP_FILE_BYTES) {
        *ret_why = "the file would be larger than what is reviewed";
        return NULL;
    }
    while (at < end)
        if (!step(&at, end, base, old_size, to, out))
            return NULL;
    return out->len == to ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
}

GBytes *patch_binary_apply(const PatchBinary *binary, GBytes *old, const char **ret_why) {
    g_autoptr(GBytes) whole = inflate_whole(binary);

    if (whole == NULL) {
        *ret_why = "its binary content is damaged";
        return NULL;
    }
    return binary->is_delta ? apply_delta(whole, old, ret_why) : g_steal_pointer(&whole);
}
