/* references.h: what a linter's configuration, or a plugin that is loaded by it, names as of the repository:
 * what else the linter reads, or runs. Nothing is looked up here (configuration.h), and nothing is parsed:
 * what is told may be more than what is meant, as far as a name too many does no harm.
 *
 * - Python: what it imports;
 * - JavaScript and TypeScript: strings that begin with "./" or "../": what is imported is named so;
 * - shell: what is read in by "." or "source";
 * - all else, as INI, TOML, JSON and YAML are: the words of a setting's value, of those settings that load
 *   something, such as `extends` and `plugins`. */
#pragma once

#include <glib.h>

typedef enum {
    REFERENCE_PATH,   /* from the file's folder; a script's ending may be missing */
    REFERENCE_MODULE, /* Python's: "a.b", or relative: "..a" */
    REFERENCE_FOLDER, /* in which modules are looked for: from the file's folder or the root */
    REFERENCE_WORD,   /* a path, from the file's folder or the root, or a module */
} ReferenceKind;

typedef void (*ReferenceFound)(ReferenceKind kind, const char *name, gpointer data);

/* The settings that load something, as far as tools are known. */
extern const char *const reference_settings[];

/* `settings`: those that count where the file is none of a language's; of reference_settings, or as many. */
void references_find(const char *path, const char *text, gsize len, const char *const *settings,
                     ReferenceFound found, gpointer data);
