/* Text in colours. */
#include "ci/report/writer.h"

#include "exec/caps.h"
#include "exec/text.h"

void writer_put(Writer *w, const char *text) {
    g_string_append(w->out, text);
}

void writer_paint(Writer *w, Style style, const char *text) {
    static const char *const escapes[] = {"",         "\x1b[1m",  "\x1b[2m", "\x1b[1;31m",
                                          "\x1b[33m", "\x1b[32m", "\x1b[36m"};

    if (!w->options->color || style == PLAIN || *text == '\0') {
        writer_put(w, text);
        return;
    }
    g_string_append_printf(w->out, "%s%s\x1b[0m", escapes[style], text);
}

void writer_paint_line(Writer *w, Style style, const char *text) {
    g_autofree char *line = text_line(text, -1, CAP_MESSAGE_BYTES);

    writer_paint(w, style, line);
}

void writer_pad(Writer *w, const char *text, glong width) {
    for (glong n = g_utf8_strlen(text, -1); n < width; n++)
        g_string_append_c(w->out, ' ');
}

void writer_heading(Writer *w, const char *text) {
    writer_paint(w, BOLD, text);
    writer_put(w, "\n");
}

Style writer_severity_style(Severity severity) {
    return severity == SEVERITY_ERROR ? RED : severity == SEVERITY_WARNING ? YELLOW : CYAN;
}

Style writer_verdict_style(Verdict verdict) {
    return verdict == VERDICT_PASSED ? GREEN : verdict == VERDICT_REJECTED ? RED : YELLOW;
}
