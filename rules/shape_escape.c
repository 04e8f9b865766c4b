/* What follows a backslash: pcre2pattern(3), "BACKSLASH". */
#include "rules/shape_read.h"

#include <string.h>

bool shape_skip(Reader *reader, const char *text) {
    gsize len = strlen(text);

    if ((gsize)(reader->end - reader->at) < len || memcmp(reader->at, text, len) != 0)
        return false;
    reader->at += len;
    return true;
}

bool shape_read_char(Reader *reader, guint32 *ret_char) {
    if (reader->at >= reader->end)
        return false;
    *ret_char = g_utf8_get_char(reader->at); /* PCRE2 has checked the pattern */
    reader->at = g_utf8_next_char(reader->at);
    return true;
}

bool shape_read_number(Reader *reader, guint *ret_number) {
    const char *start = reader->at;
    guint number = 0;

    while (reader->at < reader->end && g_ascii_isdigit(*reader->at) && reader->at - start < 6)
        number = number * 10 + (guint)(*reader->at++ - '0');
    *ret_number = number;
    return reader->at > start && (reader->at == reader->end || !g_ascii_isdigit(*reader->at));
}

/* So many digits of a base as there are, but not more than `most`. */
static guint32 read_digits(Reader *reader, guint base, guint most) {
    guint32 value = 0;

    for (guint i = 0; i < most && reader->at < reader->end; i++) {
        int digit = g_ascii_xdigit_value(*reader->at);

        if (digit < 0 || (guint)digit >= base)
            break;
        value = value * base + (guint32)digit;
        reader->at++;
    }
    return value;
}

static Escape read_code(Reader *reader, guint base, guint most, guint32 *ret_char) {
    bool braced = reader->at < reader->end && *reader->at == '{';

    if (base == 8 && !braced && most > 2)
        return ESCAPE_UNKNOWN;
    if (braced)
        reader->at++;
    *ret_char = read_digits(reader, base, braced ? 8 : most);
    return (!braced || shape_skip(reader, "}")) && *ret_char <= CHARSET_LAST ? ESCAPE_CHAR : ESCAPE_UNKNOWN;
}

static const guint32 digits[] = {'0', '9', 0, 0};
static const guint32 spaces[] = {0x9, 0xd, ' ', ' ', 0, 0};
static const guint32 words[] = {'0', '9', 'A', 'Z', '_', '_', 'a', 'z', 0, 0};
static const guint32 horizontal[] = {0x9,    0x9,    ' ',    ' ',    0xa0,   0xa0,   0x1680,
                                     0x1680, 0x180e, 0x180e, 0x2000, 0x200a, 0x202f, 0x202f,
                                     0x205f, 0x205f, 0x3000, 0x3000, 0,      0};
static const guint32 vertical[] = {0xa, 0xd, 0x85, 0x85, 0x2028, 0x2029, 0, 0};
static const guint32 line_ends[] = {'\n', '\n', '\r', '\r', 0, 0};

/* The letters that stand for a set; in capitals, for all others. */
static const guint32 *set_of(char letter) {
    switch (letter) {
    case 'd':
        return digits;
    case 's':
        return spaces;
    case 'w':
        return words;
    case 'h':
        return horizontal;
    case 'v':
        return vertical;
    default:
        return NULL;
    }
}

static Escape add_set(Charset *set, const guint32 *pairs, bool inverted) {
    g_autoptr(GArray) own = charset_new();

    charset_add_pairs(own, pairs);
    if (inverted)
        charset_invert(own);
    charset_add_all(set, own);
    return ESCAPE_SET;
}

/* \p: which characters have a property changes with Unicode. All of them, to be on the safe side; where they
 * are taken out again, none. */
static Escape read_property(Reader *reader, Charset *set, bool in_class) {
    guint32 c;

    if (in_class)
        return ESCAPE_UNKNOWN;
    if (!shape_read_char(reader, &c))
        return ESCAPE_UNKNOWN;
    while (c == '{' && reader->at < reader->end && *reader->at != '}')
        reader->at++;
    charset_add(set, 0, CHARSET_LAST);
    return c != '{' || shape_skip(reader, "}") ? ESCAPE_SET : ESCAPE_UNKNOWN;
}

static Escape read_letter(Reader *reader, char letter, guint32 *ret_char) {
    static const char letters[] = "aefnrt";
    static const char codes[] = "\a\x1b\f\n\r\t";
    const char *found = strchr(letters, letter);

    if (found != NULL) {
        *ret_char = (guint32)codes[found - letters];
        return ESCAPE_CHAR;
    }
    switch (letter) {
    case 'x':
        return read_code(reader, 16, 2, ret_char);
    case 'o':
        return read_code(reader, 8, 3, ret_char);
    case '0':
        return read_code(reader, 8, 2, ret_char);
    case 'c':
        if (!shape_read_char(reader, ret_char) || *ret_char > 0x7e)
            return ESCAPE_UNKNOWN;
        *ret_char = (guint32)g_ascii_toupper((char)*ret_char) ^ 0x40;
        return ESCAPE_CHAR;
    default:
        return ESCAPE_UNKNOWN;
    }
}

static Escape read_outside(Reader *reader, char letter, Charset *set) {
    switch (letter) {
    case 'b':
        return ESCAPE_BOUNDARY;
    case 'B':
    case 'A':
    case 'Z':
    case 'z':
    case 'K': /* the match starts elsewhere, but what it takes stays */
        return ESCAPE_EMPTY;
    case 'R':
        return ESCAPE_LINE_END;
    case 'X':
        return ESCAPE_CLUSTER;
    case 'N':
        return reader->at < reader->end && *reader->at == '{' ? ESCAPE_UNKNOWN
                                                              : add_set(set, line_ends, true);
    case 'k':
    case 'g':
        return ESCAPE_REFERENCE;
    default:
        break;
    }
    if (letter < '1' || letter > '9')
        return ESCAPE_UNKNOWN;
    reader->at--;
    return ESCAPE_REFERENCE;
}

Escape shape_read_escape(Reader *reader, bool in_class, Charset *set, guint32 *ret_char) {
    Escape escape;
    char letter;

    if (!shape_read_char(reader, ret_char))
        return ESCAPE_UNKNOWN;
    if (*ret_char > 0x7f || !g_ascii_isalnum((char)*ret_char))
        return ESCAPE_CHAR;
    letter = (char)*ret_char;
    if (letter == 'p' || letter == 'P')
        return read_property(reader, set, in_class);
    if (set_of(g_ascii_tolower(letter)) != NULL)
        return add_set(set, set_of(g_ascii_tolower(letter)), g_ascii_isupper(letter));
    escape = read_letter(reader, letter, ret_char);
    if (escape != ESCAPE_UNKNOWN || !in_class)
        return escape != ESCAPE_UNKNOWN ? escape : read_outside(reader, letter, set);
    *ret_char = '\b';
    return letter == 'b' ? ESCAPE_CHAR : ESCAPE_UNKNOWN;
}
