/* A patch, line by line. Its grammar is what git-apply(1) reads: a part for each file, which begins with
 * "diff --git" and extended headers (git-diff(1), "Generating patch text with -p"), or with "---" and "+++"
 * alone, and then hunks or binary content. All else is text around it. */
#include "exec/text.h"
#include "review/patch/parser.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK(sallyport-patch-error, patch_error)

/* A part that is being read. The names are as the patch has them. */
typedef struct {
    PatchFile *file;
    char *header_old, *header_new; /* of "diff --git"; both or none */
    char *from, *to;               /* of "rename from" and the like */
    char *old_name, *new_name;     /* of "---" and "+++"; NULL: /dev/null, or none */
    bool has_names;
} Part;

static void hunk_free(gpointer data) {
    PatchHunk *hunk = data;

    g_string_free(hunk->old_text, TRUE);
    g_string_free(hunk->new_text, TRUE);
    g_free(hunk);
}

static void file_free(gpointer data) {
    PatchFile *file = data;

    g_free(file->old_path);
    g_free(file->new_path);
    g_free(file->old_id);
    g_free(file->new_id);
    g_ptr_array_unref(file->hunks);
    if (file->binary != NULL)
        g_byte_array_unref(file->binary->deflated);
    g_free(file->binary);
    g_free(file);
}

static void part_clear(Part *part) {
    g_free(part->header_old);
    g_free(part->header_new);
    g_free(part->from);
    g_free(part->to);
    g_free(part->old_name);
    g_free(part->new_name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, part_clear)

bool parser_fail(const Parser *parser, const char *format, ...) {
    g_autofree char *what = NULL;
    va_list args;

    va_start(args, format);
    what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(parser->error, PATCH_ERROR, 0, "line %u: %s", parser->line, what);
    return false;
}

/* Lines. */

static bool peek_after(const char *at, const char *end, Line *ret_line) {
    const char *newline = at < end ? memchr(at, '\n', (gsize)(end - at)) : NULL;

    *ret_line = (Line){at, (gsize)((newline != NULL ? newline : end) - at)};
    return at < end;
}

/* false at the end of the patch; the line is empty then. */
bool parser_peek(const Parser *parser, Line *ret_line) {
    return peek_after(parser->at, parser->end, ret_line);
}

void parser_skip(Parser *parser) {
    Line line;

    if (!parser_peek(parser, &line))
        return;
    parser->at = line.text + line.len + (line.text + line.len < parser->end ? 1 : 0);
    parser->line++;
}

bool line_starts(Line line, const char *word) {
    return line.len >= strlen(word) && memcmp(line.text, word, strlen(word)) == 0;
}

bool line_is(Line line, const char *word) {
    return line.len == strlen(word) && line_starts(line, word);
}

static char *name_after(Line line, const char *word) {
    return patch_name(line.text + strlen(word), line.len - strlen(word));
}

/* "--- a/x", "+++ b/x" and a hunk: only the three together are the part of a file. */
bool parser_at_plain_part(const Parser *parser) {
    Line lines[3];
    const char *at = parser->at;

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (!peek_after(at, parser->end, &lines[i]))
            return false;
        at = MIN(lines[i].text + lines[i].len + 1, parser->end);
    }
    return line_starts(lines[0], "--- ") && line_starts(lines[1], "+++ ") && line_starts(lines[2], "@@ -");
}

/* What mbox and git-format-patch(1) put before each mail. */
static bool is_mail(Line line) {
    return line_starts(line, "From ") && line.len > 5 + 40 && line.text[5 + 40] == ' ' &&
           strspn(line.text + 5, "0123456789abcdef") == 40;
}

/* What stands in such a mail is not yet what git-am(1) would apply. */
static bool is_encoded(Line line) {
    g_autofree char *text = g_ascii_strdown(line.text, (gssize)line.len);

    return g_str_has_prefix(text, "content-transfer-encoding:") &&
           (strstr(text, "quoted-printable") != NULL || strstr(text, "base64") != NULL);
}

/* Headers. */

