/* output_pattern.h: the pattern by which the findings of a linter of the policy's own are read from what it
 * prints (`output: {pattern: ...}`).
 *
 * PCRE2's syntax, over all of the output: `^` and `$` match at the start and the end of each line, `.`
 * matches no newline. What a match says is in groups with these names; all others are there for the pattern
 * alone. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

typedef enum {
    PATTERN_PATH, /* "file" or "path"; the only one that must be there */
    PATTERN_LINE,
    PATTERN_COLUMN,
    PATTERN_END_LINE,
    PATTERN_END_COLUMN,
    PATTERN_SEVERITY,
    PATTERN_CODE,
    PATTERN_MESSAGE,
    PATTERN_GROUPS /* their number */
} PatternGroup;

typedef struct {
    pcre2_code *code;
    int groups[PATTERN_GROUPS]; /* numbers of the groups; 0: it has none of that name */
} OutputPattern;

/* NULL with `error` (G_OPTION_ERROR_BAD_VALUE) set where it does not compile, is too long, or lacks a group.
 */
OutputPattern *output_pattern_new(const char *pattern, GError **error);
void output_pattern_free(OutputPattern *pattern);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutputPattern, output_pattern_free)
