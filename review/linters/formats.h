/* formats.h: the readers of the formats that many tools print, for linters of the policy's own. custom.c
 * picks one, by the policy.
 *
 * Each reads `len` bytes at `text`, with a NUL behind them, and adds what they tell to `problems`. false,
 * with `error` set, where they are not what the format says, or say that the tool did not do its work. Text
 * that stands between the findings of `gcc` and `pattern` is passed over; the other formats have a shape,
 * which has to be whole. */
#pragma once

#include "review/linters/problems.h"
#include "review/policy/output_pattern.h"

#include <glib.h>
#include <stdbool.h>

/* PATH:LINE[:COLUMN]: [SEVERITY: ]MESSAGE[ [CODE]], a line each. */
bool gcc_read(Problems *problems, const char *text, gsize len, GError **error);
/* SARIF 2.1.0 (OASIS). */
bool sarif_read(Problems *problems, const char *text, gsize len, GError **error);
/* Checkstyle's XML. */
bool checkstyle_read(Problems *problems, const char *text, gsize len, GError **error);
/* Reviewdog's diagnostic format: a Diagnostic in JSON a line. */
bool rdjsonl_read(Problems *problems, const char *text, gsize len, GError **error);
/* By the policy's own pattern. */
bool pattern_read(Problems *problems, const OutputPattern *pattern, const char *text, gsize len,
                  GError **error);
