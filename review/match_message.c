/* What a message says, apart from what moves with the code. */
#include "review/match.h"

#include <string.h>

static bool is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

/* Whether the number that begins behind `before` is that of a line, or of a notebook's cell: "from line 3".
 */
static bool is_of_line(const GString *before) {
    static const char *const words[] = {"line ", "Line ", "lines ", "cell "};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_suffix(before->str, words[i]))
            return true;
    return false;
}

/* A number that stands by itself goes to `numbers`: not a part of a name. Returns its end, or `p`. */
static const char *take_number(const char *start, const char *p, const GString *before, GArray *numbers) {
    gsize digits = strspn(p, "0123456789");
    guint64 number;

    if (digits == 0 || digits > 18 || is_word(p[digits]) || (p > start && is_word(p[-1])))
        return p;
    number = is_of_line(before) ? 0 : g_ascii_strtoull(p, NULL, 10);
    g_array_append_val(numbers, number);
    return p + digits;
}

char *match_message(const char *message, const char *path, GArray *ret_numbers) {
    g_autoptr(GString) whole = g_string_new(message);
    g_autofree char *name = g_path_get_basename(path);
    GString *said = g_string_new(NULL);

    g_string_replace(whole, path, "\x1f", 0); /* no message has a control character in it */
    g_string_replace(whole, name, "\x1f", 0);
    for (const char *p = whole->str; *p != '\0';) {
        const char *end = take_number(whole->str, p, said, ret_numbers);

        if (end > p)
            g_string_append_c(said, '\x1e');
        else
            end = p + 1, g_string_append_c(said, *p);
        p = end;
    }
    return g_string_free(said, FALSE);
}
