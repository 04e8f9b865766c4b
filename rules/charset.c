#include "rules/charset.h"

#include <string.h>

static CharRange *range_at(const Charset *set, guint i) {
    return &g_array_index(set, CharRange, i);
}

Charset *charset_new(void) {
    return g_array_new(FALSE, FALSE, sizeof(CharRange));
}

void charset_add(Charset *set, guint32 first, guint32 last) {
    CharRange range = {first, last};
    guint from = 0, to;

    while (from < set->len && range_at(set, from)->last + 1 < first)
        from++;
    for (to = from; to < set->len && range_at(set, to)->first <= last + 1; to++) {
        range.first = MIN(range.first, range_at(set, to)->first);
        range.last = MAX(range.last, range_at(set, to)->last);
    }
    g_array_remove_range(set, from, to - from);
    g_array_insert_val(set, from, range);
}

void charset_add_all(Charset *set, const Charset *other) {
    for (guint i = 0; i < other->len; i++)
        charset_add(set, range_at(other, i)->first, range_at(other, i)->last);
}

void charset_add_pairs(Charset *set, const guint32 *pairs) {
    for (; pairs[1] != 0; pairs += 2)
        charset_add(set, pairs[0], pairs[1]);
}

void charset_invert(Charset *set) {
    g_autoptr(GArray) old = g_array_copy(set);
    guint32 next = 0;

    g_array_set_size(set, 0);
    for (guint i = 0; i < old->len; i++) {
        if (range_at(old, i)->first > next)
            charset_add(set, next, range_at(old, i)->first - 1);
        next = range_at(old, i)->last + 1;
    }
    if (next <= CHARSET_LAST)
        charset_add(set, next, CHARSET_LAST);
}

bool charset_has(const Charset *set, guint32 c) {
    for (guint i = 0; i < set->len; i++)
        if (c >= range_at(set, i)->first && c <= range_at(set, i)->last)
            return true;
    return false;
}

guint charset_count(const Charset *set, guint32 end) {
    guint count = 0;

    for (guint i = 0; i < set->len; i++)
        if (range_at(set, i)->first < end)
            count += MIN(range_at(set, i)->last, end - 1) - range_at(set, i)->first + 1;
    return count;
}

void charset_fold_ascii(Charset *set) {
    for (guint32 c = 'a'; c <= 'z'; c++) {
        guint32 upper = c - 'a' + 'A';

        if (charset_has(set, c) != charset_has(set, upper)) {
            charset_add(set, c, c);
            charset_add(set, upper, upper);
        }
    }
}

/* U+212A is the sign of the kelvin, U+017F the long s: CaseFolding.txt of Unicode has no others that fold to
 * ASCII but for Turkish. */
void charset_fold(Charset *set) {
    if (set->len > 0 && range_at(set, set->len - 1)->last > 0x7f) {
        static const guint32 others[] = {0x80, CHARSET_LAST, 'k', 'k', 's', 's', 0, 0};

        charset_add_pairs(set, others);
    }
    charset_fold_ascii(set);
    if (charset_has(set, 'k'))
        charset_add(set, 0x212a, 0x212a);
    if (charset_has(set, 's'))
        charset_add(set, 0x17f, 0x17f);
}
