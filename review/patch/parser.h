/* parser.h: what the files that read a patch share; nobody else includes it. */
#pragma once

#include "review/patch/patch.h"

typedef struct {
    const char *text;
    gsize len; /* without the newline */
} Line;

typedef struct {
    const char *at, *end;
    guint line; /* the one that begins at `at` */
    bool mail;  /* one has begun since the last part */
    GPtrArray *files;
    GError **error;
} Parser;

/* Sets the error, with the number of the current line; always false. */
bool parser_fail(const Parser *parser, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The current line; false at the end of the patch, where it is empty. */
bool parser_peek(const Parser *parser, Line *ret_line);
void parser_skip(Parser *parser);
bool line_starts(Line line, const char *word);
bool line_is(Line line, const char *word);
/* At "--- a/x", "+++ b/x" and a hunk: only the three together are the part of a file. */
bool parser_at_plain_part(const Parser *parser);

/* content.c: from the first hunk on, or from "GIT binary patch". */
bool parser_read_hunks(Parser *parser, PatchFile *file);
bool parser_read_binary(Parser *parser, PatchFile *file);