static bool read_mode(Parser *parser, Line line, const char *word, guint32 *ret_mode) {
    static const guint32 modes[] = {0100644, 0100755, 0120000, 0160000};
    g_autofree char *text = g_strndup(line.text + strlen(word), line.len - strlen(word));
    char *end;
    guint64 mode = g_ascii_strtoull(text, &end, 8);

    if (mode == 0100664) /* of old repositories */
        mode = 0100644;
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        if (*end == '\0' && mode == modes[i]) {
            *ret_mode = modes[i];
            return true;
        }
    }
    g_autofree char *shown = text_line(text, -1, 40);
    return parser_fail(parser, "'%s' is no mode of a file", shown);
}

/* "index 1a2b..3c4d 100644", whose mode is only of files that keep theirs. */
static void read_index(Line line, PatchFile *file) {
    g_autofree char *text = g_strndup(line.text, line.len);
    g_auto(GStrv) ids = g_strsplit_set(text + strlen("index "), ". ", 4);

    if (g_strv_length(ids) >= 3) {
        g_free(file->old_id);
        g_free(file->new_id);
        file->old_id = g_strdup(ids[0]);
        file->new_id = g_strdup(ids[2]);
    }
}

static bool set_name(Parser *parser, Line line, const char *word, char **name) {
    g_free(*name);
    *name = name_after(line, word);
    return *name != NULL || parser_fail(parser, "a name is expected after \"%s\"", word);
}

typedef enum { HEADER_OTHER, HEADER_READ, HEADER_WRONG } Header;

static Header read_moved(Parser *parser, Part *part, Line line) {
    static const struct {
        const char *word;
        PatchKind kind;
        bool is_new;
    } words[] = {{"rename from ", PATCH_RENAME, false},
                 {"rename to ", PATCH_RENAME, true},
                 {"copy from ", PATCH_COPY, false},
                 {"copy to ", PATCH_COPY, true}};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!line_starts(line, words[i].word))
            continue;
        part->file->kind = words[i].kind;
        return set_name(parser, line, words[i].word, words[i].is_new ? &part->to : &part->from)
                   ? HEADER_READ
                   : HEADER_WRONG;
    }
    return HEADER_OTHER;
}

static Header read_header(Parser *parser, Part *part, Line line) {
    PatchFile *file = part->file;
    guint32 old_mode;

    if (line_starts(line, "new file mode ")) {
        file->kind = PATCH_ADD;
        return read_mode(parser, line, "new file mode ", &file->mode) ? HEADER_READ : HEADER_WRONG;
    }
    if (line_starts(line, "new mode "))
        return read_mode(parser, line, "new mode ", &file->mode) ? HEADER_READ : HEADER_WRONG;
    if (line_starts(line, "old mode "))
        return read_mode(parser, line, "old mode ", &old_mode) ? HEADER_READ : HEADER_WRONG;
    if (line_starts(line, "deleted file mode ")) {
        file->kind = PATCH_DELETE;
        return read_mode(parser, line, "deleted file mode ", &old_mode) ? HEADER_READ : HEADER_WRONG;
    }
    if (line_starts(line, "index ")) {
        read_index(line, file);
        return HEADER_READ;
    }
    if (line_starts(line, "similarity index ") || line_starts(line, "dissimilarity index "))
        return HEADER_READ;
    return read_moved(parser, part, line);
}

/* Whether a time follows the name and is that of 1970-01-01 00:00:00 UTC, which diff(1) gives, with -N, to a
 * file that is not there: "2026-11-24 13:10:59.821108047 +0000". */
static bool is_epoch(Line line) {
    const char *tab = memchr(line.text, '\t', line.len);
    g_autofree char *text = tab != NULL ? g_strndup(tab + 1, (gsize)(line.text + line.len - tab - 1)) : NULL;
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", " ", -1);
    g_autofree char *iso =
        g_strv_length(parts) == 3 ? g_strdup_printf("%sT%s%s", parts[0], parts[1], parts[2]) : NULL;
    g_autoptr(GDateTime) time = iso != NULL ? g_date_time_new_from_iso8601(iso, NULL) : NULL;

    return time != NULL && g_date_time_to_unix(time) == 0 && g_date_time_get_microsecond(time) == 0;
}

