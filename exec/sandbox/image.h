/* image.h: sallyport-init, as it is carried in this program. */
#pragma once

#include <glib.h>

/* A descriptor of the program for execveat(2): sealed memory, so that nobody changes it. The caller's. -1
 * with `error` set (SANDBOX_ERROR). */
int image_open(GError **error);
