/* The hunks of one file are applied from its first to its last line: what lies between them is copied. A hunk
 * is sought from the line that its header names, moved by as much as the hunk before it was, and then at ever
 * greater distance on both sides, as git-apply(1) does; no hunk begins before the end of the one before it.
 */
#include "exec/text.h"
#include "review/patch/patch.h"

#include <string.h>

/* So much of a hunk's text has to match before the rest is compared, and paid for. */
#define TASTE 64

typedef struct {
    const char *text;
    gsize len;
    GArray *starts; /* of gsize: where each line begins */
    gsize done;     /* lines that are behind us */
    gssize moved;   /* by how many lines the last hunk was */
    PatchBudget *budget;
    GString *out;
} Image;

static bool set_misfit(GError **error, const PatchFile *file, guint number, const char *why) {
    const PatchHunk *hunk = g_ptr_array_index(file->hunks, number);
    g_autofree char *path = text_path(file->old_path != NULL ? file->old_path : file->new_path);

    g_set_error(error, PATCH_ERROR, 0, "%s: hunk %u (@@ -%u,%u +%u,%u @@) does not fit: %s", path, number + 1,
                hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines, why);
    return false;
}

static bool set_problem(GError **error, const PatchFile *file, const char *why) {
    g_autofree char *path = text_path(file->old_path != NULL ? file->old_path : file->new_path);

    g_set_error(error, PATCH_ERROR, 0, "%s: the patch does not fit: %s", path, why);
    return false;
}

static gsize start_of(const Image *image, gsize line) {
    return line < image->starts->len ? g_array_index(image->starts, gsize, line) : image->len;
}

static void find_lines(Image *image) {
    for (gsize at = 0; at < image->len;) {
        const char *newline = memchr(image->text + at, '\n', image->len - at);

        g_array_append_val(image->starts, at);
        at = newline != NULL ? (gsize)(newline - image->text) + 1 : image->len;
    }
}

static bool pay(PatchBudget *budget, gsize steps) {
    if (steps > budget->steps)
        budget->steps = 0;
    else
        budget->steps -= steps;
    return budget->steps > 0;
}

/* Whether the hunk's old text stands at this line, and ends with one. */
static bool fits_at(const Image *image, const PatchHunk *hunk, gsize line, bool at_end) {
    gsize at = start_of(image, line), len = hunk->old_text->len, taste = MIN(len, TASTE);

    if (len > image->len - at || (at_end && at + len != image->len) ||
        memcmp(image->text + at, hunk->old_text->str, taste) != 0)
        return false;
    (void)pay(image->budget, len);
    if (memcmp(image->text + at, hunk->old_text->str, len) != 0)
        return false;
    return len == 0 || hunk->old_text->str[len - 1] == '\n' || at + len == image->len;
}

/* Without any context there is nothing to be recognised by: such a hunk fits where it says, or nowhere. A
 * hunk from line 1 has to begin the file, and one without context at its end to end it. */
static bool find(const Image *image, const PatchHunk *hunk, gsize *ret_line) {
    bool bare = hunk->leading == 0 && hunk->trailing == 0;
    gssize least = (gssize)image->done, most = (gssize)image->starts->len;
    gssize said = (gssize)hunk->old_start - (hunk->old_lines > 0 ? 1 : 0);
    gssize first = CLAMP(said + image->moved, least, most);

    *ret_line = (gsize)said;
    if (bare)
        return said >= least && said <= most && pay(image->budget, 1) &&
               fits_at(image, hunk, *ret_line, false);
    if (hunk->old_start <= 1) {
        *ret_line = 0;
        return least == 0 && pay(image->budget, 1) && fits_at(image, hunk, 0, hunk->trailing == 0);
    }
    for (gssize distance = 0; first - distance >= least || first + distance <= most; distance++) {
        const gssize lines[] = {first - distance, first + distance};

        if (!pay(image->budget, 1))
            return false;
        for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
            *ret_line = (gsize)lines[i];
            if (lines[i] >= least && lines[i] <= most && fits_at(image, hunk, *ret_line, hunk->trailing == 0))
                return true;
        }
    }
    return false;
}

static bool add(Image *image, const char *text, gsize len) {
    if (len > CAP_FILE_BYTES - image->out->len)
        return false;
    g_string_append_len(image->out, text, (gssize)len);
    return true;
}

static bool apply_hunk(Image *image, const PatchFile *file, guint number, GError **error) {
    const PatchHunk *hunk = g_ptr_array_index(file->hunks, number);
    gsize line, at, from = start_of(image, image->done);

    if (!find(image, hunk, &line))
        return set_misfit(error, file, number,
                          image->budget->steps == 0
                              ? "it takes too long to find where (make a new patch from HEAD)"
                              : "the lines that it changes, or those around them, are not those of the file");
    at = start_of(image, line);
    if (!add(image, image->text + from, at - from) || !add(image, hunk->new_text->str, hunk->new_text->len))
        return set_misfit(error, file, number, "the file would be larger than what is reviewed");
    image->moved = (gssize)line - ((gssize)hunk->old_start - (hunk->old_lines > 0 ? 1 : 0));
    image->done = line + hunk->old_lines;
    return true;
}

static GBytes *apply_text(const PatchFile *file, GBytes *old, PatchBudget *budget, GError **error) {
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_autoptr(GString) out = g_string_new(NULL);
    Image image = {.starts = starts, .budget = budget, .out = out};
    gsize rest;

    image.text = g_bytes_get_data(old, &image.len);
    image.text = image.text != NULL ? image.text : "";
    find_lines(&image);
    for (guint i = 0; i < file->hunks->len; i++)
        if (!apply_hunk(&image, file, i, error))
            return NULL;
    rest = start_of(&image, image.done);
    if (!add(&image, image.text + rest, image.len - rest)) {
        set_problem(error, file, "the file would be larger than what is reviewed");
        return NULL;
    }
    return g_string_free_to_bytes(g_steal_pointer(&out));
}

bool patch_may_add(const PatchFile *file) {
    return file->is_plain && file->kind == PATCH_MODIFY && file->hunks->len == 1 &&
           ((const PatchHunk *)file->hunks->pdata[0])->old_lines == 0;
}

GBytes *patch_apply(const PatchFile *file, GBytes *old, PatchBudget *budget, GError **error) {
    g_autoptr(GBytes) bytes = NULL;
    const char *why = NULL;

    if (file->binary != NULL) {
        bytes = patch_binary_apply(file->binary, old, &why);
        if (bytes == NULL)
            set_problem(error, file, why);
    } else {
        bytes = apply_text(file, old, budget, error);
    }
    if (bytes == NULL)
        return NULL;
    if (file->kind == PATCH_DELETE && g_bytes_get_size(bytes) > 0) {
        set_problem(error, file, "it deletes the file, but has not all that the file holds");
        return NULL;
    }
    if (g_bytes_get_size(bytes) > budget->bytes) {
        g_set_error(error, PATCH_ERROR, 0, "the patched files are larger than %u bytes in all",
                    CAP_PATCH_RESULT_BYTES);
        return NULL;
    }
    budget->bytes -= g_bytes_get_size(bytes);
    return g_steal_pointer(&bytes);
}