/* Names of a side: "/dev/null" is none. */
static bool read_side(Parser *parser, const char *word, char **name, bool *ret_epoch) {
    Line line;

    if (!parser_peek(parser, &line) || !line_starts(line, word))
        return parser_fail(parser, "\"%s\" and a name are expected", word);
    if (line.len > 0 && line.text[line.len - 1] == '\r')
        return parser_fail(parser,
                           "its own lines end with CR LF: something on the way has changed it (git diff and "
                           "git format-patch do not write it so)");
    if (!set_name(parser, line, word, name))
        return false;
    *ret_epoch = is_epoch(line);
    if (strcmp(*name, "/dev/null") == 0)
        g_clear_pointer(name, g_free);
    parser_skip(parser);
    return true;
}

/* Of a part without git's headers, in front of its first hunk. */
static PatchKind kind_by_times(const Parser *parser, bool epoch_old, bool epoch_new) {
    Line hunk;

    parser_peek(parser, &hunk);
    if (epoch_old && !epoch_new && line_starts(hunk, "@@ -0,0 "))
        return PATCH_ADD;
    if (epoch_new && !epoch_old && memmem(hunk.text, hunk.len, " +0,0 @@", 8) != NULL)
        return PATCH_DELETE;
    return PATCH_MODIFY;
}

static bool read_sides(Parser *parser, Part *part) {
    PatchFile *file = part->file;
    bool epoch_old = false, epoch_new = false;

    part->has_names = true;
    if (!read_side(parser, "--- ", &part->old_name, &epoch_old) ||
        !read_side(parser, "+++ ", &part->new_name, &epoch_new))
        return false;
    if (part->old_name == NULL && part->new_name == NULL)
        return parser_fail(parser, "both sides are /dev/null");
    if (file->kind == PATCH_MODIFY && part->old_name == NULL)
        file->kind = PATCH_ADD;
    else if (file->kind == PATCH_MODIFY && part->new_name == NULL)
        file->kind = PATCH_DELETE;
    if ((part->old_name == NULL) != (file->kind == PATCH_ADD) ||
        (part->new_name == NULL) != (file->kind == PATCH_DELETE))
        return parser_fail(parser, "its headers and its names contradict each other");
    if (file->is_plain && file->kind == PATCH_MODIFY)
        file->kind = kind_by_times(parser, epoch_old, epoch_new);
    return parser_read_hunks(parser, file);
}

/* Paths. */

