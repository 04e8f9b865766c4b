/* version.h: the version of a tool, and whether it is one that the policy asks for. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { VERSION_FITS, VERSION_TOO_OLD, VERSION_TOO_NEW, VERSION_OTHER } VersionFit;

/* How `version` stands to `constraint` (see linter_version_fits); VERSION_OTHER with `error` set where the
 * constraint, or the version, cannot be read. */
VersionFit version_compare(const char *version, const char *constraint, GError **error);

/* The version in what a tool prints for --version ("black, 26.10.1 (compiled: yes)"): the first word that
 * begins with a digit, or with a "v" before one. NULL where there is none. Newly allocated. */
char *version_in(const char *text);

/* The version of the tool at that path without starting it: where it stands in a virtual environment whose
 * package of that name says that it has installed just this file. NULL where that is not so. Newly
 * allocated. */
char *version_installed(const char *name, const char *path);
