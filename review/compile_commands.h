/* compile_commands.h: with which flags the files of C and C++ are compiled, by compile_commands.json (the
 * JSON compilation database of clang's documentation) at the root of the repository or in its folder "build".
 *
 * It steers the review, so it comes from the trusted side of the change; and it is a command line of
 * somebody's, so only what can do no harm is taken of it: -D, -U, -std, -x c and c++, -I, -isystem, -iquote,
 * -idirafter with folders of the repository or of the system (below /usr), and a few -f, -m and -nostdinc
 * that change the language. What is not known is left out, with its argument; nothing is expanded. */
#pragma once

#include "review/change/change.h"

#include <glib.h>
#include <stdbool.h>

typedef struct CompileCommands CompileCommands;

/* Where it may be, NULL-terminated. */
const char *const *compile_commands_paths(void);

/* NULL where there is none, or, with `error` set, where it cannot be read. */
CompileCommands *compile_commands_load(Change *change, GError **error);
/* The same of a text; `root` is the absolute path of the repository, or NULL. */
CompileCommands *compile_commands_parse(const char *text, gsize len, const char *root, GError **error);
void compile_commands_free(CompileCommands *commands);

/* Adds the file's flags to `flags` (of char *). false where the file is not in it. `*ret_language`: "c" or
 * "cpp", where they say so; else untouched. `commands` may be NULL. */
bool compile_commands_flags(const CompileCommands *commands, const char *path, GPtrArray *flags,
                            const char **ret_language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompileCommands, compile_commands_free)
