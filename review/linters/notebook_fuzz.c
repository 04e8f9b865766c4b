/* A notebook's file, given anything: the first two bytes are row and column, the rest is the file. Whatever
 * is replaced in a cell, the file stays a notebook, and a place is a place. */
#include "review/linters/notebook.h"

#include "review/linters/source.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_region(const Region *region) {
    g_assert_cmpuint(region->start_line, >, 0);
    g_assert_cmpuint(region->start_column, >, 0);
    g_assert_true(region->end_line > region->start_line ||
                  (region->end_line == region->start_line && region->end_column >= region->start_column));
}

/* By the lines of source.h, as linter_read() goes on. */
static gsize offset_of(const Source *source, const char *text, guint line, guint column) {
    gsize len, end_len;
    const char *start = source_line(source, line, &len, &end_len), *p = start;

    for (; column > 1; column--) {
        gunichar c = g_utf8_get_char_validated(p, start + len + end_len - p);

        p = c == (gunichar)-1 || c == (gunichar)-2 || c == 0 ? p + 1 : g_utf8_next_char(p);
    }
    g_assert_true(p <= start + len);
    /* The source has a copy of the text, and every line of it. */
    return (gsize)(p - source_line(source, 1, &len, &end_len)) +
           (g_str_has_prefix(text, "\xef\xbb\xbf") ? 3 : 0);
}

static void check_edit(const Notebook *notebook, const char *text, gsize len, guint cell, Region region) {
    g_autoptr(Fix) fix = fix_new("", FIX_SAFE);
    g_autoptr(GString) done = g_string_new_len(text, (gssize)len);
    g_autoptr(Source) source = NULL;
    g_autoptr(Notebook) after = NULL;
    const Edit *edit;
    gsize start, end;

    if (!notebook_add_edit(notebook, cell, region, "x\n\"y", fix))
        return;
    edit = fix->edits->pdata[0];
    check_region(&edit->region);
    source = source_new(text, len);
    start = offset_of(source, text, edit->region.start_line, edit->region.start_column);
    end = offset_of(source, text, edit->region.end_line, edit->region.end_column);
    g_assert_cmpuint(start, <=, end);
    g_assert_cmpuint(end, <, len);
    g_string_erase(done, (gssize)start, (gssize)(end - start));
    g_string_insert(done, (gssize)start, edit->text);
    after = notebook_new(done->str, done->len);
    g_assert_nonnull(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    g_autofree char *text = size >= 2 ? g_strndup((const char *)data + 2, size - 2) : NULL;
    gsize len = text != NULL ? strlen(text) : 0;
    g_autoptr(Notebook) notebook = text != NULL ? notebook_new(text, len) : NULL;

    for (guint cell = 0; notebook != NULL && cell < 4; cell++) {
        const Region region = {1 + data[0] % 8, 1 + data[1] % 16, 1 + data[0] % 8 + data[1] / 64,
                               1 + data[1] % 16 + data[0] / 32};
        Region placed;

        if (notebook_region(notebook, cell, region, &placed))
            check_region(&placed);
        check_edit(notebook, text, len, cell, region);
    }
    (void)(notebook != NULL && notebook_is_python(notebook));
    return 0;
}