static bool is_clean(const char *path) {
    for (const char *name = path;; name++) {
        gsize len = strcspn(name, "/");

        if (len == 0 || (len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.') ||
            (len == 4 && g_ascii_strncasecmp(name, ".git", 4) == 0))
            return false;
        name += len;
        if (*name == '\0')
            return strlen(path) < PATH_MAX;
    }
}

static bool set_path(Parser *parser, const char *path, char **ret_path) {
    g_autofree char *shown = text_path(path);

    if (!is_clean(path))
        return parser_fail(
            parser,
            "the path %s leaves the repository: it is absolute, or has a part that is empty, '.', "
            "'..' or '.git'",
            shown);
    *ret_path = g_strdup(path);
    return true;
}

/* Whether a name of "---" or "+++" is that of `path`, with or without a folder for the side. */
static bool agrees(const char *name, const char *path) {
    return name == NULL || g_strcmp0(name, path) == 0 || g_strcmp0(patch_behind_folder(name), path) == 0;
}

/* The one name of a file that is not moved. */
static char *own_name(const Part *part) {
    return part->header_old != NULL ? patch_plain_name(part->header_old, part->header_new)
                                    : patch_plain_name(part->old_name, part->new_name);
}

static bool set_paths(Parser *parser, Part *part) {
    PatchFile *file = part->file;
    bool moved = file->kind == PATCH_RENAME || file->kind == PATCH_COPY;
    g_autofree char *name = moved ? NULL : own_name(part);
    const char *old_path = moved ? part->from : name, *new_path = moved ? part->to : name;

    if (old_path == NULL || new_path == NULL)
        return parser_fail(parser, "one cannot tell which file it is of%s",
                           moved ? ": \"from\" and \"to\" go together" : "");
    if (part->has_names && (!agrees(part->old_name, old_path) || !agrees(part->new_name, new_path)))
        return parser_fail(parser, "its headers and its names contradict each other");
    return (file->kind == PATCH_ADD || set_path(parser, old_path, &file->old_path)) &&
           (file->kind == PATCH_DELETE || set_path(parser, new_path, &file->new_path));
}

/* What is wrong with the paths is of the part as a whole, which is behind us. */
static bool finish_part(Parser *parser, Part *part) {
    guint line = parser->line;
    bool good;

    parser->line = part->file->line;
    good = set_paths(parser, part);
    parser->line = line;
    return good;
}

/* Parts. */

static PatchFile *add_file(Parser *parser) {
    PatchFile *file = g_new0(PatchFile, 1);

    file->hunks = g_ptr_array_new_with_free_func(hunk_free);
    file->line = parser->line;
    file->starts_mail = parser->mail;
    parser->mail = false;
    g_ptr_array_add(parser->files, file);
    return file;
}

/* Behind the headers. */
static bool read_content(Parser *parser, Part *part) {
    Line line;

    parser_peek(parser, &line);
    if (line_starts(line, "--- "))
        return read_sides(parser, part);
    if (line_is(line, "GIT binary patch"))
        return parser_read_binary(parser, part->file);
    if (line_starts(line, "Binary files "))
        return parser_fail(
            parser, "a binary file without its content; make the patch with: git diff --binary, or git "
                    "format-patch");
    if (line_starts(line, "@@"))
        return parser_fail(parser, "a hunk without \"---\" and \"+++\" before it");
    if (part->file->kind == PATCH_MODIFY && part->file->mode == 0)
        return parser_fail(parser, "a file of which nothing changes");
    return true;
}

static bool read_git_part(Parser *parser, Line line) {
    g_auto(Part) part = {.file = add_file(parser)};
    Header header = HEADER_READ;

    if (line.text[line.len - 1] == '\r')
        line.len--; /* what follows says what is wrong with that */
    (void)patch_split_names(line.text + strlen("diff --git "), line.len - strlen("diff --git "),
                            &part.header_old, &part.header_new);
    while (header == HEADER_READ) {
        parser_skip(parser);
        header = parser_peek(parser, &line) ? read_header(parser, &part, line) : HEADER_OTHER;
    }
    return header == HEADER_OTHER && read_content(parser, &part) && finish_part(parser, &part);
}

static bool read_plain_part(Parser *parser) {
    g_auto(Part) part = {.file = add_file(parser)};

    part.file->is_plain = true;
    return read_sides(parser, &part) && finish_part(parser, &part);
}

static bool read_part(Parser *parser) {
    Line line;

    parser_peek(parser, &line);
    if (parser->files->len >= CAP_CHANGED_FILES)
        return parser_fail(parser, "the patch has more than %u files", CAP_CHANGED_FILES);
    if (line_starts(line, "diff --git "))
        return read_git_part(parser, line);
    if (parser_at_plain_part(parser))
        return read_plain_part(parser);
    if (line_starts(line, "diff --cc ") || line_starts(line, "diff --combined "))
        return parser_fail(
            parser, "the combined diff of a merge cannot be applied; make one against a single parent");
    if (line_starts(line, "@@ -"))
        return parser_fail(parser, "a hunk without a file: \"---\" and \"+++\" are expected before it");
    if (line_starts(line, "Binary files ") && line.len > 7 &&
        memcmp(line.text + line.len - 7, " differ", 7) == 0)
        return parser_fail(parser,
                           "a binary file without its content; make the patch with: git diff --binary");
    if (line.len > 0 && g_ascii_tolower(line.text[0]) == 'c' && is_encoded(line))
        return parser_fail(parser,
                           "the mail is encoded; take the patch out of it with: git mailinfo (or git am)");
    parser->mail = parser->mail || is_mail(line);
    parser_skip(parser);
    return true;
}

GPtrArray *patch_parse(const char *text, gsize len, GError **error) {
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
    Parser parser = {.at = text, .end = text + len, .line = 1, .files = files, .error = error};

    if (len > CAP_PATCH_BYTES) {
        g_set_error(error, PATCH_ERROR, 0, "the patch is larger than %u bytes", CAP_PATCH_BYTES);
        return NULL;
    }
    while (parser.at < parser.end)
        if (!read_part(&parser))
            return NULL;
    if (files->len == 0) {
        g_set_error(error, PATCH_ERROR, 0, "%s",
                    len == 0 ? "the patch is empty" : "there is no patch in it (as git diff writes one)");
        return NULL;
    }
    return g_steal_pointer(&files);
}
