/* sarif_uri.h: the file that a SARIF log means by a URI, as bytes. For sarif.c. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The path of an artifactLocation (3.4) of that run, newly allocated: absolute, or relative to where the tool
 * was started. NULL where it names none. A URI that is of no file (https:) has the path "/". */
char *sarif_path(const json_t *run, const json_t *location);
