/* lexer_testing.h: what the tests of the lexers share. */
#pragma once

#include "exec/caps.h"
#include "rules/lexer.h"
#include "rules/syntax.h"

#include <string.h>

/* The places of a text, a letter for each byte: "." for code, "s" for a string, "c" for a comment, "?" for
 * any; a line end stands for itself. */
static inline char *letters_of(const char *language, const char *text, gsize len) {
    g_autofree guint8 *places =
        lexer_knows(language) ? lexer_places(language, text, len) : syntax_places(language, text, len);
    char *letters = g_malloc0(len + 1);

    g_assert_nonnull(places);
    for (gsize i = 0; i < len; i++)
        letters[i] = text[i] == '\n'              ? '\n'
                     : places[i] == PLACE_STRING  ? 's'
                     : places[i] == PLACE_COMMENT ? 'c'
                     : places[i] == PLACE_CODE    ? '.'
                     : places[i] == PLACE_ANY     ? '?'
                                                  : '!';
    return letters;
}

static inline void assert_places(const char *language, const char *text, const char *expected) {
    g_autofree char *letters = letters_of(language, text, strlen(text));

    g_test_message("%s: %s", language, text);
    g_assert_cmpstr(letters, ==, expected);
}

/* The text over and over, so that a lexer that looks too far ahead again and again is caught by its time; at
 * each end of it, so that one that looks past the end is caught by a sanitizer. */
static inline void assert_linear(const char *language, const char *part) {
    g_autoptr(GString) text = g_string_new(NULL);
    gint64 start = g_get_monotonic_time();

    while (text->len < 1u << 20)
        g_string_append(text, part);
    g_autofree char *letters = letters_of(language, text->str, text->len);
    g_test_message("%s: %s", language, part);
    g_assert_null(strchr(letters, '!'));
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
    for (gsize len = 0; len <= MIN(strlen(part), 64); len++) {
        g_autofree char *exact = g_memdup2(part, MAX(len, 1));
        g_autofree char *some = letters_of(language, exact, len);

        g_assert_null(strchr(some, '!'));
    }
}
