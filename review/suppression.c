#include "review/suppression.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/comment.h"

#include <string.h>

#define FORM "sallyport: ignore[RULE] -- REASON"

static void comment_free(gpointer data) {
    SuppressionComment *comment = data;

    g_strfreev(comment->rules);
    g_free(comment->owner);
    g_free(comment->reason);
    g_free(comment->wrong);
    g_free(comment);
}

/* The first thing that is wrong is told. */
static bool wrong(SuppressionComment *comment, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool wrong(SuppressionComment *comment, const char *format, ...) {
    va_list args;

    va_start(args, format);
    if (comment->wrong == NULL)
        comment->wrong = g_strdup_vprintf(format, args);
    va_end(args);
    return false;
}

static const char *skip_blanks(const char *p) {
    return p + strspn(p, " \t");
}

/* "rule, rule2" of the brackets. */
static bool read_rules(SuppressionComment *comment, const char *list) {
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    g_autoptr(GStrvBuilder) rules = g_strv_builder_new();

    for (char **word = words; *word != NULL; word++) {
        g_strstrip(*word);
        if (strcmp(*word, "*") == 0)
            return wrong(comment, "'*' is no rule: a suppression names the rules that it is of");
        if (**word == '\0')
            return wrong(comment, "no rule stands in the brackets: write " FORM);
        if (g_str_has_prefix(*word, "suppress."))
            return wrong(comment, "'%s' is said of suppressions, and no suppression is of it", *word);
        if (strpbrk(*word, " \t*[") != NULL)
            return wrong(comment, "'%s' is no rule: write ruff.F401, or F401 alone, and commas between",
                         *word);
        g_strv_builder_add(rules, *word);
    }
    comment->rules = g_strv_builder_end(rules);
    return comment->rules[0] != NULL || wrong(comment, "no rule stands in the brackets: write " FORM);
}

static bool read_until(SuppressionComment *comment, const char *value) {
    guint64 year, month, day;
    g_auto(GStrv) parts = g_strsplit(value, "-", -1);
    bool is_date = g_strv_length(parts) == 3 && strlen(parts[0]) == 4 && strlen(parts[1]) == 2 &&
                   strlen(parts[2]) == 2 && g_ascii_string_to_unsigned(parts[0], 10, 1, 9999, &year, NULL) &&
                   g_ascii_string_to_unsigned(parts[1], 10, 1, 12, &month, NULL) &&
                   g_ascii_string_to_unsigned(parts[2], 10, 1, 31, &day, NULL) &&
                   g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);

    if (!is_date)
        return wrong(comment, "until=%s: expected a date such as 2027-01-31", value);
    if (comment->until != 0)
        return wrong(comment, "until= stands twice");
    comment->until = (guint)(year * 10000 + month * 100 + day);
    return true;
}

static bool read_owner(SuppressionComment *comment, const char *value) {
    if (*value == '\0')
        return wrong(comment, "owner= names nobody");
    if (comment->owner != NULL)
        return wrong(comment, "owner= stands twice");
    comment->owner = g_strdup(value);
    return true;
}

/* "until=2027-01-31". */
static bool read_member(SuppressionComment *comment, const char *word) {
    static const char *const keys[] = {"until", "owner", NULL};
    const char *sign = strchr(word, '=');
    g_autofree char *key = sign != NULL ? g_strndup(word, (gsize)(sign - word)) : NULL;
    g_autofree char *meant = key != NULL ? text_did_you_mean(key, keys) : NULL;

    if (key == NULL)
        return wrong(comment, "'%s' is not understood: a reason stands behind two dashes, as in " FORM, word);
    if (strcmp(key, "until") == 0)
        return read_until(comment, sign + 1);
    if (strcmp(key, "owner") == 0)
        return read_owner(comment, sign + 1);
    return wrong(comment, "'%s=' is not known%s; there are until= and owner=", key, meant);
}

/* Whoever writes until= behind the dashes believes that the suppression ends. */
static bool read_reason(SuppressionComment *comment, const char *text) {
    static const char *const keys[] = {"until=", "owner="};
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);

    if (*text == '\0')
        return wrong(comment, "no reason stands behind the dashes");
    for (char **word = words; *word != NULL; word++)
        for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
            if (g_str_has_prefix(*word, keys[i]))
                return wrong(comment, "%s stands in the reason; it has to stand before the dashes", keys[i]);
    comment->reason = g_strdup(text);
    return true;
}

