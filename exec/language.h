/* language.h: the languages that can be run: how a program of each is started.
 *
 * language_find() by name, language_of_file() by extension or #! line; language_command() fills in a
 * Command's argv, environment, mounts and filter. What has to be compiled is, in the sandbox, before it runs
 * (Command.build): a compiler that fails is how the command ended. */
#pragma once

#include "exec/command.h"
#include "exec/tool.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Language Language;

/* What is to be run, and with what. */
typedef struct {
    const Language *language;
    const char *file;        /* the program's file, a path within the sandbox */
    const char *tree;        /* the root of the repository's tree within the sandbox; NULL: it stands alone */
    const char *const *args; /* behind the file; NULL: none */
    const char *search_path; /* of the host, as $PATH */
    const char *const *env;  /* "K=V": what the caller names; NULL: none */
    const char *venv;        /* a Python virtual environment of the host, absolute; NULL: none */
    const char *root;        /* a directory of the host that is the root file system; NULL: the host's own */
    bool sanitize;           /* C and C++: with the address and the undefined sanitizer */
} LanguageRun;

/* Names for messages, NULL-terminated. */
const char *const *language_names(void);
/* NULL where there is none of that name. */
const Language *language_find(const char *name);
/* The same for what a person types: also one of its programs, or its extension ("py", "node", "C"). */
const Language *language_meant(const char *word);
/* By the name's extension, else by the #! line within `head`; NULL where neither says. */
const Language *language_of_file(const char *path, const char *head, gsize len);
const char *language_name(const Language *language);
/* ".py": of a piece of code without a name. */
const char *language_extension(const Language *language);
/* The programs that run it, the first found is taken; NULL-terminated. */
const char *const *language_programs(const Language *language);
/* How to get these, a few words. */
const char *language_how_to_get(const Language *language);
/* The languages that LanguageRun.venv, and LanguageRun.sanitize, are for; NULL-terminated. */
const char *const *language_names_with_venv(void);
const char *const *language_names_with_sanitizers(void);

/* Limits that are at their default become what the language's own tools need to work at all: a compiler's
 * cache is larger than 64 MB. */
void language_raise_limits(const Language *language, Limits *limits);

/* The environment of every program that is run: PATH, HOME, locale, as "K=V", and what `extra` (may be NULL)
 * adds or replaces. */
GStrv language_environment(const char *search_path, const char *const *extra);

/* false with `error` set where its interpreter or compiler is not to be found. */
bool language_command(const LanguageRun *run, Command *command, GError **error);
