#include "rules/hygiene_look.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>
#include <sys/stat.h>

enum { HEAD_BYTES = 4096, HEAD_LINES = 20 };

#define MODE_SUBMODULE 0160000u
#define EXECUTABLE 0100755u
#define PLAIN 0100644u

const char *look_bytes(Look *look, gsize *ret_len) {
    const HygieneTree *tree = look->hygiene->tree;
    const char *bytes;

    /* A binary file of any size is skipped, and not undecided: size_over is there for those. */
    if (look->file->binary && look->file->size > CAP_FILE_BYTES)
        return NULL;
    if (look->bytes == NULL && look->error == NULL && S_ISREG(look->file->mode))
        look->bytes = look->file->bytes != NULL ? g_bytes_ref(look->file->bytes)
                                                : tree->read(look->file->path, tree->data, &look->error);
    if (look->bytes == NULL)
        return NULL;
    bytes = g_bytes_get_data(look->bytes, ret_len);
    return bytes != NULL ? bytes : "";
}

static bool holds_status(Look *look, const ChangeCondition *condition) {
    for (guint i = 0; change_status_words[i] != NULL; i++)
        if (strcmp(change_status_words[i], look->file->status) == 0)
            return (condition->number & 1u << i) != 0;
    return false;
}

static bool holds_files(Look *look, const ChangeCondition *condition) {
    return match_path(condition->files, look->file->path);
}

static bool holds_size_over(Look *look, const ChangeCondition *condition) {
    if (!S_ISREG(look->file->mode) || look->file->size <= condition->number)
        return false;
    g_string_append_printf(look->detail, "%.1f MiB", (double)look->file->size / (1u << 20));
    return true;
}

static bool holds_mode(Look *look, const ChangeCondition *condition) {
    guint32 mode = look->file->mode, old = look->file->old_mode;

    switch (condition->number) {
    case MODE_EXECUTABLE:
        return mode == EXECUTABLE;
    case MODE_GAINED:
        return mode == EXECUTABLE && old == PLAIN;
    default:
        return mode == PLAIN && old == EXECUTABLE;
    }
}

static bool holds_binary(Look *look, const ChangeCondition *condition) {
    return S_ISREG(look->file->mode) && look->file->binary == (condition->number != 0);
}

static bool holds_hidden(Look *look, const ChangeCondition *condition) {
    const HygieneFile *file = look->file;

    if (!S_ISREG(file->mode) || (file->has_nul || file->pointer) != (condition->number != 0))
        return false;
    if (file->pointer)
        g_string_append(look->detail, "it is a git-lfs pointer, whose content is not here");
    else if (file->has_nul)
        g_string_append(look->detail, "a NUL byte makes it binary to git");
    return true;
}

static bool holds_submodule(Look *look, const ChangeCondition *condition) {
    bool is = look->file->mode == MODE_SUBMODULE, was = look->file->old_mode == MODE_SUBMODULE;

    if ((is || was) != (condition->number != 0))
        return false;
    if (is || was)
        g_string_append(look->detail, !was  ? "it is new"
                                      : !is ? "it is taken away"
                                            : "it is at another commit");
    return true;
}

static bool holds_path(Look *look, const ChangeCondition *condition) {
    return look_path(look, condition->number);
}

static bool holds_conflict(Look *look, const ChangeCondition *condition) {
    return look_conflict(look) == (condition->number != 0) && look->error == NULL;
}

static bool holds_link(Look *look, const ChangeCondition *condition) {
    (void)condition;
    return look_link_outside(look);
}

static bool holds_interpreter(Look *look, const ChangeCondition *condition) {
    gsize len;
    const char *bytes = look_bytes(look, &len);

    return bytes != NULL && (len >= 2 && memcmp(bytes, "#!", 2) == 0) == (condition->number != 0);
}

/* The first bytes of each of change_format_words. */
static bool is_format(const guint8 *bytes, gsize len, guint format) {
    static const guint8 mach[][4] = {{0xfe, 0xed, 0xfa, 0xce},
                                     {0xfe, 0xed, 0xfa, 0xcf},
                                     {0xce, 0xfa, 0xed, 0xfe},
                                     {0xcf, 0xfa, 0xed, 0xfe}};
    bool is_mach = false;

    if (len < 8)
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(mach); i++)
        is_mach = is_mach || memcmp(bytes, mach[i], sizeof mach[i]) == 0;
    switch (format) {
    case 0:
        return memcmp(bytes,
                      "\x7f"
                      "ELF",
                      4) == 0;
    case 1: /* the stub for DOS, and behind it the offset of the header, which is small */
        return len >= 64 && memcmp(bytes, "MZ", 2) == 0 && bytes[62] == 0 && bytes[63] == 0;
    case 2: /* or, of several machines, with a count that a Java class never has */
        return is_mach || (memcmp(bytes, "\xca\xfe\xba\xbe", 4) == 0 && bytes[6] == 0 && bytes[7] < 30);
    case 3:
        return memcmp(bytes, "\xca\xfe\xba\xbe", 4) == 0 && bytes[7] >= 30;
    case 4:
        return memcmp(bytes, "\0asm", 4) == 0;
    default: /* a number, \r\n, and flags: Python's importlib, MAGIC_NUMBER */
        return memcmp(bytes + 2, "\r\n", 2) == 0 && bytes[1] >= 0x0c && bytes[1] <= 0x0f && bytes[5] == 0 &&
               bytes[6] == 0 && bytes[7] == 0;
    }
}

