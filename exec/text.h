/* text.h: text from outside, made safe to show and to put into a report.
 *
 * Paths and linters' messages are bytes that an attacker may choose. JSON wants valid UTF-8, XML forbids most
 * control characters, and a terminal obeys escape sequences. So whatever leaves the program passes one of
 * these first. All results are newly allocated (g_free) and valid UTF-8. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One line of text: invalid UTF-8 becomes U+FFFD, control characters (C0, DEL, C1, bidi controls) become a
 * visible escape such as \x1b or \u202e, a newline or tab becomes a space. At most `most` bytes, cut at a
 * character, with "…". */
char *text_line(const char *bytes, gssize len, gsize most);

/* The same for a block of text, in which newlines and tabs stay (a carriage return before a newline is
 * dropped). */
char *text_block(const char *bytes, gssize len, gsize most);

/* A path as a person can read it, without ambiguity: printable UTF-8 as it is; any other byte and the
 * backslash as in git's core.quotePath=false, within double quotes ("a\nb", "\377"). */
char *text_path(const char *path);

/* A path as a relative URI reference (RFC 3986): every byte but unreserved characters and '/'
 * percent-encoded; a first segment with a colon is safe too. */
char *text_path_uri(const char *path);

/* The word of the NULL-terminated `known` that `word` was probably meant to be, or NULL. The result is an
 * element of `known`. */
const char *text_suggest(const char *word, const char *const *known);

/* " (did you mean 'x'?)" or "". */
char *text_did_you_mean(const char *word, const char *const *known);

/* "1 file", "2 files": count and noun, with a plural s. */
char *text_count(guint64 n, const char *noun);

/* Of two elements of a GPtrArray of char *, for g_ptr_array_sort(): by bytes, as paths are sorted. */
int text_compare(gconstpointer a, gconstpointer b);
