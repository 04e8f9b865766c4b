/* Any pattern, and behind a NUL byte a text: where PCRE2 finds a match of the pattern, its shape takes what
 * it takes, and so does the expression that is looked for: tried by PCRE2, from the same start. */
#include "rules/candidate.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static pcre2_code *compile(const char *text, gsize len, guint32 options) {
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    int code;
    PCRE2_SIZE offset;

    pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text, len, options, &code, &offset, context);
    pcre2_compile_context_free(context);
    return compiled;
}

/* Whether the expression is found at exactly that start; a limit is no answer. */
static bool is_found(const char *expression, const char *text, gsize len, gsize start,
                     pcre2_match_context *context) {
    pcre2_code *code = compile(expression, strlen(expression), PCRE2_DOTALL);
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    int rc;

    g_assert_nonnull(code);
    rc = pcre2_match(code, (PCRE2_SPTR)text, len, start, PCRE2_ANCHORED, match, context);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
    return rc != PCRE2_ERROR_NOMATCH;
}

static void compare(Shape *shape, pcre2_code *code, const char *text, gsize len) {
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);

    pcre2_set_match_limit(context, 20000);
    pcre2_set_depth_limit(context, 2000);
    if (pcre2_match(code, (PCRE2_SPTR)text, len, 0, 0, match, context) >= 0) {
        gsize start = pcre2_get_startchar(match), took = pcre2_get_ovector_pointer(match)[1] - start;
        Candidate candidate = candidate_plan(shape, SHAPE_NO_END);
        g_autofree char *expression = candidate.expression;
        guint least, most;

        shape_width(shape->top, &least, &most);
        g_assert_cmpuint(took, >=, least);
        g_assert_true(most == SHAPE_NO_END || took <= most);
        /* What it leaves out where case does not count, is looked for apart. */
        if (expression != NULL && !(candidate.folds && (memmem(text, len, "\xe2\x84\xaa", 3) != NULL ||
                                                        memmem(text, len, "\xc5\xbf", 2) != NULL)))
            g_assert_true(is_found(expression, text, len, start, context));
    }
    pcre2_match_context_free(context);
    pcre2_match_data_free(match);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    const char *pattern = (const char *)data;
    const char *nul = len > 0 ? memchr(data, '\0', len) : NULL;
    gsize pattern_len = nul != NULL ? (gsize)(nul - pattern) : len;
    const char *text = nul != NULL ? nul + 1 : "";
    gsize text_len = nul != NULL ? len - pattern_len - 1 : 0;
    pcre2_code *code = NULL;

    if (pattern_len > 0 && pattern_len < 1000 && g_utf8_validate_len(text, text_len, NULL))
        code = compile(pattern, pattern_len, PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C);
    if (code != NULL) {
        g_autoptr(Shape) shape = shape_read(pattern, pattern_len);

        if (shape != NULL)
            compare(shape, code, text, text_len);
    }
    pcre2_code_free(code);
    return 0;
}
