/* What a file's part of a patch holds behind its headers: hunks, or binary content. */
#include "review/patch/parser.h"

#include <limits.h>
#include <string.h>

typedef struct {
    Parser *parser;
    PatchHunk *hunk;
    guint number, old_left, new_left;
    bool changes; /* a line that is not context was met */
} HunkReader;

static bool read_number(const char **at, const char *end, guint *ret_number) {
    guint64 number = 0;
    const char *start = *at;

    for (; *at < end && g_ascii_isdigit(**at); (*at)++) {
        number = number * 10 + (guint64)(**at - '0');
        if (number > INT_MAX)
            return false;
    }
    *ret_number = (guint)number;
    return *at > start;
}

static bool read_word(const char **at, const char *end, const char *word) {
    if ((gsize)(end - *at) < strlen(word) || memcmp(*at, word, strlen(word)) != 0)
        return false;
    *at += strlen(word);
    return true;
}

/* Hunks. */

/* "12,3", or "12" for "12,1". */
static bool read_range(const char **at, const char *end, guint *ret_start, guint *ret_lines) {
    *ret_lines = 1;
    return read_number(at, end, ret_start) && (!read_word(at, end, ",") || read_number(at, end, ret_lines)) &&
           *ret_start <= INT_MAX - *ret_lines;
}

static bool read_hunk_header(Line line, PatchHunk *hunk) {
    const char *at = line.text, *end = at + line.len;

    return read_word(&at, end, "@@ -") && read_range(&at, end, &hunk->old_start, &hunk->old_lines) &&
           read_word(&at, end, " +") && read_range(&at, end, &hunk->new_start, &hunk->new_lines) &&
           read_word(&at, end, " @@") && (hunk->old_start > 0 || hunk->old_lines == 0) &&
           (hunk->new_start > 0 || hunk->new_lines == 0);
}

static void add_line(GString *text, Line line) {
    if (line.len > 0)
        g_string_append_len(text, line.text + 1, (gssize)line.len - 1);
    g_string_append_c(text, '\n');
}

/* "\ No newline at end of file", in whatever language: it is of the line before it. */
static void read_no_newline(const HunkReader *reader, char kind) {
    PatchHunk *hunk = reader->hunk;
    Line line;

    if (!parser_peek(reader->parser, &line) || !line_starts(line, "\\ "))
        return;
    parser_skip(reader->parser);
    if (kind != '+')
        g_string_truncate(hunk->old_text, hunk->old_text->len - 1);
    if (kind != '-')
        g_string_truncate(hunk->new_text, hunk->new_text->len - 1);
}

static void count_context(HunkReader *reader, bool is_context) {
    reader->changes = reader->changes || !is_context;
    reader->hunk->leading += !reader->changes;
    reader->hunk->trailing = is_context ? reader->hunk->trailing + 1 : 0;
}

static bool has_ended(const GString *text) {
    return text->len > 0 && text->str[text->len - 1] != '\n';
}

/* Some programs leave the space away from an empty line of context. */
static bool read_hunk_line(HunkReader *reader) {
    PatchHunk *hunk = reader->hunk;
    Line line;
    bool there = parser_peek(reader->parser, &line);
    char kind = there && line.len > 0 ? line.text[0] : ' ';
    bool is_old = kind == ' ' || kind == '-', is_new = kind == ' ' || kind == '+';

    if (!there || (!is_old && !is_new))
        return parser_fail(reader->parser, "hunk %u has fewer lines than its header says", reader->number);
    if ((is_old && reader->old_left == 0) || (is_new && reader->new_left == 0))
        return parser_fail(reader->parser, "hunk %u has other lines than its header says", reader->number);
    if ((is_old && has_ended(hunk->old_text)) || (is_new && has_ended(hunk->new_text)))
        return parser_fail(reader->parser, "hunk %u goes on behind the end of the file", reader->number);
    if (is_old)
        add_line(hunk->old_text, line);
    if (is_new)
        add_line(hunk->new_text, line);
    reader->old_left -= is_old;
    reader->new_left -= is_new;
    count_context(reader, kind == ' ');
    parser_skip(reader->parser);
    read_no_newline(reader, kind);
    return true;
}

