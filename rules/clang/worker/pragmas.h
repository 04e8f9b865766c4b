/* pragmas.h: what in a file would turn clang's warnings off.
 *
 * `#pragma clang diagnostic ignored "-W..."` and `#pragma GCC system_header` hide what a change does from its
 * own review, without a reason and without a trace; who means it writes a suppression, which reports tell of.
 * So clang is given the file with these words blanked out by others of the same length, which it does not
 * know. In an included file, and put together by macros, they still hold. */
#pragma once

#include <glib.h>

/* The text of the file with its pragmas blanked, to be freed, or NULL where it has none, or cannot be read.
 */
char *pragmas_blanked(const char *path, gsize *ret_len);
