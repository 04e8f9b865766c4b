#include "rules/syntax_walk.h"

#include <string.h>

bool walk_is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool walk_is_word(char c) {
    return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

char walk_at(const Walk *walk, gsize pos) {
    return pos < walk->end ? walk->text[pos] : '\0';
}

bool walk_has(const Walk *walk, gsize pos, const char *word) {
    gsize len = strlen(word);

    return pos <= walk->end && walk->end - pos >= len && memcmp(walk->text + pos, word, len) == 0;
}

void walk_take_to(Walk *walk, gsize to, guint8 place) {
    to = MIN(to, walk->end);
    memset(walk->places + walk->pos, place, to - walk->pos);
    for (gsize i = walk->pos; i < to; i++)
        if (walk->text[i] == '\n')
            walk->line = i + 1;
    walk->pos = to;
}

gsize walk_line_end(const Walk *walk, gsize pos) {
    const char *newline = pos < walk->end ? memchr(walk->text + pos, '\n', walk->end - pos) : NULL;

    return newline != NULL ? (gsize)(newline - walk->text) : walk->end;
}

gsize walk_find_behind(const Walk *walk, gsize pos, const char *word, bool *ret_found) {
    const char *found =
        pos < walk->end ? memmem(walk->text + pos, walk->end - pos, word, strlen(word)) : NULL;

    *ret_found = found != NULL;
    return found != NULL ? (gsize)(found - walk->text) + strlen(word) : walk->end;
}

char walk_last_code(const Walk *walk) {
    for (gsize i = walk->pos; i > walk->line; i--)
        if (!walk_is_blank(walk->text[i - 1]))
            return walk->text[i - 1];
    return '\0';
}

bool walk_at_word_start(const Walk *walk) {
    char before = walk->pos > walk->line ? walk->text[walk->pos - 1] : '\n';

    return before == '\0' || strchr(" \t\r\n;&|()`", before) != NULL;
}
