/* writer.h: what the files of the text report share; nobody else includes it.
 *
 *   text.c        the report: which sections there are; jobs, the ledger, the summary
 *   text_files.c  the files, with their findings and failures
 *   writer.c      text in colours
 */
#pragma once

#include "ci/report/report.h"

typedef enum { PLAIN, BOLD, DIM, RED, YELLOW, GREEN, CYAN } Style;

typedef struct {
    const Review *review;
    const ReportOptions *options;
    GString *out;
    GHashTable *told; /* remedies that were shown already: not owned */
} Writer;

/* writer.c */
void writer_put(Writer *w, const char *text);
void writer_paint(Writer *w, Style style, const char *text);
/* Text of which it is not certain that it was cleaned already. */
void writer_paint_line(Writer *w, Style style, const char *text);
/* Spaces up to a width, behind `text`. */
void writer_pad(Writer *w, const char *text, glong width);
void writer_heading(Writer *w, const char *text);
Style writer_severity_style(Severity severity);
Style writer_verdict_style(Verdict verdict);

/* text_files.c: each file of which something is to be said. */
void writer_put_files(Writer *w);
