/* fingerprint.h: a short text that says "this line" and stays the same when the line moves.
 *
 * It is the `primaryLocationLineHash` of GitHub code scanning, to the bit, so that alerts uploaded from our
 * reports and from GitHub's own upload action are the same alerts. */
#pragma once

#include <glib.h>

/* One fingerprint for each line of a file's bytes, "HASH:OCCURRENCE" with HASH in lower-case hex without
 * leading zeros; index 0 is line 1. What follows the last line ending is a line too, even where it is empty,
 * so there is always at least one. Free with g_ptr_array_unref(). */
GPtrArray *fingerprint_lines(const char *bytes, gsize len);
