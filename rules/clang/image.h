/* image.h: the worker, as it is carried in this program: no file has to be found, or can be put in its place.
 */
#pragma once

#include <glib.h>

/* Static bytes; unref the result. */
GBytes *clang_image(void);
