/* names.h: what things are called in the file. */
#pragma once

#include "rules/clang/worker/libclang.h"

#include <glib.h>

/* Newly allocated; "" where it has no name. */
char *names_spelling(CXCursor cursor);
/* "space::Class::method", as far as that is short; what has no name is left out. */
char *names_full(CXCursor cursor);
