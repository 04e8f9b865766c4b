/* shebang.h: which program a #! line starts, as the kernel and env(1) read it. */
#pragma once

#include <glib.h>

/* The interpreter's word of a file that begins with `head`: "/bin/sh", or "python3" where env(1) looks it up.
 * NULL where there is no #! line. Newly allocated. A byte order mark before it is passed over, as people's
 * editors do. */
char *shebang_word(const char *head, gsize len);

/* The program's plain name: "/usr/bin/python3.11" is "python". Newly allocated. */
char *shebang_program(const char *word);
