/* suppression.h: what a comment says of findings: "sallyport: ignore[ruff.F401] until=2027-01-31 -- why".
 *
 * `ignore` is of the line that it stands on and, where the comment stands alone, of the next line of code;
 * `ignore-file`, anywhere in the file, is of all of it. In brackets stand rules by their ids (ruff.F401,
 * python.eval) or by the code alone (F401); behind them until=YYYY-MM-DD and owner=NAME, in any order, and
 * last, behind two dashes, the reason. What is near to that form but not of it is read too, and says what is
 * wrong with it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What every one of them begins with. */
#define SUPPRESSION_WORD "sallyport:"

typedef struct {
    guint line, column, end_column; /* of the text, as in a Region */
    guint next_line;                /* the other line that it is for; 0: none */
    bool whole_file;
    GStrv rules; /* at least one, but with `wrong` */
    guint until; /* the last day on which it holds, as 20270131; 0: no such day is given */
    char *owner; /* NULL where it names none */
    char *reason;
    char *wrong; /* why it is none: a clean line; else NULL */
} SuppressionComment;

/* All of a text, in order; free with g_ptr_array_unref(). `language` is rule_language_of()'s. Behind
 * CAP_SUPPRESSIONS of them one more says that there are too many. */
GPtrArray *suppression_find(const char *language, const char *text, gsize len);

/* "known input; until 2027-01-31; owner ada", or NULL where it says none of these. */
char *suppression_justification(const SuppressionComment *comment);

/* "2027-01-31". */
char *suppression_date(guint day);