static bool read_hunk(Parser *parser, PatchFile *file) {
    PatchHunk *hunk = g_new0(PatchHunk, 1);
    HunkReader reader = {.parser = parser, .hunk = hunk, .number = file->hunks->len + 1};
    Line line;

    hunk->old_text = g_string_new(NULL);
    hunk->new_text = g_string_new(NULL);
    g_ptr_array_add(file->hunks, hunk);
    if (!parser_peek(parser, &line) || !read_hunk_header(line, hunk))
        return parser_fail(parser, "hunk %u has no header like \"@@ -1,2 +1,3 @@\"", reader.number);
    parser_skip(parser);
    reader.old_left = hunk->old_lines;
    reader.new_left = hunk->new_lines;
    while (reader.old_left > 0 || reader.new_left > 0)
        if (!read_hunk_line(&reader))
            return false;
    return true;
}

static bool is_of_hunk(Line line) {
    return line.len > 0 && line.text[0] != '\0' && strchr("+- \\", line.text[0]) != NULL;
}

/* What follows the last hunk must not be more of it: that would be passed over. A mail ends with "-- ". */
bool parser_read_hunks(Parser *parser, PatchFile *file) {
    Line line;

    while (parser_peek(parser, &line) && line_starts(line, "@@"))
        if (!read_hunk(parser, file))
            return false;
    if (file->hunks->len == 0)
        return parser_fail(parser, "a file without hunks");
    if (is_of_hunk(line) && !line_is(line, "-- ") && !line_is(line, "--") && !parser_at_plain_part(parser))
        return parser_fail(parser, "hunk %u has more lines than its header says", file->hunks->len);
    return true;
}

/* Binary content. */

static void binary_free(PatchBinary *binary) {
    if (binary != NULL)
        g_byte_array_unref(binary->deflated);
    g_free(binary);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PatchBinary, binary_free)

static bool read_binary_header(Line line, PatchBinary *binary) {
    const char *at = line.text, *end = at + line.len;
    guint size = 0;

    binary->is_delta = read_word(&at, end, "delta ");
    if ((!binary->is_delta && !read_word(&at, end, "literal ")) || !read_number(&at, end, &size))
        return false;
    binary->size = size;
    return at == end;
}

static bool read_binary_side(Parser *parser, PatchBinary **ret_binary) {
    PatchBinary *binary = *ret_binary = g_new0(PatchBinary, 1);
    Line line;

    binary->deflated = g_byte_array_new();
    if (!parser_peek(parser, &line) || !read_binary_header(line, binary))
        return parser_fail(parser, "binary content begins with \"literal\" or \"delta\", and a size");
    if (binary->size > CAP_FILE_BYTES)
        return parser_fail(parser, "binary content of more than %u bytes", CAP_FILE_BYTES);
    parser_skip(parser);
    while (parser_peek(parser, &line) && line.len > 0) {
        if (!patch_base85_decode(line.text, line.len, binary->deflated))
            return parser_fail(parser, "this is no line of binary content");
        parser_skip(parser);
    }
    if (line.text == parser->end)
        return parser_fail(parser, "binary content ends with an empty line, which is not there");
    parser_skip(parser);
    return true;
}

/* The new content, and perhaps the old one, which is for going back. */
bool parser_read_binary(Parser *parser, PatchFile *file) {
    g_autoptr(PatchBinary) back = NULL;
    Line line;

    parser_skip(parser);
    if (!read_binary_side(parser, &file->binary))
        return false;
    return !parser_peek(parser, &line) || (!line_starts(line, "literal ") && !line_starts(line, "delta ")) ||
           read_binary_side(parser, &back);
}
