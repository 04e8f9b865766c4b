/* edit.h: bytes of a text in, bytes out: the places that findings name as lines and columns, and what comes
 * to stand there.
 *
 * Order: edit_text_new() once a text; edit_locate() for each edit of a fix; edit_apply() for all that go
 * together. */
#pragma once

#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct EditText EditText;

/* Bytes from start up to end give way to `text`, which belongs to the finding's edit. */
typedef struct {
    gsize start, end;
    const char *text;
} Replacement;

EditText *edit_text_new(GBytes *bytes);
void edit_text_free(EditText *text);

/* Where an edit of a finding lies in its file's text. false where there is no such place: the edit is of
 * another text, or of lines without columns. Lines and columns are those of finding.h; a byte order mark is
 * no part of the first line, and a byte that is not UTF-8 is a column. */
bool edit_locate(const EditText *text, const Edit *edit, Replacement *ret_replacement);

/* The line (from 1) on which a byte lies. */
guint edit_line_at(const EditText *text, gsize offset);

/* The text with these replacements (of Replacement), which are sorted and do not overlap. Where all its lines
 * end alike (\n or \r\n), those that come in end so too. The caller's. */
GBytes *edit_apply(const EditText *text, const GArray *replacements);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditText, edit_text_free)
