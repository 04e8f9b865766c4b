#include "review/policy/output_pattern.h"

#include "exec/caps.h"

#include <string.h>

static const char *const names[PATTERN_GROUPS] = {
    [PATTERN_PATH] = "path",
    [PATTERN_LINE] = "line",
    [PATTERN_COLUMN] = "column",
    [PATTERN_END_LINE] = "end_line",
    [PATTERN_END_COLUMN] = "end_column",
    [PATTERN_SEVERITY] = "severity",
    [PATTERN_CODE] = "code",
    [PATTERN_MESSAGE] = "message",
};

static void set_wrong(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void set_wrong(GError **error, const char *format, ...) {
    va_list args;

    va_start(args, format);
    g_propagate_error(error, g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args));
    va_end(args);
}

/* The bytes of a path need not be UTF-8, so neither is the text that is matched: without PCRE2_UTF. */
static pcre2_code *compile(const char *pattern, GError **error) {
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *compiled;

    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    compiled =
        pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern),
                      PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &offset, context);
    pcre2_compile_context_free(context);
    if (compiled == NULL) {
        char message[256];

        pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
        set_wrong(error, "the pattern does not compile: %s at offset %zu", message, offset);
    }
    return compiled;
}

static int group_of(const pcre2_code *code, const char *name) {
    int number = pcre2_substring_number_from_name(code, (PCRE2_SPTR)name);

    return MAX(number, 0);
}

OutputPattern *output_pattern_new(const char *pattern, GError **error) {
    g_autoptr(OutputPattern) self = g_new0(OutputPattern, 1);

    if (strlen(pattern) > CAP_PATTERN_BYTES) {
        set_wrong(error, "the pattern is longer than %u bytes", CAP_PATTERN_BYTES);
        return NULL;
    }
    self->code = compile(pattern, error);
    if (self->code == NULL)
        return NULL;
    for (guint i = 0; i < PATTERN_GROUPS; i++)
        self->groups[i] = group_of(self->code, names[i]);
    if (self->groups[PATTERN_PATH] == 0)
        self->groups[PATTERN_PATH] = group_of(self->code, "file");
    if (self->groups[PATTERN_PATH] != 0)
        return g_steal_pointer(&self);
    set_wrong(error,
              "the pattern has no group for the path, such as (?<path>[^:]+); expected groups are path "
              "(or file), line, column, end_line, end_column, severity, code and message");
    return NULL;
}

void output_pattern_free(OutputPattern *pattern) {
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    g_free(pattern);
}
