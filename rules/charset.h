/* charset.h: a set of characters (code points), as a class of a pattern is one. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define CHARSET_LAST 0x10ffffu

typedef struct {
    guint32 first, last;
} CharRange;

typedef GArray Charset; /* of CharRange, ascending, not touching */

/* Empty; free with g_array_unref(). */
Charset *charset_new(void);
void charset_add(Charset *set, guint32 first, guint32 last);
void charset_add_all(Charset *set, const Charset *other);
/* From pairs of first and last, until a pair of which the last is 0. */
void charset_add_pairs(Charset *set, const guint32 *pairs);
void charset_invert(Charset *set);
bool charset_has(const Charset *set, guint32 c);
/* How many of its characters are below `end`. */
guint charset_count(const Charset *set, guint32 end);

/* Adds the other case of the ASCII letters in it, and nothing more. */
void charset_fold_ascii(Charset *set);
/* Adds at least all characters that are the same as one of the set where case does not count, in any version
 * of Unicode: where there are others than ASCII, all others. */
void charset_fold(Charset *set);
