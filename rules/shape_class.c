/* [...]: pcre2pattern(3), "SQUARE BRACKETS AND CHARACTER CLASSES", "POSIX CHARACTER CLASSES". */
#include "rules/shape_read.h"

#include <string.h>

/* Those of the C locale, to which PCRE2 keeps without PCRE2_UCP. */
static const struct {
    const char *name;
    guint32 pairs[10];
} posix[] = {
    {"alnum", {'0', '9', 'A', 'Z', 'a', 'z'}},
    {"alpha", {'A', 'Z', 'a', 'z'}},
    {"ascii", {0, 0x7f}},
    {"blank", {'\t', '\t', ' ', ' '}},
    {"cntrl", {0, 0x1f, 0x7f, 0x7f}},
    {"digit", {'0', '9'}},
    {"graph", {'!', '~'}},
    {"lower", {'a', 'z'}},
    {"print", {' ', '~'}},
    {"punct", {'!', '/', ':', '@', '[', '`', '{', '~'}},
    {"space", {'\t', '\r', ' ', ' '}},
    {"upper", {'A', 'Z'}},
    {"word", {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}},
    {"xdigit", {'0', '9', 'A', 'F', 'a', 'f'}},
};

/* Behind the "[:". */
static bool read_posix(Reader *reader, Charset *set) {
    g_autoptr(GArray) own = charset_new();
    bool inverted = shape_skip(reader, "^");
    const char *name = reader->at;
    gsize len;

    while (reader->at < reader->end && g_ascii_islower(*reader->at))
        reader->at++;
    len = (gsize)(reader->at - name);
    if (!shape_skip(reader, ":]"))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(posix); i++)
        if (strlen(posix[i].name) == len && memcmp(posix[i].name, name, len) == 0)
            charset_add_pairs(own, posix[i].pairs);
    if (own->len == 0)
        return false;
    /* Of capitals and small letters PCRE2 makes all letters where case does not count. */
    if (reader->caseless)
        charset_fold_ascii(own);
    if (inverted)
        charset_invert(own);
    charset_add_all(set, own);
    return true;
}

/* One character, or a set, which is added. `ret_single`: it is a character, and may begin a range. */
static bool read_item(Reader *reader, Charset *set, guint32 *ret_char, bool *ret_single) {
    *ret_single = false;
    if (shape_skip(reader, "[:"))
        return read_posix(reader, set);
    if (shape_skip(reader, "[.") || shape_skip(reader, "[="))
        return false;
    if (!shape_skip(reader, "\\")) {
        *ret_single = true;
        return shape_read_char(reader, ret_char);
    }
    switch (shape_read_escape(reader, true, set, ret_char)) {
    case ESCAPE_CHAR:
        *ret_single = true;
        return true;
    case ESCAPE_SET:
        return true;
    default:
        return false;
    }
}

bool shape_read_class(Reader *reader, Charset *set) {
    bool inverted = shape_skip(reader, "^");

    for (bool first = true; first || reader->at >= reader->end || *reader->at != ']'; first = false) {
        guint32 from, to;
        bool single;

        if (!read_item(reader, set, &from, &single))
            return false;
        if (!single)
            continue;
        to = from;
        if (reader->at + 1 < reader->end && *reader->at == '-' && reader->at[1] != ']') {
            reader->at++;
            if (!read_item(reader, set, &to, &single) || !single || to < from)
                return false;
        }
        charset_add(set, from, to);
    }
    reader->at++;
    /* What is taken out must not be too much, what is in not too little. */
    if (reader->caseless && inverted)
        charset_fold_ascii(set);
    else if (reader->caseless)
        charset_fold(set);
    if (inverted)
        charset_invert(set);
    return true;
}
