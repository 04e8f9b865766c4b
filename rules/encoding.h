/* encoding.h: the bytes of a file as text, for rules that look at them.
 *
 * Patterns and lexers see UTF-8, without the byte order mark, which is no column. UTF-16 is told by its mark,
 * and decoded. In all else a byte that is not part of a valid character is U+FFFD to them, so that no byte
 * can hide what stands around it: in Latin-1 each such byte is one character, and one column. Where bytes are
 * others than the file has, nothing can be put back. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    ENCODING_UTF8,   /* valid: its own bytes, but for a mark */
    ENCODING_BYTES,  /* bytes that are not valid are U+FFFD */
    ENCODING_UTF16,  /* decoded; half of a pair alone is U+FFFD */
    ENCODING_BINARY, /* a NUL byte in the first ones: as ENCODING_BYTES */
} Encoding;

typedef struct {
    Encoding encoding;
    const char *text; /* not NUL-terminated; of the bytes that were given, or `own` */
    gsize len;
    char *own;
} Decoded;

/* The bytes must outlive what it gives. Clear with decoded_clear(). */
void decode(const char *bytes, gsize len, Decoded *ret_decoded);
void decoded_clear(Decoded *decoded);

/* Whether these bytes are UTF-16 with its mark, and text: without a NUL among the first characters. */
bool encoding_is_utf16(const char *bytes, gsize len);
/* The text of UTF-16 bytes, of others these: for who shows, or compares, what a finding stands in. Takes the
 * bytes, which may be NULL. */
GBytes *encoding_text(GBytes *bytes);
/* Whether a piece of the text, or one made of such, is the same in the file's own bytes. */
bool encoding_maps_back(Encoding encoding, const char *text, gsize len);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Decoded, decoded_clear)
