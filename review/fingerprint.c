/* The algorithm is that of github/codeql-action, src/fingerprints.ts, which runs over a file as JavaScript
 * sees it: UTF-16 code units, decoded from UTF-8 by the rules of the WHATWG Encoding standard.
 *
 * Spaces and tabs are passed over; CR, LF and CR LF are all a LF. What remains goes through a window of BLOCK
 * units, over which a polynomial hash rolls: the hash of a line is that of the BLOCK units from its start on.
 * So it depends on the line and on what follows, and not on its number, its indentation or its line ending.
 * The end of the file is the unit 0xFFFF, and as many zeros as it takes to roll the last line's start out of
 * the window. Lines with the same hash are told apart by the count behind the colon. */
#include "review/fingerprint.h"

#include <stdbool.h>

enum { BLOCK = 100, FACTOR = 37, END_OF_FILE = 0xffff };

typedef struct {
    guint16 window[BLOCK];
    bool starts_line[BLOCK]; /* the unit at that place of the window is the first of a line */
    guint place;             /* where the next unit goes, and where the oldest one stands */
    guint64 hash;            /* modulo 2^64, by overflow */
    guint64 oldest_factor;   /* FACTOR to the power of BLOCK: the weight of the unit that leaves */
    bool at_line_start;
    bool after_cr;
    GHashTable *occurrences; /* hash -> guint: how often it came */
    GPtrArray *lines;
} Roller;

static void emit_line(Roller *roller) {
    guint *count = g_hash_table_lookup(roller->occurrences, &roller->hash);

    if (count == NULL) {
        count = g_new0(guint, 1);
        g_hash_table_insert(roller->occurrences, g_memdup2(&roller->hash, sizeof roller->hash), count);
    }
    ++*count;
    g_ptr_array_add(roller->lines, g_strdup_printf("%" G_GINT64_MODIFIER "x:%u", roller->hash, *count));
}

/* Lets one unit into the window, and the oldest one out; a line whose start leaves has its whole block
 * hashed. */
static void roll(Roller *roller, guint16 unit, bool starts_line) {
    guint place = roller->place;

    if (roller->starts_line[place])
        emit_line(roller);
    roller->hash = roller->hash * FACTOR + unit - roller->oldest_factor * roller->window[place];
    roller->window[place] = unit;
    roller->starts_line[place] = starts_line;
    roller->place = (place + 1) % BLOCK;
}

static void add_unit(Roller *roller, guint16 unit) {
    bool skip = unit == ' ' || unit == '\t' || (unit == '\n' && roller->after_cr);
    bool starts_line = roller->at_line_start;

    roller->after_cr = unit == '\r';
    if (skip)
        return;
    if (unit == '\r')
        unit = '\n';
    roller->at_line_start = unit == '\n';
    roll(roller, unit, starts_line);
}

/* How many bytes follow a lead byte, and the bounds of the first of them (Unicode 15, table 3-7); false where
 * no character begins with it. */
static bool lead_byte(guchar lead, guint *ret_more, guchar *ret_least, guchar *ret_most) {
    if (lead < 0xc2 || lead > 0xf4)
        return false;
    *ret_more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    *ret_least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    *ret_most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return true;
}

/* Decodes one character; where there is none, the longest part that could have begun one is a single U+FFFD
 * (GLib's decoder does not tell how long that part is). Returns the place behind it. */
static const guchar *decode(const guchar *p, const guchar *end, gunichar *ret_char) {
    guint more;
    guchar least, most;
    gunichar c = *p;

    *ret_char = c < 0x80 ? c : 0xfffd;
    if (c < 0x80 || !lead_byte(*p, &more, &least, &most))
        return p + 1;
    c &= 0x3fu >> more;
    for (p++; more > 0; p++, more--) {
        if (p == end || *p < least || *p > most)
            return p;
        c = c << 6 | (*p & 0x3fu);
        least = 0x80;
        most = 0xbf;
    }
    *ret_char = c;
    return p;
}

static void add_char(Roller *roller, gunichar c) {
    if (c < 0x10000) {
        add_unit(roller, (guint16)c);
        return;
    }
    add_unit(roller, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
    add_unit(roller, (guint16)(0xdc00 + ((c - 0x10000) & 0x3ff)));
}

GPtrArray *fingerprint_lines(const char *bytes, gsize len) {
    g_autoptr(GHashTable) occurrences = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    Roller roller = {.oldest_factor = 1, .at_line_start = true, .occurrences = occurrences};
    const guchar *p = (const guchar *)bytes, *end = p + len;

    roller.lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < BLOCK; i++)
        roller.oldest_factor *= FACTOR;
    while (p < end) {
        gunichar c;

        p = decode(p, end, &c);
        add_char(&roller, c);
    }
    add_unit(&roller, END_OF_FILE);
    for (guint i = 0; i < BLOCK; i++)
        roll(&roller, 0, false);
    return roller.lines;
}