/* What stands behind the brackets. */
static bool read_rest(SuppressionComment *comment, const char *p) {
    for (p = skip_blanks(p); *p != '\0'; p = skip_blanks(p)) {
        gsize len = strcspn(p, " \t");
        g_autofree char *word = g_strndup(p, len);

        if (strncmp(p, "--", 2) == 0)
            return read_reason(comment, skip_blanks(p + 2));
        if (!read_member(comment, word))
            return false;
        p += len;
    }
    return true;
}

/* Reads the text behind "sallyport:". false where that is something else, which people may write as well. */
static bool read_text(SuppressionComment *comment, const char *text) {
    static const char *const words[] = {"ignore", "ignore-file", NULL};
    const char *p = skip_blanks(text), *end;
    gsize len = strspn(p, "-_" G_CSET_a_2_z G_CSET_A_2_Z);
    g_autofree char *word = g_strndup(p, len), *list = NULL;
    g_autofree char *meant = text_did_you_mean(word, words);

    comment->whole_file = strcmp(word, "ignore-file") == 0;
    p = skip_blanks(p + len);
    if (!g_strv_contains(words, word)) {
        if (*word != '\0' && *p == '[')
            (void)wrong(comment, "'%s' is not known%s; there are ignore and ignore-file", word, meant);
        return *word != '\0' && *p == '[';
    }
    end = *p == '[' ? strchr(p, ']') : NULL;
    if (*p != '[')
        (void)wrong(comment, "a suppression names the rules that it is of: write " FORM);
    else if (end == NULL)
        (void)wrong(comment, "the bracket is not closed: write " FORM);
    else {
        list = g_strndup(p + 1, (gsize)(end - p - 1));
        (void)(read_rules(comment, list) && read_rest(comment, end + 1));
    }
    return true;
}

/* NULL where it is something else. */
static SuppressionComment *read_comment(const char *text, const Comment *place) {
    g_autofree char *line = NULL;
    SuppressionComment *comment = g_new0(SuppressionComment, 1);

    comment->line = place->line;
    comment->column = place->column;
    comment->end_column = place->end_column;
    comment->next_line = place->next_line;
    if (place->end - place->text > CAP_SUPPRESSION_BYTES) {
        (void)wrong(comment, "it is longer than %u bytes", CAP_SUPPRESSION_BYTES);
        return comment;
    }
    line = text_line(text + place->text, (gssize)(place->end - place->text), CAP_SUPPRESSION_BYTES * 8);
    if (read_text(comment, line + strlen(SUPPRESSION_WORD)))
        return comment;
    comment_free(comment);
    return NULL;
}

GPtrArray *suppression_find(const char *language, const char *text, gsize len) {
    g_autoptr(GArray) places = comment_find(language, text, len, SUPPRESSION_WORD, CAP_SUPPRESSIONS + 1);
    GPtrArray *comments = g_ptr_array_new_with_free_func(comment_free);

    for (guint i = 0; i < places->len; i++) {
        SuppressionComment *comment = read_comment(text, &g_array_index(places, Comment, i));

        if (comment != NULL && i == CAP_SUPPRESSIONS) {
            g_clear_pointer(&comment->wrong, g_free);
            (void)wrong(comment, "there are more than %u in this file: from here on none is read",
                        CAP_SUPPRESSIONS);
        }
        if (comment != NULL)
            g_ptr_array_add(comments, comment);
    }
    return comments;
}

char *suppression_date(guint day) {
    return g_strdup_printf("%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
}

char *suppression_justification(const SuppressionComment *comment) {
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

    if (comment->reason != NULL)
        g_ptr_array_add(parts, g_strdup(comment->reason));
    if (comment->until != 0) {
        g_autofree char *date = suppression_date(comment->until);

        g_ptr_array_add(parts, g_strconcat("until ", date, NULL));
    }
    if (comment->owner != NULL)
        g_ptr_array_add(parts, g_strconcat("owner ", comment->owner, NULL));
    if (parts->len == 0)
        return NULL;
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("; ", (char **)parts->pdata);
}
