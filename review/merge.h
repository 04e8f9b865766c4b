/* merge.h: the same problem from two tools is one finding that names both.
 *
 * Ruff's F401 and Flake8's F401 of one line are one problem. What makes two findings of two tools the same:
 * the path, the code, the line that they start on, and whether they are new; and then the column, or the name
 * that the messages quote (`os` and 'os'; the tools point to different places of an import), or that neither
 * tool says it of anything else in that line. Syntax errors are all of one code. Built-in rules and findings
 * without a code of their own are never merged.
 *
 * A comment that names one of them, and an entry of the baseline, is of the one finding: nobody has to know
 * which of two tools says it, and a baseline names only one. What a tool suppresses by its own means stays
 * apart. */
#pragma once

#include "rules/finding.h"

#include <glib.h>

/* `findings` (of Finding, owned by the array) are sorted by finding_compare(), and stay so. The more severe
 * one stays, of equals the one with a fix, with an extent, of the first tool by name; it keeps the rules of
 * the others in `also`, and their fixes where it has none. */
void merge_findings(GPtrArray *findings);
