#include "review/fix/carry.h"

#include "review/change/change.h"
#include "review/fix/lines.h"

#include <string.h>

G_DEFINE_QUARK(sallyport-carry-error, carry_error)

typedef struct {
    const Lines *fixed, *stored, *file;
    GByteArray *out;
    guint next;        /* the line of the file that comes next */
    guint edit, moved; /* the edit that comes next, and how far those before it moved the lines */
} Writer;

static void put(Writer *writer, const char *text, gsize len) {
    g_byte_array_append(writer->out, (const guint8 *)text, (guint)len);
}

static void keep_up_to(Writer *writer, guint line) {
    for (; writer->next < line; writer->next++) {
        gsize len;
        const char *text = lines_get(writer->file, writer->next, &len);

        put(writer, text, len);
    }
}

static bool ends(const char *text, gsize len, const char *end) {
    return len >= strlen(end) && memcmp(text + len - strlen(end), end, strlen(end)) == 0;
}

/* Whether git turned the \r\n of this line of the file into \n; false in `ret_known` where it has no end. */
static bool was_turned(const Writer *writer, guint line, bool *ret_known) {
    gsize len, stored_len;
    const char *text, *stored;

    *ret_known = false;
    if (line == 0 || line > writer->file->count)
        return false;
    text = lines_get(writer->file, line, &len);
    stored = lines_get(writer->stored, line, &stored_len);
    *ret_known = ends(text, len, "\n");
    return ends(text, len, "\r\n") && !ends(stored, stored_len, "\r\n");
}

/* Whether lines that come in at this place end with \r\n in the file: as those do that they take the place
 * of, or that stand beside. */
static bool turns(const Writer *writer, guint line) {
    const guint lines[] = {line, line > 1 ? line - 1 : 0, line + 1};

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        bool known, turned = was_turned(writer, lines[i], &known);

        if (known)
            return turned;
    }
    return false;
}

static void put_fixed(Writer *writer, const Hunk *hunk) {
    bool crlf = turns(writer, writer->next);

    for (guint line = hunk->new_first; line < hunk->new_first + hunk->new_count; line++) {
        gsize len;
        const char *text = lines_get(writer->fixed, line, &len);

        if (crlf && ends(text, len, "\n") && !ends(text, len, "\r\n")) {
            put(writer, text, len - 1);
            put(writer, "\r\n", 2);
        } else {
            put(writer, text, len);
        }
    }
}

/* Lines of the reviewed text that a hunk takes away or stands between, against those of another: they may not
 * even stand side by side, since then it is not known which comes first. */
static bool touch(const Hunk *a, const Hunk *b) {
    return a->old_first <= b->old_first + b->old_count && b->old_first <= a->old_first + a->old_count;
}

/* Whether the work tree has the very same change already. */
static bool is_there(const Writer *writer, const Hunk *fix, const Hunk *edit) {
    if (fix->old_first != edit->old_first || fix->old_count != edit->old_count ||
        fix->new_count != edit->new_count)
        return false;
    for (guint i = 0; i < fix->new_count; i++) {
        gsize len, stored_len;
        const char *text = lines_get(writer->fixed, fix->new_first + i, &len);
        const char *stored = lines_get(writer->stored, edit->new_first + i, &stored_len);

        if (len != stored_len || memcmp(text, stored, len) != 0)
            return false;
    }
    return true;
}

/* The edits up to a fix, as how far they move it (modulo 2^32: it can be upwards). */
static bool pass_edits(Writer *writer, const Hunk *fix, const GArray *edits, bool *ret_there,
                       GError **error) {
    *ret_there = false;
    for (; writer->edit < edits->len; writer->edit++) {
        const Hunk *edit = &g_array_index(edits, Hunk, writer->edit);

        *ret_there = is_there(writer, fix, edit);
        if (*ret_there)
            return true;
        if (touch(fix, edit)) {
            g_set_error(error, CARRY_ERROR, CARRY_ERROR_TOUCHES,
                        "the fix of line %u touches edits of the work tree that are not staged",
                        fix->old_first);
            return false;
        }
        if (edit->old_first > fix->old_first)
            return true;
        writer->moved += edit->new_count - edit->old_count;
    }
    return true;
}

static bool write_hunks(Writer *writer, const GArray *fixes, const GArray *edits, GError **error) {
    for (guint i = 0; i < fixes->len; i++) {
        const Hunk *fix = &g_array_index(fixes, Hunk, i);
        bool there;

        if (!pass_edits(writer, fix, edits, &there, error))
            return false;
        if (there)
            continue;
        keep_up_to(writer, fix->old_first + writer->moved);
        put_fixed(writer, fix);
        writer->next += fix->old_count;
    }
    keep_up_to(writer, writer->file->count + 1);
    return true;
}

GBytes *carry_fixes(const Carry *carry, GError **error) {
    g_autoptr(GArray) fixes = change_compare(carry->reviewed, carry->fixed, error);
    g_autoptr(GArray) edits = fixes != NULL ? change_compare(carry->reviewed, carry->stored, error) : NULL;
    g_autoptr(Lines) fixed = lines_new(carry->fixed), stored = lines_new(carry->stored),
                     file = lines_new(carry->file);
    g_autoptr(GByteArray) out = g_byte_array_new();
    Writer writer = {.fixed = fixed, .stored = stored, .file = file, .out = out, .next = 1};

    if (edits == NULL)
        return NULL;
    if (stored->count != file->count) {
        g_set_error_literal(error, CARRY_ERROR, CARRY_ERROR_LINES,
                            "its lines in the work tree are not those that git would store");
        return NULL;
    }
    if (!write_hunks(&writer, fixes, edits, error))
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
