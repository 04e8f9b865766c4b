/* source.h: a reviewed file as Python's tools count its lines, and as everybody else does.
 *
 * To Python, Ruff and Black a carriage return on its own ends a line; to git, to editors and in finding.h it
 * does not. Without a translation a change could move a linter's findings away from its new lines by writing
 * carriage returns into a comment. A "line" in this header is one of the tools' lines; a place in a Region is
 * as finding.h has it. A byte order mark is no part of the first line, to the tools as in a Region. */
#pragma once

#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Source Source;

/* Reads ROOT/PATH; NULL with `error` set where that cannot be done. */
Source *source_read(const char *root, const char *path, GError **error);
/* Of text that is there already; copies it. */
Source *source_new(const char *text, gsize len);
void source_free(Source *source);

/* How many lines there are; an empty file has none. */
guint source_lines(const Source *source);
/* A line (1..source_lines()), without what ends it; its length, and that of its end ("\n", "\r\n", "\r" or
 * nothing). Not NUL-terminated; belongs to the source. */
const char *source_line(const Source *source, guint line, gsize *ret_len, gsize *ret_end_len);

/* The column in code points of a column (from 1) that counts the bytes of the line in UTF-8, as Python's
 * syntax tree does. */
guint source_column_of_byte(const Source *source, guint line, guint byte_column);
/* The same of a column that counts the 16-bit units of UTF-16, as JavaScript, Java and SARIF do. */
guint source_column_of_utf16(const Source *source, guint line, guint unit_column);
/* Whether nobody counts its lines otherwise: there is nothing in it but \n and \r\n that some language takes
 * for the end of a line (a lone \r; \v, \f, U+001C to U+001E, U+0085, U+2028 and U+2029, as Python's
 * str.splitlines() and JavaScript have it). */
bool source_lines_are_plain(const Source *source);
/* How many code points a line has; a byte that is not UTF-8 counts as one. */
guint source_columns(const Source *source, guint line);

/* The region in finding.h's lines of one in the tools' lines. A place behind the end of a line is its end, a
 * place behind the last line the end of the file. */
Region source_region(const Source *source, Region region);
/* The same for a finding: it begins on a line that is there, so that it can lie on a changed line, and one of
 * an empty file is of the file as a whole. */
Region source_finding_region(const Source *source, Region region);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