static bool holds_format(Look *look, const ChangeCondition *condition) {
    gsize len;
    const char *bytes = look_bytes(look, &len);

    for (guint i = 0; bytes != NULL && change_format_words[i] != NULL; i++)
        if ((condition->number & 1u << i) != 0 && is_format((const guint8 *)bytes, len, i)) {
            g_string_append(look->detail, change_format_words[i]);
            return true;
        }
    return false;
}

static gsize head_length(const char *bytes, gsize len) {
    gsize at = 0;

    len = MIN(len, HEAD_BYTES);
    for (guint line = 0; line < HEAD_LINES && at < len; line++) {
        const char *newline = memchr(bytes + at, '\n', len - at);

        at = newline != NULL ? (gsize)(newline - bytes) + 1 : len;
    }
    return at;
}

static bool holds_head(Look *look, const ChangeCondition *condition) {
    gsize len;
    const char *bytes = look->file->binary ? NULL : look_bytes(look, &len);
    g_autofree char *head = bytes != NULL ? g_utf8_make_valid(bytes, (gssize)head_length(bytes, len)) : NULL;
    pcre2_match_context *context;
    pcre2_match_data *match;
    int rc;

    if (head == NULL)
        return false;
    context = pcre2_match_context_create(NULL);
    match = pcre2_match_data_create(1, NULL);
    pcre2_set_match_limit(context, CAP_REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(context, CAP_REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(context, CAP_REGEX_HEAP_KIB);
    rc = pcre2_match(condition->pattern, (PCRE2_SPTR)head, strlen(head), 0, PCRE2_NO_UTF_CHECK, match,
                     context);
    pcre2_match_data_free(match);
    pcre2_match_context_free(context);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
        g_set_error(&look->error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "its pattern hit the match limit");
    return rc >= 0;
}

static guint line_of(const char *bytes, const char *at) {
    guint line = 1;

    for (const char *p = bytes; p < at; p++)
        line += *p == '\n';
    return line;
}

/* A comment in the first two lines says so, as PEP 263 has it, and editors. */
static bool says_encoding(const char *bytes, gsize len) {
    const char *end = memchr(bytes, '\n', len);
    g_autofree char *head = NULL;

    if (end != NULL)
        end = memchr(end + 1, '\n', len - (gsize)(end + 1 - bytes));
    head = g_strndup(bytes, MIN(end != NULL ? (gsize)(end - bytes) : len, HEAD_BYTES));
    return strstr(head, "coding:") != NULL || strstr(head, "coding=") != NULL;
}

static bool holds_encoding(Look *look, const ChangeCondition *condition) {
    gsize len;
    const char *bytes = look->file->binary ? NULL : look_bytes(look, &len), *end = NULL;

    (void)condition;
    if (bytes == NULL || g_utf8_validate_len(bytes, len, &end) || *end == '\0' || says_encoding(bytes, len))
        return false;
    look->line = line_of(bytes, end);
    g_string_append_printf(look->detail, "the byte 0x%02x does not belong there", (guint)(guint8)*end);
    return true;
}

static bool holds_line_ends(Look *look, const ChangeCondition *condition) {
    gsize len = 0;
    const char *bytes = look->file->binary ? NULL : look_bytes(look, &len);
    const char *first_crlf = NULL, *first_lf = NULL;
    guint crlf = 0, lf = 0;

    (void)condition;
    if (bytes == NULL)
        return false;
    for (const char *p = bytes; (p = memchr(p, '\n', len - (gsize)(p - bytes))) != NULL; p++) {
        bool is_crlf = p > bytes && p[-1] == '\r';
        const char **first = is_crlf ? &first_crlf : &first_lf;

        crlf += is_crlf;
        lf += !is_crlf;
        *first = *first != NULL ? *first : p;
    }
    if (crlf == 0 || lf == 0)
        return false;
    look->line = line_of(bytes, crlf < lf ? first_crlf : first_lf); /* the first of the fewer */
    g_string_append_printf(look->detail, "%u end with \\r\\n, %u with \\n", crlf, lf);
    return true;
}

/* By ChangeKind. Those of the change as a whole are hygiene_finish()'s. */
static bool (*const kinds[])(Look *look, const ChangeCondition *condition) = {
    [CHANGE_STATUS] = holds_status,       [CHANGE_FILES] = holds_files,
    [CHANGE_SIZE_OVER] = holds_size_over, [CHANGE_MODE] = holds_mode,
    [CHANGE_BINARY] = holds_binary,       [CHANGE_HIDDEN] = holds_hidden,
    [CHANGE_SUBMODULE] = holds_submodule, [CHANGE_PATH] = holds_path,
    [CHANGE_PARTNER] = look_partner,      [CHANGE_CONFLICT] = holds_conflict,
    [CHANGE_LINK] = holds_link,           [CHANGE_INTERPRETER] = holds_interpreter,
    [CHANGE_FORMAT] = holds_format,       [CHANGE_HEAD] = holds_head,
    [CHANGE_ENCODING] = holds_encoding,   [CHANGE_LINE_ENDS] = holds_line_ends,
};

bool look_holds(Look *look, const ChangeCondition *condition) {
    return condition->kind < G_N_ELEMENTS(kinds) && kinds[condition->kind](look, condition);
}
