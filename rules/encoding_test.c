#include "rules/encoding.h"

#include <string.h>

#define BYTES(text) text, sizeof(text) - 1

static void assert_decoded(const char *bytes, gsize len, Encoding encoding, const char *wanted,
                           gsize wanted_len) {
    g_auto(Decoded) decoded = {0};

    decode(bytes, len, &decoded);
    g_assert_cmpint(decoded.encoding, ==, encoding);
    g_assert_cmpmem(decoded.text, decoded.len, wanted, wanted_len);
}

static void test_utf8(void) {
    assert_decoded(NULL, 0, ENCODING_UTF8, BYTES(""));
    assert_decoded(BYTES("a\xc3\xa9\xf0\x9f\x98\x80"), ENCODING_UTF8, BYTES("a\xc3\xa9\xf0\x9f\x98\x80"));
    assert_decoded(BYTES("\xef\xbb\xbf"
                         "a"),
                   ENCODING_UTF8, BYTES("a"));
    assert_decoded(BYTES("\xef\xbb\xbf"), ENCODING_UTF8, BYTES(""));
    assert_decoded(BYTES("\xef\xbb"), ENCODING_BYTES, BYTES("\xef\xbf\xbd\xef\xbf\xbd"));
}

static void test_bytes(void) {
    assert_decoded(BYTES("caf\xe9!"), ENCODING_BYTES, BYTES("caf\xef\xbf\xbd!"));
    assert_decoded(BYTES("\xef\xbb\xbf"
                         "a\xff"),
                   ENCODING_BYTES, BYTES("a\xef\xbf\xbd"));
    assert_decoded(BYTES("\xff\xfe\0"), ENCODING_BINARY,
                   BYTES("\xef\xbf\xbd\xef\xbf\xbd\0")); /* half a unit */
    assert_decoded(BYTES("\xff\xfe"
                         "abc"),
                   ENCODING_BYTES,
                   BYTES("\xef\xbf\xbd\xef\xbf\xbd"
                         "abc"));
}

static void test_binary(void) {
    g_autofree char *late = g_strnfill(8001, 'a');

    assert_decoded(BYTES("a\0b"), ENCODING_BINARY, BYTES("a\0b"));
    assert_decoded(BYTES("\0\xff\0"), ENCODING_BINARY, BYTES("\0\xef\xbf\xbd\0"));
    late[8000] = '\0';
    assert_decoded(late, 8001, ENCODING_UTF8, late, 8001);
    late[7999] = '\0';
    assert_decoded(late, 8001, ENCODING_BINARY, late, 8001);
}

static void test_utf16(void) {
    assert_decoded(BYTES("\xff\xfe"
                         "a\0\n\0\xe9\0"),
                   ENCODING_UTF16, BYTES("a\n\xc3\xa9"));
    assert_decoded(BYTES("\xfe\xff\0a\x20\xac"), ENCODING_UTF16, BYTES("a\xe2\x82\xac"));
    assert_decoded(BYTES("\xff\xfe\x3d\xd8\x00\xde"), ENCODING_UTF16, BYTES("\xf0\x9f\x98\x80"));
    assert_decoded(BYTES("\xff\xfe\x3d\xd8"
                         "a\0\x00\xde"),
                   ENCODING_UTF16,
                   BYTES("\xef\xbf\xbd"
                         "a\xef\xbf\xbd")); /* halves of pairs */
    assert_decoded(BYTES("\xff\xfe"), ENCODING_UTF16, BYTES(""));
    /* UTF-32, which begins as UTF-16 does, and units that are NUL are binary */
    assert_decoded(BYTES("\xff\xfe\0\0a\0\0\0"), ENCODING_BINARY,
                   BYTES("\xef\xbf\xbd\xef\xbf\xbd\0\0a\0\0\0"));
    g_assert_true(encoding_is_utf16(BYTES("\xfe\xff\0a")));
    g_assert_false(encoding_is_utf16(BYTES("\0a\0b")));
    g_assert_false(encoding_is_utf16(BYTES("\xfe\xff\0\0\0a")));
}

/* Time is linear, also in what is odd at every byte. */
static void test_large(void) {
    const gsize len = 32u << 20;
    g_autofree char *bytes = g_malloc0(len);
    gint64 start = g_get_monotonic_time();
    g_auto(Decoded) nul = {0}, bad = {0}, turns = {0};

    decode(bytes, len, &nul);
    g_assert_cmpuint(nul.len, ==, len);
    memset(bytes, 0xff, len);
    decode(bytes, len, &bad);
    g_assert_cmpuint(bad.len, ==, 3 * len);
    for (gsize i = 0; i < len; i += 2)
        bytes[i] = '\0';
    decode(bytes, len, &turns);
    g_assert_cmpuint(turns.len, ==, 2 * len);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 30 * G_USEC_PER_SEC);
}

static void test_maps_back(void) {
    g_assert_true(encoding_maps_back(ENCODING_UTF8, BYTES("\xef\xbf\xbd")));
    g_assert_true(encoding_maps_back(ENCODING_BYTES, BYTES("a\xc3\xa9")));
    g_assert_false(encoding_maps_back(ENCODING_BYTES, BYTES("a\xef\xbf\xbd")));
    g_assert_false(encoding_maps_back(ENCODING_UTF16, BYTES("a")));
    g_assert_false(encoding_maps_back(ENCODING_BINARY, BYTES("a")));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encoding/utf8", test_utf8);
    g_test_add_func("/encoding/bytes", test_bytes);
    g_test_add_func("/encoding/binary", test_binary);
    g_test_add_func("/encoding/utf16", test_utf16);
    g_test_add_func("/encoding/large", test_large);
    g_test_add_func("/encoding/maps-back", test_maps_back);
    return g_test_run();
}
