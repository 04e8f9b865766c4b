/* report.h: the formats in which a verdict leaves, as a table of writers.
 *
 * Order: report_find() a format, report_text() it; the caller writes the text. Same review, same bytes: a
 * writer asks no clock, no environment and no host. */
#pragma once

#include "review/review.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    bool color;          /* text: escape sequences */
    bool quiet;          /* text: the summary and what speaks against passing */
    bool verbose;        /* text: the whole ledger, findings outside of the scope */
    const char *explain; /* text: what triage did, see explain.h; NULL: nothing of it */
    bool baseline;       /* sarif: a baseline, instead of a report */
    bool timings;        /* junit: jobs' times in milliseconds, instead of whole seconds rounded up */
} ReportOptions;

typedef struct {
    const char *name;    /* "sarif" */
    const char *summary; /* for --help */
    void (*write)(const Review *review, const ReportOptions *options, GString *out);
} ReportFormat;

extern const ReportFormat report_text, report_sarif, report_junit;

/* Names for PolicyWords and --help, NULL-terminated. */
const char *const *report_names(void);
/* NULL where there is none of that name. */
const ReportFormat *report_find(const char *name);
