#include "review/imports.h"

#include "review/cursor.h"

#include <stdbool.h>
#include <string.h>

typedef struct {
    ImportFound found;
    gpointer data;
} Sink;

/* Python's grammar allows much around its two words, and nothing of it matters here. */

static bool is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (c & 0x80) != 0;
}

static bool skip_sign(Cursor *text, char sign) {
    if (text->at == text->end || *text->at != sign)
        return false;
    text->at++;
    return true;
}

static bool skip_word(Cursor *text, const char *word) {
    gsize len = strlen(word);

    if ((gsize)(text->end - text->at) < len || memcmp(text->at, word, len) != 0 ||
        (text->at + len < text->end && is_word(text->at[len])))
        return false;
    text->at += len;
    return true;
}

/* Lines and comments within parentheses. */
static void skip_lines(Cursor *text) {
    for (cursor_skip_space(text); text->at < text->end && strchr("\r\n#", *text->at) != NULL;
         cursor_skip_space(text)) {
        if (*text->at == '#')
            while (text->at < text->end && *text->at != '\n')
                text->at++;
        else
            text->at++;
    }
}

static bool is_at_import(const Cursor *text) {
    Cursor ahead = *text;

    return skip_word(&ahead, "import");
}

/* "a.b.c", for a relative one behind any number of dots; NULL where there is neither. */
static char *read_module(Cursor *text, bool relative) {
    const char *start = text->at;

    while (relative && skip_sign(text, '.'))
        continue;
    if (text->at < text->end && is_word(*text->at) && !g_ascii_isdigit(*text->at) &&
        !(text->at > start && is_at_import(text)))
        while (text->at < text->end &&
               (is_word(*text->at) || (*text->at == '.' && text->at + 1 < text->end && is_word(text->at[1]))))
            text->at++;
    return text->at > start ? g_strndup(start, (gsize)(text->at - start)) : NULL;
}

static void skip_alias(Cursor *text) {
    cursor_skip_space(text);
    if (!skip_word(text, "as"))
        return;
    cursor_skip_space(text);
    g_free(read_module(text, false));
    cursor_skip_space(text);
}

/* "a, b.c as d" behind "import". */
static void read_list(Cursor *text, const Sink *sink) {
    do {
        g_autofree char *module = NULL;

        cursor_skip_space(text);
        module = read_module(text, false);
        if (module == NULL)
            return;
        sink->found(module, NULL, sink->data);
        skip_alias(text);
    } while (skip_sign(text, ','));
}

/* "c, d as e", or the same within parentheses, behind "from a.b import". */
static void read_members(Cursor *text, const char *module, const Sink *sink) {
    bool within;

    cursor_skip_space(text);
    within = skip_sign(text, '(');
    do {
        g_autofree char *member = NULL;

        (within ? skip_lines : cursor_skip_space)(text);
        member = read_module(text, false);
        if (member == NULL)
            return;
        sink->found(module, member, sink->data);
        skip_alias(text);
        if (within)
            skip_lines(text);
    } while (skip_sign(text, ','));
}

/* "a.b import c" behind "from". */
static void read_from(Cursor *text, const Sink *sink) {
    g_autofree char *module = NULL;

    cursor_skip_space(text);
    module = read_module(text, true);
    if (module == NULL)
        return;
    sink->found(module, NULL, sink->data);
    cursor_skip_space(text);
    if (skip_word(text, "import"))
        read_members(text, module, sink);
}

/* The next place at which a word stands that may be an import. */
static bool find_word(Cursor *text, const char *start) {
    for (; text->at < text->end; text->at++)
        if ((*text->at == 'i' || *text->at == 'f') &&
            (text->at == start || (!is_word(text->at[-1]) && text->at[-1] != '.')))
            return true;
    return false;
}

void imports_find(const char *bytes, gsize len, ImportFound found, gpointer data) {
    Cursor text = {bytes, bytes + len};
    const Sink sink = {found, data};

    while (find_word(&text, bytes)) {
        if (skip_word(&text, "import"))
            read_list(&text, &sink);
        else if (skip_word(&text, "from"))
            read_from(&text, &sink);
        else
            text.at++;
    }
}
