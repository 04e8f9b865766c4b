/* parse.h: one file, from its name to the JSON of wire.h. Runs in a process of its own, which may crash. */
#pragma once

#include "rules/clang/wire.h"
#include "rules/clang/worker/matcher.h"

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct {
    const char *path; /* relative to the current directory */
    const char *language;
    bool wants_functions; /* and how complex they are */
    GArray *rules;        /* of guint: their numbers in the matcher */
    GPtrArray *flags;     /* of const char * */
} ParseRequest;

/* NULL where libclang gives no tree. */
json_t *parse_file(const ParseRequest *request, Matcher *matcher);
