/* language.h: the languages that can be run: how a program of each is started.
 *
 * language_find() by name, language_of_file() by extension or #! line; language_command() fills in a
 * Command's argv, environment and mounts. */
#pragma once

#include "exec/command.h"
#include "exec/tool.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *name;              /* "python" */
    const char *extension;         /* ".py": of a piece of code without a name */
    const char *const *extensions; /* all, NULL-terminated */
    const char *const *programs; /* the interpreters, the first found is taken; also the words of a #! line */
    const char *const *alone;    /* options for a piece of code that stands alone */
    const char *const *in_tree;  /* options for a file of a repository, whose own modules may be imported */
    const char *tree_variable;   /* set to the tree's root for a file of a repository; or NULL */
} Language;

/* Names for messages, NULL-terminated. */
const char *const *language_names(void);
/* NULL where there is none of that name. */
const Language *language_find(const char *name);
/* By the name's extension, else by the #! line within `head`; NULL where neither says. */
const Language *language_of_file(const char *path, const char *head, gsize len);

/* The environment of every program that is run: PATH, HOME, locale, as "K=V", and what `extra` (may be NULL)
 * adds or replaces. */
GStrv language_environment(const char *search_path, const char *const *extra);

/* Gives `command` what starts `file` (a path within the sandbox). `tree`: the root of the repository's tree
 * within the sandbox, or NULL for a piece of code that stands alone. `args` (may be NULL) come after the
 * file. false with `error` set where no interpreter is on `search_path`. */
bool language_command(const Language *language, const char *file, const char *tree, const char *const *args,
                      const char *search_path, const char *const *env, Command *command, GError **error);
