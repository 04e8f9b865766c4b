#include "ci/report/report.h"

#include <string.h>

static const ReportFormat *const formats[] = {&report_text, &report_sarif, &report_junit};

const char *const *report_names(void) {
    static const char *const names[] = {"text", "sarif", "junit", NULL};

    G_STATIC_ASSERT(G_N_ELEMENTS(names) == G_N_ELEMENTS(formats) + 1);
    return names;
}

const ReportFormat *report_find(const char *name) {
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    }
    return NULL;
}
