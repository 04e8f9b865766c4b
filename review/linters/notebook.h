/* notebook.h: where in the file of a Jupyter notebook a place in one of its cells is, and a cell's new text
 * as that file holds it.
 *
 * Ruff tells of a notebook the cell (from 1, of whatever kind), and row and column in it. A change has new
 * lines of the file, which is JSON: a cell is the string "source", or a list of such strings, mostly one a
 * line. Places of the file here are in source.h's lines: linter_read() goes on from there.
 *
 * The format: https://nbformat.readthedocs.io/en/latest/format_description.html, version 4. */
#pragma once

#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Notebook Notebook;

/* Of a file's text, which it copies; NULL where it is no JSON that has cells, or is nested too deep. */
Notebook *notebook_new(const char *text, gsize len);
void notebook_free(Notebook *notebook);

/* Whether its code is Python's, as Ruff tells: by its language_info, else its kernelspec, else it is. */
bool notebook_is_python(const Notebook *notebook);

/* Where a region of a cell is in the file; false where there is no such cell, or it has no text. A place
 * behind the cell's text is its end. */
bool notebook_region(const Notebook *notebook, guint cell, Region region, Region *ret_region);

/* Adds to `fix` the edit that replaces a region of a cell by `text`: what is replaced, and what is put there,
 * is JSON's, and leaves the strings that are well-formed as they are. false as above. */
bool notebook_add_edit(const Notebook *notebook, guint cell, Region region, const char *text, Fix *fix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notebook, notebook_free)
