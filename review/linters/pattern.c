/* What the policy's own pattern finds in the output. */
#include "review/linters/formats.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/linters/output.h"

#include <string.h>

typedef struct {
    const OutputPattern *pattern;
    pcre2_match_data *match;
    pcre2_match_context *context;
    const char *text;
} Matcher;

/* The text of a group; NULL where it took no part in the match. */
static char *group(const Matcher *matcher, PatternGroup which) {
    const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(matcher->match);
    int number = matcher->pattern->groups[which];

    if (number == 0 || spans[2 * number] == PCRE2_UNSET || spans[2 * number + 1] < spans[2 * number])
        return NULL;
    return g_strndup(matcher->text + spans[2 * number], spans[2 * number + 1] - spans[2 * number]);
}

/* A number; 0 where the group took no part. */
static bool read_number(const Matcher *matcher, PatternGroup which, guint *ret_number, GError **error) {
    g_autofree char *digits = group(matcher, which), *shown = NULL;
    const char *end;

    *ret_number = 0;
    if (digits == NULL || *digits == '\0' ||
        (output_number(digits, digits + strlen(digits), ret_number, &end) && *end == '\0'))
        return true;
    shown = text_line(digits, -1, 60);
    return problems_unreadable(error, "the pattern finds '%s' where a line or column is expected", shown);
}

static bool read_place(const Matcher *matcher, Problem *problem, GError **error) {
    return read_number(matcher, PATTERN_LINE, &problem->line, error) &&
           read_number(matcher, PATTERN_COLUMN, &problem->column, error) &&
           read_number(matcher, PATTERN_END_LINE, &problem->end_line, error) &&
           read_number(matcher, PATTERN_END_COLUMN, &problem->end_column, error);
}

static bool read_match(Problems *problems, const Matcher *matcher, GError **error) {
    g_autofree char *path = group(matcher, PATTERN_PATH), *word = group(matcher, PATTERN_SEVERITY),
                    *code = group(matcher, PATTERN_CODE), *message = group(matcher, PATTERN_MESSAGE);
    Problem problem = {
        .path = path != NULL ? path : "", .severity = SEVERITY_WARNING, .code = code, .message = message};

    if (word != NULL)
        (void)problems_severity(word, strlen(word), &problem.severity);
    return read_place(matcher, &problem, error) && problems_add(problems, &problem, NULL, error);
}

/* All matches, one behind the other. An empty one is followed by the next byte. */
static bool read_matches(Problems *problems, const Matcher *matcher, gsize len, GError **error) {
    for (gsize at = 0; at <= len;) {
        int rc = pcre2_match(matcher->pattern->code, (PCRE2_SPTR)matcher->text, len, at, 0, matcher->match,
                             matcher->context);
        const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(matcher->match);

        if (rc == PCRE2_ERROR_NOMATCH)
            return true;
        if (rc < 0) {
            char message[256];

            pcre2_get_error_message(rc, (PCRE2_UCHAR *)message, sizeof message);
            return problems_unreadable(error, "the pattern gives up: %s", message);
        }
        if (!read_match(problems, matcher, error))
            return false;
        at = spans[1] > at ? spans[1] : at + 1; /* \K can put the end before the start */
    }
    return true;
}

bool pattern_read(Problems *problems, const OutputPattern *pattern, const char *text, gsize len,
                  GError **error) {
    Matcher matcher = {.pattern = pattern,
                       .match = pcre2_match_data_create_from_pattern(pattern->code, NULL),
                       .context = pcre2_match_context_create(NULL),
                       .text = text};
    bool good;

    pcre2_set_match_limit(matcher.context, CAP_REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(matcher.context, CAP_REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher.context, CAP_REGEX_HEAP_KIB);
    good = read_matches(problems, &matcher, len, error);
    pcre2_match_context_free(matcher.context);
    pcre2_match_data_free(matcher.match);
    return good;
}
