#include "rules/clang/worker/pragmas.h"

#include <stdbool.h>
#include <string.h>

/* Blanks, and line ends behind a backslash. */
static gsize skip_blanks(const char *text, gsize at, gsize len) {
    for (;;) {
        if (at < len && strchr(" \t\v\f", text[at]) != NULL && text[at] != '\0')
            at++;
        else if (at + 1 < len && text[at] == '\\' && text[at + 1] == '\n')
            at += 2;
        else if (at + 2 < len && memcmp(text + at, "\\\r\n", 3) == 0)
            at += 3;
        else
            return at;
    }
}

static bool starts_with(const char *text, gsize at, gsize len, const char *word) {
    return at + strlen(word) <= len && memcmp(text + at, word, strlen(word)) == 0;
}

/* The word behind `clang` or `GCC`. */
static bool blank_behind(char *text, gsize at, gsize len) {
    static const char *const words[] = {"diagnostic", "system_header"};
    gsize word = skip_blanks(text, at, len);

    for (gsize i = 0; word > at && i < G_N_ELEMENTS(words); i++) {
        if (!starts_with(text, word, len, words[i]))
            continue;
        memset(text + word, 'x', strlen(words[i]));
        return true;
    }
    return false;
}

static bool blank_all(char *text, gsize len) {
    static const char *const owners[] = {"clang", "GCC"};
    bool any = false;

    for (gsize i = 0; i < G_N_ELEMENTS(owners); i++) {
        const char *found;

        for (gsize at = 0; (found = memmem(text + at, len - at, owners[i], strlen(owners[i]))) != NULL;) {
            at = (gsize)(found - text) + strlen(owners[i]);
            any = blank_behind(text, at, len) || any;
        }
    }
    return any;
}

char *pragmas_blanked(const char *path, gsize *ret_len) {
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, ret_len, NULL) || !blank_all(text, *ret_len))
        return NULL;
    return g_steal_pointer(&text);
}
